"""How fast a class is graded: `hipkit grade run` against plain nbgrader, on the same submissions, in one run.

Prints a table and writes `benchmarks/grading.json`, which the book shows. Timed on the machine at hand; nothing here is
a test. CPU seconds and memory are those of all processes, also of those that nobody waits for, so they are read from a
cgroup, which takes root; elsewhere they are not known.

    python benchmarks/grading.py                    200 submissions by both, 500 by hipkit; about twenty-five minutes
    python benchmarks/grading.py --submissions 20 --more 40     a quick look
"""

import argparse
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import nbformat
import psutil
from nbgrader.utils import is_solution
from rich.console import Console
from rich.table import Table

from hipkit.grading.cells import run_cells
from hipkit.grading.demo import MARK
from hipkit.grading.mutants import read_mutants
from hipkit.grading.release import generate, source_notebook

HERE = Path(__file__).parent
SLUG = "differential-privacy"
GOALS = {"wall": 10, "CPU": 5, "feedback": 3, "GB": 2}
LOOK_SECONDS = 1  # looking costs: the system counts the pages of every process
# nbgrader as it comes, in the course's own folder; the time for a cell is the course's.
PLAIN = "c = get_config()\nc.CourseDirectory.course_id = 'hip'\nc.Execute.timeout = 40\n"
OURS = """\
import sys
from pathlib import Path
from hipkit.grading.batch import run
print(run(sys.argv[1], Path(sys.argv[2])))
"""
CPU_GROUPS = (Path("/sys/fs/cgroup/cpuacct"), Path("/sys/fs/cgroup"))


def hand_in(root: Path, submissions: int) -> None:
    """A course with this many submissions: a third of them right, the others wrong in the known ways."""
    source = source_notebook(SLUG)
    shutil.copytree(source.parent, root / "source" / SLUG)
    released = nbformat.read(generate(SLUG, root), as_version=4)
    right = {
        cell.metadata.nbgrader.grade_id: MARK.sub("", cell.source)
        for cell in nbformat.read(source, as_version=4).cells
        if is_solution(cell)
    }
    wrong = read_mutants(SLUG)
    for number in range(submissions):
        answers = right if number % 3 == 0 else right | wrong[number % len(wrong)].cells
        for cell in released.cells:
            if is_solution(cell):
                cell.source = answers.get(cell.metadata.nbgrader.grade_id, cell.source)
        folder = root / "submitted" / f"student{number:05}" / SLUG
        folder.mkdir(parents=True)
        nbformat.write(released, folder / f"{SLUG}.ipynb")
    (root / "nbgrader_config.py").write_text(PLAIN)


@contextlib.contextmanager
def cpu_group() -> Iterator[Path | None]:
    """A cgroup that counts CPU time; None where none can be made."""
    for above in CPU_GROUPS:
        usage = "cpuacct.usage" if above.name == "cpuacct" else "cpu.stat"
        group = above / f"hipkit-{os.getpid()}"
        try:
            group.mkdir()
        except OSError:
            continue
        if (group / usage).exists():
            try:
                yield group
            finally:
                group.rmdir()
            return
        group.rmdir()
    yield None


def used(group: Path) -> float:
    """CPU seconds of all that has run in a cgroup."""
    if (version1 := group / "cpuacct.usage").exists():
        return int(version1.read_text()) / 1e9
    return int((group / "cpu.stat").read_text().split()[1]) / 1e6


def timed(command: list[str], folder: Path, group: Path | None) -> dict[str, float]:
    """Wall seconds, CPU seconds and the most memory (PSS, GB) of a command and all that it starts."""

    def join() -> None:
        if group is not None:
            (group / "cgroup.procs").write_text(str(os.getpid()))

    before, start, most = used(group) if group else 0.0, time.perf_counter(), 0.0
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, cwd=folder, preexec_fn=join, stdout=said, stderr=said)
        while process.poll() is None:
            most = max(most, memory(group))
            time.sleep(LOOK_SECONDS)
        if process.returncode:
            said.seek(0)
            raise SystemExit(f"{command} failed:\n{said.read().decode()[-3000:]}")
    wall = time.perf_counter() - start
    return {"wall": wall, "cpu": used(group) - before if group else float("nan"), "gb": most}


