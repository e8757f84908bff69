"""The hits over time as a chart: one bar for each decade, year, month or day, each bar a link.

Which of them is shown follows from the chosen range: all years, the months of one year, the days of one month. A bar
is one wide and 100 high at most; the page stretches the chart to its width, and places labels in percent of it.
"""

from __future__ import annotations

import calendar
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from search import FacetResult, Interval, Stats
from web import i18n
from web.state import State

MOST_BARS = 120
"""More years than this become decades: a bar has to be wide enough to be hit."""
MOST_LABELS = 9
FEW = 10
"""Articles of the archive below which a share says little: of three, one is a third."""
LEAST_HEIGHT = 3.0
"""Height of the smallest bar in percent: one article among thousands is still seen."""
LAST_LABEL = 96
"""A label further right would leave the chart of a small screen."""
_STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200)


@dataclass(frozen=True, slots=True)
class Bar:
    """The articles of some days, and where a click on them leads."""

    first: str
    last: str
    count: int
    volume: int
    """Articles of the whole archive in these days; 0 if they are not asked for."""
    selected: bool
    partly: bool
    """Whether only some of its days are chosen: a range may begin or end within it."""
    address: str
    height: float
    """0 where nothing was found."""
    few: bool = False
    """Whether its share is one of so few articles that it says little."""

    @property
    def label(self) -> str:
        """What the bar stands for: "1980–1989", "1989", "November 1989"."""
        return i18n.date_in_words(self.first) if self.first == self.last else f"{self.first}–{self.last}"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way from all years to what the chart shows; without an address where one stands."""

    label: str
    address: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """A bar for each bucket, be it empty; ``labels`` are texts of the axis and the middle of their bars."""

    interval: Interval
    path: tuple[Step, ...]
    bars: tuple[Bar, ...]
    labels: tuple[tuple[str, float], ...]
    chosen: bool
    """Whether dates are chosen, and not all bars with them."""
    peak: tuple[float, int] | None
    """Middle and place of the highest bar among those that say something."""
    by_share: bool
    """Whether the height of a bar is its share of the archive's volume, not its number of articles."""
    coarse: int
    """Articles of the same time whose date is not precise enough for a bar."""


_Bucket = tuple[str, str]
"""First and last date of a bar: a decade has two, any other bar one and the same."""


def timeline(state: State, dates: FacetResult, archive: Stats, volume: FacetResult | None = None) -> Timeline | None:
    """The chart of a search that ``State.charted`` made; None if there is nothing to show and no range to leave.

    ``volume``: the dates of the whole archive, for bars that show the share of the search in it.
    """
    # no first date beside hits: the archive was empty a moment ago
    if not archive.first or (not dates.values and (state.interval == "year" or not state.date_from)):
        return None
    if state.interval == "year":
        buckets = _years(state, dates, archive)
        names = [first for first, _ in buckets]
    elif state.interval == "month":
        year = state.date_from[:4] or archive.first[:4]
        buckets = [(f"{year}-{month:02d}",) * 2 for month in range(1, 13)]
        names = [i18n.month_in_short(month) for month in range(1, 13)]
    else:
        month = state.date_from[:7]
        days = range(1, calendar.monthrange(int(month[:4]), int(month[5:]))[1] + 1)
        buckets = [(f"{month}-{day:02d}",) * 2 for day in days]
        names = [i18n.gettext("%(day)s.", day=str(day)) for day in days]
    bars = _bars(state, dates, volume, buckets)
    narrowed = state.chosen.get("date") or state.date_from or state.date_to or "date" in state.missing
    chosen = bool(narrowed) and not all(bar.selected for bar in bars)
    labels = _labels(names, _is_labelled(state.interval, buckets))
    telling = [at for at, bar in enumerate(bars) if bar.height and not bar.few]
    highest = max(telling, key=lambda at: bars[at].height, default=None)
    return Timeline(
        interval=state.interval,
        path=_path(state, archive, buckets),
        bars=bars,
        labels=labels,
        chosen=chosen,
        peak=None if highest is None else (_middle(highest, len(bars)), highest),
        by_share=volume is not None,
        coarse=dates.coarse,
    )


def _years(state: State, dates: FacetResult, archive: Stats) -> list[_Bucket]:
    # the axis is the archive's own, so that charts of two searches can be compared
    years = {int(archive.first[:4]), int(archive.last[:4]), *(int(value.value) for value in dates.values)}
    first, last = min(years), max(years)
    if last - first < MOST_BARS:
        return [(f"{year:04d}",) * 2 for year in range(first, last + 1)]
    chosen = (int(state.date_from[:4] or first), int(state.date_to[:4] or last))
    if chosen[1] - chosen[0] < MOST_BARS:
        return [(f"{year:04d}",) * 2 for year in range(chosen[0], chosen[1] + 1)]
    return [(f"{year:04d}", f"{year + 9:04d}") for year in range(first - first % 10, last + 1, 10)]


