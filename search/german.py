"""From German text to the terms it is indexed and searched under.

``terms`` is the chain: one word as written becomes one word term and the part terms of its compound. The same chain
runs over articles and over queries, so what belongs together meets in the same term::

    Bundestagswahlen -> word bundtagwahl, parts bund tag wahl, joined bundtag tagwahl

A closed compound's word term is its parts' terms written together. So the word terms of two neighbouring words of a
query, written together (``pair``), are the term of the compound that they form: ``Waffen Lieferung`` finds
*Waffenlieferungen* without knowing which linking element stands between them.

What the chain cannot know from the letters stands in two word lists (``search/lexicon/NOTICE.md``), read on first use.
"""

from __future__ import annotations

import gzip
import re
import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

import Stemmer

Kind = Literal["word", "part", "joined"]


class Term(NamedTuple):
    """One term of a word.

    A "word" stands for all of the word, a "part" for one simple part of a compound, "joined" for several neighbouring
    parts of a longer compound, such as Wahlkampf in Bundestagswahlkampf. Parts and joined parts share a field.
    """

    text: str
    kind: Kind


class Token(NamedTuple):
    """One occurrence of a word: ``text[start:end] == surface``; its position is its place in the list."""

    surface: str
    start: int
    end: int


class IndexedText(NamedTuple):
    """What an index writer needs of a text: term -> ascending positions.

    The lists may be shared between the three dicts: read them, do not change them.
    """

    words: dict[str, list[int]]
    parts: dict[str, list[int]]
    exact: dict[str, list[int]]
    length: int


MAX_WORD = 100
"""Characters of a word that count. The longest words of German news have under 80; what is longer is not a word, and
cutting it keeps the chain's time linear in the length of the text."""

CACHED_WORDS = 1 << 16
"""Word types kept with their terms, about 30 MB; an archive's 65,000 most recent types are over 95 % of its tokens."""

# --- tokens ---------------------------------------------------------------------------------------------------------

_MARK = "\u00ad\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u0903\u093a-\u094f\u200c\u200d"
"""Marks inside words that are no letters: soft hyphen, accents, vowel points, joiners."""

TOKEN = re.compile(
    rf"""
    \d{{1,3}}(?:[.'’\xa0\u2009\u202f]\d{{3}})++(?!\w)(?:,\d++)?   # 10.000  1.234,5
    | \d++,\d++                                      # 1,5
    | (?:[^\W\d_]\.){{2,}}                           # z.B.  U.S.A.
    | [\w{_MARK}]++
      (?:
        (?: (?<!\d)[-‐‑](?=\w)                       # Ukraine-Krieg  F-16, but 2004-2005 is two
          | [-‐‑](?=[^\W\d])                         # 20-jährige
          | [-¬]\n(?=[a-zäöüß])(?!(?:und|oder|bzw|sowie|als|bis)\b)   # a word divided at the end of a line
          | ['’ʼ&](?=[^\W\d])                        # Putin's  S&P
          | [*:](?=in(?:nen)?) | \*(?=[a-zäöüß]) | :(?=[rnesm]\b) | /-?(?=in(?:nen)?\b)   # Bürger*innen  jede:r
        ) [\w{_MARK}]++
      | \((?:in|innen)\)                             # Bürger(innen)
      )*+
      (?: (?<=[^\W\d])[-‐‑](?=[\s,/)]|\Z) | (?<=[sxzßSXZ])['’](?!\w) )?   # Klima- und Umweltschutz  Hans' Hut
    """,
    re.VERBOSE,
)


def tokenize(text: str) -> list[Token]:
    """The words of a text in order; hyphen words, gender forms and grouped numbers are one token each."""
    return [Token(match.group(), *match.span()) for match in TOKEN.finditer(text)]


