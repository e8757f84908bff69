"""What a page of hits shows, made ready for its template: chosen values, facets, pages. Pure functions of a search."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from search import (
    DEFAULT_SIZE,
    FACETS,
    MAX_FACET_SIZE,
    MAX_SIZE,
    SORTS,
    And,
    Dates,
    FacetResult,
    Node,
    Not,
    Phrase,
    Results,
    Stats,
    Why,
    Word,
    conjuncts,
    to_text,
)
from web import i18n
from web.state import State

MORE_VALUES = 5
"""The link for more values multiplies a facet's size by this."""
PAGES_AROUND = 2
"""Links to this many pages on either side of the current one."""


def by_rule(why: Iterable[Why]) -> list[list[Why]]:
    """Reasons for a hit, those of one word by one rule together: Minister is in Innenminister and Außenminister."""
    together: dict[tuple[str, str], list[Why]] = {}
    for reason in why:
        together.setdefault((reason.word, reason.rule), []).append(reason)
    return list(together.values())


@dataclass(frozen=True, slots=True)
class Chip:
    """One active choice, and the search without it."""

    label: str
    without: State
    alternative: bool = False
    """Whether it is of the same facet as the one before: a hit has either."""


@dataclass(frozen=True, slots=True)
class Value:
    """One bucket of a facet, and what the page calls it."""

    value: str
    label: str
    count: int
    selected: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """One facet as the page shows it."""

    name: str
    label: str
    values: tuple[Value, ...]
    missing: int
    missing_selected: bool
    missing_label: str
    cut: bool
    """Whether there are further values, less frequent than these."""
    more: str
    """Address of the page with more values of this facet; empty if there is none."""
    unlisted: tuple[str, ...]
    """Chosen values that are none of these: dates of another precision than those that are listed."""


def filters(state: State) -> list[Chip]:
    """Each choice beside the query, alternatives side by side."""
    found: list[Chip] = []
    missing = list(state.missing)
    ranged = bool(state.date_from or state.date_to)
    for name in FACETS:
        values = state.chosen.get(name, ())
        for at, value in enumerate(values):
            label = i18n.chosen_label(name, _in_words(name, value))
            found.append(Chip(label, state.without_value(name, value), at > 0))
        if name in missing and values and not (name == "date" and ranged):
            found.append(_missing(state, name, alternative=True))
            missing.remove(name)
    for name in FACETS:
        for value in state.excluded.get(name, ()):
            found.append(Chip(i18n.excluded_label(_in_words(name, value)), state.including(name, value)))
    if ranged:
        words = i18n.range_in_words(state.date_from, state.date_to)
        found.append(Chip(i18n.chosen_label("date", words), state.with_dates("", "")))
        # what has no date is found beside what lies in the range
        missing.sort(key=lambda name: name != "date")
    return found + [_missing(state, name, alternative=ranged and name == "date") for name in missing]


def _missing(state: State, facet: str, *, alternative: bool) -> Chip:
    return Chip(i18n.missing_label(facet), state.without_missing(facet), alternative)


def title(state: State) -> str:
    """What is sought, in one line: the words, then every filter; empty for everything."""
    return ", ".join([*([state.q] if state.q else []), *(chip.label for chip in filters(state))])


def _in_words(facet: str, value: str) -> str:
    return i18n.date_in_words(value) if facet == "date" else value


def chips(state: State, query: Node) -> list[Chip]:
    """All that is chosen: what the query narrows by other means than words, and every filter."""
    parts = conjuncts(query)
    narrowing = [
        Chip(label, state.with_query(to_text(And(parts[:at] + parts[at + 1 :]))))
        for at, part in enumerate(parts)
        if (label := _narrowing(part))
    ]
    return narrowing + filters(state)


def _narrowing(part: Node) -> str:
    """A part of a query in words, if it is no mere word of the text; else empty."""
    match part:
        case Not(child):
            return i18n.excluded_label(to_text(child))
        case Dates(first, last):
            return i18n.chosen_label("date", i18n.range_in_words(first, last))
        case Word(text, target) if target != "text":
            return i18n.chosen_label(target, text)
        case Phrase(words, target) if target != "text":
            return i18n.chosen_label(target, " ".join(words))
    return ""


