"""Dates as people and machines write them, kept with the precision that is known: "2005", "2005-08", "2005-08-05".

Three questions are answered here: which date does this string name, which days does such a date cover, and when was
an article published whose text does not come with a date field. A date is never guessed: where the answer is not
written in a place that only a publication date takes, there is none.
"""

from __future__ import annotations

import calendar
import datetime
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

FIRST_YEAR, LAST_YEAR = 1400, 2100
"""A number outside of these is no year of an article: page, prize, postal code."""

_MONTH_NAMES = (
    ("januar", "jänner", "jaenner", "january", "jan", "jän", "jaen"),
    ("februar", "feber", "february", "febr", "feb"),
    ("märz", "maerz", "march", "mrz", "mär", "mar"),
    ("april", "apr"),
    ("mai", "may"),
    ("juni", "juny", "june", "juno", "jun"),
    ("juli", "july", "julei", "jul"),
    ("august", "aug"),
    ("september", "sept", "sep"),
    ("oktober", "october", "okt", "oct"),
    ("november", "nov"),
    ("dezember", "december", "dez", "dec"),
)
_IN_NEWSPAPERS = frozenset([*(names[0] for names in _MONTH_NAMES), "jänner", "feber"])
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, start=1) for name in names}

IN_FIGURES = re.compile(r"([0-3]?[0-9])\.([01]?[0-9])\.([12][0-9]{3})\.?")
"""A day as 11.9.2001."""

_WEEKDAY_NAMES = (
    "montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo di mi do fr sa so "
    "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun"
)
_WEEKDAYS = frozenset(_WEEKDAY_NAMES.split())


def _either(words: Iterable[str]) -> str:
    return "(?:" + "|".join(sorted(words, key=len, reverse=True)) + ")"


# Digits are [0-9] everywhere: \d would take Arabic-Indic and other digits too.
MONTH = _either(_MONTHS) + r"\.?"
WEEKDAY = _either(_WEEKDAYS) + r"\.?,? ?"
_ZONE = r"(?:z|utc|gmt|mez|mesz|cet|cest|[+-][0-9]{2}:?[0-9]{2}|[+-][0-9]{2}(?![0-9:]))"
_CLOCK = r"(?:[01]?[0-9]|2[0-4])(?:[:.][0-5][0-9](?:[:.][0-6][0-9](?:[.,][0-9]{1,9})?)?)"
_OCLOCK = rf"(?:{_CLOCK}(?: ?(?:uhr|h))?|[0-9]{{1,2}} ?uhr)"
_TIME = rf"(?:(?:[t ]|,? (?:um )?|,? [-–|] ){_OCLOCK}(?: ?{_ZONE})?(?: ?\([a-z]{{1,6}}\))?)"
_YEAR = r"(?P<y>[0-9]{4})"

_FORMS = (
    _YEAR,
    rf"{_YEAR}([-/])(?P<m>[0-9]{{2}})",
    rf"{_YEAR}(?P<m>[0-9]{{2}})(?P<d>[0-9]{{2}})(?:t?[0-9]{{4}}(?:[0-9]{{2}})?{_ZONE}?)?",
    rf"{_YEAR}([-/.])(?P<m>[0-9]{{1,2}})\2(?P<d>[0-9]{{1,2}}){_TIME}?{_ZONE}?",
    rf"(?:{WEEKDAY})?(?:den |am |vom )?(?P<d>[0-9]{{1,2}})\. ?(?P<m>[0-9]{{1,2}})\. ?{_YEAR}{_TIME}?",
    rf"(?:{WEEKDAY})?(?:den |am )?(?P<d>[0-9]{{1,2}})(?:\.|ten|ter|st|nd|rd|th)? ?"
    rf"(?P<name>{MONTH}),? ?{_YEAR}{_TIME}?",
    rf"(?P<name>{MONTH}),? ?{_YEAR}",
    r"(?P<m>0?[1-9]|1[0-2])[./](?P<y>[0-9]{4})",
    rf"(?:{WEEKDAY})?(?P<name>{MONTH}) (?P<d>[0-9]{{1,2}})(?:st|nd|rd|th)?,? {_YEAR}{_TIME}?",
    # 28/12/2024 can only be read one way, 05/08/2004 can be May or August: those with a day of 13 and more.
    rf"(?P<d>1[3-9]|2[0-9]|3[01])([-/])(?P<m>[0-9]{{1,2}})\2{_YEAR}{_TIME}?",
    rf"(?P<m>0?[1-9]|1[0-2])([-/])(?P<d>1[3-9]|2[0-9]|3[01])\2{_YEAR}{_TIME}?",
)
_LONGEST_DATE = 80
_MOMENT = re.compile(r"([1-9][0-9]{8,9})(?:\.[0-9]*)?|([1-9][0-9]{9}|[3-9][0-9]{8})[0-9]{3}")
"""Seconds or milliseconds. Twelve digits that begin with 1 or 2 may be meant as a day with its time: 202413011030."""
_ZONE_OF_ARCHIVE = "Europe/Berlin"
KEPT = 1 << 14
"""Dates that are remembered: forty years have fewer days."""
_SPACES = re.compile(r"\s+")


