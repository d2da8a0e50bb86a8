"""What a population holds, beside what it should hold: the tables and pictures of the book's page on the patients.

Every function takes a population as the loaders do: "course", "sample" or a folder. Shares are in per cent of persons,
ages in completed years on 2026-01-01 or at death.
"""

import tomllib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold, cross_val_predict

from hipkit.datasets.contracts import contracts
from hipkit.datasets.generator import block
from hipkit.datasets.loaders import load_table
from hipkit.datasets.readmission import load_readmissions
from hipkit.paths import DATASETS

REFERENCE = DATASETS / "reference"
REFERENCE_DATE = pd.Timestamp(block.REFERENCE_DATE)
INDEX_DATE = REFERENCE_DATE - pd.DateOffset(years=1)
YEARS = REFERENCE_DATE.year - block.HISTORY_START.year  # of history
BANDS = {"0_17": 0, "18_44": 18, "45_66": 45, "67_79": 67, "80_plus": 80}
BAND_NAMES = ["0-17", "18-44", "45-66", "67-79", "80 and over"]
TEAL, BROWN, GREY = "#0b5563", "#b4531f", "#9aa7ad"
# The marks of the facts: what stands behind a target.
MARKS = {"V": "read in the source", "M": "planning value, from memory", "P": "planning value of our own"}
AT_HOME = (
    "home_nursing",
    "practical_help",
    "safety_alarm",
    "digital_supervision",
    "medicine_dispenser",
    "gps",
)
# Attributes that are added one after the other until nearly everybody is alone.
IDENTIFYING = {
    "sex": "Sex",
    "birth_year": "and year of birth",
    "municipality_code": "and municipality",
    "postcode": "and postcode",
    "birth_date": "and full date of birth",
}


class Population:
    """The tables of a population, each read once and when it is needed."""

    def __init__(self, place: str | Path):
        self._place = place
        self._frames: dict[str, pd.DataFrame] = {}

    def __getitem__(self, table: str) -> pd.DataFrame:
        if table not in self._frames:
            self._frames[table] = load_table(table, self._place)
        return self._frames[table]

    @property
    def persons(self) -> pd.DataFrame:
        """The table persons with `age` and `band` (0-4) added."""
        if "age" not in self["persons"]:
            persons = self["persons"]
            until = persons["death_date"].fillna(REFERENCE_DATE)
            persons["age"] = ((until - persons["birth_date"]).dt.days / 365.25).astype(int)
            persons["band"] = np.searchsorted(list(BANDS.values()), persons["age"], side="right") - 1
        return self["persons"]

    def living(self, from_age: int = 0) -> pd.DataFrame:
        """Persons alive on the reference date, of at least this age."""
        return self.persons[self.persons["death_date"].isna() & (self.persons["age"] >= from_age)]

    def have(self, *conditions: str) -> set[int]:
        """person_id of everybody with one of the conditions."""
        table = self["conditions"]
        return set(table.loc[table["condition"].isin(conditions), "person_id"])

    def use(self, *services: str) -> set[int]:
        """person_id of everybody who has one of the municipal services today."""
        table = self["municipal_services"]
        return set(table.loc[table["service"].isin(services) & table["end_date"].isna(), "person_id"])


@lru_cache(maxsize=4)
def population(place: str | Path = "course") -> Population:
    """A population whose tables are kept in memory after they were read once."""
    return Population(place)


def reference(name: str) -> pd.DataFrame:
    """The reference table `datasets/reference/<name>.csv`; codes of municipalities keep their zeros."""
    return pd.read_csv(REFERENCE / f"{name}.csv", dtype={"municipality_code": str})


def tables(place: str | Path = "course") -> pd.DataFrame:
    """One row a table: name, rows, columns, meaning."""
    rows = [(c.name, len(population(place)[c.name]), len(c.columns), c.meaning) for c in contracts().values()]
    return pd.DataFrame(rows, columns=["table", "rows", "columns", "meaning"])


