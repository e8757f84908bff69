"""What the tests of the readers share: write a file, read everything in it, look at articles or at errors."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from search.article import Article
from search.errors import InputError
from search.readers import Source, read, walk

TEXT = "Der Bundestag hat am Donnerstag beraten. Danach ging man auseinander, ohne etwas zu beschließen."

Write = Callable[[str, "str | bytes"], Path]


def writer(folder: Path) -> Write:
    """A function that writes a file into ``folder``."""

    def to_file(name: str, content: str | bytes) -> Path:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return to_file


def everything(path: Path) -> list[Article | InputError]:
    found: list[Article | InputError] = []
    for source in walk([str(path)]):
        found.extend(read(source) if isinstance(source, Source) else [source])
    return found


def articles(path: Path) -> list[Article]:
    return [each for each in everything(path) if isinstance(each, Article)]


def errors(path: Path) -> list[tuple[int | None, bool, str]]:
    return [(each.line, each.fatal, each.message) for each in everything(path) if isinstance(each, InputError)]


def only(path: Path) -> Article:
    (article,) = everything(path)
    assert isinstance(article, Article), article
    return article


def refusal(path: Path) -> InputError:
    (error,) = everything(path)
    assert isinstance(error, InputError)
    assert error.fatal
    assert error.path.startswith(str(path))
    return error


def to_json(article: Article) -> str:
    known = {name: getattr(article, name) for name in article.__slots__ if name != "metadata"}
    return json.dumps({**article.metadata, **known})


def zipped(members: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()
