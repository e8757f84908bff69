"""JSON: one article a line (``.jsonl``, ``.ndjson``), or one object, a list, or {"articles": [...]} (``.json``)."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Iterator
from typing import Any

from search.article import Article
from search.errors import InputError
from search.readers import streams
from search.readers.decoding import decode, text_of
from search.readers.records import Unusable, read_record
from search.readers.streams import EMPTY, MOST_REFUSED, Input, Numbered, lines, text_lines, too_large

_MEND = "write it with a program that knows JSON, or leave it out"


def read_json_lines(file: Input) -> Iterator[Article | InputError]:
    """One article per line; a line that cannot become one is an error with its number, and the next line follows."""
    return _from_lines(file, lines(file))


def read_json(file: Input) -> Iterator[Article | InputError]:
    """The articles of a JSON file; of a list, errors say which article they are about, from 1 on."""
    numbered = lines(file)
    first = next(numbered, None)
    if first is None:
        raise InputError(file.name, EMPTY)
    # Many archives name JSON lines .json: their first line is a whole object.
    if first[1] is not None and _is_article(first[1]):
        yield from _from_lines(file, itertools.chain([first], numbered))
        return
    data = _joined(file.name, itertools.chain([first], numbered))
    text, warnings = text_of(file.name, data, "is it really JSON?")
    yield from warnings
    if not text.strip():
        raise InputError(file.name, EMPTY)
    try:
        content = _parse(text)
    except Unusable as error:
        raise InputError(file.name, str(error), error.line) from error
    records = content.get("articles", content) if isinstance(content, dict) else content
    if not isinstance(records, list):
        yield from read_record(records, file.name)
        return
    if not records:
        raise InputError(file.name, "the list is empty: there is no article in it")
    for number, record in enumerate(records, start=1):
        yield from read_record(record, file.name, place=f"article {number} of the list: ")


def _from_lines(file: Input, numbered: Numbered) -> Iterator[Article | InputError]:
    empty = True
    refused: float = 0
    for number, text in text_lines(file.name, numbered, "is it really JSON, one object per line?"):
        if isinstance(text, InputError):
            empty = empty and not text.fatal
            yield text
        elif text.strip():
            if empty and _begins_list(text.strip()):
                raise InputError(file.name, "this is a JSON list, not one article a line: name it .json")
            empty = False
            for item in _from_line(text, file.name, number):
                # with the first article it is certain what the file is
                refused = -math.inf if isinstance(item, Article) else refused + item.fatal
                yield item
            if refused >= MOST_REFUSED:
                message = f"none of its first {MOST_REFUSED} lines is an article: the rest was not read; "
                raise InputError(file.name, f"{message}is it really JSON, one object per line?")
    if empty:
        raise InputError(file.name, "the file is empty: there is no article in it; remove it or fetch it again")


def _from_line(text: str, name: str, number: int) -> Iterator[Article | InputError]:
    try:
        record = _parse(text.rstrip())
    except Unusable as error:
        yield InputError(name, str(error), number)
        return
    yield from read_record(record, name, number)


def _is_article(line: bytes) -> bool:
    try:
        content = _parse(decode(line)[0])
    except Unusable:
        return False
    return isinstance(content, dict) and "articles" not in content


def _begins_list(line: str) -> bool:
    """Whether this first line is that of a list of articles, or all of it; a row of names may stand above lines."""
    if not line.startswith("["):
        return False
    try:
        content = _parse(line)
    except Unusable:
        return True
    return any(isinstance(each, dict) for each in content)


def _joined(name: str, numbered: Numbered) -> bytes:
    """All lines again as one; raises InputError as soon as they are over the limit."""
    pieces: list[bytes] = []
    size = 0
    for _, piece in numbered:
        size += streams.MAX_ARTICLE_BYTES + 1 if piece is None else len(piece)
        if piece is None or size > streams.MAX_ARTICLE_BYTES:
            raise too_large(name)
        pieces.append(piece)
    return b"".join(pieces)


def _parse(text: str) -> Any:
    """The value of a JSON text; raises Unusable with the place of the mistake."""
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        # some of the library's messages end in the word that leads to the place
        message = f"this is not JSON: {error.msg.removesuffix(' at')} at column {error.colno}; {_MEND}"
        raise Unusable(message, error.lineno) from error
    except RecursionError as error:
        raise Unusable("this JSON is nested too deeply; flatten it") from error
    except ValueError as error:
        raise Unusable(f"this is not JSON: {error}; {_MEND}") from error


def _missing(_constant: str) -> None:
    """NaN and Infinity are not JSON; spreadsheets and data frames write them where a value is missing."""


def _number(digits: str) -> float | None:
    value = float(digits)
    return value if math.isfinite(value) else None


_DECODER = json.JSONDecoder(parse_constant=_missing, parse_float=_number)
