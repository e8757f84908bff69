"""The text of the article in a web page, without menus, related links and the like."""

from __future__ import annotations

import itertools
import logging
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lxml import etree  # type: ignore[import-untyped]

from search.readers.decoding import clean
from search.readers.markup import BLOCKS, paragraphs, readable
from search.readers.page_facts import Facts
from search.readers.page_tree import UNSEEN, Page, holding
from search.readers.titles import is_about_article, names_section

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped]

_ENOUGH = 500
"""Characters from which on the body in JSON-LD is believed to be the whole article and not its beginning."""

_MOST_FOR_EXTRACTION = 2_000_000
"""Characters of text in a page up to which trafilatura is asked; its time can grow faster than the page."""
_MOST_NESTING = 500_000
"""The same for its elements, each times those around it: five times what the worst of 600 pages has."""

_HEADING = 4
"""So many lines at the top may be kicker, title, byline and date."""

_NO_PART = "around"
"""What those around the article are called to be taken out."""
_UNWRAPPED = ("time", "label", "output", "center")
"""Tags that trafilatura drops with the words in them, in the middle of a sentence."""


def body_text(page: Page, facts: Facts) -> str:
    """The article's paragraphs, "" if the page has none. Removes from the page what is not the article."""
    given = paragraphs(readable(facts.article_body))
    if len(given) >= _ENOUGH:
        return given
    _prune(page)
    found = (_extracted(page.tree) if page.nesting <= _MOST_NESTING else "") or _visible(page.tree)
    return given if len(given) > len(found) else found


def _prune(page: Page) -> None:
    tree = page.tree
    for element in page.around:
        element.tag = _NO_PART
    etree.strip_elements(tree, _NO_PART, *UNSEEN, with_tail=False)
    for element in tree.iter("p"):
        if "teaser" in (element.get("class") or "").lower():
            del element.attrib["class"]  # trafilatura would drop it, though those that lead elsewhere are gone
    etree.strip_tags(tree, *_UNWRAPPED)
    _unwrap_layout(tree)
    for element in list(tree.iter("body", "article", "main", "section", "div", "td")):
        _wrap_loose_text(element)


def _unwrap_layout(tree: HtmlElement) -> None:
    """Makes divisions of tables that hold paragraphs: pages of the nineties are laid out so, and are no data."""
    layout = {each for each in holding(tree.iter("h1", "p", "table")) if each.tag == "table"}
    cells = [each for each in tree.iter("tbody", "tr", "td") if next(each.iterancestors("table"), None) in layout]
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
