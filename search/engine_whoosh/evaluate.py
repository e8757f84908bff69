"""What a query means: each operator of the language as a few lines of set algebra over a snapshot's arrays.

A node becomes ``Matches``: which documents match, and how well. Scores are BM25 with the constants and the formula
that Whoosh uses (Robertson, Zaragoza 2009, "The Probabilistic Relevance Framework"), so that Whoosh's own searcher
is an oracle for this file.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import reduce
from typing import NamedTuple

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from search import german
from search.dates import interval
from search.engine_whoosh.snapshot import Floats, Mask, Postings, Snapshot
from search.query import And, Dates, Everything, Fuzzy, Node, Not, Note, Or, Phrase, Prefix, Target, Word
from search.schema import PART_WEIGHT
from search.snippets import Wanted

K1, B = 1.2, 0.75
MAX_PREFIX_WORDS = 500
MAX_FUZZY_WORDS = 50
RELAXED_SHARE = 0.5
"""Half: low enough for a question with one misspelled word, too high for an article that has only "der" and "und"."""
FIRST_DAY, LAST_DAY = 1, 99_999_999


class Matches(NamedTuple):
    """Of every document: whether it matches, and its score (0 where it does not)."""

    mask: Mask
    scores: Floats


class Evaluation:
    """Evaluates the nodes of one query over one snapshot, and collects what it learns on the way."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.notes: list[Note] = []
        self.terms: set[str] = set()
        self.exact: set[str] = set()
        self.negated = False

    @property
    def wanted(self) -> Wanted:
        """What a snippet has to mark."""
        return Wanted(frozenset(self.terms), frozenset(self.exact))

    def matches(self, node: Node) -> Matches:
        """The documents that match, deleted ones included."""
        match node:
            case Everything():
                return self.unscored(np.ones(self.snapshot.size, bool))
            case And(children):
                return reduce(both, map(self.matches, children))
            case Or(children):
                return reduce(either, map(self.matches, children))
            case Not(child):
                self.negated = not self.negated
                mask = self.matches(child).mask
                self.negated = not self.negated
                return self.unscored(~mask)
            case Dates(first, last):
                return self.unscored(self.dated(limits(first, last)))
            case Word(text, "person" | "place" as target) | Phrase((text, *_), "person" | "place" as target):
                words = node.words if isinstance(node, Phrase) else (text,)
                ordinals = self.snapshot.ordinals[target]
                return self.unscored(ordinals.holding(ordinals.named(words)))
            case Word(text, target, exact):
                return self.word(text, target, exact)
            case Phrase(words, target):
                return self.phrase(words, target)
            case Prefix(text):
                return self.prefix(text)
            case Fuzzy(text):
                return self.expanded(near_words(self.snapshot, text, MAX_FUZZY_WORDS))

    def relaxed(self, node: And) -> Matches:
        """The articles with the most and rarest of the words, for when none has them all.

        What only restricts (NOT, dates, names) still does. An article stays if the words it has weigh, by inverse
        document frequency, more than half of what they weigh in the best one.
        """
        words = [child for child in node.children if is_sought(child)]
        rest = [self.matches(child) for child in node.children if not is_sought(child)]
        found = [self.matches(word) for word in words]
        allowed = np.logical_and.reduce([self.snapshot.live, *(matches.mask for matches in rest)])
        weight = np.zeros(self.snapshot.size)
        for matches in found:
            weight += matches.mask * self.idf(np.count_nonzero(matches.mask))
        weight *= allowed
        mask = (weight > 0) & (weight > RELAXED_SHARE * weight.max(initial=0.0))
        return Matches(mask, np.where(mask, sum(matches.scores for matches in found), 0.0))

    def unscored(self, mask: Mask) -> Matches:
        return Matches(mask, np.zeros(len(mask)))

    def dated(self, days: tuple[int, int]) -> Mask:
        """Documents whose date lies between two days, whatever it can mean."""
        # an undated document has first day 0, which is before every FIRST_DAY
        return (self.snapshot.first >= days[0]) & (self.snapshot.last <= days[1])

    def word(self, text: str, target: Target, exact: bool) -> Matches:
        """A word as typed may be several tokens ("Rhein/Ruhr"): all of them."""
        tokens = german.tokenize(text)
        if not tokens:
            return self.unscored(np.ones(self.snapshot.size, bool))
        if exact:
            return reduce(both, [self.expanded([german.exact(token.surface)]) for token in tokens])
        return reduce(both, [self.token(token.surface, target) for token in tokens])

    def token(self, surface: str, target: Target) -> Matches:
        """The word in any of its forms, or as a part of a compound, or taken apart into its own parts."""
        word, *parts = (term.text for term in german.terms(surface))
        self.want([word])
        found = self.term("title" if target == "title" else "text", word)
        if target == "title":
            return found
        found = either(found, self.term("part", word, PART_WEIGHT))
        if len(parts) > 1:
            self.want(parts)
            apart = [either(self.term("text", part), self.term("part", part)) for part in parts]
            together = reduce(both, apart)
            found = either(found, Matches(together.mask, together.scores * PART_WEIGHT))
        return found

    def term(self, field: str, term: str, weight: float = 1.0) -> Matches:
        return self.scored(field, self.snapshot.postings(field, term), weight)

    def scored(self, field: str, postings: Postings, weight: float = 1.0) -> Matches:
        """BM25 of one term's postings, with Whoosh's inverse document frequency."""
        snapshot, documents = self.snapshot, postings.documents
        mask, scores = np.zeros(snapshot.size, bool), np.zeros(snapshot.size)
        if len(documents):
            mask[documents] = True
            lengths = snapshot.lengths[field]
            saturation = K1 * ((1 - B) + B * lengths[documents] / max(lengths.sum() / max(snapshot.size, 1), 1e-9))
            scores[documents] = (
                weight * self.idf(len(documents)) * postings.weights * (K1 + 1) / (postings.weights + saturation)
            )
        return Matches(mask, scores)

    def idf(self, documents: int) -> float:
        """Inverse document frequency as Whoosh has it."""
        return math.log(max(self.snapshot.size, 1) / (documents + 1)) + 1

    def phrase(self, words: tuple[str, ...], target: Target) -> Matches:
        """Positions of the first word that the second follows, and so on, as one intersection of sorted arrays."""
        field = "title" if target == "title" else "text"
        surfaces = [token.surface for word in words for token in german.tokenize(word)]
        terms = [german.terms(surface)[0].text for surface in surfaces]
        if not terms:
            return self.unscored(np.ones(self.snapshot.size, bool))
        self.want(terms)
        begins = self.snapshot.positions(field, terms[0])
        for offset, term in enumerate(terms[1:], start=1):
            begins = np.intersect1d(begins, self.snapshot.positions(field, term) - offset, assume_unique=True)
        mask = np.zeros(self.snapshot.size, bool)
        mask[begins >> 32] = True
        scores: Floats = sum((self.term(field, term).scores for term in terms), np.zeros(self.snapshot.size))
        return Matches(mask, np.where(mask, scores, 0.0))

    def prefix(self, text: str) -> Matches:
        vocabulary = self.snapshot.vocabulary
        rows: Iterable[int] = vocabulary.beginning(german.fold(text))
        if len(rows) > MAX_PREFIX_WORDS:  # type: ignore[arg-type]
            self.notes.append(Note("prefix_cut", 0, f"{text}*"))
            rows = sorted(rows, key=lambda row: -vocabulary.counts[row])[:MAX_PREFIX_WORDS]
        return self.expanded([vocabulary.exact[row] for row in rows])

    def expanded(self, words: list[str]) -> Matches:
        """Documents with any of these words as written, scored as if they were one word (a synonym set)."""
        if not self.negated:
            self.exact.update(words)
        weights = np.zeros(self.snapshot.size)
        for word in words:
            postings = self.snapshot.postings("exact", word)
            weights[postings.documents] += postings.weights
        documents = np.flatnonzero(weights).astype(np.int32)
        return self.scored("exact", Postings(documents, weights[documents]))

    def want(self, terms: Iterable[str]) -> None:
        if not self.negated:
            self.terms.update(terms)


