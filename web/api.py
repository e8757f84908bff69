"""The JSON interface: the same searches as the pages, for programs. ``openapi.json`` describes it."""

from __future__ import annotations

import time
from dataclasses import asdict
from http import HTTPStatus
from pathlib import Path

from flask import Blueprint, current_app, json, jsonify, request
from werkzeug import Response

from search import VALUE_FACETS, Engine, RequestError, article_answer, parse, search_answer
from web.complete import offers
from web.headers import untagged_if_spared
from web.state import LONGEST_QUERY, State, read, rooted
from web.values import values_with

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
    wanted = state.request()
    started = time.perf_counter()
    results = untagged_if_spared(engine().search(wanted))
    took = time.perf_counter() - started
    return jsonify(search_answer(state.q, wanted, results, parse(state.q).notes, took * 1000))


def valid(read: tuple[State, tuple[RequestError, ...]]) -> State:
    """What was read of an address, if nothing in it was wrong; else the first error is raised."""
    state, errors = read
    if errors:
        raise errors[0]
    return state


@api.get("/api/articles/<text:article_id>")
def article(article_id: str) -> Response:
    """One article with all that is known of it."""
    return jsonify(article_answer(engine().get(article_id)))


@api.get("/api/complete")
def complete() -> Response:
    """Words, persons and places that begin as typed, and the search that each makes of it."""
    prefix = request.args.get("prefix", "").strip()[:LONGEST_QUERY]
    text = request.args.get("limit", "") or str(DEFAULT_COMPLETIONS)
    if not (text.isascii() and text.isdigit() and len(text) < 5 and 1 <= int(text) <= MOST_COMPLETIONS):
        raise RequestError("limit", f"“{text[:80]}” is not a whole number from 1 to {MOST_COMPLETIONS}")
    return jsonify({"completions": [asdict(offer) for offer in offers(engine(), prefix, int(text))]})


@api.get("/api/values")
def values() -> Response:
    """Values of one facet that contain what was typed, with their counts in a search."""
    facet, text = request.args.get("facet", ""), request.args.get("text", "").strip()[:LONGEST_PREFIX]
    if facet not in VALUE_FACETS:
        raise RequestError("facet", f"“{facet[:80]}” is none of {', '.join(VALUE_FACETS)}")
    found = values_with(engine(), valid(read(request.args)), facet, text)
    return jsonify({"values": [value._asdict() for value in found]})


@api.get("/api/openapi.json")
def description() -> Response:
    """The description of this interface, and below which path it is found."""
    written = json.loads(Path(current_app.root_path, "openapi.json").read_bytes())
    return jsonify(written | {"servers": [{"url": rooted("") or "/"}]})


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
    body |= {"instance": rooted(request.path)} | more
    return Response(json.dumps(body), status, mimetype="application/problem+json")
