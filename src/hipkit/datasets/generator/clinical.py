"""What the clinical tables share: the reference tables as arrays, and a block's persons as arrays.

Days are whole or fractional days since the start of the history window (2024-01-01 is day 0); minutes likewise.
"""

import csv
import functools
import tomllib
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import polars as pl
from scipy.special import ndtri

from hipkit import paths
from hipkit.datasets.generator.arrays import enum_series, with_nulls
from hipkit.datasets.generator.block import HISTORY_START, REFERENCE_DATE, Block
from hipkit.errors import KitError

REFERENCE = paths.DATASETS / "reference"
EPOCH_DAY = (HISTORY_START - HISTORY_START.replace(1970, 1, 1)).days
WINDOW_DAYS = (REFERENCE_DATE - HISTORY_START).days
DAY_MINUTES = 1440
# Day 366: the first day of the second year. What is known before it predicts what happens in the twelve months after.
INDEX_DAY = (REFERENCE_DATE.replace(REFERENCE_DATE.year - 1) - HISTORY_START).days
YEAR = 365.25
BAND_STARTS = np.array([18, 45, 67, 80], dtype=np.float32)
BANDS = ("0_17", "18_44", "45_66", "67_79", "80_plus")
NEVER = np.float32(np.inf)
# Steps of the tables that turn a 12- or 16-bit random number into a choice.
DAY_STEPS = 65_536
REASON_STEPS = 8_192


def read_reference(name: str) -> list[dict[str, str]]:
    """Rows of `datasets/reference/<name>`, each a dict of strings. Raises KitError if the file is missing."""
    path = REFERENCE / name
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    except FileNotFoundError:
        raise KitError(f"{path} is missing: it belongs to the course; restore it with git checkout") from None


def numbers(rows: list[dict[str, str]], columns: list[str] | tuple[str, ...]) -> np.ndarray:
    """The named columns as a float64 array of shape (rows, columns)."""
    return np.array([[float(row[column]) for column in columns] for row in rows])


@dataclass(frozen=True)
class Reference:
    """The reference tables as arrays. C conditions (in file order, common ones first), R acute reasons after them.

    A "reason" is the code of what a contact is for: 0 … C-1 a condition, C … C+R-1 an acute reason.
    """

    conditions: tuple[str, ...]
    reasons: tuple[str, ...]
    n_common: int
    icd10: tuple[str, ...]
    icpc2: tuple[str, ...]
    specialties: tuple[str, ...]
    specialty_of: np.ndarray
    mean_stay: np.ndarray
    prevalence: np.ndarray
    female_to_male: np.ndarray
    only_sex: tuple[str, ...]
    min_onset_age: np.ndarray
    mean_duration: np.ndarray
    condition_rates: np.ndarray
    acute_rates: np.ndarray
    acute_choice: np.ndarray
    season_of: np.ndarray
    day_choice: np.ndarray
    loadings: np.ndarray
    residual: np.ndarray
    causal: MappingProxyType

    def condition(self, slug: str) -> int:
        """Column of a condition; raises KitError for a slug that conditions.csv does not have."""
        return _position(self.conditions, slug, "conditions.csv")

    def reason(self, slug: str) -> int:
        """Code of a reason: a condition or an acute reason."""
        return _position(self.reasons, slug, "conditions.csv or acute_reasons.csv")


def _position(names: tuple[str, ...], slug: str, where: str) -> int:
    try:
        return names.index(slug)
    except ValueError:
        raise KitError(f"datasets/reference: {slug!r} is named but not in {where}") from None


def _inverse(weights: np.ndarray, steps: int, dtype: type) -> np.ndarray:
    """Table that turns a uniform whole number below `steps` into a choice: rows of weights to (rows, steps)."""
    cumulative = np.cumsum(weights, axis=1)
    cumulative /= cumulative[:, -1:]
    middles = (np.arange(steps) + 0.5) / steps
    return np.stack([np.searchsorted(row, middles, side="right") for row in cumulative]).astype(dtype)


