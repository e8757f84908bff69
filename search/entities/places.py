"""Under which name a found place is shown: nominative, without "Region", one spelling per place.

The spellings come from search/lexicon/variants.txt, which people extend; the rest is grammar.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from functools import cache, lru_cache

from search.entities.gazetteer import place_info
from search.entities.lexicon import LEXICON, NOTED_PLACES, SURNAMES, WORDS, Mark, Phrases, mark_of, marks_of
from search.entities.text import Found
from search.lines import lines_of, names_for

PLACE_KINDS = frozenset(word + end for word in WORDS["kinds"] for end in ("", "s", "es"))
"""Nouns that say what kind of place follows, and their genitives."""
ORDINAL = re.compile(r"(?<=\d)\.$")
"""The end of a sentence behind "Bundesautobahn 9"."""
PLACE_MARKS = Mark.COUNTRY | Mark.PLACE | Mark.TOWN | Mark.OTHER_NAME


@cache
def variants() -> dict[str, str]:
    """The spellings that come with the program."""
    return names_for(LEXICON / "variants.txt")


def canonical_place(name: str, present: Container[str] = ()) -> str:
    """The name under which a place is shown; ``present`` are the words of the article."""
    known = variants()
    if name.isupper() and len(name) > 3 and place_info(name.title()) is not None:  # "KITZINGEN"
        name = name.title()
    if name[-1:] == ".":
        name = ORDINAL.sub("", name)
    if name in known:
        return known[name]
    if name[-1:].isdecimal() and (road := ROAD.fullmatch(name)):
        return f"{'B' if 'Bundesstraße' in name else road[1] or 'A'} {road[2]}"
    if " " in name and (declined := _nominative(*name.rsplit(" ", 1))):
        return known.get(declined, declined)
    if name[-1:] in "'’":
        name = name[:-1]
    elif len(name) > 3 and name[-1] == "s" and name[-2] not in "sxz":
        name = _without_genitive(name, present)
    if name in known:
        return known[name]
    return MEANT.get(name) or _as_listed(name)


MEANT = {name.partition("_")[0]: name.replace("_", " ") for name in WORDS["meant"]}


ROAD = re.compile(r"(?:(?:Bundesautobahn|Autobahn|Bundesstraße|BAB|\w+linie) )?(?:([AB]) ?)?(\d+)")
"""Roads of the country, by whatever name: "Bundesautobahn 2", "Autobahn A 2", "A 2"."""
HEADS = {
    noun + genitive: (noun, ending)
    for ending, nouns in {
        "es": "Meer Reich Gebirge Dreieck Land Becken Moor Tal",
        "er": "Ozean Wald Golf Fluss Osten Westen Norden Süden Platz Kanal",
        "e": "Halbinsel Inseln Alpen Republik Schweiz Alb Tauern Seenplatte Bucht Küste Wüste Heide Steppe Ebene",
    }.items()
    for noun in nouns.split()
    for genitive in ("", "s", "es")
}
"""Nouns that an adjective makes the name of a place, in two cases, and how it ends before them in the nominative."""
DECLINED = re.compile(r"(\w{2,})(?:e|en|em)")


def _nominative(adjective: str, head: str) -> str:
    """ "Karibischen Meeres" -> "Karibisches Meer", "Irischen See" -> "Irische See"; empty for what is no such name."""
    found = DECLINED.fullmatch(adjective)
    noun, ending = HEADS.get(head, (head, "e" if head == "See" and found and found[1].endswith("isch") else ""))
    if not found or not ending:
        return ""
    mark = mark_of(adjective)
    is_adjective = found[1].endswith("isch") or (mark & Mark.WORD and not mark & PLACE_MARKS)
    return f"{found[1]}{ending} {noun}" if is_adjective else ""


def _declined(adjective: str, noun: str) -> list[str]:
    """The other cases: "Rotes", "Meer" -> "Roten Meeres", "Rote Meer" ..."""
    head, ending = HEADS.get(noun, ("", ""))
    if head != noun or not adjective.endswith(ending) or " " in adjective:
        return []
    stem = adjective.removesuffix(ending)
    return [f"{stem}{end} {head}{genitive}" for end in ("e", "en", "em") for genitive in ("", "s", "es")]


SPELLINGS = (("ae", "ä"), ("oe", "ö"), ("ue", "ü"), ("Ae", "Ä"), ("Oe", "Ö"), ("Ue", "Ü"), ("ss", "ß"))
"""What old, Swiss and plain texts write, and what German lists have."""
AS_K = re.compile(r"^C(?=[aoulrö])")
"""Cöln, Cuba."""
IN_GERMAN = Mark.COUNTRY | Mark.PLACE | Mark.NEAR


@lru_cache(maxsize=20_000)
def _as_listed(name: str) -> str:
    """The spelling of the lists, where they have the place in another one: "Buenos-Aires", "Giessen", "Oesterreich".

    "Sankt Pölten" is "St. Pölten", as papers write it.

    That it is the same place is sure where both lie at one point, and likely where they have no other of that name.
    """
    own = place_info(name)
    others = [name.replace(written, listed) for written, listed in SPELLINGS if written in name]
    if own is None:
        others += _with_other_hyphens(name)
    elif mark_of(name) & Mark.PLACE:
        return name
    k = AS_K.sub("K", name)
    others += [k] if mark_of(k) & IN_GERMAN else []
    others += [f"St. {name[6:]}"] if name.startswith("Sankt ") else []
    for other in others:
        shown = variants().get(other, other)
        there = place_info(shown)
        if other != name and (there == own if own else there or shown in sure_places()):
            return shown
    return name


def _with_other_hyphens(name: str) -> list[str]:
    """ "Bad-Reichenhall", "Papua Neuguinea", "Ost-Europa", "Baden - Baden", but not "Stuttgart Feuerbach"."""
    first = name.partition("-")[0]
    others = [name.replace(" - ", "-"), name.replace("-", "").capitalize()] if "-" in name else []
    others += [name.replace("-", " ")] if mark_of(first) & Mark.PLACE_BEGIN and not place_info(first) else []
    hyphened = name.replace(" ", "-")
    there = place_info(hyphened)
    return others + [hyphened] if there and (there.is_area or mark_of(hyphened) & IN_GERMAN) else others


def _without_genitive(name: str, present: Container[str]) -> str:
    bare = name[:-1]
    if found := SETTING_OF.search(name):  # "des Urstromtales"
        return name[: found.start(1)]
    if name[:-2] in variants() or name[:-2] in sure_places():  # "des Roten Flusses"
        return name[:-2]
    if bare in variants():
        return bare
    last = bare.rpartition(" ")[2]
    mark, mark_bare = mark_of(f"{last}s"), mark_of(last)
    where = PLACE_MARKS | Mark.PLACE_INSIDE
    is_bare = mark_bare & where and not mark & where
    is_other = last in present or mark_bare & NOTED_PLACES
    return bare if is_bare or is_other or is_sure(bare, mark_of(bare)) else name


_SETTINGS = (
    "platz|straße|gasse|allee|brücke|see|berg|tal|wald|insel|park|bahnhof|tor|burg|heim|dorf|stadt|hafen|meer|küste|"
    "region|gebiet|land|kanal|viertel|graben|ufer|weg|hausen|hofen|feld|bach|furt|kirchen|ried|rode|haus|turm"
)
SETTING = re.compile(rf"(?:{_SETTINGS}|au)s?$")
SETTING_OF = re.compile(rf"\w{{3}}(?:{_SETTINGS}|strom|gebirge|stein|ien)(e?s)$")
SIDES = re.compile(
    r"(?:Nordost|Nordwest|Südost|Südwest|Nord|Süd|Ost|West|Zentral|Mittel|Ober|Unter|Inner|Vorder|Hinter)-?(\w{3,})$"
)


BODY = re.compile(
    r"(?:gericht|gerichtshof|amt|ministerium|behörde|bank|garde|partei|agentur|verband|klinik|kliniken|universität"
    r"|university|times|airlines|channel|recht|zeitung|hospital|center|centre|authority|corporation|mbh)(?:e?s|n|en)?$",
    re.IGNORECASE,
)
"""Endings of what bears a place's name and is none: "Europäischer Gerichtshof", "New York Times"."""
MIXED = re.compile(r"(?=.*\d)(?=.*[^\W\d_])[\w-]+")


