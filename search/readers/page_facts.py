"""What a web page says about its article: title, date, authors and the like, from the surest place to the least."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from search.dates import find_publication_date, imprint, labelled_date, parse_date
from search.readers.page_tree import LONG, Page
from search.readers.records import is_site, one_line

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped]

_ARTICLE_TYPE_NAMES = (
    "Article NewsArticle ReportageNewsArticle BackgroundNewsArticle AnalysisNewsArticle OpinionNewsArticle "
    "ReviewNewsArticle AskPublicNewsArticle LiveBlogPosting BlogPosting Report"
)
_ARTICLE_TYPES = frozenset(_ARTICLE_TYPE_NAMES.split())
_NESTED = ("@graph", "mainEntity", "mainEntityOfPage")
_MOST_NODES = 10_000
_MOST_MARKED = 100
_UNMARKED = 3
_DATE_META = (
    "article:published_time article:published datepublished dc.date.issued dcterms.issued dcterms.created dc.date "
    "dcterms.date dc.date.created date pubdate publishdate publish-date publication_date parsely-pub-date "
    "sailthru.date datecreated"
)
_DATE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:(?:article|artikel|entry|post|pub|publish|published|publication|erscheinungs|veröffentlichungs)?"
    r"(?:date|datum)|published|timestamp|dateline)(?:$|[\s_-])",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"\W*(?:(?:erst)?veröffentlicht|erschienen|publiziert|published|online seit|(?P<weak>datum|stand))\b", re.I
)
"""Weak are those that may speak of other things: a state of numbers, a day on which something takes place."""
_BESIDE_TAGS = frozenset({"figure", "table"})
_BESIDE = re.compile(r"chart|box|gra(?:f|ph)i[kc]|diagramm|tabelle|table|widget|karte|ticker|umfrage|poll", re.I)
"""What has a state of its own: "Stand: 12.3.2021" speaks of its numbers."""
_IN_BYLINE = r"(?:meta|by-?line|date|datum|author|autor|head(?:er)?|kopf|publi(?:shed|cation)|timestamp)"
_BYLINE = re.compile(rf"(?<![^\W_]){_IN_BYLINE}|{_IN_BYLINE}(?![^\W_])", re.IGNORECASE)
"""Where the header of an article says when it was written."""
_SEPARATOR = re.compile(r" (?:[-–—|·:»]|::) |: ")
_UNNAMED = re.compile(r"(?:unbenannt(?:es)?|untitled|neue seite|new page|dokument|document|druckversion|[\W\d])+", re.I)
"""What programs call a page that nobody has named."""
_HEADINGS = frozenset({"h1", "h2", "h3"})
_MOST_SHOWN = 5
_MOST_PARTS = 20
"""Separators in a title, and links in a heading, that are looked at."""
_MOST_AUTHORS = 5
_MOST_BEFORE_LINE = 200
"""Characters between the title and the line, those of a lead in a <header> apart."""
_NEAR = 100
"""Elements behind the title that are looked at."""
_CHANGED = re.compile(r"modif|updat|aktualisiert|geändert", re.IGNORECASE)
_SENTENCE_BLOCKS = frozenset({"p", "li", "blockquote", "td", "dd", "figcaption"})
_MOST_BESIDE_DATE = 80
"""Characters beside a date in its paragraph, up to which it is a line of its own ("Von A. B., Berlin, ...")."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the page's article besides its body."""

    record: dict[str, Any]
    """Values by the names of records: strings, and a list of strings for authors."""
    article_body: str
    """The body as JSON-LD has it, "" if it does not."""


def facts_of(page: Page, path: str) -> Facts:
    """Everything that the page says, each from the surest place that has it; a date perhaps from its ``path``.

    Whoever reads its text may find a date or authors there that are nowhere here.
    """
    tree = page.tree
    nodes = list(_nodes(tree))
    node = _article_node(nodes, _canonical(tree))
    by_id = {each["@id"]: each for each in nodes if isinstance(each.get("@id"), str)}
    meta = _meta(tree)
    url = _url(tree, node, meta)
    site = _text(node.get("publisher"), by_id) or meta.get("og:site_name", "") or meta.get("application-name", "")
    title = _title(page, node, meta, site)
    record = {
        "title": title,
        "lead": _text(node.get("description")) or meta.get("og:description", "") or meta.get("description", ""),
        "date": _given_date(node, meta)
        or _marked_date(page)
        or find_publication_date("", url)
        or _date_by_label(page, title)
        or _date_beside(page, title)
        or find_publication_date("", path),
        "url": url,
        "authors": _given_authors(node, meta, by_id) or _marked_authors(page),
        "section": _text(node.get("articleSection")) or meta.get("article:section", ""),
        "source": site,
        "language": _language(tree, node),
    }
    body = node.get("articleBody")
    return Facts(record, body if isinstance(body, str) else "")