@functools.cache
def reference() -> Reference:
    """Read the reference tables once. Raises KitError if one is missing or names something unknown."""
    conditions = read_reference("conditions.csv")
    acute = read_reference("acute_reasons.csv")
    with (REFERENCE / "causal.toml").open("rb") as file:
        causal = tomllib.load(file)
    both = conditions + acute
    slugs = tuple(row["condition"] for row in conditions)
    kinds = causal["contacts"]["kinds"]

    rates = numbers(acute, [f"rate_{band}" for band in BANDS]).T / 1000  # (bands, R)
    shares = numbers(acute, kinds).T  # (kinds, R)
    fits = np.array([[row["only_sex"] in ("any", sex) for row in acute] for sex in "MF"], dtype=float)
    acute_rates = shares[:, None, None, :] * rates[None, :, None, :] * fits[None, None, :, :]
    # A reason of one sex has its rate for both; the women carry all of it.
    acute_rates[..., [row["only_sex"] != "any" for row in acute]] *= 2.0

    seasons = list(causal["seasons"])
    months = np.array([(HISTORY_START.replace(day=1).month - 1 + m) % 12 for m in range(12)])
    month_of_day = (np.datetime64(HISTORY_START) + np.arange(WINDOW_DAYS)).astype("datetime64[M]").astype(int) % 12
    weights = np.array([np.array(causal["seasons"][name], dtype=float)[months][month_of_day] for name in seasons])

    traits = list(causal["traits"])
    common = sum(row["rare"] == "0" for row in conditions)
    loadings = np.zeros((len(traits), common))
    for row in read_reference("comorbidity.csv"):
        column = _position(slugs[:common], row["condition"], "the common conditions of conditions.csv")
        loadings[_position(tuple(traits), row["factor"], "causal.toml [traits]"), column] = float(row["loading"])
    if (np.square(loadings).sum(axis=0) >= 1).any():
        raise KitError("datasets/reference/comorbidity.csv: a condition's squared loadings must sum to less than 1")

    specialties = tuple(sorted({row["specialty"] for row in both} | {"general_practice"}))
    return Reference(
        conditions=slugs,
        reasons=slugs + tuple(row["reason"] for row in acute),
        n_common=common,
        icd10=tuple(row["icd10"] for row in both),
        icpc2=tuple(row["icpc2"] for row in both),
        specialties=specialties,
        specialty_of=np.array([specialties.index(row["specialty"]) for row in both], dtype=np.uint8),
        mean_stay=np.array([float(row["mean_stay_days"]) for row in both]),
        prevalence=numbers(conditions, [f"p_{band}" for band in BANDS]).T / 100,
        female_to_male=np.array([float(row["female_to_male"]) for row in conditions]),
        only_sex=tuple(row["only_sex"] for row in conditions),
        min_onset_age=np.array([float(row["min_onset_age"]) for row in conditions]),
        mean_duration=np.array([float(row["mean_duration_years"]) for row in conditions]),
        condition_rates=numbers(conditions, [f"rate_{kind}" for kind in kinds]).astype(np.float32),
        acute_rates=acute_rates,
        acute_choice=_inverse(acute_rates.reshape(-1, len(acute)), REASON_STEPS, np.uint8),
        season_of=np.array([_position(tuple(seasons), row["season"], "causal.toml [seasons]") for row in both]),
        day_choice=_inverse(weights, DAY_STEPS, np.int16),
        loadings=loadings.astype(np.float32),
        residual=np.sqrt(1 - np.square(loadings).sum(axis=0)).astype(np.float32),
        causal=MappingProxyType(causal),
    )


@dataclass(frozen=True)
class People:
    """A block's persons as arrays of length n, in the order of `person_id`."""

    person_id: np.ndarray
    birth_day: np.ndarray
    death_day: np.ndarray
    end_day: np.ndarray
    age: np.ndarray
    band: np.ndarray
    female: np.ndarray
    hospital: np.ndarray
    interpreter: np.ndarray
    education: np.ndarray
    living_alone: np.ndarray

    @property
    def died(self) -> np.ndarray:
        """Died in the history window."""
        return (self.death_day < WINDOW_DAYS) & (self.death_day >= 0)


def as_days(dates: pl.Series) -> np.ndarray:
    """Dates as days since the window's start, float32; a missing date is infinity."""
    return (dates.to_physical().cast(pl.Float32) - EPOCH_DAY).fill_null(float("inf")).to_numpy()


def people(made: dict[str, pl.DataFrame]) -> People:
    """The block's persons as arrays. Age and band are those on the reference date, or at death."""
    persons = made["persons"]
    birth = as_days(persons["birth_date"])
    death = as_days(persons["death_date"])
    end = np.minimum(death, np.float32(WINDOW_DAYS))
    age = (end - birth) / np.float32(YEAR)
    levels = np.array([0.0, *reference().causal["education"]["levels"]], dtype=np.float32)
    household = persons["household_id"].to_numpy()
    size = np.bincount(household - household.min())
    return People(
        person_id=persons["person_id"].to_numpy(),
        birth_day=birth,
        death_day=death,
        end_day=end,
        age=age,
        band=np.searchsorted(BAND_STARTS, age, side="right"),
        female=(persons["sex"] == "F").to_numpy(),
        hospital=persons["hospital_id"].to_numpy().astype(np.int64) - 1,
        interpreter=persons["interpreter_needed"].to_numpy(),
        education=levels[persons["education"].fill_null(0).to_numpy()],
        living_alone=size[household - household.min()] == 1,
    )


