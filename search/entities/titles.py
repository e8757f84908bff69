"""Whether a word says what a person is: "Bundeskanzlerin", "US-Präsidenten", "die 13-jährige"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from search.entities.gazetteer import place_info
from search.entities.lexicon import FIRST_NAMES, NAMES, OFFICE_ENDS, SURNAMES, WORDS, Mark, mark_of
from search.entities.places import PLACE_MARKS, is_noun
from search.entities.text import Found

TITLES, LED = WORDS["titles"], WORDS["led"]
TITLE_ENDS = (
    *OFFICE_ENDS, "boss", "arzt", "ärztin", "oberst", "lehrer", "lehrerin", "fahrer", "fahrerin", "händler", "präses",
    "rechtler", "rechtlerin", "wissenschaftler", "wissenschaftlerin", "künstler", "künstlerin", "mediziner",
    "medizinerin", "pfarrer", "pfarrerin", "pastor", "pastorin", "kantor", "kantorin", "obmann", "obfrau", "vertreter",
    "vertreterin", "mitglied", "stratege", "strategin", "fussballer", "fussballerin", "performer", "performerin",
    "dekan", "dechant", "archäologe", "archäologin", "kapitänin", "kassierer", "kassiererin", "unterhalter",
    "unterhalterin", "-ceo", "anwältin", "rätin", "bischöfin", "dezernent", "dezernentin", "beigeordnete",
    "beigeordneter", "stadtverordnete", "stadtverordneter", "ratsfrau", "ammann", "vize", "dramaturg", "dramaturgin",
    "choreograf", "choreografin", "choreographin", "sopranistin", "altistin", "dichter", "dichterin", "grafiker",
    "grafikerin", "galerist", "galeristin", "kurator", "kuratorin", "archivar", "archivarin", "bibliothekar",
    "bibliothekarin", "chronist", "chronistin", "dozent", "dozentin", "doktorand", "doktorandin", "abiturientin",
    "virologe", "virologin", "chemiker", "chemikerin", "volkswirt", "volkswirtin", "gutachter", "gutachterin",
    "schöffe", "schöffin", "förster", "försterin", "kellner", "kellnerin", "hotelier", "apothekerin", "friseurin",
    "hebamme", "streetworker", "streetworkerin", "küster", "küsterin", "domkapitular", "propst", "pröpstin", "vikar",
    "vikarin", "aktivist", "initiator", "initiatorin", "adjutant", "kommandeur", "soldat", "soldatin", "mufti",
    "markgraf", "landgraf", "pfalzgraf", "schlussmann", "sprinterin", "bobpilot", "jugendwart", "sportwart",
    "zeugwart", "platzwart", "designer", "designerin",
)  # fmt: skip
ENDS_BY_LAST = {last: tuple(end for end in TITLE_ENDS if end[-3:] == last) for last in {end[-3:] for end in TITLE_ENDS}}
"""By their last letters, so that a word is compared with few of them."""


@lru_cache(maxsize=50_000)
def is_title(word: str) -> bool:
    """Whether the word says what a person is, in any case: "Bundeskanzlerin", "US-Präsidenten", "Dr."."""
    if word in TITLES:
        return True
    if not word[:1].isupper():
        return False
    last = word.rpartition("-")[2]
    bare = CASES.sub("", last) if last[-1:] in ("n", "s") else last
    own = mark_of(last)
    is_office = _is_office_noun(own) or (bare != last and _is_office_noun(mark_of(bare)))
    if not is_office and not _has_title_end(word.lower(), own):
        return False
    return not FIRM.search(word) and WORDS["no_offices"].isdisjoint((word, last, bare))


def _has_title_end(low: str, own: int) -> bool:
    if own & (NAMES | Mark.PLACE) and not own & Mark.NOUN:  # "Montserrat"
        return False
    if not own and len(low) < 9 and low.endswith(("rat", "star")):  # "Hofrat", not "Bharrat"
        return bool(mark_of(low.removesuffix("rat").removesuffix("star").capitalize()) & (Mark.NOUN | Mark.WORD))
    return len(low) > 5 and low.endswith(ENDS_BY_LAST.get(low[-3:], ()))


def _is_office_noun(mark: int) -> bool:
    return bool(mark & Mark.OFFICE and mark & Mark.NOUN) and not mark & FIRST_NAMES


CASES = re.compile(
    r"(?<=ent|ist|ant|rst|inz|raf|aut|nom|oph)en$|(?<=at|it|ot|ut)en$|(?<=arch|rekt)en$|(?<=oge|ege)n$"
    r"|(?<=urge|euge|osse|ütze)n$|(?<=lagte|dnete|zende|htige|ndige|tigte|ellte|digte|ragte|eilte)n$|(?<=ährte|ivale)n$|(?<=\w{4})s$"
)
"""Endings of a title in another case: "des Torhüters", "dem Kollegen", "den Präsidenten"."""
FIRM = re.compile(
    r"(?:[Bb]etreiber|[Hh]ersteller|[Aa]nbieter|[Kk]onkurrent|[Zz]ulieferer|[Vv]ersorger|[Aa]usrüster|[Mm]arktführer"
    r"|[Dd]ienstleister|[Ee]igentümer|[Pp]artei|[Ff]raktion|[Dd]iscounter|zeugbauer|autobauer|schinenbauer)(?:s|n|en|in)?$"
)
"""What a firm or a party is, as often as somebody: "Betreiber Fraport", "Regierungspartei Lega"."""
AGED = re.compile(r"(?:\d+-[Jj]|\w+j)ährige[nrs]?$")
OF_STATE = re.compile(
    r"(?:kanzler|(?<!vereins)(?<!polizei)präsident|minister|premier|diktator)(?:in|en|s)?$"
    r"|(?:partei|regierungs|staats|fraktions|landes|cdu-|csu-|spd-|fdp-|afd-|grünen-|linken-)(?:chef|vorsitzende)(?:in|s|r|n)?$",
    re.IGNORECASE,
)
"""Ends of titles of those who govern."""


def introduces(word: str) -> bool:
    """Whether a name found behind a word is a person's: "die 13-jährige Jennifer", "Regierung Bush"."""
    if not word[:1].isupper():
        return AGED.match(word) is not None or word == "namens"
    return is_title(word) or word in LED


