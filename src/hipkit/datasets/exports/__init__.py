"""Exports: the population in the forms that people use.

| format  | what is written                                                                     |
| ------- | ----------------------------------------------------------------------------------- |
| csv     | one CSV file a table, and `datapackage.json` (Frictionless) with the type of every column |
| parquet | one Parquet file a table, and `croissant.json` (Croissant)                          |
| duckdb  | one DuckDB file with all tables and the meaning of each column                      |
| fhir    | FHIR R4, one bundle a patient, one bundle a line                                    |
| omop    | OMOP CDM 5.4, one Parquet file a table                                              |

Each format has a folder of its own, with a mark `export.json` that says which population it holds. `dcat.jsonld` beside
them describes the data set as a catalogue would, with a distribution for each format that is there.
"""

import errno
import shutil
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

import polars as pl
import pyarrow as pa

from hipkit import __version__
from hipkit.datasets.exports.source import Source, open_source
from hipkit.datasets.exports.staging import replacing
from hipkit.errors import KitError

# Format -> bytes written for one byte of the population's Parquet files, measured on 200 000 patients and rounded up.
FORMATS = {"csv": 8.0, "parquet": 1.1, "duckdb": 2.0, "fhir": 4.0, "omop": 1.5}


def export(
    population: str | Path,
    out: Path,
    formats: Sequence[str] | None = None,
    progress: Callable[[str], None] | None = None,
) -> dict[str, Path]:
    """Export a population.

    Each format is written beside its place and put there when it is complete: whatever stops a run, the last good
    export stands.

    Args:
        population: "course", "sample", or a folder with Parquet tables.
        out: the folder that gets one folder for each format.
        formats: names from `FORMATS`; all for None.
        progress: called with the name of each format before it is written.

    Returns:
        the folder of each format.

    Raises:
        KitError: there is no such format or population, a table is missing or broken, the place cannot be written, or
            the disk is full.
    """
    chosen = list(dict.fromkeys(FORMATS if formats is None else formats))
    if unknown := [name for name in chosen if name not in FORMATS]:
        raise KitError(f"There is no export format {unknown[0]!r}. The formats are {', '.join(FORMATS)}.")
    source = open_source(population)
    out = Path(out)
    _check_disk(out, source, chosen)
    for name in chosen:
        if progress:
            progress(name)
        _write(source, out / name, name)
    # Last, when the folders that it describes are in place.
    import_module("hipkit.datasets.exports.metadata").catalogue(source, out, [n for n in FORMATS if (out / n).is_dir()])
    return {name: out / name for name in chosen}


def _write(source: Source, folder: Path, name: str) -> None:
    import duckdb

    about = {"format": name, "hipkit": __version__, "population": source.identity()}
    kept = "What stood there before is unchanged."
    try:
        with replacing(folder, about) as place:
            import_module(f"hipkit.datasets.exports.{name}").write(source, place)
    except (OSError, duckdb.Error) as error:
        if getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT) or "No space left" in str(error):
            raise KitError(f"The disk is full: {folder} was not written. {kept} Free some space first.") from error
        raise KitError(f"{folder} could not be written: {error}. {kept}") from error
    except (pl.exceptions.PolarsError, pa.ArrowException) as error:
        raise KitError(f"{name}: a table of {source.folder} is broken: {error}. Run `hipkit data check`.") from error


def _check_disk(out: Path, source: Source, formats: list[str]) -> None:
    place = out.absolute()
    while not place.exists():
        place = place.parent
    free, needed = shutil.disk_usage(place).free, source.size() * sum(FORMATS[name] for name in formats)
    if free < needed:
        raise KitError(
            f"The export needs about {needed / 1e9:.1f} GB of disk, and {out} has {free / 1e9:.1f} GB. "
            "Export fewer formats, make a smaller population, or choose another disk with --out."
        )
