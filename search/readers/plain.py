"""Raw text: one article per file, perhaps with a title line, perhaps with a date at its top, its end or in its path.

What documents of other kinds hold is read the same way, once it is text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from search.article import Article
from search.dates import FULL_NAME, find_publication_date
from search.errors import InputError
from search.readers.decoding import text_of
from search.readers.markup import paragraphs, readable
from search.readers.records import OTHER_NAMES, one_line, read_record, short_hash
from search.readers.streams import MAX_ARTICLE_BYTES, Input, whole
from search.readers.titles import LONGEST_TITLE_LINE, authors_of, split_title, without_menu

_LABELS = {
    **{name: field for name, field in OTHER_NAMES.items() if field != "language"},  # written out, it is no code
    **dict.fromkeys(("betreff", "subject"), "title"),
    **dict.fromkeys(("untertitel", "unterzeile", "vorspann"), "lead"),
    **dict.fromkeys(("gesendet", "sent"), "date"),
    **dict.fromkeys(("verfasser", "verfasserin"), "authors"),
    "medium": "source",
    "adresse": "url",
}
_LABELLED = re.compile(r"(?P<label>[^\W\d_]{2,17})[^\S\n]*:[^\S\n]*(?P<value>\S.*)(?:\n|$)")
_TEXT = re.compile(r"(?:text|inhalt)[^\S\n]*:", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\s/]+/[^\s…]+")
_TOP = 6
_MOST_UNKNOWN = 5
"""Lines with other labels in a row: those of mails are fewer, those of interviews more."""

_NO_TITLE = re.compile(
    r"\S*|.*\.[A-Za-z]{2,5}|microsoft .*|.*[_\\/].*|(?:(?:neues? |new )?(?:dokument|document|präsentation|presentation)"
    r"|unbenannt|untitled|ohne titel|kein folientitel|powerpoint|vorlage|template|layout|entwurf|folie|slide)\b.{0,20}",
    re.IGNORECASE,
)
"""What programs write where the title of a document belongs: its file, its template, or one word."""
_USER = re.compile(
    r"\b(?:microsoft|windows|office|user|benutzer|admin\w*|gast|guest|unknown|unbekannt)\b", re.IGNORECASE
)
_NOTHING: Mapping[str, str] = MappingProxyType({})


def read_text(file: Input) -> Iterator[Article | InputError]:
    """The article that the whole file is. Its id comes from the text alone, so a moved file stays the same article."""
    raw, warnings = text_of(file.name, whole(file), "name it after what it is, or export it as text")
    yield from warnings
    yield from read_as_text(file, readable(raw))


def read_as_text(
    file: Input, text: str, given: Mapping[str, object] = _NOTHING, properties: Mapping[str, str] = _NOTHING
) -> Iterator[Article | InputError]:
    """The article of a text in clean characters: with what is ``given``, then what the text says of itself.

    ``properties``, the title and author that a program keeps of a document, fill what is left: often they are those of
    a template or of whoever owns the computer. When a document was made says nothing of the article's date.
    """
    text = paragraphs(text)
    if not text:
        raise InputError(file.name, "the file is blank: there is no text in it; remove it or fetch it again")
    if len(text) > MAX_ARTICLE_BYTES:
        raise InputError(file.name, f"its text is longer than {MAX_ARTICLE_BYTES >> 20} MB and was skipped; divide it")
    url = next(filter(_ADDRESS.fullmatch, text.split("\n")[:_TOP]), "")
    date = find_publication_date(without_menu(text), file.path) or find_publication_date("", url)
    record = {"url": url, "date": date, "text": text, **_labelled(text), "id": short_hash(text), **given}
    if title := given.get("title"):
        record["text"] = _without_line(str(record["text"]), str(title))
    elif not record.get("title"):
        record |= _titled(str(record["text"]), one_line(properties.get("title", "")))
    author = one_line(properties.get("author", ""))
    if not record.get("authors") and re.fullmatch(FULL_NAME, author) and not _USER.search(author):
        record["authors"] = list(authors_of(text)) or [author]
    yield from read_record(record, file.name, dated_by_text=False, html=False)


def _titled(text: str, title: str) -> dict[str, str]:
    """The title that a document's properties give, if its text bears it or none, and the text without it."""
    if not title or len(title) > LONGEST_TITLE_LINE or _NO_TITLE.fullmatch(title):
        return {}
    rest = _without_line(text, title)
    return {"title": title, "text": rest} if rest != text or split_title(text)[1] == text else {}


def _without_line(text: str, title: str) -> str:
    """The text without a paragraph at its top that is nothing but the title, unless that is all of it."""
    above = text.split("\n\n", _TOP)
    for at, line in enumerate(above[:_TOP]):
        if one_line(line).casefold() == title.casefold():
            return "\n\n".join(above[:at] + above[at + 1 :]) or text
    return text


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
