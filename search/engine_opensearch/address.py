"""Where an archive on a cluster is, and who asks: ``opensearch://host:9200/archive``.

    opensearch://HOST[:PORT][,HOST[:PORT]...]/NAME[?shards=N&replicas=N&ca=FILE]      opensearchs:// with TLS

User and password stand before the hosts (``user:password@``) or in the environment. They are kept out of every text.
"""

from __future__ import annotations

import os
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, unquote

from search.errors import UsageError

USER, PASSWORD, CA = "NACHLESE_OPENSEARCH_USER", "NACHLESE_OPENSEARCH_PASSWORD", "NACHLESE_OPENSEARCH_CA"
FOLDER = "NACHLESE_STATE"
"""Environment variables."""
OPTIONS = ("shards", "replicas", "ca")
PORT = 9200
SHAPE = "opensearch://HOST:9200/NAME"
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")

_ADDRESS = re.compile(
    r"opensearch(?P<tls>s?)://(?:(?P<secret>[^/?]*)@)?(?P<hosts>[^/@?]+)/(?P<name>[^/?]+)/?(?:\?(?P<options>.*))?"
)
_HOST = re.compile(r"(?P<host>\[[0-9a-fA-F:.]+\]|[^:\[\]\s]+)(?::(?P<port>[0-9]{1,5}))?")
_NAME = re.compile(r"[a-z0-9][a-z0-9_.]*(?:-[a-z0-9_.]*[a-z_.][a-z0-9_.]*)*")
"""What OpenSearch takes as the name of an index, and what cannot be taken for that of a generation."""


@dataclass(frozen=True)
class Address:
    """An archive on a cluster. Its text, and so every message, has neither user nor password."""

    hosts: tuple[tuple[str, int], ...]
    name: str
    tls: bool = False
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    ca: str = ""
    shards: int | None = None
    """Of a generation that is made anew; None: as many as the one before, or one. One holds about thirty gigabytes."""
    replicas: int | None = None
    """Copies beside the first, as far as there are nodes for them; None: as many as before, or one."""
    states: Path = Path()
    """Where this machine has a folder for each archive on a cluster."""

    def __str__(self) -> str:
        hosts = ",".join(f"{host}:{port}" for host, port in self.hosts)
        return f"opensearch{'s' if self.tls else ''}://{hosts}/{self.name}"


def read(text: str, environment: Mapping[str, str] = os.environ) -> Address:
    """The address that a text names; UsageError, without what was typed, if it is none."""
    match = _ADDRESS.fullmatch(text)
    if not match:
        raise UsageError(f"this address of a cluster is not understood: write {SHAPE}")
    hosts = tuple(_host(host) for host in match["hosts"].split(","))
    if not _NAME.fullmatch(match["name"]):
        raise UsageError(
            "this cannot name an archive on a cluster: small letters, digits, “_”, “.” and “-”, and no “-” before "
            f"mere digits; write {SHAPE}"
        )
    user, colon, password = (match["secret"] or "").partition(":")
    options = dict(parse_qsl(match["options"] or "", keep_blank_values=True))
    if options.keys() - set(OPTIONS):
        raise UsageError(f"the address of a cluster knows no other options than {', '.join(OPTIONS)}")
    if "ca" in options and not match["tls"]:
        raise UsageError("“?ca=FILE” in the address of a cluster needs TLS: write opensearchs://")
    address = Address(
        hosts=hosts,
        name=match["name"],
        tls=bool(match["tls"]),
        user=unquote(user) or environment.get(USER, ""),
        password=unquote(password) if colon else environment.get(PASSWORD, ""),
        ca=_readable(options.get("ca") or environment.get(CA, "")) if match["tls"] else "",
        shards=_number(options, "shards", 1, 1024),
        replicas=_number(options, "replicas", 0, 10),
        states=_states(environment),
    )
    if address.user and not address.tls and any(host not in LOOPBACK for host, _ in hosts):
        raise UsageError("a password would go over the network in the clear: write opensearchs:// for TLS")
    return address


def _host(text: str) -> tuple[str, int]:
    match = _HOST.fullmatch(text)
    port = int(match["port"] or PORT) if match else 0
    if not match or not 1 <= port <= 65535:
        raise UsageError(f"a host in the address of a cluster is not understood: write {SHAPE}")
    return match["host"], port


def _readable(ca: str) -> str:
    """The file of an authority, if there is one in it; the empty string if none was named."""
    if ca:
        try:
            ssl.create_default_context(cafile=ca)
        except ssl.SSLError:
            raise UsageError(f"{ca} holds no certificate: name the file of your authority, in PEM format") from None
        except OSError as error:
            raise UsageError(
                f"cannot read the authority’s certificate {ca} ({error.strerror}): see that the file is there"
            ) from None
    return ca


def _number(options: Mapping[str, str], name: str, least: int, most: int) -> int | None:
    text = options.get(name)
    if text is None:
        return None
    if not text.isdecimal() or not least <= int(text) <= most:
        raise UsageError(f"{name} in the address of a cluster is a number from {least} to {most}")
    return int(text)


def _states(environment: Mapping[str, str]) -> Path:
    if named := environment.get(FOLDER):
        return Path(named)
    state = environment.get("XDG_STATE_HOME")
    return (Path(state) if state else Path.home() / ".local" / "state") / "nachlese"
