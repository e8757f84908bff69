"""The text of the article in a web page, without menus, related links and the like."""

from __future__ import annotations

import itertools
import logging
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from search.readers.decoding import clean
from search.readers.markup import BLOCKS, paragraphs, readable
from search.readers.page_facts import Facts, is_boilerplate
from search.readers.records import one_line
from search.readers.titles import is_about_article, names_section

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped]

_ENOUGH = 500
"""Characters from which on the body in JSON-LD is believed to be the whole article and not its beginning."""

_MOST_FOR_EXTRACTION = 2_000_000
"""Characters of text in a page up to which trafilatura is asked; its time can grow faster than the page."""

_UNSEEN = ("script", "style", "noscript", "template", "iframe", "form", "button", "select", "textarea", "svg", "object")
_HEADING = 4
"""So many lines at the top may be kicker, title, byline and date."""

_UNWRAPPED = ("time", "label", "output", "center")
"""Tags that trafilatura drops with the words in them, in the middle of a sentence."""

_READ_ALSO = re.compile(
    r"(?:lesen sie|lies) (?:auch|hier|dazu|mehr)|mehr (?:zum thema|dazu|lesen)|weitere (?:artikel|meldungen|themen)"
    r"|auch interessant|das könnte sie|zum thema:|zur startseite|siehe auch:",
    re.IGNORECASE,
)


def body_text(tree: HtmlElement, facts: Facts) -> str:
    """The article's paragraphs, "" if the page has none. Removes from ``tree`` what is not the article."""
    given = paragraphs(readable(facts.article_body))
    if len(given) >= _ENOUGH:
        return given
    _prune(tree)
    found = _extracted(tree) or _visible(tree)
    return given if len(given) > len(found) else found


def _prune(tree: HtmlElement) -> None:
    for element in list(tree.iter(*_UNSEEN)):
        _drop(element)
    for element in list(tree.iter()):
        if is_boilerplate(element) or _is_read_also(element):
            _drop(element)
    for element in tree.iter("p"):
        if "teaser" in (element.get("class") or "").lower():
            del element.attrib["class"]  # trafilatura would drop it, though those that lead elsewhere are gone
    for element in list(tree.iter(*_UNWRAPPED)):
        element.drop_tag()
    _unwrap_layout(tree)
    for element in list(tree.iter("body", "article", "main", "section", "div", "td")):
        _wrap_loose_text(element)


def _unwrap_layout(tree: HtmlElement) -> None:
    """Makes divisions of tables that hold paragraphs: pages of the nineties are laid out so, and are no data."""
    inside = tree.iter("h1", "p", "table")
    layout = {table for element in inside for table in element.iterancestors("table")}
    parts = [part for table in layout for part in table.iter("tbody", "tr", "td")]
    cells = [part for part in parts if next(part.iterancestors("table")) in layout]
    for element in itertools.chain(layout, cells):
        element.tag = "div"


def _wrap_loose_text(container: HtmlElement) -> None:
    """Makes paragraphs of text that stands bare beside blocks or line breaks; trafilatura would lose some of it."""
    children = list(container)
    if not any(child.tag in BLOCKS for child in children):
        return
    paragraph = None
    if (container.text or "").strip():
        paragraph = container.makeelement("p")
        paragraph.text, container.text = container.text, None
        container.insert(0, paragraph)
    for child in children:
        loose = (child.tail or "").strip()
        if child.tag not in BLOCKS and (paragraph is not None or loose):
            if paragraph is None:
                paragraph = container.makeelement("p")
                child.addprevious(paragraph)
            paragraph.append(child)
        elif child.tag in BLOCKS:
            paragraph = container.makeelement("p") if loose else None
            if paragraph is not None:
                paragraph.text, child.tail = child.tail, None
                child.addnext(paragraph)


def _drop(element: HtmlElement) -> None:
    if element.getparent() is not None:
        element.drop_tree()


def _is_read_also(element: HtmlElement) -> bool:
    """Whether a paragraph is nothing but a link to another article, and says so."""
    if element.tag not in ("p", "li") or element.find(".//a") is None:
        return False
    text = one_line(element.text_content())
    return len(text) < 200 and bool(_READ_ALSO.match(text))


def _extracted(tree: HtmlElement) -> str:
    if len(tree.text_content()) > _MOST_FOR_EXTRACTION:
        return ""
    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        text = trafilatura.extract(tree, include_comments=False, with_metadata=False, favor_precision=True)
    except Exception:
        # Heuristics over arbitrary pages: whatever they stumble over, the page's own text is still there to be read.
        return ""
    return paragraphs(clean(text or "").replace("\n", "\n\n"))


def _visible(tree: HtmlElement) -> str:
    """The text of the longest <article>, else of <main>, else of the page, by paragraphs."""
    for path in (".//article", ".//main", ".//*[@role='main']", "body"):
        roots = sorted(tree.findall(path), key=lambda root: len(root.text_content()), reverse=True)
        if roots and (text := _blocks(roots[0])):
            return text
    return ""


def _blocks(root: HtmlElement) -> str:
    from lxml import etree  # type: ignore[import-untyped]

    pieces: list[str] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if element.tag in BLOCKS:
            pieces.append("\n\n")
        text = element.text if event == "start" else element.tail if element is not root else ""
        if text:
            pieces.append(re.sub(r"\s+", " ", text))
    lines = (line.strip() for line in "".join(pieces).split("\n"))
    return "\n\n".join(line for line in lines if line)


def without_heading(text: str, record: Mapping[str, Any]) -> str:
    """The text without the title, the section, the byline and the date that the page repeats above it."""
    lines = text.split("\n\n")
    repeated = {_letters(record["title"]), _letters(record["section"])}
    above = [
        line
        for line in lines[:_HEADING]
        if not (_letters(line) in repeated or names_section(line) or (record["date"] and is_about_article(line)))
    ]
    return "\n\n".join(above + lines[_HEADING:]) or text


def _letters(line: str) -> str:
    return "".join(line.casefold().split())
