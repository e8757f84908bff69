"""What a query means: each operator of the language as a few lines of set algebra over a snapshot's arrays.

A node becomes ``Matches``: which documents match, and how well. Scores are BM25 with the constants and the formula
that Whoosh uses (Robertson, Zaragoza 2009, "The Probabilistic Relevance Framework"), so that Whoosh's own searcher
is an oracle for this file.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import reduce
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from search import german
from search.dates import interval
from search.engine_whoosh import limit
from search.engine_whoosh.snapshot import Floats, Mask, Postings, Snapshot
from search.query import And, Dates, Everything, Fuzzy, Node, Not, Note, Or, Phrase, Prefix, Target, Word
from search.schema import PART_WEIGHT
from search.snippets import How, Reason, Wanted
from search.variants import Variants

K1, B = 1.2, 0.75
SEQUENCE_WEIGHT = 0.2
"""Measured on half of the Wikinews articles (MRR@10): titles and questions gain up to one point; flat from
0.1 to 0.3."""
VARIANT_WEIGHT = 0.7
"""What another word for the same thing counts: the word that was typed comes first."""
MAX_PREFIX_WORDS = 500
MAX_FUZZY_WORDS = 50
RELAXED_SHARE = 0.5
"""Half: low enough for a question with one misspelled word, too high for an article that has only "der" and "und"."""
FIRST_DAY, LAST_DAY = 1, 99_999_999


class Matches(NamedTuple):
    """Of every document: whether it matches, and its score, which means something only where it does."""

    mask: Mask
    scores: Floats


class Evaluation:
    """Evaluates the nodes of one query over one snapshot, and collects what it learns on the way."""

    def __init__(self, snapshot: Snapshot, variants: Variants) -> None:
        self.snapshot = snapshot
        self.variants = variants
        self.notes: list[Note] = []
        self.wanted = Wanted({}, {}, {})
        """What a snippet has to mark."""
        self.negated = False

    def matches(self, node: Node) -> Matches:
        """The documents that match, deleted ones included."""
        limit.spend()
        match node:
            case Everything():
                return self.unscored(np.ones(self.snapshot.size, bool))
            case And(children):
                found = reduce(both, map(self.matches, children))
                return Matches(found.mask, found.scores + self.neighbours(children))
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
                mask = self.snapshot.ordinals[target].named(words)
                return self.unscored(mask | self.snapshot.weak_places.named(words) if target == "place" else mask)
            case Word(text, exact=True):
                tokens = german.tokenize(text)
                return self.all_of([self.expanded([german.exact(token.surface)], text, "exact") for token in tokens])
            case Word(text, target):
                return self.with_variants((text,), target, self.word(text, target, Reason(text, "word")))
            case Phrase(words, target):
                reason = Reason(" ".join(words), "word")
                return self.with_variants(words, target, self.phrase(words, target, reason))
            case Prefix(text):
                return self.prefix(text)
            case Fuzzy(text):
                return self.expanded(near_words(self.snapshot, text, MAX_FUZZY_WORDS), text, "fuzzy")

    def relaxed(self, node: And) -> Matches:
        """The articles with the most and rarest of the words, for when none has them all.

        What only restricts (NOT, dates, names) still does. An article stays if the words it has weigh, by inverse
        document frequency, more than half of what they weigh in the best one.
        """
        words = [child for child in node.children if is_sought(child)]
        rest = [self.matches(child) for child in node.children if not is_sought(child)]
        found = [self.loosened(word) for word in words]
        allowed = np.logical_and.reduce([self.snapshot.live, *(matches.mask for matches in rest)])
        weight = np.zeros(self.snapshot.size)
        for matches in found:
            weight += matches.mask * self.idf(int(np.count_nonzero(matches.mask)))
        weight *= allowed
        mask = (weight > 0) & (weight > RELAXED_SHARE * weight.max(initial=0.0))
        return Matches(mask, self.neighbours(node.children) + sum(matches.scores for matches in found))

    def loosened(self, node: Node) -> Matches:
        """What a node finds; a phrase or a compound that finds nothing is taken apart into words, or parts of it."""
        found = self.matches(node)
        if found.mask.any():
            return found
        if isinstance(node, Phrase):
            return reduce(either, [self.matches(Word(word, node.target)) for word in node.words])
        # the parts of a compound score even where the compound as a whole does not match
        if isinstance(node, Word):
            for token in german.tokenize(node.text):
                self.want(german.query_terms(token.surface).parts, Reason(node.text, "apart"))
        return Matches(found.scores > 0, found.scores)

    def unscored(self, mask: Mask) -> Matches:
        return Matches(mask, np.zeros(len(mask)))

    def dated(self, days: tuple[int, int]) -> Mask:
        """Documents whose date lies between two days, whatever it can mean."""
        # an undated document has first day 0, which is before every FIRST_DAY
        return (self.snapshot.first >= days[0]) & (self.snapshot.last <= days[1])

    def with_variants(self, words: tuple[str, ...], target: Target, found: Matches) -> Matches:
        """Also what has another word for the same thing, at a lower score."""
        reason = Reason(" ".join(words), "variant")
        for other in self.variants.of(words):
            also = self.word(other[0], target, reason) if len(other) == 1 else self.phrase(other, target, reason)
            found = Matches(found.mask | also.mask, np.maximum(found.scores, VARIANT_WEIGHT * also.scores))
        return found

    def word(self, text: str, target: Target, reason: Reason) -> Matches:
        """A word as typed may be several tokens ("Rhein/Ruhr"): all of them."""
        return self.all_of([self.token(token.surface, target, reason) for token in german.tokenize(text)])

    def all_of(self, found: list[Matches]) -> Matches:
        return reduce(both, found) if found else self.unscored(np.ones(self.snapshot.size, bool))

    def token(self, surface: str, target: Target, reason: Reason) -> Matches:
        """The word in any of its forms, as a part of a compound, or taken apart: see ``german.query_terms``."""
        query = german.query_terms(surface)
        self.want([query.word], reason)
        if target == "title":
            return self.term("title", query.word)
        found = self.anywhere(query.word, PART_WEIGHT)
        if not query.parts:
            return found
        parts = [self.anywhere(part, 1.0) for part in query.parts]
        apart = query.parts_weight * np.add.reduce([part.scores for part in parts])
        mask = found.mask
        if "-" in surface:
            # Ukraine-Krieg is Krieg and Ukraine; Bundestag is not every Bund on any Tag
            self.want(query.parts, Reason(reason.word, "apart"))
            mask = mask | np.logical_and.reduce([part.mask for part in parts])
        return Matches(mask, np.maximum(found.scores, apart))

    def anywhere(self, term: str, part_weight: float) -> Matches:
        """A term among the words, or at a lower weight among the parts of compounds.

        Beside the word itself, parts add to its frequency; alone, they score as the word would, times the weight: so
        an article that says Wahl comes before one that says Bundestagswahl ten times.
        """
        words, parts = (self.snapshot.postings(field, term) for field in ("text", "part"))
        frequency = np.zeros(self.snapshot.size)
        frequency[words.documents] = words.weights
        whole = frequency > 0
        frequency[parts.documents] += np.where(whole[parts.documents], part_weight, 1.0) * parts.weights
        documents = np.flatnonzero(frequency).astype(np.int32)
        found = self.scored("text", Postings(documents, frequency[documents]))
        return Matches(found.mask, np.where(whole, 1.0, part_weight) * found.scores)

    def neighbours(self, children: tuple[Node, ...]) -> Floats:
        """What articles score for two neighbouring words of the query that also stand together in the text.

        As one compound (``german.pair``), or one after the other (the ordered window of Metzler and Croft 2005, "A
        Markov random field model for term dependencies").
        """
        scores = np.zeros(self.snapshot.size)
        for left, right in pairwise(children):
            if isinstance(left, Word) and isinstance(right, Word) and left.target == right.target == "text":
                compound = german.pair(left.text, right.text)
                self.want([compound], Reason(f"{left.text} {right.text}", "pair"))
                scores += german.PAIR_WEIGHT * self.anywhere(compound, 1.0).scores
                scores += SEQUENCE_WEIGHT * self.sequence(left.text, right.text).scores
        return scores

    def sequence(self, left: str, right: str) -> Matches:
        """Two words one right after the other, scored as if they were one word."""
        first, second = (self.snapshot.positions("text", german.terms(word)[0].text) for word in (left, right))
        begins = np.intersect1d(first, second - 1, assume_unique=True) >> 32
        documents, counts = np.unique(begins, return_counts=True)
        return self.scored("text", Postings(documents.astype(np.int32), counts.astype(np.float64)))

    def term(self, field: str, term: str) -> Matches:
        return self.scored(field, self.snapshot.postings(field, term))

    def scored(self, field: str, postings: Postings) -> Matches:
        """BM25 of one term's postings, with Whoosh's inverse document frequency."""
        snapshot, documents = self.snapshot, postings.documents
        mask, scores = np.zeros(snapshot.size, bool), np.zeros(snapshot.size)
        if len(documents):
            mask[documents] = True
            lengths = snapshot.lengths[field]
            saturation = K1 * ((1 - B) + B * lengths[documents] / max(lengths.sum() / max(snapshot.size, 1), 1e-9))
            scores[documents] = self.idf(len(documents)) * postings.weights * (K1 + 1) / (postings.weights + saturation)
        return Matches(mask, scores)

    def idf(self, documents: int) -> float:
        """Inverse document frequency as Whoosh has it."""
        return math.log(max(self.snapshot.size, 1) / (documents + 1)) + 1

    def phrase(self, words: tuple[str, ...], target: Target, reason: Reason) -> Matches:
        """Positions of the first word that the second follows, and so on, as one intersection of sorted arrays."""
        field = "title" if target == "title" else "text"
        surfaces = [token.surface for word in words for token in german.tokenize(word)]
        terms = [german.terms(surface)[0].text for surface in surfaces]
        if not terms:
            return self.unscored(np.ones(self.snapshot.size, bool))
        self.want(terms, reason)
        begins = self.snapshot.positions(field, terms[0])
        for offset, term in enumerate(terms[1:], start=1):
            begins = np.intersect1d(begins, self.snapshot.positions(field, term) - offset, assume_unique=True)
        mask = np.zeros(self.snapshot.size, bool)
        mask[begins >> 32] = True
        scores: Floats = sum((self.term(field, term).scores for term in terms), np.zeros(self.snapshot.size))
        return Matches(mask, scores)

    def prefix(self, text: str) -> Matches:
        vocabulary = self.snapshot.vocabulary
        rows: Iterable[int] = vocabulary.beginning(german.fold(text))
        if len(rows) > MAX_PREFIX_WORDS:  # type: ignore[arg-type]
            self.notes.append(Note("prefix_cut", 0, f"{text}*"))
            rows = sorted(rows, key=lambda row: -vocabulary.counts[row])[:MAX_PREFIX_WORDS]
        return self.expanded([vocabulary.exact[row] for row in rows], text, "prefix")

    def expanded(self, words: list[str], text: str, how: How) -> Matches:
        """Documents with any of these words as written, scored as if they were one word (a synonym set)."""
        if not self.negated:
            self.wanted.exact.update(dict.fromkeys(words, Reason(text, how)))
        weights = np.zeros(self.snapshot.size)
        for word in words:
            limit.spend()
            postings = self.snapshot.postings("exact", word)
            weights[postings.documents] += postings.weights
        documents = np.flatnonzero(weights).astype(np.int32)
        return self.scored("exact", Postings(documents, weights[documents]))

    def want(self, terms: Iterable[str], reason: Reason) -> None:
        if not self.negated:
            for term in terms:
                self.wanted.terms.setdefault(term, reason)


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
    """AND: scores add up."""
    return Matches(left.mask & right.mask, left.scores + right.scores)


def either(left: Matches, right: Matches) -> Matches:
    """OR: scores add up."""
    return Matches(left.mask | right.mask, left.scores + right.scores)


def limits(first: str, last: str) -> tuple[int, int]:
    """First and last day as yyyymmdd of a range of dates, either end open."""
    return (interval(first)[0] if first else FIRST_DAY, interval(last)[1] if last else LAST_DAY)


def near_words(snapshot: Snapshot, text: str, most: int) -> list[str]:
    """Words of the archive, as written, that are at most one (from five letters on: two) typing errors away.

    Distance: optimal string alignment (Damerau 1964) between folded forms; nearest first, then the most frequent.
    """
    limit.spend()
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
