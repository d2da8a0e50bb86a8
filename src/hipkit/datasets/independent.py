"""Independent judges of the national identity numbers: two validators that others wrote and keep.

* navikt's fnrvalidator (npm), run by Node over standard input: must call every number a synthetic one;
* python-stdnum: its control digits must agree, and its `is_valid` must reject every number, for the date and not for
  the control digits.

What navikt's validator answers depends on the number only: `tnr` for a synthetic birth number, `dnr-and-tnr` for a
synthetic D-number (its README writes such combined names in another way than its code). It accepts control digits of
the 2032 rule too; python-stdnum knows the present rule only, so the two together prove the present rule.
"""

import json
import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from stdnum.exceptions import InvalidComponent, ValidationError
from stdnum.no import fodselsnummer

from hipkit.errors import KitError
from hipkit.paths import ROOT

NODE_FOLDER = ROOT / "tests" / "node"
# The verdict that each kind of number must get from navikt's validator.
EXPECTED = {"fnr": "tnr", "dnr": "dnr-and-tnr"}
AGREES = "control digits agree, date rejected"


def prepare_node(folder: Path = NODE_FOLDER) -> None:
    """Install the Node packages of the lock file into `folder`, once.

    Who calls while another process installs waits for it. Raises KitError when Node or npm is missing, or npm cannot
    install.
    """
    missing = [tool for tool in ("node", "npm") if shutil.which(tool) is None]
    if missing:
        raise KitError(
            f"{' and '.join(missing)} is not installed, so the data's independent judges cannot run. "
            "Install Node 18 or newer (Debian and Ubuntu: apt install nodejs npm) and run the same command again."
        )
    installed, wanted = folder / "node_modules" / ".package-lock.json", folder / "package-lock.json"
    with _alone(wanted):
        # npm writes this file last: older than the lock file means another, or half an, installation.
        if installed.exists() and installed.stat().st_mtime >= wanted.stat().st_mtime:
            return
        # npm finds its registry itself: the lock file holds hashes and no addresses.
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode:
            raise KitError(f"npm could not install the packages of {wanted}: {done.stderr.strip()[-500:]}")


@contextmanager
def _alone(file: Path) -> Iterator[None]:
    """No other process is in such a block for the same file; the system ends it with the process."""
    with file.open() as held:
        if os.name == "posix":
            import fcntl

            fcntl.flock(held, fcntl.LOCK_EX)
        yield


def navikt_verdicts(numbers: Iterable[str], folder: Path = NODE_FOLDER) -> Counter:
    """Count navikt's verdicts on `numbers`: the type for a valid number, else "invalid: " and the reasons.

    One Node process reads all numbers. Raises KitError when Node stops with an error.
    """
    prepare_node(folder)
    environment = {**os.environ, "NODE_NO_WARNINGS": "1"}
    done = subprocess.run(
        ["node", "judge.mjs"],
        cwd=folder,
        input="\n".join(numbers),
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    if done.returncode:
        raise KitError(f"navikt's validator stopped: {done.stderr.strip()[-500:]}")
    return Counter(json.loads(done.stdout))


def stdnum_verdicts(numbers: Iterable[str]) -> Counter:
    """Count python-stdnum's verdicts on `numbers`. AGREES is the only good one."""
    return Counter(map(_stdnum_verdict, numbers))


def _stdnum_verdict(number: str) -> str:
    if fodselsnummer.calc_check_digit1(number) != number[9] or fodselsnummer.calc_check_digit2(number) != number[10]:
        return "control digits disagree"
    try:
        fodselsnummer.validate(number)
    except InvalidComponent:
        return AGREES
    except ValidationError as error:
        return f"rejected for another reason: {type(error).__name__}"
    return "accepted as a real number"