@cache
def _compiled(form: str) -> re.Pattern[str]:
    """The expressions of this file are long: a search whose dates are 2005 and 2005-08 needs two of them."""
    return re.compile(form, re.IGNORECASE)


def parse_date(text: str) -> str | None:
    """The one date that ``text`` is, as "YYYY", "YYYY-MM" or "YYYY-MM-DD"; None if it is not wholly a date.

    German and English, ISO 8601 and RFC 2822, with or without weekday and time of day. With an offset the day is the
    local one, as written. Impossible days (31.02.), years outside of 1400..2100, years of two digits and orders that
    can be read in two ways (05/08/2004) give None.
    """
    return _parsed(text) if len(text) <= _LONGEST_DATE else None


@lru_cache(KEPT)
def _parsed(text: str) -> str | None:
    plain = _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()
    for form in _FORMS:
        if match := _compiled(form).fullmatch(plain):
            found = match.groupdict()
            name = found.get("name")
            # where case does not count, ſ is an s (Auguſt), but also ı an i, and that is no German month
            month = _MONTHS.get(name.rstrip(".").casefold(), 0) if name else found.get("m")
            return _written(found["y"], month, found.get("d"))
    return None


def day_of_moment(text: str) -> str | None:
    """The day in Germany that holds this moment, in seconds or milliseconds since 1970; None if it is none.

    None, too, on a system that knows no time zones.

    A day that was stored as its midnight, here or in Greenwich, stays the same day.
    """
    match = _MOMENT.fullmatch(text.strip())
    if match is None:
        return None
    try:
        day = datetime.datetime.fromtimestamp(int(match[1] or match[2]), ZoneInfo(_ZONE_OF_ARCHIVE))
    except ZoneInfoNotFoundError:
        return None
    return day.date().isoformat() if day.year <= LAST_YEAR else None


def _written(year: str, month: str | int | None = None, day: str | None = None) -> str | None:
    """The date in our form, or None if no calendar has it."""
    y, m, d = int(year), int(month or 0), int(day or 0)
    if not FIRST_YEAR <= y <= LAST_YEAR:
        return None
    if month is None:
        return f"{y:04}"
    if not 1 <= m <= 12:
        return None
    if day is None:
        return f"{y:04}-{m:02}"
    return f"{y:04}-{m:02}-{d:02}" if 1 <= d <= calendar.monthrange(y, m)[1] else None


@lru_cache(KEPT)
def interval(date: str) -> tuple[int, int]:
    """First and last day of a date in our form, each as the number yyyymmdd: "2005-08" is (20050801, 20050831).

    Raises ValueError if ``date`` is not "YYYY", "YYYY-MM" or "YYYY-MM-DD" or not in the calendar.
    """
    parts = [int(part) for part in date.split("-")]
    if len(parts) > 3 or [len(part) for part in date.split("-")] != [4, 2, 2][: len(parts)]:
        raise ValueError(f"not a date: {date!r}")
    first = datetime.date(*[*parts, 1, 1][:3])
    last_month = 12 if len(parts) == 1 else first.month
    last_day = first.day if len(parts) == 3 else calendar.monthrange(first.year, last_month)[1]
    start = first.year * 10_000 + first.month * 100 + first.day
    return start, first.year * 10_000 + last_month * 100 + last_day


