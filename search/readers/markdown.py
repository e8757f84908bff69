"""Markdown: one article per file, perhaps with its title, date and authors in lines above it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from search.article import Article
from search.errors import InputError
from search.readers.decoding import clean, text_of
from search.readers.markup import readable
from search.readers.plain import read_as_text
from search.readers.records import OTHER_NAMES
from search.readers.streams import Input, whole

_FRONT = re.compile(r"\s*---[^\S\n]*\n(.*?)\n(?:---|\.\.\.)[^\S\n]*(?:\n|$)", re.DOTALL)
_LINE = re.compile(r"(\w+)[^\S\n]*:(?:[^\S\n]+(\S.*))?")
_ITEM = re.compile(r"[^\S\n]*-[^\S\n]+(\S.*)")
_FIELDS = {**OTHER_NAMES, **dict.fromkeys(("lead", "teaser", "vorspann"), "lead")}
_TITLE = re.compile(r"\s*(?:#[^\S\n]+(?P<hash>[^\n]+?)[^\S\n#]*|(?P<line>[^\s#>*-][^\n]*)\n=+[^\S\n]*)(?:\n|$)")

_CODE = re.compile(r"^[^\S\n]*(?:```|~~~)[^\n]*$", re.MULTILINE)
_LINK = r"\[(?P<a>(?:[^\[\]\n]|\[[^\[\]\n]{0,200}\]){0,1000})\]"
_TARGET = r"\((?:[^()\s]|\([^()\s]*\))*(?:[^\S\n]+[\"'][^\n\"']*[\"'])?\)"
_RULES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.MULTILINE), new)
    for pattern, new in (
        (r"<!--(?:(?!<!--)[\s\S])*?-->", ""),
        (r"^ {0,3}#{1,6}[^\S\n]+(.*?)[^\S\n]*#*[^\S\n]*$", r"\n\1\n"),
        (r"^(?=.*\S)(.{1,200})\n {0,3}(?:=+|-{2,})[^\S\n]*$", r"\n\1\n"),
        (r"^ {0,3}(?:[*_-][^\S\n]*){3,}$", ""),
        (r"^[^\S\n]*\|?(?:[^\S\n]*:?-+:?[^\S\n]*\|)+(?:[^\S\n]*:?-+:?)?[^\S\n]*$\n?", ""),
        (r"^[^\S\n]*\|[^\S\n]*(.*?)[^\S\n]*\|[^\S\n]*$", r"\n\1\n"),
        (r"^(?: {0,3}>[^\S\n]?)+", ""),
        (r"^(?=[^\S\n]*(?:[-*+]|\d{1,3}[.)])[^\S\n])", r"\n"),
        (r"^ {0,3}\[\^[^\]\n]{1,50}\]:[^\S\n]*", ""),
        (r"^ {0,3}\[[^\]\n]{1,200}\]:[^\S\n]*\S.*$", ""),
        (r"\[\^[^\]\n]{1,50}\]", ""),
        (rf"!{_LINK}{_TARGET}", r"\g<a>"),  # a picture may be what a link is on
        (rf"{_LINK}{_TARGET}", r"\g<a>"),
        (rf"!?{_LINK}[^\S\n]?\[[^\]\n]{{0,200}}\]", r"\g<a>"),
        (r"<((?:https?|mailto):[^<>\s]{1,2000})>", r"\1"),
        (r"(?<![\w\\*])\*{1,3}(?=[^\s*])([^*]{0,1000}?)(?<=[^\s*\\])\*{1,3}(?!\w)", r"\1"),
        (r"(?<![\w\\])_{1,3}(?=[^\s_])((?:[^_\n]|(?<=\w)_(?=\w))*?)(?<=[^\s_\\])_{1,3}(?!\w)", r"\1"),
        (r"~~(?=\S)(.{1,1000}?)~~", r"\1"),
        (r"(?<!`)`{1,2}([^`\n]{1,1000})`{1,2}", r"\1"),
        (r"[^\S\n]*(?:\\|[^\S\n]{2})$", ""),
        (r"\\(?=[!-/:-@\[-`{-~])", ""),
    )
)
"""In this order: what marks whole lines, then links, emphasis, and what keeps a mark from being one."""


def read_markdown(file: Input) -> Iterator[Article | InputError]:
    """The article that the whole file is, as text without marks."""
    raw, warnings = text_of(file.name, whole(file), "save it as UTF-8")
    yield from warnings
    given, text = _front(clean(raw))
    if heading := _TITLE.match(text):
        given.setdefault("title", _plain(heading["hash"] or heading["line"]).strip())
    yield from read_as_text(file, _plain(readable(text)), given)


def _front(text: str) -> tuple[dict[str, object], str]:
    """What simple lines above a text say of it, and the text below them; other lines there are passed over."""
    front = _FRONT.match(text)
    if not front or not _LINE.match(front[1]):
        return {}, text
    found: dict[str, list[str]] = {}
    field = ""
    for line in front[1].split("\n"):
        if match := _LINE.fullmatch(line.rstrip()):
            field = _FIELDS.get(match[1].lower(), "")
            value = match[2] or ""
            values = value[1:-1].split(",") if value.startswith("[") and value.endswith("]") else [value]
            found.setdefault(field, []).extend(values)
        elif item := _ITEM.fullmatch(line.rstrip()):
            found.setdefault(field, []).append(item[1])
    found.pop("", None)
    named = {field: [value for each in values if (value := _unquoted(each))] for field, values in found.items()}
    given: dict[str, object] = {
        field: values if field == "authors" else values[0] for field, values in named.items() if values
    }
    return given, text[front.end() :]


def _unquoted(value: str) -> str:
    value = value.strip()
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    value = value[1:-1] if quoted else value
    return "" if value in ("|", ">", "|-", ">-", "null", "~") else value.strip()


def _plain(text: str) -> str:
    """Text without the marks of Markdown; what stands between fences stays as it is but for the fences."""
    parts = _CODE.split(text)
    for at in range(0, len(parts), 2):
        for pattern, new in _RULES:
            parts[at] = pattern.sub(new, parts[at])
    return "\n".join(parts)
