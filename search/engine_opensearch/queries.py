"""What a query means to OpenSearch: each operator as what has to match, and as what it scores. Pure functions.

A node becomes a ``Clause``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import NamedTuple, Protocol

from search import german
from search.engine_opensearch.dsl import ALL, NONE, Json, dated, every, no, phrase, some, term
from search.engine_opensearch.scores import (
    NOTHING,
    Archive,
    Held,
    Most,
    Score,
    Sum,
    Term,
    Variant,
    Within,
    anywhere,
    near,
    plain,
    scaled,
    sequence,
    synonyms,
    total,
    word_alone,
)
from search.query import (
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
    MAX_FUZZY_WORDS,
    NEAR_WEIGHT,
    SEQUENCE_WEIGHT,
    as_typed,
    composing,
    hyphenated,
    idf,
    is_sought,
    neighbouring,
    telling,
)
from search.schema import PART_WEIGHT
from search.snippets import How, Reason, Wanted
from search.variants import Variants, by_rule, says_nothing, texts


class Clause(NamedTuple):
    """What must match, and what is scored, be it where nothing matches."""

    matching: Json
    score: Score


class Lookup(Protocol):
    """What a query has to ask an archive before it can be written down."""

    def named(self, kind: str, words: Iterable[str]) -> Json:
        """Articles with a person, place, author, source or section whose name has all of these words."""

    def beginning(self, folded: str) -> list[str]:
        """The most frequent words, as written, that begin so."""

    def near(self, text: str, most: int) -> list[str]:
        """Words, as written, that are spelled nearly so, the nearest first."""


def guarded(clause: Clause) -> Clause:
    """A clause that scores nothing where it does not match: for alternatives, of which not each has to match."""
    if clause.score == NOTHING or (isinstance(clause.score, Term) and clause.matching in clause.score.counted):
        return clause
    return Clause(clause.matching, Within(clause.matching, clause.score))


class Compiler:
    """Writes the nodes of one query down, and collects what it learns on the way."""

    def __init__(self, lookup: Lookup, variants: Variants, excludes: bool = False) -> None:
        """``excludes``: what matches is to be left out, and matches by no other word for it."""
        self.lookup = lookup
        self.variants = variants
        self.wanted = Wanted()
        """What a snippet has to mark."""
        self.excludes = excludes

    def clause(self, node: Node) -> Clause:
        """What a node matches and scores."""
        match node:
            case Everything():
                return Clause(ALL, NOTHING)
            case And(children):
                return all_of(list(map(self.together, self.variants.grouped(children))))
            case Or(children):
                found = [guarded(self.clause(child)) for child in children]
                return Clause(some(each.matching for each in found), total(each.score for each in found))
            case Not(child):
                excluded = Compiler(self.lookup, self.variants, not self.excludes).clause(child)
                return Clause(no(excluded.matching), NOTHING)
            case Dates(first, last):
                return Clause(dated(first, last), NOTHING)
            case Word(text, target) | Phrase((text, *_), target) if target in VALUE_TARGETS:
                words = node.words if isinstance(node, Phrase) else (text,)
                called = [words, *self.variants.of(words)]
                return Clause(some(self.lookup.named(target, each) for each in called), NOTHING)
            case Word(text, target, exact=True):
                forms = list(map(german.exact, german.surfaces(text)))
                in_order = [self.phrase((text,), target, Reason(text, "exact"))] if len(forms) > 1 else []
                return all_of([*(self.expanded([form], text, "exact") for form in forms), *in_order])
            case Word(text, target):
                return self.with_variants((text,), target, self.word(text, target, Reason(text, "word")))
            case Phrase(words, target):
                return self.with_variants(words, target, self.phrase(words, target, Reason(" ".join(words), "word")))
            case Prefix(text):
                return self.prefix(text)
            case Fuzzy(text):
                return self.expanded(self.lookup.near(text, MAX_FUZZY_WORDS), text, "fuzzy")

    def together(self, group: tuple[Node, ...]) -> Clause:
        """A node, or words that are another name for something: Vereinte Nationen also finds UN."""
        found = all_of(list(map(self.clause, group)))
        return self.with_variants(texts(group), "text", found) if len(group) > 1 else found

    def loosened(self, node: Node) -> Clause:
        """For a node that finds nothing: a phrase or a compound taken apart into words, or parts of it."""
        if isinstance(node, Phrase):
            words = [Word(word, node.target) for word in node.words]
            found = [guarded(self.clause(word)) for word in words if not says_nothing(word)]
            return Clause(some(each.matching for each in found), total(each.score for each in found))
        parts = self.parts(node)
        return Clause(some(term("words", part) for part in parts), NOTHING)

    def parts(self, node: Node) -> list[str]:
        """The terms of a compound's parts, if the node is one."""
        if not isinstance(node, Word) or node.exact or node.target != "text":
            return []
        asked = map(german.query_terms, german.surfaces(node.text))
        parts = [part for query in asked if not query.in_order for part in query.parts]
        self.want(parts, Reason(node.text, "apart"))
        return parts

    def with_variants(self, words: tuple[str, ...], target: Target, found: Clause) -> Clause:
        """Also what has another word for the same thing, at a lower score."""
        reason, typed = Reason(" ".join(words), "variant"), each_word(words)
        matching, scores = [found.matching], [guarded(found).score]
        for other in by_rule(words) if self.excludes else self.variants.of(words):
            also = self.word(other[0], target, reason) if len(other) == 1 else self.phrase(other, target, reason)
            matching.append(also.matching)
            scores.append(Variant(guarded(also).score, typed, each_word(other)))
        return Clause(some(matching), Most(tuple(scores))) if len(scores) > 1 else found

    def word(self, text: str, target: Target, reason: Reason) -> Clause:
        """A word as typed may be several tokens ("Rhein/Ruhr"): all of them."""
        surfaces = german.surfaces(text)
        women = [form for surface in surfaces for form in german.query_terms(surface).women]
        found = all_of([self.token(surface, target, reason) for surface in surfaces])
        if not women or target == "title":
            return found
        return Clause(found.matching, total([found.score, synonyms(women, {"terms": {"exact": women}})]))

    def token(self, surface: str, target: Target, reason: Reason) -> Clause:
        """The word in any of its forms, as a part of a compound, or taken apart: see ``german.query_terms``."""
        query = german.query_terms(surface)
        if query.women and self.excludes and target == "text":  # -Ministerin leaves the articles on ministers
            return self.expanded(list(query.women), reason.word, reason.how)
        terms = list(filter(None, (query.word, query.verb)))
        self.want(terms, reason)
        if target == "title":
            each = [Clause(term("title", one), plain("title", one)) for one in terms]
        else:
            each = [Clause(term("words", one), anywhere(one, PART_WEIGHT)) for one in terms]
        found = each[0]
        if query.verb:
            found = Clause(some(one.matching for one in each), Most(tuple(one.score for one in each)))
        if target == "title" or not query.parts:
            return found
        parts = Sum(tuple(anywhere(part, 1.0) for part in query.parts))
        score = Most((found.score, scaled(parts, query.parts_weight)))
        if not query.in_order and (not query.between or reason.how == "variant"):
            return Clause(found.matching, score)
        # Ukraine-Krieg is Krieg and Ukraine; Bundestag is not every Bund on any Tag, nor is EU-Kommission, sought for
        # Europäische Kommission
        why = Reason(reason.word, "apart")
        if query.in_order:
            self.wanted.phrases.setdefault(query.parts, why)
            return Clause(some([found.matching, phrase("running", query.parts)]), score)
        self.want(query.parts, why)
        held = [Clause(term("words", part), NOTHING) for part in query.parts]
        between = zip(query.between, held, strict=True)
        held = [self.with_variants((word,), target, part) for word, part in between]
        return Clause(some([found.matching, every(part.matching for part in held)]), score)

    def neighbours(self, node: Node) -> Score:
        """What articles score in addition for neighbours in the query that stand together, and for words as typed.

        As one compound (``german.pair``), or one after the other, or near each other if a hyphen joins them (ordered
        and unordered window of Metzler and Croft 2005, "A Markov random field model for term dependencies").
        """
        found: list[Score] = []
        for left, right, weight in composing(node):
            compounds = [german.pair(left.text, right.text), german.pair(right.text, left.text)]  # Prozess NSU, too
            self.want(compounds, Reason(f"{left.text} {right.text}", "pair"))
            found += [scaled(anywhere(compound, 1.0), weight) for compound in compounds]
        beside = neighbouring(conjuncts(node))
        found += [scaled(sequence(left.text, right.text), SEQUENCE_WEIGHT) for left, right in beside]
        found += [scaled(near(*pieces), NEAR_WEIGHT) for pieces in hyphenated(node)]
        found += [Held(term("exact", form), AS_TYPED_WEIGHT) for form in as_typed(node)]
        return total(found)

    def phrase(self, words: tuple[str, ...], target: Target, reason: Reason) -> Clause:
        """Words one right after the other; each scores for itself."""
        readings = german.phrases(" ".join(words))
        if not readings:
            return Clause(ALL, NOTHING)
        field, scored = ("title", partial(plain, "title")) if target == "title" else ("running", word_alone)
        for terms in readings:
            self.wanted.phrases.setdefault(terms, reason)
        found = [Clause(phrase(field, terms), Sum(tuple(map(scored, terms)))) for terms in readings]
        if len(found) == 1:
            return found[0]
        return Clause(some(each.matching for each in found), Most(tuple(guarded(each).score for each in found)))

    def prefix(self, text: str) -> Clause:
        """Articles with any word that begins so, scored by the most frequent of these words as if they were one."""
        begun = german.fold(text)
        self.wanted.prefixes[begun] = Reason(text, "prefix")
        matching: Json = {"prefix": {"folded": {"value": begun}}}
        words = self.lookup.beginning(begun)
        return Clause(matching, synonyms(words, matching) if words else NOTHING)

    def expanded(self, words: list[str], text: str, how: How) -> Clause:
        """Articles with any of these words as written, scored as if they were one word (a synonym set)."""
        self.wanted.exact.update(dict.fromkeys(words, Reason(text, how)))
        if not words:
            return Clause(NONE, NOTHING)
        matching: Json = {"terms": {"exact": words}}
        return Clause(matching, synonyms(words, matching))

    def want(self, wanted: Iterable[str], reason: Reason) -> None:
        for each in wanted:
            self.wanted.terms.setdefault(each, reason)


