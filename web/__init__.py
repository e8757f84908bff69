"""The web side of Nachlese: pages and a JSON interface over any engine. ``create_app`` makes the application."""

from __future__ import annotations

import re
from collections.abc import Iterable
from http import HTTPStatus
from string import punctuation
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote_to_bytes

from flask import Flask, Request, g, render_template, request
from werkzeug import Response
from werkzeug.exceptions import HTTPException
from werkzeug.routing import BaseConverter

from search import HTTP_STATUS, Busy, Engine, NachleseError, RequestError, one_request, open_index, status_of
from web import api, exports, headers, i18n, listing, logs, views
from web.serving import serve
from web.state import ROOT, State, read

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["create_app", "serve"]


RETRY_AFTER = 5
"""Seconds after which to ask again what was too much: a costly search takes less."""


class Utf8Request(Request):
    """What is no ASCII in an address is escaped: our own server refuses it, others hand it over as it came.

    Old links and programs escape ü as %FC; that is read as they mean it.
    """

    def __init__(self, environ: dict[str, Any], *arguments: Any, **named: Any) -> None:
        query = environ.get("QUERY_STRING", "")
        if not query.isascii():
            query = quote(query, safe=punctuation, encoding="latin-1")
        environ["QUERY_STRING"] = re.sub("(?:%[0-9A-Fa-f]{2})+", _as_utf8, query)
        super().__init__(environ, *arguments, **named)


def _as_utf8(escapes: re.Match[str]) -> str:
    written = unquote_to_bytes(escapes[0])
    try:
        written.decode()
    except UnicodeDecodeError:
        return quote(written.decode("cp1252", "replace"), safe="")
    return escapes[0]


class AnyText(BaseConverter):
    """Ids and names are whatever an archive says, file names and addresses included."""

    regex = ".+?"
    part_isolating = False


def create_app(index: Engine | str, **config: object) -> Flask:
    """The application over an engine, or over the index at a location. ``config`` are settings that Flask knows."""
    app = Flask(__name__)
    app.request_class = Utf8Request
    app.wsgi_app = _as_one(app.wsgi_app)  # type: ignore[assignment,method-assign]
    unknown = config.keys() - app.config.keys()
    if unknown:
        raise TypeError(f"create_app does not know the settings {', '.join(sorted(unknown))}")
    app.config.update(SEND_FILE_MAX_AGE_DEFAULT=365 * 24 * 3600, PROVIDE_AUTOMATIC_OPTIONS=False)
    app.config.update(config)
    app.extensions["engine"] = open_index(index) if isinstance(index, str) else index
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.url_map.converters["text"] = AnyText
    app.url_map.merge_slashes = False
    release = headers.fingerprint(app)
    app.jinja_env.globals["release"] = release
    app.jinja_env.filters["by_rule"] = listing.by_rule
    i18n.init(app)
    app.register_blueprint(views.pages)
    app.register_blueprint(exports.exports)
    app.register_blueprint(api.api)
    _answer_conditionally(app, release)
    _answer_errors(app)
    app.after_request(headers.secure)
    app.after_request(headers.compressed)
    return app


def _as_one(answer: WSGIApplication) -> WSGIApplication:
    """A page may search several times: what it may cost is what one search may. All its links begin alike."""

    def limited(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        root = ROOT.set(quote(environ.get("SCRIPT_NAME", "").rstrip("/"), encoding="latin-1"))
        with one_request():
            try:
                return answer(environ, start)
            finally:
                ROOT.reset(root)

    return limited


def _answer_conditionally(app: Flask, release: str) -> None:
    """Keep the choice of a language, and let a browser keep a page as long as neither archive nor page changes."""

    @app.before_request
    def before() -> Response | None:
        # also where there is nothing: the page that says so can be read in each language
        if not _for_programs() and (answer := i18n.chosen_language()):
            return answer
        if request.blueprint not in ("pages", "exports", "api") or request.endpoint in (
            "api.health",
            "api.description",
        ):
            return None
        g.etag = headers.etag(release, app.extensions["engine"].stats().generation)
        return headers.unchanged(g.etag)

    @app.after_request
    def after(response: Response) -> Response:
        if response.status_code == 200 and "etag" in g:
            return headers.tagged(response, g.etag)
        # what is not found, too, is said in the reader's language
        return headers.in_a_language(response) if response.mimetype == "text/html" else response


def _answer_errors(app: Flask) -> None:
    """Every error is a page in the reader's language, or a problem object for a program; never a traceback."""

    @app.errorhandler(NachleseError)
    def expected(error: NachleseError) -> Response:
        status = status_of(error, HTTP_STATUS)
        if status >= 500:
            app.logger.error("%s %s: %s", request.method, logs.route(), error)
        return _error(status, error)

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Response | HTTPException:
        if error.code is None or error.code < 400:
            return error
        response = _error(error.code, error)
        if allowed := getattr(error, "valid_methods", None):
            response.headers["Allow"] = ", ".join(sorted(allowed))
        return response

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> Response:
        logs.failure(app, error)
        return _error(500, error)


def _error(status: int, error: Exception) -> Response:
    response = _problem(status, error) if _for_programs() else _page(status, error)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


def _for_programs() -> bool:
    """Whether a program reads the answer, or a person."""
    return request.path.startswith("/api/") or request.path == "/healthz"


def _page(status: int, error: Exception) -> Response:
    title, text = i18n.status_in_words(status)
    state = read(request.args)[0] if status != 500 else State()
    if isinstance(error, RequestError) and not isinstance(error, Busy):
        if error.parameter == "q":
            state = state.with_query("")
        page = render_template("error.html", state=state, problems=[i18n.problem_in_words(error)])
    else:
        page = render_template("error.html", state=state, title=title, text=text)
    return Response(page, status, mimetype="text/html")


def _problem(status: int, error: Exception) -> Response:
    more: dict[str, Any] = {}
    if isinstance(error, RequestError):
        more["parameter"] = error.parameter
    if isinstance(error, NachleseError) and status < 500:
        detail = str(error)
    elif isinstance(error, NachleseError):
        # the sentence names folders of the server, which are nobody's business; it is in the log
        detail = "the archive cannot be read at the moment"
    elif isinstance(error, HTTPException):
        detail = error.description or HTTPStatus(status).description
    else:
        detail = "the server failed; the failure is logged"
    return api.problem(status, detail, **more)