def is_body(words: Sequence[str]) -> bool:
    """Whether a name is sooner that of a body or a product: "PKK", "Financial Times", "Audi A4"."""
    last = mark_of(words[-1])
    if len(words) == 1:
        unlikely = words[0].isupper() or MIXED.fullmatch(words[0])
        return bool(unlikely) and not last & PLACE_MARKS
    is_known = " ".join(words[-2:]) in NO_PLACES  # "Terrormiliz Islamischer Staat"
    return is_known or is_line(words) or bool(BODY.search(words[-1])) or any(map(MIXED.fullmatch, words))


NO_PLACES = frozenset(name.replace("_", " ") for name in WORDS["no_places"])
AMBIGUOUS = WORDS["ambiguous"]
LONGEST_WORD = 40
"""In longer ones no parts are looked for, so that time stays linear in any text."""


EVENT = re.compile(
    r"(?i:krieg|konflikt|krise|gipfel|politik|affäre|abkommen|konferenz|einsatz|reise|besuch|wahl|derby|duell|prozess)s?$"
)
"""Endings of what happens in a place: "Gaza-Krieg"."""


def _is_feature(word: str) -> bool:
    """Whether a name with a hyphen is that of an island or the like: "Kwajalein-Atoll", not "Urlaubs-Insel"."""
    first, _, last = word.rpartition("-")
    return last in WORDS["features"] and not _is_common(first) and first not in sure_places()


