"""National identity numbers that no living person can have.

Structure: DDMMYY, three individual digits, two control digits. The month is raised by 80 as in the Norwegian Tax
Administration's synthetic population, and the control digits are computed afterwards, so that software which knows
synthetic numbers accepts them and software which does not rejects the date. D-numbers have the day raised by 40 too.

The series of individual numbers follow the birth year: 1854-1899: 500-749; 1900-1939: 000-499; 1940-1999: 000-499 and
900-999; 2000-2039: 500-999. The third individual digit is even for women and odd for men. A number whose control digit
would be 10 is not used.

Unique by construction: all numbers of one birth year and sex are laid out in a row of cells (day of the year times
individual number) and block b of B owns the cells c with c mod B = b. A block draws among its own cells only.
"""

import numpy as np

from hipkit.errors import KitError

MONTH_OFFSET = 80
DAY_OFFSET_D_NUMBER = 40

K1_WEIGHTS = np.array([3, 7, 6, 1, 8, 9, 4, 5, 2], dtype=np.int32)
K2_WEIGHTS = np.array([5, 4, 3, 2, 7, 6, 5, 4, 3, 2], dtype=np.int32)
ORG_WEIGHTS = np.array([3, 2, 7, 6, 5, 4, 3, 2], dtype=np.int32)

# After this many draws a year is nearly full, and the free cells are listed instead of guessed.
MAX_REDRAWS = 60


def _series(year: int) -> list[range]:
    if year < 1900:
        return [range(500, 750)]
    if year < 1940:
        return [range(0, 500)]
    if year < 2000:
        return [range(0, 500), range(900, 1000)]
    return [range(500, 1000)]


# Individual numbers per period and sex (0 = F, 1 = M), as rows of one padded table.
_PERIOD_STARTS = np.array([1854, 1900, 1940, 2000])
_SERIES = {
    (period, sex): np.array([i for part in _series(int(start)) for i in part if i % 2 == sex])
    for period, start in enumerate(_PERIOD_STARTS)
    for sex in (0, 1)
}
_SERIES_LENGTH = np.array([[len(_SERIES[p, s]) for s in (0, 1)] for p in range(len(_PERIOD_STARTS))])
_SERIES_TABLE = np.zeros((len(_PERIOD_STARTS), 2, _SERIES_LENGTH.max()), dtype=np.int64)
for (_p, _s), _numbers in _SERIES.items():
    _SERIES_TABLE[_p, _s, : len(_numbers)] = _numbers