# --- the chain: as written -> letters -> stem -----------------------------------------------------------------------

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]|[-¬]\n")
_GENDER = re.compile(r"(?<=\w)(?:[*:(]|/-?)(?=\w)|_(?=in)|(?<=n)\)")
_GROUPING = re.compile(r"(?<=\d)[.'’\xa0\u2009\u202f](?=\d{3})")
_HYPHENS = re.compile("[-‐‑_&]+")
_APOSTROPHES = re.compile("['’ʼ‘`´]")
_UMLAUTS = str.maketrans("äöü", "aou")
_FOREIGN = str.maketrans({"ß": "ss", "æ": "ä", "œ": "ö", "ø": "ö", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
_MARKED = re.compile("[^\\W\\d_a-zäöüß]")


def cut(word: str) -> str:
    """No more than MAX_WORD characters."""
    return word[:MAX_WORD]


def drop_invisible(word: str) -> str:
    """Bundes\xadregierung -> Bundesregierung."""
    return _INVISIBLE.sub("", word)


def compose(word: str) -> str:
    """Letters with combining marks become one character each: u + diaeresis -> ü."""
    return unicodedata.normalize("NFC", word)


def drop_gender_marks(word: str) -> str:
    """Bürger*innen, Bürger:innen, Bürger/-innen, Bürger(innen) -> Bürgerinnen."""
    return _GENDER.sub("", word)


def drop_grouping(word: str) -> str:
    """10.000, 10'000 -> 10000."""
    return _GROUPING.sub("", word)


AS_WRITTEN: tuple[Callable[[str], str], ...] = (
    cut,  # before all else: every later step may then take time
    drop_invisible,  # before compose: an invisible character between letter and accent keeps them apart
    compose,  # before drop_gender_marks: its patterns know letters, not letter and mark
    drop_gender_marks,  # before the split at hyphens: Bürger/-innen has two parts otherwise
    drop_grouping,
)
"""What is done to a word that is not all letters; ``exact`` and ``fold`` begin with it too."""


def lower(word: str) -> str:
    """BürgerInnen -> bürgerinnen."""
    return word.lower()


def drop_foreign_marks(word: str) -> str:
    """erdoğan -> erdogan, straße -> strasse; ä, ö and ü stay."""
    if word.isascii():
        return word
    word = word.translate(_FOREIGN)
    return _MARKED.sub(lambda letter: unicodedata.normalize("NFKD", letter.group())[0], word)


def join_umlauts(word: str) -> str:
    """mueller -> müller, but bauer, neue and quelle stay. Israel becomes isräl, everywhere alike: no other word is."""
    if "e" not in word:
        return word
    return _UE.sub("ü", word).replace("ae", "ä").replace("oe", "ö")


_UE = re.compile("(?<![aeoqä])ue")


def modern_spelling(word: str) -> str:
    """schifffahrt and schiffahrt, photographie and fotografie, potentiell and potenziell: the newer one for both."""
    return _OLD.sub(lambda match: _MODERN[match.group()], word) if _OLD.search(word) else word


_MODERN = {
    "photo": "foto",
    "graph": "graf",
    "telephon": "telefon",
    "phon": "fon",
    "delphin": "delfin",
    "phantas": "fantas",
    "tiell": "ziell",
    "tial": "zial",
    "thunfisch": "tunfisch",
    "panther": "panter",
    "greuel": "gräuel",
    "aufwendig": "aufwändig",
    "selbständig": "selbstständig",
    "alptr": "albtr",
    "stengel": "stängel",
    "placier": "platzier",
    "plazier": "platzier",
    "numerier": "nummerier",
    "rauh": "rau",
    "känguruh": "känguru",
    "joghurt": "jogurt",
    "spaghetti": "spagetti",
    "portemonnaie": "portmonee",
} | {letter * 3: letter * 2 for letter in "bdfglmnprst"}
_OLD = re.compile("|".join(sorted(_MODERN, key=len, reverse=True)))

LETTERS: tuple[Callable[[str], str], ...] = (
    lower,  # before the rest, which knows small letters only
    drop_foreign_marks,  # before join_umlauts: æ is ä
    join_umlauts,  # before modern_spelling: aufwaendig
    modern_spelling,  # before the word lists, which are spelled the new way
)
"""From letters to the form under which a word stands in the word lists."""

# --- stems ----------------------------------------------------------------------------------------------------------

_snowball = Stemmer.Stemmer("german", 0).stemWord
_FEMININE = re.compile("(?<=ist|eur|log|ent|ant)in$|(?<=..[^bgnrsz])innen$|(?<=[^b]er)innen$")
_GENITIVE = re.compile(r"(?<=[^s][aeiouyjpvzc])s$")
_KEEPS_S = re.compile("(?:[aiou]us|ass|ais|ois|eis|oas)$")


def drop_feminine(word: str) -> str:
    """polizistinnen -> polizist."""
    return _FEMININE.sub("", word) if "in" in word else word


def drop_name_genitive(word: str) -> str:
    """selenskyjs -> selenskyj, obamas -> obama, trumps -> trump: Snowball takes an s only after some letters."""
    if word[-1:] != "s" or len(word) < 5 or word[-2] in "ueis":
        return word
    return _GENITIVE.sub("", word)


def snowball(word: str) -> str:
    """The German stem of Porter's Snowball."""
    return str(_snowball(word))


def drop_umlauts(word: str) -> str:
    """What is left of them after the stem: bäum -> baum."""
    return word if word.isascii() else word.translate(_UMLAUTS)


STEM: tuple[Callable[[str], str], ...] = (
    drop_feminine,  # before snowball, which leaves polizistinn
    drop_name_genitive,  # before snowball, which leaves selenskyjs
    snowball,  # before drop_umlauts: it tells apart ä and a
    drop_umlauts,
)


def _through(steps: tuple[Callable[[str], str], ...], word: str) -> str:
    for step in steps:
        word = step(word)
    return word


def _written(surface: str) -> str:
    """The surface without what is no letter, digit, hyphen, dot or apostrophe of the word."""
    return surface[:MAX_WORD] if surface.isalpha() else _through(AS_WRITTEN, surface)


def exact(surface: str) -> str:
    """The exact form: small letters with umlauts and ß as written, without soft hyphens, gender and grouping marks.

    Masse and Maße, schon and schön stay apart; Bürger*innen and BürgerInnen are bürgerinnen.
    """
    return _APOSTROPHES.sub("'", _written(surface)).lower().strip("'-‐‑_") or surface[:MAX_WORD].lower()


_TO_FOLD = re.compile("(?<=[ao])e+|(?<=(?<![aeoq])u)e+|[-‐‑_&'’ʼ‘`´]+")


def fold(surface: str) -> str:
    """What wildcards, fuzzy words and completions compare: without case, accents, umlauts, hyphens and apostrophes.

    Müll, Muell and MULL are mull. The fold of a word's beginning is the beginning of the word's fold.
    """
    return _TO_FOLD.sub("", drop_umlauts(drop_foreign_marks(_written(surface).lower())))


def _stem(letters: str) -> str:
    return _through(STEM, letters) or letters


@cache
def _terms(surface: str) -> tuple[Term, ...]:
    pieces = [piece for piece in _HYPHENS.split(_APOSTROPHES.sub("", _written(surface))) if piece]
    if not pieces:
        return (Term(surface[:MAX_WORD].lower(), "word"),)
    joined = "".join(pieces)
    word = _stem(_through(LETTERS, joined if joined[0].isdigit() else joined.replace(".", "")))
    parts = dict.fromkeys(_stem(_through(LETTERS, piece)) for piece in pieces) if len(pieces) > 1 else {}
    return (Term(word, "word"), *(Term(part, "part") for part in parts))


def terms(surface: str) -> tuple[Term, ...]:
    """All terms of a word: its word term first, then its parts, then joined parts."""
    return _terms(surface)


def indexed(text: str) -> IndexedText:
    """The terms of a text with their positions."""
    words: dict[str, list[int]] = {}
    parts: dict[str, list[int]] = {}
    exacts: dict[str, list[int]] = {}
    tokens = TOKEN.findall(text)
    for position, surface in enumerate(tokens):
        exacts.setdefault(exact(surface), []).append(position)
        for term, kind in terms(surface):
            (words if kind == "word" else parts).setdefault(term, []).append(position)
    return IndexedText(words, parts, exacts, len(tokens))
