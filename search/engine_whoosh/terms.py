"""What a term finds, and how well: its postings in all segments as one list of documents and one of scores.

Scores are BM25 with the formula and the inverse document frequency that Whoosh uses (Robertson, Zaragoza 2009, "The
Probabilistic Relevance Framework"), so that Whoosh's own searcher is an oracle for this file. Weight and length of a
posting are a byte each, so what they score is looked up in a table of all pairs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from search.engine_whoosh.lists import NARROW, Found, joined, nbytes
from search.engine_whoosh.numbering import Numbers, Part
from search.engine_whoosh.segment import FieldPostings, Places, run_starts
from search.engine_whoosh.snapshot import Mask, Scores, Snapshot, Span
from search.ranking import K1, LENGTHS, NEAR, B, idf

TABLED = 1 << 10
"""Different weights in a segment up to which the score of each with each length is computed beforehand."""
SORTED = 10_000
"""Postings up to which it is faster to sort them than to have a place for every document."""
FEW = 8
"""Documents that are this many times fewer than a term's are scored sooner alone than with all of these."""
WORTH_KEEPING = 4096
"""Places from which on they are kept once they were read."""
WORTH_PAIRING = 30_000
"""Documents with the rarer of two terms up to which it is kept where both are neighbours."""
LONG = 1 << 17
"""Places from which on a few are looked up between their marks, rather than all be read and kept."""