def memory(group: Path | None) -> float:
    """GB that the processes of a cgroup hold now, what they share counted once (PSS)."""
    total = 0
    for number in (group / "cgroup.procs").read_text().split() if group else ():
        with contextlib.suppress(psutil.Error):
            total += psutil.Process(int(number)).memory_full_info().pss
    return total / 1e9


def measure(submissions: int, more: int) -> dict:
    """Both ways over the same submissions, then ours over more."""
    python = Path(sys.executable)
    nbgrader = [str(python), "-m", "nbgrader"]
    figures: dict = {"submissions": submissions, "more": more}
    with tempfile.TemporaryDirectory(prefix="class-") as folder, cpu_group() as group:
        root = Path(folder)
        for name, size in (("plain", submissions), ("ours", submissions), ("more", more)):
            hand_in(root / name, size)
        figures["plain"] = timed([*nbgrader, "autograde", SLUG], root / "plain", group)
        figures["plain feedback"] = timed([*nbgrader, "generate_feedback", SLUG], root / "plain", group)
        run = [str(python), "-c", OURS, SLUG]
        figures["ours"] = timed([*run, str(root / "ours")], root, group)
        # The executed notebooks and grades are there; only the pages are made.
        shutil.rmtree(root / "ours" / "feedback")
        figures["ours feedback"] = timed([*run, str(root / "ours")], root, group)
        figures["ours, more"] = timed([*run, str(root / "more")], root, group)
    figures["tests alone"] = tests_alone()
    return figures


def tests_alone() -> float:
    """CPU seconds of the reference's cells and tests in plain Python: what no way of grading can do without."""
    cells = [
        cell.source for cell in nbformat.read(source_notebook(SLUG), as_version=4).cells if cell.cell_type == "code"
    ]
    run_cells(cells, 0)
    start = time.process_time()
    for seed in range(5):
        run_cells(cells, seed)
    return (time.process_time() - start) / 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--submissions", type=int, default=200)
    parser.add_argument("--more", type=int, default=500)
    asked = parser.parse_args()
    found = measure(asked.submissions, asked.more)
    found |= {"date": date.today().isoformat(), "cores": os.cpu_count(), "goals": GOALS}
    plain, ours, more = found["plain"], found["ours"], found["ours, more"]
    both = ours["wall"] - found["ours feedback"]["wall"]
    found["ratios"] = {
        "wall, with our feedback in our time": plain["wall"] / ours["wall"],
        "wall, grading only": plain["wall"] / both,
        "CPU, with our feedback in our time": plain["cpu"] / ours["cpu"],
        "CPU, grading only": plain["cpu"] / (ours["cpu"] - found["ours feedback"]["cpu"]),
        "feedback, wall": found["plain feedback"]["wall"] / found["ours feedback"]["wall"],
        "per submission, more against fewer": (more["wall"] / asked.more) / (ours["wall"] / asked.submissions),
    }
    (HERE / "grading.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    screen = Console()
    table = Table("", "Submissions", "Wall, s", "CPU, s", "a submission: wall, s", "CPU, s", "memory, GB")
    for name, size in (
        ("plain", asked.submissions),
        ("plain feedback", asked.submissions),
        ("ours", asked.submissions),
        ("ours feedback", asked.submissions),
        ("ours, more", asked.more),
    ):
        row = found[name]
        each = (row["wall"] / size, row["cpu"] / size)
        table.add_row(
            name, str(size), *(f"{v:.1f}" for v in (row["wall"], row["cpu"])), *(f"{v:.2f}" for v in (*each, row["gb"]))
        )
    screen.print(table)
    for name, ratio in found["ratios"].items():
        screen.print(f"{name}: {ratio:.2f}")


if __name__ == "__main__":
    main()
