"""Counting dates: how many of the matching documents lie in each year, month or day.

A date covers days, and lies in a bucket if all of them do: what is known only to the year is in no month.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from search.dates import interval
from search.engine import FacetResult, FacetValue, Interval, Request
from search.engine_whoosh.snapshot import Numbers, Snapshot
from search.ranking import limits

DAYS_OF: dict[Interval, int] = {"year": 10_000, "month": 100, "day": 1}
"""By what a day as yyyymmdd is divided to give its bucket."""


def date_facet(snapshot: Snapshot, documents: Numbers, request: Request) -> FacetResult:
    """Documents by the bucket of their date, oldest first."""
    if request.interval == "year":
        return _years(snapshot, documents, request)
    first, last = snapshot.first.take(documents), snapshot.last.take(documents)
    unit = DAYS_OF[request.interval]
    dated = int(np.count_nonzero(first))
    begin, end = limits(*request.window)
    inside = (first >= begin) & (last <= end)
    buckets = first[inside] // unit
    exact = buckets[buckets == last[inside] // unit]
    earliest = int(exact.min(initial=99_999_999))
    counts = {
        _written(bucket, unit): count
        for bucket, count in enumerate(np.bincount(exact - earliest).tolist(), start=earliest)
        if count
    }
    return FacetResult(
        values=_values(counts, request),
        missing=len(first) - dated,
        missing_selected="date" in request.missing,
        other=dated - len(buckets),
        coarse=len(buckets) - len(exact),
    )


def _years(snapshot: Snapshot, documents: Numbers, request: Request) -> FacetResult:
    """All years are listed, and no date is too coarse for one."""
    counts = np.bincount(snapshot.years.take(documents), minlength=1)
    years = {f"{year:04}": int(counts[year]) for year in np.flatnonzero(counts).tolist() if year}
    missing = int(counts[0])
    return FacetResult(_values(years, request), missing, "date" in request.missing, other=0)


def _values(counts: Mapping[str, int], request: Request) -> tuple[FacetValue, ...]:
    chosen = limits(request.date_from, request.date_to) if request.date_from or request.date_to else None
    return tuple(FacetValue(date, count, _within(date, chosen)) for date, count in counts.items())


def _written(bucket: int, unit: int) -> str:
    """ "1989", "1989-11" or "1989-11-09"."""
    digits = str(bucket).rjust({10_000: 4, 100: 6, 1: 8}[unit], "0")
    return "-".join(filter(None, (digits[:4], digits[4:6], digits[6:])))


def _within(date: str, chosen: tuple[int, int] | None) -> bool:
    if chosen is None:
        return False
    first, last = interval(date)
    return chosen[0] <= first and last <= chosen[1]
