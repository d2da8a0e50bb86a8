"""Random streams: one for every table and block, all from the population's seed."""

import numpy as np

# Part of every random stream. A number is never used again for another table, or the data would change.
TABLE_NUMBER = {
    "organisations": 1,
    "personnel": 2,
    "persons": 3,
    "national_ids": 4,
    "conditions": 10,
    "encounters": 11,
    "diagnoses": 12,
    "medications": 13,
    "lab_results": 14,
    "vital_signs": 15,
    "municipal_services": 16,
    "welfare_events": 17,
    "outcomes": 18,
    "waveforms": 19,
    "notes": 30,
    "note_spans": 31,
    "access_log": 32,
    "consents": 33,
    "shipments": 34,
    "patient_records": 35,
    "auxiliary": 36,
}


def table_rng(seed: int, table: str, block_index: int = 0) -> np.random.Generator:
    """The random stream of one table in one block: independent of every other table and block."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(TABLE_NUMBER[table], block_index)))