def each_word(words: Iterable[str]) -> tuple[Json, ...]:
    """What each of some words matches, as it is or as a part."""
    return tuple(term("words", each) for each in german.word_terms(" ".join(words)))


def all_of(found: list[Clause]) -> Clause:
    """AND, without what neighbours add."""
    return Clause(every(each.matching for each in found), total(each.score for each in found))


class Relaxed(NamedTuple):
    """A query of which no article has all words, taken apart: what must hold anyway, and each word for itself."""

    rest: Json
    words: list[Clause]
    parts: list[Score]
    """What the parts of each word score, if it is a compound."""

    def weighing(self, count: Callable[[Json], int], archive: Archive) -> Json:
        """Articles that have any of the words; their score is what the words they have weigh by idf."""
        should = [
            {"constant_score": {"filter": each.matching, "boost": idf(count(each.matching), archive.articles)}}
            for each in self.words
        ]
        return {"bool": {"filter": [self.rest], "should": should, "minimum_should_match": 1}}

    @property
    def score(self) -> Score:
        """What the articles score that are heavy enough."""
        own = [Most((guarded(each).score, apart)) for each, apart in zip(self.words, self.parts, strict=True)]
        return total((*own, *(Held(each.matching, HELD_WEIGHT) for each in self.words)))


def relaxed(compiler: Compiler, node: And, count: Callable[[Json], int]) -> Relaxed:
    """A query without an article that has all its words. What only restricts (NOT, dates, names) still does."""
    words, parts = [], []
    for child in telling(node.children):
        apart = total(anywhere(part, 1.0) for part in compiler.parts(child))
        parts.append(scaled(apart, APART_WEIGHT))
        found = compiler.clause(child)
        words.append(found if count(found.matching) else compiler.loosened(child))
    rest = every(compiler.clause(child).matching for child in node.children if not is_sought(child))
    return Relaxed(rest, words, parts)
