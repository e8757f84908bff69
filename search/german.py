"""From German text to the terms it is indexed and searched under.

The chain turns one word as written into one word term and the part terms of its compound. The same chain runs over
articles and over queries, so what belongs together meets in the same term::

    Bundestagswahlen -> word bundtagwahl, parts bund tag wahl, joined bundtag tagwahl

A compound's word term is its parts' terms written together. So the word terms of two neighbouring words of a query,
written together (``pair``), are the term of the compound that they form: ``Waffen Lieferung`` finds Waffenlieferungen
without knowing which linking element stands between them.

What the letters do not tell stands in two word lists (``search/lexicon/NOTICE.md``), read on first use.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import chain
from threading import Lock
from typing import Literal, NamedTuple

import Stemmer

from search.compounds import divided, lexicon

Kind = Literal["word", "part", "joined"]


class Term(NamedTuple):
    """One term of a word.

    A "word" stands for all of the word, a "part" for one simple part of a compound, "joined" for neighbouring parts of
    a longer compound, such as Wahlkampf in Bundestagswahlkampf. Parts and joined parts share a field of the index.
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

    The three dicts may share their lists: read them, do not change them.
    """

    words: dict[str, list[int]]
    parts: dict[str, list[int]]
    exact: dict[str, list[int]]
    length: int


class QueryTerms(NamedTuple):
    """How a word of a query is asked; see ``query_terms``."""

    word: str
    parts: tuple[str, ...]
    parts_weight: float


MAX_WORD = 100
"""Characters of a word that count. The longest words of German news have under 80; what is longer is not a word, and
cutting it keeps the chain's time linear in the length of the text."""

CACHED_WORDS = 1 << 16
"""Word types kept with their terms, some 30 MB; when they are full, collecting begins anew."""

HYPHEN_PARTS_WEIGHT = 0.5
CLOSED_PARTS_WEIGHT = 0.15
PAIR_WEIGHT = 1.5
"""See ``query_terms`` and ``pair``. Chosen on half of the Wikinews articles (title -> article 92.4 -> 95.2 with parts,
a compound by its two parts 31 -> 85 with pairs); flat between half and twice of each."""

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


_ACROSS_SPACE = ("\xa0", "\u2009", "\u202f", "-\n", "¬\n")
_PUNCTUATION = '.,;:!?"„“”»«…()'


class _Chunks(dict[str, tuple[str, ...]]):
    """What stands between two spaces -> its tokens; most of it comes again and again."""

    def __missing__(self, chunk: str) -> tuple[str, ...]:
        if len(self) >= CACHED_WORDS:
            self.clear()
        bare = chunk.strip(_PUNCTUATION)
        tokens = (bare,) if bare.isalpha() else tuple(TOKEN.findall(chunk))
        if len(chunk) <= MAX_WORD:
            self[chunk] = tokens
        return tokens


_chunks = _Chunks()


def _surfaces(text: str) -> list[str]:
    """The surfaces of ``tokenize``, faster: no token but a few rare ones has a space in it."""
    if any(space in text for space in _ACROSS_SPACE):
        return TOKEN.findall(text)
    return list(chain.from_iterable(map(_chunks.__getitem__, text.split())))


# --- the chain: as written -> letters -> stem. A step takes words, one a line, and so the steps run in C ------------

Step = Callable[[str], str]

_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff\ud800-\udfff]|[-¬]\n|(?<!\d)\s|\s(?!\d)")
_GENDER = re.compile(r"(?<=\w)(?:[*:(]|/-?)(?=\w)|_(?=in)|(?<=n)\)")
_GROUPING = re.compile(r"(?<=\d)[.'’\xa0\u2009\u202f](?=\d{3})")
_APOSTROPHE = re.compile("['’ʼ‘`´]")
_HYPHEN = re.compile("[-‐‑_&]+")


def cut(word: str) -> str:
    """No more than MAX_WORD characters."""
    return word[:MAX_WORD]


def drop_invisible(word: str) -> str:
    """Soft hyphens, joiners, and the division at the end of a line."""
    return _INVISIBLE.sub("", word)


def compose(word: str) -> str:
    """Letters with combining marks become one character each: u and diaeresis -> ü."""
    return unicodedata.normalize("NFC", word)


def drop_gender_marks(word: str) -> str:
    """Bürger*innen, Bürger:innen, Bürger/-innen, Bürger(innen) -> Bürgerinnen."""
    return _GENDER.sub("", word)


def drop_grouping(word: str) -> str:
    """10.000, 10'000 -> 10000."""
    return _GROUPING.sub("", word)


