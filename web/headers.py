"""What every response says beside its body: what a browser may do with it, and whether it has changed."""

from __future__ import annotations

import datetime
import hashlib
from pathlib import Path

from flask import Flask, request
from werkzeug import Response

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
    """Of all templates, styles and texts: an update changes pages although the archive has not changed."""
    digest = hashlib.sha256()
    for path in sorted(Path(app.root_path).rglob("*")):
        if path.suffix in {".css", ".html", ".js", ".mo", ".py", ".svg"}:
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def today() -> datetime.date:
    """The day on which a page is shown; the start page speaks of it."""
    return datetime.date.today()


def etag(release: str, generation: str) -> str:
    """Names what this address shows in this state of the archive, in this language, on this day."""
    parts = (release, generation, language(), request.full_path, str(today()))
    return hashlib.sha256("\0".join(parts).encode("utf-8", "backslashreplace")).hexdigest()[:24]


def unchanged(tag: str) -> Response | None:
    """304 if the browser has this state of the page already."""
    if not request.if_none_match.contains_weak(tag):
        return None
    return tagged(Response(status=304), tag)


def tagged(response: Response, tag: str) -> Response:
    """A response that its reader may keep, and asks for again before using it."""
    response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = "private, no-cache"
    response.vary.update(("Accept-Language", "Cookie"))
    return response
