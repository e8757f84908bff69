"""Who may ask a cluster, and what answers in its place: TLS, passwords, and hosts that hang, on real nodes."""

from __future__ import annotations

import base64
import json
import logging
import os
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import pytest
from conftest import ROOT
from nodes import Nodes

from search import Engine, Request, open_index, parse
from search.indexing import check, rebuild, update
from web import create_app

USER, PASSWORD = "anna", "ge/heim:@ß€"


class Authority(NamedTuple):
    """A certificate of our own making, and one for this machine that it signed."""

    ca: Path
    certificate: Path
    key: Path


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    if shutil.which("openssl") is None:
        pytest.skip("no openssl to make certificates with")
    return certified(tmp_path_factory.mktemp("authority"), "IP:127.0.0.1")


def certified(folder: Path, names: str) -> Authority:
    """An authority and a certificate for these names."""

    def openssl(*arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

    new = ("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2")
    openssl(*new, "-subj", "/CN=Nachlese test authority", "-keyout", "ca.key", "-out", "ca.pem")
    usages = ("-addext", "basicConstraints=CA:FALSE", "-addext", f"subjectAltName={names}")
    signed = ("-CA", "ca.pem", "-CAkey", "ca.key")
    openssl(*new, "-subj", "/CN=node", *usages, *signed, "-keyout", "node.key", "-out", "node.pem")
    return Authority(folder / "ca.pem", folder / "node.pem", folder / "node.key")


class Gate(ThreadingHTTPServer):
    """What stands before a node in earnest: speaks TLS, asks for user and password, and hands all else on."""

    daemon_threads = True

    def __init__(self, node: str, authority: Authority) -> None:
        super().__init__(("127.0.0.1", 0), Passing)
        self.node = node
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(authority.certificate, authority.key)
        self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, *_: object) -> None:
        """A client that does not trust us hangs up; that is what is being tested."""


