"""What a query scores: a small tree that needs to know how many articles hold each of its terms.

Once these numbers are there, ``rendered`` makes queries of it that score as every engine does. OpenSearch's own
statistics are not used: they differ from shard to shard and from copy to copy, so that one search asked twice could
answer in two orders.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from search import german
from search.engine_opensearch.dsl import Json, phrase, some, term
from search.engine_opensearch.mapping import PART_BASE
from search.ranking import K1, NEAR, B, idf, variant_weight

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


class Archive(NamedTuple):
    """What scores depend on: how many articles there are, and how long the fields are on average."""

    articles: int
    average: dict[str, float]


def plain(field: str, value: str) -> Term:
    """A term of a field of its own."""
    return Term(term(field, value), (term(field, value),), f"{field}_length", PLAIN_SCRIPT)


def word_alone(value: str) -> Term:
    """A term among the words, not among the parts of compounds."""
    return Term(term("words", value), (term("running", value),), "words_length", WORDS_SCRIPT)


def anywhere(value: str, part: float) -> Term:
    """A term among the words, or at a lower weight among the parts of compounds."""
    return Term(term("words", value), (term("words", value),), "words_length", ANYWHERE_SCRIPT, 1.0, part)


def synonyms(words: list[str], counted: Json) -> Term:
    """Words as written, as if they were one word."""
    # terms at one place are synonyms to OpenSearch: one clause, however many there are
    together = {"match": {"exact": {"query": "\t".join(words), "analyzer": "stacked"}}}
    return Term(together, (counted,), "exact_length", PLAIN_SCRIPT)


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


def scaled(score: Score, factor: float) -> Score:
    """A score times a factor."""
    if isinstance(score, (Term, Held)):
        return replace(score, weight=score.weight * factor)
    if isinstance(score, (Within, Variant)):
        return replace(score, child=scaled(score.child, factor))
    return type(score)(tuple(scaled(child, factor) for child in score.children))


def total(scores: Iterable[Score]) -> Score:
    """The sum of scores."""
    there = [score for score in scores if score != NOTHING]
    return there[0] if len(there) == 1 else Sum(tuple(there))


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
