"""What a query means to OpenSearch: each operator as what has to match, and as what it scores. Pure functions.

A node becomes a ``Clause``. Its scores are a small tree that needs to know how many articles hold each of its terms;
once these numbers are there, ``rendered`` makes a query of it that scores as every engine does. OpenSearch's own
statistics are not used: they differ from shard to shard and from copy to copy, so that one search asked twice could
answer in two orders.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, NamedTuple, Protocol

from search import german
from search.dates import limits
from search.engine_opensearch.mapping import PART_BASE
from search.query import VALUE_TARGETS, And, Dates, Everything, Fuzzy, Node, Not, Or, Phrase, Prefix, Target, Word
from search.ranking import (
    APART_WEIGHT,
    AS_TYPED_WEIGHT,
    HELD_WEIGHT,
    K1,
    MAX_FUZZY_WORDS,
    NEAR,
    NEAR_WEIGHT,
    SEQUENCE_WEIGHT,
    B,
    as_typed,
    hyphenated,
    idf,
    is_sought,
    neighbouring,
    telling,
    variant_weight,
)
from search.schema import PART_WEIGHT
from search.snippets import How, Reason, Wanted
from search.variants import Variants, texts

Json = dict[str, Any]

ALL: Json = {"match_all": {}}
NONE: Json = {"match_none": {}}

_BM25 = f"f * {K1 + 1} / (f + {K1} * ({1 - B} + {B} * doc[params.length].value / params.average))"
PLAIN_SCRIPT = f"double f = _score; return params.weight * {_BM25};"
ANYWHERE_SCRIPT = (
    f"double words = Math.floor(_score / {PART_BASE}); double parts = _score - {PART_BASE} * words; "
    "double f = words > 0 ? words + params.part * parts : parts; "
    f"return (words > 0 ? 1 : params.part) * params.weight * {_BM25};"
)
"""Beside the word itself, parts add to its frequency; alone, they score as the word would, times ``params.part``: so an
article that says Wahl comes before one that says Bundestagswahl ten times."""
WHETHER_SCRIPT = "return params.weight;"
WORDS_SCRIPT = f"double f = Math.floor(_score / {PART_BASE}); return params.weight * {_BM25};"  # among the words alone


@dataclass(frozen=True)
class Term:
    """One term's BM25 score: of ``query``'s frequency, with the idf of the rarest of what ``counted`` match."""

    query: Json
    counted: tuple[Json, ...]
    length: str
    script: str
    weight: float = 1.0
    part: float = 1.0


@dataclass(frozen=True)
class Sum:
    """The scores of all children."""

    children: tuple[Score, ...]


@dataclass(frozen=True)
class Most:
    """The largest score of the children."""

    children: tuple[Score, ...]


@dataclass(frozen=True)
class Within:
    """The score of a child, for articles that match a query alone."""

    matching: Json
    child: Score


@dataclass(frozen=True)
class Variant:
    """The score of another word for the same thing, by how rare both are (``ranking.variant_weight``)."""

    child: Score
    typed: tuple[Json, ...]
    """What each word that was typed matches, and each of the variant."""
    variant: tuple[Json, ...]


@dataclass(frozen=True)
class Held:
    """The inverse document frequency of a query, for articles that match it."""

    matching: Json
    weight: float


Score = Term | Sum | Most | Within | Variant | Held
NOTHING = Sum(())


class Clause(NamedTuple):
    """What must match, and what is scored, be it where nothing matches."""

    matching: Json
    score: Score


class Archive(NamedTuple):
    """What scores depend on: how many articles there are, and how long the fields are on average."""

    articles: int
    average: dict[str, float]


class Lookup(Protocol):
    """What a query has to ask an archive before it can be written down."""

    def named(self, kind: str, words: Iterable[str]) -> Json:
        """Articles with a person, place, author, source or section whose name has all of these words."""

    def beginning(self, folded: str) -> list[str]:
        """The most frequent words, as written, that begin so."""

    def near(self, text: str, most: int) -> list[str]:
        """Words, as written, that are spelled nearly so, the nearest first."""


def term(field: str, value: str) -> Json:
    """Articles with a term; its frequency is the score."""
    return {"term": {field: value}}


def every(queries: Iterable[Json]) -> Json:
    """Articles that match all of these."""
    rest = [query for query in queries if query != ALL]
    return (rest[0] if len(rest) == 1 else {"bool": {"filter": rest}}) if rest else ALL


def some(queries: Iterable[Json]) -> Json:
    """Articles that match any of these."""
    found = list(queries)
    return (found[0] if len(found) == 1 else {"bool": {"should": found, "minimum_should_match": 1}}) if found else NONE


def no(query: Json) -> Json:
    """Articles that do not match this."""
    return {"bool": {"must_not": [query]}}


def dated(first: str, last: str) -> Json:
    """Articles all of whose possible days lie between two dates, either end open."""
    return within(limits(first, last))


def within(days: tuple[int, int]) -> Json:
    """Articles all of whose possible days lie between a first and a last one, as yyyymmdd."""
    begin, end = days
    return {"bool": {"filter": [{"range": {"first": {"gte": begin}}}, {"range": {"last": {"lte": end}}}]}}


def phrase(field: str, terms: Sequence[str], boost: float = 1.0) -> Json:
    """Articles in which terms stand one right after the other."""
    if len(terms) == 1:
        return term(field, terms[0])
    return {"match_phrase": {field: {"query": "\n".join(terms), "boost": boost}}}


def plain(field: str, value: str) -> Term:
    """A term of a field of its own."""
    return Term(term(field, value), (term(field, value),), f"{field}_length", PLAIN_SCRIPT)


def word_alone(value: str) -> Term:
    """A term among the words, not among the parts of compounds."""
    return Term(term("words", value), (term("running", value),), "words_length", WORDS_SCRIPT)


def scaled(score: Score, factor: float) -> Score:
    """A score times a factor."""
    if isinstance(score, (Term, Held)):
        return replace(score, weight=score.weight * factor)
    if isinstance(score, (Within, Variant)):
        return replace(score, child=scaled(score.child, factor))
    return type(score)(tuple(scaled(child, factor) for child in score.children))


def counted(score: Score) -> Iterator[Json]:
    """What has to be counted before a score can be rendered."""
    if isinstance(score, Term):
        yield from score.counted
    elif isinstance(score, Held):
        yield score.matching
    elif isinstance(score, (Within, Variant)):
        yield from counted(score.child)
        yield from (*score.typed, *score.variant) if isinstance(score, Variant) else ()
    else:
        for child in score.children:
            yield from counted(child)


def guarded(clause: Clause) -> Clause:
    """A clause that scores nothing where it does not match: for alternatives, of which not each has to match."""
    if clause.score == NOTHING or (isinstance(clause.score, Term) and clause.matching in clause.score.counted):
        return clause
    return Clause(clause.matching, Within(clause.matching, clause.score))


def total(scores: Iterable[Score]) -> Score:
    """The sum of scores."""
    there = [score for score in scores if score != NOTHING]
    return there[0] if len(there) == 1 else Sum(tuple(there))


def rendered(score: Score, count: Callable[[Json], int], archive: Archive) -> list[Json]:
    """The queries whose scores add up to a score; ``count`` says how many articles a query matches."""
    if isinstance(score, Sum):
        return [query for child in score.children for query in rendered(child, count, archive)]
    if isinstance(score, Most):
        choices = [rendered(child, count, archive) for child in score.children]
        found = [each[0] if len(each) == 1 else {"bool": {"should": each}} for each in choices if each]
        return [{"dis_max": {"queries": found}}] if found else []
    if isinstance(score, Within):
        return [{"bool": {"filter": [score.matching], "should": rendered(score.child, count, archive)}}]
    if isinstance(score, Variant):
        typed, variant = (
            sum(idf(count(query), archive.articles) for query in queries) for queries in (score.typed, score.variant)
        )
        return rendered(scaled(score.child, variant_weight(typed, variant)), count, archive)
    if isinstance(score, Held):
        boost = score.weight * idf(count(score.matching), archive.articles)
        return [{"constant_score": {"filter": score.matching, "boost": boost}}]
    parameters: Json = {
        "length": score.length,
        "average": max(archive.average.get(score.length, 0.0), 1e-9),
        "weight": score.weight * idf(min(map(count, score.counted)), archive.articles),
    }
    if score.script == ANYWHERE_SCRIPT:
        parameters["part"] = score.part
    return [{"script_score": {"query": score.query, "script": {"source": score.script, "params": parameters}}}]


def fingerprint(query: Json) -> str:
    """The same for the same query."""
    return json.dumps(query, sort_keys=True)


class Compiler:
    """Writes the nodes of one query down, and collects what it learns on the way."""

    def __init__(self, lookup: Lookup, variants: Variants) -> None:
        self.lookup = lookup
        self.variants = variants
        self.wanted = Wanted()
        """What a snippet has to mark."""
        self.unwanted = Wanted()
        """The same of what stands behind a NOT."""

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
                self.wanted, self.unwanted = self.unwanted, self.wanted
                matching = self.clause(child).matching
                self.wanted, self.unwanted = self.unwanted, self.wanted
                return Clause(no(matching), NOTHING)
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
            found = [guarded(self.clause(Word(word, node.target))) for word in node.words]
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
        for other in self.variants.of(words):
            also = self.word(other[0], target, reason) if len(other) == 1 else self.phrase(other, target, reason)
            matching.append(also.matching)
            scores.append(Variant(guarded(also).score, typed, each_word(other)))
        return Clause(some(matching), Most(tuple(scores))) if len(scores) > 1 else found

    def word(self, text: str, target: Target, reason: Reason) -> Clause:
        """A word as typed may be several tokens ("Rhein/Ruhr"): all of them."""
        surfaces = german.surfaces(text)
        found = all_of([self.token(surface, target, reason) for surface in surfaces])
        women = [form for surface in surfaces for form in german.query_terms(surface).women]
        if not women or target == "title":
            return found
        return Clause(found.matching, total([found.score, synonyms(women, {"terms": {"exact": women}})]))

    def token(self, surface: str, target: Target, reason: Reason) -> Clause:
        """The word in any of its forms, as a part of a compound, or taken apart: see ``german.query_terms``."""
        query = german.query_terms(surface)
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
        for left, right in neighbouring(node):
            compound = german.pair(left.text, right.text)
            self.want([compound], Reason(f"{left.text} {right.text}", "pair"))
            found.append(scaled(anywhere(compound, 1.0), german.PAIR_WEIGHT))
            found.append(scaled(sequence(left.text, right.text), SEQUENCE_WEIGHT))
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


def anywhere(value: str, part: float) -> Term:
    """A term among the words, or at a lower weight among the parts of compounds."""
    return Term(term("words", value), (term("words", value),), "words_length", ANYWHERE_SCRIPT, 1.0, part)


def synonyms(words: list[str], counted: Json) -> Term:
    """Words as written, as if they were one word."""
    # terms at one place are synonyms to OpenSearch: one clause, however many there are
    together = {"match": {"exact": {"query": "\t".join(words), "analyzer": "stacked"}}}
    return Term(together, (counted,), "exact_length", PLAIN_SCRIPT)


def each_word(words: Iterable[str]) -> tuple[Json, ...]:
    """What each of some words matches, as it is or as a part."""
    return tuple(term("words", each) for each in german.word_terms(" ".join(words)))


def sequence(left: str, right: str) -> Term:
    """Two words one right after the other, scored as if they were one word, as rare as the rarer of them."""
    found = [german.query_terms(word).word for word in (left, right)]
    # OpenSearch scores a phrase once for each of its words
    rarity = tuple(term("words", each) for each in found)
    return Term(phrase("running", found, boost=1 / len(found)), rarity, "words_length", PLAIN_SCRIPT)


def near(left: str, right: str) -> Term:
    """Whether two terms stand near each other or as one word, scored as if that were a word that is frequent there."""
    spans = [{"span_term": {"running": each}} for each in (left, right)]
    apart: Json = {"span_near": {"clauses": spans, "slop": NEAR - 1, "in_order": False}}
    rarity = (term("words", left), term("words", right))
    return Term(some([apart, term("words", left + right)]), rarity, "words_length", WHETHER_SCRIPT, K1 + 1)


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
