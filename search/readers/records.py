"""Checks what a reader found (one record: names and values) and makes an Article of it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from functools import lru_cache
from operator import attrgetter

from search.article import Article
from search.dates import day_of_moment, find_publication_date, parse_date
from search.errors import InputError
from search.readers.decoding import clean
from search.readers.markup import readable, unescaped
from search.readers.titles import authors_of, split_title, without_menu

LONGEST_ID = 500
DEEPEST_METADATA = 32
"""Levels of lists and objects in metadata; more is a mistake or an attack on whoever walks through it."""
LONGEST_REMEMBERED = 100
"""Characters of a name, so that what is remembered takes little memory whatever a file holds."""

_LINE_FIELDS = ("title", "lead", "url", "section", "source", "language")
_NAMED_FIELDS = ("section", "source")
"""Those of them that are a name, which some write as an object: {"name": "dpa"}."""
_NAME_FIELDS = ("authors", "persons", "places")
_KNOWN = {field.name for field in fields(Article)} - {"metadata"}
TEXT_NAMES = ("text", "articlebody", "fulltext", "volltext", "body", "content", "inhalt")
"""What a text is called, in small letters, the surest first; by another name than the first one where none has that."""
OTHER_NAMES = {
    **dict.fromkeys(("title", "titel", "headline", "überschrift", "schlagzeile"), "title"),
    **dict.fromkeys(("date", "datum", "datepublished", "date_published", "published_at", "publishedat"), "date"),
    **dict.fromkeys(("pubdate", "pub_date", "publication_date", "publicationdate", "erscheinungsdatum"), "date"),
    **dict.fromkeys(("authors", "author", "autor", "autorin", "autoren", "byline"), "authors"),
    **dict.fromkeys(("source", "quelle", "publisher", "zeitung"), "source"),
    **dict.fromkeys(("section", "ressort", "rubrik"), "section"),
    **dict.fromkeys(("url", "link"), "url"),
    **dict.fromkeys(("language", "sprache", "lang"), "language"),
}
"""What other programs call a field, in small letters: each can mean but one thing."""
_BEFORE_LEAD = 500
"""Characters of a text before what a lead may repeat: a dateline, a line of who wrote it."""
_KINDS: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (bool, "true or false"),
    ((int, float), "a number"),
    (str, "a string"),
    (Mapping, "an object"),
    ((list, tuple), "a list"),
)
_BY = re.compile(r"^(?:(?:Von|von|By|by|Autor|Autorin):? )+(?=[^\W\d_a-zäöü][\w.-]+ \S)")
_TICKER = re.compile(r"^\+{3,} *| *\+{3,}$")
_ACTIVE_ADDRESS = re.compile(r"(?:javascript|vbscript|data):", re.IGNORECASE)
_SITE = re.compile(r"(?:https?:)?//[^/?#]*/*(?:#.*)?", re.IGNORECASE)
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


class Unusable(Exception):
    """This record cannot become an article; the message says why and what mends it, ``line`` where, if it is known."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


def read_record(
    record: object,
    name: str,
    line: int | None = None,
    *,
    place: str = "",
    dated_by_text: bool = True,
    html: bool = True,
) -> Iterator[Article | InputError]:
    """The article of one record after its warnings, or the one error that stands against it.

    A record without date gets that of a dateline or label in its text, unless ``dated_by_text`` is False.
    Tags in its text are what it says, unless there may be ``html`` left in it.
    ``place`` begins each message, and says where the record is if no line does.
    """
    warnings: list[str] = []
    try:
        article = _article(record, warnings, dated_by_text, html)
    except Unusable as error:
        yield InputError(name, f"{place}{error}", line, article_id=_id_of_refused(record))
        return
    for message in warnings:
        yield InputError(name, f"{place}{message}", line, fatal=False)
    yield article


def _article(record: object, warnings: list[str], dated_by_text: bool, html: bool) -> Article:
    if not isinstance(record, Mapping):
        raise Unusable(f'this is {_kind(record)}, not an article; write an object like {{"text": "..."}}')
    record = _clean_keys(record)
    text = _text(record, html)
    found = {field: _line(record, field, warnings) for field in _LINE_FIELDS}
    names = {field: _names(record, field, warnings) for field in _NAME_FIELDS}
    date = _date(record, warnings) or (find_publication_date(without_menu(text)) if dated_by_text else "")
    url = _address(found.pop("url"), warnings)
    title = found.pop("title")
    if not title:
        title, text = split_title(text)
    title = _TICKER.sub("", title) or title
    return Article(
        id=_id(record) or id_by_address(url) or short_hash(title, date, text),
        text=text,
        title=title,
        lead="" if _repeats(found["lead"], text) else found["lead"],
        date=date,
        url=url,
        authors=tuple(dict.fromkeys(_BY.sub("", name) for name in names["authors"] or authors_of(text))),
        section=found["section"],
        source=found["source"],
        language=found["language"] or "de",
        persons=names["persons"],
        places=names["places"],
        metadata=_metadata(record, warnings),
    )


