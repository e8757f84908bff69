"""The title or function with which an article introduces a person: "Bundeskanzlerin", "Sprecher der Polizei".

Words are kept as the article has them, in the nominative only: of an inflected group ("dem ukrainischen Präsidenten")
its noun is left. What cannot be told apart from another phrase is not taken.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import lru_cache

from search.entities.lexicon import FIRST_NAMES, WORDS, Mark, mark_of
from search.entities.titles import TITLES, is_title

RELATED = re.compile(
    r"(?:kolleg(?:e|en|in)|kumpels?|(?:rival|konkurrent|kontrahent)(?:e|en|in)?|freund(?:es|in)?|nachbar(?:n|in)?"
    r"|landsmann|landsfrau|(?:^|haupt)gegner(?:s|in)?|(?:vor|nach)(?:gänger|folger)(?:s|in)?)$",
    re.IGNORECASE,
)
"""What somebody is to somebody else, and not by what he does."""
ADDRESSES, OBLIQUE, LINKS = WORDS["addresses"], WORDS["oblique"], WORDS["links"]
ARTICLES = frozenset({"der", "die", "ein", "eine"})
ADJECTIVE = re.compile(r"[a-zäöüß]{3,}(?:e|er|en|es)$")
MAX_WORDS = 8
WEAK = re.compile(r"(?:ent|ant|ist|at|oge|olog|soph|raf|nom|aut|gog|urg|it|lot)en$")
ADJECTIVAL = re.compile(r"(?:end|net|agt|igt|ellt)en$")
"""Offices that are declined like adjectives: den Vorsitzenden, den Abgeordneten."""
QUALIFYING = re.compile(
    r"(mutmaßlich|angeblich|vermeintlich|ehemalig|früher|damalig|einstig|vormalig|bisherig|stellvertretend|designiert"
    r"|künftig|gestürzt|abgesetzt|entmachtet|geschäftsführend|kommissarisch|erst|zweit|dritt|parlamentarisch)(?:e|er|en|es|em)$"
)
"""Adjectives without which a role would be another one; they are kept in the nominative."""
RANKS = frozenset({"erst", "zweit", "dritt", "parlamentarisch"})
"""Those that belong to a title with a capital: "Erster Stadtrat"."""
WOMEN = ("in", "frau", "schwester", "mutter", "tochter", "ende", "nete", "agte", "igte", "ellte")
"""How an office ends that a woman has; a man is Vorsitzender."""
HIS = frozenset({"des", "dem", "den"}) | {
    word + end for word in ("ein", "sein", "ihr", "unser", "dies") for end in ("es", "em", "en")
}
MALE = HIS | {"vom", "zum", "beim", "am", "im"}
"""Before an office in another case that a man has."""
POSSESSIVES = MALE | {word + end for word in ("ein", "sein", "ihr", "unser", "dies") for end in ("e", "er")}
DEFINITE = ARTICLES | POSSESSIVES
KIN = frozenset(
    word + end
    for word in ("Sohn", "Tochter", "Vater", "Bruder", "Enkel", "Enkelin", "Neffe", "Nichte", "Schwager", "Cousin")
    for end in ("", "s", "es", "n")
)
"""Behind these "des" and "der" lead to whose kin somebody is, and not to what he is."""
ORDINAL = re.compile(r"\d\.")
"""Before an office that several have: "2. Vorsitzender"."""


@lru_cache(maxsize=20_000)
def _is_office(word: str) -> bool:
    word = word[:-2] if WEAK.search(word) else word
    is_name = mark_of(word) & FIRST_NAMES and word not in TITLES  # Pastor
    return is_title(word) and not is_name and word not in ADDRESSES and not RELATED.search(word)


def _is_adjective(word: str) -> bool:
    return word not in DEFINITE and ADJECTIVE.match(word) is not None


def qualified(adjectives: Sequence[str], head: str) -> list[str]:
    """A noun without article, and before it those of its adjectives that it must not lose."""
    if not adjectives:
        return [head]
    ending = "e" if head.endswith(WOMEN) else "es" if head.endswith(("Opfer", "glied", "haupt")) else "er"
    found = [(word, stem[1]) for word in adjectives if (stem := QUALIFYING.match(word.lower()))]
    # "Zweiter Bürgermeister", but "Zweiter wurde Läufer Karl Weber"
    kept = [(word, stem) for word, stem in found if stem not in RANKS or word == adjectives[-1]]
    return [*((word[: len(stem)] if stem in RANKS else stem) + ending for word, stem in kept), head]


def _nominative(words: Sequence[str], office: int, end: int) -> str:
    """The words from article and adjectives before the office on; the bare office where they are inflected."""
    if words[office:end] == ["Mann"]:  # "ihr Mann Karl"
        return ""
    begin = office
    while begin and (_is_adjective(words[begin - 1]) or QUALIFYING.match(words[begin - 1].lower())):
        begin -= 1
    article = words[begin - 1].lower() if begin else ""
    head = words[office]
    if begin == office and ORDINAL.fullmatch(article):
        head = f"{article} {head}"
    many = words[begin].endswith("en") if begin < office else head.endswith(("en", "er"))
    if article == "die" and many and not head.lower().endswith(WOMEN):  # "die deutschen Fahrer", "die Präsidenten"
        return ""
    is_hers = article == "der" and head.endswith("in")
    inflected = is_hers or article in MALE or (begin < office and article not in ARTICLES)
    if inflected or begin == office:
        if article.endswith("es") and head.endswith("s"):
            head = head[:-1]
        if WEAK.search(head):  # "Thüringens Ministerpräsidenten Karl Weber"
            head = head[:-2]
        if inflected and ADJECTIVAL.search(head):
            head = head[:-1] + ("r" if article in MALE else "")
        return " ".join([*qualified(words[begin:office], head), *words[office + 1 : end]])
    return " ".join([article, *words[begin:end]])


ENDS = frozenset({",", ".", ":", ";", "!", "?", ")", "–"})


def role_before(words: list[str], name: int, behind: str = "") -> str:
    """The role that stands before the name that begins at a word: "Außenministerin", "Sprecher der Polizei".

    ``behind``: the word that follows the name, which tells "Der Direktor, Karl Weber, kam" from a list.
    """
    before = words[max(0, name - MAX_WORDS) : name]
    while before and before[-1] in ADDRESSES:
        before.pop()
    if before and _is_office(before[-1]):
        return _nominative(before, len(before) - (3 if _are_two(before) else 1), len(before))
    end = len(before) - (before[-1:] == [","])
    if not end or not before[end - 1][:1].isupper():
        return ""
    if end < len(before) and behind in ENDS:
        return _apposed(before, end)
    # backwards over "der Polizei", "der Deutschen Welle", "im Auswärtigen Amt" to the office
    at = end - 1
    while at > 0 and before[at][0].isupper():
        at -= 1
    if at < 1 or before[at] not in LINKS or not _is_office(before[at - 1]):
        return ""
    office = at - 1
    group = before[max(0, office - 3) : office]
    if any(word.lower() in OBLIQUE for word in group):
        return ""
    return _nominative(before, office, end)


def _are_two(before: Sequence[str]) -> bool:
    """Whether two offices stand at the end: "Sänger und Schauspieler", but not "Peter Schäfer und Bürgermeister".

    Nor is "Peter Schäfer als Kandidat und Bürgermeister Karl Weber" both.
    """
    if (
        len(before) < 3
        or before[-4:-3] == ["als"]
        or before[-2] != "und"
        or not _is_office(before[-3])
        or before[-1].endswith(("s", "en"))
    ):
        return False
    is_named = mark_of("".join(before[-4:-3])) & FIRST_NAMES
    return not is_named and not mark_of(before[-3]) & Mark.LAST


def _apposed(before: list[str], end: int) -> str:
    """A role with a comma behind it: "der Generaldirektor für die öffentliche Sicherheit", "ihre neue Chefin"."""
    office = end - 1
    while office > 0 and not _is_office(before[office]):
        word = before[office]
        if not (word[0].isupper() or word in LINKS or word in OBLIQUE or word in ARTICLES or _is_adjective(word)):
            return ""
        office -= 1
    begin = office
    while begin and _is_adjective(before[begin - 1]):
        begin -= 1
    is_said = begin and before[begin - 1].lower() in DEFINITE
    # "dem Sohn der Malerin, Karl Huber"
    owned = before[begin - 2] if begin > 1 and before[begin - 1] in ("der", "des") else ""
    is_owner = is_title(owned) or owned in KIN
    return _nominative(before, office, end) if is_said and not is_owner else ""


def _goes_on_as_list(words: Sequence[str], comma: int) -> bool:
    """Whether one more is named behind a comma: "Sie dankte Anna Huber, dem Chor, der Feuerwehr und den Helfern"."""
    behind = words[comma + 1 : comma + 3]
    return words[comma] == "," and len(behind) > 1 and behind[0] in ARTICLES | HIS and behind[1][0].isupper()


def role_behind(words: Sequence[str], end: int, people: Collection[int]) -> str:
    """The role in commas behind a name: ", der frühere Botschafter in Deutschland,"; ``people``: where others begin."""
    if words[end : end + 1] != [","]:
        return ""
    begin, at = end + 1, end + 1
    last = min(len(words), begin + MAX_WORDS)
    is_said = at < last and (words[at] in ARTICLES or words[at] in HIS)
    at += is_said
    while at < last and _is_adjective(words[at]):
        at += 1
    if at >= last or not _is_office(words[at]):
        return ""
    office = at
    at += 1
    while at < last and at not in people:
        word = words[at]
        if word == "," and at + 1 in people and is_said:
            return ""  # "Anna Huber, der Sprecher der Polizei, Karl Weber, und"
        if word in {",", ".", "!", "?", ";", "–", ")"}:
            if words[at - 1].islower():
                return ""  # "Karl Weber, den Kritiker loben, kam"
            is_hers = words[begin] == "der" and words[office].endswith("in")  # "mit Petra Lang, der Leiterin"
            is_inflected = is_hers or words[begin] in HIS
            if is_inflected and _goes_on_as_list(words, at):
                return ""
            return _nominative(words, office, at) if is_inflected else " ".join(words[begin:at])
        if not (word[0].isupper() or word in LINKS or _is_adjective(word)):
            return ""
        at += 1
    return ""