def is_sought(node: Node) -> bool:
    """Whether a node is something to find in the text, not a restriction of where to look."""
    match node:
        case Not() | Dates() | Everything():
            return False
        case Word(target=target) | Phrase(target=target):
            return target in ("text", "title")
        case _:
            return True


def both(left: Matches, right: Matches) -> Matches:
    """AND: scores add up where both match."""
    mask = left.mask & right.mask
    return Matches(mask, np.where(mask, left.scores + right.scores, 0.0))


def either(left: Matches, right: Matches) -> Matches:
    """OR: scores add up; a side that does not match has score 0."""
    return Matches(left.mask | right.mask, left.scores + right.scores)


def limits(first: str, last: str) -> tuple[int, int]:
    """First and last day as yyyymmdd of a range of dates, either end open."""
    return (interval(first)[0] if first else FIRST_DAY, interval(last)[1] if last else LAST_DAY)


def near_words(snapshot: Snapshot, text: str, most: int) -> list[str]:
    """Words of the archive, as written, that are at most one (from five letters on: two) typing errors away.

    Distance: optimal string alignment (Damerau 1964) between folded forms; nearest first, then the most frequent.
    """
    vocabulary = snapshot.vocabulary
    folded = german.fold(text)
    found = process.extract(
        folded,
        vocabulary.folded,
        scorer=OSA.distance,
        score_cutoff=allowed_errors(folded),
        limit=None,
        processor=None,
    )
    rows = sorted((int(distance), -vocabulary.counts[row], row) for _, distance, row in found)
    return [vocabulary.exact[row] for _, _, row in rows[:most]]


def allowed_errors(folded: str) -> int:
    """How many typing errors a word of this length may have."""
    return 0 if len(folded) < 3 else 1 if len(folded) < 5 else 2
