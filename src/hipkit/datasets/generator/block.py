"""A block: the fixed-size piece of the population that is made on its own.

A population is a row of blocks of 25 000 persons. A block depends on the seed, its own index and the small tables that
are shared by all (`Pools`), and on no other block. Blocks can therefore be made in any order, by any number of
processes, and give the same bytes.
"""

from dataclasses import dataclass, field
from datetime import date

import numpy as np

from hipkit.datasets.generator.pools import Pools
from hipkit.datasets.generator.streams import table_rng

BLOCK_SIZE = 25_000

# The data's "today". Every age is an age on this day, and the history is the two years before it.
REFERENCE_DATE = date(2026, 1, 1)
HISTORY_START = date(2024, 1, 1)
HISTORY_END = date(2025, 12, 31)


@dataclass(frozen=True)
class Block:
    """What a table's `build(ctx, made)` knows about the block it works on.

    Attributes:
        seed: the population's seed.
        index: 0-based number of the block.
        first_person_id: `person_id` of the block's first person; ids are 1-based and run on through the blocks.
        n_persons: persons in this block: 25 000, fewer in the last one.
        pools: lookup tables shared by all blocks; never changed.
    """

    seed: int
    index: int
    first_person_id: int
    n_persons: int
    pools: Pools = field(repr=False)

    def rng(self, table: str) -> np.random.Generator:
        """The random stream of `table` in this block. Each call starts the stream anew: call it once."""
        return table_rng(self.seed, table, self.index)


def n_blocks(n_patients: int) -> int:
    """Blocks needed for `n_patients` persons."""
    return -(-n_patients // BLOCK_SIZE)


def make_block(pools: Pools, index: int) -> Block:
    """Block number `index` of the population that `pools` belongs to."""
    first = index * BLOCK_SIZE
    size = min(BLOCK_SIZE, pools.n_patients - first)
    if index < 0 or size < 1:
        raise IndexError(f"block {index} of a population of {pools.n_patients}")
    return Block(pools.seed, index, first + 1, size, pools)
