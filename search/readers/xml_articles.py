"""XML: feeds and what WordPress exports (RSS, Atom), what agencies send (NITF, NewsML-G2), scanned pages (ALTO, TEI).

Elements are known by their local names, since every program has its own prefixes and many forget the namespace.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from html.entities import name2codepoint
from itertools import chain
from typing import TYPE_CHECKING

from search.article import Article
from search.dates import find_publication_date
from search.errors import InputError
from search.german.tokens import JOINING
from search.readers.markup import BLOCKS, paragraphs, without_tags
from search.readers.records import read_record
from search.readers.streams import EMPTY, MAX_ARTICLE_BYTES, Input, Numbered, is_utf16, lines

if TYPE_CHECKING:
    from lxml.etree import _Element as Element  # type: ignore[import-untyped]

_RSS = {
    "id": ("guid",),
    "title": ("title",),
    "date": ("post_date", "pubDate", "date"),  # the first by the clock of the site, which the second is not
    "url": ("link",),
    "authors": ("creator", "author"),
    "section": ("category[@domain='category']", "category"),
    "language": ("language",),
    "text": ("encoded", "description"),
}
_ARTICLES: dict[str, dict[str, tuple[str, ...]]] = {
    "channel/item": _RSS,
    "RDF/item": _RSS,
    "feed/entry": {
        "id": ("id",),
        "title": ("title",),
        "date": ("published", "issued", "updated"),
        "url": ("link[@rel='alternate']@href", "link@href"),
        "authors": ("author/name",),
        "section": ("category@term",),
        "text": ("content", "summary"),
    },
    "nitf": {
        "id": ("//doc-id@id-string",),
        "title": ("//hl1", "head/title"),
        "date": ("//date.issue@norm", "//story.date@norm"),
        "authors": ("//byline/person", "//byline"),
        "section": ("//fixture@fix-id", "//pubdata@position.section"),
        "source": ("//pubdata@name", "//distributor"),
        "text": ("//body.content", "body"),
    },
    "newsItem": {
        "id": ("@guid",),
        "title": ("//headline", "//hl1"),
        "date": ("//contentCreated", "//versionCreated"),
        "authors": ("//by", "//byline"),
        "source": ("//infoSource/name", "//infoSource@literal"),
        "text": ("//body.content", "//body", "//inlineXML", "//inlineData"),
    },
    "TEI": {
        "title": ("//titleStmt/title",),
        "date": ("//sourceDesc//date@when", "//publicationStmt/date@when", "//sourceDesc//date"),
        "authors": ("//titleStmt/author",),
        "text": ("text/body", "text"),
    },
    "alto": {"text": ("Layout",)},
}
"""Which elements are an article, by themselves or below another one, and where each field stands, in order of trust: a
path of names, // for any depth, @ for an attribute."""
_FEEDS = frozenset(["item", "entry"])
"""Articles of which title and text are HTML, with or without paragraphs."""
_NO_ARTICLES = frozenset(
    ["attachment", "revision", "nav_menu_item", "custom_css", "customize_changeset", "oembed_cache", "user_request"]
    + ["picture", "graphic", "audio", "video", "animated"]
)
"""What else WordPress exports and agencies send; a site may have types of its own for articles."""
_PARAGRAPHS = BLOCKS | {"ab", "head", "l", "media-caption", "TextBlock"}
"""Elements that part paragraphs."""
_LEFT_OUT = frozenset(
    ["script", "style", "media-producer", "TopMargin", "BottomMargin", "ALTERNATIVE", "fw"]
    + ["choice/sic", "choice/orig", "choice/abbr"]
)
"""Elements, some only within another one, that are no part of the text: what stands around a page, second readings."""
_STANDS_FOR = {"SP": " ", "HYP": "\u00ad", "TextLine": " ", "lb": "\n"}
_PATH = re.compile("(.*?)(?:@([\\w.-]+))?")
_STEP = re.compile("(//)?([^/]+)")
_BLANKS = re.compile(r"\s+")
_INDENTED = re.compile("\n +")
_DIVIDED = re.compile(rf"(\w)\u00ad\s+(?=[a-zäöüß])(?!(?:{JOINING})\b)")
_HYPHEN = re.compile("\u00ad(?:\\s+(?=[^\\Wa-zäöüß]))?")
"""Reichs-⏎rath is one word, Staats-⏎Anzeiger has a hyphen of its own, and so has Hof-⏎und Staatsrath."""
_REFERENCE = re.compile(rb"&([A-Za-z][A-Za-z0-9]{1,30});")
_CONTROLS = bytes(range(1, 32)).translate(None, b"\t\n\r")
_DECLARATION = re.compile(rb"^(<\?xml\b.*?\?>)")
_OF_XML = frozenset(["amp", "lt", "gt", "quot", "apos"])


def read_xml(file: Input) -> Iterator[Article | InputError]:
    """The articles of an XML file; one without any, as may lie beside them, is left out with a warning."""
    empty = True
    for element in _elements(file):
        empty = False
        yield from _read(element, file)
    if empty:
        message = "there is no article in it: it was left out; known are RSS, Atom, NITF, NewsML-G2, TEI and ALTO"
        yield InputError(file.name, message, fatal=False)