def _clean_keys(record: Mapping[str, object]) -> Mapping[str, object]:
    """The record with clean keys, and our names for the fields that it calls otherwise."""
    if record.keys() <= _KNOWN:
        return record
    named = {clean(str(key)): value for key, value in record.items()}
    if named.get("text") is None:
        texts = {key.lower(): key for key, value in named.items() if isinstance(value, str)}
        if key := next(filter(None, map(texts.get, TEXT_NAMES)), None):
            named["text"] = named.pop(key)
    for key in [key for key in named if key not in _KNOWN]:
        field = OTHER_NAMES.get(key.lower())
        if field and not named.get(field) and _can_be(field, named[key]):
            named[field] = named.pop(key)
    return named


def _can_be(field: str, value: object) -> bool:
    """Whether what stands under another name is fit for a field; if not, it stays metadata."""
    if field == "date":
        return isinstance(value, str | int | float) and not isinstance(value, bool)
    values = value if isinstance(value, list) else [value]
    named = field in _NAMED_FIELDS or field in _NAME_FIELDS
    names = [each.get("name") if named and isinstance(each, Mapping) else each for each in values]
    return (len(names) == 1 or field == "authors") and all(isinstance(name, str) for name in names)


def _id_of_refused(record: object) -> str:
    """The id of a record that cannot become an article, "" if it would have been made of what is amiss."""
    if not isinstance(record, Mapping):
        return ""
    record = _clean_keys(record)
    try:
        return _id(record) or id_by_address(_address(_line(record, "url", []), []))
    except Unusable:
        return ""


def _kind(value: object) -> str:
    return next((name for kind, name in _KINDS if isinstance(value, kind)), "null")


def _text(record: Mapping[str, object], html: bool) -> str:
    value = record.get("text")
    if value is None:
        mend = 'put the article\'s text into "text"'
        for key, held in record.items():
            if isinstance(held, list) and held and isinstance(held[0], Mapping):
                mend = f'if its "{key}" are articles, rename them to "articles"'
            elif isinstance(held, Mapping) and isinstance(held.get("text"), str):
                mend = f'if its "{key}" is the article, write that alone'
        raise Unusable(f'there is no "text"; {mend}')
    if not isinstance(value, str):
        raise Unusable(f'"text" is {_kind(value)}; make it a string')
    text = (readable(value) if html else clean(value)).strip()
    if not text:
        raise Unusable('"text" is empty; leave the article out or fetch its text again')
    return text


def _repeats(lead: str, text: str) -> bool:
    """Whether the lead, perhaps shortened, is what the text begins with: it would be found and shown twice."""
    return bool(lead) and lead.rstrip(" .…") in " ".join(text[: 2 * len(lead) + _BEFORE_LEAD].split())


def _single(value: object) -> object:
    """What a list of one thing holds, None for an empty one; anything else as it is."""
    if not isinstance(value, (list, tuple)) or len(value) > 1:
        return value
    return value[0] if value else None


def _line(record: Mapping[str, object], field: str, warnings: list[str]) -> str:
    value = _single(record.get(field))
    if field in _NAMED_FIELDS and isinstance(value, Mapping):
        value = value.get("name", value)
    if value is None:
        return ""
    if not isinstance(value, str):
        warnings.append(f'"{field}" is {_kind(record[field])} and left out; make it a string')
        return ""
    return one_line(value)


def one_line(text: str) -> str:
    """Clean text with every run of white space as one blank, and characters for HTML's references."""
    return " ".join(unescaped(text).split())


@lru_cache(1 << 14)
def _short_line(text: str) -> str:
    return one_line(text)


def _name(text: str) -> str:
    """``one_line``, remembered: the same names come in many articles."""
    return _short_line(text) if len(text) <= LONGEST_REMEMBERED else one_line(text)


