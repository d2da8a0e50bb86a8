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


FIRST_YEAR, LAST_YEAR = 1854, 2039
_YEARS = np.arange(FIRST_YEAR, LAST_YEAR + 2)
_YEAR_START = (_YEARS - 1970).astype("M8[Y]").astype("M8[D]").astype(np.int32)
_DAYS_IN_YEAR = np.diff(_YEAR_START)
_LEAP = (_DAYS_IN_YEAR == 366).astype(np.int32)
# Day and month, times their places in the number, by leap year and day of the year.
_DAY_MONTH = np.zeros((2, 366), dtype=np.int32)
for _leap, _year in enumerate(("2001", "2000")):
    _dates = np.arange(_year, str(int(_year) + 1), dtype="M8[D]")
    _months = _dates.astype("M8[M]")
    _day = (_dates - _months.astype("M8[D]")).astype(np.int32) + 1
    _DAY_MONTH[_leap, : len(_dates)] = _day * 10_000_000 + (_months.astype(np.int32) % 12 + 1 + MONTH_OFFSET) * 100_000

# Individual numbers of every birth year and sex (0 = F, 1 = M), in a padded table.
_SERIES = [[[i for part in _series(int(year)) for i in part if i % 2 == sex] for sex in (0, 1)] for year in _YEARS[:-1]]
_SERIES_LENGTH = np.array([[len(numbers) for numbers in sexes] for sexes in _SERIES], dtype=np.int32)
_SERIES_TABLE = np.zeros((*_SERIES_LENGTH.shape, _SERIES_LENGTH.max()), dtype=np.int32)
for _row, _sexes in enumerate(_SERIES):
    for _sex, _numbers in enumerate(_sexes):
        _SERIES_TABLE[_row, _sex, : len(_numbers)] = _numbers


def control_digits(nine: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The two control digits of nine-digit stems.

    Args:
        nine: int array of shape (n,), the first nine digits as one number.

    Returns:
        k1 and k2, int arrays of shape (n,). A value of 10 means that the stem has no valid number.
    """
    rest = nine.astype(np.int32)  # nine digits fit, and 32 bits divide faster
    thousands = rest // 1000
    millions = thousands // 1000
    sums = _WEIGHED[2][rest - thousands * 1000]
    sums += _WEIGHED[1][thousands - millions * 1000]
    sums += _WEIGHED[0][millions]
    k1 = _CONTROL_DIGIT[sums >> 16]
    return k1, _CONTROL_DIGIT[(sums & 0xFFFF) + k1 * K2_WEIGHTS[9]]


# The weighted sums of three digits at a time, in each third of the stem: for k1 above bit 16, for k2 below.
_DIGITS = np.arange(1000, dtype=np.int32)[:, None] // np.array([100, 10, 1], dtype=np.int32) % 10
_WEIGHED = [
    (_DIGITS @ np.array(K1_WEIGHTS[third : third + 3]) << 16) + _DIGITS @ np.array(K2_WEIGHTS[third : third + 3])
    for third in (0, 3, 6)
]
# Control digit of a weighted sum; 10 stands for none.
_CONTROL_DIGIT = (11 - np.arange(1024) % 11) % 11


def _unpack(cell: np.ndarray, row: np.ndarray, male: np.ndarray, d_number: np.ndarray):
    """Birth date (days since 1970), number and its validity of cells; `row` is the birth year less `FIRST_YEAR`.

    A cell is an individual number times the days of the year, plus the day.
    """
    place = cell // _DAYS_IN_YEAR[row]
    day = cell - place * _DAYS_IN_YEAR[row]
    nine = _DAY_MONTH[_LEAP[row], day] + DAY_OFFSET_D_NUMBER * 10_000_000 * d_number
    nine += (row + FIRST_YEAR) % 100 * 1000 + _SERIES_TABLE[row, male, place]
    k1, k2 = control_digits(nine)
    return _YEAR_START[row] + day, nine * np.int64(100) + (k1 * 10 + k2), (k1 < 10) & (k2 < 10)


def cells_in_year(year: np.ndarray, male: np.ndarray) -> np.ndarray:
    """Cells of a birth year and sex: days of the year times individual numbers."""
    return _DAYS_IN_YEAR[year - FIRST_YEAR] * _SERIES_LENGTH[year - FIRST_YEAR, male]


def _first_of_each(numbers: np.ndarray) -> np.ndarray:
    """True for the first entry of each value: the value and its place are sorted as one 64-bit number."""
    bits = max(1, len(numbers).bit_length())
    keys = np.sort((numbers << bits) | np.arange(len(numbers)))
    value = keys >> bits
    first = np.ones(len(numbers), dtype=bool)
    first[(keys & ((1 << bits) - 1))[1:]] = value[1:] != value[:-1]
    return first


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
        whose numbers of one year and sex are used up, the last persons get a D-number.

    Raises:
        KitError: both the ordinary and the D-numbers of a year are used up.
    """
    row = (year - FIRST_YEAR).astype(np.int32)
    male = male.astype(np.int32)
    d_number = d_number.astype(np.int32)
    n = len(row)
    owned = (cells_in_year(year, male) - block + n_blocks - 1) // n_blocks
    birth = np.empty(n, dtype=np.int32)
    number = np.empty(n, dtype=np.int64)
    holders = np.arange(n)
    todo = holders
    for _ in range(MAX_REDRAWS):
        invalid = todo
        while len(invalid):
            # A share of the row of own cells; 53 random bits are far more than the row is long.
            cell = (rng.random(len(invalid)) * owned[invalid]).astype(np.int32) * n_blocks + block
            birth[invalid], number[invalid], valid = _unpack(cell, row[invalid], male[invalid], d_number[invalid])
            invalid = invalid[~valid]
        todo = holders[~_first_of_each(number)]
        if not len(todo):
            return birth.astype("M8[D]"), number, d_number.astype(bool)
    taken = np.delete(number, todo)
    return _allot_rest(rng, row, male, d_number, block, n_blocks, birth, number, taken, todo)


def _allot_rest(rng, row, male, d_number, block, n_blocks, birth, number, taken, todo):
    """List the free cells of the nearly full years and deal them out; a full year goes on with D-numbers."""
    taken = set(taken.tolist())
    keys = np.stack([row[todo], male[todo], d_number[todo]])
    for key_row, key_male, key_d in np.unique(keys, axis=1).T:
        who = todo[(keys == [[key_row], [key_male], [key_d]]).all(axis=0)]
        for kind in (0, 1) if key_d == 0 else (1,):
            cells = np.arange(block, _DAYS_IN_YEAR[key_row] * _SERIES_LENGTH[key_row, key_male], n_blocks)
            same = np.ones(len(cells), dtype=np.int32)
            dates, numbers, valid = _unpack(cells, same * key_row, same * key_male, same * kind)
            free = np.flatnonzero(valid & ~np.isin(numbers, np.fromiter(taken, dtype=np.int64)))
            rng.shuffle(free)
            chosen, dealt, who = free[: len(who)], who[: len(free)], who[len(free) :]
            birth[dealt], number[dealt], d_number[dealt] = dates[chosen], numbers[chosen], kind
            taken.update(numbers[chosen].tolist())
        if len(who):
            raise KitError(
                f"There are not enough identity numbers for persons born in {FIRST_YEAR + key_row}: the population is "
                "too large. Make at most 10 000 000 patients."
            )
    return birth.astype("M8[D]"), number, d_number.astype(bool)


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