def one_hyphen(word: str) -> str:
    """All kinds of hyphens and what joins like one: S&P -> S-P."""
    return _HYPHEN.sub("-", word).strip("-")


AS_WRITTEN: tuple[Step, ...] = (
    cut,  # before all else: every later step may then take time
    drop_invisible,  # before compose: an invisible character between letter and accent keeps them apart
    compose,  # before drop_gender_marks: its pattern knows letters, not letter and mark
    drop_gender_marks,  # before one_hyphen: Bürger/-innen and Bürger_innen have two parts otherwise
    drop_grouping,
    one_hyphen,
)
"""For one word that is not all letters; ``exact`` and ``fold`` begin with it too."""

_FOREIGN = {0xDF: "ss", 0xE6: "ä", 0xF8: "ö", 0x153: "ö", 0xF0: "d", 0xFE: "th", 0x131: "i", 0x142: "l", 0x111: "d"} | {
    code: plain
    for code in (*range(0xE0, 0x250), *range(0x1E00, 0x1F00))
    if (plain := unicodedata.normalize("NFKD", chr(code))[0]).isascii() and chr(code) not in "äöü"
}
_MARKED = re.compile("[\u00df\u00e0-\u00e3\u00e5-\u00f5\u00f7\u00f8-\u00fb\u00fd-\u024f\u1e00-\u1eff]")
_UE = re.compile("(?<![aeoqä])ue")
_UMLAUTS = str.maketrans("äöü", "aou")
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


def lower(words: str) -> str:
    """BürgerInnen -> bürgerinnen."""
    return words.lower()


def drop_apostrophes(words: str) -> str:
    """putin's -> putins, hans' -> hans."""
    return _APOSTROPHE.sub("", words)


def drop_foreign_marks(words: str) -> str:
    """straße -> strasse, erdoğan -> erdogan; ä, ö and ü stay."""
    return words.translate(_FOREIGN) if _MARKED.search(words) else words


def join_umlauts(words: str) -> str:
    """mueller -> müller, but bauer, neue and quelle stay; israel becomes isräl, everywhere alike."""
    return _UE.sub("ü", words).replace("ae", "ä").replace("oe", "ö")


def modern_spelling(words: str) -> str:
    """photographie -> fotografie, potentiell -> potenziell; schifffahrt -> schiffahrt, the one that old texts have."""
    return _OLD.sub(lambda match: _MODERN[match.group()], words)


LETTERS: tuple[Step, ...] = (
    lower,  # before the rest, which knows small letters only
    drop_apostrophes,
    drop_foreign_marks,  # before join_umlauts: Dæniken is Däniken
    join_umlauts,  # before modern_spelling: selbstaendig
    modern_spelling,  # before the word lists, which are spelled the new way
)
"""From the written word to the letters under which it stands in the word lists."""

_FEMININE = re.compile("(?<=ist|eur|log|ent|ant)in$|(?<=..[^bgnrsz])innen$|(?<=[^b]er)innen$", re.MULTILINE)
_GENITIVE = re.compile(r"(?<=\w\w[aojypvzc])s$", re.MULTILINE)
_snowball = Stemmer.Stemmer("german", 0)


def drop_feminine(words: str) -> str:
    """polizistin, polizistinnen -> polizist."""
    return _FEMININE.sub("", words)


def drop_name_genitive(words: str) -> str:
    """selenskyjs -> selenskyj, obamas -> obama, trumps -> trump."""
    return _GENITIVE.sub("", words)


def snowball(words: str) -> str:
    """The German stems of Porter's Snowball."""
    return "\n".join(_snowball.stemWords(words.split("\n")))


def drop_umlauts(words: str) -> str:
    """What is left of them after the stem: bäum -> baum."""
    return words.replace("ä", "a").replace("ö", "o").replace("ü", "u")


STEM: tuple[Step, ...] = (
    drop_feminine,  # before snowball, which leaves polizistinn
    drop_name_genitive,  # before snowball, which drops an s only after b d f g h k l m n r t: selenskyjs
    snowball,  # before drop_umlauts: it knows endings with umlauts
    drop_umlauts,
)
"""From letters to the stem, for words that the word lists say nothing of."""


def through(steps: tuple[Step, ...], words: str) -> str:
    """One step after the other."""
    for step in steps:
        words = step(words)
    return words


def _written(surface: str) -> str:
    return surface[:MAX_WORD] if surface.isalpha() else through(AS_WRITTEN, surface)


def exact(surface: str) -> str:
    """The exact form: small letters with umlauts and ß as written, without soft hyphens, gender and grouping marks.

    Masse and Maße, schon and schön stay apart; Bürger*innen and BürgerInnen are bürgerinnen.
    """
    return _APOSTROPHE.sub("'", _written(surface)).lower().strip("'") or surface[:MAX_WORD].lower()