def traits(ctx: Block, who: People) -> np.ndarray:
    """The unseen traits of causal.toml, shape (n, traits), float32: the first draw of the conditions' stream.

    Every clinical table may ask for them; they are the same each time and are in no table.
    """
    return draw_traits(ctx.rng("conditions"), who)


def draw_traits(rng: np.random.Generator, who: People) -> np.ndarray:
    """See `traits`; takes the traits off the front of `rng`."""
    effects = reference().causal["traits"]
    values = rng.standard_normal((len(who.age), len(effects)), dtype=np.float32)
    died = who.died
    share = np.bincount(who.band, died, minlength=len(BANDS)) / np.maximum(np.bincount(who.band, minlength=5), 1)
    # Centred in each age band, so that the shift of the dying moves no prevalence.
    shift = died - share[who.band].astype(np.float32)
    for column, effect in enumerate(effects.values()):
        education = effect["education"]
        values[:, column] *= np.sqrt(1 - education**2)
        values[:, column] += np.float32(education) * who.education + np.float32(effect["died"]) * shift
    return values


def trait(name: str) -> int:
    """Column of a trait in what `traits` returns."""
    return list(reference().causal["traits"]).index(name)


def onset_days(who: People, conditions: pl.DataFrame) -> np.ndarray:
    """Day of onset of every condition in every person: shape (n, C), float32, infinity where there is none."""
    days = np.full((len(who.age), len(reference().conditions)), NEVER, dtype=np.float32)
    person = conditions["person_id"].to_numpy() - who.person_id[0]
    days[person, conditions["condition"].to_physical().to_numpy()] = as_days(conditions["onset_date"])
    return days


def taking(who: People, medications: pl.DataFrame, codes: tuple[str, ...]) -> np.ndarray:
    """Who has been prescribed a medication whose ATC code begins with one of `codes`: (n,) bool."""
    names = medications["atc"].dtype.categories
    wanted = np.array([name.startswith(codes) for name in names])
    rows = wanted[medications["atc"].to_physical().to_numpy()]
    has = np.zeros(len(who.age), dtype=bool)
    has[medications["person_id"].to_numpy()[rows] - who.person_id[0]] = True
    return has


def enum(codes: np.ndarray, names: tuple[str, ...], missing: np.ndarray | None = None) -> pl.Series:
    """Codes 0 … len(names)-1 as a polars Enum, null where `missing`."""
    return enum_series(codes, enum_type(names), missing)


@functools.lru_cache(maxsize=256)
def enum_type(names: tuple[str, ...]) -> pl.Enum:
    """The Enum of these names, built once."""
    return pl.Enum(list(names))


@functools.lru_cache(maxsize=16)
def distinct(codes: tuple[str, ...]) -> tuple[tuple[str, ...], np.ndarray]:
    """The distinct codes in order, and for each entry of `codes` its place among them."""
    names = tuple(sorted(set(codes)))
    return names, np.array([names.index(code) for code in codes])


def dates(days: np.ndarray) -> pl.Series:
    """Days since the window's start as dates; NaN or infinity is a missing date."""
    whole = np.floor(np.where(np.isfinite(days), days, 0)).astype(np.int32) + EPOCH_DAY
    return with_nulls(pl.Series(whole).cast(pl.Date), ~np.isfinite(days))


def moments(minutes: np.ndarray) -> pl.Series:
    """Minutes since the window's start (int64) as date-times in microseconds."""
    return pl.Series((minutes + EPOCH_DAY * DAY_MINUTES) * 60_000_000).cast(pl.Datetime("us"))


def sigmoid(x: np.ndarray) -> np.ndarray:
    """Inverse of the log-odds."""
    return 1 / (1 + np.exp(-x))


def thresholds(female_share: np.ndarray) -> np.ndarray:
    """Liability above which a person has a common condition: shape (bands, 2 sexes, common conditions); M is 0, F 1.

    Arguments: share of women in each age band, (bands,). The mean over the sexes is the table's prevalence, except for
    a condition of one sex, whose prevalence is among that sex.
    """
    ref = reference()
    wanted = ref.prevalence[:, : ref.n_common]
    return -ndtri(by_sex(wanted, female_share, slice(0, ref.n_common))).astype(np.float32)


def by_sex(wanted: np.ndarray, female_share: np.ndarray, columns: slice) -> np.ndarray:
    """Prevalence (bands, c) to prevalence by sex (bands, 2, c)."""
    ref = reference()
    ratio = ref.female_to_male[columns]
    share = female_share[:, None]
    male = wanted / (share * ratio + 1 - share)
    both = np.stack([male, male * ratio], axis=1)
    for column, sex in enumerate(ref.only_sex[columns]):
        if sex != "any":
            both[:, :, column] = wanted[:, None, column] * np.array([sex == "M", sex == "F"])
    return np.clip(both, 0, 0.999)
