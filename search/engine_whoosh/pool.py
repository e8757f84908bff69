"""Turns documents into the arrays of one segment, without work per word.

Texts become numbers of word types as ``german.Analyzer`` says. All else is array work when the segment is made: words
become terms, (term, position) becomes one 64-bit number, and sorting these numbers is inverting the index.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from search import german
from search.article import address_key
from search.chunks import gathered
from search.dates import interval
from search.engine import Document
from search.engine_whoosh.fields import KEEPS, card, exact_terms, rest
from search.engine_whoosh.layout import Array, blocks, strings
from search.engine_whoosh.merge import LOW, Counts, Keys, Postings, Weights, distinct, encoded
from search.engine_whoosh.segment import MAX_DOCUMENTS, run_starts
from search.ranking import NEAR, length_bytes
from search.schema import LEAD_WEIGHT, TITLE_WEIGHT

GAP = NEAR
"""Positions left free behind title, lead and text: no phrase crosses from one into another, and no word is near one
of another."""
MAX_TOKENS = 1 << 24
"""Words after which a segment is full: what bounds the memory while it is made."""
MAX_CHUNKS = 1_000_000
"""Chunks, or words in them, that the analyzer knows from one segment to the next."""
VALUES = [name for name, keeps in KEEPS.items() if keeps == "existence"]
"""Fields whose terms are values that stand as they are."""
PASSAGES = 3
"""Title, lead and text."""


class Pool:
    """Collects documents for one segment after the other."""

    def __init__(self) -> None:
        self._analyzer = german.Analyzer()
        self._exact_names: list[str] = []
        self._begin()

    def _begin(self) -> None:
        if len(self._analyzer) > MAX_CHUNKS:
            self._analyzer = german.Analyzer()
            self._exact_names = []
        self.tokens = 0
        self.ids: dict[str, int] = {}
        """The ids of the documents in order."""
        self._days: list[tuple[int, int]] = []
        self._cards: list[bytes] = []
        self._stored: list[bytes] = []
        self._values: dict[str, list[tuple[str, ...]]] = {name: [] for name in VALUES}

    def __len__(self) -> int:
        return len(self._days)

    @property
    def full(self) -> bool:
        """Whether the segment has to be made before another document comes in."""
        return len(self) >= MAX_DOCUMENTS or self.tokens >= MAX_TOKENS

    def add(self, document: Document) -> None:
        """Take a document in, whose id none of the others has."""
        article = document.article
        for text in article.passages:
            self.tokens += self._analyzer.add(text)
        self.ids[article.id] = len(self._days)
        self._days.append(interval(article.date) if article.date else (0, 0))
        self._cards.append(card(document))
        self._stored.append(rest(document))
        for name, values in (
            ("id", (article.id,)),
            ("url", (key,) if (key := address_key(article.url)) else ()),
            ("date", (article.date,) if article.date else ()),
            ("person", document.persons),
            ("place", document.places),
            ("place_weak", document.places_weak),
            ("author", article.authors),
            ("source", (article.source,) if article.source else ()),
            ("section", (article.section,) if article.section else ()),
        ):
            self._values[name].append(values)

    def arrays(self) -> dict[str, Array]:
        """The segment of all documents that were added; the pool is empty then."""
        ids = list(self.ids)
        order = sorted(range(len(self)), key=lambda number: (-self._days[number][0], ids[number]))
        rank = np.zeros(len(self), np.int64)
        rank[order] = np.arange(len(self))
        days = np.array(self._days, np.int32).reshape(-1, 2)[order]
        arrays = {
            "first": days[:, 0],
            "last": days[:, 1],
            **strings("card", [self._cards[number] for number in order]),
            **blocks("stored", [self._stored[number] for number in order]),
        }
        self._cards, self._stored = [], []
        for name, values in self._values.items():
            arrays |= encoded(name, _valued(values, rank))
        running = self._analyzer.take()
        self._exact_names += exact_terms(self._analyzer.exacts.met())
        inverted = _Inverted(self._analyzer, self._exact_names, running, rank)
        for name, found in inverted.fields(running.elided):
            arrays |= encoded(name, found)
            del found  # before the next field is made
        self._begin()
        return arrays


class _Inverted:
    """The words of a pool, sorted by term."""

    def __init__(
        self, analyzer: german.Analyzer, exact_names: list[str], running: german.Running, rank: Counts
    ) -> None:
        self.analyzer = analyzer
        self.exact_names = exact_names
        self.rank = rank
        self.forms, self.lengths = running.words, running.lengths.reshape(-1, PASSAGES)

    def fields(self, elided: list[tuple[int, int, int]]) -> Iterable[tuple[str, Postings]]:
        """Name and postings of each field of words.

        ``elided``: passage, position and form of each word that stands in short.
        """
        word = np.array(self.analyzer.word, np.int64)
        compounds = np.array(elided, np.int64).reshape(-1, 3)
        layout = _Layout(self.lengths, self.rank)
        yield "text", self._text(word, compounds, layout)
        yield "exact", self._exact(layout)
        yield "title", self._titles(word, compounds)

    def _text(self, word: Counts, compounds: Counts, layout: _Layout) -> Postings:
        forms = np.concatenate([self.forms, compounds[:, 2].astype(np.uint32)])
        places = np.concatenate([layout.places(), layout.at(compounds)])
        holders, inside, inside_places = self._inside(forms, places)
        terms, number = _sorted(list(self.analyzer.terms), word[_used(forms, len(word))], inside)
        # a word that stands for itself and for a compound may be the same term twice
        words = distinct(_keys(number[word].take(forms), places))
        del forms, places  # each column has millions of rows: what is not needed any more makes room for the next
        parts = distinct(_keys(number[inside].take(holders), inside_places))
        del holders, inside_places
        (of_words, text_lengths), (of_parts, part_lengths) = layout.counted(words), layout.counted(parts)
        del parts
        return _both(terms, of_words, of_parts)._replace(
            places=words, base=layout.base, lengths={"text": text_lengths, "part": part_lengths}
        )

    def _exact(self, layout: _Layout) -> Postings:
        exact = np.array(self.analyzer.exact, np.int64)
        names, number = _sorted(self.exact_names, exact[_used(self.forms, len(exact))])
        keys, weights, lengths = layout.weighed(number[exact].take(self.forms))
        return Postings(names, keys, weights, lengths={"exact": lengths})

    def _titles(self, word: Counts, compounds: Counts) -> Postings:
        layout = _Layout(self.lengths[:, :1], self.rank)
        titled = np.repeat(np.tile([True, False, False], len(self.rank)), self.lengths.ravel())
        elided = compounds[compounds[:, 0] % PASSAGES == 0]
        forms = np.concatenate([self.forms[titled], elided[:, 2].astype(np.uint32)])
        terms, number = _sorted(list(self.analyzer.terms), word[_used(forms, len(word))])
        at = layout.at(np.column_stack([elided[:, 0] // PASSAGES, elided[:, 1:]]))
        places = distinct(_keys(number[word[forms]], np.concatenate([layout.places(), at])))
        (keys, weights), lengths = layout.counted(places, weighted=False)
        return Postings(terms, keys, weights, places=places, base=layout.base, lengths={"title": lengths})

    def _inside(self, forms: Array, places: Counts) -> tuple[Counts, Counts, Counts]:
        """The parts of words as rows in the table of all parts; that table; and the place of each one's compound."""
        inside = np.array(self.analyzer.inside, np.int64)
        many = np.array(self.analyzer.many_inside, np.int64)
        compounds = np.flatnonzero(many[forms])
        forms = forms[compounds]
        return gathered(many, forms), inside, np.repeat(places[compounds], many[forms])


