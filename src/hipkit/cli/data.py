"""`hipkit data`: make, check, export and describe the synthetic patients."""

from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from hipkit.datasets import COURSE_PATIENTS, COURSE_SEED, population_folder, write_population, write_sample
from hipkit.errors import KitError
from hipkit.paths import BUILD, DATASETS, POPULATION

EXPORTS = DATASETS / "exports"
DESCRIPTION = BUILD / "patients"


@click.group(short_help="Make and inspect the synthetic patients.")
def data() -> None:
    """Make and inspect the synthetic patients."""


@data.command(short_help="Make a population.")
@click.option("--n", "n_patients", default=COURSE_PATIENTS, show_default=True, help="Number of patients.")
@click.option("--seed", default=COURSE_SEED, show_default=True, help="Same seed, same patients.")
@click.option("--out", type=click.Path(path_type=Path), default=POPULATION, help="Folder [datasets/population].")
@click.option("--processes", default=1, show_default=True, help="Processes on this machine.")
@click.option("--dask", metavar="ADDRESS", help="Address of a Dask scheduler that does the work.")
@click.option("--table", "tables", multiple=True, metavar="NAME", help="Only this table; may be given several times.")
@click.option("--sample", is_flag=True, help="Make the sample of 1 000 patients in datasets/sample again.")
def make(
    n_patients: int, seed: int, out: Path, processes: int, dask: str | None, tables: tuple[str, ...], sample: bool
) -> None:
    """Make a population: Parquet files, one a table.

    The same number and seed give the same bytes, with any number of processes and with Dask.
    """
    screen = Console(highlight=False)
    if sample:
        screen.print(f"The sample is in {write_sample()}", soft_wrap=True)
        return
    shown = TextColumn("Making patients"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*shown, console=screen, transient=True, disable=not screen.is_terminal) as bar:
        task = bar.add_task("", total=None)
        write_population(
            out,
            n_patients,
            seed,
            tables=tables or None,
            processes=processes,
            dask=dask,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
    screen.print(f"{n_patients} synthetic patients (seed {seed}) are in {out}", soft_wrap=True)


@data.command(short_help="Check a data folder.")
@click.argument("folder", default="course")
def check(folder: str) -> None:
    """Check a data folder against the contracts: types, keys, domains, references and control digits.

    FOLDER is "course", "sample" or a path. What does not hold is listed with table, column, row and rule.
    """
    from hipkit.datasets.checking import check_folder

    screen = Console(highlight=False)
    place = population_folder(folder)
    with screen.status("Checking") as status:
        findings = check_folder(place, lambda name: status.update(f"Checking {name}"))
    for finding in findings:
        screen.print(str(finding), markup=False, soft_wrap=True)
    if findings:
        raise KitError(f"{place} does not fit the contracts; make it again with `hipkit data make`.")
    screen.print(f"{place}: every table fits its contract.", soft_wrap=True)


@data.command(short_help="Export a population.")
@click.argument("folder", default="course")
@click.option("--format", "formats", multiple=True, metavar="NAME", help="Only this format; may be repeated.")
@click.option("--out", type=click.Path(path_type=Path), default=EXPORTS, help="Folder [datasets/exports].")
def export(folder: str, formats: tuple[str, ...], out: Path) -> None:
    """Export a population: csv, parquet, duckdb, fhir and omop, each in a folder of its own.

    FOLDER is "course", "sample" or a path. CSV comes with a Frictionless data package, Parquet with a Croissant
    description, FHIR R4 is a bundle a patient, OMOP CDM 5.4 a Parquet file a table, and dcat.jsonld describes them all.
    """
    from hipkit.datasets.exports import export as write

    screen = Console(highlight=False)
    with screen.status("Exporting") as status:
        made = write(folder, out, formats or None, lambda name: status.update(f"Exporting {name}"))
    for name, place in made.items():
        screen.print(f"{name}: {place}", markup=False, soft_wrap=True)


@data.command(short_help="Describe a population.")
@click.argument("folder", default="course")
@click.option("--out", type=click.Path(path_type=Path), default=DESCRIPTION, help="Folder [_build/patients].")
def describe(folder: str, out: Path) -> None:
    """Write the book's page on the patients for any population: targets beside what was generated, and plots.

    FOLDER is "course", "sample" or a path. What was in the folder --out before is replaced.
    """
    from hipkit.book.describe import describe as write

    screen = Console(highlight=False)
    place = population_folder(folder)
    shown = TextColumn("Describing"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*shown, console=screen, transient=True, disable=not screen.is_terminal) as bar:
        task = bar.add_task("", total=None)
        page = write(place, out, lambda done, total: bar.update(task, completed=done, total=total))
    screen.print(f"The description is in {page}", soft_wrap=True)
