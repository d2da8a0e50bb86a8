"""Draws who sent what to whom in a protocol, from its transcript, and tells what each party knows afterwards.

The drawing is one SVG in the text's own colour, so that it fits light and dark pages, and prints. Nothing in it runs.
"""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from itertools import count, groupby

from IPython.display import HTML

from hipkit.parties import Message

LABEL, COLUMN, ROW, HEAD, FOOT = 80, 72, 40, 46, 16  # pixels
LEAST = 0.85  # a wide drawing shrinks to this to fit its page, so that its letters stay legible; below, it scrolls
_numbers = count(1)  # of the drawings on a page: what a label points to must be there once


def draw_transcript(
    messages: Sequence[Message],
    names: Sequence[str],
    coordinator: str,
    tells: Callable[[Message], str],
    beforehand: Mapping[str, str] | None = None,
) -> HTML:
    """A sequence diagram with the bytes of every message, and under it, folded, what each participant knows.

    Messages that belong to one step stand in one row: the coordinator's questions, or the parties' answers. A cross
    ends the line of a party that takes no further part.

    Args:
        messages: as `hipkit.parties.Parties.transcript` holds them.
        names: the parties, from left to right.
        coordinator: who asks; stands to the left.
        tells: what a message tells its receiver, in words.
        beforehand: what a participant knew before the first message, in words.
    """
    rows = [list(row) for _, row in groupby(messages, key=lambda one: (one.method, one.sender == coordinator))]
    views = [
        f"<details><summary>{escape(name)}: what I know now</summary><ol>{''.join(lines)}</ol></details>"
        for name in (coordinator, *names)
        if (lines := _view(name, rows, tells, (beforehand or {}).get(name)))
    ]
    return HTML(f'<div class="transcript">{_drawing(rows, names, coordinator)}{"".join(views)}</div>')


def _view(name: str, rows: list[list[Message]], tells: Callable[[Message], str], beforehand: str | None) -> list[str]:
    """The items of one participant's list: what came in, step by step."""
    lines = [f"<li>Before: {escape(beforehand)}</li>"] if beforehand else []
    for row in rows:
        told: dict[str, list[str]] = {}
        for message in row:
            if message.receiver == name:
                told.setdefault(tells(message), []).append(message.sender)
        for what, senders in told.items():
            lines.append(f"<li><b>{escape(row[0].method)}</b>, from {escape(', '.join(senders))}: {escape(what)}</li>")
    return lines


def _drawing(rows: list[list[Message]], names: Sequence[str], coordinator: str) -> str:
    number = next(_numbers)
    across = {name: LABEL + COLUMN * (place + 0.5) for place, name in enumerate((coordinator, *names))}
    width, height = LABEL + COLUMN * len(across), HEAD + ROW * len(rows) + FOOT
    total = sum(message.size for row in rows for message in row)
    parts = [
        f'<title id="transcript-{number}">Who sent what: {len(rows)} steps between {escape(coordinator)} and '
        f"{escape(', '.join(names))}, {_bytes(total)} in all</title>"
    ]
    for name, x in across.items():
        end = _last_row(name, rows, coordinator)
        low = HEAD + ROW * (end + 1) + (FOOT / 2 if end == len(rows) - 1 else 0)
        parts.append(_text(x, 18, name, "bold"))
        parts.append(f'<line x1="{x}" y1="26" x2="{x}" y2="{low}" stroke-dasharray="3 4" opacity="0.6"/>')
        if end < len(rows) - 1:
            parts.append(_text(x, low + 14, "✕", "bold"))
    for place, row in enumerate(rows):
        parts += _row(row, HEAD + ROW * (place + 0.65), across, coordinator)
    return (
        '<div role="region" tabindex="0" style="overflow-x:auto" aria-label="Sequence diagram, scrolls sideways">'
        f'<svg role="img" aria-labelledby="transcript-{number}" xmlns="http://www.w3.org/2000/svg" width="{width}" '
        f'height="{height}" viewBox="0 0 {width} {height}" stroke="currentColor" fill="currentColor" '
        f'style="max-width:100%;min-width:{LEAST * width:.0f}px;height:auto" '
        f'font-family="sans-serif" font-size="12">{"".join(parts)}</svg></div>'
    )


def _last_row(name: str, rows: list[list[Message]], coordinator: str) -> int:
    """The row in which a participant is seen for the last time; the coordinator stays to the end."""
    seen = [place for place, row in enumerate(rows) if any(name in (one.sender, one.receiver) for one in row)]
    return len(rows) - 1 if name == coordinator else max(seen, default=-1)


def _row(row: list[Message], y: float, across: Mapping[str, float], coordinator: str) -> list[str]:
    """One step: a line from the coordinator to the farthest party, and the bytes of each that takes part."""
    asks = row[0].sender == coordinator
    home = across[coordinator]
    parties = [(message, message.receiver if asks else message.sender) for message in row]
    far = max(across[name] for _, name in parties)
    parts = [_text(8, y + 4, row[0].method if asks else "answers", "bold" if asks else "normal", "start")]
    parts.append(f'<line x1="{home}" y1="{y}" x2="{far}" y2="{y}"/>')
    if not asks:
        parts.append(_arrow(home, y, left=True))
    for message, name in parties:
        x = across[name]
        parts.append(_arrow(x, y, left=False) if asks else f'<circle cx="{x}" cy="{y}" r="3.5"/>')
        parts.append(_text(x - 8, y - 6, "refuses" if message.refused else _bytes(message.size), anchor="end"))
    return parts


def _arrow(x: float, y: float, left: bool) -> str:
    back = 9 if left else -9
    return f'<path d="M{x} {y}l{back} -4v8z"/>'


def _text(x: float, y: float, text: str, weight: str = "normal", anchor: str = "middle") -> str:
    return f'<text x="{x}" y="{y}" stroke="none" text-anchor="{anchor}" font-weight="{weight}">{escape(text)}</text>'


def _bytes(number: int) -> str:
    return f"{number} B" if number < 1000 else f"{number / 1000:.1f} kB"
