"""What the server writes down: one line of JSON for each event, without the reader's words unless they are asked for.

An address names what somebody searches for or reads, and the message of an exception may repeat it: so a failure is
told by the route, the type of the exception and the lines of code that it came through.
"""

from __future__ import annotations

import json
import logging
import sys
import time
import traceback
from collections.abc import Iterator
from typing import Literal

from flask import Flask, g, request
from werkzeug import Response

Kept = Literal["errors", "requests", "searches"]
"""What is written: what failed; also each request without its words; also the words."""

REQUESTS = logging.getLogger("nachlese.requests")


class OneLine(logging.Formatter):
    """A record as one line of JSON; of an exception only what ``told`` tells, unless ``words`` are asked for."""

    def __init__(self, *, words: bool = False) -> None:
        super().__init__()
        self._words = words

    def format(self, record: logging.LogRecord) -> str:
        """See ``logging.Formatter``."""
        moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        line: dict[str, object] = {"time": f"{moment}.{record.msecs:03.0f}Z", "level": record.levelname.lower()}
        message = record.getMessage()
        if record.name.startswith("waitress") and not self._words:
            # it names the address that failed
            message = message.partition(" while serving")[0]
        line["event"] = message
        line |= getattr(record, "facts", {})
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            line["failed"] = list(told(error, words=self._words))
        # escaped: what standard error cannot write would be escaped as Python does it, which is no JSON
        return json.dumps(line)


def told(error: BaseException, *, words: bool = False) -> Iterator[str]:
    """An exception and what it came from: types and places in the code, and messages only with ``words``."""
    for each in _chain(error):
        reason = getattr(each, "strerror", None)
        yield f"{type(each).__name__}: {each}" if words else f"{type(each).__name__} {reason or ''}".strip()
        for frame in traceback.extract_tb(each.__traceback__):
            yield f"{frame.filename}:{frame.lineno} {frame.name}"


def _chain(error: BaseException) -> Iterator[BaseException]:
    found: BaseException | None = error
    seen: set[int] = set()
    while found is not None and id(found) not in seen:
        seen.add(id(found))
        yield found
        found = found.__cause__ or found.__context__


def route() -> str:
    """The pattern that the address of this request follows: “/article/<…>” and not which one."""
    return request.url_rule.rule if request.url_rule else "(no such address)"


def failure(app: Flask, error: Exception) -> None:
    """Write down that this request met a bug."""
    what = " < ".join(told(error, words=app.extensions.get("log") == "searches"))
    app.logger.error("%s %s failed: %s", request.method, route(), what)


def begin(app: Flask, kept: Kept) -> None:
    """Write events to standard error, one a line, from now on."""
    app.extensions["log"] = kept
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(OneLine(words=kept == "searches"))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    # it warns of each request that waits for a thread, however shortly
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    if kept == "errors":
        return
    REQUESTS.setLevel(logging.INFO)

    @app.before_request
    def before() -> None:
        g.began = time.perf_counter()

    # registered last and so called first: what it measures is the work, headers aside
    @app.after_request
    def after(response: Response) -> Response:
        facts: dict[str, object] = {"method": request.method, "route": route(), "status": response.status_code}
        if kept == "searches":
            facts["address"] = request.full_path.rstrip("?")
        if "began" in g:
            facts["ms"] = round((time.perf_counter() - g.began) * 1000, 1)
        REQUESTS.info("request", extra={"facts": facts})
        return response
