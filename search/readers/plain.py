"""Raw text: one article per file, perhaps with a title line, perhaps with a date at its top, its end or in its path."""

from __future__ import annotations

import re
from collections.abc import Iterator

from search.article import Article
from search.dates import find_publication_date
from search.errors import InputError
from search.readers.decoding import decode, no_text
from search.readers.markup import paragraphs, readable
from search.readers.records import read_record, short_hash
from search.readers.streams import Input, whole

_LABELS = {
    **dict.fromkeys(("titel", "überschrift", "schlagzeile", "headline", "title"), "title"),
    **dict.fromkeys(("datum", "date"), "date"),
    **dict.fromkeys(("autor", "autorin", "autoren", "author"), "authors"),
    **dict.fromkeys(("quelle", "source"), "source"),
    **dict.fromkeys(("ressort", "rubrik", "section"), "section"),
}
_LABELLED = re.compile(r"(?P<label>[^\W\d_]{4,12})[^\S\n]*:[^\S\n]*(?P<value>\S.*)(?:\n|$)")


def read_text(file: Input) -> Iterator[Article | InputError]:
    """The article that the whole file is. Its id comes from the text alone, so a moved file stays the same article."""
    data = whole(file)
    if message := no_text(data, "if it is a scan or a PDF, export it as text"):
        raise InputError(file.name, message)
    raw, warning = decode(data)
    if warning:
        yield InputError(file.name, warning, fatal=False)
    text = paragraphs(readable(raw))
    if not text:
        raise InputError(file.name, "the file is blank: there is no text in it; remove it or fetch it again")
    record = {"date": find_publication_date(text, file.path), "text": text, **_labelled(text)}
    yield from read_record({**record, "id": short_hash(text)}, file.name, dated_by_text=False, html=False)


def _labelled(text: str) -> dict[str, str]:
    """What the lines at the top say that have a label, and the text below them; nothing if none of them is a title."""
    found: dict[str, str] = {}
    while match := _LABELLED.match(text):
        field = _LABELS.get(match["label"].lower())
        if field is None or field in found:
            break
        found[field] = match["value"]
        text = text[match.end() :].lstrip()
    return {**found, "text": text} if "title" in found and text else {}