def partly(state: State, results: Results) -> list[str]:
    """The dates, two at most, of which only some days lie in the range: their counts are of all days."""
    return [date.value for date in results.facets["date"].values if state.days_within(date.value) == "some"]


def facets(state: State, results: Results, archive: Stats, within: Mapping[str, int]) -> list[Facet]:
    """All facets that have something to choose, in the order of the schema.

    A single source of the archive is no choice, nor is what all hits lack. ``within``: how many hits the dates of
    ``partly`` have in the range.
    """
    single = {"source": archive.sources < 2, "section": archive.sections < 2}
    chosen = {*state.missing, *(name for name, values in state.chosen.items() if values)}
    return [
        _facet(state, name, result, within)
        for name, result in results.facets.items()
        if name == "date" or name in chosen or (result.values and not single.get(name))
    ]


def _facet(state: State, name: str, result: FacetResult, within: Mapping[str, int]) -> Facet:
    larger = min(state.facet_size * MORE_VALUES, MAX_FACET_SIZE)
    cut = name != "date" and result.other > 0
    values = _dates(state, result, within) if name == "date" else _values(result)
    listed = {value.value for value in values if value.selected}
    return Facet(
        name=name,
        label=i18n.facet_label(name),
        values=values,
        missing=result.missing,
        missing_selected=result.missing_selected,
        missing_label=i18n.missing_label(name),
        cut=cut,
        more=f"{state.with_facet_size(larger).address()}#facet-{name}" if cut and larger > state.facet_size else "",
        unlisted=tuple(value for value in state.chosen.get(name, ()) if value not in listed) if name == "date" else (),
    )


def _values(result: FacetResult) -> tuple[Value, ...]:
    """Chosen values first, so that they stay where they are while others change."""
    ordered = sorted(result.values, key=lambda value: not value.selected)
    return tuple(Value(value.value, value.value, value.count, value.selected) for value in ordered)


def _dates(state: State, result: FacetResult, within: Mapping[str, int]) -> tuple[Value, ...]:
    """The years, months or days of the range, latest first: one beyond it could be ticked only in vain."""
    chosen = state.chosen.get("date", ())
    counts = {date.value: within.get(date.value, date.count) for date in reversed(result.values)}
    return tuple(
        Value(date, i18n.date_in_words(date), count, date in chosen)
        for date, count in counts.items()
        if state.days_within(date) != "none" and (count or date in chosen)
    )


@dataclass(frozen=True, slots=True)
class Pages:
    """Links from one page of hits to the others; ``numbers`` has None where pages are left out."""

    current: int
    last: int
    numbers: tuple[tuple[int, str] | None, ...]
    previous: str
    next: str


def pages(state: State, total: int) -> Pages:
    """The pages around the current one, the first and the last."""
    last = -(-total // state.size)
    near = range(state.page - PAGES_AROUND, state.page + PAGES_AROUND + 1)
    wanted = sorted({number for number in (1, *near, last) if 1 <= number <= last})
    numbers: list[tuple[int, str] | None] = []
    for before, number in zip((0, *wanted), wanted, strict=False):
        if number - before > 1:
            numbers.append(None)
        numbers.append((number, state.with_page(number).address()))
    return Pages(
        current=state.page,
        last=last,
        numbers=tuple(numbers),
        previous=state.with_page(min(state.page - 1, last)).address() if state.page > 1 and last else "",
        next=state.with_page(state.page + 1).address() if state.page < last else "",
    )


def sizes(state: State) -> list[tuple[int, str, bool]]:
    """How many hits a page may have: each number, its address, whether it is the current one."""
    return [(size, state.with_size(size).address(), size == state.size) for size in (DEFAULT_SIZE, 50, MAX_SIZE)]


def sorts(state: State) -> list[tuple[str, str, bool]]:
    """Each order: its name, its address, whether it is the current one; what no words rank comes newest first."""
    current = state.sort if state.q or state.sort != "relevance" else "newest"
    orders = [sort for sort in SORTS if state.q or sort != "relevance"]
    return [(sort, state.with_sort(sort).address(), sort == current) for sort in orders]