FIRST_DAY, LAST_DAY = 1, 99_999_999


def limits(first: str, last: str) -> tuple[int, int]:
    """First and last day of a range of dates, as ``interval`` has them; of an open end, one that no date reaches."""
    return (interval(first)[0] if first else FIRST_DAY, interval(last)[1] if last else LAST_DAY)


@lru_cache(4096)
def date_of(number: int, width: int = 8) -> str:
    """The date that yyyymmdd, yyyymm or yyyy stands for: 20050805 -> 2005-08-05. ``width``: digits."""
    digits = str(number).rjust(width, "0")
    return "-".join(filter(None, (digits[:4], digits[4:6], digits[6:])))


def in_words(day: str) -> list[tuple[str, ...]]:
    """A day ``IN_FIGURES`` as texts have it, word by word: 11 September 2001, 11 09 2001; [] for any other text."""
    figures = IN_FIGURES.fullmatch(day)
    if not figures or not parse_date(day.rstrip(".")):
        return []
    number, month, year = map(int, figures.groups())
    names = [name for name in _MONTH_NAMES[month - 1] if name in _IN_NEWSPAPERS]
    return [
        (day_, month_, str(year))
        for month_ in (*names, str(month), f"{month:02}")
        for day_ in dict.fromkeys((str(number), f"{number:02}"))
    ]


def in_figures(words: Sequence[str]) -> list[tuple[str, ...]]:
    """A day in three words as texts have it in figures: 11. September 2001 -> 11 09 2001, 11 9 2001; else []."""
    day = parse_date(" ".join(words)) if len(words) == 3 and words[1].isalpha() else None
    if not day or day.count("-") < 2:
        return []
    year, month, number = map(int, day.split("-"))
    days, months = ({str(one), f"{one:02}"} for one in (number, month))
    return [(day_, month_, str(year)) for day_ in sorted(days) for month_ in sorted(months)]


# --- the publication date of raw text ---------------------------------------------------------------------------