def leads_to(found: Found) -> bool:
    """Whether the words before a name say that it is a person's."""
    return introduces(found.before) or is_addressed(found.sentence.words, found.begin)


APPOSED = frozenset({"der", "die", "das", "dem", "den", "ein", "eine", "einer", "einem", "einen"})
NEUTER = ("mitglied", "Mitglied", "haupt", "Opfer", "Kind", "Talent", "Model", "Idol")
INFLECTED = re.compile(r"[a-zäöüß-]{3,}(?:e|er|en|em|es)$")


CALLED = frozenset({"Herr", "Herrn", "Frau", "Fräulein", "Dr.", "Prof.", "Professor"})
SHORT = frozenset({"Pfr.", "Bgm.", "Mag.", "OB", "MdB", "MdL"})
"""Other titles that only a name follows."""
SINGULAR = (
    "in", "anwalt", "landrat", "direktor", "präsident", "pastor", "ratsherr", "intendant", "dirigent", "kommissar",
    "referent", "dezernent",
)  # fmt: skip
"""Ends of titles that nothing but a name follows without an article before: not "Bürgermeister", who may be several."""
COURTS = ("gericht", "gerichtshof")
ADDRESSING = frozenset(end[-2:] for end in (*SINGULAR, *COURTS))
"""Last letters of what may address somebody, so that other words are soon passed over."""
UNADDRESSED = WORDS["unaddressed"]


def addresses(word: str) -> bool:
    """Whether a name may follow by which somebody is addressed: "Frau", "Landrätin", "Landgericht"."""
    if word in CALLED or word in SHORT:
        return True
    may_address = word[-2:] in ADDRESSING
    return may_address and (word.endswith(COURTS) or (word.lower().endswith(SINGULAR) and is_title(word)))


def is_addressed(words: Sequence[str], at: int) -> bool:
    """Whether a word is a surname, be it like a town's, by the word before: "Frau Kassel", "Landrätin Münster",
    "Richter am Landgericht Wolf"."""
    title, word = words[at - 1] if at else "", words[at]
    if (
        not title[:1].isupper()
        or not addresses(title)
        or len(word) < 3
        or not word[0].isupper()
        or word.isupper()
        or word in WORDS["times"]
    ):
        return False
    mark, ahead = mark_of(word), words[max(0, at - 3) : at - 1]
    owner = mark_of(word[:-1]) if word[-1] == "s" else 0  # "Präsidentin Brasiliens"
    if (mark | owner) & Mark.COUNTRY or (is_title(word) and not mark & SURNAMES):
        return False
    is_surname = mark & SURNAMES > 0
    if title.endswith(COURTS):
        is_judge = len(ahead) > 1 and ahead[1] in {"am", "beim"} and is_title(ahead[0])
        is_town = mark & (Mark.PLACE | Mark.LARGE) or (not mark and place_info(word) is not None)
        return is_judge and not is_town and (is_surname or not is_noun(word))
    if ahead and ahead[-1].lower() in UNADDRESSED:  # "weil die Frau Angst hat"
        return False
    other = Mark.NOUN | Mark.WORD | Mark.OFFICE | (0 if title in CALLED else PLACE_MARKS)
    return is_surname or title in ("Herr", "Herrn") or not (mark & other or (not mark and is_noun(word)))


def is_introduced(words: Sequence[str], end: int) -> bool:
    """Whether what stands in commas behind a name says what a person is: ", dem früheren Chef der Behörde,"."""
    if words[end : end + 1] != [","] or words[end + 1 : end + 2] == [] or words[end + 1] not in APPOSED:
        return False
    noun = next((word for word in words[end + 2 : end + 6] if not INFLECTED.match(word)), "")
    # not "das Programm Plus, das Ministerin Huber lobt"
    return is_title(noun) and (words[end + 1] != "das" or noun.endswith(NEUTER))


def has_party(found: Found) -> bool:
    """Whether a party or an office stands in brackets behind a name, as with persons alone: "Huber (CSU)"."""
    if found.after != "(":
        return False
    return not WORDS["parties"].isdisjoint(found.sentence.words[found.end + 1 : found.end + 2])
