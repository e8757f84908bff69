"""Serving the application with waitress: bounds for what a stranger may send, and an end that cuts nobody off."""

from __future__ import annotations

import re
import select
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import waitress
from flask import Flask
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer
from waitress.task import ErrorTask, WSGITask

from search import one_request
from web import logs
from web.headers import SECURITY

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LONGEST_HEADER = 65_536
"""Bytes of an address with all its headers; the longest that a page links to has about 20,000."""
LONGEST_BODY = 4096
"""Nothing is ever sent to this application; waitress would keep up to a gigabyte of it."""
MOST_CONNECTIONS = 1000
SILENCE = 20
"""Seconds after which a connection is closed that says nothing, or takes nothing of its answer."""
PATIENCE = 60
"""Seconds in which a request must be complete, however steadily it comes: it is one packet or a few."""
GRACE = 10.0
"""Seconds that requests in flight have when the server is told to stop."""


class _Refusal(ErrorTask):  # type: ignore[misc]
    """What waitress itself answers, to what is no request or too long a one: with the headers of all other answers."""

    def execute(self) -> None:
        self.response_headers.extend(SECURITY.items())
        super().execute()


class _Answer(WSGITask):  # type: ignore[misc]
    """What the application answers. When the server ends it says so: else who kept a connection would go on asking."""

    def build_response_header(self) -> Any:
        if not self.channel.server.accepting:
            self.request.headers["CONNECTION"] = "close"
        return super().build_response_header()


class _Channel(HTTPChannel):  # type: ignore[misc]
    """A connection. A slow client may take a place, but not keep it; waitress closes only silent ones that wait."""

    task_class = _Answer
    error_task_class = _Refusal
    _began = 0.0

    def received(self, data: bytes) -> Any:
        """Some bytes of a request, or of several."""
        if self.request is None:
            self._began = time.monotonic()
        elif time.monotonic() - self._began > PATIENCE:
            self.will_close = True
            return False
        return super().received(data)

    def writable(self) -> Any:
        """Whether there is something to send; asked once a second and more."""
        # an answer that nobody takes keeps the thread that makes it, once the buffers are full
        if self.total_outbufs_len and time.time() - self.last_activity > SILENCE:
            self.handle_close()
            return False
        return super().writable()


class _Signals(wasyncore.dispatcher):  # type: ignore[misc]
    """Where signals come in as bytes, so that the loop hears of them among everything else."""

    received = False

    def handle_read(self) -> None:
        self.recv(4096)
        self.received = True

    def writable(self) -> bool:
        return False


def serve(
    app: Flask,
    host: str,
    port: int,
    *,
    started: Callable[[], None],
    behind_proxy: bool = False,
    log: logs.Kept = "errors",
) -> None:
    """Serve until SIGTERM or SIGINT, then finish what was begun. OSError if the address cannot be listened on.

    ``started`` is called as soon as requests are answered. ``behind_proxy``: believe X-Forwarded-For, -Host, -Proto and
    -Prefix.
    ``log``: what is written to standard error.
    """
    logs.begin(app, log)
    proxy: dict[str, Any] = {}
    if behind_proxy:
        app.wsgi_app = _prefixed(app.wsgi_app)  # type: ignore[assignment,method-assign]
        headers = {"x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"}
        proxy = {"trusted_proxy": "*", "trusted_proxy_count": 1, "trusted_proxy_headers": headers}
    channels: dict[int, Any] = {}
    waitress.create_server(
        app,
        map=channels,
        host=host,
        port=port,
        threads=8,
        ident=None,
        max_request_header_size=LONGEST_HEADER,
        max_request_body_size=LONGEST_BODY,
        connection_limit=MOST_CONNECTIONS,
        channel_timeout=SILENCE,
        cleanup_interval=SILENCE // 4,
        asyncore_use_poll=True,
        **proxy,
    )
    for found in channels.values():
        if isinstance(found, BaseWSGIServer):
            found.channel_class = _Channel
    # whoever ends a group sends several signals, and a handler that sets an Event waits for ever if another one comes
    reading, writing = socket.socketpair()
    writing.setblocking(False)
    signal.set_wakeup_fd(writing.fileno(), warn_on_full_buffer=False)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    signals = _Signals(reading, map=channels)
    threading.Thread(target=warm, args=(app,), daemon=True).start()
    started()
    while not signals.received:
        _serve_once(channels)
    _finish(channels)
    signal.set_wakeup_fd(-1)


_PREFIX = re.compile(r"(?:/[\w~-][\w.~-]*)+/?", re.ASCII)


def _prefixed(answer: WSGIApplication) -> WSGIApplication:
    """The application below the path at which the proxy shows it, which has taken that off the address."""

    def prefixed(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        # whatever else a proxy lets through would lead a reader elsewhere: //evil.example
        if _PREFIX.fullmatch(prefix := environ.get("HTTP_X_FORWARDED_PREFIX", "")):
            environ["SCRIPT_NAME"] = prefix.rstrip("/")
        return answer(environ, start)

    return prefixed


def warm(app: Flask) -> None:
    """Read and compute what the first visitor would have to wait for: of a million articles some seconds."""
    for address in ("/", "/api/complete?prefix=a", "/api/search?q=mistipt~"):
        # a page that fails is told of when somebody asks for it
        with suppress(Exception), app.test_request_context(address), one_request():
            app.dispatch_request()


def _serve_once(channels: dict[int, Any], timeout: float = 1.0) -> None:
    """Take and send what can be taken and sent, and wait at most ``timeout`` seconds for it."""
    wasyncore.loop(timeout, use_poll=True, map=channels, count=1)


def _finish(channels: dict[int, Any]) -> None:
    """Answer whoever has connected and asked, but nobody who comes later."""
    until = time.monotonic() + GRACE
    listening = [found for found in channels.values() if isinstance(found, BaseWSGIServer)]
    for server in listening:
        # the system connects clients before the server hears of them, and resets them with the socket
        for _ in range(server.adj.backlog):
            if not _is_readable(server):
                break
            server.handle_accept()
        wasyncore.dispatcher.close(server)
    while time.monotonic() < until and any(map(_is_busy, list(channels.values()))):
        _serve_once(channels, 0.02)


def _is_busy(channel: Any) -> bool:
    return isinstance(channel, HTTPChannel) and bool(
        channel.requests or channel.total_outbufs_len or _is_readable(channel)
    )


def _is_readable(channel: Any) -> bool:
    """Whether a connection, or one more byte of it, waits to be taken."""
    waiting = select.poll()
    with suppress(ValueError):  # another thread may just have closed it
        waiting.register(channel.socket, select.POLLIN)
    return bool(waiting.poll(0))
