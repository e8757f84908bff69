"""The language of a page: which one a reader gets, and how dates, numbers and sentences are put in it.

The texts in code and templates are German; ``translations/<language>/LC_MESSAGES/messages.po`` has the others, and a
language is offered as soon as its file is there. Nothing else imports Babel.
"""

from __future__ import annotations

import datetime
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote, urlencode

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal, format_percent
from flask import Flask, g, request
from flask_babel import Babel, get_locale, get_translations, ngettext
from markupsafe import Markup
from werkzeug import Response
from werkzeug.utils import redirect

from search import Note, RequestError
from web import texts
from web.state import EXCLUDING, LONGEST_ADDRESS, LONGEST_VALUE, MOST_VALUES, rooted

DEFAULT = "de"
COOKIE = "lang"
_ONE_YEAR = 365 * 24 * 3600
LEAST_TIME = 0.01
"""Seconds; what took less is said to have."""
_TRANSLATIONS = Path(__file__).parent / "translations"
LANGUAGES = (DEFAULT, *sorted(path.parts[-3] for path in _TRANSLATIONS.glob("*/LC_MESSAGES/messages.po")))


def init(app: Flask) -> None:
    """Let an application speak all languages."""
    Babel(app, default_locale=DEFAULT, locale_selector=_choose, default_translation_directories=str(_TRANSLATIONS))
    app.jinja_env.filters |= {
        "articles": articles_in_words,
        "date_in_words": date_in_words,
        "number": number,
        "percent": percent,
    }
    app.jinja_env.globals |= {
        "_": _in_template,
        "language": language,
        "languages": languages,
        "coarse_in_words": coarse_in_words,
        "find_label": find_label,
    }


def _choose() -> str:
    """The language a reader chose, else one the browser asks for, else German."""
    chosen = request.cookies.get(COOKIE, "")
    return chosen if chosen in LANGUAGES else request.accept_languages.best_match(LANGUAGES, DEFAULT)


def chosen_language() -> Response | None:
    """The answer to an address with ``?lang=``: the same address without it, and a cookie that keeps the choice."""
    choice = request.args.get("lang", "")
    if choice not in LANGUAGES or request.method not in ("GET", "HEAD"):
        return None
    rest = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    address = rooted(quote(request.path)) + ("?" + urlencode(rest) if rest else "")
    response = redirect(address, 303)
    response.headers["Cache-Control"] = "no-store"
    # below a path of a site another page of it may have a cookie of the same name
    path = rooted("/")
    response.set_cookie(
        COOKIE, choice, max_age=_ONE_YEAR, path=path, samesite="Lax", httponly=True, secure=request.is_secure
    )
    return response


def language() -> str:
    """The language of this page, as the attribute ``lang`` takes it."""
    if "language" not in g:
        g.language = str(get_locale() or DEFAULT)
    return str(g.language)


def languages() -> list[tuple[str, str, str]]:
    """Each language: its code, its own name, and the address of this page in it."""
    pairs = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    return [
        (code, str(Locale.parse(code).get_display_name(code)), "?" + urlencode([*pairs, ("lang", code)]))
        for code in LANGUAGES
    ]


def gettext(text: str, **values: str) -> str:
    """A text in the reader's language, with values put in."""
    # a page has more than a hundred texts; to find out each time which language it is in took a tenth of it
    if "translations" not in g:
        g.translations = get_translations()
    said = str(g.translations.gettext(text))
    return said % values if values else said


def _in_template(text: str, **values: object) -> Markup:
    """A text in a template, whose values are escaped."""
    said = Markup(gettext(text))
    return said % values if values else said


# --- dates, numbers, times ---


def date_in_words(date: str) -> str:
    """A date as precise as it is known: "28. Dezember 2024", "August 2005", "2005"; empty for an empty one."""
    return _date_in_words(date, language())


@lru_cache(maxsize=10_000)
def _date_in_words(date: str, language: str) -> str:
    parts = [int(part) for part in date.split("-")] if date else []
    if len(parts) < 2:
        return date
    if len(parts) == 2:
        return str(format_skeleton("yMMMM", datetime.date(parts[0], parts[1], 1), locale=language))
    return str(format_date(datetime.date(parts[0], parts[1], parts[2]), "long", locale=language))