def _percent(persons: pd.DataFrame, chosen: set[int]) -> float:
    return 100 * persons["person_id"].isin(chosen).mean()


def _treated(p: Population) -> float:
    ill = p.have("hypertension") & set(p.living()["person_id"])
    medications = p["medications"]
    used = medications[(medications["condition"] == "hypertension") & medications["end_date"].isna()]
    return 100 * len(ill & set(used["person_id"])) / len(ill)


def _stays(p: Population) -> pd.DataFrame:
    return p["encounters"][p["encounters"]["kind"] == "inpatient"]


GENERATED: dict[str, Callable[[Population], float]] = {
    "diabetes_all": lambda p: _percent(p.living(), p.have("diabetes_type_1", "diabetes_type_2")),
    "diabetes_type_1_all": lambda p: _percent(p.living(), p.have("diabetes_type_1")),
    "dementia_70_plus": lambda p: _percent(p.living(70), p.have("dementia")),
    "copd_40_plus": lambda p: _percent(p.living(40), p.have("copd")),
    "home_services_all": lambda p: _percent(p.living(), p.use(*AT_HOME)),
    "safety_alarm_all": lambda p: _percent(p.living(), p.use("safety_alarm")),
    "digital_supervision_all": lambda p: _percent(p.living(), p.use("digital_supervision")),
    "medicine_dispenser_all": lambda p: _percent(p.living(), p.use("medicine_dispenser")),
    "gps_all": lambda p: _percent(p.living(), p.use("gps")),
    "hypertension_treated": _treated,
    "admissions_per_person_year": lambda p: len(_stays(p)) / len(p.persons) / YEARS,
    "readmission_30_days": lambda p: 100 * _stays(p)["readmitted_30d"].mean(),
    "fall_65_plus": lambda p: 100 * p["outcomes"]["fall_12m"].mean(),
    "diabetes_onset": lambda p: 100 * p["outcomes"]["diabetes_onset_12m"].mean(),
    "deaths_per_year": lambda p: 100 * p.persons["death_date"].notna().mean() / YEARS,
}


def targets(place: str | Path = "course") -> pd.DataFrame:
    """What the sources say beside what was generated.

    Returns:
        One row a target of `datasets/reference/targets.csv`: meaning, target, generated, deviation (generated minus
        target), unit, tolerance, within (is the deviation at most the tolerance?), mark, source.
    """
    wanted = reference("targets").set_index("target", drop=False)
    generated = pd.Series({name: measure(population(place)) for name, measure in GENERATED.items()})
    table = wanted.rename(columns={"value": "target", "target": "name"}).assign(generated=generated)
    table["deviation"] = table["generated"] - table["target"]
    table["within"] = table["deviation"].abs() <= table["tolerance"]
    return table[["meaning", "target", "generated", "deviation", "unit", "tolerance", "within", "mark", "source"]]


def prevalence(place: str | Path = "course") -> pd.DataFrame:
    """Share of persons with each condition by age band, in per cent: planned and generated.

    Returns:
        One row a condition and band: condition, name, band, planned, generated, persons (in the group), rare, mark.
        Conditions of one sex are counted among that sex.
    """
    p = population(place)
    rows = []
    for row in reference("conditions").to_dict("records"):
        persons = p.persons if row["only_sex"] == "any" else p.persons[p.persons["sex"] == row["only_sex"]]
        ill = persons["person_id"].isin(p.have(row["condition"]))
        share = 100 * ill.groupby(persons["band"]).mean().reindex(range(len(BANDS)))
        size = persons["band"].value_counts().reindex(range(len(BANDS)))
        for band, name in enumerate(BANDS):
            planned = row[f"p_{name}"]
            rows.append(
                (
                    row["condition"],
                    row["name_en"],
                    BAND_NAMES[band],
                    planned,
                    share[band],
                    size[band],
                    bool(row["rare"]),
                )
            )
    columns = ["condition", "name", "band", "planned", "generated", "persons", "rare"]
    return pd.DataFrame(rows, columns=columns).assign(mark="P")


