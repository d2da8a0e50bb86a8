"""What an attacker can know without any record: items in local newspapers and on training sites.

Each item is about one person and tells an event, a date and some of age, sex and place. Most events come from a contact
of that person, so that they match a row of a de-identified table; some come from none. Rates, and how often an item
tells what: datasets/reference/sharing.toml. `person_id` is the truth, which the attacker does not have.
"""

from datetime import date

import numpy as np
import polars as pl

from hipkit.datasets.generator.arrays import date_series, enum_series, with_nulls
from hipkit.datasets.generator.block import HISTORY_START, REFERENCE_DATE, Block
from hipkit.datasets.generator.pools import read_planning

OLDEST = 120
_EPOCH = date(1970, 1, 1)


def build(ctx: Block, made: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """The table `auxiliary` (contract: auxiliary.toml) of one block."""
    rng = ctx.rng("auxiliary")
    plan = read_planning("sharing")["auxiliary"]
    persons = made["persons"]
    birth = persons["birth_date"].to_physical().to_numpy().astype(np.int64)
    parts = []
    for number, item in enumerate(plan.values()):
        person, event_day = _events(ctx, rng, item, made, birth)
        n = len(person)
        age = ((event_day - birth[person]) / 365.25).astype(np.int64)
        age += np.where(rng.random(n) < item["wrong"], rng.choice([-2, -1, 1, 2], n), 0)
        published = event_day + rng.integers(0, item["days"] + 1, n)
        tells = [rng.random(n) < item[what] for what in ("age", "sex", "postcode")]
        parts.append((person, np.full(n, number), event_day, published, age, *tells))
    person, kind, event_day, published, age, has_age, has_sex, has_postcode = (
        np.concatenate(column) for column in zip(*parts, strict=True)
    )
    if len(person) > ctx.n_persons:
        raise ValueError(f"{len(person)} items about {ctx.n_persons} persons: the numbering has no room")
    # Numbered in order of publication, so that the number says nothing about the person.
    order = np.lexsort((person, kind, published))
    rows = persons[person[order]]
    kind = kind[order]
    events = [item["event"] for item in plan.values()]
    sources = sorted({item["source"] for item in plan.values()})
    source = np.array([sources.index(item["source"]) for item in plan.values()])
    return {
        "auxiliary": pl.DataFrame(
            {
                "aux_id": pl.Series(np.arange(len(order)) + ctx.first_person_id, dtype=pl.Int64),
                "person_id": rows["person_id"],
                "source": enum_series(source[kind], pl.Enum(sources)),
                "published": date_series(published[order].astype("M8[D]")),
                "age": with_nulls(pl.Series(np.clip(age[order], 0, OLDEST), dtype=pl.Int16), ~has_age[order]),
                "sex": with_nulls(rows["sex"], ~has_sex[order]),
                "municipality_code": rows["municipality_code"],
                "postcode": with_nulls(rows["postcode"], ~has_postcode[order]),
                "event": enum_series(kind, pl.Enum(events)),
                "event_date": date_series(event_day[order].astype("M8[D]")),
            }
        )
    }


def _events(ctx: Block, rng, item: dict, made, birth: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Position of the persons whom items of one kind are about, at most one each, and the day since 1970."""
    wanted = int(rng.poisson(item["a_thousand"] * ctx.n_persons / 1000))
    start, end = (HISTORY_START - _EPOCH).days, (REFERENCE_DATE - _EPOCH).days
    death = made["persons"]["death_date"].to_physical().fill_null(end).to_numpy().astype(np.int64)
    if item["kind"] in ("none", "birthday"):
        person = rng.permutation(ctx.n_persons)
        day = rng.integers(start, end, ctx.n_persons)[person]
        if item["kind"] == "birthday":
            year = rng.integers(HISTORY_START.year, REFERENCE_DATE.year, ctx.n_persons)
            born = birth[person].astype("M8[D]").astype("M8[Y]")
            since = birth[person].astype("M8[D]") - born.astype("M8[D]")
            day = ((year - 1970).astype("M8[Y]").astype("M8[D]") + since).astype(np.int64)
            turned = year - (born.astype(np.int64) + 1970)
            round_number = (turned % 10 == 0) & (day < end)
            person, day = person[round_number], day[round_number]
    else:
        contacts = made["encounters"].filter(pl.col("kind") == item["kind"]).select("person_id", "start")
        contacts = contacts[rng.permutation(contacts.height)].unique("person_id", keep="first", maintain_order=True)
        person = contacts["person_id"].to_numpy() - ctx.first_person_id
        day = contacts["start"].dt.date().to_physical().to_numpy().astype(np.int64)
    age = (day - birth[person]) / 365.25
    fits = (age >= item["min_age"]) & (age < item.get("max_age", OLDEST)) & (day < death[person])
    return person[fits][:wanted], day[fits][:wanted]
