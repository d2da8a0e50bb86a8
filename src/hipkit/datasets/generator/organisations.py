"""Organisations: three hospitals, the municipalities, GP offices, a laboratory and a vendor.

Municipalities are real places; every other organisation is invented, and its name says that it is for practice.
"""

import numpy as np
import polars as pl

from hipkit.datasets.generator.arrays import fixed_digits
from hipkit.datasets.generator.identity import organisation_numbers
from hipkit.datasets.generator.streams import table_rng

HOSPITAL_IDS = (1, 2, 3)
FIRST_MUNICIPALITY_ID = 101
LABORATORY_ID = 201
VENDOR_ID = 202
FIRST_GP_OFFICE_ID = 1001

KINDS = pl.Enum(["hospital", "municipality", "gp_office", "laboratory", "vendor"])
PATIENTS_PER_GP = 1000
GPS_PER_OFFICE = 4


def gps_by_municipality(n_patients: int, share: np.ndarray) -> np.ndarray:
    """General practitioners in each municipality: one for every 1 000 inhabitants, at least one."""
    return np.maximum(1, np.rint(n_patients * share / PATIENTS_PER_GP)).astype(np.int64)


def build(n_patients: int, seed: int, reference) -> pl.DataFrame:
    """The table `organisations` (contract: organisations.toml), in order of `organisation_id`."""
    from hipkit.datasets.generator.pools import read_reference

    towns = reference.municipalities
    words = read_reference("invented_names")

    def invented(use: str) -> list[str]:
        return words.filter(pl.col("use") == use)["word"].to_list()

    largest = towns.sort("population", descending=True).group_by("hospital_id", maintain_order=True).first()
    seat = dict(zip(largest["hospital_id"], largest["municipality_code"], strict=True))
    ids, names, kinds, codes, parents = [], [], [], [], []

    def add(organisation_id: int, name: str, kind: str, code: str, parent: int | None = None) -> None:
        row = (organisation_id, name, kind, code, parent)
        for column, value in zip((ids, names, kinds, codes, parents), row, strict=True):
            column.append(value)

    for hospital, word in zip(HOSPITAL_IDS, invented("hospital"), strict=True):
        add(hospital, f"{word} øvingssykehus", "hospital", seat[hospital])
    for place, (code, name) in enumerate(towns.select("municipality_code", "name").iter_rows()):
        add(FIRST_MUNICIPALITY_ID + place, f"{name} øvingskommune", "municipality", code)
    add(LABORATORY_ID, f"{invented('laboratory')[0]} øvingslaboratorium", "laboratory", seat[1], 1)
    add(VENDOR_ID, f"{invented('vendor')[0]} øvingsteknologi", "vendor", seat[2])
    office_words = invented("gp_office")
    office = 0
    gps = gps_by_municipality(n_patients, reference.municipality_share)
    for place, count in enumerate(-(-gps // GPS_PER_OFFICE)):
        for _ in range(count):
            turn, word = divmod(office, len(office_words))
            name = f"{office_words[word]} øvingslegekontor" + (f" {turn + 1}" if turn else "")
            add(FIRST_GP_OFFICE_ID + office, name, "gp_office", towns["municipality_code"][place])
            office += 1
    # The numbers are dealt out in an order of the seed's, so that they say nothing about the kind.
    numbers = organisation_numbers(table_rng(seed, "organisations").permutation(len(ids)))
    return pl.DataFrame(
        {
            "organisation_id": pl.Series(ids, dtype=pl.Int32),
            "org_number": fixed_digits(numbers, 9),
            "name": pl.Series(names, dtype=pl.String),
            "kind": pl.Series(kinds, dtype=KINDS),
            "municipality_code": pl.Series(codes, dtype=reference.municipality_codes),
            "parent_id": pl.Series(parents, dtype=pl.Int32),
        }
    )