def municipalities(place: str | Path = "course") -> pd.DataFrame:
    """Share of the persons in each municipality, in per cent: by the real size, and generated."""
    table = reference("municipalities").set_index("municipality_code")
    lived = population(place).persons["municipality_code"].astype(str).value_counts()
    return pd.DataFrame(
        {
            "name": table["name"],
            "planned": 100 * table["population"] / table["population"].sum(),
            "generated": 100 * lived.reindex(table.index).fillna(0) / lived.sum(),
            "persons": lived.reindex(table.index).fillna(0).astype(int),
        }
    ).sort_values("persons", ascending=False)


def laboratory(place: str | Path = "course") -> pd.DataFrame:
    """Median results given disease and treatment: four comparisons that a clinician expects."""
    p = population(place)
    results = p["lab_results"][p["lab_results"]["error_kind"].isna()]
    treated = p["medications"]
    statins = set(treated.loc[treated["atc"].astype(str).str.startswith("C10AA"), "person_id"])
    rows = [
        ("hba1c", "Haemoglobin A1c, mmol/mol", "type 2 diabetes", p.have("diabetes_type_2")),
        ("creatinine", "Creatinine, µmol/L", "chronic kidney disease", p.have("chronic_kidney_disease")),
        ("nt_probnp", "NT-proBNP, ng/L", "heart failure", p.have("heart_failure")),
        ("ldl_cholesterol", "LDL cholesterol, mmol/L", "a statin", statins),
    ]
    found = []
    for analysis, name, driver, chosen in rows:
        values = results[results["analysis"] == analysis]
        has = values["person_id"].isin(chosen)
        found.append((name, driver, values.loc[has, "value"].median(), values.loc[~has, "value"].median()))
    return pd.DataFrame(found, columns=["analysis", "driver", "median with", "median without"])


def errors(place: str | Path = "course") -> pd.DataFrame:
    """Errors and gaps made on purpose, in per cent of the rows at risk: declared and generated. All are [P]."""
    p = population(place)
    with (REFERENCE / "errors.toml").open("rb") as file:
        registers = tomllib.load(file)
    with (REFERENCE / "causal.toml").open("rb") as file:
        clinical = tomllib.load(file)["errors"]
    records, labs, vitals = p["patient_records"], p["lab_results"], p["vital_signs"]
    first = records[~records["error_kind"].isin(["duplicate", "duplicate_old_name"])]
    changeable = set(reference("laboratory").query("wrong_unit.notna()")["analysis"])
    rows = [
        (f"Registers: {kind.replace('_', ' ')}", 100 * rate, 100 * (first["error_kind"] == kind).mean())
        for kind, rate in registers["record_errors"].items()
    ]
    rows += [
        (
            "Registers: registered twice, without number",
            100 * registers["duplicates"]["other"],
            100 * (records["error_kind"] == "duplicate").sum() / len(first),
        ),
        (
            "Laboratory: value in another unit",
            100 * clinical["laboratory_wrong_unit"],
            100 * (labs[labs["analysis"].isin(changeable)]["error_kind"] == "wrong_unit").mean(),
        ),
        (
            "Laboratory: no result",
            100 * clinical["laboratory_no_result"],
            100 * (labs["error_kind"] == "no_result").mean(),
        ),
        (
            "Vital signs: blood pressures in each other's place",
            100 * clinical["vital_signs_transposed"],
            100 * vitals["transposed"].mean(),
        ),
    ]
    return pd.DataFrame(rows, columns=["error", "declared", "generated"])


def uniqueness(place: str | Path = "course") -> pd.DataFrame:
    """Share of the living who are alone with their values, in per cent, as attributes are added.

    Returns:
        One row a step: attributes, alone (share in a group of one), small (share in groups of five or fewer).
    """
    living = population(place).living().copy()
    living["birth_year"] = living["birth_date"].dt.year
    rows, used = [], []
    for column, words in IDENTIFYING.items():
        used.append(column)
        size = living.groupby(used, observed=True)["person_id"].transform("size")
        rows.append((words, 100 * (size == 1).mean(), 100 * (size <= 5).mean()))
    return pd.DataFrame(rows, columns=["attributes", "alone", "small"])


