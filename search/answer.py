"""Answers as plain JSON objects: the API sends them, and the command line prints the same ones with --json."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from search.engine import Document, Hit, Request, Results
from search.query_language import Note
from search.schema import FACETS

Json = dict[str, Any]


def search_answer(query: str, request: Request, results: Results, notes: tuple[Note, ...], took_ms: float) -> Json:
    """The answer to one search; ``notes`` are the parser's, those of the results come after them.

    A hit has "why" only if the request asked for it.
    """
    return {
        "query": query,
        "total": results.total,
        "took_ms": round(took_ms, 2),
        "page": request.page,
        "size": request.size,
        "hits": [_hit(hit) for hit in results.hits],
        "facets": {name: _facet(results, name, request) for name in FACETS},
        "relaxed": [asdict(word) for word in results.relaxed],
        "suggestion": results.suggestion,
        "notes": [asdict(note) | {"message": note.message} for note in (*notes, *results.notes)],
        "generation": results.generation,
    }


def _hit(hit: Hit) -> Json:
    answer = hit._asdict()
    # what the request did not ask for is no part of the answer
    why = answer.pop("why")
    answer["score"] = round(hit.score, 4)
    return answer if why is None else answer | {"why": [asdict(reason) for reason in why]}


def _facet(results: Results, name: str, request: Request) -> Json:
    found = results.facets[name]
    answer = asdict(found) | {"values": [value._asdict() for value in found.values]}
    if name == "date":
        return {"interval": request.interval} | answer
    del answer["coarse"]
    return answer


def article_answer(document: Document) -> Json:
    """One article with all that is known of it and the names found in it, but not where its file lies.

    ``start`` and ``end`` of a mention count characters of title, lead and text together.
    """
    return asdict(document.article) | {
        "persons": list(document.persons),
        "places": list(document.places),
        "places_weak": list(document.places_weak),
        "agencies": list(document.agencies),
        "dateline": document.dateline,
        "mentions": [mention._asdict() for mention in document.mentions],
    }
