"""The web server in front, with the very lines that docs/operations.md gives for nginx."""

from __future__ import annotations

import base64
import json
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPSConnection, IncompleteRead
from pathlib import Path

import pytest
from serving import Server

from search import open_index
from search.indexing import update

NGINX = shutil.which("nginx") or "/usr/sbin/nginx"

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not (Path(NGINX).exists() and shutil.which("openssl")), reason="needs nginx and openssl"),
]

PASSWORD = {"Authorization": "Basic " + base64.b64encode(b"ute:geheim").decode()}
TOKEN = {"Authorization": "Bearer LONG-RANDOM-TEXT"}
LONG_ADDRESS = "/?" + "&".join(f"person=Name+Nummer+{n}" for n in range(900))


class Proxy:
    """nginx, which shows an archive at the root of a site and below a path of another one."""

    def __init__(self, folder: Path, archive: Server) -> None:
        self.archive = archive
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=x -keyout site.key -out site.pem"
        subprocess.run(command.split(), cwd=folder, check=True, capture_output=True)
        secret = subprocess.run(["openssl", "passwd", "-apr1", "geheim"], check=True, capture_output=True, text=True)
        (folder / "archive.htpasswd").write_text(f"ute:{secret.stdout}")
        text = (Path(__file__).parents[1] / "docs/operations.md").read_text(encoding="utf-8")
        for name, ours in {
            "/etc/nginx/": f"{folder}/",
            "/var/log/nginx/": f"{folder}/",
            "/etc/ssl/archiv.example": f"{folder}/site",
            "127.0.0.1:8000": f"127.0.0.1:{archive.port}",
            "listen 443": f"listen 127.0.0.1:{self.port}",
        }.items():
            text = text.replace(name, ours)
        shared, root, below = re.findall(r"```nginx\n(.*?)```", text, re.DOTALL)
        (folder / "archive.inc").write_text(shared)
        site = root[root.index("server {") : root.index("location")].replace("archiv.example", "zeitung.example")
        temporary = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in ("proxy", "client_body"))
        (folder / "nginx.conf").write_text(
            f"user root; daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}}\n"
            f"http {{ {temporary} access_log {folder}/access.log;\n{root}\n{site}\n{below}}} }}"
        )
        self.process = subprocess.Popen([NGINX, "-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf"])
        until = time.monotonic() + 20
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            except OSError:
                time.sleep(0.05)
        raise AssertionError((folder / "error.log").read_text())

    def connection(self, site: str) -> HTTPSConnection:
        connection = HTTPSConnection(site, timeout=30)
        plain = socket.create_connection(("127.0.0.1", self.port), 30)
        connection.sock = ssl._create_unverified_context().wrap_socket(plain, server_hostname=site)
        return connection

    def get(self, site: str, address: str, **headers: str) -> tuple[int, str]:
        connection = self.connection(site)
        connection.request("GET", address, headers=headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, text


@pytest.fixture
def proxy(tmp_path: Path) -> Iterator[Proxy]:
    text = "Der Hafen von Hamburg war am Montag geschlossen. " * 100
    lines = (json.dumps({"id": str(number), "text": text, "date": "2001-01-01"}) for number in range(2000))
    addressed = json.dumps({"id": "a", "text": text, "url": "https://bote.example/a/b"})
    (tmp_path / "in.jsonl").write_text("\n".join([*lines, addressed]))
    update(open_index(tmp_path / "index"), [str(tmp_path / "in.jsonl")])
    archive = Server(tmp_path / "index", "--behind-proxy")
    proxy = Proxy(tmp_path, archive)
    yield proxy
    proxy.process.terminate()
    assert proxy.process.wait(20) == 0
    archive.stop()


@pytest.mark.parametrize(("site", "below"), [("archiv.example", ""), ("zeitung.example", "/archiv")])
def test_an_archive_behind_nginx(proxy: Proxy, tmp_path: Path, site: str, below: str) -> None:
    assert proxy.get(site, f"{below}/")[0] == 401
    for other in ("Bearer other", TOKEN["Authorization"].lower()):
        assert proxy.get(site, f"{below}/healthz", Authorization=other)[0] == 401
    assert proxy.get(site, f"{below}/healthz", **TOKEN)[0] == 200
    assert proxy.get(site, below + LONG_ADDRESS, **PASSWORD, Referer=f"https://{site}{LONG_ADDRESS}")[0] == 200
    lies = {"X-Forwarded-Prefix": "/evil", "X-Forwarded-Host": "evil.example"}
    status, feed = proxy.get(site, f"{below}/feed.atom?q=Hafen", **PASSWORD, **lies)
    assert status == 200
    assert f'href="https://{site}{below}/?q=Hafen"' in feed
    assert "evil" not in feed
    assert "127.0.0.1" not in feed
    assert proxy.get(site, f"{below}/article/https%3A%2F%2Fbote.example%2Fa%2Fb", **PASSWORD)[0] == 200
    assert proxy.get(site, f"{below}/api/articles/https://bote.example/a/b", **PASSWORD)[0] == 200
    statuses = [proxy.get(site, f"{below}/healthz", **TOKEN)[0] for _ in range(60)]
    assert 429 in statuses
    written = "".join((tmp_path / name).read_text() for name in ("access.log", "archive.log", "error.log"))
    assert "Hafen" not in written
    assert "healthz" not in written


def test_a_table_that_breaks_off_is_not_taken_for_a_whole_one(proxy: Proxy) -> None:
    connection = proxy.connection("archiv.example")
    connection.request("GET", "/export.jsonl", headers=PASSWORD)
    with closing(connection), connection.getresponse() as answer:
        assert answer.status == 200
        answer.read(1)
        proxy.archive.process.kill()
        with pytest.raises(IncompleteRead):
            answer.read()
