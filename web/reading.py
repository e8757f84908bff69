"""An article made ready for reading: its paragraphs, with the persons and places that they name. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from search import Document, Mention

_BLANK = re.compile(r"\s*\n\s*\n\s*")
_BREAK = re.compile(r"\s*\n\s*")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text of a paragraph, and the name it stands for, if it is one."""

    text: str
    mention: Mention | None = None


Paragraph = tuple[Piece, ...]


def parts(document: Document) -> tuple[Paragraph, Paragraph, list[Paragraph]]:
    """Title, lead and paragraphs of an article."""
    article = document.article
    mentions = sorted(document.mentions, key=lambda mention: (mention.start, -mention.end))
    at = 0
    found: list[list[Paragraph]] = []
    for text in (article.title, article.lead, article.text):
        found.append([_pieces(text[start:end], at + start, mentions) for start, end in _paragraphs(text)])
        # full_text has a blank line between those parts that are there
        at += len(text) + 2 if text else 0
    title, lead, paragraphs = found
    return _joined(title), _joined(lead), paragraphs


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Where paragraphs begin and end: at blank lines, or at line breaks in a text that has no blank line."""
    separator = _BLANK if _BLANK.search(text.strip()) else _BREAK
    start = 0
    for match in separator.finditer(text):
        if text[start : match.start()].strip():
            yield start, match.start()
        start = match.end()
    if text[start:].strip():
        yield start, len(text)


def _pieces(text: str, offset: int, mentions: list[Mention]) -> Paragraph:
    pieces: list[Piece] = []
    at = 0
    for mention in mentions:
        start, end = mention.start - offset, mention.end - offset
        # a name within a name, or one that reaches into the next paragraph, stays plain text
        if start < at or end > len(text) or start >= end:
            continue
        pieces += [Piece(text[at:start])] if start > at else []
        pieces.append(Piece(text[start:end], mention))
        at = end
    return (*pieces, Piece(text[at:])) if at < len(text) else tuple(pieces)


def _joined(paragraphs: list[Paragraph]) -> Paragraph:
    pieces: list[Piece] = []
    for paragraph in paragraphs:
        pieces += [Piece(" ")] if pieces else []
        pieces += paragraph
    return tuple(pieces)


def is_web_address(url: str) -> bool:
    """Whether a link to ``url`` leads to the web, and not into a script."""
    return re.match(r"https?://[^\s/]", url, re.IGNORECASE) is not None
