"""The documents of several segments under one numbering: newest first, equals by id, without deleted ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from search.engine_whoosh.layout import in_order
from search.engine_whoosh.segment import SegmentReader

Numbers = npt.NDArray[np.int32]


class Part(NamedTuple):
    """One segment, and the number in all of them together of each of its documents, -1 if it is deleted.

    None if they are the same numbers.
    """

    reader: SegmentReader
    numbers: Numbers | None

    def numbered(self, documents: npt.NDArray[np.uint16]) -> Numbers:
        """Numbers in all segments together of documents of the segment, with -1 for deleted ones."""
        return documents.astype(np.int32) if self.numbers is None else self.numbers[documents]

    @property
    def all(self) -> Numbers:
        """The same of all documents of the segment."""
        return np.arange(self.reader.size, dtype=np.int32) if self.numbers is None else self.numbers


def parts_of(readers: Sequence[SegmentReader], numbers: Numbers) -> list[Part]:
    """The segments with the numbers that ``numbered`` has for them."""
    if not len(numbers):
        return [Part(reader, None) for reader in readers]
    ends = np.cumsum([reader.size for reader in readers])
    return [Part(reader, numbers[end - reader.size : end]) for reader, end in zip(readers, ends.tolist(), strict=True)]


def numbered(readers: Sequence[SegmentReader], deleted: Sequence[set[int]]) -> Numbers:
    """The number of each document of each segment, one after the other; nothing if there is but one, and all of it."""
    if len(readers) < 2 and not any(deleted):
        return np.zeros(0, np.int32)
    first = np.concatenate([reader.first for reader in readers])
    kept = np.ones(len(first), bool)
    begins = np.cumsum([0, *(reader.size for reader in readers)])
    for begin, gone in zip(begins.tolist(), deleted, strict=False):
        kept[[begin + document for document in gone]] = False
    order = np.flatnonzero(kept)
    if len(readers) > 1:
        # each segment is in this order: a stable sort merges them
        keys = (-first.astype(np.int64) << 32) + _id_rank(readers)
        order = order[np.argsort(keys[order], kind="stable")]
    numbers = np.full(len(first), -1, np.int32)
    numbers[order] = np.arange(len(order), dtype=np.int32)
    return numbers


def _id_rank(readers: Sequence[SegmentReader]) -> npt.NDArray[np.int64]:
    """Place of each document's id in the order of all ids."""
    fields = [reader.field("id") for reader in readers]
    documents = np.concatenate(
        [field.documents((0, reader.size)) for field, reader in zip(fields, readers, strict=True)]
    )
    begins = np.cumsum([0, *(reader.size for reader in readers)])[:-1]
    of_term = documents.astype(np.int64) + np.repeat(begins, [reader.size for reader in readers])
    order, _ = in_order([(field.terms, 0, len(field.terms)) for field in fields])
    rank = np.zeros(len(order), np.int64)
    rank[of_term[order]] = np.arange(len(order))
    return rank
