"""What every response says beside its body: what a browser may do with it, whether it has changed, how it is packed."""

from __future__ import annotations

import datetime
import gzip
import hashlib
import time
from pathlib import Path

from flask import Flask, g, request
from werkzeug import Response

from search import Results, day_of_moment
from web.i18n import language

SECURITY = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "object-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # what somebody searches for is nobody else's business
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def secure(response: Response) -> Response:
    """Add the security headers."""
    for name, value in SECURITY.items():
        response.headers.setdefault(name, value)
    return response


def fingerprint(app: Flask) -> str:
    """A hash of all templates, styles and texts: an update changes pages although the archive has not changed."""
    digest = hashlib.sha256()
    for path in sorted(Path(app.root_path).rglob("*")):
        if path.suffix in {".css", ".html", ".js", ".mo", ".py", ".svg"}:
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def today() -> datetime.date:
    """The day on which a page is shown, in Germany wherever the server stands; the start page speaks of it."""
    day = day_of_moment(str(int(time.time())))
    return datetime.date.fromisoformat(day) if day else datetime.date.today()


def etag(release: str, generation: str) -> str:
    """Names what this address shows in this state of the archive, in this language, on this day."""
    parts = (release, generation, language(), request.full_path, str(today()))
    return hashlib.sha256("\0".join(parts).encode("utf-8", "backslashreplace")).hexdigest()[:24]


def unchanged(tag: str) -> Response | None:
    """304 if the browser has this state of the page already."""
    # "*" means any state at all, and whether there is one is not known yet
    if request.if_none_match.star_tag or not request.if_none_match.contains_weak(tag):
        return None
    response = tagged(Response(status=304), tag)
    response.vary.add("Accept-Encoding")
    return response


def untagged_if_spared(results: Results) -> Results:
    """The same results. Where they lack something, no browser may keep the answer for the whole one."""
    if results.spared:
        g.pop("etag", None)
    return results


def tagged(response: Response, tag: str) -> Response:
    """A response that its reader may keep, and asks for again before using it."""
    response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = "private, no-cache"
    return in_a_language(response)


def in_a_language(response: Response) -> Response:
    """A response that depends on the language of its reader."""
    response.vary.update(("Accept-Language", "Cookie"))
    return response


COMPRESSED = {
    "text/html",
    "text/css",
    "text/javascript",
    "image/svg+xml",
    "application/json",
    "application/problem+json",
    "application/atom+xml",
    "application/opensearchdescription+xml",
}
LEAST_COMPRESSED = 1000
"""Bytes of the shortest body that is compressed: a shorter one fills a packet either way."""
_LEVEL = 5


def compressed(response: Response) -> Response:
    """A response whose body is shorter, if its reader takes it so. Tables, which are streamed, stay as they are."""
    if response.mimetype not in COMPRESSED:
        return response
    response.vary.add("Accept-Encoding")
    if response.status_code in (204, 206, 304):
        return response
    if request.accept_encodings.quality("gzip") <= 0 or "Range" in request.headers:
        return response
    # a file of ours is sent from disk otherwise
    response.direct_passthrough = False
    source = response.response
    body = response.get_data()
    if hasattr(source, "close"):
        source.close()  # a server may forget it whose reader has gone
    if len(body) < LEAST_COMPRESSED:
        return response
    tag, _ = response.get_etag()
    response.set_data(gzip.compress(body, _LEVEL, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    response.headers.pop("Accept-Ranges", None)
    if tag:
        # other bytes of the same content: what a strong tag would deny
        response.set_etag(tag, weak=True)
    return response
