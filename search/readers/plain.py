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
from search.readers.titles import without_menu

_LABELS = {
    **dict.fromkeys(("titel", "überschrift", "schlagzeile", "headline", "title", "betreff", "subject"), "title"),
    **dict.fromkeys(("untertitel", "unterzeile", "vorspann"), "lead"),
    **dict.fromkeys(("datum", "date", "erscheinungsdatum", "gesendet", "sent"), "date"),
    **dict.fromkeys(("autor", "autorin", "autoren", "author", "verfasser", "verfasserin", "byline"), "authors"),
    **dict.fromkeys(("quelle", "source", "zeitung", "medium"), "source"),
    **dict.fromkeys(("ressort", "rubrik", "section"), "section"),
    **dict.fromkeys(("url", "link", "adresse"), "url"),
}
_LABELLED = re.compile(r"(?P<label>[^\W\d_]{2,17})[^\S\n]*:[^\S\n]*(?P<value>\S.*)(?:\n|$)")
_TEXT = re.compile(r"(?:text|inhalt)[^\S\n]*:", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\s/]+/[^\s…]+")
_TOP = 6
_MOST_UNKNOWN = 5
"""Lines with other labels in a row: those of mails are fewer, those of interviews more."""


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
    url = next(filter(_ADDRESS.fullmatch, text.split("\n")[:_TOP]), "")
    date = find_publication_date(without_menu(text), file.path) or find_publication_date("", url)
    record = {"url": url, "date": date, "text": text, **_labelled(text)}
    yield from read_record({**record, "id": short_hash(text)}, file.name, dated_by_text=False, html=False)


def _labelled(text: str) -> dict[str, str]:
    """What the lines at the top say that have a label, and the text below them; nothing if none of them is a title.

    Lines with other labels between them, as the sender of a mail, are left in the text.
    """
    found: dict[str, str] = {}
    left: list[str] = []
    unknown: list[str] = []
    rest = below = text
    while (match := _LABELLED.match(rest)) and not _TEXT.match(rest) and len(unknown) < _MOST_UNKNOWN:
        rest = rest[match.end() :]
        field = _LABELS.get(match["label"].lower())
        if field is None:
            unknown.append(match[0].rstrip())
            continue
        if field in found:
            break
        found[field] = match["value"]
        left += unknown
        unknown = []
        below = rest = rest.lstrip()
    if value := _TEXT.match(below):
        below = below[value.end() :]
    below = "\n\n".join(filter(None, ("\n".join(left), below.strip())))
    return {**found, "text": below} if "title" in found and below else {}