class _Layout:
    """Where the words of passages stand among all positions of a segment, documents in their new order."""

    def __init__(self, lengths: Counts, rank: Counts) -> None:
        self._lengths = lengths
        room = lengths + GAP
        self.base = np.concatenate([[0], np.cumsum(room.sum(1)[np.argsort(rank)])])
        """Where each document begins."""
        self._begins = (self.base[:-1][rank][:, None] + np.cumsum(room, 1) - room).ravel()
        size, passages = room.shape
        self._rank = rank
        self._weights = np.tile(np.array([TITLE_WEIGHT, LEAD_WEIGHT, 1], np.uint8)[:passages], size)
        self._of_place = np.repeat(np.arange(size, dtype=np.uint16), np.diff(self.base))
        self._weight_of = np.repeat(self._weights, room[np.argsort(rank)].ravel())

    def places(self) -> Counts:
        """The position of each word, as they came in."""
        flat = self._lengths.ravel()
        return np.repeat(self._begins - np.cumsum(flat) + flat, flat) + np.arange(flat.sum())

    def at(self, rows: Counts) -> Counts:
        """Positions given as passage and position in it."""
        return self._begins[rows[:, 0]] + rows[:, 1]

    def counted(self, keys: Keys, *, weighted: bool = True) -> tuple[tuple[Keys, Weights], Array]:
        """Postings of sorted term << 32 | position: their keys and weights; and the length bytes of the documents."""
        places = (keys & LOW).view(np.int64)  # with other numbers to gather by, numpy takes twice as long
        documents = self._of_place.take(places)
        posted = keys >> np.uint64(32)
        posted <<= np.uint64(16)
        posted |= documents
        begins = run_starts(posted)
        if weighted:
            weights = np.add.reduceat(self._weight_of.take(places), begins, dtype=np.uint32)
        else:
            weights = np.diff(np.append(begins, len(posted))).astype(np.uint32)
        counts = np.bincount(documents, minlength=len(self.base) - 1)
        return (posted[begins], weights), length_bytes(counts)

    def weighed(self, terms: Counts) -> tuple[Keys, Weights, Array]:
        """As ``counted``, of the term of each word as they came in: where it stands is not asked."""
        flat = self._lengths.ravel()
        passage = np.repeat(self._rank, self._lengths.shape[1]).astype(np.uint64) << np.uint64(8) | self._weights
        keys = terms.astype(np.uint64)
        keys <<= np.uint64(24)
        keys |= np.repeat(passage, flat)
        keys.sort()
        posted = keys >> np.uint64(8)
        begins = run_starts(posted)
        weights = np.add.reduceat(keys.astype(np.uint8), begins, dtype=np.uint32)
        counts = np.zeros(len(self._rank), np.int64)
        counts[self._rank] = self._lengths.sum(1)
        return posted[begins], weights, length_bytes(counts)