def _names(record: Mapping[str, object], field: str, warnings: list[str]) -> tuple[str, ...] | None:
    """A list of names, given as a list or as one (several between semicolons); None if not given or not understood.

    One odd name costs all of the field: a part of it would be taken for the whole, and no others would be found.
    """
    value = record.get(field)
    if value is None:
        return None
    values = unescaped(value).split(";") if isinstance(value, str) else [value] if isinstance(value, Mapping) else value
    if not isinstance(values, list | tuple):
        warnings.append(f'"{field}" is {_kind(value)} and left out; make it a list of strings')
        return None
    names = [each.get("name", each) if isinstance(each, Mapping) else each for each in values]
    if wrong := [each for each in names if not isinstance(each, str | None)]:
        what = 'an object without "name"' if isinstance(wrong[0], Mapping) else _kind(wrong[0])
        warnings.append(f'"{field}" holds {what} and is left out; make it a list of strings')
        return None
    return tuple(dict.fromkeys(name for each in names if each is not None and (name := _name(each))))


def _id(record: Mapping[str, object]) -> str:
    value = record.get("id")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Unusable(f'"id" is {_kind(value)}; make it a string or a whole number')
    text = str(value).strip()
    if len(text) > LONGEST_ID:
        raise Unusable(f'"id" has {len(text)} characters; shorten it to {LONGEST_ID}, or leave it out')
    if _UNPRINTABLE.search(text):
        raise Unusable('"id" contains control characters; remove them')
    if not {".", ".."}.isdisjoint(text.split("/")):  # browsers take these out of an address
        raise Unusable('"id" is a path with “.” or “..” in it, to which no address leads; leave them out')
    return text


def id_by_address(url: str) -> str:
    """The id of an article that has none but an address; empty where that identifies none."""
    return short_hash(url) if url and not is_site(url) else ""


def _date(record: Mapping[str, object], warnings: list[str]) -> str:
    value = _single(record.get("date"))
    if isinstance(value, int | float) and not isinstance(value, bool) and (value == int(value) or value > 1e8):
        value = str(int(value))
    if value is None:
        return ""
    if not isinstance(value, str):
        warnings.append(f'"date" is {_kind(record["date"])} and left out; make it a string like "2005-08-05"')
        return ""
    if not value.strip():
        return ""
    date = parse_date(value) or day_of_moment(value)
    if date is None:
        shown = one_line(value)[:40]
        warnings.append(f"date “{shown}” is impossible or not understood and left out; write it like 2005-08-05")
    return date or ""


def _address(url: str, warnings: list[str]) -> str:
    """The address, unless following it would run something."""
    if not _ACTIVE_ADDRESS.match(url):
        return url
    warnings.append(f"url “{url[:40]}” is no address of a page and left out")
    return ""


def is_site(url: str) -> bool:
    """Whether an address is that of a whole site: some templates write it on every page, so it identifies none."""
    return bool(_SITE.fullmatch(url))


def _metadata(record: Mapping[str, object], warnings: list[str]) -> dict[str, object]:
    kept = {}
    for key, value in record.items():
        if key not in _KNOWN:
            try:
                kept[key] = _plain(value, DEEPEST_METADATA)
            except _TooDeep:
                warnings.append(
                    f'"{one_line(key)[:40]}" is nested deeper than {DEEPEST_METADATA} levels and left out; flatten it'
                )
    return kept


class _TooDeep(Exception):
    """A value of metadata has more levels than are kept."""


def _plain(value: object, levels: int) -> object:
    """A value of metadata with its strings cleaned."""
    if isinstance(value, str):
        return clean(value)
    if not isinstance(value, Mapping | list):
        return value
    if levels == 0:
        raise _TooDeep
    if isinstance(value, list):
        return [_plain(each, levels - 1) for each in value]
    return {clean(str(key)): _plain(each, levels - 1) for key, each in value.items()}


def short_hash(*parts: str) -> str:
    """Sixteen hexadecimal digits that stand for these strings: the id of an article that has none."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def content_hash(article: Article) -> str:
    """A hash over every field and all metadata: two articles with the same hash are indexed the same."""
    written = f"{_CANONICAL.encode(_OTHER_FIELDS(article))}\n{article.text}"
    return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _hashable(value: object) -> object:
    return dict(value) if isinstance(value, Mapping) else str(value)


_CANONICAL = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_hashable)
_OTHER_FIELDS = attrgetter(*(field.name for field in fields(Article) if field.name != "text"))
"""All but the text, which needs no quoting to stand at the end."""
