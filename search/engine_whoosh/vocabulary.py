"""The words of an archive as they are written, for completion, prefixes and words that were mistyped."""

from __future__ import annotations

from collections import Counter
from threading import Lock
from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from search import german, limit
from search.engine_whoosh.fields import folded_and_exact
from search.engine_whoosh.layout import Strings, in_order
from search.engine_whoosh.segment import SegmentReader, run_starts
from search.engine_whoosh.snapshot import Snapshot, Span
from search.ranking import allowed_errors


class Spellings(NamedTuple):
    """The folded forms of all words of a segment, and what tells of most of them that they are not near another."""

    texts: memoryview
    """The bytes of all words, one after the other."""
    begins: npt.NDArray[np.uint32]
    """Where the folded form of each begins there."""
    ends: npt.NDArray[np.uint32]
    sizes: npt.NDArray[np.int32]
    """How many letters each has."""
    letters: npt.NDArray[np.uint32]
    """The set of its letters, see ``_bits``."""

    def maybe_near(self, folded: str, errors: int) -> tuple[list[int], list[str]]:
        """All words that are so near to another one, and some others: their places and folded forms.

        An error adds or takes away one letter at most, and so one of the set.
        """
        written = np.frombuffer(folded.encode("utf-8", "surrogatepass"), np.uint8)
        letters = np.bitwise_or.reduce(_bits(written))
        alike = np.flatnonzero(np.abs(self.sizes - len(folded)) <= errors)
        sets = self.letters.take(alike)
        few = np.bitwise_count(sets & ~letters) <= errors
        few &= np.bitwise_count(letters & ~sets) <= errors
        alike = alike[few]
        stretches = zip(self.begins.take(alike).tolist(), self.ends.take(alike).tolist(), strict=True)
        forms = [str(self.texts[begin:end], "utf-8", "surrogatepass") for begin, end in stretches]
        return alike.tolist(), forms


def size(snapshot: Snapshot) -> int:
    """How many words there are."""
    lists = [part.reader.field("exact").terms for part in snapshot.parts]
    return len(lists[0]) if len(lists) == 1 else len(set().union(*lists))


def _bits(data: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint32]:
    """For the first byte of each letter in UTF-8 the bit that stands for it in a set of letters; 0 for other bytes."""
    bits: npt.NDArray[np.uint32] = np.left_shift(1, data & 31, dtype=np.uint32) * (data & 0xC0 != 0x80)
    return bits


_of_segments: WeakKeyDictionary[SegmentReader, Spellings] = WeakKeyDictionary()
_making = Lock()


def _of_segment(reader: SegmentReader) -> Spellings:
    """What takes longest is made once a segment, whatever states have it, and at no request's cost."""
    if reader not in _of_segments:
        with _making, limit.once_for_all():
            if reader not in _of_segments:
                _of_segments[reader] = _spellings(reader.field("exact").terms)
    return _of_segments[reader]


def _spellings(terms: Strings) -> Spellings:
    texts, text_ends = terms.together()
    if not len(text_ends):
        return Spellings(texts, *np.zeros((4, 0), np.uint32))
    data = np.frombuffer(texts, np.uint8)
    # the folded form ends where the only byte 0 of a term stands, see ``exact_term``
    begins, ends = np.append(0, text_ends[:-1]), np.flatnonzero(data == 0)
    sets = np.bitwise_or.reduceat(_bits(data), np.column_stack([begins, ends]).ravel())[::2]
    further = np.flatnonzero(data & 0xC0 == 0x80)
    sizes = ends - begins - (np.searchsorted(further, ends) - np.searchsorted(further, begins))
    return Spellings(texts, begins.astype(np.uint32), ends.astype(np.uint32), sizes.astype(np.int32), sets)


def beginning(snapshot: Snapshot, begun: str, most: int) -> list[tuple[str, int]]:
    """The most frequent words that begin with a folded prefix, and how many articles have each."""
    fields = [part.reader.field("exact") for part in snapshot.parts]
    stretches = [field.stretch(begun) for field in fields]
    order, terms = in_order([(field.terms, *stretch) for field, stretch in zip(fields, stretches, strict=True)])
    if not len(order):
        return []
    starts = (field.starts[first : last + 1] for field, (first, last) in zip(fields, stretches, strict=True))
    held = np.concatenate([np.diff(each.astype(np.int64)) for each in starts])
    begins = run_starts(terms)
    counts = np.add.reduceat(held[order], begins)
    # words come in their own order, so equally frequent ones do, too
    best = np.argsort(-counts, kind="stable")[:most]
    words = terms[begins[best]].tolist()
    return [(folded_and_exact(term)[1], count) for term, count in zip(words, counts[best].tolist(), strict=True)]


def count(snapshot: Snapshot, term: bytes) -> int:
    """How many articles have a word as it is written, given as a term of ``exact``, deleted ones counted too."""
    extents = (part.reader.field("exact").extent_of(term) for part in snapshot.parts)
    return sum(end - begin for begin, end in extents)


def near_words(snapshot: Snapshot, text: str, most: int) -> dict[str, list[Span]]:
    """Words of the archive, as written, that are at most one (from five letters on: two) typing errors away.

    Distance: optimal string alignment (Damerau 1964) between folded forms; nearest first, then the most frequent. For
    each word where it stands among the terms of the segments that have it.
    """
    from rapidfuzz import process  # takes longer to import than a search takes, and few need it
    from rapidfuzz.distance import OSA

    folded = german.fold(text)
    errors = allowed_errors(folded)
    distances: dict[bytes, int] = {}
    counts: Counter[bytes] = Counter()
    spans: dict[bytes, list[Span]] = {}
    for part in snapshot.parts:
        limit.spend()
        field = part.reader.field("exact")
        places, forms = _of_segment(part.reader).maybe_near(folded, errors)
        near = process.extract(folded, forms, scorer=OSA.distance, score_cutoff=errors, limit=None, processor=None)
        for _, distance, row in near:
            place = places[row]
            term = field.terms[place]
            begin, end = field.extent(place, place + 1)
            distances[term] = int(distance)
            counts[term] += end - begin
            spans.setdefault(term, []).append((part, place, place + 1))
    nearest = sorted(distances, key=lambda term: (distances[term], -counts[term], term))
    return {folded_and_exact(term)[1]: spans[term] for term in nearest[:most]}