@lru_cache(maxsize=20_000)
def is_noun(word: str, *, behind_kind: bool = False) -> bool:
    """Whether a word is a common word or a compound of one, and no place of any list: "Folterskandal", "Südlich".

    ``behind_kind``: if it must be a compound of two of them, for an Ortsteil may be called Hövelriege.
    """
    mark, bare = mark_of(word), mark_of(word.removesuffix("s"))
    if word in NO_PLACES or (word.endswith("isch") and not mark):  # a language
        return True
    known = place_info(word)
    if (mark | bare) & PLACE_MARKS or word in variants() or is_sure(word, mark) or (known and known.is_area):
        return False
    if mark & Mark.WORD:
        return True
    if SETTING.search(word):
        return False
    if mark & Mark.NOUN:
        return True
    if "-" in word:  # "Herren-WM", "Passat-Coupé", not "Trier-Saarburg"
        head = word.rpartition("-")[2]
        first, last = mark_of(word.partition("-")[0]), mark_of(head)
        is_common = last & Mark.NOUN or head.isupper()
        if not is_common or SETTING.search(head.lower()):
            return False
        return not (first | last) & PLACE_MARKS or EVENT.search(head) is not None
    cuts = range(3, len(word) - 4) if word.isalpha() and len(word) <= LONGEST_WORD else range(0)
    tails = marks_of([word[at:].capitalize() for at in cuts])
    nouns = [at for at, mark in zip(cuts, tails, strict=True) if mark & Mark.NOUN and not mark & PLACE_MARKS]
    return any(not behind_kind or _is_common(word[:at]) for at in nouns)


def _is_common(word: str) -> bool:
    """Whether a word, with or without an s that links it to another, is one of the dictionary's, and no name."""
    return bool((mark_of(word) | mark_of(word.removesuffix("s"))) & (Mark.NOUN | Mark.WORD))


KIND = re.compile(r"(\w{3,}?)(dorf|stadt|region|insel)(?:e?s)?$")


@lru_cache(maxsize=20_000)
def is_place_kind(word: str) -> bool:
    """Whether a noun says what kind of place follows: "Ortsteil", "Goldgräberdorf", "Andenregion", no "Altdorf"."""
    compound = KIND.match(word)
    is_compound = compound and (compound[2] == "region" or _is_common(compound[1])) and not mark_of(word) & PLACE_MARKS
    return word in PLACE_KINDS or bool(is_compound)


LANDSCAPE = re.compile(
    r"(?:Niederung|Heide|Alpen|Becken|Bucht|Schweiz|Land|Wald|Moor|Börde|Platte|Höhe|Höhen|Raum|Umland|Innenstadt|Altstadt|"
    r"Vorstadt|Neustadt|Kiez|Dom|Hauptbahnhof|Flughafen|Hafen)$"
)


def is_adjective_phrase(words: Sequence[str]) -> bool:
    """Whether a found place is an adjective of a place with a noun: "Berliner Polizei", "Greifswalder Fluss"."""
    if not words[0].endswith("er") or SETTING.search(words[-1].lower()):
        return False
    stem = words[0][:-2]
    marks = marks_of([words[0], stem, stem + "en", stem + "e"])
    known = any(mark & PLACE_MARKS for mark in marks[1:]) and not marks[0] & PLACE_MARKS
    return known and not LANDSCAPE.search(words[-1])


