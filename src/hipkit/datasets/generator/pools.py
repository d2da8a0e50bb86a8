"""The small tables that all blocks share: reference tables, organisations and personnel.

Everything here follows from the number of patients and the seed in closed form, so that every process makes the same.
"""

import tomllib
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import polars as pl

from hipkit.datasets.generator.arrays import WeightedPools
from hipkit.errors import KitError
from hipkit.paths import DATASETS

REFERENCE = DATASETS / "reference"
ORIGINS = ("norway", "nordic_eu", "rest_of_world")
FIRST_DECADE, LAST_DECADE = 1910, 2020
_FOLD = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "é": "e", "ü": "u", "ö": "o", "ä": "a", "è": "e", " ": "-"})


def read_reference(name: str) -> pl.DataFrame:
    """A reference table `datasets/reference/<name>.csv`; columns that hold codes stay strings."""
    file = REFERENCE / f"{name}.csv"
    if not file.exists():
        raise KitError(f"{file} is missing. It is part of the course: restore it with git checkout.")
    codes = {"municipality_code": pl.String, "postcode": pl.String}
    table = pl.read_csv(file, infer_schema_length=None)
    return pl.read_csv(file, infer_schema_length=None, schema_overrides={c: codes[c] for c in codes if c in table})


def read_planning(name: str) -> dict:
    """Planning values `datasets/reference/<name>.toml`."""
    file = REFERENCE / f"{name}.toml"
    if not file.exists():
        raise KitError(f"{file} is missing. It is part of the course: restore it with git checkout.")
    return tomllib.loads(file.read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Reference:
    """Reference tables as arrays, the same for every population.

    `municipalities` has the columns of municipalities.csv in the order of the codes; a municipality's index is its row.
    The Enum types list every value a categorical column can take.
    """

    municipalities: pl.DataFrame
    municipality_share: np.ndarray
    municipality_pool: WeightedPools
    planning: dict
    age_share: np.ndarray
    women_share: np.ndarray
    given_names: pl.Enum
    given_pools: WeightedPools
    given_code: np.ndarray
    given_folded: pl.Series
    family_names: pl.Enum
    family_pools: WeightedPools
    family_folded: pl.Series
    municipality_codes: pl.Enum
    postcodes: pl.Enum
    postcode_pools: WeightedPools
    places: pl.Enum
    place_of_postcode: np.ndarray
    streets: pl.Series

    def draw_given_names(self, rng: np.random.Generator, origin, male, birth_year) -> np.ndarray:
        """Codes in `given_names` for int arrays (n,): origin, 0/1 male and birth year."""
        decade = (np.clip(birth_year, FIRST_DECADE, LAST_DECADE + 9) - FIRST_DECADE) // 10
        return self.given_code[self.given_pools.draw(rng, _name_key(origin, male, np.where(origin == 0, decade, 0)))]


def _name_key(origin, male, decade):
    return (origin * 2 + male) * 100 + decade


@lru_cache(maxsize=1)
def reference() -> Reference:
    """The reference tables, read once in a process."""
    municipalities = read_reference("municipalities").sort("municipality_code")
    people = municipalities["population"].to_numpy()
    frame = read_reference("age_sex").sort("age")
    names = read_reference("names").with_columns(pl.col("decade").fill_null(FIRST_DECADE))
    given = sorted(set(names["name"]))
    given_index = {name: code for code, name in enumerate(given)}
    origin_index = {name: code for code, name in enumerate(ORIGINS)}
    name_keys = _name_key(
        np.array([origin_index[o] for o in names["origin"]]),
        (names["sex"] == "M").to_numpy().astype(np.int64),
        (names["decade"].to_numpy() - FIRST_DECADE) // 10,
    )
    surnames = read_reference("surnames")
    postcodes = read_reference("postcodes").sort("postcode")
    codes = municipalities["municipality_code"].to_list()
    places = sorted(set(postcodes["place"]))
    return Reference(
        municipalities=municipalities,
        municipality_share=people / people.sum(),
        municipality_pool=WeightedPools(np.zeros(len(people), dtype=np.int64), people),
        planning=read_planning("persons"),
        age_share=frame["share"].to_numpy() / frame["share"].sum(),
        women_share=frame["share_women"].to_numpy(),
        given_names=pl.Enum(given),
        given_pools=WeightedPools(name_keys, names["weight"].to_numpy()),
        given_code=np.array([given_index[name] for name in names["name"]]),
        given_folded=pl.Series([name.lower().translate(_FOLD) for name in given]),
        family_names=pl.Enum(surnames["surname"]),
        family_pools=WeightedPools(
            np.array([origin_index[o] for o in surnames["origin"]]), surnames["weight"].to_numpy()
        ),
        family_folded=pl.Series([name.lower().translate(_FOLD) for name in surnames["surname"]]),
        municipality_codes=pl.Enum(codes),
        postcodes=pl.Enum(postcodes["postcode"]),
        postcode_pools=WeightedPools(
            np.array([codes.index(c) for c in postcodes["municipality_code"]]), postcodes["weight"].to_numpy()
        ),
        places=pl.Enum(places),
        place_of_postcode=np.array([places.index(p) for p in postcodes["place"]]),
        streets=read_reference("streets")["street"],
    )


@dataclass(frozen=True)
class Pools:
    """What all blocks of one population share.

    Attributes:
        n_patients, seed: the population.
        n_blocks: number of blocks.
        reference: the reference tables.
        organisations, personnel: the two global tables, sorted by `organisation_id`; see their contracts.
        gp_start, gp_count: rows of each municipality's general practitioners in `gp_hpr`, shape (municipalities,).
        gp_hpr: HPR numbers of the list-holding GPs, ordered by municipality.
    """

    n_patients: int
    seed: int
    n_blocks: int
    reference: Reference
    organisations: pl.DataFrame
    personnel: pl.DataFrame
    gp_start: np.ndarray
    gp_count: np.ndarray
    gp_hpr: np.ndarray

    def draw_staff(
        self, rng: np.random.Generator, organisation_ids: np.ndarray, professions: tuple[str, ...]
    ) -> np.ndarray:
        """One member of staff for each organisation id (n,), among `professions`.

        Returns:
            HPR numbers, int32 (n,).

        Raises:
            ValueError: an organisation has nobody of these professions.
        """
        hpr, ids, start, count = _staff_index(self.n_patients, self.seed, tuple(professions))
        place = np.searchsorted(ids, organisation_ids)
        if len(organisation_ids) and (
            place.max() >= len(ids) or (ids[np.minimum(place, len(ids) - 1)] != organisation_ids).any()
        ):
            raise ValueError(f"an organisation has no staff among {professions}")
        return hpr[start[place] + (rng.random(len(organisation_ids)) * count[place]).astype(np.int64)]


@lru_cache(maxsize=32)
def _staff_index(n_patients: int, seed: int, professions: tuple[str, ...]):
    staff = build_pools(n_patients, seed).personnel.filter(pl.col("profession").cast(pl.String).is_in(professions))
    ids, start = np.unique(staff["organisation_id"].to_numpy(), return_index=True)
    return staff["hpr_number"].to_numpy(), ids, start, np.diff(np.r_[start, staff.height])


@lru_cache(maxsize=2)
def build_pools(n_patients: int, seed: int) -> Pools:
    """The shared tables of the population with `n_patients` persons and this seed."""
    from hipkit.datasets.generator import organisations, personnel  # they need this module's Reference
    from hipkit.datasets.generator.block import n_blocks

    shared = reference()
    offices = organisations.build(n_patients, seed, shared)
    staff = personnel.build(n_patients, seed, shared, offices)
    gps = staff.filter(pl.col("list_holder")).with_columns(municipality=pl.col("municipality_code").to_physical())
    gps = gps.sort("municipality", maintain_order=True)
    n_municipalities = shared.municipalities.height
    count = np.bincount(gps["municipality"].to_numpy(), minlength=n_municipalities)
    return Pools(
        n_patients=n_patients,
        seed=seed,
        n_blocks=n_blocks(n_patients),
        reference=shared,
        organisations=offices,
        personnel=staff,
        gp_start=np.r_[0, np.cumsum(count)[:-1]],
        gp_count=count,
        gp_hpr=gps["hpr_number"].to_numpy(),
    )