class Terms:
    """The postings of a snapshot's terms."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot

    def idf(self, documents: int) -> float:
        """Inverse document frequency, deleted documents counted too, as Whoosh has it."""
        return idf(documents, self.snapshot.size_with_deleted)

    def term(self, field: str, term: str, part_weight: float = 0.0) -> Found:
        """A term of a field; of the text among the words, and at a weight above 0 among the parts of compounds.

        Beside the word itself, parts add to its frequency; alone, they score as the word would, times the weight: so
        an article that says Wahl comes before one that says Bundestagswahl ten times.
        """
        key = (field, term, part_weight)
        return self.snapshot.cache.get(key, lambda: self._found(*key), nbytes)

    def _found(self, field: str, term: str, part_weight: float) -> Found:
        pieces, frequency = [], 0
        for part, postings, span in self._extents(field, term):
            documents, scores = self._scored(
                part, postings, postings.documents(span), postings.codes(span), part_weight
            )
            frequency += len(documents)
            pieces.append(_alive(part, documents, scores))
        found = joined(pieces)
        return Found(found.documents, found.scores * np.float32(self.idf(frequency)), (field, term, part_weight))

    def among(self, field: str, term: str, documents: Numbers, part_weight: float = 0.0) -> Found:
        """What ``term`` finds among some documents, ascending, or all of that if they are not few."""
        extents = list(self._extents(field, term))
        if len(documents) * FEW > sum(last - first for _, _, (first, last) in extents):
            return self.term(field, term, part_weight)
        wanted = {id(part): own for part, own in self._parts(documents)}
        pieces, frequency = [], 0
        for part, postings, span in extents:
            held, codes = postings.documents(span), postings.codes(span)
            frequency += len(held) if part_weight else int(np.count_nonzero(_in_words(postings, codes)))
            if (own := wanted.get(id(part))) is not None:
                at = held.searchsorted(own.astype(np.uint16))
                at = at[held.take(at, mode="clip") == own]
                pieces.append(_alive(part, *self._scored(part, postings, held[at], codes[at], part_weight)))
        found = joined(pieces)
        return Found(found.documents, found.scores * np.float32(self.idf(frequency)))

    def _extents(self, field: str, term: str) -> Iterable[tuple[Part, FieldPostings, tuple[int, int]]]:
        """The postings of a term in each segment that has some."""
        name = term.encode("utf-8", "surrogatepass")
        for part in self.snapshot.parts:
            postings = part.reader.field(field)
            span = postings.extent_of(name)
            if span[1]:
                yield part, postings, span

    def _scored(
        self,
        part: Part,
        postings: FieldPostings,
        documents: npt.NDArray[np.uint16],
        codes: npt.NDArray[Any],
        part_weight: float,
    ) -> tuple[npt.NDArray[np.uint16], Scores]:
        """Documents of a segment that match, and scores without inverse document frequency."""
        lengths = part.reader.lengths(postings.name).take(documents)
        if len(postings.pairs) <= TABLED:
            rows = self._table(part, postings, part_weight)
            scores = rows.take((codes.astype(np.uint32) << 8) | lengths)
        else:
            frequency, factor = _weighted(postings.pairs[codes], part_weight)
            scores = factor * self.saturated(postings.name, frequency, LENGTHS[lengths])
        if part_weight == 0 and postings.name == "text":
            held = scores > 0
            return documents[held], scores[held]
        return documents, scores

    def _table(self, part: Part, postings: FieldPostings, part_weight: float) -> Scores:
        """The score of each pair of weights with each length byte."""

        def computed() -> Scores:
            frequency, factor = _weighted(postings.pairs, part_weight)
            return (factor[:, None] * self.saturated(postings.name, frequency[:, None], LENGTHS[None, :])).ravel()

        key = (id(part.reader), postings.name, part_weight)
        return self.snapshot.cache.get(key, computed, lambda table: table.nbytes)

    def saturated(self, field: str, frequency: Scores, lengths: Scores) -> Scores:
        """BM25 of a frequency in a document of some length, without inverse document frequency."""
        norm = K1 * ((1 - B) + B * lengths.astype(np.float64) / self.snapshot.mean_lengths[field])
        return (frequency * (K1 + 1) / (frequency + norm)).astype(np.float32)

    def frequency(self, term: str) -> int:
        """How many documents have a term among their words or parts, deleted ones counted too."""
        return self.snapshot.counts.get(
            ("frequency", term), lambda: sum(last - first for _, _, (first, last) in self._extents("text", term))
        )

    def holders(self, term: str) -> int:
        """How many documents have a term among their words."""
        return self.snapshot.counts.get(("holders", term), lambda: self._holders(term))

    def _holders(self, term: str) -> int:
        found = 0
        for part, postings, span in self._extents("text", term):
            held = _in_words(postings, postings.codes(span))
            if self.snapshot.size < self.snapshot.size_with_deleted:
                held &= part.numbered(postings.documents(span)) >= 0
            found += int(np.count_nonzero(held))
        return found

    def rarity(self, terms: Iterable[str]) -> float:
        """The sum of the inverse document frequencies of terms."""
        return sum(self.idf(self.frequency(term)) for term in terms)

    def written(self, spans: Iterable[Span]) -> Found:
        """Documents with any of some words as they are written, scored as if these were one word (a synonym set).

        Words are given as stretches of the terms of ``exact``.
        """
        pieces = []
        for part, first, last in spans:
            postings = part.reader.field("exact")
            span = postings.extent(first, last)
            documents, weights = postings.documents(span), postings.pairs[postings.codes(span), 0]
            if last - first > 1:
                documents, weights = _summed(documents, weights)
            pieces.append(_alive(part, documents, weights))
        found = joined(pieces, np.add)
        lengths = self.lengths("exact").take(found.documents)
        scores = self.saturated("exact", found.scores, LENGTHS[lengths])
        return Found(found.documents, scores * np.float32(self.idf(len(found.documents))))

    def whether(self, spans: Iterable[Span]) -> Found:
        """Documents with a word as it is written; each scores its inverse document frequency."""
        postings = [(part, part.reader.field("exact"), first, last) for part, first, last in spans]
        held = [(part, field.documents(field.extent(first, last))) for part, field, first, last in postings]
        found = joined([_alive(part, own, np.ones(len(own), np.float32)) for part, own in held])
        return Found(found.documents, found.scores * np.float32(self.idf(len(found.documents))))

    def lengths(self, field: str) -> npt.NDArray[np.uint8]:
        """Length byte of each document in a field."""
        return self.snapshot.cache.get(
            ("lengths", field),
            lambda: self.snapshot.column(lambda reader: reader.lengths(field), np.uint8),
            lambda lengths: lengths.nbytes,
        )

    def phrase(self, field: str, terms: Sequence[str], documents: Numbers | None = None) -> Found:
        """Documents, or some of them, in which terms stand one right after the other, and how often."""
        pieces = []
        for part, own in self._parts(documents):
            postings = part.reader.field(field)
            places, base = [postings.place(term.encode("utf-8", "surrogatepass")) for term in terms], postings.base
            if min(places) < 0:
                continue
            # from the rarest term on, so that few places have to be looked up; between two documents there is a gap, so
            # that no neighbour is in another one
            rarest, *others = sorted(enumerate(places), key=lambda each: (postings.room(each[1]), each))
            if own is not None:
                begins = _inside(self._begins(postings, rarest), base.take(own), base.take(own + 1))
            elif len(others) > 1:
                # “Preis für Öl” and “Preis von Öl” have the rarer two in common
                begins = self._with_both(postings, rarest, others.pop(0))
            else:
                begins = self._begins(postings, rarest)
            for offset, other in others:
                begins = begins[self._standing(postings, other, begins + np.uint32(offset))]
            if len(begins):
                pieces.append(_holders(part, base, begins))
        return joined(pieces)

    def _begins(self, postings: FieldPostings, one: tuple[int, int]) -> Places:
        """Where phrases begin that have one term, given by its place in them and its number."""
        offset, term = one
        places = self._places(postings, term)
        return places[places >= offset] - np.uint32(offset) if offset else places

    def _with_both(self, postings: FieldPostings, one: tuple[int, int], other: tuple[int, int]) -> Places:
        """Where phrases begin that have two terms."""

        def found() -> Places:
            begins = self._begins(postings, one)
            return begins[self._standing(postings, other[1], begins + np.uint32(other[0]))]

        return self.snapshot.places.get((id(postings), one, other), found, lambda places: places.nbytes)

    def _places(self, postings: FieldPostings, term: int) -> Places:
        """Where a term stands in a segment, ascending."""
        if postings.room(term) < WORTH_KEEPING:
            return postings.places(term)
        return self.snapshot.places.get(
            (id(postings), term), lambda: postings.places(term), lambda places: places.nbytes
        )

    def _standing(self, postings: FieldPostings, term: int, wanted: Places) -> Mask:
        """Which places, ascending, are a term's."""
        found = postings.standing(term, wanted) if postings.room(term) > LONG else None
        return sieved(wanted, self._places(postings, term)) if found is None else found

    def beside(self, left: str, right: str, documents: Numbers) -> Found:
        """Those of some documents, ascending, in which a term stands right after another one, and maybe more of them.

        The score is that of one word, were it as frequent in them as both are side by side, without inverse document
        frequency.
        """
        return self._together(self._beside, left, right, documents)

    def near(self, left: str, right: str, documents: Numbers) -> Found:
        """Those of some documents, ascending, in which two terms stand near each other, and maybe more of them."""
        return self._together(self._near, left, right, documents)

    def _together(self, work: Callable[..., Found], left: str, right: str, documents: Numbers) -> Found:
        if min(map(self.frequency, (left, right))) > max(WORTH_PAIRING, len(documents)):
            return work(left, right, documents)
        return self.snapshot.cache.get((work.__name__, left, right), lambda: work(left, right), nbytes)

    def _near(self, left: str, right: str, documents: Numbers | None = None) -> Found:
        pieces = []
        for part, own in self._parts(documents):
            postings = part.reader.field("text")
            terms = [postings.place(term.encode("utf-8", "surrogatepass")) for term in (left, right)]
            if min(terms) < 0:
                continue
            rarer, other = sorted(terms, key=postings.room)
            places, base = self._places(postings, rarer), postings.base
            if own is not None:
                places = _inside(places, base.take(own), base.take(own + 1))
            if len(places):
                # between two passages there is a gap, so that what is near is in the same one
                others, reach = self._places(postings, other), np.uint32(NEAR)
                nearest = others.take(np.searchsorted(others, np.maximum(places, reach) - reach), mode="clip")
                places = places[(nearest + reach >= places) & (nearest <= places + reach)]
            pieces.append(_holders(part, base, places))
        return joined(pieces)

    def _beside(self, left: str, right: str, documents: Numbers | None = None) -> Found:
        found = self.phrase("text", (left, right), documents)
        lengths = LENGTHS[self.lengths("text").take(found.documents)]
        return Found(found.documents, self.saturated("text", found.scores, lengths))

    def _parts(self, documents: Numbers | None) -> Iterable[tuple[Part, Numbers | None]]:
        """The segments, and which of their own documents are meant; None: all."""
        if documents is None:
            return ((part, None) for part in self.snapshot.parts)
        return self.snapshot.located(documents)


