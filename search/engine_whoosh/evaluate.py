"""What a query means: each operator of the language as a few lines of set algebra over lists of documents.

A node becomes ``Found``: the documents that match, ascending, and how well. What only restricts (NOT, dates, names) is
never listed if something else is: it is asked which of the documents at hand it lets through.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from itertools import chain
from typing import Any, NamedTuple

import numpy as np

from search import german, limit
from search.dates import limits
from search.engine_whoosh.fields import exact_terms
from search.engine_whoosh.lists import Found, both, either, joined, nbytes, scores_at, unscored, within
from search.engine_whoosh.numbering import Numbers
from search.engine_whoosh.snapshot import Mask, Snapshot, Span
from search.engine_whoosh.terms import Terms
from search.engine_whoosh.vocabulary import near_words
from search.query import (
    RESTRICTING,
    VALUE_TARGETS,
    And,
    Dates,
    Everything,
    Fuzzy,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Target,
    Word,
    conjuncts,
)
from search.ranking import (
    APART_WEIGHT,
    AS_TYPED_WEIGHT,
    HELD_WEIGHT,
    K1,
    MAX_FUZZY_WORDS,
    NEAR_WEIGHT,
    RELAXED_SHARE,
    SEQUENCE_WEIGHT,
    as_typed,
    composing,
    hyphenated,
    is_sought,
    neighbouring,
    telling,
    variant_weight,
)
from search.schema import PART_WEIGHT
from search.snippets import Reason, Wanted
from search.variants import Variants, by_rule, says_nothing, texts

Leaf = Word | Phrase | Prefix | Fuzzy


class Pair(NamedTuple):
    """Terms of two words of a query that were typed one after the other, or with a hyphen between them."""

    left: str
    right: str
    compound: str
    """The term of the compound that they form."""
    most: float
    """What a document can get for having them one right after the other, or near each other."""
    hyphen: bool = False


class Evaluation:
    """Evaluates the nodes of one query over one snapshot, and collects what it learns on the way."""

    def __init__(self, snapshot: Snapshot, variants: Variants, excludes: bool = False) -> None:
        """``excludes``: what is found is to be left out, and found by no other word for it."""
        self.snapshot = snapshot
        self.terms = Terms(snapshot)
        self.variants = variants
        self.wanted = Wanted()
        """What a snippet has to mark."""
        self.excludes = excludes

    def matches(self, node: Node) -> Found:
        """The documents that match."""
        match node:
            case Everything():
                return unscored(self.snapshot.everything)._replace(key=("everything",))
            case Not() | Dates():
                return unscored(np.flatnonzero(self.lets_through(node, self.snapshot.everything)).astype(np.int32))
            case _:
                return self.kept(("matches", node, self.variants), lambda own: own.evaluated(node))

    def ranked(self, node: Node) -> Found:
        """The documents that match, with more for a compound of two neighbouring words and for what was typed."""
        if not composing(node) and not as_typed(node):
            return self.matches(node)
        return self.kept(("ranked", node, self.variants), lambda own: own.pairs(node, own.matches(node)))

    def kept(self, key: tuple[Any, ...], work: Callable[[Evaluation], Found]) -> Found:
        """What is found, worked out once a state: whoever turns a page or clicks a name asks for the same again."""
        limit.spend()
        key = (*key, self.excludes)

        def evaluated() -> tuple[Found, Wanted]:
            own = Evaluation(self.snapshot, self.variants, self.excludes)
            found = work(own)
            return found if found.key else found._replace(key=key), own.wanted

        kept = self.snapshot.cache if isinstance(key[1], Word | Prefix) else self.snapshot.answers
        found, wanted = kept.get(key, evaluated, _size_of_kept)
        self.wanted.add(wanted)
        return found

    def evaluated(self, node: And | Or | Leaf) -> Found:
        """The documents that match, worked out now."""
        match node:
            case And(children):
                return self.all_and(children)
            case Or(children):
                return either([self.matches(child) for child in children], self.snapshot)
            case Word(text, target) | Phrase((text, *_), target) if target in VALUE_TARGETS:
                words = node.words if isinstance(node, Phrase) else (text,)
                facets = ["place", "place_weak"] if target == "place" else [target]
                called = [words, *self.variants.of(words)]
                return joined(
                    [unscored(self.snapshot.values(facet).named(each)) for facet in facets for each in called],
                    np.maximum,
                )
            case Word(text, target, exact=True):
                forms = list(map(german.exact, german.surfaces(text)))
                in_order = [self.phrase((text,), target, Reason(text, "exact"))] if len(forms) > 1 else []
                found = [self.expanded([form], self.spans([form]), Reason(text, "exact")) for form in forms]
                return self.all_of([*found, *in_order])
            case Word(text, target):
                return self.with_variants((text,), target, self.word(text, target, Reason(text, "word")))
            case Phrase(words, target):
                reason = Reason(" ".join(words), "word")
                return self.with_variants(words, target, self.phrase(words, target, reason))
            case Prefix(text):
                return self.prefix(text)
            case Fuzzy(text):
                near = near_words(self.snapshot, text, MAX_FUZZY_WORDS)
                return self.expanded(near, chain.from_iterable(near.values()), Reason(text, "fuzzy"))

    def all_and(self, children: Sequence[Node]) -> Found:
        """AND: what restricts is asked last, about what is left."""
        groups = self.variants.grouped(children)
        restricting = [group[0] for group in groups if isinstance(group[0], RESTRICTING)]
        found = self.all_of([self.together(group) for group in groups[: len(groups) - len(restricting)]])
        for child in restricting:
            found = self.restricted(child, found)
        return found

    def together(self, group: tuple[Node, ...]) -> Found:
        """A node, or words that are another name for something: Vereinte Nationen also finds UN."""
        found = self.all_of(list(map(self.matches, group)))
        return self.with_variants(texts(group), "text", found) if len(group) > 1 else found

    def restricted(self, node: Node, found: Found) -> Found:
        """What a node lets through of a list."""
        if isinstance(node, Dates) and self.snapshot.precise:
            inside = slice(*self.between(limits(node.first, node.last), found.documents))
            # copies: a view would keep all that was found in memory, as long as these few are kept
            return Found(found.documents[inside].copy(), found.scores[inside].copy())
        return found.take(np.flatnonzero(self.lets_through(node, found.documents)))

    def lets_through(self, node: Node, documents: Numbers) -> Mask:
        """Which of some documents, ascending, match."""
        match node:
            case Everything():
                return np.ones(len(documents), bool)
            case Dates(first, last):
                return self.dated(limits(first, last), documents)
            case Not(child):
                return ~Evaluation(self.snapshot, self.variants, not self.excludes).lets_through(child, documents)
            case _:
                return within(documents, self.matches(node).documents, self.snapshot.size)

    def dated(self, days: tuple[int, int], documents: Numbers) -> Mask:
        """Which of some documents, ascending, have a date that lies between two days, whatever it can mean."""
        begin, end = self.between(days, documents)
        kept = np.zeros(len(documents), bool)
        kept[begin:end] = self.snapshot.precise or self.snapshot.last.take(documents[begin:end]) <= days[1]
        return kept

    def between(self, days: tuple[int, int], documents: Numbers) -> tuple[int, int]:
        """The stretch of some documents, newest first, that have a date whose first day lies between two days."""
        # an undated document has first day 0, which is before every FIRST_DAY; for a number of another type than the
        # column's numpy would copy the column
        ascending = self.snapshot.days_back
        newest, oldest = ascending.searchsorted(-np.int32(days[1])), ascending.searchsorted(-np.int32(days[0]), "right")
        begin, end = documents.searchsorted(np.array([newest, oldest], np.int32)).tolist()
        return begin, end

    def relaxed(self, node: And) -> Found:
        """The articles with the most and rarest of the words, for when none has them all.

        What only restricts (NOT, dates, names) still does. An article stays if the words it has weigh, by inverse
        document frequency, more than half of what they weigh in the best one. Among those that stay, the parts of a
        compound count too, whether the compound is there or not: Hochwasser der Oder for Oderhochwasser.
        """
        sought = telling(node.children)
        found = [self.loosened(child) for child in sought]
        documents = either(found, self.snapshot).documents
        for child in node.children:
            if not is_sought(child):
                documents = documents[self.lets_through(child, documents)]
        weight, scores = np.zeros(len(documents)), np.zeros(len(documents), np.float32)
        for child, each in zip(sought, found, strict=True):
            own, held = scores_at(each, documents, self.snapshot)
            rarity = self.terms.idf(len(each.documents))
            weight += held * rarity
            apart = np.zeros(len(documents), np.float32)
            for part in self.apart(child):
                apart += scores_at(part, documents, self.snapshot)[0]
            scores += np.maximum(own, np.float32(APART_WEIGHT) * apart) + held * np.float32(HELD_WEIGHT * rarity)
        kept = weight > RELAXED_SHARE * weight.max(initial=0.0)
        return Found(documents, scores).take(np.flatnonzero(kept))

    def loosened(self, node: Node) -> Found:
        """What a node finds; a phrase or a compound that finds nothing is taken apart into words, or parts of it."""
        found = self.matches(node)
        if len(found.documents):
            return found
        if isinstance(node, Phrase):
            words = [Word(word, node.target) for word in node.words]
            return either([self.matches(word) for word in words if not says_nothing(word)], self.snapshot)
        return either([unscored(part.documents) for part in self.apart(node)], self.snapshot)

    def apart(self, node: Node) -> list[Found]:
        """What each part of a compound finds, if the node is one."""
        if not isinstance(node, Word) or node.exact or node.target != "text":
            return []
        found = []
        for surface in german.surfaces(node.text):
            query = german.query_terms(surface)
            parts = () if query.in_order else query.parts
            self.want(parts, Reason(node.text, "apart"))
            found += [self.terms.term("text", part, 1.0) for part in parts]
        return found

    def with_variants(self, words: tuple[str, ...], target: Target, found: Found) -> Found:
        """Also what has another word for the same thing, at a lower score."""
        typed = " ".join(words)
        reason = Reason(typed, "variant")
        for other in by_rule(words) if self.excludes else self.variants.of(words):
            also = self.word(other[0], target, reason) if len(other) == 1 else self.phrase(other, target, reason)
            if not len(also.documents):
                continue
            weight = variant_weight(*map(self.terms.rarity, map(german.word_terms, (typed, " ".join(other)))))
            found = joined([found, Found(also.documents, np.float32(weight) * also.scores)], np.maximum)
        return found

    def word(self, text: str, target: Target, reason: Reason) -> Found:
        """A word as typed may be several tokens ("Rhein/Ruhr"): all of them."""
        surfaces = german.surfaces(text)
        women = [form for surface in surfaces for form in german.query_terms(surface).women]
        found = self.all_of([self.token(surface, target, reason) for surface in surfaces])
        if not women or target == "title":
            return found
        own = scores_at(self.terms.written(self.spans(women)), found.documents, self.snapshot)[0]
        return Found(found.documents, found.scores + own)

    def all_of(self, found: list[Found]) -> Found:
        """AND of lists: scores add up."""
        if not found:
            return unscored(self.snapshot.everything)
        shortest_first = sorted(found, key=lambda each: len(each.documents))
        return reduce(lambda left, right: both(left, right, self.snapshot), shortest_first)

    def token(self, surface: str, target: Target, reason: Reason) -> Found:
        """The word in any of its forms, as a part of a compound, or taken apart: see ``german.query_terms``."""
        query = german.query_terms(surface)
        if query.women and self.excludes and target == "text":  # -Ministerin leaves the articles on ministers
            return self.expanded(query.women, self.spans(query.women), reason)
        either_word = list(filter(None, (query.word, query.verb)))
        self.want(either_word, reason)
        if target == "title":
            return joined([self.terms.term("title", term) for term in either_word], np.maximum)
        found = joined([self.terms.term("text", term, PART_WEIGHT) for term in either_word], np.maximum)
        if not query.parts:
            return found
        documents = found.documents
        if query.in_order or (query.between and reason.how != "variant"):
            # Ukraine-Krieg is Krieg and Ukraine; Bundestag is not every Bund on any Tag, nor is EU-Kommission, sought
            # for Europäische Kommission
            why = Reason(reason.word, "apart")
            if query.in_order:
                self.wanted.phrases.setdefault(query.parts, why)
                apart = self.terms.phrase("text", query.parts).documents
            else:
                self.want(query.parts, why)
                held = [self.terms.term("text", part, 1.0) for part in query.parts]
                between = zip(query.between, held, strict=True)
                apart = self.all_of([self.with_variants((word,), target, part) for word, part in between]).documents
            documents = joined([unscored(documents), unscored(apart)], np.maximum).documents
        scores = np.zeros(len(documents), np.float32)
        for part in query.parts:
            scores += scores_at(self.terms.among("text", part, documents, 1.0), documents, self.snapshot)[0]
        whole = scores_at(found, documents, self.snapshot)[0]
        return Found(documents, np.maximum(whole, np.float32(query.parts_weight) * scores))

    def pairs(self, node: Node, found: Found) -> Found:
        """What is found, with more for two neighbouring words of the query as one compound, and for words as typed."""
        for left, right, weight in composing(node):
            typed = Reason(f"{left.text} {right.text}", "pair")
            for compound in (self.pair(left, right).compound, self.pair(right, left).compound):  # Prozess NSU, too
                more = self.terms.term("text", compound, 1.0)
                if len(more.documents):
                    self.want([compound], typed)
                    own = scores_at(more, found.documents, self.snapshot)[0]
                    found = Found(found.documents, found.scores + np.float32(weight) * own)
        for form in as_typed(node):
            own = scores_at(self.terms.whether(self.spans([form])), found.documents, self.snapshot)[0]
            found = Found(found.documents, found.scores + np.float32(AS_TYPED_WEIGHT) * own)
        return found

    def sequences(self, node: Node) -> list[Pair]:
        """Terms that may stand one right after the other, or near each other if a hyphen joins them.

        The ordered window of Metzler and Croft (2005, "A Markov random field model for term dependencies"): as if both
        were one word, as rare as the rarer of them; and their unordered one, which says no more than whether.
        """
        pairs = [self.pair(left, right) for left, right in neighbouring(conjuncts(node))]
        for left, right in hyphenated(node):
            most = NEAR_WEIGHT * self.rarer(left, right) * (K1 + 1)
            pairs.append(Pair(left, right, left + right, most, hyphen=True))
        return pairs

    def rarer(self, left: str, right: str) -> float:
        """Inverse document frequency of the rarer of two terms."""
        return self.terms.idf(min(self.terms.frequency(left), self.terms.frequency(right)))

    def pair(self, left: Word, right: Word) -> Pair:
        """What two neighbouring words are together."""

        def made() -> Pair:
            first, second = (german.query_terms(word.text).word for word in (left, right))
            most = SEQUENCE_WEIGHT * self.rarer(first, second) * (K1 + 1)
            return Pair(first, second, german.pair(left.text, right.text), most)

        return self.snapshot.counts.get(("pair", left.text, right.text), made)

    def phrase(self, words: tuple[str, ...], target: Target, reason: Reason) -> Found:
        """Documents in which words stand one right after the other."""
        field = "title" if target == "title" else "text"
        found = [self.in_order(terms, field, reason) for terms in german.phrases(" ".join(words))]
        return joined(found, np.maximum) if found else unscored(self.snapshot.everything)

    def in_order(self, terms: tuple[str, ...], field: str, reason: Reason) -> Found:
        """Documents in which terms stand one right after the other; each scores for itself."""
        self.wanted.phrases.setdefault(terms, reason)
        documents = self.terms.phrase(field, terms).documents
        scores = np.zeros(len(documents), np.float32)
        for term in terms if len(documents) else ():
            scores += scores_at(self.terms.among(field, term, documents), documents, self.snapshot)[0]
        return Found(documents, scores)

    def prefix(self, text: str) -> Found:
        """Documents with any word that begins so, whatever its umlauts."""
        begun = german.fold(text)
        self.wanted.prefixes[begun] = Reason(text, "prefix")
        parts = self.snapshot.parts
        return self.terms.written([(part, *part.reader.field("exact").stretch(begun)) for part in parts])

    def expanded(self, words: Iterable[str], spans: Iterable[Span], reason: Reason) -> Found:
        """Documents with any of these words as written, scored as if they were one word (a synonym set)."""
        self.wanted.exact.update(dict.fromkeys(words, reason))
        return self.terms.written(spans)

    def spans(self, words: Iterable[str]) -> list[Span]:
        """Where words, as they are written, are among the terms of each segment."""
        spans = []
        for word in words:
            limit.spend()
            term = exact_terms([word])[0].encode("utf-8", "surrogatepass")
            for part in self.snapshot.parts:
                place = part.reader.field("exact").place(term)
                if place >= 0:
                    spans.append((part, place, place + 1))
        return spans

    def want(self, terms: Iterable[str], reason: Reason) -> None:
        for term in terms:
            self.wanted.terms.setdefault(term, reason)


def _size_of_kept(kept: tuple[Found, Wanted]) -> int:
    found, wanted = kept
    return nbytes(found) + 100 * (len(wanted.terms) + len(wanted.exact))
