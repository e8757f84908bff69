"""What the start page offers to begin with: this day in other years, and who and what a year spoke of."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from search import Dates, Engine, FacetResult, Hit, Or, Request, Stats
from web.state import State
from web.timeline import Timeline, timeline

NAMES = 12
"""Persons that are shown, and places."""
ANNIVERSARIES = 6


@dataclass(frozen=True, slots=True)
class Start:
    """All that the page shows of an archive that is not empty."""

    timeline: Timeline | None
    year: str
    """The year whose names are shown, empty for all."""
    years: tuple[str, ...]
    """Those that can be chosen, latest first."""
    names: Mapping[str, FacetResult]
    anniversaries: tuple[tuple[int, Hit], ...]
    """Articles of this day in other years, each with how many years ago."""


def start(engine: Engine, archive: Stats, state: State, year: str, today: datetime.date) -> Start:
    """Three searches: of everything, of one year, of one day."""
    everything = engine.search(Request(size=1, facet_size=NAMES, interval=state.interval))
    dates = everything.facets["date"]
    years = tuple(dict.fromkeys(value.value[:4] for value in reversed(dates.values)))
    names = everything.facets
    if year in years:
        names = engine.search(Request(size=1, facet_size=NAMES, date_from=year, date_to=year)).facets
    return Start(
        timeline=timeline(state, dates, archive),
        year=year if year in years else "",
        years=years,
        names=names,
        anniversaries=_anniversaries(engine, years, today),
    )


def _anniversaries(engine: Engine, years: tuple[str, ...], today: datetime.date) -> tuple[tuple[int, Hit], ...]:
    earlier = [year for year in map(int, years) if year < today.year]
    if (today.month, today.day) == (2, 29):
        earlier = [year for year in earlier if calendar.isleap(year)]
    days = [f"{year:04d}-{today:%m-%d}" for year in earlier]
    if not days:
        return ()
    query = Or(tuple(Dates(day, day) for day in days))
    request = Request(query, sort="newest", size=ANNIVERSARIES, facets=())
    return tuple((today.year - int(hit.date[:4]), hit) for hit in engine.search(request).hits)