# --- JSON-LD ----------------------------------------------------------------------------------------------------


def _nodes(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    """All objects of all JSON-LD blocks, those in lists and graphs too; what is not JSON is passed over."""
    waiting: list[Any] = []
    for script in tree.iter("script"):
        if (script.get("type") or "").lower().startswith("application/ld+json"):
            waiting.append(_parsed(script.text or ""))
    waiting.reverse()
    for _ in range(_MOST_NODES):
        if not waiting:
            return
        value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(reversed(value))
        elif isinstance(value, dict):
            yield value
            waiting.extend(value[key] for key in _NESTED if isinstance(value.get(key), dict | list))


def _parsed(text: str) -> Any:
    try:
        return json.loads(text.strip().removeprefix("<!--").removesuffix("-->"), strict=False)
    except (ValueError, RecursionError):
        return None


def _article_node(nodes: list[dict[str, Any]], canonical: str) -> dict[str, Any]:
    """The node of this page's own article: pages list others too. An empty one if there is none."""
    articles = [node for node in nodes if _ARTICLE_TYPES.intersection(_types(node))]
    own = [node for node in articles if canonical and canonical in _addresses(node)]
    named = [node for node in articles if node.get("headline") or node.get("articleBody")]
    return next(iter(own + named + articles), {})


def _types(node: dict[str, Any]) -> list[str]:
    given = node.get("@type")
    kinds = given if isinstance(given, list) else [given]
    return [kind.rsplit("/", 1)[-1] for kind in kinds if isinstance(kind, str)]


def _addresses(node: dict[str, Any]) -> list[str]:
    page = node.get("mainEntityOfPage")
    values = [node.get("url"), page.get("@id") if isinstance(page, dict) else page, node.get("@id")]
    return [value for value in values if isinstance(value, str)]


def _text(value: Any, by_id: dict[str, dict[str, Any]] | None = None) -> str:
    """The first string of a value that may be a string, an object with a name, a reference or a list of them."""
    return next(iter(_texts(value, by_id)), "")


def _texts(value: Any, by_id: dict[str, dict[str, Any]] | None = None) -> list[str]:
    texts = []
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, dict):
            named = (by_id or {}).get(each["@id"], each) if isinstance(each.get("@id"), str) else each
            each = named.get("name")
        if isinstance(each, list):
            each = next((name for name in each if isinstance(name, str)), None)
        if isinstance(each, str) and (text := one_line(each)):
            texts.append(text)
    return texts


# --- meta tags and the visible page -----------------------------------------------------------------------------


def _meta(tree: HtmlElement) -> dict[str, str]:
    """The first value of each meta tag by its name in lower case."""
    found: dict[str, str] = {}
    for tag in tree.iter("meta"):
        name = tag.get("property") or tag.get("name") or tag.get("itemprop") or ""
        content = one_line(tag.get("content") or "")
        if name and content:
            found.setdefault(name.strip().lower(), content)
    return found


def _canonical(tree: HtmlElement) -> str:
    links = (link for link in tree.iter("link") if "canonical" in (link.get("rel") or "").lower().split())
    return next((link.get("href", "").strip() for link in links), "")


def _url(tree: HtmlElement, node: dict[str, Any], meta: dict[str, str]) -> str:
    candidates = [*_addresses(node), _canonical(tree), meta.get("og:url", "")]
    addresses = (one_line(url) for url in candidates if re.match(r"\s*https?://", url, re.IGNORECASE))
    return next(itertools.filterfalse(is_site, addresses), "")


def _title(page: Page, node: dict[str, Any], meta: dict[str, str], site: str) -> str:
    """What JSON-LD or a meta tag calls it, else the heading that <title> does not hold, else what is shown of <title>.

    Without the name of the site: behind a dash or a bar, or as a part of <title> that no heading shows.
    """
    titles = (one_line(title.text_content()) for title in page.tree.iter("title"))
    named = next((title for title in titles if title and not _UNNAMED.fullmatch(title)), "")
    heading = _heading(page)
    shown = page.said(heading, None) if heading is not None else ""
    given = _text(node.get("headline")) or meta.get("og:title", "")
    title = given or (named if shown in named else shown)
    head, separator, tail = title.rpartition(" | ") if " | " in title else title.rpartition(" - ")
    if separator and head and (tail.strip().lower() == site.lower() or head == shown):
        return head.strip()
    if given or title != named:
        return title
    part = _shown_part(page, named)
    return part if part != named else shown or named


def _heading(page: Page) -> HtmlElement | None:
    """The first <h1> that is not the name of the site, nor in what is around the article; if there is none, any."""
    headings = list(filter(page.said, page.tree.iter("h1")))
    of_article = (each for each in headings if not (each in page.around or _names_site(each)))
    return next(itertools.chain(of_article, headings), None)


