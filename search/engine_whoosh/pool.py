"""Turns documents into the arrays of one segment, without work per token but one look into a dictionary.

A document becomes a row of numbers, one a word: its form, in a table of all forms that were met. What a form is indexed
under is looked up once a form. All else is array work when the segment is made: forms become terms, (term, position)
becomes one 64-bit number, and sorting these numbers is inverting the index.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh.util.numeric import length_to_byte

from search import german
from search.dates import interval
from search.engine import Document
from search.engine_whoosh.fields import KEEPS, card, exact_term, rest
from search.engine_whoosh.layout import Array, strings
from search.engine_whoosh.merge import LOW, Counts, Keys, Postings, distinct, encoded
from search.engine_whoosh.segment import MAX_DOCUMENTS
from search.schema import LEAD_WEIGHT, TITLE_WEIGHT

GAP = 100
"""Positions left free between title, lead and text, and behind a document: no phrase crosses from one into another."""
MAX_TOKENS = 1 << 24
"""Words, gaps counted too, after which a segment is full: what bounds the memory while it is made."""
MAX_FORMS = 400_000
"""Forms that are kept from one segment to the next."""
VALUES = [name for name, keeps in KEEPS.items() if keeps == "existence"]
"""Fields whose terms are values that stand as they are."""
RESOLVED_AT_ONCE = 20_000
"""Words that are collected before new forms among them are analysed: several at once are several times faster."""
COMPRESSION = 3


class _Forms:
    """The table of forms. A term is a number, its place in the order in which they were met."""

    def __init__(self) -> None:
        self.number: dict[str, int] = {}
        self.terms: dict[str, int] = {}
        self.exacts: dict[str, int] = {}
        self.term_names: list[str] = []
        self.exact_names: list[str] = []
        self.word: list[int] = []
        self.exact: list[int] = []
        self.inside: list[tuple[int, ...]] = []

    def learn(self, forms: Iterable[str]) -> None:
        """Look new forms up."""
        new = [form for form in forms if form not in self.number]
        terms, exacts = self.terms, self.exacts
        for form, known in zip(new, german.analyses(new), strict=True):
            word, exact, _, inside = (known, form, (), ()) if isinstance(known, str) else known
            self.number[form] = len(self.word)
            self.word.append(terms.setdefault(word, len(terms)))
            self.exact.append(exacts.setdefault(exact, len(exacts)))
            self.inside.append(tuple([terms.setdefault(term, len(terms)) for term in inside]))
        self.term_names += list(terms)[len(self.term_names) :]
        self.exact_names += map(exact_term, list(exacts)[len(self.exact_names) :])


class Pool:
    """Collects documents for one segment after the other."""

    def __init__(self) -> None:
        self._forms = _Forms()
        self._begin()

    def _begin(self) -> None:
        if len(self._forms.word) > MAX_FORMS:
            self._forms = _Forms()
        self.tokens = 0
        self._documents: list[tuple[int, int, str]] = []
        self._cards: list[bytes] = []
        self._stored: list[bytes] = []
        self._lengths: list[int] = []
        self._pending: list[str] = []
        self._numbers: list[npt.NDArray[np.uint32]] = []
        self._elided: list[tuple[int, int, str]] = []
        self._values: dict[str, list[tuple[str, ...]]] = {name: [] for name in VALUES}

    def __len__(self) -> int:
        return len(self._documents)

    @property
    def full(self) -> bool:
        """Whether the segment has to be made before another document comes in."""
        return len(self) >= MAX_DOCUMENTS or self.tokens >= MAX_TOKENS

    def add(self, document: Document) -> None:
        """Take a document in."""
        article = document.article
        number = len(self._documents)
        for passage, text in enumerate(article.passages):
            forms, elided = german.occurrences(text)
            self._pending += forms
            self._lengths.append(len(forms))
            self.tokens += len(forms) + GAP
            self._elided += [(3 * number + passage, position, form) for position, form in elided]
        self._documents.append((*(interval(article.date) if article.date else (0, 0)), article.id))
        self._cards.append(card(document))
        self._stored.append(zlib.compress(rest(document), COMPRESSION))
        for name, values in (
            ("id", (article.id,)),
            ("date", (article.date,) if article.date else ()),
            ("person", document.persons),
            ("place", document.places),
            ("place_weak", document.places_weak),
            ("source", (article.source,) if article.source else ()),
            ("section", (article.section,) if article.section else ()),
        ):
            self._values[name].append(values)
        if len(self._pending) >= RESOLVED_AT_ONCE:
            self._resolve()

    def _resolve(self) -> None:
        known = self._forms.number
        if new := set(self._pending).difference(known):
            self._forms.learn(sorted(new))
        self._numbers.append(np.fromiter(map(known.__getitem__, self._pending), np.uint32, len(self._pending)))
        self._pending = []

    def arrays(self) -> dict[str, Array]:
        """The segment of all documents that were added; the pool is empty then."""
        self._resolve()
        self._forms.learn({form for _, _, form in self._elided})
        size = len(self)
        order = sorted(range(size), key=lambda number: (-self._documents[number][0], self._documents[number][2]))
        rank = np.zeros(size, np.int64)
        rank[order] = np.arange(size)
        arrays = {
            "first": np.array([self._documents[number][0] for number in order], np.int32),
            "last": np.array([self._documents[number][1] for number in order], np.int32),
            **strings("card", [self._cards[number] for number in order]),
            **strings("stored", [self._stored[number] for number in order]),
        }
        for name, values in self._values.items():
            arrays |= encoded(name, _valued(values, rank))
        for name, found in _Inverted(self, rank).fields():
            arrays |= encoded(name, found)
        self._begin()
        return arrays


class _Inverted:
    """The words of a pool, sorted by term."""

    def __init__(self, pool: Pool, rank: Counts) -> None:
        self.forms = pool._forms
        self.size = len(rank)
        self.rank = rank
        self.lengths = np.array(pool._lengths, np.int64).reshape(self.size, 3)
        self.numbers = np.concatenate(pool._numbers)
        self.elided = pool._elided
        self.weights = np.array([TITLE_WEIGHT, LEAD_WEIGHT, 1], np.int64)

    def fields(self) -> Iterable[tuple[str, Postings]]:
        """Name and postings of each field of words."""
        word, exact = np.array(self.forms.word, np.int64), np.array(self.forms.exact, np.int64)
        places, base, of_place, weight_of = self._laid_out(self.lengths)
        elided, compounds = self._elided(base, self.lengths)
        word_terms = np.concatenate([word[self.numbers], word[compounds]])
        part_terms, part_places = self._inside(
            np.concatenate([self.numbers, compounds]), np.concatenate([places, elided])
        )
        terms, number = _sorted(self.forms.term_names, word_terms, part_terms)
        # a word that stands for itself and for a compound may be the same term twice
        words = distinct(_keys(number[word_terms], np.concatenate([places, elided])))
        inside = distinct(_keys(number[part_terms], part_places))
        text = _both(terms, words, inside, of_place, weight_of)
        lengths = {"text": self._lengths(words, of_place), "part": self._lengths(inside, of_place)}
        yield "text", text._replace(base=base, lengths=lengths)
        exact_terms = exact[self.numbers]
        forms, number = _sorted(self.forms.exact_names, exact_terms)
        exacts = np.sort(_keys(number[exact_terms], places))
        lengths = {"exact": self._lengths(exacts, of_place)}
        yield "exact", _counted(forms, exacts, of_place, weight_of)._replace(lengths=lengths)
        yield "title", self._title(word)

    def _lengths(self, keys: Keys, of_place: npt.NDArray[np.uint16]) -> Array:
        counts = np.bincount(of_place[(keys & LOW).astype(np.int64)], minlength=self.size)
        return np.array([length_to_byte(length) for length in counts.tolist()], np.uint8)

    def _title(self, word: Counts) -> Postings:
        lengths = self.lengths[:, :1]
        places, base, of_place, _ = self._laid_out(lengths)
        titled = np.repeat(np.tile([True, False, False], self.size), self.lengths.ravel())
        elided, compounds = self._elided(base, lengths)
        title_terms = np.concatenate([word[self.numbers[titled]], word[compounds]])
        terms, number = _sorted(self.forms.term_names, title_terms)
        keys = distinct(_keys(number[title_terms], np.concatenate([places, elided])))
        found = _counted(terms, keys, of_place, np.ones(len(of_place), np.uint8))
        return found._replace(places=keys, base=base, lengths={"title": self._lengths(keys, of_place)})

    def _laid_out(self, lengths: Counts) -> tuple[Counts, Counts, npt.NDArray[np.uint16], npt.NDArray[np.uint8]]:
        """Position of each word as it came in; where each document begins; document and weight of each position."""
        room = lengths + GAP
        base = np.zeros(self.size + 1, np.int64)
        np.cumsum(room.sum(1)[np.argsort(self.rank)], out=base[1:])
        begins = base[:-1][self.rank][:, None] + np.cumsum(room, 1) - room
        flat = lengths.ravel()
        before = np.cumsum(flat) - flat
        places = np.repeat(begins.ravel() - before, flat) + np.arange(flat.sum())
        of_place = np.repeat(np.arange(self.size, dtype=np.uint16), np.diff(base))
        weight_of = np.zeros(base[-1], np.uint8)
        weight_of[places] = np.repeat(np.tile(self.weights[: lengths.shape[1]], self.size), flat)
        return places, base, of_place, weight_of

    def _elided(self, base: Counts, lengths: Counts) -> tuple[Counts, Counts]:
        """Positions at which a compound stands in short, and the numbers of their forms."""
        passages = lengths.shape[1]
        found = [row for row in self.elided if row[0] % 3 < passages]
        room = lengths + GAP
        begins = base[:-1][self.rank][:, None] + np.cumsum(room, 1) - room
        places = [begins[row[0] // 3, row[0] % 3] + row[1] for row in found]
        return np.array(places, np.int64), np.array([self.forms.number[row[2]] for row in found], np.int64)

    def _inside(self, numbers: npt.NDArray[Any], places: Counts) -> tuple[Counts, Counts]:
        """Parts and joined parts of the forms that have any, each with the place of its compound."""
        counts = np.fromiter(map(len, self.forms.inside), np.int64, len(self.forms.inside))
        terms = np.fromiter(chain.from_iterable(self.forms.inside), np.int64, int(counts.sum()))
        begins = np.cumsum(counts) - counts
        compound = np.flatnonzero(counts[numbers])
        held = numbers[compound]
        many = counts[held]
        within = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
        return terms[np.repeat(begins[held], many) + within], np.repeat(places[compound], many)


def _sorted(names: Sequence[str], *used: Counts) -> tuple[list[bytes], Counts]:
    """The terms that are used, in the order of their bytes, and the place of each number among them."""
    occurs = np.zeros(len(names), bool)
    for numbers in used:
        occurs[numbers] = True
    rows = sorted([(names[number], number) for number in np.flatnonzero(occurs).tolist()])
    place = np.zeros(len(names), np.int64)
    place[[number for _, number in rows]] = np.arange(len(rows))
    return [term.encode("utf-8", "surrogatepass") for term, _ in rows], place


def _keys(terms: Counts, places: Counts) -> Keys:
    return (terms.astype(np.uint64) << np.uint64(32)) | places.astype(np.uint64)


def _counted(terms: list[bytes], keys: Keys, of_place: npt.NDArray[np.uint16], weight_of: Any) -> Postings:
    """Postings of sorted term << 32 | position."""
    places = (keys & LOW).astype(np.int64)
    posted = (keys >> np.uint64(32) << np.uint64(16)) | of_place[places].astype(np.uint64)
    begins = np.flatnonzero(np.concatenate([[True], posted[1:] != posted[:-1]])) if len(posted) else places
    weights = np.add.reduceat(weight_of[places], begins, dtype=np.int64) if len(posted) else places
    return Postings(terms, posted[begins], weights)


def _both(terms: list[bytes], words: Keys, inside: Keys, of_place: Any, weight_of: Any) -> Postings:
    """Words and parts of compounds as one list of postings."""
    word, part = _counted(terms, words, of_place, weight_of), _counted(terms, inside, of_place, weight_of)
    assert word.weights is not None
    assert part.weights is not None
    keys = distinct(np.concatenate([word.keys, part.keys]))
    weights, parts = np.zeros(len(keys), np.int64), np.zeros(len(keys), np.int64)
    weights[np.searchsorted(keys, word.keys)] = word.weights
    parts[np.searchsorted(keys, part.keys)] = part.weights
    return Postings(terms, keys, weights, parts, words)


def _valued(values: list[tuple[str, ...]], rank: Counts) -> Postings:
    """Postings of values that stand as they are."""
    numbers: dict[str, int] = {}
    held = [numbers.setdefault(value, len(numbers)) for each in values for value in each]
    numbered = np.array(held, np.int64)
    terms, place = _sorted(list(numbers), numbered)
    documents = np.repeat(rank, np.fromiter(map(len, values), np.int64, len(values)))
    keys = place[numbered].astype(np.uint64) << np.uint64(16)
    return Postings(terms, distinct(keys | documents.astype(np.uint64)))