def is_line(words: Sequence[str]) -> bool:
    """Whether words begin with a line of the local trains: "S 6"."""
    return words[0] == "S" and words[1].isdecimal()


def without_kind(words: Sequence[str]) -> int:
    """How many words before the name say what kind of place it is: "Walzbachtaler Ortsteil Wössingen" -> 2.

    Marks and a line of the local trains are no part of the name, either: "# Tempelhof", "S 6 Ebersberg".
    """
    if " ".join(words) in variants():  # "Republik Kongo" is another country than Kongo
        return 0
    first = 2 if is_line(words) and len(words) > 2 else 0
    first += not words[first][0].isalnum()
    kinds = [at for at in range(1, len(words)) if is_place_kind(words[at - 1]) and words[at][0].isupper()]
    return kinds[-1] if kinds else first


INSIDE = frozenset({"unter", "über", "della", "delle", "dell", "dels", "upon", "near", "sous", "sobre"})
"""Longer words that are written small in names of places."""


def without_rest(words: Sequence[str]) -> int:
    """How many words the name has, without what only stands behind it: "Ludwigshafen gelegene Werk" -> 1."""
    if len(words) > 1 and (not words[-1][0].isalnum() or words[-1] in WORDS["cantons"]):  # "Hagen -", "Risch ZG"
        return without_rest(words[:-1])
    return next(
        (
            at
            for at, word in enumerate(words)
            if word.islower() and word.isalpha() and len(word) > 3 and word not in INSIDE
        ),
        len(words),
    )


@cache
def sure_places() -> frozenset[str]:
    """Names that mean a place wherever they stand, one a line."""
    return frozenset(lines_of(LEXICON / "places-sure.txt"))


def is_listed(words: list[str]) -> bool:
    """Whether several words are the name of a place by the lists."""
    return place_info(" ".join(words)) is not None or words in sure_phrases().get(words[0], [])


@cache
def sure_phrases() -> Phrases:
    """Such names and spellings of places of several words, the longest first, and their cases: "des Nahen Ostens"."""
    found: Phrases = {}
    shown = {name: shown for name, shown in variants().items() if shown not in NO_PLACES}
    names = {*sure_places(), *shown, *shown.values()}
    forms = {name + end for name in names for end in ("", "s", "es")}
    forms |= {form for name in names if " " in name for form in _declined(*name.rsplit(" ", 1))}
    for name in sorted(forms, key=lambda name: (-len(name), name)):
        words = name.split()
        if len(words) > 1 and all(word[0].isalpha() for word in words):
            found.setdefault(words[0], []).append(words)
    return found


def apart(word: str) -> list[str]:
    """The places that a word has with a hyphen between them, none if it is one place: "Köln-Paris".

    They lie in different countries, since "Köln-Mülheim" is a part of Köln, and no other town.
    """
    if "-" not in word or word in variants() or place_info(word) is not None:
        return []
    names = word.split("-")
    known = all(mark & (Mark.COUNTRY | Mark.LARGE) for mark in marks_of(names))
    countries = {place.country for name in names if known and (place := place_info(canonical_place(name)))}
    return names if len(countries) == len(names) else []


NO_COUNTRY = Mark.NOUN | Mark.WORD | Mark.FIRST
NO_AREA = Mark.NOUN | Mark.WORD


def is_sure(word: str, mark: int) -> bool:
    """Whether a capitalised word can only be a place: a country, or a part of one ("Nordirak", "Süd-Florida")."""
    if mark & Mark.COUNTRY:
        return not mark & NO_COUNTRY and len(word) > 3
    if word in sure_places():
        return True
    if "-" in word and _is_feature(word):
        return True
    if word.endswith("tal") and not mark & NO_COUNTRY and mark_of(word[:-3]) & (Mark.WATER | Mark.PLACE):  # "Inntal"
        return True
    # "südlich" is no part of Lich
    side = None if mark & Mark.WORD else SIDES.match(word)
    if not side:
        return False
    whole = mark_of(side.group(1).capitalize())
    is_owner = side.group(1)[-1] == "s" and mark_of(side.group(1)[:-1].capitalize()) & Mark.COUNTRY  # "des Nordiraks"
    return bool(whole & Mark.COUNTRY or is_owner or (whole & Mark.PLACE and not whole & NO_AREA))


