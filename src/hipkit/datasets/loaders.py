"""Loaders: one function a table, pandas only.

They read Parquet where pyarrow is installed and CSV elsewhere, such as in a Python inside the browser. Either way the
columns get the types of the table's contract: codes stay strings with their leading zeros, and nothing is guessed.
"""

import importlib.util
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from hipkit.datasets.contracts import FLOATS, INTEGERS, Column, contract
from hipkit.errors import KitError
from hipkit.paths import DATASETS, POPULATION

SAMPLE = DATASETS / "sample"


def population_folder(population: str | Path = "course") -> Path:
    """The folder of "course" (made by `hipkit data make`), of "sample" (1 000 patients, in the clone), or a path."""
    folder = {"course": POPULATION, "sample": SAMPLE}.get(str(population), Path(population))
    if not folder.is_dir():
        if folder == POPULATION:
            raise KitError(
                "The course's population is not made yet. Run `hipkit data make`, or load the small one with "
                'population="sample".'
            )
        raise KitError(f'There is no folder {folder}. Use "course", "sample" or a folder made by `hipkit data make`.')
    return folder


def table_file(table: str, population: str | Path = "course") -> Path:
    """The file of a table: Parquet where pyarrow is installed, else CSV."""
    folder = population_folder(population)
    kinds = ["csv"] if importlib.util.find_spec("pyarrow") is None else ["parquet", "csv"]
    for kind in kinds:
        for file in (folder / f"{table}.{kind}", folder / kind / f"{table}.{kind}"):
            if file.exists():
                return file
    raise KitError(f"{folder} has no table {table}. Make the population again with `hipkit data make`.")


def load_table(table: str, population: str | Path = "course", columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Load one table.

    Args:
        table: name of the table, as in its contract.
        population: "course" (20 000 patients), "sample" (1 000), or a folder.
        columns: the columns to load, all for None.

    Returns:
        A frame of shape (rows, columns) with a plain integer index. Dates and times are datetime64[us]; integers and
        booleans that may be missing have pandas' nullable types; categories have their values in the contract's order,
        or sorted where the contract does not list them; lists are float32 arrays.

    Raises:
        KitError: no such table, column or population, or a file that does not fit the contract.
    """
    known = contract(table)
    if columns is not None and (unknown := [name for name in columns if name not in known.by_name]):
        raise KitError(f"{table} has no column {unknown[0]!r}. Its columns are {', '.join(known.by_name)}.")
    wanted = [column for column in known.columns if columns is None or column.name in columns]
    names = [column.name for column in wanted]
    file = table_file(table, population)
    try:
        if file.suffix == ".parquet":
            raw = pd.read_parquet(file, columns=names)
        else:
            raw = pd.read_csv(file, usecols=names, dtype=str, keep_default_na=False, na_values=[""])
    except (ValueError, KeyError, OSError) as error:
        raise KitError(f"{file} cannot be read as the table {table}: {error}. Run `hipkit data check`.") from error
    return pd.DataFrame({column.name: _typed(raw[column.name], column, file) for column in wanted})


def _typed(values: pd.Series, column: Column, file: Path) -> pd.Series:
    try:
        return _convert(values, column)
    except (ValueError, TypeError) as error:
        message = f"{file}: column {column.name} does not hold {column.type}: {error}. Run `hipkit data check`."
        raise KitError(message) from error


def _convert(values: pd.Series, column: Column) -> pd.Series:
    text = values.dtype.name in ("str", "object", "string")
    if column.type in INTEGERS:
        if column.nullable:
            return pd.to_numeric(values).astype(column.type.capitalize())
        return values.astype(column.type)
    if column.type in FLOATS:
        return values.astype(column.type)
    if column.type == "bool":
        if text:
            # Words from CSV; from Parquet, a column with missing values comes as objects.
            values = values.map({"true": True, "false": False, "True": True, "False": False, True: True, False: False})
        return values.astype("boolean" if column.nullable else "bool")
    if column.type in ("date", "datetime"):
        return pd.to_datetime(values, format="ISO8601").astype("datetime64[us]")
    if column.type == "category":
        listed = column.allowed or sorted(values.dropna().astype(str).unique())
        # To pandas two category types with other orders are the same, and `astype` would keep the file's order.
        if isinstance(values.dtype, pd.CategoricalDtype):
            return values.cat.set_categories(list(listed))
        return values.astype(pd.CategoricalDtype(list(listed)))
    if column.type == "list_float32":
        if text and len(values) and isinstance(values.iloc[0], str):
            return values.map(lambda line: np.array(line.split(), dtype=np.float32))
        return values
    return values.astype("str")


def _loader(table: str) -> Callable[..., pd.DataFrame]:
    def load(population: str | Path = "course", columns: Sequence[str] | None = None) -> pd.DataFrame:
        return load_table(table, population, columns)

    load.__name__ = load.__qualname__ = f"load_{table}"
    load.__doc__ = f"The table `{table}`; arguments, result and errors as for `load_table`."
    return load


load_organisations = _loader("organisations")
load_personnel = _loader("personnel")
load_persons = _loader("persons")
load_conditions = _loader("conditions")
load_encounters = _loader("encounters")
load_diagnoses = _loader("diagnoses")
load_medications = _loader("medications")
load_lab_results = _loader("lab_results")
load_vital_signs = _loader("vital_signs")
load_municipal_services = _loader("municipal_services")
load_welfare_events = _loader("welfare_events")
load_outcomes = _loader("outcomes")
load_waveforms = _loader("waveforms")
load_notes = _loader("notes")
load_note_spans = _loader("note_spans")
load_access_log = _loader("access_log")
load_consents = _loader("consents")
load_shipments = _loader("shipments")
load_patient_records = _loader("patient_records")
load_auxiliary = _loader("auxiliary")
