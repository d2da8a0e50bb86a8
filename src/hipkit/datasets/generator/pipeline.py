"""Which steps make the population, and in what order."""

from dataclasses import dataclass
from importlib import import_module

import polars as pl

from hipkit.datasets.generator.block import make_block
from hipkit.datasets.generator.pools import build_pools

# Made once for the whole population, not by block.
GLOBAL_TABLES = ("organisations", "personnel")


@dataclass(frozen=True)
class Step:
    """One module of the generator.

    Attributes:
        module: name of the module in this package; it has `build(ctx, made) -> dict[str, pl.DataFrame]`.
        makes: the tables that it returns.
        needs: the tables of the same block that it reads from `made`.
    """

    module: str
    makes: tuple[str, ...]
    needs: tuple[str, ...] = ()


STEPS = (
    Step("persons", ("persons",)),
    Step("conditions", ("conditions",), needs=("persons",)),
    Step("medications", ("medications",), needs=("persons", "conditions")),
    Step("encounters", ("encounters", "diagnoses"), needs=("persons", "conditions", "medications")),
    Step("lab_results", ("lab_results",), needs=("persons", "conditions", "medications", "encounters", "diagnoses")),
    Step("vital_signs", ("vital_signs",), needs=("persons", "conditions", "medications", "encounters", "diagnoses")),
    Step("services", ("municipal_services", "welfare_events"), needs=("persons", "conditions")),
    Step("outcomes", ("outcomes",), needs=("persons", "conditions", "medications", "encounters")),
    Step("waveforms", ("waveforms",), needs=("persons", "conditions")),
    Step(
        "notes",
        ("notes", "note_spans"),
        needs=("persons", "conditions", "medications", "encounters", "diagnoses"),
    ),
    Step("access_log", ("access_log",), needs=("persons", "encounters", "municipal_services")),
    Step("consents", ("consents",), needs=("persons", "conditions")),
    Step("shipments", ("shipments",)),
    Step("patient_records", ("patient_records",), needs=("persons",)),
    Step("auxiliary", ("auxiliary",), needs=("persons", "encounters")),
)


def steps_for(tables: tuple[str, ...] | None) -> tuple[Step, ...]:
    """The steps that are needed for `tables` (all steps for None), in order."""
    if tables is None:
        return STEPS
    wanted, chosen = set(tables), []
    for step in reversed(STEPS):
        if wanted & set(step.makes):
            chosen.append(step)
            wanted |= set(step.needs)
    return tuple(reversed(chosen))


def table_names() -> tuple[str, ...]:
    """All tables of the population, in the order in which they are made."""
    return GLOBAL_TABLES + tuple(name for step in STEPS for name in step.makes)


def build_block(
    n_patients: int, seed: int, index: int, tables: tuple[str, ...] | None = None
) -> dict[str, pl.DataFrame]:
    """Make one block; only the named tables are returned."""
    ctx = make_block(build_pools(n_patients, seed), index)
    made: dict[str, pl.DataFrame] = {}
    for step in steps_for(tables):
        new = import_module(f"hipkit.datasets.generator.{step.module}").build(ctx, made)
        if set(new) != set(step.makes):
            raise ValueError(f"step {step.module} returned {sorted(new)} and not {sorted(step.makes)}")
        made |= new
    return made if tables is None else {name: made[name] for name in made if name in tables}
