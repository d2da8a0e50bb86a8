"""Times as teachers write them, in Oslo, and as nbgrader keeps them, in UTC without a zone."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from nbgrader.utils import parse_utc

from hipkit.errors import KitError

OSLO = ZoneInfo("Europe/Oslo")
DAY, MINUTE = "%Y-%m-%d", "%Y-%m-%d %H:%M"


def from_oslo(local: datetime) -> datetime:
    """A time in Oslo in UTC. In the hour that is there twice when summer time ends, the later one is meant.

    Raises:
        ValueError: the time is in the hour that is left out when summer time begins.
    """
    there = local.replace(tzinfo=OSLO, fold=1)
    utc = there.astimezone(UTC)
    if utc.astimezone(OSLO).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise ValueError(f"the clock in Oslo is put forward past {local:{MINUTE}}")
    return utc.replace(tzinfo=None)


def to_oslo(utc: datetime) -> str:
    """A time in UTC as a teacher reads it."""
    return f"{utc.replace(tzinfo=UTC).astimezone(OSLO):{MINUTE}}"


def typed_local(text: str) -> datetime:
    """A time in Oslo that a teacher has typed: "2026-11-23 14:00", or a day, which means its last minute.

    Raises:
        KitError: it is neither, or there is no such time in Oslo.
    """
    for form, last in ((MINUTE, {}), (DAY, {"hour": 23, "minute": 59})):
        try:
            local = datetime.strptime(text.strip(), form).replace(**last)
        except ValueError:
            continue
        try:
            from_oslo(local)
        except ValueError as error:
            raise KitError(f"There is no such time: {error}. Choose another.") from error
        return local
    raise KitError(f"{text!r} is no time. Write 2026-11-23 14:00, or 2026-11-23 for all of that day.")


def typed(text: str) -> datetime:
    """The same time in UTC.

    Raises:
        KitError: as `typed_local`.
    """
    return from_oslo(typed_local(text))


def stamped(utc: datetime) -> str:
    """A time in UTC as nbgrader's exchange writes it into timestamp.txt."""
    return f"{utc:%Y-%m-%d %H:%M:%S} UTC"


def read_stamp(text: str) -> datetime:
    """What `timestamp.txt` holds, in UTC.

    Raises:
        ValueError, OverflowError: it holds no time.
    """
    # After a space, nbgrader takes "+0100" for a hundred seconds.
    return parse_utc(text.replace(" +", "+").replace(" -", "-"))