class Passing(BaseHTTPRequestHandler):
    """Hands one request on to the node."""

    protocol_version = "HTTP/1.1"
    server: Gate

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        expected = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if self.headers.get("Authorization") != expected:
            self.answer(401, "text/plain", b"Unauthorized")
            return
        kept = ("content-type", "content-encoding", "accept-encoding")
        headers = {name: text for name, text in self.headers.items() if name.lower() in kept}
        node = HTTPConnection(self.server.node)
        node.request(self.command, self.path, body or None, headers)
        answer = node.getresponse()
        encoding = answer.headers.get("Content-Encoding")
        self.answer(answer.status, answer.headers.get("Content-Type", "text/plain"), answer.read(), encoding)
        node.close()

    do_HEAD = do_POST = do_PUT = do_DELETE = do_GET

    def answer(self, status: int, kind: str, body: bytes, encoding: str | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if encoding:
            self.send_header("Content-Encoding", encoding)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def gate(cluster: Nodes, authority: Authority) -> Iterator[Gate]:
    made = Gate(cluster.hosts.partition(",")[0], authority)
    yield made
    made.shutdown()
    made.server_close()


def articles(folder: Path, count: int = 30) -> str:
    path = folder / "articles.jsonl"
    path.write_text("".join(json.dumps({"id": f"n{n}", "text": f"Mauer {n}"}) + "\n" for n in range(count)))
    return str(path)


def behind(gate: Gate, location: str, secret: str) -> str:
    name = location.rpartition("/")[2]
    return f"opensearchs://{secret}127.0.0.1:{gate.server_address[1]}/{name}"


SECRET = f"{USER}:{quote(PASSWORD, safe='')}@"


def test_everything_goes_through_tls_with_a_password(
    gate: Gate, authority: Authority, location: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    address = behind(gate, location, SECRET) + f"&ca={authority.ca}"
    engine = open_index(address)
    assert update(engine, [articles(tmp_path)]).added == 30
    assert rebuild(engine).added == 30
    assert engine.search(Request(parse("Mauer").tree)).total == 30
    assert len(list(engine.scan(Request()))) == 30
    named: list[str] = []
    check(engine, named.append)
    assert named == []
    assert "30" in create_app(address).test_client().get("/?q=Mauer").text
    # the same archive without the gate
    assert open_index(location).stats() == engine.stats()
    secrets = (PASSWORD, quote(PASSWORD, safe=""), base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode())
    for secret in secrets:
        assert secret not in caplog.text


def told(address: str, **environment: str) -> str:
    """What the command says of an archive that it cannot search."""
    command = [sys.executable, "-m", "search.cli", "search", "Mauer"]
    done = subprocess.run(
        command,
        env=os.environ | {"NACHLESE_INDEX": address} | environment,
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1), done.stderr
    for secret in (PASSWORD, quote(PASSWORD, safe=""), "falsch"):
        assert secret not in done.stderr
    return done.stderr


def test_what_is_wrong_with_tls_or_the_password_is_one_sentence(
    gate: Gate, authority: Authority, location: str, tmp_path: Path
) -> None:
    right = f"&ca={authority.ca}"
    refused = "refuses user and password: set NACHLESE_OPENSEARCH_USER and NACHLESE_OPENSEARCH_PASSWORD"
    assert refused in told(behind(gate, location, f"{USER}:falsch@") + right)
    assert refused in told(behind(gate, location, "") + right)
    assert refused in told(behind(gate, location, "") + right, NACHLESE_OPENSEARCH_USER=USER)
    assert "there is no index" in told(
        behind(gate, location, "") + right, NACHLESE_OPENSEARCH_USER=USER, NACHLESE_OPENSEARCH_PASSWORD=PASSWORD
    )
    assert "its certificate is not one that is trusted" in told(behind(gate, location, SECRET))
    (tmp_path / "other").mkdir()
    other = certified(tmp_path / "other", "DNS:elsewhere.example")
    assert "is not one that is trusted" in told(behind(gate, location, SECRET) + f"&ca={other.ca}")
    gate_of_another = Gate(gate.node, other)
    assert "is one of another host" in told(behind(gate_of_another, location, SECRET) + f"&ca={other.ca}")
    gate_of_another.shutdown()
    gate_of_another.server_close()
    plain = behind(gate, location, SECRET).replace("opensearchs", "opensearch")
    assert "cannot reach" in told(plain)


def test_beside_a_host_that_hangs_answers_are_quick_and_right(location: str, cluster: Nodes, tmp_path: Path) -> None:
    update(open_index(location), [articles(tmp_path)])
    with socket.create_server(("127.0.0.1", 0), backlog=50) as silent:
        address = location.replace("opensearch://", f"opensearch://127.0.0.1:{silent.getsockname()[1]},")
        for _ in range(3):
            engine = open_index(address)
            began = time.monotonic()
            assert engine.search(Request(parse("Mauer").tree)).total == 30
            assert len(list(engine.scan(Request()))) == 30
            # the hanging host costs its two seconds once, the rest is for a busy machine
            assert time.monotonic() - began < 11
        began = time.monotonic()
        (tmp_path / "articles.jsonl").unlink()
        assert update(engine, [articles(tmp_path, 40)]).added == 10
        assert rebuild(engine).added == 40
        assert time.monotonic() - began < 60


def test_a_host_that_begins_to_hang_is_left(location: str, cluster: Nodes, tmp_path: Path) -> None:
    update(open_index(location), [articles(tmp_path)])
    with Hanging(cluster.hosts.partition(",")[0]) as gate:
        name = location.rpartition("/")[2]
        port = gate.server.getsockname()[1]
        engine: Engine = open_index(f"opensearch://127.0.0.1:{port},{cluster.hosts.rpartition(',')[2]}/{name}")
        for _ in range(4):
            assert engine.search(Request(parse("Mauer").tree)).total == 30
        assert gate.passed
        gate.hangs = True
        began = time.monotonic()
        for _ in range(4):
            assert engine.search(Request(parse("Mauer").tree)).total == 30
        # a request under way when it began to hang has its whole time
        assert time.monotonic() - began < 30


class Hanging:
    """Hands bytes on to a node and back, until it hangs."""

    def __init__(self, node: str) -> None:
        host, _, port = node.partition(":")
        self.node = (host, int(port))
        self.hangs = False
        self.passed = 0
        self.open: list[socket.socket] = []
        self.server = socket.create_server(("127.0.0.1", 0), backlog=50)

    def __enter__(self) -> Hanging:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.close()
        for each in self.open:
            with suppress(OSError):  # whoever reads from it wakes up
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self.server.accept()
            except OSError:
                return
            node = socket.create_connection(self.node)
            self.open += [client, node]
            for one, other in ((client, node), (node, client)):
                threading.Thread(target=self._hand_on, args=(one, other), daemon=True).start()

    def _hand_on(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(65536):
                if self.hangs:
                    return
                self.passed += len(data)
                other.sendall(data)
            other.shutdown(socket.SHUT_WR)
