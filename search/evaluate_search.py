"""How well an index answers judged searches: those of which a person has said which articles are right.

A file of judged searches is a table with tabs: query, ids of all relevant articles, note. Its first line may name
the columns.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from search.engine import MAX_SIZE, Engine, Request
from search.errors import InputError
from search.query_language import parse
from search.readers.files import unreadable

DEPTH = 10
"""Hits of each search that are looked at: the first page of what a person reads."""


HEADINGS = frozenset(["query", "search", "suche", "anfrage"])
"""What the first column may be called."""


class Judged(NamedTuple):
    """One judged search."""

    query: str
    relevant: frozenset[str]


class Score(NamedTuple):
    """How one search was answered."""

    query: str
    reciprocal_rank: float
    """1 / rank of the first relevant hit, 0 if none is among the first DEPTH (Voorhees 1999, TREC-8)."""
    recall: float
    """Share of the relevant articles, or of DEPTH if there are more, among the first DEPTH hits."""
    missed: tuple[str, ...]
    """Relevant articles that are not among all hits."""


class Quality(NamedTuple):
    """Means over all judged searches, in percent."""

    mrr: float
    recall: float
    found: float
    """Share of searches that find every relevant article at all."""


def read_judged(path: Path) -> list[Judged]:
    """The judged searches of a file; InputError names the first line that is none."""
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")  # as some editors write it
    except UnicodeDecodeError as error:
        number = error.object.count(b"\n", 0, error.start) + 1
        raise InputError(str(path), "cannot be read: it must be a text file in UTF-8", number) from error
    except OSError as error:
        raise unreadable(str(path), error) from error
    judged = []
    for number, line in enumerate(lines, start=1):
        query, _, rest = line.partition("\t")
        if not line.strip() or (number == 1 and query.casefold() in HEADINGS):
            continue
        relevant = frozenset(rest.partition("\t")[0].split())
        if not query.strip() or not relevant:
            raise InputError(str(path), "write the query, a tab, and the ids of the relevant articles", number)
        judged.append(Judged(query, relevant))
    if not judged:
        raise InputError(str(path), "holds no judged search: write a query, a tab, ids of relevant articles")
    return judged


def score(engine: Engine, judged: Judged) -> Score:
    """Search as a person would, and compare with the judgement."""
    request = Request(parse(judged.query).tree, size=MAX_SIZE)
    results = engine.search(request)
    ids = [hit.id for hit in results.hits]
    missed = judged.relevant.difference(ids)
    if missed and results.total > len(ids):
        missed -= {document.article.id for document in engine.scan(request)}
    ranks = [rank for rank, article_id in enumerate(ids[:DEPTH], start=1) if article_id in judged.relevant]
    return Score(
        judged.query,
        1 / ranks[0] if ranks else 0.0,
        len(ranks) / min(len(judged.relevant), DEPTH),
        tuple(sorted(missed)),
    )


def quality(scores: Iterable[Score]) -> Quality:
    """The means of some scores; at least one."""
    rows = list(scores)

    def mean(values: Iterable[float]) -> float:
        return round(100 * sum(values) / len(rows), 1)

    return Quality(
        mrr=mean(row.reciprocal_rank for row in rows),
        recall=mean(row.recall for row in rows),
        found=mean(not row.missed for row in rows),
    )
