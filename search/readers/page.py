"""Web pages: what their JSON-LD says, then their meta tags, then what is seen; and the article's body.

The date comes from fields, from marked-up dates, from the address, a labelled line or a dateline, never from sentences.
lxml and trafilatura are slow to import, so only the first web page imports them.
"""

from __future__ import annotations

import codecs
import itertools
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from search.article import Article
from search.dates import find_publication_date
from search.errors import InputError
from search.readers.decoding import clean, decode, text_of
from search.readers.records import read_record
from search.readers.streams import Input, whole
from search.readers.titles import authors_of, without_menu

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped]

_DECLARED = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{3,20})", re.IGNORECASE)
_BROWSERS_READ = {"iso8859-1": "cp1252", "ascii": "cp1252"}
"""Pages that declare Latin-1 are windows-1252; browsers have read them so since the nineties."""
_DECLARABLE = frozenset(("cp1252", "cp1250", "cp850", "cp437", "mac-roman", "iso8859-2", "iso8859-9", "iso8859-15"))

_REFERENCE = re.compile(
    r"&#(?:(0*(?:[1-9]|[12]\d|3[01]|6553[45]))(?!\d)|[xX](0*(?:1?[\da-fA-F]|[fF]{3}[eEfF]))(?![\da-fA-F]));?"
)
"""To a control or to what is no character: the parser lets it stand in its tree, and stumbles over it there."""

_MOST_ELEMENTS = 50_000
"""Long live blogs have 20,000. A page of so many takes some seconds, most of them for finding its text."""


def read_page(file: Input) -> Iterator[Article | InputError]:
    """The article of a web page."""
    from search.readers.page_body import body_text, without_heading
    from search.readers.page_facts import facts_of
    from search.readers.page_tree import Page

    text, warnings = text_of(file.name, whole(file), "save the page as HTML", _decoded)
    yield from warnings
    tree = _tree(text)
    if tree is None:
        raise InputError(file.name, "there is nothing of a web page in it; fetch it again")
    if next(itertools.islice(tree.iter(), _MOST_ELEMENTS, None), None) is not None:
        message = f"it has more than {_MOST_ELEMENTS:,} elements, which no article has; save its text as .txt"
        raise InputError(file.name, message)
    page = Page(tree)
    facts = facts_of(page, file.path)
    body = body_text(page, facts)
    if not body:
        raise InputError(file.name, "no article was found in this page; save its text as .txt")
    record = facts.record
    record["date"] = record["date"] or find_publication_date(without_menu(body))
    record["authors"] = record["authors"] or list(authors_of(body))
    record["text"] = without_heading(body, record)
    yield from read_record(record, file.name, html=False)


def _decoded(data: bytes) -> tuple[str, str]:
    """The page's text, in UTF-8 if it can be, else in what it declares, else in what it looks like."""
    text, warning = decode(data)
    declared = _DECLARED.search(data[:4096])
    if not warning or not declared:
        return text, warning
    try:
        name = codecs.lookup(declared[1].decode("ascii")).name
    except LookupError:
        return text, warning
    name = _BROWSERS_READ.get(name, name)
    return (data.decode(name, "replace"), "") if name in _DECLARABLE else (text, warning)


def _referred(reference: re.Match[str]) -> str:
    return chr(int(reference[1]) if reference[1] else int(reference[2], 16))


def _tree(text: str) -> HtmlElement | None:
    """The page as a tree; None if it holds no element. Nothing outside of it is ever loaded."""
    from lxml import etree, html  # type: ignore[import-untyped]

    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    # that of lxml.html asks Python for the class of each element
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=html.HtmlElement))
    try:
        cleaned = clean(_REFERENCE.sub(_referred, text))
        return html.document_fromstring(cleaned.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None