_DAY = (
    rf"(?:{WEEKDAY})?(?:(?:den|am) )?(?:[0-9]{{1,2}}\. ?[0-9]{{1,2}}\. ?[0-9]{{4}}"
    rf"|[0-9]{{1,2}}\.? (?:{MONTH}) [0-9]{{4}}|(?:{MONTH}) [0-9]{{1,2}}, [0-9]{{4}}|[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})"
    r"(?![0-9])"
)
_PLACE = r"(?P<place>[^\W\d_][\w.'’/-]*(?: (?:\([^\W\d_][\w. -]*\)|[^\W\d_][\w.'’/-]*)){0,5})"
AGENCY_NAMES = {
    "adn": "ADN", "afp": "AFP", "ap": "AP", "apa": "APA", "ansa": "ANSA", "dapd": "dapd", "ddp": "ddp", "dpa": "dpa",
    "dpa-afx": "dpa-AFX", "dts": "dts", "efe": "EFE", "epd": "epd", "interfax": "Interfax", "itar-tass": "TASS",
    "kna": "KNA", "keystone-sda": "Keystone-SDA", "reuters": "Reuters", "rtr": "Reuters", "rtrd": "Reuters",
    "sda": "SDA", "sid": "SID", "tass": "TASS", "upi": "UPI", "xinhua": "Xinhua",
}  # fmt: skip
"""News agencies as they sign in brackets, in small letters, and as they are shown."""
AGENCY = rf"\((?:[^()]{{0,40}}[ ,/-])?(?:{'|'.join((*AGENCY_NAMES, 'ots', 'dw'))})(?:[ ,/-][^()]{{0,40}})?\)"
"""The brackets in which they sign in datelines, like two that are no agencies; a part of regular expressions."""
_DATELINES = (
    # Place and date and nothing else, or a dash before the report. After a full stop or a colon it is more often
    # a scene that a story opens with: "Dresden, 13. Februar 1945. Die Stadt brennt."
    rf"{_PLACE}, ?(?P<date>{_DAY}) ?(?:$|[-–—] )",
    rf"{_PLACE}, ?(?P<date>{_DAY}) ?{AGENCY}",
    rf"(?:{_PLACE} ?)?{AGENCY},? ?(?:[-–—] )?(?P<date>{_DAY})(?: ?[-–—.:|]| ?$| (?=\w))",
    rf"(?:{_PLACE} ?)?\((?:[^()]{{2,40}}, ?)(?P<date>{_DAY})\) ?(?:$|[-–—] )",
    rf"Von (?P<place>[^,;.]{{3,60}}), (?P<date>{_DAY})$",
)
_OPENING_WORDS = (
    "am an ab auf aus bei bis das dem den der des die ein eine einen einer er es für im in mit nach sie seit "
    "und um von vom vor wir zu zum zur"
)
_FUNCTION_WORDS = frozenset(_OPENING_WORDS.split())
_LONG_WEEKDAYS = frozenset(word for word in _WEEKDAYS if len(word) > 4)
_STAMP = rf"(?:.{{0,40}} )?(?P<d>[0-3][0-9])[0-2][0-9][0-5][0-9] (?P<name>{MONTH}) (?P<y>[0-9]{{2}})"
_FIRST_YEAR_OF_STAMPS = "50"
FULL_NAME = r"[A-ZÄÖÜ][\w.-]+(?: [A-ZÄÖÜ][\w.-]+){1,3}"
"""Two to four words with a capital letter, as in bylines and credits; a part of regular expressions."""
_LABELS = (
    r"(?P<label>veröffentlicht|erstveröffentlicht|erschienen|erstellt|publiziert|published|online seit|stand"
    r"|(?:(?:erscheinungs|veröffentlichungs|publikations|sende)?datum|date)"
    r"|(?:artikel|beitrag|bericht|meldung|mitteilung|pressemitteilung|sendung|ausgabe)(?= vom)|ausgabe(?=:))"
)
_LABELLED = (
    rf"\W{{0,3}}{_LABELS}(?: ?: ?| )(?:(?:am|vom|on|seit)(?: |: ?))?"
    rf"(?P<date>{_DAY}|(?:{MONTH}) [0-9]{{4}}|[0-9]{{4}}(?:-[0-9]{{2}})?(?![0-9.-]))"
    rf"(?:{_TIME})?\W{{0,3}}(?:$|(?:[|·•,;/–—-]|\bvon\b|\bby\b|\bin\b).{{0,60}}[^.]$)"
)
_IMPRINT = (
    rf"(?:Quelle: ?.{{2,60}}?(?:,| vom|:) ?(?P<date>{_DAY})(?:,.{{0,60}})?"
    r"|[^.,;:]{3,60}(?:,? ?(?:Nr\.|Ausgabe|Heft) ?[0-9/]{1,8})?"
    rf"(?:,| vom) (?P<date2>{_DAY}),? ?(?:Nr\.|S\.|Seite|Ausgabe|Heft|/).{{0,50}}"
    rf"|(?:{_PLACE}, ?)?(?P<date3>{_DAY}){_TIME}?,? ?(?:[-–—|/·] ?)?von (?-i:{FULL_NAME}(?: und {FULL_NAME})?))$"
)
_SIGN_OFF = (
    r"(?:\A|(?<=[.!?…\n])|(?<=[.!?…][“”\"»›«]))[ \t]*"
    rf"\((?P<signed>[^()\n!?:]{{2,80}}?)(?:[,;] ?(?P<date>{_DAY}))?\)['’\"“”.]?\s*\Z"
)
_NAME_WORD = r"[^\W\d_a-zäöü][\w.'’-]+"
_SIGNER = re.compile(
    rf"[^\W\d_]{{2,4}}|{_NAME_WORD}(?: (?:von|van|de|der|den|zu))*(?: {_NAME_WORD}){{1,3}}(?: aus {_NAME_WORD}.*)?"
)
"""A sign, such as an agency's, or a name: "Anna Beispiel aus Mailand"."""
_CLOSING = '“”"»›«'
_LONGEST_SIGN_OFF = 120
_HAS_YEAR = re.compile(r"[12][0-9]{3}")
_ENDS_IN_YEAR = re.compile(r"[12][0-9]{3}\W*$")
_SEPARATORS = re.compile(r" ?[|·•] ?")
_HEAD, _TAIL = 5, 4
"""Lines at the top and at the end where a dateline, a label or an imprint may stand."""
_TOP = 4
"""Lines at the top of which one may be nothing but a date: below section, title and byline."""
_LONGEST_LINE = 120