def month_in_short(month: int) -> str:
    """The name of a month, short enough for the axis of a chart."""
    return _month_in_short(month, language())


@lru_cache(maxsize=100)
def _month_in_short(month: int, language: str) -> str:
    return str(format_date(datetime.date(2000, month, 1), "LLL", locale=language))


def range_in_words(first: str, last: str) -> str:
    """A range of dates, either end of which may be open."""
    if first == last:
        return date_in_words(first)
    ends = {"first": date_in_words(first), "last": date_in_words(last)}
    if not last:
        return gettext("ab %(first)s", **ends)
    return gettext("%(first)s bis %(last)s", **ends) if first else gettext("bis %(last)s", **ends)


def number(value: float) -> str:
    """A number with the language's own marks: 10.000 or 10,000."""
    return _number(value, language())


@lru_cache(maxsize=10_000)
def _number(value: float, language: str) -> str:
    return str(format_decimal(value, locale=language))


def percent(value: float) -> str:
    """A share with one decimal: 3,5 % or 3.5%."""
    locale = Locale.parse(language())
    pattern = locale.percent_formats[None].pattern.replace("0", "0.#")
    return str(format_percent(value, format=pattern, locale=locale))


def articles_in_words(total: int) -> str:
    """A number of articles."""
    return str(ngettext("%(number)s Artikel", "%(number)s Artikel", total, number=number(total)))


def took_in_words(seconds: float) -> str:
    """How fast it was found; nobody cares for thousandths."""
    if seconds < LEAST_TIME:
        return gettext("in weniger als %(time)s Sekunden", time=number(LEAST_TIME))
    time = format_decimal(seconds, format="0.##", locale=language())
    return gettext("in %(time)s Sekunden", time=str(time))


def coarse_in_words(interval: str, count: int) -> str:
    """How many articles of the shown time are dated too coarsely to be in the chart."""
    found = articles_in_words(count)
    if interval == "month":
        return gettext("Dazu %(found)s, nur auf das Jahr genau datiert.", found=found)
    return gettext("Dazu %(found)s, nicht auf den Tag genau datiert.", found=found)


# --- texts by their code ---


def note_in_words(note: Note) -> str:
    """What of a query was not understood or not done."""
    return gettext(texts.NOTES[note.code], word=note.word, position=number(note.position + 1))


def problem_in_words(error: RequestError) -> str:
    """What is wrong with a parameter of this page's address."""
    if error.fault == "many":
        return gettext(texts.TOO_MANY_VALUES, value=_called(error.parameter), most=number(MOST_VALUES))
    if error.fault == "long" and not error.values:
        return gettext(texts.TOO_LONG_TOGETHER, value=_called(error.parameter), most=number(LONGEST_ADDRESS))
    if error.fault == "long":
        return gettext(texts.TOO_LONG, value="".join(error.values), most=number(LONGEST_VALUE))
    if error.fault == "order":
        first, last = map(date_in_words, error.values)
        return gettext(texts.REVERSED, first=first, last=last)
    return gettext(texts.PROBLEMS[error.parameter], value="".join(error.values))


def _called(parameter: str) -> str:
    """What a page calls a parameter that has a query or values."""
    facet = EXCLUDING.get(parameter, parameter)
    if facet in texts.FACETS:
        return facet_label(facet)
    text = texts.QUERY if parameter == "q" else texts.WITHOUT
    return gettext(text)


def facet_label(facet: str) -> str:
    """The heading of a facet."""
    return gettext(texts.FACETS[facet][0])


def find_label(facet: str) -> str:
    """What the field does that looks for a value of a facet."""
    return gettext(texts.FIND[facet])


def chosen_label(facet: str, value: str) -> str:
    """A chosen value of a facet, or words behind a field."""
    return gettext(texts.IN_FIELD.get(facet) or texts.FACETS[facet][1], value=value)


def excluded_label(value: str) -> str:
    """A value of a facet that no hit has."""
    return gettext("ohne %(choice)s", choice=value)


def missing_label(facet: str) -> str:
    """The articles without any value of a facet."""
    return gettext(texts.FACETS[facet][2])


def status_in_words(status: int) -> tuple[str, str]:
    """Heading and explanation of an error page."""
    title, text = texts.STATUS.get(status, texts.STATUS[400 if status < 500 else 500])
    return gettext(title), gettext(text)
