"""Charts as inline SVG, with the numbers in words for those who do not see them; no script, no other file."""

from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

WIDTH, HEIGHT, BASE, TOP = 480, 170, 135, 24
BINS = 10


@dataclass(frozen=True)
class Histogram:
    """How often values fall into intervals of equal width; every interval holds its lower end, the last both ends.

    Attributes:
        edges: ends of the intervals, one more than there are counts.
        counts: how many values each holds.
    """

    edges: list[float]
    counts: list[int]

    def rows(self) -> list[tuple[str, int]]:
        """The intervals in words, with their counts."""
        last = len(self.counts) - 1
        return [
            (f"{low:.3g} to {'' if place == last else 'under '}{high:.3g}", count)
            for place, (low, high, count) in enumerate(zip(self.edges, self.edges[1:], self.counts, strict=False))
        ]

    def svg(self, name: str) -> Markup:
        """The chart. `name` says what it shows, for a reader who does not see it."""
        step = WIDTH / len(self.counts)
        most = max(max(self.counts), 1)
        parts = [
            Markup('<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">').format(WIDTH, HEIGHT, name)
        ]
        for place, count in enumerate(self.counts):
            height = (BASE - TOP) * count / most
            left, middle = place * step + 2, (place + 0.5) * step
            if count:
                parts += [
                    Markup('<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>').format(
                        left, BASE - height, step - 4, height
                    ),
                    Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="middle">{}</text>').format(
                        middle, BASE - height - 6, count
                    ),
                ]
        parts.append(Markup('<line x1="0" y1="{0}" x2="{1}" y2="{0}"/>').format(BASE, WIDTH))
        for place, edge in list(enumerate(self.edges))[::2]:  # all would not fit side by side
            anchor = {0: "start", len(self.counts): "end"}.get(place, "middle")
            parts.append(
                Markup('<text x="{:.1f}" y="{}" text-anchor="{}">{:.3g}</text>').format(
                    place * step, BASE + 20, anchor, edge
                )
            )
        return Markup("").join([*parts, Markup("</svg>")])


def histogram(values: list[float], low: float, high: float) -> Histogram:
    """Count values between `low` and `high`, in ten intervals; one interval more on each side where both are equal."""
    if low == high:
        low, high = low - 0.5, high + 0.5
    counts, edges = np.histogram(values, bins=BINS, range=(low, high))
    return Histogram([float(edge) for edge in edges], [int(count) for count in counts])