def rare_conditions(place: str | Path = "course") -> pd.DataFrame:
    """Rare conditions: persons with each, and how many of these are the only one in their municipality."""
    p = population(place)
    names = reference("conditions").set_index("condition")["name_en"]
    rare = p["conditions"][p["conditions"]["rare"]].merge(p.persons[["person_id", "municipality_code"]])
    rare = rare.assign(condition=rare["condition"].astype(str))
    alone = ~rare.duplicated(["condition", "municipality_code"], keep=False)
    return pd.DataFrame(
        {
            "name": names[rare["condition"].unique()],
            "persons": rare["condition"].value_counts(),
            "alone in the municipality": alone.groupby(rare["condition"]).sum(),
        }
    ).sort_values("persons", ascending=False)


def _known_before(p: Population, date: pd.Timestamp) -> pd.DataFrame:
    """Features of each person from what was recorded before `date`: age, sex, conditions, drugs, contacts, results."""
    persons = p.persons.set_index("person_id")
    features = pd.DataFrame(
        {"age": (date - persons["birth_date"]).dt.days / 365.25, "female": (persons["sex"] == "F").astype(int)}
    )
    known = p["conditions"][p["conditions"]["onset_date"] < date]
    drugs = p["medications"][p["medications"]["start_date"] < date]
    contacts = p["encounters"][p["encounters"]["start"] < date]
    results = p["lab_results"][p["lab_results"]["taken_at"] < date]
    signs = p["vital_signs"][p["vital_signs"]["measured_at"] < date]
    signs = signs.assign(body_mass_index=signs["weight"] / (signs["height"] / 100) ** 2)
    counts = [
        pd.crosstab(known["person_id"], known["condition"]),
        pd.crosstab(drugs["person_id"], drugs["atc"].astype(str).str[:4]).clip(upper=1),
        pd.crosstab(contacts["person_id"], contacts["kind"].astype(str)),
    ]
    measured = [
        results.pivot_table(index="person_id", columns="analysis", values="value", observed=True),
        signs.groupby("person_id")[["body_mass_index", "systolic"]].mean(),
    ]
    for part in counts:
        features = features.join(part.reindex(features.index, fill_value=0).set_axis(map(str, part.columns), axis=1))
    for part in measured:
        features = features.join(part.set_axis(map(str, part.columns), axis=1))
    return features


NOT_FEATURES = (
    "encounter_id",
    "person_id",
    "interpreter_needed",
    "main_diagnosis",  # main_<code> says the same in numbers
    "readmitted_30d",
    "readmitted_30d_recorded",
)


def _scores(features: pd.DataFrame, label: pd.Series, person: pd.Series) -> np.ndarray:
    """Score of every row by gradient boosting that learned from the other persons (five parts of the persons)."""
    model = HistGradientBoostingClassifier(
        max_iter=80, learning_rate=0.07, max_leaf_nodes=15, l2_regularization=1.0, random_state=0
    )
    parts = GroupKFold(5, shuffle=True, random_state=0)
    values = features.to_numpy(float)
    return cross_val_predict(model, values, label, groups=person, cv=parts, method="predict_proba")[:, 1]


def standard_error(auc: float, positive: int, negative: int) -> float:
    """Standard error of an area under the ROC curve (J. A. Hanley and B. J. McNeil, Radiology 143, 1982)."""
    one, two = auc / (2 - auc), 2 * auc**2 / (1 + auc)
    spread = auc * (1 - auc) + (positive - 1) * (one - auc**2) + (negative - 1) * (two - auc**2)
    return float(np.sqrt(spread / (positive * negative)))


