"""Finds a title for a text that comes without one: its first line, or its first sentence."""

from __future__ import annotations

import re

from search.dates import AGENCY, FULL_NAME, MONTH, WEEKDAY, find_publication_date, imprint, labelled_date

LONGEST_TITLE_LINE = 120
LONGEST_TITLE = 100

_ABBREVIATION_WORDS = (
    "abb abs abt allg alt anm art aug bd bes bez bspw bzgl bzw ca chr co corp dez dipl dr dt ehem einschl engl etc ev "
    "evtl exkl feb febr fr frz gab geb gen ges gest ggf gr hbf hg hl hr hrsg inc ing inkl insb intl ital jan jh jhd jr "
    "kap kath kfm lat lt ltd max med mia min mio mr mrd mrs ms mt nat nov nr nrn obb okt op phil pl pol prof rd red "
    "rer resp rev röm russ sek sen sept skr sog spec sr st std str tel tsd u.a übers usf vgl vol vs wg z.b zt zzgl "
    "gegr jun kgl ugs urspr verh versch vors wiss österr schweiz bayr sächs"
)
_ABBREVIATIONS = frozenset(_ABBREVIATION_WORDS.split())
_SENTENCE_END = re.compile(r"(?P<word>[^\s.!?…„“\"(]*)(?P<mark>[.!?…]+)[\"'“”»«’‘)\]]*(?=\s+[\W\d_]*[^\W\d_]|\s*$)")
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")
_ROMAN = re.compile(r"[IVXLC]+")
_DATELINE = re.compile(
    r"[^.!?()]{0,60}(?:\([^\W\d_][^().]{0,40}\))?(?:, ?[0-9]{1,2}\. ?[\w.]{2,10} ?[0-9]{4})? ?"
    rf"(?:(?<=[0-9][0-9][0-9][0-9] )|{AGENCY},? ?)(?:[-–—]|[.:](?= )) ?",
    re.IGNORECASE,
)
_NO_TITLE_END = re.compile(r"[.!?…:;,][\"'“”»«’‘)]*$")
_EXCLAIMED = re.compile(r"[!?][\"'“”»«’‘)]*$")
_CAPTION = re.compile(r"(?:Bild|Foto|Grafik|Video|Quelle): ?", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
_BYLINE = re.compile(rf"[Vv]on (?P<names>{FULL_NAME}(?: und {FULL_NAME})?)")
_BEFORE_DATE = re.compile(r" ?(?:,|[|–-] ?)(?= ?[0-9])")
_TOP = 600
"""Characters in which a byline is looked for."""
_YEAR = re.compile("[0-9]{4}")
_ENDS_IN_DATE = re.compile(
    r"[12][0-9]{3}(?:,? (?:[|–-] )?[0-9.:]{4,8})?(?:,? [0-9:.]{1,5} Uhr| Uhr)?\W*(?:\([^()]*\))?\W*$"
)
_TIMES = rf"(?>(?:[\W\d_]|\b(?:{WEEKDAY}|{MONTH}|aktualisiert|am|bis|gestern|heute|stand|uhr|um|vom|von)\b)*)"
_BUTTONS = (
    "anzeige|artikel|drucken|e-?mail|facebook|fehler melden|google plus|kommentare?(?: schreiben)?|kommentieren|mailen|"
    "merken|share|teilen|text kleiner größer|tweet|twittern|vergrößern|versenden|vorlesen|werbeanzeige|werbung|whatsapp"
)
_SECTION_NAMES = (
    "abo aktuell aktuelles anmelden archiv audio ausland auto bildung börse digital e-paper epaper familie feuilleton "
    "finanzen forum geld gesellschaft gesundheit glosse home inland karriere kolumne kommentar kultur leitartikel "
    "leben leserbrief leserbriefe login lokales lokalsport mediathek medien meinung menü menu nachrichten netzwelt "
    "newsletter panorama podcast politik pressemeldung pressemitteilung ratgeber regional reise schlagzeilen shop "
    "sport startseite stil suche technik titelseite unterhaltung vermischtes video videos wetter wirtschaft wissen "
    "wissenschaft"
)
_SECTION = re.compile(
    rf"(?>(?:{_SECTION_NAMES.replace(' ', '|')}|und)\b[\W\d_]*)+"
    r"|(?:home|startseite)(?: ?[>»›/|] ?[^>»›/|\s]+(?: [^>»›/|\s]+)?)+",
    re.IGNORECASE,
)
"""The name of a section, or the way to it: what papers print above a title, and pages have in their menus."""
_NO_TITLE = re.compile(
    rf"(?!§|[12][0-9]{{3}}$)[\W\d_]*|(?=.*[0-9][.:][0-9]{{2}}\b){_TIMES}|(?:{_BUTTONS})[\W\d_]*"
    r"|[a-z]{3}[0-9]{3,4} [0-9] [a-z]{2,3} .*[0-9]|(?:[^/\s][^/]*/)+",
    re.IGNORECASE,
)
"""A counter, a time of day, what was to be clicked in a page that was saved as text, or what an agency puts above a
report: its number (“bdt0123 3 pl 243 dpa 0456”) and keywords (“Kommunen/Hessen/”)."""
_LINES = 20
"""Lines at the top that are looked at: they say how wide a text is written."""
_UNFINISHED_WORDS = (
    "am das dem den der des die eine einem einen einer eines für gegen im in ins oder und vom von wegen zum zur "
    "zwischen"
)
_UNFINISHED = re.compile(rf"(?:[,;:–-]|\b[0-9]{{1,2}}\.|\b(?:{_UNFINISHED_WORDS.replace(' ', '|')}))$")
# Headlines end in these, too: "Minister tritt vor Gericht auf", "Union stimmt zu".
_PREFIXES = "an auf aus bei durch ein mit nach über um unter vor zu"
_OPENERS = f"{_UNFINISHED_WORDS} {_PREFIXES} als er es heute nachdem seit wie".title()
"""Only at the beginning of a sentence are these written so."""
_OPENING = re.compile(rf"(?!Den Haag)(?:{_OPENERS.replace(' ', '|')})\b")


def split_title(text: str) -> tuple[str, str]:
    """The title of a text that comes without one, and the text that is left.

    A short first line above a longer text is the title and leaves the text, if it was ended on purpose. Otherwise the
    title is the first sentence, shortened, and the text stays whole. ``text`` must not be blank; neither result is.
    """
    above, rest = _past_datelines(text)
    first, below = _first_line(rest)
    apart = _BLANK_LINE.match(rest, len(first))
    is_sentence = _NO_TITLE_END.search(first) and not (apart and _EXCLAIMED.search(first))
    if len(first) > LONGEST_TITLE_LINE or len(below) <= len(first) or is_sentence:
        return first_sentence(first), text
    return " ".join(first.split()), "\n\n".join([*above, below])


def _past_datelines(text: str) -> tuple[list[str], str]:
    """The lines above the title that say nothing of what happened, and the text below them."""
    above: list[str] = []
    rest = text.strip()
    sections = 0
    while len(above) < _LINES:
        line, _, below = rest.partition("\n")
        line = line.strip()
        is_section = names_section(line)
        # below three names of sections stand others that are not known, one a line: it is a menu
        in_menu = sections > 2 and len(line.split()) < 3 and below[:1].strip()
        is_no_title = is_section or in_menu or _is_year_above(line, below) or _NO_TITLE.fullmatch(line)
        if not below.strip() or not (is_no_title or is_about_article(line)):
            break
        sections += is_section
        above.append(line)
        rest = below.strip()
    return above, rest


def _is_year_above(line: str, below: str) -> bool:
    """Whether a line is nothing but a year, and the title stands below it: above the text itself it is the title."""
    if not _YEAR.fullmatch(line):
        return False
    first, _ = _first_line(below.strip())
    return len(first) <= LONGEST_TITLE_LINE and not _NO_TITLE_END.search(first)


def names_section(line: str) -> bool:
    """Whether a line says nothing but in which section an article stands: "Politik", "LOKALES"."""
    return len(line) <= LONGEST_TITLE_LINE and bool(_SECTION.fullmatch(line))


def without_menu(text: str) -> str:
    """The text without the words that stand above its title and are not about it, such as the menu of a page."""
    above, rest = _past_datelines(text)
    return "\n".join([*(line for line in above if is_about_article(line) or re.search("[0-9]", line)), rest])


def authors_of(text: str) -> tuple[str, ...]:
    """Whom a line at the top of a text, perhaps with its date, names as those who wrote it: "Von Eva Beispiel"."""
    for line in map(str.strip, text[:_TOP].split("\n")):
        byline = _BYLINE.match(line)
        dated = byline and _BEFORE_DATE.match(line, byline.end()) and is_about_article(line)
        if byline and (dated or byline.end() == len(line)):
            return tuple(byline["names"].split(" und "))
    return ()


def is_about_article(line: str) -> bool:
    """Whether a line is no part of the article but about it: a date, a dateline, a byline, an address or a caption."""
    if len(line) > LONGEST_TITLE_LINE:
        return False
    dated = _YEAR.search(line) and (
        (_ENDS_IN_DATE.search(line) and find_publication_date(line)) or labelled_date(line) or imprint(line)
    )
    return bool(dated or _BYLINE.fullmatch(line) or _ADDRESS.fullmatch(line) or _CAPTION.match(line))


def _first_line(text: str) -> tuple[str, str]:
    """The first line, together with those that it was wrapped into, and what follows them."""
    lines = text.split("\n", _LINES)
    width = max((len(line) for line in lines[1:_LINES] if " " in line.strip()), default=0)
    end = 1
    while end < min(len(lines), _LINES) and _goes_on(lines[end - 1].strip(), lines[end].strip(), width):
        end += 1
    return "\n".join(lines[:end]).strip(), "\n".join(lines[end:]).strip()


def _goes_on(line: str, following: str, width: int) -> bool:
    """Whether the next line belongs to this one: it begins nothing, or its first word found no room here."""
    if not following.strip("=*_-"):
        return False
    had_room = len(line) + 1 + len(following.split(maxsplit=1)[0]) <= width
    begins = following[0].isupper() or following[0].isdigit() or following[0] in "„“\"»«‚'"
    if not begins and had_room and is_about_article(following):
        return False
    if not begins or _UNFINISHED.search(line[-LONGEST_TITLE_LINE:]) or _DATELINE.fullmatch(line):
        return True
    if is_about_article(following) or _DATELINE.match(following) or _OPENING.match(following):
        return False
    return not had_room


def first_sentence(text: str) -> str:
    """The first sentence as a title: without a dateline, on one line, at most 100 characters."""
    # A sentence of 100 characters is decided by the first thousand, dateline and blanks included.
    start = " ".join(_BLANK_LINE.split(text.strip()[:1000], maxsplit=1)[0].split())
    dateline = _DATELINE.match(start)
    if dateline and dateline.end() < len(start):
        start = start[dateline.end() :]
    return shorten(next((start[: end.end()] for end in _SENTENCE_END.finditer(start) if _ends(end)), start))


def _ends(match: re.Match[str]) -> bool:
    """Whether a full stop ends a sentence, and not an abbreviation (z. B., Dr., U.S.) or an ordinal (5., XVI.)."""
    word, mark = match["word"], match["mark"]
    if mark != "." or not match.string[match.end() :].strip():
        return True
    words = match.string[: match.start("mark")].split()
    if not words:
        return False
    before = words[-1].lstrip("„“\"'»«(")
    if "." in before or len(word) == 1 or word.lower() in _ABBREVIATIONS:
        return False
    return not (_ROMAN.fullmatch(word) or (word.isdigit() and len(word) < 3))


def shorten(text: str) -> str:
    """At most 100 characters, cut between words, with "…" where something is missing."""
    if len(text) <= LONGEST_TITLE:
        return text
    cut = text[:LONGEST_TITLE]
    at = cut.rfind(" ")
    return cut[: at if at > LONGEST_TITLE // 2 else LONGEST_TITLE - 1].rstrip(' ,;:-–—(„"') + "…"
