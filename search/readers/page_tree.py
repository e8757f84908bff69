"""The elements of a web page: what each of them says, and which are around its article.

Each is found in one walk over all of them, so that a page takes a time that grows with its size and not with its
nesting.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from lxml import etree  # type: ignore[import-untyped]

from search.readers.records import one_line

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped]

UNSEEN = ("script", "style", "noscript", "template", "iframe", "form", "button", "select", "textarea", "svg", "object")
LONG = 100
"""Characters of a paragraph that is no line of a header."""
_MOST_IN_LINE = 20
"""Pieces of text that a line is looked at for: of a whole page that begins with a label, not all is put together."""
_BOILERPLATE_TAGS = frozenset({"nav", "aside", "footer"})
_BOILERPLATE = re.compile(
    r"(?:^|[\s_-])(?:related|teaser[^\W_]*|recommend[^\W_]*|sidebar|comment[^\W_]*|(?>[^\W_]*?kommentar[^\W_]*)|"
    r"disqus|footer|nav|navi|navigation|menu|breadcrumbs?|newsletter|share|sharing|social|promo|advert[^\W_]*|anzeige|"
    r"cookie[^\W_]*|consent|paywall|mehr-zum-thema|weitere|weiterlesen|read-?more|most-?read|outbrain|taboola)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
_READ_ALSO = re.compile(
    r"(?:lesen sie|lies) (?:auch|hier|dazu|mehr)|mehr (?:zum thema|dazu|lesen)|weitere (?:artikel|meldungen|themen)"
    r"|auch interessant|das könnte sie|zum thema:|zur startseite|siehe auch:",
    re.IGNORECASE,
)
_LONGEST_READ_ALSO = 200


class Page:
    """A web page's tree, as it is before its body is looked for."""

    def __init__(self, tree: HtmlElement) -> None:
        for element in holding(tree.iter("h1", "article", "main")):
            if element.tag == "form":  # some servers put all of a page into one
                element.tag = "div"
        self.tree = tree
        self._pieces: list[str] = []
        self._said: dict[tuple[int, int], str] = {}
        self._begin: dict[HtmlElement, int] = {}
        self._end: dict[HtmlElement, int] = {}
        self.nesting = 0
        """How many elements are around each, summed up."""
        depth = 0
        for event, element in etree.iterwalk(tree, events=("start", "end")):
            if event == "start":
                self._begin[element] = len(self._pieces)
                piece = element.text
                self.nesting += depth
                depth += 1
            else:
                self._end[element] = len(self._pieces)
                piece = element.tail
                depth -= 1
            if piece:
                self._pieces.append(piece)
        self.elements = list(self._begin)
        """All there are. lxml makes anew each that nobody holds, wherever it is met."""
        self.named = {
            element: f"{element.get('class') or ''} {element.get('id') or ''}"
            for element in self.elements
            if element.get("class") or element.get("id")
        }
        """Class and id of those that have one."""
        self.around = self._found_around()
        """The elements of what is around the article: menus, links to others, comments, today's date."""

    def said(self, element: HtmlElement, most: int | None = _MOST_IN_LINE) -> str:
        """What an element says in its line, with a blank between parts that only styles tell apart."""
        begin, end = self._begin[element], self._end[element]
        end = end if most is None else min(end, begin + most)
        if (begin, end) not in self._said:
            said = ""
            for piece in self._pieces[begin:end]:
                said += f" {piece}" if said[-1:].islower() and piece[:1].isupper() else piece
            self._said[begin, end] = one_line(said)
        return self._said[begin, end]

    def _found_around(self) -> set[HtmlElement]:
        found: set[HtmlElement] = set()
        titles = self.tree.iter("h1", "main")
        of_article = holding(each for each in titles if next(each.iterancestors(*UNSEEN), None) is None)
        above: HtmlElement | None = None
        for element in self.elements:
            if element.getparent() in found or self._is_around(element, of_article, above):
                found.add(element)
            elif element.tag == "p":
                above = element
        return found

    def _is_around(self, element: HtmlElement, of_article: set[HtmlElement], above: HtmlElement | None) -> bool:
        """Whether an element holds what is around the article, and no title of one; ``above`` is the last paragraph."""
        tag = element.tag
        if tag in _BOILERPLATE_TAGS:
            return True
        if tag in ("p", "li") and self._is_read_also(element):
            return True
        marked = _BOILERPLATE.search(self.named.get(element, "")) if tag not in ("html", "body", "main") else None
        if marked and tag == "p" and marked[0].strip(" -_").startswith("teaser"):
            # without a link, and below neither a teaser nor the text, it is the lead of this article
            is_below = above is not None and (
                "teaser" in (above.get("class") or "") or len(above.text_content()) > LONG
            )
            return is_below or bool(element.xpath(".//a or ancestor::a"))
        of_site = tag == "header" and element.getparent().tag == "body"
        return bool(of_site or marked) and element not in of_article

    def _is_read_also(self, element: HtmlElement) -> bool:
        """Whether a paragraph is nothing but a link to another article, and says so."""
        return bool(
            element.find(".//a") is not None
            and _READ_ALSO.match(self.said(element))
            and len(one_line(element.text_content())) < _LONGEST_READ_ALSO
        )


def holding(elements: Iterable[HtmlElement]) -> set[HtmlElement]:
    """All elements around these."""
    found: set[HtmlElement] = set()
    for element in elements:
        for above in element.iterancestors():
            if above in found:
                break
            found.add(above)
    return found
