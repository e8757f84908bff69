"""The JSON interface: the same searches as the pages, for programs. ``openapi.json`` describes it."""

from __future__ import annotations

import time
from dataclasses import asdict
from http import HTTPStatus
from pathlib import Path
from typing import Any

from flask import Blueprint, current_app, json, jsonify, request
from werkzeug import Response

from search import Document, Engine, FacetResult, Hit, Note, RequestError, Results, parse
from web.state import State, read

api = Blueprint("api", __name__)

DEFAULT_COMPLETIONS = 10
MOST_COMPLETIONS = 50
LONGEST_PREFIX = 100


def engine() -> Engine:
    """The engine that this application was made with."""
    found: Engine = current_app.extensions["engine"]
    return found


@api.get("/api/search")
def search() -> Response:
    """One page of hits with its facets."""
    state = valid(read(request.args))
    query = parse(state.q)
    started = time.perf_counter()
    results = engine().search(state.request(query))
    took = time.perf_counter() - started
    return jsonify(search_object(state, results, (*query.notes, *results.notes), took))


def valid(read: tuple[State, tuple[RequestError, ...]]) -> State:
    """What was read of an address, if nothing in it was wrong; else the first error is raised."""
    state, errors = read
    if errors:
        raise errors[0]
    return state


def search_object(state: State, results: Results, notes: tuple[Note, ...], seconds: float) -> dict[str, Any]:
    """What a search found, as other people's programs rely on it."""
    return {
        "query": state.q,
        "total": results.total,
        "took_ms": round(seconds * 1000, 2),
        "page": state.page,
        "size": state.size,
        "hits": [_hit(hit) for hit in results.hits],
        "facets": {name: _facet(name, facet) for name, facet in results.facets.items()},
        "relaxed": [asdict(word) for word in results.relaxed],
        "suggestion": results.suggestion,
        "notes": [
            {"code": note.code, "position": note.position, "word": note.word, "message": note.message} for note in notes
        ],
        "generation": results.generation,
    }


def _hit(hit: Hit) -> dict[str, Any]:
    # what the request did not ask for is None, and not part of the answer
    return {name: value for name, value in asdict(hit).items() if value is not None}


def _facet(name: str, facet: FacetResult) -> dict[str, Any]:
    interval = {"interval": "year"} if name == "date" else {}
    return interval | asdict(facet)


@api.get("/api/articles/<article_id:article_id>")
def article(article_id: str) -> Response:
    """One article with all that is known of it."""
    return jsonify(article_object(engine().get(article_id)))


def article_object(document: Document) -> dict[str, Any]:
    """An article and the names found in it; ``start`` and ``end`` count characters of title, lead and text together."""
    article = document.article
    return {
        "id": article.id,
        "title": article.title,
        "lead": article.lead,
        "text": article.text,
        "date": article.date,
        "url": article.url,
        "authors": article.authors,
        "section": article.section,
        "source": article.source,
        "language": article.language,
        "metadata": article.metadata,
        "persons": document.persons,
        "places": document.places,
        "mentions": [asdict(mention) for mention in document.mentions],
    }


@api.get("/api/complete")
def complete() -> Response:
    """Words, persons and places that begin as typed."""
    prefix = request.args.get("prefix", "").strip()[:LONGEST_PREFIX]
    text = request.args.get("limit", "") or str(DEFAULT_COMPLETIONS)
    if not (text.isascii() and text.isdigit() and len(text) < 5 and 1 <= int(text) <= MOST_COMPLETIONS):
        raise RequestError("limit", f"“{text[:80]}” is not a whole number from 1 to {MOST_COMPLETIONS}")
    completions = engine().complete(prefix, int(text)) if prefix else ()
    return jsonify({"completions": [asdict(completion) for completion in completions]})


@api.get("/api/openapi.json")
def description() -> Response:
    """The description of this interface."""
    return Response(Path(current_app.root_path, "openapi.json").read_bytes(), mimetype="application/json")


@api.get("/healthz")
def health() -> Response:
    """Whether the archive can be read."""
    stats = engine().stats()
    response = jsonify({"status": "ok", "generation": stats.generation, "articles": stats.articles})
    response.headers["Cache-Control"] = "no-store"
    return response


def problem(status: int, detail: str, **more: object) -> Response:
    """An error as RFC 9457 has it."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    body |= {"instance": request.path} | more
    return Response(json.dumps(body), status, mimetype="application/problem+json")