_TO_FOLD = re.compile("(?<=[ao])e+|(?<=(?<![aeoq])u)e+|[-'’ʼ‘`´]+")


def fold(surface: str) -> str:
    """What wildcards, fuzzy words and completions compare: without case, accents, umlauts, hyphens and apostrophes.

    Müll, Muell and MULL are mull. The fold of a word's beginning is the beginning of the word's fold.
    """
    return _TO_FOLD.sub("", drop_umlauts(drop_foreign_marks(_written(surface).lower())))


# --- terms ----------------------------------------------------------------------------------------------------------


class _Analysis(NamedTuple):
    """All that is known of one word type."""

    word: str
    exact: str
    parts: tuple[str, ...]
    inside: tuple[str, ...]
    """Parts and then joined parts."""


_known: dict[str, _Analysis] = {}
_one_at_a_time = Lock()


def _stem_all(letters: Iterable[str]) -> dict[str, str]:
    """Word -> stem, from the word list or else by STEM."""
    irregular = lexicon().stems
    new = {word: irregular.get(word, "") for word in letters}
    regular = [word for word, stem in new.items() if not stem]
    if regular:
        with _one_at_a_time:  # a Snowball stemmer must not run in two threads
            new.update(zip(regular, through(STEM, "\n".join(regular)).split("\n"), strict=True))
    return new


def _pieces(letters: str) -> list[str]:
    """What stands between the hyphens; without the dots of z.B. and U.S.A."""
    if not letters[:1].isdigit():
        letters = letters.replace(".", "")
    return [piece for piece in letters.split("-") if piece]


def _runs(parts: tuple[str, ...]) -> Iterator[str]:
    """What several parts make at the beginning or the end of their compound: bund tag wahl -> bundtag tagwahl."""
    for length in range(2, len(parts)):
        yield "".join(parts[:length])
        yield "".join(parts[-length:])