def _elements(file: Input) -> Iterator[Element]:
    """The elements that are articles, each gone when the next one comes; InputError behind the last sound one."""
    from lxml import etree  # type: ignore[import-untyped]

    if not file.stream.peek(1):
        raise InputError(file.name, EMPTY)
    # nothing outside of the file is loaded, and no entity that it declares is put in
    names = {f"{{*}}{name.rpartition('/')[2]}" for name in _ARTICLES}
    encoding = "utf-8" if is_utf16(file) else None  # as ``lines`` gives it, whatever is declared
    parser = etree.XMLPullParser(("end",), tag=names, resolve_entities=False, no_network=True, encoding=encoding)
    damage: etree.XMLSyntaxError | None = None
    held = 0
    for number, line in chain(_mended(lines(file)), [(0, b"")]):
        held += MAX_ARTICLE_BYTES if line is None else len(line)
        if line is None or held > MAX_ARTICLE_BYTES:  # all of them are in memory
            message = (
                f"{MAX_ARTICLE_BYTES >> 20} MB stand without the end of a line or of an article; leave the file out"
            )
            raise InputError(file.name, message, number)
        try:
            parser.feed(line) if number else parser.close()
        except etree.XMLSyntaxError as error:
            damage = error
        for _, element in parser.read_events():
            if _paths(element):
                yield element
                held = 0
                element.clear(keep_tail=False)
                for before in list(element.itersiblings(preceding=True)):
                    before.getparent().remove(before)
        if damage is not None:
            break
    if damage is not None:
        reason = damage.msg.partition(", line ")[0].partition("\n")[0]  # some are followed by a piece of the file
        message = f"this is not XML: {reason}; what came before is read, write it anew or save its texts as .txt"
        raise InputError(file.name, message, damage.lineno or None) from damage


def _mended(numbered: Numbered) -> Numbered:
    """The lines without what XML forbids and many write: blank lines above its declaration, controls, names of HTML."""
    begun = False
    for number, line in numbered:
        if line is not None and b"\0" not in line:  # two bytes may be a character
            line = _REFERENCE.sub(_numbered, line.translate(None, _CONTROLS))
        if line is not None and not begun:
            begun = bool(line.strip())
            line = _DECLARATION.sub(rb"\1" + (number - 1) * b"\n", line.lstrip())
        if begun or line is None:
            yield number, line


def _numbered(reference: re.Match[bytes]) -> bytes:
    """&#252; for &uuml;, which only HTML knows: many write it in XML, too."""
    name = reference[1].decode("ascii")
    character = name2codepoint.get(name) if name not in _OF_XML else None
    return reference[0] if character is None else b"&#%d;" % character


def _paths(element: Element) -> dict[str, tuple[str, ...]]:
    """Where the fields of an article are in an element; empty if it is none, or within another one."""
    above = [_name(each) for each in element.iterancestors()]
    if not _ARTICLES.keys().isdisjoint(above):
        return {}
    return _ARTICLES.get(_name(element)) or _ARTICLES.get(f"{above[0] if above else ''}/{_name(element)}") or {}


def _read(element: Element, file: Input) -> Iterator[Article | InputError]:
    if not _is_published(element):
        return
    found = {field: _first(element, paths) for field, paths in _paths(element).items()}
    record = {field: value for field, value in found.items() if value or field == "text"}
    if _name(element) in _FEEDS:
        record |= {field: without_tags(record[field]) for field in ("title", "text") if field in record}
    if not record["text"].strip():
        # a gallery, a mere link: nobody can mend it, so it is no fault of the file
        yield InputError(file.name, "an article without text was left out", element.sourceline, fatal=False)
        return
    record.setdefault("date", find_publication_date(record["text"], file.path))
    yield from read_record(record, file.name, element.sourceline, dated_by_text=False)


def _is_published(element: Element) -> bool:
    """Whether this is an article for everybody: a WordPress export has drafts, menus and pictures, too."""
    kind = _first(element, ("post_type", "itemMeta/itemClass@qcode")).rpartition(":")[2]
    if kind in _NO_ARTICLES or kind.startswith("wp_"):
        return False
    return not kind or (_first(element, ("status",)) in ("", "publish") and not _first(element, ("post_password",)))


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""  # that of a comment is a function


def _first(element: Element, paths: tuple[str, ...]) -> str:
    """What stands at the first of some paths at which anything does."""
    for steps, attribute in map(_located, paths):
        for found in element.iterfind(steps) if steps else [element]:
            if value := (found.get(attribute, "") if attribute else _text(found)).strip():
                return value
    return ""


@cache
def _located(path: str) -> tuple[str, str]:
    """A path as lxml takes it, of local names, "" for the element itself; and the name of the attribute, if any."""
    names, attribute = _PATH.fullmatch(path).groups(default="")  # type: ignore[union-attr]
    steps = "".join(f"{slashes or '/'}{{*}}{name}" for slashes, name in _STEP.findall(names))
    return f".{steps}" if steps else "", attribute


def _text(element: Element) -> str:
    """The text of an element; if it has others in it, with a blank line between paragraphs."""
    if not len(element):
        return element.text or ""
    text = _INDENTED.sub("\n", "".join(_pieces(element)))
    return paragraphs(_HYPHEN.sub("-", _DIVIDED.sub(r"\1", text)))


def _pieces(element: Element) -> Iterator[str]:
    name = _name(element)
    around = "\n\n" if name in _PARAGRAPHS else ""
    if name:
        yield around + element.get("CONTENT", "") if name == "String" else around
        yield _BLANKS.sub(" ", element.text or "")
    for child in element:
        if _LEFT_OUT.isdisjoint((_name(child), f"{name}/{_name(child)}")):
            yield from _pieces(child)
        yield _BLANKS.sub(" ", child.tail or "")
    yield _STANDS_FOR.get(name, around)
