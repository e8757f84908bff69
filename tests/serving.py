"""The real server in a process of its own, to be talked to and looked at."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

COMMAND = [sys.executable, "-m", "search.cli"]


class Server:
    """The real command in a process of its own."""

    def __init__(self, location: Path, *options: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        command = [*COMMAND, "serve", "--index", str(location), "--port", str(self.port), *options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert self.process.stdout is not None
        assert b"articles on" in self.process.stdout.readline()

    def get(self, address: str, **headers: str) -> tuple[int, bytes, dict[str, str]]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", address, headers=headers)
            response = connection.getresponse()
            return response.status, response.read(), {name.lower(): value for name, value in response.getheaders()}
        finally:
            connection.close()

    def json(self, address: str) -> dict[str, Any]:
        status, body, _ = self.get(address)
        assert status == 200, body
        answer: dict[str, Any] = json.loads(body)
        return answer

    def raw(self, *pieces: bytes) -> bytes:
        """What comes back for bytes that may be anything."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as connection:
            answer = b""
            try:
                for piece in pieces:
                    connection.sendall(piece)
                connection.shutdown(socket.SHUT_WR)
                while data := connection.recv(65536):
                    answer += data
            except OSError:  # it was closed while we were talking
                pass
            return answer

    @property
    def open_files(self) -> int:
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    @property
    def maps(self) -> int:
        """Index files that are mapped into memory, with or without an open descriptor."""
        return Path(f"/proc/{self.process.pid}/maps").read_text().count(".seg")

    @property
    def memory(self) -> int:
        """Kilobytes."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0])

    def stop(self) -> tuple[int, str]:
        """Exit status and what was logged."""
        self.process.send_signal(signal.SIGTERM)
        _, logged = self.process.communicate(timeout=30)
        return self.process.returncode, logged.decode()
