"""Text as it is read where a content system, a feed or a crawler has left HTML in it."""

from __future__ import annotations

import html
import re

from search.readers.decoding import clean

_REFERENCE = re.compile(r"&(?:amp;)*([A-Za-z][A-Za-z0-9]{1,30}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});")
"""Written once or more often, with its semicolon: without it the ``&section=3`` of an address would hold one."""
_BREAK = re.compile(r"</?(?:p|br|div|h[1-6])(?:\s[^<>]*)?/?>", re.IGNORECASE)
"""Tags of which a text has one if it is HTML. Others alone are what it says."""
_BLOCK_TAGS = (
    "address article blockquote dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hr li main ol p pre "
    "section table td th tr ul br"
)
BLOCKS = frozenset(_BLOCK_TAGS.split())
"""Tags that part paragraphs."""
_BREAKS = re.compile(rf"</?(?:{_BLOCK_TAGS.replace(' ', '|')})\b[^<>]*>", re.IGNORECASE)
_UNSEEN = re.compile(
    r"<(head|script|style|noscript|template|iframe|svg)\b[^<>]*>(?:(?!<\1\b).)*?</\1\b[^<>]*>|<!--(?:(?!<!--).)*?-->",
    re.IGNORECASE | re.DOTALL,
)
"""Looked for up to the next one that begins, so that many without an end take no time by their square."""
_TAGS = re.compile(r"<[/!]?[a-zA-Z][^<>]*>")
_BLANK_LINES = re.compile(r"\n(?:[^\S\n]*\n)+")


def unescaped(text: str) -> str:
    """Clean text with the characters for which HTML's references stand."""
    return clean(_REFERENCE.sub(_character, text) if "&" in text else text)


def readable(text: str) -> str:
    """The same without tags, where they part paragraphs."""
    text = unescaped(text)
    return without_tags(text) if "<" in text and _BREAK.search(text) else text


def without_tags(html: str) -> str:
    """The text of HTML: some escape it within their tags, some both."""
    return paragraphs(unescaped(_TAGS.sub("", _BREAKS.sub("\n\n", _UNSEEN.sub("", html)))))


def _character(reference: re.Match[str]) -> str:
    return html.unescape(f"&{reference[1]};")


def paragraphs(text: str) -> str:
    """Text with one blank line between paragraphs and no blanks at line ends."""
    return _BLANK_LINES.sub("\n\n", "\n".join(map(str.rstrip, text.strip().split("\n"))))