def learnability(place: str | Path = "course") -> pd.DataFrame:
    """Can the outcomes be learned? Gradient boosting, each person judged by a model that has not seen the person.

    Returns:
        One row a task: task, rows, share (of the label, in per cent), auc, shuffled (the same with the labels in random
        order; 0.5 means that nothing is learned from nothing), standard error (of both).
    """
    p = population(place)
    stays = load_readmissions(place)
    before = _known_before(p, INDEX_DATE)
    outcomes = p["outcomes"].set_index("person_id")
    readmission = stays.drop(columns=list(NOT_FEATURES)), stays["readmitted_30d"], stays["person_id"]
    tasks = {"Readmission within 30 days of discharge": readmission}
    for column, name in (
        ("fall_12m", "Fall in a year, persons of 65 and over"),
        ("diabetes_onset_12m", "Onset of type 2 diabetes in a year, 40 and over"),
    ):
        label = outcomes[column].dropna().astype(int)
        tasks[name] = before.loc[label.index], label, pd.Series(label.index, index=label.index)
    rng = np.random.default_rng(0)
    rows = []
    for name, (features, label, person) in tasks.items():
        auc = roc_auc_score(label, _scores(features, label, person))
        mixed = pd.Series(rng.permutation(label), index=label.index)
        chance = roc_auc_score(mixed, _scores(features, mixed, person))
        error = standard_error(auc, int(label.sum()), int((1 - label).sum()))
        rows.append((name, len(label), 100 * label.mean(), auc, chance, error))
    return pd.DataFrame(rows, columns=["task", "rows", "share", "auc", "shuffled", "standard error"])


def hospitals(place: str | Path = "course") -> pd.DataFrame:
    """How the hospitals differ: stays, mean age, stay and readmission, and the codes written for a stay."""
    stays = load_readmissions(place)
    names = population(place)["organisations"].set_index("organisation_id")["name"].astype(str)
    grouped = stays.groupby("organisation_id")
    return pd.DataFrame(
        {
            "hospital": names.reindex(grouped.size().index),
            "stays": grouped.size(),
            "mean age": grouped["age"].mean(),
            "mean days": grouped["length_of_stay_days"].mean(),
            "secondary diagnoses": grouped["secondary_diagnoses"].mean(),
            "readmitted, %": 100 * grouped["readmitted_30d"].mean(),
        }
    )


def bias(place: str | Path = "course") -> pd.DataFrame:
    """The documented bias: the same measures for patients who need an interpreter and for the others.

    Returns:
        patients, stays, visits (to GP and clinic, per person and year), codes (secondary diagnoses of a stay),
        readmitted (per cent of stays, in truth), as recorded (the same by the hospital's own record).
    """
    p = population(place)
    stays = load_readmissions(place)
    living = p.living()
    contacts = p["encounters"]
    planned = contacts[contacts["kind"].isin(["gp", "outpatient"])]["person_id"].value_counts()
    per_year = living["person_id"].map(planned).fillna(0).groupby(living["interpreter_needed"]).mean() / YEARS
    grouped = stays.groupby("interpreter_needed")
    measures = {
        "stays": grouped.size(),
        "visits": per_year,
        "codes": grouped["secondary_diagnoses"].mean(),
        "readmitted": 100 * grouped["readmitted_30d"].mean(),
        "as recorded": 100 * grouped["readmitted_30d_recorded"].mean(),
    }
    table = pd.DataFrame(measures).rename(index={True: "interpreter needed", False: "no interpreter needed"}).iloc[::-1]
    return table.rename_axis("patients").reset_index()


