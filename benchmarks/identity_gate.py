"""The full gate of the identity numbers: two validators that others wrote judge every person of a population.

    python benchmarks/identity_gate.py --n 1000000

Prints what each judge said and keeps it in `benchmarks/identity_gate.json`, which the book shows; stops with status
1 if one number is not what it must be. Also shows that no number occurs twice, that birth date and sex agree with the
number, and that the wrong numbers of the registers stay synthetic.
"""

import json
import sys
from collections import Counter
from pathlib import Path

import click
import numpy as np
import polars as pl
from rich.console import Console
from rich.progress import track
from rich.table import Table

from hipkit.datasets import COURSE_SEED, independent, scanner
from hipkit.datasets.generator.block import n_blocks
from hipkit.datasets.generator.pipeline import build_block
from hipkit.errors import KitError

KEPT = Path(__file__).with_suffix(".json")


def _agrees(persons: pl.DataFrame, digits: np.ndarray) -> np.ndarray:
    """Does the number tell the person's birth date (day + 40 for a D-number, month + 80) and sex? (n,) bool."""
    day, month, year = (digits[:, k].astype(int) * 10 + digits[:, k + 1] for k in (0, 2, 4))
    date = persons["birth_date"].dt
    d_number = (persons["id_type"] == "dnr").to_numpy()
    same_date = (
        (day - 40 * d_number == date.day().to_numpy())
        & (month - 80 == date.month().to_numpy())
        & (year == date.year().to_numpy() % 100)
    )
    return same_date & ((digits[:, 8] % 2 == 1) == (persons["sex"] == "M").to_numpy())


@click.command(help=__doc__.splitlines()[0])
@click.option("--n", "n_patients", default=1_000_000, show_default=True, help="Number of persons.")
@click.option("--seed", default=COURSE_SEED, show_default=True)
def main(n_patients: int, seed: int) -> None:
    console = Console()
    verdicts: Counter = Counter()
    everybody = []
    for index in track(range(n_blocks(n_patients)), "Judging", console=Console(stderr=True)):
        made = build_block(n_patients, seed, index, ("persons", "patient_records"))
        persons = made["persons"]
        numbers = persons["national_id"].to_list()
        digits = scanner.as_digits(numbers)
        everybody.append(persons["national_id"].cast(pl.Int64).to_numpy())
        for kind in independent.EXPECTED:
            chosen = persons.filter(pl.col("id_type") == kind)["national_id"].to_list()
            for verdict, count in independent.navikt_verdicts(chosen).items():
                verdicts["navikt fnrvalidator", kind, verdict, verdict == independent.EXPECTED[kind]] += count
        for verdict, count in independent.stdnum_verdicts(numbers).items():
            verdicts["python-stdnum", "all", verdict, verdict == independent.AGREES] += count
        agree = int(_agrees(persons, digits).sum())
        verdicts["birth date and sex", "all", "agree with the number", True] += agree
        verdicts["birth date and sex", "all", "differ from the number", False] += len(numbers) - agree
        registered = scanner.as_digits(made["patient_records"]["national_id"].drop_nulls().to_list())
        forbidden = int(scanner.is_forbidden(registered).sum())
        verdicts["numbers in the registers", "with errors", "could be a person's", False] += forbidden
        verdicts["numbers in the registers", "with errors", "stay synthetic", True] += len(registered) - forbidden
    unique = len(np.unique(np.concatenate(everybody)))
    verdicts["uniqueness", "all", "different numbers", True] += unique
    verdicts["uniqueness", "all", "numbers used twice", False] += n_patients - unique
    table = Table("judge", "numbers", "verdict", "count", "as it must be")
    said = [
        [judge, kind, verdict, count, good] for (judge, kind, verdict, good), count in sorted(verdicts.items()) if count
    ]
    for judge, kind, verdict, count, good in said:
        table.add_row(judge, kind, verdict, f"{count:,}".replace(",", " "), "yes" if good else "NO")
    console.print(table)
    kept = {"persons": n_patients, "seed": seed, "verdicts": said}
    KEPT.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    failed = sum(count for (*_, good), count in verdicts.items() if not good)
    if failed:
        sys.exit(f"The gate is closed: {failed} verdicts are not what they must be.")
    console.print(f"The gate is open: all {n_patients} numbers are what they must be (seed {seed}).")


if __name__ == "__main__":
    try:
        main()
    except KitError as error:
        sys.exit(str(error))
