"""Hospital stays as rows for a model of readmission: what the university hospital in Bergen described for its own.

Its features are sex, age, days in hospital, earlier stays, main and secondary diagnoses (Datatilsynet, report on Helse
Bergen in its sandbox, 2022). Needs pandas only, except where patients are made.
"""

from functools import lru_cache
from pathlib import Path

import pandas as pd

from hipkit.datasets.loaders import load_table
from hipkit.paths import DATASETS

TABLES = {
    "persons": ["person_id", "sex", "birth_date", "interpreter_needed"],
    "encounters": [
        "encounter_id",
        "person_id",
        "organisation_id",
        "kind",
        "start",
        "length_of_stay_days",
        "urgency",
        "previous_admissions",
        "readmitted_30d",
        "readmitted_30d_recorded",
    ],
    "diagnoses": ["encounter_id", "code", "rank"],
}
LABELS = ("readmitted_30d", "readmitted_30d_recorded")


@lru_cache(maxsize=1)
def icd10_codes() -> tuple[str, ...]:
    """Every ICD-10 code that a hospital of the course can write, in order; the same for every population."""
    files = [DATASETS / "reference" / f"{name}.csv" for name in ("conditions", "acute_reasons")]
    return tuple(sorted({code for file in files for code in pd.read_csv(file)["icd10"]}))


@lru_cache(maxsize=1)
def rare_codes() -> tuple[str, ...]:
    """Those of them that stand for a rare disease, in order."""
    conditions = pd.read_csv(DATASETS / "reference" / "conditions.csv")
    return tuple(sorted(conditions.loc[conditions["rare"] == 1, "icd10"]))


def load_readmissions(population: str | Path = "course") -> pd.DataFrame:
    """The hospital stays whose outcome is known, one a row, in order of person and time.

    Args:
        population: "course", "sample", or a folder.

    Returns:
        encounter_id, person_id, organisation_id (the hospital), interpreter_needed; the labels readmitted_30d (the
        truth) and readmitted_30d_recorded (as the first hospital sees it), 0 or 1; age in years; female and acute, 0 or
        1; length_of_stay_days; previous_admissions; secondary_diagnoses (how many); main_diagnosis (its code); and for
        each of `icd10_codes()` main_<code> (it is the main diagnosis) and coded_<code> (it is written for the stay, as
        main or secondary diagnosis), 0 or 1.

    Raises:
        KitError: there is no such population.
    """
    return _stays({table: load_table(table, population, columns) for table, columns in TABLES.items()})


def make_readmissions(n_patients: int, seed: int) -> pd.DataFrame:
    """The stays of newly made patients; columns as `load_readmissions`, errors as `make_population`."""
    from hipkit.datasets import make_population

    made = make_population(n_patients, seed, tables=tuple(TABLES))
    return _stays({table: made[table].select(columns).to_pandas() for table, columns in TABLES.items()})


def _stays(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    contacts = tables["encounters"]
    stays = contacts[(contacts["kind"] == "inpatient") & contacts["readmitted_30d"].notna()]
    stays = stays.merge(tables["persons"], on="person_id").reset_index(drop=True)
    written = tables["diagnoses"]
    written = written[written["encounter_id"].isin(stays["encounter_id"])]
    main = written[written["rank"] == 1].set_index("encounter_id")["code"].astype(str).reindex(stays["encounter_id"])
    coded = pd.crosstab(written["encounter_id"], written["code"].astype(str))
    coded = coded.reindex(index=stays["encounter_id"], columns=list(icd10_codes()), fill_value=0).clip(upper=1)
    main_is = pd.get_dummies(main).reindex(columns=list(icd10_codes()), fill_value=False)
    return pd.DataFrame(
        {
            "encounter_id": stays["encounter_id"],
            "person_id": stays["person_id"],
            "organisation_id": stays["organisation_id"],
            "interpreter_needed": stays["interpreter_needed"].astype(bool),
            **{label: stays[label].astype(int) for label in LABELS},
            "age": (stays["start"] - stays["birth_date"]).dt.days / 365.25,
            "female": (stays["sex"] == "F").astype(int),
            "length_of_stay_days": stays["length_of_stay_days"].astype(int),
            "previous_admissions": stays["previous_admissions"].astype(int),
            "acute": (stays["urgency"] == "acute").astype(int),
            "secondary_diagnoses": written.groupby("encounter_id").size().reindex(stays["encounter_id"]).to_numpy() - 1,
            "main_diagnosis": main.to_numpy(),
        }
        | {f"main_{code}": column.to_numpy(int) for code, column in main_is.items()}
        | {f"coded_{code}": column.to_numpy(int) for code, column in coded.items()}
    )
