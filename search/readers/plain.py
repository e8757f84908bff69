"""Raw text: one article per file, perhaps with a title line, perhaps with a date at its top, its end or in its path."""

from __future__ import annotations

import re
from collections.abc import Iterator

from search.article import Article
from search.dates import find_publication_date
from search.errors import InputError
from search.readers.decoding import clean, decode, looks_binary
from search.readers.records import read_record, short_hash
from search.readers.streams import Document, whole

_BLANK_LINES = re.compile(r"\n(?:[^\S\n]*\n)+")


def read_text(document: Document) -> Iterator[Article | InputError]:
    """The article that the whole file is. Its id comes from the text alone, so a moved file stays the same article."""
    data = whole(document)
    if looks_binary(data):
        raise InputError(document.name, "this does not look like text; if it is a scan or a PDF, export it as text")
    raw, warning = decode(data)
    if warning:
        yield InputError(document.name, warning, fatal=False)
    text = paragraphs(clean(raw))
    if not text:
        raise InputError(document.name, "the file is blank: there is no text in it; remove it or fetch it again")
    record = {"id": short_hash(text), "text": text, "date": find_publication_date(text, document.path)}
    yield from read_record(record, document.name, dated_by_text=False)


def paragraphs(text: str) -> str:
    """Clean text with one blank line between paragraphs and no blanks at line ends."""
    return _BLANK_LINES.sub("\n\n", "\n".join(map(str.rstrip, text.strip().split("\n"))))
