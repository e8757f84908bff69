"""What is fuzzed. A target is made once and then called with any bytes; whatever it raises is a promise broken."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote_to_bytes

from werkzeug.test import create_environ, run_wsgi_app

from search import (
    Article,
    Document,
    Engine,
    InputError,
    NachleseError,
    Not,
    Request,
    RequestTooCostly,
    UsageError,
    article_answer,
    names,
    open_index,
    parse,
    parse_date,
    search_answer,
    to_text,
    variants,
)
from search.dates import find_publication_date
from search.engine_opensearch.address import read as read_address
from search.engine_whoosh import layout
from search.engine_whoosh.pool import Pool
from search.engine_whoosh.segment import SegmentReader
from search.entities import find_names
from search.indexing import check, update
from search.readers import OUR_FAULT, content_hash, read, walk
from web import create_app
from web.headers import SECURITY

T = TypeVar("T")
Target = Callable[[bytes], None]
Make = Callable[[Path, Path], Target]
"""Makes a target, given an empty folder to work in and an archive over the demo articles, which it only reads."""

_stamps = count(1)


def first(data: bytes, choices: Sequence[T]) -> tuple[T, bytes]:
    """What the first byte chooses, and the others."""
    return choices[data[0] % len(choices) if data else 0], data[1:]


def write(path: Path, data: bytes) -> None:
    """Write a file that nobody takes for the one that was there before, however fast one follows the other."""
    path.write_bytes(data)
    os.utime(path, ns=(0, 1_000_000_000 * next(_stamps)))


# --- what is read ---

KINDS = ("txt", "html", "json", "jsonl", "zip", "txt.gz", "html.gz", "json.gz", "jsonl.gz")
DOCUMENTS = ("pdf", "docx", "odt", "rtf", "eml", "md", "mbox")


def readers(folder: Path, _: Path) -> Target:
    """The first byte says which kind of file the others are: each becomes articles that an index keeps, or is named."""
    return reading(folder, KINDS)


def documents(folder: Path, _: Path) -> Target:
    """The same of documents."""
    return reading(folder, DOCUMENTS)


def reading(folder: Path, kinds: Sequence[str]) -> Target:
    """Reads files of the kind that their first byte says."""

    def run(data: bytes) -> None:
        kind, content = first(data, kinds)
        path = folder / f"file.{kind}"
        write(path, content)
        for source in walk([str(path)]):
            assert not isinstance(source, InputError), source
            for found in read(source):
                if isinstance(found, InputError):
                    assert str(found).startswith(str(path))
                    assert OUR_FAULT not in str(found)
                    str(found).encode()
                else:
                    kept(found, folder / "segment")

    return run


def kept(article: Article, path: Path) -> None:
    """An article goes through all that indexing does, and comes back as it went in."""
    found = find_names(article)
    last = 0
    for mention in found.mentions:
        assert last <= mention.start < mention.end <= len(article.full_text)
        last = mention.end
    document = Document(
        article,
        found.mentions,
        found.persons,
        found.places,
        "path",
        content_hash(article),
        found.places_weak,
        found.agencies,
        found.dateline,
    )
    assert article.id
    assert not article.date or parse_date(article.date) == article.date
    json.dumps(article_answer(document), ensure_ascii=False).encode()
    pool = Pool()
    pool.add(document)
    with path.open("wb") as file:
        layout.write(file, pool.arrays())
    again = SegmentReader(path).document(0)
    assert json.dumps(article_answer(again)) == json.dumps(article_answer(document))


def dates(_: Path, __: Path) -> Target:
    """A text and its path, in two lines or more: any date that is found is one."""

    def run(data: bytes) -> None:
        text = data.decode("utf-8", "replace")
        date = parse_date(text) or ""
        assert not date or parse_date(date) == date
        path, _, lines = text.partition("\n")
        published = find_publication_date(lines, path)
        assert not published or parse_date(published) == published

    return run


# --- what is asked ---


def query(_: Path, archive: Path) -> Target:
    """A typed query: its tree can be written and read again, and an article is found by it or by its opposite."""
    engine = open_index(archive)
    articles = engine.stats().articles

    def run(data: bytes) -> None:
        # a shell hands over what is no UTF-8 like this
        text = data.decode("utf-8", "surrogateescape")
        tree, notes = parse(text)
        again = parse(to_text(tree))
        assert again.tree == tree or {note.code for note in again.notes} & {"too_long", "too_deep"}
        try:
            request = Request(tree, size=5, explain=True)
            results = engine.search(request)
            others = engine.search(Request(Not(tree), size=1, snippets=False, facets=()))
        except RequestTooCostly:
            return
        assert results.relaxed or results.total + others.total == articles
        for hit in results.hits:
            assert "<" not in re.sub("</?mark>", "", hit.snippet)
        json.dumps(search_answer(text, request, results, notes, 1.0))

    return run


HEADERS = {"cookie", "accept-language", "accept-encoding", "if-none-match", "if-modified-since", "range", "host"}


def addresses(_: Path, archive: Path) -> Target:
    """An address as it comes in, then lines with headers: never a failure of the server, never an answer half made."""
    app = create_app(open_index(archive))

    def run(data: bytes) -> None:
        address, *lines = data.split(b"\n")
        path, _, parameters = address.partition(b"?")
        # as a server hands it over: the path without its escapes, the rest as it came, each byte one character
        environ = create_environ()
        environ["PATH_INFO"] = f"/{unquote_to_bytes(path).decode('latin-1')}"
        environ["QUERY_STRING"] = parameters.decode("latin-1")
        for line in lines:
            name, _, value = line.decode("latin-1").partition(":")
            if name.lower() in HEADERS:
                environ[f"HTTP_{name.upper().replace('-', '_')}"] = value.strip()
        body, status, headers = run_wsgi_app(app, environ, buffered=True)
        answer = b"".join(body)
        assert status[:3] < "500", (status, answer)
        assert all(headers[name] == value for name, value in SECURITY.items())
        if headers.get("Content-Type") in ("application/json", "application/problem+json"):
            json.loads(gzip.decompress(answer) if "Content-Encoding" in headers else answer)
        # whoever sends somebody elsewhere stays here
        assert re.match(r"/(?!/)|$", headers.get("Location", "")), headers["Location"]

    return run


def cluster(_: Path, __: Path) -> Target:
    """The address of a cluster: understood, or refused in words."""

    def run(data: bytes) -> None:
        with suppress(UsageError):
            read_address(f"opensearch://{data.decode('utf-8', 'surrogateescape')}")

    return run


# --- what lies on the disk ---


def archivist(folder: Path, archive: Path) -> Target:
    """The first byte says whether the others are names.txt or variants.txt: all is found, and each count is right."""
    index = Path(shutil.copytree(archive, folder / "index"))
    articles = open_index(index).stats().articles

    def run(data: bytes) -> None:
        name, content = first(data, (names.FILE, variants.FILE))
        path = index / name
        write(path, content)
        engine = open_index(index)
        naming, errors = names.read(index / names.FILE)
        for error in (*errors, *variants.load(index)[1]):
            str(error).encode()
        counts = engine.entries("person")
        naming.entries(counts | dict.fromkeys(naming.rules, 1), merged=True)
        names.suggest_persons(counts, naming)
        names.suggest_places(engine.entries("place"), naming)
        results = engine.search(Request())
        assert results.total == articles
        for facet in ("person", "place"):
            for value in results.facets[facet].values[:3]:
                alone = Request(chosen={facet: (value.value,)}, size=1, facets=())
                assert engine.search(alone).total == value.count, value
        engine.search(Request(parse("Kiew Berlin Merkel").tree, size=3))
        path.unlink()

    return run


QUERIES = ("", "Berlin", "bund*", "Kanzlr~", '"in der"', "titel:Mauer", "person:Merkel", "-Bonn datum:1989")


def answers(engine: Engine) -> list[object]:
    """What an archive says."""
    found: list[object] = []
    for text in QUERIES:
        results = engine.search(Request(parse(text).tree, size=100))
        found.append((results.total, results.hits, results.facets, results.suggestion))
    return [*found, engine.complete("be", 10), engine.stats(), sorted(map(repr, engine.documents()))]


def changed(data: bytes, by: bytes) -> bytes:
    """Another file: the first byte says what is done to it, the next four where."""
    how, rest = first(by, ("replace", "overwrite", "cut", "insert", "remove", "flip"))
    if how == "replace":
        return rest
    at, new = int.from_bytes(rest[:4], "little") % (len(data) + 1), rest[4:]
    before, after = data[:at], data[at + len(new) :]
    flipped = bytes(old ^ mask for old, mask in zip(data[at:], new, strict=False))
    return {
        "overwrite": before + new + after,
        "cut": before,
        "insert": before + new + data[at:],
        "remove": before + data[at + len(new) + 1 :],
        "flip": before + flipped + after,
    }[how]


def damage(folder: Path, _: Path) -> Target:
    """The first byte says which file of an index the others change: it answers as before, or the damage is named."""
    text = "Artikel {}: Die Kanzlerin Angela Merkel sprach in der Stadt Berlin über die Mauer und den Bundestag."
    records = [{"id": str(number), "text": text.format(number), "date": "1989"} for number in range(12)]
    (folder / "in.jsonl").write_text("\n".join(map(json.dumps, records)))
    (folder / "in.txt").write_text("Ein weiterer Artikel über Bonn.")
    index = folder / "index"
    update(open_index(index), [str(folder / "in.jsonl")])
    update(open_index(index), [str(folder / "in.txt")])
    sound = {path: path.read_bytes() for path in sorted(index.rglob("*")) if path.is_file() and path.stat().st_size}
    expected = answers(open_index(index))

    def run(data: bytes) -> None:
        path, by = first(data, sorted(sound))
        write(path, changed(sound[path], by))
        try:
            harmed(open_index(index))
        finally:
            for beside in set(index.rglob("*")) - sound.keys():
                if beside.is_file() and beside.stat().st_size:
                    beside.unlink()
            for other, content in sound.items():
                if other == path or path.suffix == ".sqlite":
                    write(other, content)

    def harmed(engine: Engine) -> None:
        named: list[str] = []
        try:
            check(engine, named.append)
        except NachleseError as error:
            named.append(str(error))
        assert all("reindex" in sentence for sentence in named), named
        try:
            now = answers(engine)
        except NachleseError:
            assert named
        else:
            assert now == expected

    return run


TARGETS: dict[str, Make] = {
    made.__name__: made for made in (readers, documents, dates, query, addresses, cluster, archivist, damage)
}
