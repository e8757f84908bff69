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
from functools import cache, lru_cache
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
} | {letter * 3: letter * 2 for letter in "bdfglmnprt"}
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


def through(steps: tuple[Callable[[str], str], ...], word: str) -> str:
    for step in steps:
        word = step(word)
    return word


# --- compounds ------------------------------------------------------------------------------------------------------


class Lexicon(NamedTuple):
    """What the letters of a word do not tell; all words are spelled as LETTERS leaves them."""

    stems: dict[str, str]
    """Form -> stem, where STEM finds another one than for the form's lemma: ging -> geh."""
    heads: dict[str, int]
    """Last parts of compounds -> cost: the rarer, the dearer."""
    modifiers: dict[str, int]
    """All other parts, with their linking elements: bundes, regierungs, schul."""
    whole: frozenset[str]
    """Words that look like compounds and are none: verlassen, Salzburg."""


@cache
def lexicon() -> Lexicon:
    """The word lists, read on first use."""
    loaded = Lexicon({}, {}, {}, frozenset())
    for line in _lines("german-stems.txt.gz"):
        stem, _, forms = line.partition(" ")
        loaded.stems.update(dict.fromkeys(forms.split(), stem))
    whole: list[str] = []
    for line in _lines("german-parts.txt.gz"):
        kind, cost, pieces = line.split(" ", 2)
        if kind == "whole":
            whole = pieces.split()
        else:
            (loaded.heads if kind == "head" else loaded.modifiers).update(dict.fromkeys(pieces.split(), int(cost)))
    return loaded._replace(whole=frozenset(whole))


def _lines(name: str) -> list[str]:
    path = Path(__file__).with_name("lexicon") / name
    return gzip.decompress(path.read_bytes()).decode().splitlines() if path.exists() else []


MIN_COMPOUND = 5
"""Letters of the shortest compound: Ölart, Seetang has seven."""
MAX_COMPOUND = 60


def split(word: str, words: Lexicon) -> tuple[str, ...]:
    """The simple parts of a closed compound as they are written, linking elements included; () if it is none."""
    if not MIN_COMPOUND <= len(word) <= MAX_COMPOUND or word in words.whole:
        return ()
    heads, modifiers = words.heads, words.modifiers
    starts = [start for start in range(2, len(word) - 1) if word[start:] in heads]
    best, cheapest = (0, 0), 1000
    for start in starts:
        for end in (start, start + 1) if word[start] == word[start - 1] else (start,):  # Schiffahrt shares an f
            cost = modifiers.get(word[:end], 1000) + heads[word[start:]]
            if cost < cheapest:
                best, cheapest = (end, start), cost
    if cheapest < 1000:
        return (*_simple(word[: best[0]], words), *_simple(word[best[1] :], words))
    for start in starts:
        left = _modifier(word[:start], words)
        if left:
            return (*left, *_simple(word[start:], words))
    return ()


def _simple(piece: str, words: Lexicon) -> tuple[str, ...]:
    return _modifier(piece, words) or (piece,)


def _modifier(piece: str, words: Lexicon) -> tuple[str, ...]:
    """The parts of a piece that may itself be a compound, with or without a linking s."""
    parts = split(piece, words)
    if not parts and piece.endswith("s") and (bare := split(piece[:-1], words)):
        parts = (*bare[:-1], bare[-1] + "s")
    return parts


def _written(surface: str) -> str:
    """The surface without what is no letter, digit, hyphen, dot or apostrophe of the word."""
    return surface[:MAX_WORD] if surface.isalpha() else through(AS_WRITTEN, surface)


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


def _stem(letters: str, words: Lexicon) -> str:
    return words.stems.get(letters) or through(STEM, letters) or letters


def _simple_stems(letters: str, words: Lexicon) -> tuple[str, ...]:
    """The stems of a compound's parts, or the one stem of a simple word."""
    parts = split(letters, words) if letters.isalpha() else ()
    return tuple(_stem(part, words) for part in parts) or (_stem(letters, words),)


def _runs(parts: tuple[str, ...]) -> list[str]:
    """What several parts make at the beginning or the end of their compound: bund tag wahl -> bundtag tagwahl."""
    lengths = range(2, len(parts))
    return ["".join(parts[:length]) for length in lengths] + ["".join(parts[-length:]) for length in lengths]


def _pieces(surface: str) -> list[str]:
    """The letters of what stands between a word's hyphens."""
    written = _APOSTROPHES.sub("", _written(surface))
    if not written[:1].isdigit():
        written = written.replace(".", "")  # z.B. and U.S.A., but not 1.5
    return [through(LETTERS, piece) for piece in _HYPHENS.split(written) if piece]


def _analyse(surface: str) -> tuple[Term, ...]:
    words = lexicon()
    pieces = _pieces(surface)
    if not pieces:
        return (Term(surface[:MAX_WORD].lower(), "word"),)
    whole = _simple_stems("".join(pieces), words)
    found = [Term("".join(whole), "word")]
    simple: tuple[str, ...] = whole if len(whole) > 1 else ()
    runs = _runs(whole)
    if len(pieces) > 1:
        by_piece = [_simple_stems(piece, words) for piece in pieces]
        simple = tuple(stem for stems in by_piece for stem in stems if len(stem) > 1)
        runs = ["".join(stems) for stems in by_piece if len(stems) > 1] + _runs(simple) + ["".join(simple)]
    found += [Term(stem, "part") for stem in dict.fromkeys(simple)]
    taken = {term.text for term in found}
    return (*found, *(Term(run, "joined") for run in dict.fromkeys(runs) if run not in taken))


@lru_cache(CACHED_WORDS)
def terms(surface: str) -> tuple[Term, ...]:
    """All terms of a word: its word term first, then its parts in order, then joined parts."""
    return _analyse(surface)


def pair(left: str, right: str) -> str:
    """The word term of the compound that two neighbouring words form: Waffen, Lieferung -> that of Waffenlieferung."""
    return terms(left)[0].text + terms(right)[0].text


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