def _holders(part: Part, base: Places, places: Places) -> Found:
    """The documents that have some places, ascending, and how many of them."""
    held = (np.searchsorted(base, places, "right") - 1).astype(np.uint16)
    starts = run_starts(held)
    return _alive(part, held[starts], np.diff(starts, append=len(held)).astype(np.float32))


def _inside(places: Places, begins: Places, ends: Places) -> Places:
    """Those of the places, ascending, that lie in one of some ascending stretches."""
    if len(begins) * NARROW > len(places):
        at = np.searchsorted(begins, places, "right") - 1
        kept: Mask = (at >= 0) & (places < ends.take(at, mode="clip"))
        return places[kept]
    first, last = np.searchsorted(places, begins), np.searchsorted(places, ends)
    many = last - first
    ahead = np.cumsum(many) - many
    found: Places = places[np.repeat(first - ahead, many) + np.arange(many.sum())]
    return found


def _alive(part: Part, documents: npt.NDArray[np.uint16], scores: Scores) -> Found:
    """Under the numbers of the snapshot, without deleted documents."""
    found = Found(part.numbered(documents), scores)
    if part.numbers is not None and len(documents) and found.documents.min() < 0:
        return found.take(np.flatnonzero(found.documents >= 0))
    return found


def _in_words(postings: FieldPostings, codes: npt.NDArray[Any]) -> Mask:
    """Which postings are of words, and not of parts of compounds alone."""
    held: Mask = (postings.pairs[:, 0] > 0).take(codes)
    return held