def _used(numbers: Array, size: int) -> Counts:
    """Which numbers occur."""
    occurs = np.zeros(size, bool)
    occurs[numbers] = True
    return np.flatnonzero(occurs)


def _sorted(names: Sequence[str], *used: Counts) -> tuple[list[bytes], Counts]:
    """The terms that are used, in the order of their bytes, and the place of each number among them."""
    rows = sorted(_used(np.concatenate(used), len(names)).tolist(), key=names.__getitem__)
    place = np.zeros(len(names), np.int64)
    place[rows] = np.arange(len(rows))
    return [names[row].encode("utf-8", "surrogatepass") for row in rows], place


def _keys(terms: Counts, places: Counts) -> Keys:
    keys = terms.astype(np.uint64)
    keys <<= np.uint64(32)
    keys |= places.astype(np.uint64)
    return keys


def _both(terms: list[bytes], words: tuple[Keys, Weights], parts: tuple[Keys, Weights]) -> Postings:
    """Words and parts of compounds as one list of postings."""
    keys = np.concatenate([words[0] << np.uint64(1), parts[0] << np.uint64(1) | np.uint64(1)])
    keys.sort()
    is_part = keys.astype(np.uint8) & 1 > 0
    keys >>= np.uint64(1)
    begins = np.concatenate([[True], keys[1:] != keys[:-1]])[: len(keys)]
    row = np.cumsum(begins)
    row -= 1
    found = np.zeros((2, int(row[-1]) + 1 if len(row) else 0), np.uint32)
    found[0, row[~is_part]] = words[1]
    found[1, row[is_part]] = parts[1]
    return Postings(terms, keys[begins], found[0], found[1])


def _valued(values: list[tuple[str, ...]], rank: Counts) -> Postings:
    """Postings of values that stand as they are."""
    numbers = german.Numbering()
    numbered = np.array([numbers[value] for each in values for value in each], np.int64)
    terms, place = _sorted(list(numbers), numbered)
    documents = np.repeat(rank, np.fromiter(map(len, values), np.int64, len(values)))
    keys = place[numbered].astype(np.uint64) << np.uint64(16)
    return Postings(terms, distinct(keys | documents.astype(np.uint64)))
