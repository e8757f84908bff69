"""Queries as OpenSearch takes them, as dicts: what has to match."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from search.dates import limits

Json = dict[str, Any]
ALL: Json = {"match_all": {}}
NONE: Json = {"match_none": {}}
NEWEST: list[Json] = [{"first": {"order": "desc", "missing": "_last"}}, {"id": "asc"}]
"""The order of equals: newest first, then by id; undated ones last."""


def term(field: str, value: str) -> Json:
    """Articles with a term; its frequency is the score."""
    return {"term": {field: value}}


def every(queries: Iterable[Json]) -> Json:
    """Articles that match all of these."""
    rest = [query for query in queries if query != ALL]
    return (rest[0] if len(rest) == 1 else {"bool": {"filter": rest}}) if rest else ALL


def some(queries: Iterable[Json]) -> Json:
    """Articles that match any of these."""
    found = list(queries)
    return (found[0] if len(found) == 1 else {"bool": {"should": found, "minimum_should_match": 1}}) if found else NONE


def no(query: Json) -> Json:
    """Articles that do not match this."""
    return {"bool": {"must_not": [query]}}


def dated(first: str, last: str) -> Json:
    """Articles all of whose possible days lie between two dates, either end open."""
    return within(limits(first, last))


def within(days: tuple[int, int]) -> Json:
    """Articles all of whose possible days lie between a first and a last one, as yyyymmdd."""
    begin, end = days
    return {"bool": {"filter": [{"range": {"first": {"gte": begin}}}, {"range": {"last": {"lte": end}}}]}}


def phrase(field: str, terms: Sequence[str], boost: float = 1.0) -> Json:
    """Articles in which terms stand one right after the other."""
    if len(terms) == 1:
        return term(field, terms[0])
    return {"match_phrase": {field: {"query": "\n".join(terms), "boost": boost}}}


def fingerprint(query: Json) -> str:
    """The same for the same query."""
    return json.dumps(query, sort_keys=True)