INTO = frozenset({"in", "aus", "nach"})
OF_PLACES = INTO | {"von", "bei"}
"""Behind these a party in brackets does not make a name a person's: "der Bürgermeister von Ahrensfelde (SPD)"."""
BESIDE_PLACES = OF_PLACES | {"zwischen", "bis", "richtung"}
CANTONS = WORDS["cantons"] - {"AG"}
"""Signs of cantons that no firm has behind its name: "bei Grabs SG"."""


def is_located(words: Sequence[str], begin: int, end: int) -> bool:
    """Whether a district or a canton behind a name says that it is a place: "in Watt (Kanton Zürich)", "Grabs SG".

    No "Angaben" or "Huber", unless "in" stands before it and a district behind.
    """
    before = words[begin - 1].lower() if begin else ""
    match words[end : end + 3]:
        case ["(", land, ")"] if (known := place_info(land)) and known.is_area:  # "Graben (Bayern)"
            return place_info(words[end - 1]) is not None and not mark_of(words[end - 1]) & SURNAMES
        case ["(", kind, name]:
            is_place = before in OF_PLACES and is_place_kind(kind) and name[0].isupper()
            return is_place and (before == "in" or _may_be_located(words[end - 1]))
        case [sign, *rest] if sign in CANTONS:  # not "Gäste SG Dynamo"
            return not (rest and rest[0][0].isupper()) and _may_be_located(words[end - 1])
    return False


def _may_be_located(word: str) -> bool:
    mark = mark_of(word)
    return not mark & Mark.BODY and (not mark & Mark.COMMON or place_info(word) is not None)


NO_PLACE = Mark.NOUN | Mark.WORD | Mark.PEOPLE | Mark.OFFICE | Mark.FIRST


def is_known(mark: int) -> bool:
    """Whether a word names a place of some note, and no common thing or first name: enough behind "aus" or "nach"."""
    return bool(mark & NOTED_PLACES) and not mark & NO_PLACE


BY = frozenset({"am", "an", "auf", "im", "in", "ob", "bei", "vor"})
"""Between a town and the water, wood or island by which it is known."""
BEFORE_WATERS = BY | {"(", "/"}


def by_water(found: Found) -> tuple[str, int]:
    """The name by which a town is known with a water behind it, if it is another, and how far behind the water stands.

    "Halle (Saale)", "Halle/Saale", "Mülheim an der Ruhr"; nothing for "Marburg (Lahn)", which is Marburg; 0: no water.
    What lies "ob der Donau" is called so, known or not.
    """
    town, behind = found.words[-1], found.sentence.words[found.end : found.end + 3]
    match behind:
        case ["(", water, ")"] | ["/", water, *_]:
            name = f"{town} ({water})"
            if place_info(name) is not None:
                return name, 1
            return "", int(_is_water(water))
        case [link, *_] if link in BY and PLACE_KINDS.isdisjoint(behind):
            town = " ".join(found.words)
            for size in (3, 2):  # not "Seitenstetten im Bezirk Amstetten"
                written = " ".join((town, *behind[:size]))
                name = canonical_place(written)
                if len(behind) >= size and place_info(name) is not None:
                    return "" if place_info(written) == place_info(town) else name, size - 1
            if behind[:2] == ["ob", "der"] and behind[2:] and _is_water(behind[2]):
                return " ".join((town, *behind)), 2
    return "", 0


def _is_water(word: str) -> bool:
    """Whether a word behind a town's name is a river or the like: not "(Australien)", which is an island, too."""
    known, mark = place_info(word), mark_of(word)
    return bool(mark & Mark.WATER) and not (known and known.is_area) and not is_sure(word, mark)


def fuller_names(founds: Sequence[Found], by_waters: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Haltern -> Haltern am See, where an article has one such name and calls the place by its first word elsewhere.

    ``by_waters``: towns with the names by which they are known with a water.
    """
    names: dict[str, set[str]] = {}
    for town, name in by_waters:
        names.setdefault(town, set()).add(name)
    for found in founds:
        words = found.words
        if len(words) > 2 and words[1] in BY and words[-1][0].isupper():
            names.setdefault(words[0], set()).add(canonical_place(" ".join(words)))
    return {first: fuller.pop() for first, fuller in names.items() if len(fuller) == 1}
