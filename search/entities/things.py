"""What bears a name and is neither a person nor a place: firms, clubs, works, ships, storms."""

from __future__ import annotations

import re
from functools import lru_cache

from search.entities.extent import FOREIGN, SAINTS
from search.entities.lexicon import WORDS, mark_of
from search.entities.places import SETTING
from search.entities.roles import ADDRESSES, ARTICLES
from search.entities.text import CLOSING, OPENING, Found
from search.entities.titles import is_title

FIRMS = frozenset(firm.replace("_", " ") for firm in WORDS["firms"])
IN_FIRMS = frozenset(word for firm in FIRMS for word in firm.split())
AROUND = 2
"""So many words of a firm's name may stand before a place in it: "Alternative für Deutschland"."""
CLUBS = WORDS["clubs"]
THINGS = re.compile(
    r"(?:fähre|schiff|frachter|tanker|dampfer|kreuzer|fregatte|korvette|yacht|jacht|kutter|boot|\b(?-i:ICE|MS|MSC|MV|HMS|USS)"
    r"|fluggesellschaft|airline|firma|firmen|hotel|motel|restaurant|gasthaus|gasthof|medienhaus|verlagshaus|tageszeitung"
    r"|\b(?:fernseh|nachrichten|privat|radio|tv-)?sender|(?:kirchen|männer|frauen|kammer|kinder|jugend|gospel)chor"
    r"|(?:digital|werbe)agentur|(?:ingenieur|architektur|planungs)büro"
    r"|schlepper|eisbrecher|trawler|tender|wallach|stute|hengst"
    r"|konzern|lokomotive|sonde|satellit|geheimpolizei|rockband|automarke|sturm|orkan|hurrikan|taifun|zyklon)(?:e?s|e?n)?$",
    re.IGNORECASE,
)
"""Before the name of a ship, a train, a horse, a firm, a hotel or a storm, which may be that of a place or a person."""
WORKS = re.compile(
    r"(?:film|roman|buch|oper|operette|musical|ballett|album|song|(?<!g)lied|hit|single|serie|stück|drama|komödie|thriller|krimi"
    r"|gemälde|sendung|show|hörspiel|videospiel|computerspiel)(?:e?s)?$",
    re.IGNORECASE,
)
"""Before the title of a work in quotation marks."""

LONGEST_TITLE = 8
"""So many words of a title may stand before a name in it."""
QUOTES = OPENING | CLOSING
MINUTE = re.compile(r"\d+ ?\.(?!\d)")
CHOIRS = re.compile(r"chor(?:e?s)?$", re.IGNORECASE)
"""Called after somebody, but standing before the place where they sing: "Kirchenchor Neustadt"."""
BEFORE_BODIES = re.compile(r"(?:institut|partei|fraktion|verband|stiftung|bündnis|portal|sender)s?$", re.IGNORECASE)
"""Before what no list knows, and what is no place then."""


HOMES = re.compile(
    r"(?:kindergarten|kita|tagesstätte|bruderschaft|schule|krankenhaus|hospital|hospiz|altenheim|seniorenheim|pflegeheim)s?$",
    re.IGNORECASE,
)
"""Before a saint to whom they are dedicated: "Kindergarten St. Josef"."""


def is_firm(found: Found) -> bool:
    """Whether a name is that of a firm or a club, or a part of one: "Merrill Lynchs", "Air" and "China"."""
    if IN_FIRMS.isdisjoint(found.words):
        return False
    around, begin, end = found.sentence.words, found.begin, found.end
    written = [" ".join(around[at:to]) for at in range(max(0, begin - AROUND), begin + 1) for to in (end, end + 1)]
    return any(name in FIRMS or name.rstrip(".s") in FIRMS for name in written)  # "Hannover 96." ends a sentence


def is_thing(found: Found) -> bool:
    """Whether a name is that of one of THINGS or stands in the title of a work: Tanker „Karl Marx“, Film „Nixon“."""
    words, before, begin = found.sentence.words, found.before, found.begin
    if before in OPENING and begin > 1:
        before = words[begin - 2]
        if before.lower() in ARTICLES:  # Die „Gorch Fock“
            return True
    if is_kind_of_thing(before):
        return True
    if QUOTES.isdisjoint(words[max(0, begin - LONGEST_TITLE) : begin]):
        return False
    at = next(at for at in range(begin - 1, -1, -1) if words[at] in QUOTES)  # Oper „Der Barbier von Sevilla“
    return at > 0 and words[at] in OPENING and words[at + 1][0].isupper() and WORKS.search(words[at - 1]) is not None


@lru_cache(maxsize=20_000)
def is_kind_of_thing(word: str) -> bool:
    """Whether a word is one of THINGS: "Taifun", "Raumfähre"."""
    return THINGS.search(word) is not None


def is_called_so(found: Found, words: list[str]) -> bool:
    """Whether something else bears what may be a place's name: "Raumfähre Atlantis", "Torwart Buffon", „Eurostar“.

    A word that no list knows also behind a title, in quotation marks, and before a minute of a match: "Olic (23.)".
    """
    before, after, word = found.before, found.after, words[0]
    if before in ADDRESSES or before in CLUBS or word in CLUBS or (is_thing(found) and not CHOIRS.search(before)):
        return True
    if word in SAINTS and HOMES.search(before):
        return True
    if len(words) > 1 or mark_of(word) or "-" in word or SETTING.search(word):
        return False
    is_of_kind = len(found.words) > len(words)  # "Dorf Osipowitsch"
    if not is_of_kind and (FOREIGN.search(word) or BEFORE_BODIES.search(before)):
        return True
    is_author = word[-1] == "s" and after in ("„", '"')  # "nach Tschechovs „Drei Schwestern“"
    is_scorer = after == "(" and MINUTE.match(" ".join(found.sentence.words[found.end + 1 : found.end + 3]))
    return bool(is_author or is_scorer) or is_title(before) or (before in OPENING and after in CLOSING)