def _weighted(pairs: Scores, part_weight: float) -> tuple[Scores, Scores]:
    """Frequency, and by what the score is multiplied, from the weights among words and among parts."""
    words, parts = pairs[:, 0], pairs[:, 1]
    if not part_weight:
        return words, np.ones(len(words), np.float32)
    whole = words > 0
    return np.where(whole, words + part_weight * parts, parts), np.where(whole, 1.0, part_weight).astype(np.float32)


def _summed(documents: npt.NDArray[np.uint16], weights: Scores) -> tuple[npt.NDArray[np.uint16], Scores]:
    """Each document once, with the sum of its weights."""
    if not len(documents):
        return documents, weights
    if len(documents) < SORTED:
        order = np.argsort(documents, kind="stable")
        documents, weights = documents[order], weights[order]
        begins = run_starts(documents)
        return documents[begins], np.add.reduceat(weights, begins)
    sums = np.bincount(documents, weights)
    held = np.flatnonzero(sums > 0)
    return held.astype(np.uint16), sums[held].astype(np.float32)


def sieved(wanted: npt.NDArray[np.uint32], held: npt.NDArray[np.uint32]) -> Mask:
    """Which of ``wanted`` are in ``held``; both ascending, without repetition."""
    if len(wanted) * NARROW < len(held) or not len(held):
        at = np.searchsorted(held, wanted)
        return held.take(at, mode="clip") == wanted if len(held) else np.zeros(len(wanted), bool)
    # most are sieved out by a few of their bits, so that few have to be looked up
    size = 1 << max(10, (4 * len(held)).bit_length())
    sieve = np.zeros(size, bool)
    sieve[held & np.uint32(size - 1)] = True
    mask = sieve.take(wanted & np.uint32(size - 1))
    maybe = np.flatnonzero(mask)
    at = np.searchsorted(held, wanted[maybe])
    mask[maybe] = held.take(at, mode="clip") == wanted[maybe]
    return mask
