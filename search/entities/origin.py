"""Where an article comes from by its own words: the agencies it names, and the place of its dateline.

Agencies stand in brackets behind the dateline ("BERLIN (Reuters) –"), before a bar ("BERLIN dpa |") or in the sign-off
("AR/kle (rtr, dpa, afp)", "(Anna Beispiel, APA, 8.8.2015)", "ak/dpa"), and only known ones count.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from search.dates import AGENCY_NAMES, sign_off, signers
from search.entities.gazetteer import place_info
from search.entities.lexicon import NOTED_PLACES, WORDS, Mark, mark_of
from search.entities.places import PLACE_MARKS, canonical_place

BRACKET = re.compile(r"\(([\w,/;+ -]{2,60})\)")
DATELINE = re.compile(
    r"\s*(?P<place>[A-ZÄÖÜ][\w.-]+(?: [\w.-]+){0,3}?)(?:/(?P<second>[A-ZÄÖÜ][\w. -]+?))?(?:/(?P<third>[A-ZÄÖÜ][\w-]+))?"
    r"(?: \((?P<river>[A-ZÄÖÜ][\w-]+)\)(?=, \d| \())?"
    r"(?P<date>,? (?:den )?\d{1,2}\. ?(?:\d{1,2}\.|\w+)(?: ?\d{4})?)?"
    r"(?: \((?P<agencies>[\w/,; +-]{2,40})\)(?:,(?= \d))? ?[-–—:]?| (?P<barred>[a-z/]{2,20}) \|"
    r"|(?:,(?= \d))? ?(?P<dash>[-–—:·])) "
)
PLAIN = re.compile(
    r"\s*(?P<place>(?:St\. )?[A-ZÄÖÜ][\w-]++(?>(?: [\w-]++){0,3}))\.(?: ?\.)? ?(?:\([A-Z]{2,4}\) )?(?=[„“»\"]?[A-ZÄÖÜ])"
)
"""A sentence that may be a place alone, with which regional papers begin: "Trier. Der Stadtrat tagt."."""
BAR = re.compile(r"(?:\A|(?<=[.!?\n]))\s*[A-ZÄÖÜ][A-ZÄÖÜ/. -]+ (?P<signed>[a-z/]{2,20}) \|")
SIGNED = re.compile(r"(?:[.!?…“”\"»\n] ?|© )(?P<signed>\w{2,4}(?:/\w{2,4}){0,3})(?:-infocom, dpa:\S+)?\Z")
"""Agencies without brackets: "BERLIN dpa/rtr |" at the beginning; "ak/dpa", "© dpa-infocom, dpa:220723" at the end."""
SENTENCE_END = re.compile(r"[.?!](?<!\bSt.)[“\"»]?\s+(?=[A-ZÄÖÜ])")
LEADS_TO = re.compile(r"\s*[A-ZÄÖÜ][^-–—:(|·\n]{0,61}+(?:(?<= )[-–—(|·]|:)")
"""Sooner looked for than a dateline, which has a bracket, a bar or a dash behind its places."""
FIRST_WORD = re.compile(r"[„“»\"]?([A-ZÄÖÜ]\w*)")
LAST_LINES, OPENING, CLOSING, SIGN = 3, 200, 400, 40
"""So many lines at the end, and characters at the beginning and end, are searched for agencies, and for a mere sign."""


def agencies_in(text: str) -> list[str]:
    """Known agencies of the first bracket that has one; an unknown short word beside them is an author's sign."""
    for found in BRACKET.finditer(text):
        words = re.split(r"[,/;+ ]+", found.group(1).lower())
        known = [AGENCY_NAMES[word] for word in words if word in AGENCY_NAMES]
        if known and all(word in AGENCY_NAMES or len(word) <= 3 or word == "nachrichtenagentur" for word in words):
            return known
    return []


def agencies(text: str) -> tuple[str, ...]:
    """The agencies that an article names at its beginning and at its end, each once."""
    lines = text[-CLOSING:].rstrip().split("\n")[-LAST_LINES:]
    ends = [line for line in lines if line.rstrip().endswith(")")]
    found = agencies_in(text[:OPENING])
    for end in ends:
        found += agencies_in(end[end.rindex("(") :] if "(" in end else "")
    barred = BAR.search(text[:OPENING]) if "|" in text[:OPENING] else None
    end = text[-2 * SIGN :].rstrip()[-SIGN:]
    bare = SIGNED.search(end) if end[-1:].isalnum() else None
    for signed in filter(None, (barred, sign_off(text), bare)):
        found += [AGENCY_NAMES[one] for one in map(str.lower, signers(signed["signed"])) if one in AGENCY_NAMES]
    return tuple(dict.fromkeys(found))


