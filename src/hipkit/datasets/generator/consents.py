"""Consents and opt-outs: who has said yes or no to what, from when until when.

A row is a decision that differs from the default; withdrawing it makes the row end. Who decides is not random: persons
with a condition that people hide, and locally known persons, opt out more often. Rates:
datasets/reference/sharing.toml.
"""

from datetime import date

import numpy as np
import polars as pl

from hipkit.datasets.generator.arrays import date_series, enum_series
from hipkit.datasets.generator.block import REFERENCE_DATE, Block
from hipkit.datasets.generator.pools import read_planning

DECISIONS = pl.Enum(["opt_in", "opt_out"])
# Children's decisions are their parents'; a decision of one's own comes from this age on.
DECIDES_FROM = 16
IDS_A_PERSON = 10


def build(ctx: Block, made: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """The table `consents` (contract: consents.toml) of one block."""
    rng = ctx.rng("consents")
    plan = read_planning("sharing")
    persons, n = made["persons"], ctx.n_persons
    sensitive = np.zeros(n, dtype=bool)
    hidden = made["conditions"].filter(pl.col("condition").cast(pl.String).is_in(plan["sensitive"]["conditions"]))
    sensitive[hidden["person_id"].to_numpy() - ctx.first_person_id] = True
    vip = persons["vip"].to_numpy()
    # A decision can be made from the sixteenth birthday (births are in days since 1970) until death or today.
    birth = persons["birth_date"].to_physical().to_numpy().astype(np.int64)
    today = (REFERENCE_DATE - date(1970, 1, 1)).days
    end = persons["death_date"].to_physical().fill_null(today).to_numpy().astype(np.int64)
    parts = []
    for scope, rates in enumerate(plan["consents"].values()):
        factor = np.where(sensitive, rates["factor_sensitive"], 1.0) * np.where(vip, rates["factor_vip"], 1.0)
        # Weighted so that the share of all persons stays the declared one.
        chance = np.minimum(rates["share"] * factor / factor.mean(), 1.0)
        first = np.maximum((rates["first_day"] - date(1970, 1, 1)).days, birth + round(DECIDES_FROM * 365.25))
        who = np.flatnonzero((rng.random(n) < chance) & (first < end - 1))
        start = first[who] + (rng.random(len(who)) * (end[who] - 1 - first[who])).astype(np.int64)
        stop = start + 1 + (rng.random(len(who)) * (end[who] - 1 - start)).astype(np.int64)
        parts.append((who, np.full(len(who), scope), start, stop, rng.random(len(who)) < rates["withdrawn"]))
    who, scope, start, stop, withdrawn = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort((scope, who))
    who, scope, start, stop, withdrawn = (column[order] for column in (who, scope, start, stop, withdrawn))
    scopes = list(plan["consents"])
    decision = np.array([DECISIONS.categories.to_list().index(r["decision"]) for r in plan["consents"].values()])
    person = who + ctx.first_person_id
    return {
        "consents": pl.DataFrame(
            {
                "consent_id": pl.Series(person * IDS_A_PERSON + scope, dtype=pl.Int64),
                "person_id": pl.Series(person, dtype=pl.Int64),
                "scope": enum_series(scope, pl.Enum(scopes)),
                "decision": enum_series(decision[scope], DECISIONS),
                "valid_from": date_series(start.astype("M8[D]")),
                "valid_to": date_series(stop.astype("M8[D]"), ~withdrawn),
            }
        )
    }
