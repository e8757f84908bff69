"""Facets as aggregations: what is asked for, and what the answer says. Pure functions.

Each facet is a filter by the choices of all other facets, so its own choice does not narrow its own counts. What
OpenSearch counts over several shards may be off where a shard did not send a value; its answer says how far, and
``decided`` whether it can matter: if so, more is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from search.dates import interval
from search.engine import FacetResult, FacetValue, Request, chosen_days, date_values
from search.engine_opensearch.dsl import Json, dated, every, no, some, within
from search.engine_opensearch.naming import Entries
from search.schema import VALUE_FACETS

UNDATED = no({"exists": {"field": "first"}})
MOST_VALUES = 50_000
"""Values of a facet that are fetched at most; OpenSearch itself refuses more than 65,535 in one answer."""
MOST_DATES = 10_000
"""More than there are months in seven centuries, or days in ten years: no date is left out."""


class Choices(NamedTuple):
    """What a request chooses: by facet what it lets through (None: everything), and what no hit may have."""

    by_facet: Mapping[str, Json | None]
    excluding: Json

    def others(self, facet: str) -> Json:
        """What all facets but one let through."""
        return every(query for name, query in self.by_facet.items() if name != facet and query is not None)

    @property
    def all(self) -> Json:
        """What all facets let through."""
        return self.others("")


def choices(request: Request, entries: Mapping[str, Entries]) -> Choices:
    """The choices of a request, as queries."""
    ranged = request.date_from or request.date_to or request.chosen.get("date")
    dates = [some(within(days) for days in chosen_days(request))] if ranged else []
    if "date" in request.missing:
        dates.append(UNDATED)
    found: dict[str, Json | None] = {"date": some(dates) if dates else None}
    excluded = [no(within(interval(date))) for date in request.excluded.get("date", ())]
    for name in VALUE_FACETS:
        own = entries[name]
        wanted = request.chosen.get(name)
        passing = [own.holding(own.chosen(wanted))] if wanted else []
        passing += [own.without] if name in request.missing else []
        found[name] = some(passing) if passing else None
        if unwanted := request.excluded.get(name):
            excluded.append(no(own.holding(own.chosen(unwanted))))
    return Choices(found, every(excluded))


def first_size(wanted: int) -> int:
    """How many values to ask for first: enough for most searches to be decided at once."""
    return min(max(200, 3 * wanted), MOST_VALUES)


def aggregation(facet: str, request: Request, chosen: Choices, entries: Entries | None, size: int) -> Json:
    """What is asked for one facet; ``entries`` None: for dates."""
    inner = _dates(request) if entries is None else _values(entries, request.chosen.get(facet, ()), size)
    return {"filter": chosen.others(facet), "aggs": inner}


def _values(entries: Entries, chosen: Iterable[str], size: int) -> Json:
    apart = sorted(entries.special | set(entries.chosen(tuple(chosen))))
    terms: Json = {"field": entries.field, "size": size, "shard_size": 2 * size, "show_term_doc_count_error": True}
    if entries.apart:
        terms["exclude"] = entries.apart
    return {
        "values": {"terms": terms},
        "missing": {"filter": entries.without},
        **({"apart": {"filters": {"filters": {each: entries.holding([each]) for each in apart}}}} if apart else {}),
    }


def _dates(request: Request) -> Json:
    buckets = {"terms": {"field": request.interval, "size": MOST_DATES, "order": {"_key": "asc"}}}
    return {
        "missing": {"filter": UNDATED},
        "inside": {"filter": dated(*request.window), "aggs": {"values": buckets}},
    }


def decided(answer: Json, size: int) -> bool:
    """Whether the first ``size`` values of a facet, and their counts, are certain whatever the shards did not send."""
    values = answer["values"]
    buckets = values["buckets"]
    unseen: int = values["doc_count_error_upper_bound"]
    if not unseen and not values["sum_other_doc_count"]:
        return True
    if len(buckets) <= size:
        return False
    last = buckets[size - 1]["doc_count"]
    certain = all(not bucket["doc_count_error_upper_bound"] for bucket in buckets if bucket["doc_count"] >= last)
    hopeful = [bucket for bucket in buckets if bucket["doc_count"] < last]
    none_overtakes = all(bucket["doc_count"] + bucket["doc_count_error_upper_bound"] < last for bucket in hopeful)
    return certain and none_overtakes and unseen < last and bool(hopeful)


def counts(answer: Json, entries: Entries) -> dict[str, int]:
    """In how many articles each of the listed entries stands, and each that was counted by a filter of its own."""
    buckets = answer["values"]["buckets"]
    # a key that is not known yet belongs to a commit of just now, and is a name without another spelling
    found = {entries.by_key.get(bucket["key"], bucket["key"]): int(bucket["doc_count"]) for bucket in buckets}
    return found | _apart(answer)


def _apart(answer: Json) -> dict[str, int]:
    return {
        entry: int(bucket["doc_count"]) for entry, bucket in answer.get("apart", {"buckets": {}})["buckets"].items()
    }


def value_facet(answer: Json, entries: Entries, request: Request, facet: str) -> FacetResult:
    """The most frequent values, all chosen ones in any case; equals in the order of names."""
    everything = sum(int(bucket["doc_count"]) for bucket in answer["values"]["buckets"])
    everything += int(answer["values"]["sum_other_doc_count"])
    everything += sum(count for entry, count in _apart(answer).items() if entry in entries.special)
    counted = counts(answer, entries)
    order = sorted((entry for entry in counted if counted[entry]), key=lambda entry: (-counted[entry], entry))
    typed = tuple(request.chosen.get(facet, ()))
    chosen = entries.chosen(typed)
    listed = order[: request.facet_size]
    listed += sorted(set(chosen).difference(listed), key=lambda entry: (-counted.get(entry, 0), entry))
    values = [FacetValue(entry, counted.get(entry, 0), entry in chosen) for entry in listed]
    values += [FacetValue(value, 0, True) for value in typed if not entries.chosen([value])]
    return FacetResult(
        values=tuple(values),
        missing=int(answer["missing"]["doc_count"]),
        missing_selected=facet in request.missing,
        other=everything - sum(value.count for value in values),
    )


def date_facet(answer: Json, request: Request) -> FacetResult:
    """Articles by the year, month or day of their date, oldest first."""
    inside = answer["inside"]
    counts = {int(bucket["key"]): int(bucket["doc_count"]) for bucket in inside["values"]["buckets"]}
    missing = int(answer["missing"]["doc_count"])
    return FacetResult(
        values=date_values(counts, request),
        missing=missing,
        missing_selected="date" in request.missing,
        other=int(answer["doc_count"]) - missing - int(inside["doc_count"]),
        coarse=int(inside["doc_count"]) - sum(counts.values()),
    )
