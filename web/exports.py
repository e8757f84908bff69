"""A search to take away: as an Atom feed, as CSV for a spreadsheet, as JSONL for programs, as the browser's own search.

Tables are streamed and complete, however many hits there are, and all of one state of the archive.
"""

from __future__ import annotations

import csv
import io
import re
import threading
from collections.abc import Generator, Iterable, Iterator
from itertools import chain
from xml.etree import ElementTree as Xml

from flask import Blueprint, json, request
from werkzeug import Response
from werkzeug.exceptions import TooManyRequests
from werkzeug.urls import iri_to_uri

from search import Document, Hit, article_answer, interval
from web import listing
from web.api import DEFAULT_COMPLETIONS, engine, valid
from web.complete import suggestions
from web.headers import untagged_if_spared
from web.i18n import gettext, language
from web.state import LONGEST_QUERY, State, read, rooted

exports = Blueprint("exports", __name__)

FEED_SIZE = 50
TABLES_AT_ONCE = 2
"""Tables that a process sends at the same time: each keeps a thread of the server until its reader has taken it."""
COLUMNS = ("id", "title", "date", "source", "url", "persons", "places", "section", "authors")
SEPARATORS = {"de": ";"}
"""Where a comma divides whole numbers from fractions, spreadsheets put a line with commas into one cell."""
ATOM = "http://www.w3.org/2005/Atom"
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
SUGGESTIONS = "application/x-suggestions+json"
OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TAG = re.compile(r"<[^>]*>")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


# --- tables ---


@exports.get("/export.csv")
def table() -> Response:
    """All hits as a table; the mark at its beginning tells spreadsheets that it is UTF-8."""
    return _download(_csv(_found(), SEPARATORS.get(language(), ",")), "text/csv", "csv")


@exports.get("/export.jsonl")
def lines() -> Response:
    """All articles in full, one JSON object a line."""
    return _download(_jsonl(_found()), "application/jsonl", "jsonl")


_sending = threading.BoundedSemaphore(TABLES_AT_ONCE)


def _download(pieces: Iterable[str], mimetype: str, suffix: str) -> Response:
    # the first piece is made before the answer begins, so that a failure is still an error page
    sent = _sent(pieces)
    first = next(sent, b"")
    response = Response(chain([first], sent), content_type=f"{mimetype}; charset=utf-8")
    response.call_on_close(sent.close)
    response.headers["Content-Disposition"] = f"attachment; filename=nachlese.{suffix}"
    return response


def _sent(pieces: Iterable[str]) -> Generator[bytes, None, None]:
    # whoever waited here would keep a thread from all others
    if not _sending.acquire(blocking=False):
        raise TooManyRequests(f"only {TABLES_AT_ONCE} tables are sent at the same time")
    try:
        for piece in pieces:
            yield piece.encode()
    finally:
        _sending.release()


def _found() -> Iterator[Document]:
    return engine().scan(valid(read(request.args)).whole().request())


def _csv(documents: Iterable[Document], separator: str) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=separator)
    buffer.write("\ufeff")
    writer.writerow(COLUMNS)
    for document in documents:
        article = document.article
        persons, places, authors = map("; ".join, (document.persons, document.places, article.authors))
        about = (article.id, article.title, article.date, article.source, article.url)
        cells = (*about, persons, places, article.section, authors)
        writer.writerow([_harmless(cell) for cell in cells])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


def _harmless(cell: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _jsonl(documents: Iterable[Document]) -> Iterator[str]:
    for document in documents:
        yield json.dumps(article_answer(document)) + "\n"


# --- feed ---


@exports.get("/feed.atom")
def feed() -> Response:
    """The newest hits. Undated articles have no place in a feed."""
    state = valid(read(request.args))
    newest = state._replace(sort="newest", page=1, size=FEED_SIZE, facet_size=1)
    hits = [hit for hit in untagged_if_spared(engine().search(newest.request())).hits if hit.date]
    return _xml(_feed(request.host_url.rstrip("/"), iri_to_uri(request.url), state, hits), "application/atom+xml")


def _feed(host: str, own: str, state: State, hits: list[Hit]) -> Xml.Element:
    sought = listing.title(state)
    title = gettext("Nachlese: %(query)s", query=sought) if sought else gettext("Nachlese: neue Artikel")
    page = host + state.address()
    updated = max((_moment(hit.date) for hit in hits), default="1970-01-01T00:00:00Z")
    made = Xml.Element("feed", {"xmlns": ATOM, "xmlns:dc": DUBLIN_CORE})
    _add(made, "id", page)
    _add(made, "title", title)
    _add(made, "updated", updated)
    Xml.SubElement(made, "link", {"rel": "self", "href": _clean(own)})
    Xml.SubElement(made, "link", {"rel": "alternate", "href": page})
    author = Xml.SubElement(made, "author")
    _add(author, "name", "Nachlese")
    for hit in hits:
        address = host + State().article(hit.id)
        entry = Xml.SubElement(made, "entry")
        _add(entry, "id", address)
        _add(entry, "title", hit.title or hit.id)
        _add(entry, "updated", _moment(hit.date))
        _add(entry, "dc:date", hit.date)
        Xml.SubElement(entry, "link", {"rel": "alternate", "href": address})
        # a snippet is escaped text with marks, and so the same text as HTML without them
        _add(entry, "summary", _TAG.sub("", hit.snippet)).set("type", "html")
        for name in (*hit.persons, *hit.places):
            Xml.SubElement(entry, "category", {"term": _clean(name)})
    return made


def _moment(date: str) -> str:
    """The first moment of a date, for Atom knows no other; ``dc:date`` has the precision that is known."""
    day = str(interval(date)[0])
    return f"{day[:4]}-{day[4:6]}-{day[6:]}T00:00:00Z"


# --- the browser's own search ---


@exports.get("/opensearch.xml")
def opensearch() -> Response:
    """What a browser has to know to offer this search in its address bar."""
    made = Xml.Element("OpenSearchDescription", {"xmlns": OPENSEARCH})
    _add(made, "ShortName", "Nachlese")
    _add(made, "Description", gettext("Suche im Nachrichtenarchiv"))
    _add(made, "InputEncoding", "UTF-8")
    root = request.host_url.rstrip("/") + rooted("/")
    for mimetype, path in (("text/html", ""), ("application/atom+xml", "feed.atom"), (SUGGESTIONS, "suggestions")):
        Xml.SubElement(made, "Url", {"type": mimetype, "template": f"{root}{path}?q={{searchTerms}}"})
    icon = _add(made, "Image", f"{root}static/icon.svg")
    icon.attrib.update(width="16", height="16", type="image/svg+xml")
    return _xml(made, "application/opensearchdescription+xml")


@exports.get("/suggestions")
def suggested() -> Response:
    """What a browser offers while somebody types into its address bar: the text and whole searches that begin so."""
    typed = request.args.get("q", "")[:LONGEST_QUERY]
    return Response(json.dumps([typed, suggestions(engine(), typed, DEFAULT_COMPLETIONS)]), mimetype=SUGGESTIONS)


def _add(parent: Xml.Element, name: str, text: str) -> Xml.Element:
    child = Xml.SubElement(parent, name)
    child.text = _clean(text)
    return child


def _clean(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)


def _xml(made: Xml.Element, mimetype: str) -> Response:
    return Response(Xml.tostring(made, "utf-8", xml_declaration=True), mimetype=mimetype)