def find_publication_date(text: str, path: str = "") -> str:
    """When raw text was published, as far as it says so itself, else as its file name or folder says; "" if unknown.

    In this order: a label ("Veröffentlicht am", "Stand:"), a dateline ("Berlin, 5. August 2005 (dpa) –"), an imprint
    ("Quelle: taz vom 5.8.2005"), the stamp of an agency ("051045 Mär 12"), a sign-off behind the last sentence ("(APA,
    5.8.2005)"), a date in the file's name or folders, a short line at the top or the last one that is a date. This
    comes before the path where it is more exact.
    Dates inside of sentences are never taken: the latest date in a text is wrong three times out of four.
    """
    lines = [line for line in map(str.strip, text.splitlines()) if line]
    head, tail = lines[:_HEAD], lines[max(_HEAD, len(lines) - _TAIL) :]
    finders: tuple[Callable[[str], str | None], ...] = (labelled_date, _dateline, imprint, _stamp)
    # A report may follow the dateline on the same line, so only the beginning of a line is looked at.
    begun = [_SPACES.sub(" ", line[: _LONGEST_LINE + 1]) for line in head + tail[::-1]]
    for find in finders:
        for line in begun:
            if date := find(line):
                return date
    signed = sign_off(text)
    by_path, bare = _date_of_path(path), _date_line(lines)
    return (signed and parse_date(signed["date"] or "")) or (bare if bare.startswith(by_path) else by_path)


def sign_off(text: str) -> re.Match[str] | None:
    """The brackets in which somebody signs a text, behind its last sentence: "(APA, 8.8.2015)", "(Anna Beispiel)".

    Groups: ``signed``, and ``date`` if there is one. Behind a quotation a name says who said it.
    """
    found = _compiled(_SIGN_OFF).search(text, max(len(text) - _LONGEST_SIGN_OFF, 0)) if ")" in text[-10:] else None
    if found is None:
        return None
    is_quoted = text[found.start() - 1 : found.start()] in set(_CLOSING)
    parts = signers(found["signed"])
    known = [part.lower() in AGENCY_NAMES or bool(_SIGNER.fullmatch(part)) for part in parts]
    return found if all(known) and not (is_quoted and any(" " in part for part in parts)) else None


def signers(signed: str) -> list[str]:
    """Who signs: "Anna Beispiel/dpa" -> Anna Beispiel, dpa."""
    return re.split(r" ?[,/;+] ?", signed)


def labelled_date(line: str) -> str | None:
    """The date of a line that begins with a label ("Veröffentlicht am", "Stand:") and says no more than a byline."""
    match = _compiled(_LABELLED).match(line) if len(line) <= _LONGEST_LINE else None
    return parse_date(match["date"]) if match else None


def _dateline(line: str) -> str | None:
    for form in _DATELINES:
        match = _compiled(form).match(line)
        if match and _can_be_place((match["place"] or "").lower().split()):
            return parse_date(match["date"])
    return None


def _stamp(line: str) -> str | None:
    """The date of the last line of an agency's report: day, time, month and year, “051045 Mär 12”."""
    match = _compiled(_STAMP).fullmatch(line)
    if match is None:
        return None
    century = "19" if match["y"] >= _FIRST_YEAR_OF_STAMPS else "20"
    return parse_date(f"{match['d']}. {match['name']} {century}{match['y']}")


