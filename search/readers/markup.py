"""Text as it is read where a content system, a feed or a crawler has left HTML in it."""

from __future__ import annotations

import html
import re

from search.readers.decoding import clean

_REFERENCE = re.compile(r"&(?:amp;)*([A-Za-z][A-Za-z0-9]{1,30}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});")
"""Written once or more often, with its semicolon: without it the ``&section=3`` of an address would hold one."""
_BREAK = re.compile(r"</?(?:p|br|div|h[1-6])(?:\s[^<>]*)?/?>", re.IGNORECASE)
"""Tags of which a text has one if it is HTML. Others alone are what it says."""
_BREAKS = re.compile(r"</?(?:p|br|div|h[1-6]|li|tr|blockquote)\b[^<>]*>", re.IGNORECASE)
_TAGS = re.compile(r"</?[a-zA-Z][^<>]*>|<!--[^<>]*-->")
_BLANK_LINES = re.compile(r"\n(?:[^\S\n]*\n)+")


def unescaped(text: str) -> str:
    """Clean text with the characters for which HTML's references stand."""
    return clean(_REFERENCE.sub(_character, text) if "&" in text else text)


def readable(text: str) -> str:
    """The same without tags, where they part paragraphs."""
    text = unescaped(text)
    if "<" in text and _BREAK.search(text):
        text = _TAGS.sub("", _BREAKS.sub("\n\n", text))
        text = paragraphs(unescaped(text))  # some escape the text within their tags, some both
    return text


def _character(reference: re.Match[str]) -> str:
    return html.unescape(f"&{reference[1]};")


def paragraphs(text: str) -> str:
    """Text with one blank line between paragraphs and no blanks at line ends."""
    return _BLANK_LINES.sub("\n\n", "\n".join(map(str.rstrip, text.strip().split("\n"))))