def control_digits(nine: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The two control digits of nine-digit stems.

    Args:
        nine: int array of shape (n,), the first nine digits as one number.

    Returns:
        k1 and k2, int arrays of shape (n,). A value of 10 means that the stem has no valid number.
    """
    rest = nine.astype(np.int32)  # nine digits fit, and 32 bits divide faster
    sum1 = np.zeros(rest.shape, dtype=np.int32)
    sum2 = np.zeros(rest.shape, dtype=np.int32)
    for place in range(8, -1, -1):
        tens = rest // 10
        digit = rest - tens * 10
        sum1 += digit * K1_WEIGHTS[place]
        sum2 += digit * K2_WEIGHTS[place]
        rest = tens
    k1 = (11 - sum1 % 11) % 11
    k2 = (11 - (sum2 + k1 * K2_WEIGHTS[9]) % 11) % 11
    return k1.astype(np.int64), k2.astype(np.int64)


def _number(day: np.ndarray, month: np.ndarray, year: np.ndarray, individual: np.ndarray, d_number: np.ndarray):
    """Numbers as int64, and whether each has valid control digits."""
    nine = (day + DAY_OFFSET_D_NUMBER * d_number) * 10_000_000 + (month + MONTH_OFFSET) * 100_000
    nine = nine + (year % 100) * 1000 + individual
    k1, k2 = control_digits(nine)
    return nine * 100 + k1 * 10 + k2, (k1 < 10) & (k2 < 10)


def _unpack(cell: np.ndarray, year: np.ndarray, male: np.ndarray, d_number: np.ndarray):
    """Birth date and number of cells; a cell is individual number times days of the year, plus the day."""
    first = year.astype("M8[Y]", copy=False) if year.dtype.kind == "M" else (year - 1970).astype("M8[Y]")
    first_day = first.astype("M8[D]")
    days = ((first + 1).astype("M8[D]") - first_day).astype(np.int64)
    period = np.searchsorted(_PERIOD_STARTS, year, side="right") - 1
    individual = _SERIES_TABLE[period, male, cell // days]
    birth = first_day + (cell % days)
    month_start = birth.astype("M8[M]")
    month = month_start.astype(np.int64) % 12 + 1
    day = (birth - month_start.astype("M8[D]")).astype(np.int64) + 1
    number, valid = _number(day, month, year, individual, d_number)
    return birth, number, valid


def cells_in_year(year: np.ndarray, male: np.ndarray) -> np.ndarray:
    """Cells of a birth year and sex: days of the year times individual numbers."""
    first = (year - 1970).astype("M8[Y]")
    days = ((first + 1).astype("M8[D]") - first.astype("M8[D]")).astype(np.int64)
    period = np.searchsorted(_PERIOD_STARTS, year, side="right") - 1
    return days * _SERIES_LENGTH[period, male]


def allot(
    rng: np.random.Generator, year: np.ndarray, male: np.ndarray, d_number: np.ndarray, block: int, n_blocks: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw a birth date within the birth year and a number that nobody else in the population has.

    Args:
        rng: random stream.
        year: int array (n,), birth years 1854-2039.
        male: int array (n,), 0 for women and 1 for men.
        d_number: int or bool array (n,), 1 for persons with a D-number.
        block: index of the block.
        n_blocks: blocks in the whole population.

    Returns:
        birth dates (datetime64[D]), numbers (int64; print with 11 digits) and who has a D-number (bool). In a block
        whose numbers of one year and sex are used up, the last persons get a D-number; this happens above about five
        million patients only.

    Raises:
        KitError: both the ordinary and the D-numbers of a year are used up.
    """
    year = year.astype(np.int64)
    male = male.astype(np.int64)
    d_number = d_number.astype(np.int64).copy()
    n = len(year)
    owned = (cells_in_year(year, male) - block + n_blocks - 1) // n_blocks
    cell = np.empty(n, dtype=np.int64)
    birth = np.empty(n, dtype="M8[D]")
    number = np.empty(n, dtype=np.int64)
    taken = np.empty(0, dtype=np.int64)
    todo = np.arange(n)
    for _ in range(MAX_REDRAWS):
        cell[todo] = rng.integers(0, owned[todo]) * n_blocks + block
        birth[todo], number[todo], valid = _unpack(cell[todo], year[todo], male[todo], d_number[todo])
        # Keep the first holder of each number; those before this round are in `taken`, which is sorted.
        _, first = np.unique(number[todo], return_index=True)
        fresh = np.zeros(len(todo), dtype=bool)
        fresh[first] = True
        place = np.minimum(np.searchsorted(taken, number[todo]), max(len(taken) - 1, 0))
        known = taken[place] == number[todo] if len(taken) else np.zeros(len(todo), dtype=bool)
        good = valid & fresh & ~known
        taken = np.sort(np.concatenate([taken, number[todo][good]]))
        todo = todo[~good]
        if not len(todo):
            return birth, number, d_number.astype(bool)
    return _allot_rest(rng, year, male, d_number, block, n_blocks, birth, number, taken, todo)


def _allot_rest(rng, year, male, d_number, block, n_blocks, birth, number, taken, todo):
    """List the free cells of the nearly full years and deal them out; a full year goes on with D-numbers."""
    taken = set(taken.tolist())
    keys = np.stack([year[todo], male[todo], d_number[todo]])
    for key_year, key_male, key_d in np.unique(keys, axis=1).T:
        who = todo[(keys == [[key_year], [key_male], [key_d]]).all(axis=0)]
        for kind in (key_d, 1) if not key_d else (1,):
            cells = np.arange(block, int(cells_in_year(np.array([key_year]), np.array([key_male]))[0]), n_blocks)
            same = np.ones(len(cells), dtype=np.int64)
            dates, numbers, valid = _unpack(cells, same * key_year, same * key_male, same * kind)
            free = np.flatnonzero(valid & ~np.isin(numbers, np.fromiter(taken, dtype=np.int64)))
            rng.shuffle(free)
            chosen, who_now, who = free[: len(who)], who[: len(free)], who[len(free) :]
            birth[who_now], number[who_now], d_number[who_now] = dates[chosen], numbers[chosen], kind
            taken.update(numbers[chosen].tolist())
        if len(who):
            raise KitError(
                f"There are not enough identity numbers for persons born in {key_year}: the population is too large. "
                "Make at most 10 000 000 patients."
            )
    return birth, number, d_number.astype(bool)


def organisation_control_digit(stem: np.ndarray) -> np.ndarray:
    """Control digit of eight-digit stems of organisation numbers, int array (n,); 10 means that there is none."""
    rest, total = stem.astype(np.int64), np.zeros(stem.shape, dtype=np.int64)
    for place in range(7, -1, -1):
        rest, digit = np.divmod(rest, 10)
        total += digit * ORG_WEIGHTS[place]
    return (11 - total % 11) % 11


def organisation_numbers(index: np.ndarray) -> np.ndarray:
    """Nine-digit organisation numbers with first digit 2 or 3, which the register does not issue.

    Args:
        index: int array (n,), 0-based; distinct indexes give distinct numbers.

    Returns:
        int64 array (n,) with a valid modulus-11 control digit.
    """
    index = np.asarray(index, dtype=np.int64)
    # One stem in eleven has no number, so that twice as many stems are enough.
    stems = np.arange(20_000_000, 20_000_000 + 2 * (int(index.max(initial=0)) + 20), dtype=np.int64)
    control = organisation_control_digit(stems)
    return (stems * 10 + control)[control < 10][index]
