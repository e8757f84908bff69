"""The pages: start, search, article, person and place. Each reads the address, asks the engine and fills a template."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache

from flask import Blueprint, g, render_template, request
from werkzeug import Response
from werkzeug.utils import redirect

from search import DEFAULT_SIZE, FacetResult, Hit, RequestTooCostly, Wanted, Word, asked_names, parse
from web import citation, i18n, listing, reading
from web.api import engine
from web.examples import examples
from web.headers import today, untagged_if_spared
from web.map import PLACES_ASKED, map_of
from web.nothing import OFFERS
from web.portrait import entries_of, portrait
from web.start import start
from web.state import LONGEST_VALUE, State, asks, name_address, read, rooted
from web.texts import RULES
from web.timeline import timeline
from web.values import MOST_LISTED, values_with

pages = Blueprint("pages", __name__)
pages.add_app_template_global(name_address)
pages.add_app_template_global(rooted)

SIMILAR = 5
"""Articles that are offered beside one that is read."""
MOST_ALIKE = 5
"""Names that are offered where a part of one was taken for the whole."""
MOST_NAMES = 1000
"""Persons, and places, that are listed beside an article: all, unless it is as long as a book."""


@pages.get("/")
def search() -> str:
    """The hits that the address asks for; the start page if it asks for none."""
    if not asks(request.args):
        return _start()
    state, errors = read(request.args)
    return _hits(state, [i18n.problem_in_words(error) for error in errors])


def _start() -> str:
    stats = engine().stats()
    state = State().charted(stats)
    if not stats.articles:
        return render_template("start.html", state=state, stats=stats)
    shown = start(engine(), stats, state, request.args.get("year", ""), today())
    ways = list[tuple[str, str]]()
    with _spared():
        ways = examples(engine(), shown.names, shown.years)
    return render_template("start.html", state=state, stats=stats, start=shown, timeline=shown.timeline, examples=ways)


@contextmanager
def _spared() -> Iterator[None]:
    """Help that would cost too much is not given; no browser may keep such a page for the whole one."""
    try:
        yield
    except RequestTooCostly:
        g.pop("etag", None)


def _facet(state: State, facet: str, most: int = 1) -> FacetResult:
    """One facet of a search of which nothing else is wanted, with its ``most`` frequent values."""
    return engine().search(replace(state.counting(), facets=(facet,), facet_size=most)).facets[facet]


def _hits(state: State, problems: list[str]) -> str:
    """``problems``: what of the address could not be used; typing never yields an error page."""
    query, stats = parse(state.q), engine().stats()
    started = time.perf_counter()
    charted = state.charted(stats)
    results = untagged_if_spared(engine().search(charted.request()))
    took = time.perf_counter() - started
    state = state.under_entries(results.facets)
    charted = state.charted(stats)
    places = _facet(state, "place", PLACES_ASKED) if state.map else None
    volume = _facet(charted.volume(), "date") if state.share else None
    within = dict.fromkeys(listing.partly(charted, results), 0)
    offered = dict.fromkeys(OFFERS)
    with _spared():
        for date in within:
            within[date] = engine().search(charted.within(date).counting()).total
        for name, offer in OFFERS.items():
            offered[name] = offer(state, results, engine())
    return render_template(
        "search.html",
        state=state,
        results=results,
        found=i18n.articles_in_words(results.total),
        took=i18n.took_in_words(took),
        notes=[*problems, *(i18n.note_in_words(note) for note in (*query.notes, *results.notes))],
        chips=listing.chips(state, query.tree),
        choices=len(listing.filters(state)),
        facets=listing.facets(state, results, stats, within),
        most_found=MOST_LISTED,
        timeline=timeline(charted, results.facets["date"], stats, volume),
        map=map_of(state, places.values) if places else None,
        empty=not stats.articles,
        title=listing.title(state),
        compound=query.tree.text if isinstance(query.tree, Word) else "",
        pages=listing.pages(state, results.total),
        sizes=listing.sizes(state) if results.total > DEFAULT_SIZE else (),
        sorts=listing.sorts(state),
        rules=RULES,
        **offered,
    )


@pages.get("/article/<text:article_id>")
def article(article_id: str) -> str | Response:
    """One article, and the way back to the search that led to it. Long ones are cut: see ``reading.SHOWN``."""
    searched = asks(request.args)
    state, _ = read(request.args)
    document = engine().get(article_id)
    document = replace(document, persons=document.persons[:MOST_NAMES], places=document.places[:MOST_NAMES])
    article = document.article
    marks: reading.Spans = ()
    neighbours = None
    similar: tuple[Hit, ...] = ()
    # an article is shown whatever the search costs that led to it, and whatever is offered beside it
    with _spared():
        wanted = engine().wanted(parse(state.q).tree) if state.q else Wanted()
        asked = asked_names(document, parse(state.q).tree)
        marks = reading.marks(document, wanted, {kind: asked[kind].union(state.chosen.get(kind, ())) for kind in asked})
        neighbours = reading.neighbours(state, article_id, engine()) if searched else None
        similar = engine().similar(article_id, SIMILAR)
    title, lead, paragraphs = reading.parts(document, marks)
    address = request.host_url.rstrip("/") + State().article(document.article.id)
    return render_template(
        "article.html",
        state=state,
        everything=State(),
        back=state.address() if searched else "",
        neighbours=neighbours,
        document=document,
        article=article,
        address=address,
        title=title,
        lead=lead,
        paragraphs=paragraphs,
        original=article.url if citation.is_web_address(article.url) else "",
        citations=citation.formats(article, address, today()),
        similar=similar,
        further=reading.further(article.metadata),
        cut=reading.SHOWN if reading.is_cut(document) else 0,
        found=sum(start >= len(article.title) for start, _ in marks),
        narrowed=cache(lambda kind, name: state.with_value(kind, name).address()),
        json_ld=citation.json_ld(document, address),
    )


@pages.get("/person/<text:name>", defaults={"facet": "person"})
@pages.get("/place/<text:name>", defaults={"facet": "place"})
def name(facet: str, name: str) -> str | tuple[str, int] | Response:
    """One person or place; another spelling leads to the page of its entry."""
    entry = next(iter(entries_of(engine(), facet, [name])), name)
    if entry != name:
        return redirect(name_address(facet, entry))
    page = portrait(engine(), engine().stats(), facet, name)
    if page is None:
        title, _ = i18n.status_in_words(404)
        # longer ones are no names, and what is looked up is remembered
        found = values_with(engine(), State(), facet, name) if len(name) <= LONGEST_VALUE else []
        alike = [value.value for value in found[:MOST_ALIKE]]
        return render_template("error.html", state=State(), title=title, facet=facet, sought=name, alike=alike), 404
    return render_template(
        "name.html", state=page.state, page=page, facet=facet, name=name, timeline=page.timeline, rules=RULES
    )