def _compound(word: str, by_piece: list[tuple[str, ...]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Parts, and parts with joined parts, from the stems of all simple parts of each piece between hyphens."""
    parts = tuple(dict.fromkeys(stem for stems in by_piece for stem in stems if len(stem) > 1))
    runs = ["".join(by_piece[0])] if len(by_piece) == 1 else []
    if len(by_piece) > 1:
        runs = ["".join(stems) for stems in by_piece if len(stems) > 1] + ["".join(parts)]
    runs.extend(_runs(parts))
    return parts, (*parts, *(run for run in dict.fromkeys(runs) if run != word and run not in parts))


def _analyse(surfaces: list[str]) -> list[_Analysis]:
    """All of these words at once, which is several times faster than one after the other."""
    words = lexicon()
    written = "\n".join(map(_written, surfaces))
    exacts = _APOSTROPHE.sub("'", written).lower().split("\n")
    readings: list[tuple[tuple[str, ...], list[tuple[str, ...]]]] = []
    for letters in through(LETTERS, written).split("\n"):
        pieces = [letters] if letters.isalpha() else _pieces(letters)
        closed = [divided(piece, words) if piece.isalpha() else (piece,) for piece in pieces]
        joined = "".join(pieces)
        whole = closed[0] if len(pieces) == 1 else divided(joined, words) if joined.isalpha() else (joined,)
        readings.append((whole, closed))
    stems = _stem_all(part for whole, closed in readings for parts in (whole, *closed) for part in parts)
    found = []
    for surface, form, (whole, closed) in zip(surfaces, exacts, readings, strict=True):
        word = "".join([stems[part] for part in whole]) or surface[:MAX_WORD].lower()
        form = form.strip("'") or word
        if len(whole) == 1 and len(closed) < 2:
            found.append(_Analysis(word, form, (), ()))
        else:
            by_piece = [tuple(stems[part] for part in parts) for parts in closed]
            found.append(_Analysis(word, form, *_compound(word, by_piece)))
    return found


def _analysis(surface: str) -> _Analysis:
    known = _known.get(surface)
    return known or _learn([surface])[surface]


def _learn(surfaces: list[str]) -> dict[str, _Analysis]:
    """Analyse new words and keep them for the next time."""
    new = dict(zip(surfaces, _analyse(surfaces), strict=True))
    if len(_known) + len(new) > CACHED_WORDS:
        _known.clear()
    _known.update((surface, analysis) for surface, analysis in new.items() if len(surface) <= MAX_WORD)
    return new


def terms(surface: str) -> tuple[Term, ...]:
    """All terms of a word: its word term first, then its parts in order, then joined parts."""
    word, _, parts, inside = _analysis(surface)
    return (
        Term(word, "word"),
        *[Term(part, "part") for part in parts],
        *[Term(run, "joined") for run in inside[len(parts) :]],
    )


def query_terms(surface: str) -> QueryTerms:
    """How a word of a query is asked, as the evaluation found it best.

    A document matches the word if it has ``word`` among its words or parts, or all of ``parts``, each among its words
    or parts. Its score is the larger of two:

    - the score of ``word``, with a frequency of (words + PART_WEIGHT x parts) before it saturates;
    - ``parts_weight`` times the sum of the scores of those of ``parts`` that it has, words and parts counted alike.

    That a part alone may score, without matching, matters for the order of what other words of the query have found.
    """
    word, _, parts, _ = _analysis(surface)
    weight = HYPHEN_PARTS_WEIGHT if _HYPHEN.search(surface.strip("-_")) else CLOSED_PARTS_WEIGHT
    return QueryTerms(word, parts if len(parts) > 1 else (), weight)


def pair(left: str, right: str) -> str:
    """The word term of the compound that two neighbouring words of a query form.

    Waffen, Lieferung -> that of Waffenlieferung. A document that has it among its words or parts gets PAIR_WEIGHT
    times its score in addition to what the two words score.
    """
    return _analysis(left).word + _analysis(right).word


# --- texts ----------------------------------------------------------------------------------------------------------

_AND = frozenset("und oder bzw sowie als auch wie noch bis".split())
_PREFIX = re.compile("(?:ab|an|auf|aus|be|bei|ein|ent|er|her|hin|in|ex|im|mit|nach|ober|unter|über|ver|vor|wieder|zu)")
_STUMPS = ("- ", "-,", "-/", "-)", "-\n")
_ELIDED_REACH = 8
"""Tokens between Hieb- and Stichwaffe, as in Bundes-, Landes- und Kommunalwahlen."""


def completed(surfaces: list[str], position: int) -> str:
    """The compound that a word with a hyphen at its end stands for, or the word without hyphen.

    Hieb- und Stichwaffe -> Hiebwaffe; Ein- und Ausfuhr -> Einfuhr; Klima- und Umwelt-Politik -> Klimapolitik.
    """
    stump = surfaces[position][:-1]
    for surface in surfaces[position + 1 : position + _ELIDED_REACH]:
        if surface.lower() in _AND or surface.endswith("-"):
            continue
        pieces = _pieces(through(LETTERS, _written(surface)))
        parts = divided(pieces[-1], lexicon()) if pieces else ()
        if len(pieces) > 1 or len(parts) > 1:
            return stump + parts[-1]
        if _PREFIX.fullmatch(stump.lower()) and parts and (prefix := _PREFIX.match(parts[0])):
            return stump + parts[0][prefix.end() :]
        break
    return stump


def _merged(left: list[int], right: list[int]) -> list[int]:
    return sorted({*left, *right})


def _analyses(surfaces: Collection[str]) -> list[_Analysis]:
    """One of each, in order; what is new is learnt all at once."""
    known = list(map(_known.get, surfaces))
    if all(known):
        return known  # type: ignore[return-value]
    new = _learn([surface for surface, analysis in zip(surfaces, known, strict=True) if not analysis])
    return [analysis or new[surface] for surface, analysis in zip(surfaces, known, strict=True)]


def indexed(text: str) -> IndexedText:
    """The terms of a text with their positions."""
    surfaces = _surfaces(text)
    occurrences: dict[str, list[int]] = defaultdict(list)
    for position, surface in enumerate(surfaces):
        occurrences[surface].append(position)
    analyses = _analyses(occurrences)
    words: dict[str, list[int]] = {}
    parts: dict[str, list[int]] = {}
    exacts: dict[str, list[int]] = {}
    for (word, form, _, inside), positions in zip(analyses, occurrences.values(), strict=True):
        words[word] = _merged(words[word], positions) if word in words else positions
        exacts[form] = _merged(exacts[form], positions) if form in exacts else positions
        for term in inside:
            parts[term] = _merged(parts[term], positions) if term in parts else positions
    if any(stump in text for stump in _STUMPS):
        for position in [
            position for surface in occurrences if surface[-1] == "-" for position in occurrences[surface]
        ]:
            word, _, _, inside = _analysis(completed(surfaces, position))
            words[word] = _merged(words.get(word, []), [position])
            for term in inside:
                parts[term] = _merged(parts.get(term, []), [position])
    return IndexedText(words, parts, exacts, len(surfaces))
