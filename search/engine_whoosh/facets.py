"""Counting facets: which values each document has, as numbers, and how many of the matching documents have each.

Whoosh would read every posting list of a facet's field for every search. Here it is read once, when a snapshot is
opened; a count is then one gather and one bincount.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Mapping
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from search import german
from search.engine import FacetResult, FacetValue

Mask = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int32]


class Ordinals:
    """The values of one facet as numbers: document ``documents[i]`` has the value ``values[ordinals[i]]``."""

    def __init__(
        self, values: list[str], documents: Numbers, ordinals: Numbers, size: int, entries: Mapping[str, str | None]
    ) -> None:
        self.values = values
        self.entries = entries
        """For each name that stands in an article the value under which it is shown, None if it is hidden."""
        self.number = {value: ordinal for ordinal, value in enumerate(values)}
        self.documents = documents
        self.ordinals = ordinals
        self.without: Mask = np.ones(size, bool)
        """Documents that have no value at all."""
        self.without[documents] = False

    @classmethod
    def of(cls, holders: Mapping[str, Numbers], entries: Mapping[str, str | None], size: int) -> Ordinals:
        """From the documents that hold each name, and the entry of each name."""
        merged: dict[str, list[Numbers]] = {}
        for name, documents in holders.items():
            entry = entries[name]
            if entry is not None:
                merged.setdefault(entry, []).append(documents)
        values = sorted(merged)
        each = [np.unique(np.concatenate(merged[value])) for value in values]
        ordinals = np.repeat(np.arange(len(values), dtype=np.int32), [len(documents) for documents in each])
        documents = np.concatenate(each) if each else np.zeros(0, np.int32)
        return cls(values, documents, ordinals, size, entries)

    def ordinals_of(self, chosen: Collection[str]) -> set[int]:
        """The values that are meant by names, be it another spelling of them."""
        entries = (self.entries.get(name, name) for name in chosen)
        return {self.number[entry] for entry in entries if entry is not None and entry in self.number}

    def shown(self, names: Collection[str]) -> tuple[str, ...]:
        """Names of an article as their entries, each once, without hidden ones."""
        entries = (self.entries.get(name, name) for name in names)
        return tuple(dict.fromkeys(entry for entry in entries if entry is not None))

    def holding(self, chosen: Collection[str]) -> Mask:
        """Documents that have any of the chosen values."""
        wanted = np.zeros(len(self.values), bool)
        wanted[list(self.ordinals_of(chosen))] = True
        mask = np.zeros(len(self.without), bool)
        mask[self.documents[wanted[self.ordinals]]] = True
        return mask

    def counts(self, mask: Mask) -> npt.NDArray[np.int64]:
        """How many documents of ``mask`` have each value."""
        return np.bincount(self.ordinals[mask[self.documents]], minlength=len(self.values))

    @cached_property
    def words(self) -> dict[str, set[int]]:
        """Which values have a word, by the word's folded form."""
        found: dict[str, set[int]] = {}
        for ordinal, value in enumerate(self.values):
            for token in german.tokenize(value):
                found.setdefault(german.fold(token.surface), set()).add(ordinal)
        return found

    @cached_property
    def sorted_words(self) -> list[str]:
        """The keys of ``words`` in order."""
        return sorted(self.words)

    def beginning(self, typed: str) -> set[int]:
        """Values with all typed words, the last of which may be only begun."""
        *whole, begun = [german.fold(token.surface) for token in german.tokenize(typed)] or [""]
        low = bisect_left(self.sorted_words, begun)
        high = bisect_left(self.sorted_words, begun + "\U0010ffff")
        found = set[int]().union(*(self.words[word] for word in self.sorted_words[low:high])) if begun else set[int]()
        return found.intersection(*(self.words.get(word, set()) for word in whole))

    def named(self, words: Collection[str]) -> Mask:
        """Documents with a value that has all of these words, whatever their umlauts, case and order."""
        sets = [self.words.get(german.fold(token.surface), set()) for word in words for token in german.tokenize(word)]
        return self.holding({self.values[ordinal] for ordinal in set.intersection(*sets)} if sets else ())


class Choice(NamedTuple):
    """What is chosen in one facet."""

    values: tuple[str, ...]
    missing: bool


def value_facet(ordinals: Ordinals, mask: Mask, choice: Choice, size: int) -> FacetResult:
    """The ``size`` most frequent values among ``mask``, all chosen ones in any case; equals in the order of names."""
    counts = ordinals.counts(mask)
    # values are numbered in the order of their names, so a stable sort leaves equals in that order
    order = np.argsort(-counts, kind="stable")[:size]
    listed = [int(ordinal) for ordinal in order if counts[ordinal]]
    chosen = ordinals.ordinals_of(choice.values)
    listed += sorted(chosen.difference(listed), key=lambda ordinal: (-counts[ordinal], ordinal))
    values = [FacetValue(ordinals.values[ordinal], int(counts[ordinal]), ordinal in chosen) for ordinal in listed]
    values += [FacetValue(value, 0, True) for value in choice.values if not ordinals.ordinals_of([value])]
    return FacetResult(
        values=tuple(values),
        missing=int((mask & ordinals.without).sum()),
        missing_selected=choice.missing,
        other=int(counts.sum()) - sum(value.count for value in values),
    )