class Dateline(NamedTuple):
    """A place where an article says that it was written, as a facet shows it, and where it says so."""

    place: str
    start: int
    end: int


def datelines(text: str, begin: int) -> list[Dateline]:
    """The places from which an article is written, by its beginning or, in Austrian papers, behind a teaser."""
    begins = [begin, *(end.end() for end in SENTENCE_END.finditer(text, begin, begin + OPENING))]
    found = (_at(text, place) for place in begins if LEADS_TO.match(text, place))
    plain = (_alone(text, place) for place in begins if place == begin or text[place - 1] == "\n")
    return next(filter(None, found), []) or next(filter(None, plain), [])


def _alone(text: str, begin: int) -> list[Dateline]:
    """A place that is a sentence of its own, the next one in the same line: "Trier. Der Stadtrat", "WELS. Groß war"."""
    found = PLAIN.match(text, begin, begin + OPENING)
    opens = found and FIRST_WORD.match(text, found.end())
    if not found or not opens:
        return []
    shown = canonical_place(_small(found["place"]))
    mark = mark_of(shown)
    is_theme = mark & (Mark.NOUN | Mark.WORD | Mark.COUNTRY | Mark.FIRST | Mark.LAST)
    is_theme = is_theme and not mark & (Mark.LARGE | Mark.OTHER_NAME)
    is_report = mark_of(opens[1]) & Mark.WORD and not is_theme
    is_line = place_info(shown) is not None and (is_report or _is_capital(found["place"]))
    return [Dateline(shown, *found.span("place"))] if is_line else []


def _at(text: str, begin: int) -> list[Dateline]:
    """The places that stand at ``begin`` or behind blanks, if an agency, date and dash, or capitals and dash follow, or
    a dash and the beginning of a sentence: "Wien – Die Regierung", not "Wien – Hauptstadt der Musik".

    Two of "BERLIN/PARIS (dpa) –", one of "Halle/Saale (dpa) –", "Frankfurt/Main (dpa) –" or "Frankfurt (Oder) (dpa) –".
    """
    found = DATELINE.match(text, begin, begin + OPENING)
    if not found or SENTENCE_END.search(found["place"]) or found["place"] in WORDS["times"]:
        return []
    place = found["place"]
    signed = found["agencies"] or found["barred"]
    is_agency = bool(agencies_in(f"({signed})")) or found["barred"] == "taz"
    opens = found["dash"] not in (None, ":") and FIRST_WORD.match(text, found.end())
    is_theme = mark_of(place) & (Mark.NOUN | Mark.WORD | Mark.COUNTRY)  # "Regen – Am Wochenende wird es nass"
    is_report = opens and mark_of(opens[1]) & Mark.WORD and not is_theme
    is_line = (found["dash"] and (found["date"] or is_report)) or (_is_capital(place) and not found["agencies"])
    if not is_agency and not is_line:
        return []
    is_certain = mark_of(place.title()) & NOTED_PLACES or (" " in place and place_info(_small(place)) is not None)
    if not is_agency and not found["date"] and not is_certain:
        return []
    if behind := found["second"] or found["river"]:
        for written in (f"{_small(place)} ({_small(behind)})", f"{_small(place)}/{_small(behind)}"):
            if place_info(canonical_place(written)) is not None:
                end = found.end("second" if found["second"] else "river")
                return [Dateline(canonical_place(written), found.start("place"), end)]
    shown = [
        (canonical_place(_small(found[group])), *found.span(group))
        for group in ("place", "second", "third")
        if found[group]
    ]
    return [Dateline(*each) for each in shown if _is_place(each[0])]


def _small(place: str) -> str:
    """BERLIN -> Berlin; USA and Berlin stay."""
    return place.title() if _is_capital(place) else place


def _is_capital(place: str) -> bool:
    return place.isupper() and len(place) > 3


def _is_place(shown: str) -> bool:
    if " " in shown:
        return not any(word.isupper() for word in shown.split(" "))  # "MDR Kulturdesk, 7. Juli 2025:"
    return bool(mark_of(shown) & PLACE_MARKS)