def draw_pyramid(place: str | Path = "course") -> Figure:
    """Age pyramid in five-year bands: bars generated, outline Statistics Norway."""
    living = population(place).living()
    wanted = reference("age_sex")
    start = np.arange(0, 100, 5)
    figure, axis = plt.subplots(figsize=(7, 5), layout="constrained")
    for sex, sign, colour, name in (("M", -1, TEAL, "Men"), ("F", 1, BROWN, "Women")):
        mine = living[living["sex"] == sex]
        share = 100 * np.histogram(mine["age"].clip(upper=99), np.r_[start, 100])[0] / len(living)
        axis.barh(start, sign * share, height=4.4, align="edge", color=colour, label=f"{name}, generated")
        part = wanted["share"] * (wanted["share_women"] if sex == "F" else 1 - wanted["share_women"])
        planned = (
            100 * np.histogram(wanted["age"].clip(upper=99), np.r_[start, 100], weights=part)[0] / wanted["share"].sum()
        )
        edges = np.r_[start, 100]
        axis.stairs(sign * planned, edges, orientation="horizontal", baseline=None, color="black", lw=1.2)
    axis.plot([], [], color="black", lw=1.2, label="Target")
    axis.axvline(0, color="white", lw=1)
    axis.xaxis.set_major_formatter(lambda x, _: f"{abs(x):g}")
    axis.set(xlabel="Per cent of all living patients", ylabel="Age in years")
    axis.legend(frameon=False, loc="upper right")
    return figure


def draw_prevalence(place: str | Path = "course") -> Figure:
    """Planned against generated prevalence of the common conditions, a point for each age band, on logarithmic axes."""
    table = prevalence(place).query("not rare and planned > 0 and generated > 0")
    figure, axis = plt.subplots(figsize=(6, 5.2), layout="constrained")
    colours = plt.get_cmap("viridis")(np.linspace(0.05, 0.85, len(BAND_NAMES)))
    for band, colour, marker in zip(BAND_NAMES, colours, "osD^v", strict=True):
        points = table[table["band"] == band]
        axis.loglog(points["planned"], points["generated"], marker, color=colour, label=f"{band} years", ms=6)
    ends = [table["planned"].min() / 2, 100]
    axis.plot(ends, ends, color=GREY, lw=1, zorder=0)
    axis.set(xlabel="Planned, % of the age band", ylabel="Generated, %")
    axis.legend(frameon=False)
    return figure


def draw_uniqueness(place: str | Path = "course") -> Figure:
    """Share of persons who are alone, and in groups of five or fewer, as attributes are added."""
    table = uniqueness(place)
    figure, axis = plt.subplots(figsize=(7, 3.4), layout="constrained")
    height = np.arange(len(table))
    axis.barh(height + 0.2, table["small"], height=0.38, color=GREY, label="in a group of five or fewer")
    axis.barh(height - 0.2, table["alone"], height=0.38, color=TEAL, label="alone")
    axis.set_yticks(height, table["attributes"])
    axis.invert_yaxis()
    axis.set(xlabel="Per cent of the living patients", xlim=(0, 100))
    axis.legend(frameon=False, loc="lower right", bbox_to_anchor=(1, 0.5))
    return figure


def draw_seasons(place: str | Path = "course") -> Figure:
    """Contacts by month for three main diagnoses, as a multiple of their mean month."""
    diagnoses = population(place)["diagnoses"]
    main = diagnoses[diagnoses["rank"] == 1]
    reasons = reference("acute_reasons").set_index("reason")
    figure, axis = plt.subplots(figsize=(7, 3.4), layout="constrained")
    shown = (("influenza", TEAL, "o-"), ("pneumonia", BROWN, "s--"), ("soft_tissue_injury", GREY, "^:"))
    for reason, colour, style in shown:
        codes = set(reasons.loc[reason, ["icd10", "icpc2"]])
        months = main[main["code"].isin(codes)]["recorded"].dt.month.value_counts().reindex(range(1, 13), fill_value=0)
        axis.plot(months.index, months / months.mean(), style, color=colour, label=reasons.loc[reason, "name_en"])
    axis.axhline(1, color=GREY, lw=0.8)
    axis.set(xlabel="Month", ylabel="Contacts, mean month = 1", ylim=(0, None))
    axis.set_xticks(range(1, 13), list("JFMAMJJASOND"))
    axis.legend(frameon=False)
    return figure