def _can_be_place(words: list[str]) -> bool:
    return not _FUNCTION_WORDS.intersection(words[:1]) and not _LONG_WEEKDAYS.intersection(words)


def imprint(line: str) -> str | None:
    """The date of a line that says where and when an article appeared, and perhaps who wrote it."""
    match = _compiled(_IMPRINT).match(line) if len(line) <= _LONGEST_LINE else None
    return parse_date(match["date"] or match["date2"] or match["date3"]) if match else None


def _date_line(lines: list[str]) -> str:
    """The date of a short line at the top, or of the last; "" if there is none, or several: a chronicle, a list."""
    dates = {date for line in lines if (date := _whole_line(line))}
    if len(dates) != 1:
        return ""
    ends = lines[:_TOP] if _ENDS_IN_YEAR.search("".join(lines[-2:-1])) else lines[:_TOP] + lines[-1:]
    return next((date for line in ends if (date := _whole_line(line))), "")


def _whole_line(line: str) -> str:
    """The date that a line consists of, perhaps between separators; at least a month, for 1984 may be a title."""
    if len(line) > _LONGEST_DATE or not _HAS_YEAR.search(line):
        return ""
    for part in _SEPARATORS.split(line):
        date = parse_date(part.strip(" ()[]-–—.,"))
        if date and len(date) > 4:
            return date
    return ""


# --- the date in a path -----------------------------------------------------------------------------------------

_IN_NAME = tuple(
    re.compile(form)
    for form in (
        r"(?<![0-9])(?P<y>[12][0-9]{3})([-_.])(?P<m>[0-9]{2})\2(?P<d>[0-9]{2})(?![0-9])",
        r"(?<![0-9])(?P<y>[12][0-9]{3})(?P<m>[0-9]{2})(?P<d>[0-9]{2})(?:T?[0-9]{4}(?:[0-9]{2})?)?(?![0-9])",
        r"(?<![0-9])(?P<d>[0-9]{1,2})([-_.])(?P<m>[0-9]{1,2})\2(?P<y>[12][0-9]{3})(?![0-9])",
    )
)
_MONTH_IN_NAME = re.compile(r"(?<![0-9])(?P<y>[12][0-9]{3})[-_](?P<m>[0-9]{2})(?![0-9]|[-_.][0-9])")
_FOLDER = re.compile(r"([12][0-9]{3})(?:[-_.]([0-9]{1,2})(?:[-_.]([0-9]{1,2}))?|([0-9]{2})([0-9]{2})?)?")
_MONTH_FOLDER = re.compile(rf"^(?:[0-9]{{1,2}}[ ._-]*)?(?P<name>{MONTH})$", re.IGNORECASE)
_NEAR = 2
"""So many folders above the file a folder that is only a year still counts."""


def _date_of_path(path: str) -> str:
    """The date in a file's name, else in the nearest folders that are one (2024-12-28, 2024/12/28, 2024/12, 2024)."""
    *folders, name = path.replace("\\", "/").split("/")
    return _date_of_name(name) or _date_of_folders(folders)


def _date_of_name(name: str) -> str:
    """The one date in a file name; "" if there are two, for then nobody knows which one is meant."""
    days = {_written(*found.group("y", "m", "d")) for form in _IN_NAME for found in form.finditer(name)} - {None}
    months = {_written(*found.group("y", "m")) for found in _MONTH_IN_NAME.finditer(name)} - {None}
    dates = days or months
    return (dates.pop() or "") if len(dates) == 1 else ""


def _number_of_month(folder: re.Match[str]) -> str:
    return f"{_MONTHS[folder['name'].rstrip('.').casefold()]:02}"


def _date_of_folders(folders: list[str]) -> str:
    folders = [_MONTH_FOLDER.sub(_number_of_month, folder) for folder in folders]
    for at in reversed(range(len(folders))):
        for count in (3, 2, 1):
            match = _FOLDER.fullmatch("-".join(folders[at : at + count]))
            date = _written(*filter(None, match.groups())) if match else None
            if date and (len(date) > 4 or at >= len(folders) - _NEAR):
                return date
    return ""
