"""The hits over time as a chart: one bar for each year, or for each decade of a long archive, each bar a link.

All lengths are percentages, so that the chart takes whatever width the page has.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from search import FacetResult, Stats
from web.state import State

MOST_BARS = 120
"""More years than this become decades: a bar has to be wide enough to be hit."""
MOST_LABELS = 9
LEAST_HEIGHT = 3.0
"""Height of the smallest bar in percent: one article among thousands is still seen."""
LAST_LABEL = 96
"""A label further right would leave the chart of a small screen."""
_STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200)


@dataclass(frozen=True, slots=True)
class Bar:
    """The articles of some years, and where a click on them leads."""

    first: str
    last: str
    count: int
    selected: bool
    address: str
    left: float
    width: float
    height: float

    @property
    def label(self) -> str:
        """The years: "1989", or "1980–1989"."""
        return self.first if self.first == self.last else f"{self.first}–{self.last}"


@dataclass(frozen=True, slots=True)
class Timeline:
    """All bars from the first year to the last; ``labels`` are years of the axis and the middle of their bars."""

    bars: tuple[Bar, ...]
    labels: tuple[tuple[str, float], ...]
    chosen: bool
    """Whether some bars are chosen, and the others are not."""


def timeline(state: State, dates: FacetResult, archive: Stats) -> Timeline | None:
    """The chart of a search over all years of the archive; None if there is but one year, or no hit."""
    counts = Counter({int(value.value): value.count for value in dates.values})
    if not counts or archive.first[:4] == archive.last[:4]:
        return None
    # the axis is the archive's own, so that charts of two searches can be compared
    years = {int(archive.first[:4]), int(archive.last[:4]), *counts}
    span = 1 if max(years) - min(years) < MOST_BARS else 10
    sums: Counter[int] = Counter()
    for year, count in counts.items():
        sums[year - year % span] += count
    starts = range(min(years) - min(years) % span, max(years) + 1, span)
    selected = {int(value.value) for value in dates.values if value.selected}
    width = 100 / len(starts)
    most = max(sums.values())
    bars = [
        Bar(
            first=f"{start:04d}",
            last=f"{start + span - 1:04d}",
            count=sums[start],
            selected=any(year in selected for year in range(start, start + span)),
            address=_address(state, f"{start:04d}", f"{start + span - 1:04d}"),
            left=round(at * width, 3),
            width=round(width, 3),
            height=round(max(sums[start] / most * 100, LEAST_HEIGHT), 2),
        )
        for at, start in enumerate(starts)
        if sums[start]
    ]
    return Timeline(tuple(bars), _labels(starts, width), bool(selected))


def _address(state: State, first: str, last: str) -> str:
    """A click chooses a bar; another click on a bar chosen alone gives it up."""
    alone = (state.date_from, state.date_to) == (first, last)
    return (state.with_dates("", "") if alone else state.with_dates(first, last)).address()


def _labels(starts: range, width: float) -> tuple[tuple[str, float], ...]:
    wanted = len(starts) * starts.step / MOST_LABELS
    step = next((step for step in _STEPS if step >= max(wanted, starts.step)), _STEPS[-1])
    places = [(str(start), round((at + 0.43) * width, 3)) for at, start in enumerate(starts) if start % step == 0]
    return tuple((label, left) for label, left in places if left < LAST_LABEL)