def _shown_part(page: Page, title: str) -> str:
    """The part of a title that is a heading of the page: without the name of the site behind or before it."""
    found = list(itertools.islice(_SEPARATOR.finditer(title), _MOST_PARTS))
    parts = {title[: each.start()] for each in found} | {title[each.end() :] for each in found}
    shown = _showing(page, parts | {title}) if parts else []
    if any(text == title for _, text in shown):
        return title
    headings = [
        text
        for element, text in shown
        if not _names_site(element) and (_is_heading(element) or 2 * len(text) > len(title))
    ]
    return max(headings, key=len, default=title)


def _names_site(element: HtmlElement) -> bool:
    """Whether an element leads to the site's first page, or stands in its header."""
    links = [*itertools.islice(element.iter("a"), _MOST_PARTS), *element.iterancestors("a")]
    to_top = any(link.get("href") in ("/", "./", "index.html") or is_site(link.get("href") or "") for link in links)
    return to_top or _is_of_site(element)


def _is_heading(element: HtmlElement) -> bool:
    return next(element.iter(*_HEADINGS), None) is not None


def _showing(page: Page, texts: set[str]) -> list[tuple[HtmlElement, str]]:
    """The first elements of the article, each the outermost, that show one of these texts and nothing else."""
    shown: list[tuple[HtmlElement, str]] = []
    inside: set[HtmlElement] = set()
    for element in page.tree.iterfind("body//*"):
        text = page.said(element)
        if text and text in texts and element not in inside and element not in page.around:
            inside.update(element.iter())
            shown.append((element, text))
            if len(shown) == _MOST_SHOWN:
                break
    return shown


def _date_beside(page: Page, title: str) -> str:
    """The date that stands alone in a line below the title, or above it in the same division of the page."""
    dates: dict[bool, str] = {}
    shown = [element for element, _ in _showing(page, {title})]
    # a comment or a list may repeat the title
    for element in list(filter(_is_heading, shown)) or shown:
        above = [each for each in element.itersiblings(preceding=True) if each.tag != "br"][:1]
        below = itertools.islice(_following(element), _NEAR)
        for line in itertools.chain(above, below):
            text = page.said(line)
            if len(text) > LONG:
                break
            if date := parse_date(text.strip(" |·,-–()")) or imprint(text):
                dates.setdefault(_is_changed(line), date)
    return dates.get(False) or dates.get(True, "")


def _given_authors(node: dict[str, Any], meta: dict[str, str], by_id: dict[str, dict[str, Any]]) -> list[str]:
    names = _texts(node.get("author"), by_id) or [meta.get("author", "") or meta.get("article:author", "")]
    return [name for name in names if name and not name.startswith("http")]


def _marked_authors(page: Page) -> list[str]:
    marked = (page.said(each) for each in page.elements if _is_author(each) and each not in page.around)
    names = dict.fromkeys(name for name in marked if 0 < len(name) <= LONG)
    return list(itertools.islice(names, _MOST_AUTHORS))


def _is_author(element: HtmlElement) -> bool:
    """Whether an element names an author: by its link, its property, or as blogs mark one in a byline."""
    classes = (element.get("class") or "").split()
    by_link = element.tag == "a" and "author" in (element.get("rel") or "").split()
    return by_link or element.get("itemprop") == "author" or "fn" in classes


def _language(tree: HtmlElement, node: dict[str, Any]) -> str:
    tag = _text(node.get("inLanguage")) or tree.get("lang") or ""
    match = re.match(r"[A-Za-z]{2,3}(?![A-Za-z])", tag)
    return match[0].lower() if match else ""


def _given_date(node: dict[str, Any], meta: dict[str, str]) -> str:
    """The date that JSON-LD or a meta tag gives."""
    given = [_text(node.get("datePublished")), _text(node.get("dateCreated"))]
    given += [meta.get(name, "") for name in _DATE_META.split()]
    return next(filter(None, map(parse_date, given)), "")


def _marked_date(page: Page) -> str:
    """The date of a <time>, or of an element that is marked as date, from the surest to the least."""
    marked = itertools.islice((each for each in page.elements if _rank(page, each) < _UNMARKED), _MOST_MARKED)
    for element in sorted(marked, key=lambda each: _rank(page, each)):
        if element in page.around or _is_changed(element) or _in_sentence(element):
            continue
        date = parse_date(element.get("datetime") or element.get("content") or "")
        text = one_line(element.text_content()).strip(" |·,-–")
        if date := date or parse_date(text) or labelled_date(text):
            return date
    return ""


