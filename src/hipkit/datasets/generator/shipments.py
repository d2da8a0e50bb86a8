"""Shipments of data between the parties: what went from whom to whom, for what, on which legal basis.

Flows and rates: datasets/reference/sharing.toml. A small declared share has a deviation, which the other columns show
where they can: an unencrypted shipment is not encrypted, a missing legal basis is missing.
"""

import numpy as np
import polars as pl

from hipkit.datasets.generator.arrays import enum_series, with_nulls
from hipkit.datasets.generator.block import HISTORY_START, REFERENCE_DATE, Block
from hipkit.datasets.generator.pools import read_planning

MINUTES_A_DAY = 1440


def build(ctx: Block, made: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """The table `shipments` (contract: shipments.toml) of one block: the shipments about its persons' region."""
    rng = ctx.rng("shipments")
    plan = read_planning("sharing")["shipments"]
    flows = plan["flow"]
    days = (REFERENCE_DATE - HISTORY_START).days
    n = min(int(rng.poisson(plan["a_thousand"] * ctx.n_persons / 1000 * days / 365.25)), ctx.n_persons)
    weight = np.array([flow["weight"] for flow in flows], dtype=float)
    flow = np.searchsorted(np.cumsum(weight / weight.sum())[:-1], rng.random(n), side="right")
    sender = _party(ctx, rng, [f["sender"] for f in flows], flow)
    recipient = _party(ctx, rng, [f["recipient"] for f in flows], flow)
    # Two hospitals of one flow are two hospitals.
    again = sender == recipient
    recipient = np.where(again, sender % 3 + 1, recipient)

    def of_flow(key: str) -> np.ndarray:
        return np.array([f[key] for f in flows])[flow]

    people = np.rint(of_flow("persons") * np.exp(of_flow("spread") * rng.standard_normal(n))).astype(np.int64)
    people = np.clip(people, 1, ctx.pools.n_patients)
    records = np.maximum(people, rng.poisson(people * of_flow("records")))
    deviations = plan["deviations"]
    names = list(deviations)
    which = np.searchsorted(np.cumsum(list(deviations.values())), rng.random(n), side="right")
    # A message about one patient between two health services holds the identifiers it must hold.
    single = of_flow("persons") == 1
    which = np.where(single & (which == names.index("direct_identifiers_left")), len(names), which)
    none = which == len(names)
    day = rng.integers(0, days, n)
    minute = rng.integers(7 * 60, 17 * 60, n)
    start = np.datetime64(HISTORY_START, "m").astype(np.int64)
    order = np.argsort(day * MINUTES_A_DAY + minute, kind="stable")
    columns = {
        "sent_at": pl.Series((start + day * MINUTES_A_DAY + minute) * 60_000_000).cast(pl.Datetime("us")),
        "sender_id": pl.Series(sender, dtype=pl.Int32),
        "recipient_id": pl.Series(recipient, dtype=pl.Int32),
        "purpose": _text(flows, "purpose", flow),
        "legal_basis": with_nulls(_text(flows, "legal_basis", flow), which == names.index("legal_basis_missing")),
        "n_persons": pl.Series(people, dtype=pl.Int32),
        "n_records": pl.Series(records, dtype=pl.Int32),
        "channel": _text(flows, "channel", flow),
        "encrypted": pl.Series(which != names.index("sent_unencrypted")),
        "deviation": with_nulls(enum_series(np.minimum(which, len(names) - 1), pl.Enum(names)), none),
    }
    ids = pl.Series("shipment_id", np.arange(n) + ctx.first_person_id, dtype=pl.Int64)
    return {"shipments": pl.DataFrame(columns)[order].insert_column(0, ids)}


def _text(flows: list[dict], key: str, flow: np.ndarray) -> pl.Series:
    values = sorted({f[key] for f in flows})
    return enum_series(np.array([values.index(f[key]) for f in flows])[flow], pl.Enum(values))


def _party(ctx: Block, rng: np.random.Generator, kinds: list[str], flow: np.ndarray) -> np.ndarray:
    """One organisation of the wanted kind for each shipment; larger municipalities and hospitals no more often."""
    organisation = np.zeros(len(flow), dtype=np.int64)
    for number, kind in enumerate(kinds):
        rows = np.flatnonzero(flow == number)
        ids = ctx.pools.organisations.filter(pl.col("kind") == kind)["organisation_id"].to_numpy()
        organisation[rows] = rng.choice(ids, len(rows))
    return organisation
