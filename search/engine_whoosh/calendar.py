"""Counting dates: how many of the matching documents lie in each year, month or day.

A date covers days, and lies in a bucket if all of them do: what is known only to the year is in no month.
"""

from __future__ import annotations

import numpy as np

from search.dates import limits
from search.engine import FacetResult, Request, date_values
from search.engine_whoosh.numbering import Numbers
from search.engine_whoosh.snapshot import Snapshot


def date_facet(snapshot: Snapshot, documents: Numbers, request: Request) -> FacetResult:
    """Documents by the bucket of their date, oldest first."""
    if request.interval == "year":
        return _years(snapshot, documents, request)
    first, last = snapshot.first.take(documents), snapshot.last.take(documents)
    unit = 100 if request.interval == "month" else 1
    dated = int(np.count_nonzero(first))
    begin, end = limits(*request.window)
    inside = (first >= begin) & (last <= end)
    buckets = first[inside] // unit
    exact = buckets[buckets == last[inside] // unit]
    earliest = int(exact.min(initial=99_999_999))
    counts = {
        bucket: count for bucket, count in enumerate(np.bincount(exact - earliest).tolist(), start=earliest) if count
    }
    return FacetResult(
        values=date_values(counts, request),
        missing=len(first) - dated,
        missing_selected="date" in request.missing,
        other=dated - len(buckets),
        coarse=len(buckets) - len(exact),
    )


def _years(snapshot: Snapshot, documents: Numbers, request: Request) -> FacetResult:
    """All years are listed, and no date is too coarse for one."""
    years, begins = snapshot.years
    # documents are in the order of their dates
    at = np.concatenate([documents.searchsorted(begins), [len(documents)]])
    counts = dict(zip(reversed(years), (at[1:] - at[:-1])[::-1].tolist(), strict=True))
    missing = counts.pop(0, 0)
    found = {year: count for year, count in counts.items() if count}
    return FacetResult(date_values(found, request), missing, "date" in request.missing, other=0)
