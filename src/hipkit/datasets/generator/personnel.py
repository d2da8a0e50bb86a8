"""Health personnel, and the staff of the laboratory and the vendor.

HPR numbers start at 900 000 001: nine digits, while numbers of the Norwegian register have seven.
"""

import numpy as np
import polars as pl

from hipkit.datasets.generator.arrays import date_series, enum_series
from hipkit.datasets.generator.organisations import GPS_PER_OFFICE, gps_by_municipality
from hipkit.datasets.generator.streams import table_rng

FIRST_HPR_NUMBER = 900_000_001
PROFESSIONS = pl.Enum(
    [
        "physician",
        "gp",
        "nurse",
        "care_worker",
        "health_secretary",
        "physiotherapist",
        "pharmacist",
        "biomedical_scientist",
        "medical_student",
        "support_engineer",
    ]
)
# Planning values [P]: share of men by profession, in the order of PROFESSIONS.
SHARE_MEN = np.array([0.46, 0.52, 0.11, 0.15, 0.03, 0.30, 0.24, 0.16, 0.36, 0.74])
BIRTH_YEARS = (1958, 2001)
STUDENT_BIRTH_YEARS = (1997, 2003)


def build(n_patients: int, seed: int, reference, organisations: pl.DataFrame) -> pl.DataFrame:
    """The table `personnel` (contract: personnel.toml), in order of `organisation_id` and profession."""
    from hipkit.datasets.generator.pools import read_reference

    rng = table_rng(seed, "personnel")
    staffing = read_reference("staffing")
    towns = reference.municipalities
    share_of_town = dict(zip(towns["municipality_code"], reference.municipality_share, strict=True))
    share_of_hospital = {
        hospital: float(reference.municipality_share[towns["hospital_id"].to_numpy() == hospital].sum())
        for hospital in towns["hospital_id"].unique()
    }
    left = dict(
        zip(towns["municipality_code"], gps_by_municipality(n_patients, reference.municipality_share), strict=True)
    )
    profession_code = {name: code for code, name in enumerate(PROFESSIONS.categories)}
    rows, jobs, counts = [], [], []
    for row, (organisation, kind, code) in enumerate(
        organisations.select("organisation_id", "kind", "municipality_code").iter_rows()
    ):
        if kind == "gp_office":
            here = min(GPS_PER_OFFICE, int(left[code]))
            left[code] -= here
            wanted = {"gp": here, "health_secretary": max(1, here // 2)}
        else:
            shares = {"hospital": share_of_hospital.get(organisation), "municipality": share_of_town[code]}
            share = shares.get(kind, 1.0)
            wanted = {
                profession: max(minimum, round(rate * share * n_patients / 1000))
                for profession, rate, minimum in staffing.filter(pl.col("organisation_kind") == kind)
                .select("profession", "per_1000", "minimum")
                .iter_rows()
            }
        for profession in sorted(wanted, key=profession_code.__getitem__):
            rows.append(row)
            jobs.append(profession_code[profession])
            counts.append(wanted[profession])
    row = np.repeat(rows, counts)
    job = np.repeat(jobs, counts)
    n = len(row)
    male = (rng.random(n) < SHARE_MEN[job]).astype(np.int64)
    student = job == profession_code["medical_student"]
    low = np.where(student, STUDENT_BIRTH_YEARS[0], BIRTH_YEARS[0])
    high = np.where(student, STUDENT_BIRTH_YEARS[1], BIRTH_YEARS[1])
    year = rng.integers(low, high)
    birth = (year - 1970).astype("M8[Y]").astype("M8[D]") + rng.integers(0, 365, n)
    origin = np.searchsorted([0.84, 0.94], rng.random(n), side="right")
    return pl.DataFrame(
        {
            "hpr_number": pl.Series(FIRST_HPR_NUMBER + rng.permutation(n), dtype=pl.Int32),
            "given_name": enum_series(reference.draw_given_names(rng, origin, male, year), reference.given_names),
            "family_name": enum_series(reference.family_pools.draw(rng, origin), reference.family_names),
            "birth_date": date_series(birth),
            "profession": enum_series(job, PROFESSIONS),
            "organisation_id": organisations["organisation_id"].gather(row),
            "municipality_code": organisations["municipality_code"].gather(row),
            "list_holder": pl.Series(job == profession_code["gp"]),
        }
    )
