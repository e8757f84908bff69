"""Counting facets: how many of the documents found have each value, exactly, without looking at most of the values.

A count of few documents gathers their values. A count of many looks at values from the most frequent of the whole
archive down, and stops where no other can reach the page: no value has more hits than documents. This is the threshold
algorithm of Fagin, Lotem and Naor (2001, "Optimal aggregation algorithms for middleware") with one list.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from search.engine import FacetResult, FacetValue, Request
from search.engine_whoosh.segment import run_starts
from search.names import Words, as_entries

if TYPE_CHECKING:
    from search.engine_whoosh.lists import Members

Mask = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int32]
Counts = npt.NDArray[np.int64]

FEW = 16
"""Values of the documents found that are so many times fewer than those of all are gathered sooner than counted."""
SMALL = 500
"""Values that are sorted sooner than it is found out which of them have to be."""
FIRST_LOOK = 64
"""Values that a count from the top looks at before it first asks whether it is done."""


Top = tuple[list[tuple[int, int]], int, int]
"""Values with their counts, how many values there are in all, and how many documents have none."""


class Values:
    """The values of one facet, numbered from the most frequent down, equals in the order of names.

    ``kept``: its arrays from ``ordinals``; ``size``: how many documents there are.
    """

    def __init__(self, kept: Mapping[str, npt.NDArray[Any]], size: int) -> None:
        self.values: list[str]
        self.entries: dict[str, str | None]
        """For each name that is not shown as it is written, the value under which it is shown, None if it is hidden."""
        self.values, self.entries = json.loads(kept["named"].tobytes())
        self.by_name: Counts = kept["by_name"].astype(np.int64)
        """Place of each value in the order of names."""
        self.totals: Counts = kept["totals"].astype(np.int64)
        """How many documents have each value."""
        self._documents: Numbers = kept["documents"]
        """Those of each value, one after the other."""
        self._begins = np.concatenate([[0], np.cumsum(self.totals)])
        self._of = kept["ordinals"]
        """The values of each document, one after the other."""
        self.many = kept["many"]
        """How many values each document has, in as few bytes as it takes."""
        self._ends = np.cumsum(self.many, dtype=np.int64)
        self._size = size

    @cached_property
    def missing(self) -> int:
        """How many documents have no value."""
        return int(np.count_nonzero(self.many == 0))

    @cached_property
    def number(self) -> dict[str, int]:
        """The number of each value."""
        return {value: at for at, value in enumerate(self.values)}

    def numbers_of(self, chosen: Collection[str]) -> set[int]:
        """The values that are meant by names, be it another spelling of them."""
        entries = (self.entries.get(name, name) for name in chosen)
        return {self.number[entry] for entry in entries if entry is not None and entry in self.number}

    def shown(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Names of an article as their entries, each once, without hidden ones."""
        return as_entries(names, self.entries)

    def holders(self, number: int) -> Numbers:
        """The documents that have a value."""
        return self._documents[self._begins[number] : self._begins[number + 1]]

    def holding(self, chosen: Collection[str]) -> Numbers:
        """Documents that have any of the chosen values, ascending."""
        return self._any(self.numbers_of(chosen))

    def _any(self, numbers: Collection[int]) -> Numbers:
        held = [self.holders(number) for number in numbers]
        if len(held) == 1:
            return held[0]
        documents = np.concatenate([np.zeros(0, np.int32), *held])
        documents.sort()  # sooner than numpy.unique, which hashes
        return documents[run_starts(documents)]

    def counts(self, documents: Numbers) -> Counts:
        """How many of the documents have each value."""
        if len(documents) == self._size:
            return self.totals
        many = self.many.take(documents)
        return np.bincount(self._gathered(documents, many), minlength=len(self.values))

    def _gathered(self, documents: Numbers, many: npt.NDArray[Any]) -> Numbers:
        """The values of all of the documents."""
        ends = np.cumsum(many, dtype=np.int64)
        begins = self._ends.take(documents) - ends
        gathered = self._of.take(np.repeat(begins, many) + np.arange(ends[-1] if len(ends) else 0))
        # numpy sorts four bytes ten times as fast as two
        return gathered.astype(np.int32)

    def top(self, found: Members, size: int) -> Top:
        """The ``size`` values that most of the documents have, equals in the order of names."""
        documents = found.documents
        if len(documents) == self._size:
            return self._first(np.arange(len(self.values)), self.totals, size), len(self._of), self.missing
        many = self.many.take(documents)
        held = int(many.sum(dtype=np.int64))
        missing = len(documents) - int(np.count_nonzero(many))
        if not held:
            return [], 0, missing
        if held * FEW <= len(self._of):
            values = np.sort(self._gathered(documents, many))
            edges = np.append(run_starts(values), held)
            numbers, counts = values[edges[:-1]].astype(np.int64), edges[1:] - edges[:-1]
        else:
            counts = self._from_the_top(found.mask, size)
            numbers = np.arange(len(counts))
        return self._first(numbers, counts, size), held, missing

    def _from_the_top(self, mask: Mask, size: int) -> Counts:
        """Counts of as many of the most frequent values as it takes."""
        counted = np.zeros(0, np.int64)
        while True:
            begin, end = len(counted), min(max(FIRST_LOOK, 2 * size, 2 * len(counted)), len(self.values))
            hits = mask.take(self._documents[self._begins[begin] : self._begins[end]])
            more = np.add.reduceat(hits, self._begins[begin:end] - self._begins[begin], dtype=np.int64)
            counted = np.concatenate([counted, more])
            if end == len(self.values):
                return counted
            if end >= size and np.partition(counted, -size)[-size] > self.totals[end]:
                return counted

    def _first(self, numbers: Counts, counts: Counts, size: int) -> list[tuple[int, int]]:
        """Value and count of the ``size`` highest counts, equals in the order of names."""
        if len(counts) > SMALL:
            least = np.partition(counts, -size)[-size] if len(counts) > size else 0
            enough = np.flatnonzero(counts >= max(least, 1))
            numbers, counts = numbers.take(enough), counts.take(enough)
        first = np.argsort((-counts << 32) + self.by_name.take(numbers))[:size]
        return [row for row in zip(numbers.take(first).tolist(), counts.take(first).tolist(), strict=True) if row[1]]

    def count(self, number: int, mask: Mask) -> int:
        """How many documents of a mask have a value."""
        return int(np.count_nonzero(mask.take(self.holders(number))))

    @cached_property
    def words(self) -> Words[int]:
        """The values by words of any of their spellings."""
        spellings = [(name, self.number[entry]) for name, entry in self.entries.items() if entry in self.number]
        return Words(chain(self.number.items(), spellings))

    def named(self, words: Collection[str]) -> Numbers:
        """Documents with a value that has all of these words, whatever their umlauts, case and order."""
        return self._any(self.words.named(words))


def value_facet(held: Values, found: Members, request: Request, facet: str) -> FacetResult:
    """The most frequent values among the documents, all chosen ones in any case."""
    size, typed = request.facet_size, request.chosen.get(facet, ())
    top, total, missing = found.counted((id(held), size), lambda: held.top(found, size))
    chosen = held.numbers_of(typed)
    if unlisted := chosen - {number for number, _ in top}:
        more = [(number, held.count(number, found.mask)) for number in unlisted]
        top = [*top, *sorted(more, key=lambda row: (-row[1], held.values[row[0]]))]
    values = [FacetValue(held.values[number], count, number in chosen) for number, count in top]
    values += [FacetValue(value, 0, True) for value in typed if not held.numbers_of([value])]
    return FacetResult(
        values=tuple(values),
        missing=missing,
        missing_selected=facet in request.missing,
        other=total - sum(value.count for value in values),
    )