def _bars(state: State, dates: FacetResult, volume: FacetResult | None, buckets: Sequence[_Bucket]) -> tuple[Bar, ...]:
    sums, volumes = _sums(dates, buckets), _sums(volume, buckets) if volume else Counter()
    if volume:
        # where a commit fell between the two searches, the archive has at least what was found
        volumes |= sums
    chosen = {value.value for value in dates.values if value.selected}
    touched = {value.value for value in dates.values if not value.selected and _touched(state, value.value)}
    heights = {at: count / volumes[at] if volumes[at] else count for at, count in sums.items()}
    few = {at for at in sums if volume and volumes[at] < FEW}
    # what says little does not make the rest small
    telling = [height for at, height in heights.items() if at not in few]
    most = max(telling or heights.values(), default=0)
    return tuple(
        Bar(
            first=first,
            last=last,
            count=sums[at],
            volume=volumes[at],
            selected=any(first <= date <= last for date in chosen),
            partly=any(first <= date <= last for date in touched) and not any(first <= date <= last for date in chosen),
            address=_address(state, first, last),
            height=round(min(max(heights[at] / most * 100, LEAST_HEIGHT), 100.0), 1) if sums[at] else 0.0,
            few=at in few,
        )
        for at, (first, last) in enumerate(buckets)
    )


def _touched(state: State, date: str) -> bool:
    """Whether some days of a date are chosen, by the range or by what is ticked."""
    ticked = state.chosen.get("date", ())
    if not ticked:
        return state.days_within(date) == "some"
    # of two dates one of which lies in the other, the days of both are those of the longer one
    shared = [
        max(each, date, key=len) for each in ticked if f"{each}-".startswith(f"{date}-") or date.startswith(f"{each}-")
    ]
    return any(state.days_within(days) != "none" for days in shared)


def _sums(dates: FacetResult, buckets: Sequence[_Bucket]) -> Counter[int]:
    """The articles of each bar, by its place."""
    place = {first: at for at, (first, _) in enumerate(buckets)}
    decades = buckets[0][0] != buckets[0][1]
    sums: Counter[int] = Counter()
    for value in dates.values:
        at = place.get(f"{value.value[:3]}0" if decades else value.value)
        if at is not None:
            sums[at] += value.count
    return sums


def _address(state: State, first: str, last: str) -> str:
    """A click chooses a bar; another click on a bar chosen alone gives it up, and its month or all years remain."""
    if (state.date_from, state.date_to) != (first, last):
        return state.with_dates(first, last).address()
    return state.with_dates(first[:-3], last[:-3]).address()


def _path(state: State, archive: Stats, buckets: Sequence[_Bucket]) -> tuple[Step, ...]:
    """The way back: all years, the year, the month; last what is chosen."""
    steps = [Step(i18n.gettext("Alle Jahre"), state.with_dates("", "").address())]
    if state.interval == "year":
        long = int(archive.last[:4]) - int(archive.first[:4]) >= MOST_BARS
        zoomed = long and buckets[0][0] == buckets[0][1]
        return (*steps, Step(f"{buckets[0][0]}–{buckets[-1][1]}", "")) if zoomed else ()
    first, last = state.date_from, state.date_to
    if not first:
        return ()
    around = (first[:4], first[:7]) if state.interval == "day" else (first[:4],)
    steps += [
        Step(i18n.date_in_words(date), state.with_dates(date, date).address())
        for date in around
        if not first == last == date
    ]
    return (*steps, Step(i18n.range_in_words(first, last), ""))


def _is_labelled(interval: Interval, buckets: Sequence[_Bucket]) -> Callable[[int], bool]:
    """Which bars have a label: round years, all months, the first day and every fifth."""
    if interval == "month":
        return lambda at: True
    if interval == "day":
        return lambda at: at == 0 or (at + 1) % 5 == 0
    years = [int(first) for first, _ in buckets]
    span = years[1] - years[0] if len(years) > 1 else 1
    step = next((step for step in _STEPS if step >= max(len(years) * span / MOST_LABELS, span)), _STEPS[-1])
    return lambda at: years[at] % step == 0


def _labels(names: Sequence[str], labelled: Callable[[int], bool]) -> tuple[tuple[str, float], ...]:
    places = [(name, _middle(at, len(names))) for at, name in enumerate(names) if labelled(at)]
    return tuple((label, left) for label, left in places if left < LAST_LABEL)


def _middle(at: int, bars: int) -> float:
    """Where the middle of a bar lies, in percent of the chart; a bar leaves a gap to the next one."""
    return round((at + 0.43) / bars * 100, 2)