def _date_by_label(page: Page, title: str) -> str:
    """The date of a line of the article's header that says what it is: "Veröffentlicht am", or else "Stand:".

    Rather none than that of a comment, a teaser or a chart: the line stands close below the title.
    """
    dates: dict[bool, str] = {}
    for element, label, above in _labels(page, title):
        parent = element.getparent()
        # the label may be marked within its line: <p><b>Stand:</b> 12.3.2021</p>
        for line in [element, parent] if parent[0] is element and not (parent.text or "").strip() else [element]:
            date = labelled_date(page.said(line))
            if not date or line in page.around or _is_changed(line) or _in_sentence(line):
                continue
            weak = bool(label["weak"])
            if _is_of_header(line, above, weak=weak):
                dates.setdefault(weak, date)
    return dates.get(False) or dates.get(True, "")


def _is_of_header(line: HtmlElement, above: set[HtmlElement], *, weak: bool) -> bool:
    """Whether a line belongs to the title, which is in ``above``, and not to a chart; a weak one has to say so."""
    inside = [each for each in [line, *line.iterancestors()] if each not in above]
    named = [f"{each.get('class') or ''} {each.get('id') or ''}" for each in inside]
    if any(each.tag in _BESIDE_TAGS for each in inside) or any(map(_BESIDE.search, named)):
        return False
    alone = len(inside) <= 1
    in_header = line.tag == "header" or next(line.iterancestors("header"), None) is not None
    return not weak or alone or in_header or any(map(_BYLINE.search, named))


def _labels(page: Page, shown: str) -> Iterator[tuple[HtmlElement, re.Match[str], set[HtmlElement]]]:
    """The elements of the article's header whose text begins with a label, and what is around its title.

    The header is what follows on the first <h1>, in the same <article> or <main>, up to the first long paragraph or
    the next heading; without any <h1> on the heading that shows the title, or the <header> of the first <article>.
    """
    first = list(page.tree.iter("h1"))
    headings = first or [each for each, _ in _showing(page, {shown}) if _is_heading(each)]
    title = next((each for each in headings if not (each in page.around or _is_of_site(each))), None)
    if title is None:
        header = None if first else page.tree.find(".//article/header")
        if header is None or header in page.around:
            return
        above, following = {header, *header.iterancestors()}, header.iter()
    else:
        above, following = set(title.iterancestors()), _following(title)
    passed = 0
    for element in itertools.islice(following, _NEAR):
        own = one_line((element.text or "") + " ".join(child.tail or "" for child in element))
        if not any(each.tag == "header" for each in [element, *element.iterancestors()]):
            if element.tag in ("h2", "h3", "h4", "h5", "h6") and element.getprevious() is not title:
                return
            passed += len(own)
            whole = one_line(element.text_content()) if element.tag == "p" else own
            if len(whole) > LONG or passed > _MOST_BEFORE_LINE:
                return
        if label := _LABEL.match(element.text or ""):
            yield element, label, above


def _following(title: HtmlElement) -> Iterator[HtmlElement]:
    """The elements behind a title, as far as they are of the same article."""
    scope = _article_around(title)
    for above in itertools.chain([title], title.iterancestors()):
        if above is scope:
            return
        for sibling in above.itersiblings():
            yield from (each for each in sibling.iter() if _article_around(each) is scope)


def _article_around(element: HtmlElement) -> HtmlElement:
    """The nearest <article> or <main>, or all of the page."""
    return next(element.iterancestors("article", "main"), element.getroottree().getroot())


def _is_of_site(element: HtmlElement) -> bool:
    """Whether this is in the header of the site, whose heading names a newspaper."""
    return any(each.getparent().tag == "body" for each in element.iterancestors("header"))


def _rank(page: Page, element: HtmlElement) -> int:
    """How surely an element is the date: 0 if it says so, 1 for <time>, 2 by its class, else _UNMARKED."""
    if element.get("itemprop") == "datePublished" or element.get("pubdate") is not None:
        return 0
    if element.tag == "time":
        return 1
    return 2 if element in page.named and _DATE_CLASS.search(page.named[element]) else _UNMARKED


def _is_changed(element: HtmlElement) -> bool:
    named = f"{element.get('class') or ''} {element.get('itemprop') or ''}"
    return bool(_CHANGED.search(f"{named} {_text_before(element)}"))


def _text_before(element: HtmlElement) -> str:
    """The text between an element and the one before it, or the one around it."""
    before, around = element.getprevious(), element.getparent()
    if before is not None:
        return before.tail or ""
    return (around.text or "") if around is not None else ""


def _in_sentence(element: HtmlElement) -> bool:
    """Whether a date stands within running text: then it is a day that the article speaks of."""
    block = next((above for above in element.iterancestors() if above.tag in _SENTENCE_BLOCKS), element.getparent())
    if block is None:
        return False
    if block.tag in _SENTENCE_BLOCKS:
        beside = len(one_line(block.text_content())) - len(one_line(element.text_content()))
    else:
        beside = 2 * len(one_line(_text_before(element) + (element.tail or "")))
    return beside > _MOST_BESIDE_DATE
