"""An article as literature: to quote it in a text, for BibTeX, for RIS, and as JSON-LD for machines. Pure functions."""

from __future__ import annotations

import datetime
import re
import unicodedata
from typing import Any

from search import Article, Document
from web import i18n

_INNER_QUOTES = str.maketrans("„“”", "‚‘’")
_SECOND_STOP = re.compile(r"(?<=[.!?…])\.(?=”)")
"""In English the full stop stands inside the quotation marks, where a title may have brought its own."""
_BIBTEX_SPECIAL = re.compile(r"[\\{}$&#%_~^]")
_BIBTEX_ESCAPES = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


def formats(article: Article, address: str, day: datetime.date) -> list[tuple[str, str]]:
    """Each way to cite an article that was read on a day: its name and the text to copy."""
    return [
        (i18n.gettext("Text"), plain(article, address, day)),
        ("BibTeX", bibtex(article, address, day)),
        ("RIS", ris(article, address, day)),
    ]


def plain(article: Article, address: str, day: datetime.date) -> str:
    """One sentence in the reader's language: authors, title, source, date, address and the day of reading."""
    where = ", ".join(part for part in (article.source, i18n.date_in_words(article.date)) if part)
    title = i18n.gettext("„%(title)s“.", title=_line(article.title or article.id).translate(_INNER_QUOTES))
    parts = [
        "; ".join(article.authors) + ":" if article.authors else "",
        _SECOND_STOP.sub("", title),
        f"{where}." if where else "",
        _link(article, address),
        i18n.gettext("(abgerufen am %(date)s)", date=i18n.date_in_words(str(day))),
    ]
    return " ".join(part for part in parts if part)


def bibtex(article: Article, address: str, day: datetime.date) -> str:
    """An entry for BibTeX or BibLaTeX."""
    year, _, rest = article.date.partition("-")
    fields = {
        "author": " and ".join(f"{{{_bibtex(author)}}}" for author in article.authors),
        "title": f"{{{_bibtex(_line(article.title or article.id))}}}",
        "journal": _bibtex(article.source),
        "date": article.date,
        "year": year,
        "month": str(int(rest[:2])) if rest else "",
        "url": re.sub(r"[{}\\\s]", "", _link(article, address)),
        "urldate": str(day),
        "language": _bibtex(article.language),
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return f"@article{{{_key(article)},\n" + ",\n".join(lines) + "\n}"


def ris(article: Article, address: str, day: datetime.date) -> str:
    """A record in the format of reference managers."""
    year, month, of_month = [*article.date.split("-"), "", ""][:3]
    pairs = [("TY", "NEWS"), ("TI", article.title or article.id)]
    pairs += [("AU", author) for author in article.authors]
    pairs += [("T2", article.source), ("PY", year), ("DA", f"{year}/{month}/{of_month}/" if year else "")]
    pairs += [("SE", article.section), ("LA", article.language), ("UR", _link(article, address))]
    pairs += [("Y2", f"{day:%Y/%m/%d}/"), ("ID", article.id)]
    return "\n".join([f"{tag}  - {_line(value)}" for tag, value in pairs if value] + ["ER  - "])


def json_ld(document: Document, address: str) -> dict[str, Any]:
    """What schema.org calls a news article."""
    article = document.article
    found = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.title,
        "description": article.lead,
        "datePublished": article.date,
        "inLanguage": article.language,
        "articleSection": article.section,
        "author": [{"@type": "Person", "name": author} for author in article.authors],
        "publisher": {"@type": "Organization", "name": article.source} if article.source else None,
        "about": [{"@type": "Person", "name": name} for name in document.persons]
        + [{"@type": "Place", "name": name} for name in document.places],
        "isBasedOn": article.url if is_web_address(article.url) else None,
        "url": address,
    }
    return {name: value for name, value in found.items() if value}


def is_web_address(url: str) -> bool:
    """Whether a link to ``url`` leads to the web, and not into a script."""
    return re.match(r"https?://[^\s/]", url, re.IGNORECASE) is not None


def _link(article: Article, address: str) -> str:
    return article.url if is_web_address(article.url) else address


def _key(article: Article) -> str:
    """A name for BibTeX: first author or source, year, first word of the title; letters and digits only."""
    who = (article.authors[0] if article.authors else article.source).split()
    words = [who[-1] if who else "", article.date[:4], (article.title.split() or [article.id])[0]]
    plain = unicodedata.normalize("NFKD", "".join(words)).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]", "", plain).lower() or "article"


def _bibtex(text: str) -> str:
    return _BIBTEX_SPECIAL.sub(lambda match: _BIBTEX_ESCAPES.get(match[0], f"\\{match[0]}"), _line(text))


def _line(text: str) -> str:
    return " ".join(text.split())
