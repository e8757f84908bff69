"""The terms of a word: what it is indexed under, and how a query asks for it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import cache
from itertools import chain
from threading import Lock
from typing import Literal, NamedTuple

from search.german.chain import LETTERS, MAX_WORD, STEM, exact, exact_lines, through, written
from search.german.compounds import frequent, lexicon, split
from search.german.tokens import CACHED_WORDS

Kind = Literal["word", "part", "joined"]


class Term(NamedTuple):
    """One term of a word.

    A "word" stands for all of the word, a "part" for one simple part of a compound, "joined" for neighbouring parts of
    a longer compound, such as Wahlkampf in Bundestagswahlkampf. Parts and joined parts share a field of the index.
    """

    text: str
    kind: Kind


class QueryTerms(NamedTuple):
    """How a word of a query is asked; see ``query_terms``."""

    word: str
    parts: tuple[str, ...]
    parts_weight: float


HYPHEN_PARTS_WEIGHT = 0.5
CLOSED_PARTS_WEIGHT = 0.15
PAIR_WEIGHT = 1.5
"""See ``query_terms`` and ``pair``. Chosen on half of the Wikinews articles, in MRR@10: the parts lifted title -> text
from 93.1 to 95.4 (0.3 to 0.7 differ by 0.5), the pairs a compound asked by its two parts from 41 to 89 (weight 1: 86,
2: 90). On the other half both together gave 93.1 to 93.6, and 42 to 87."""


Analysis = tuple[str, str, tuple[str, ...], tuple[str, ...]]
"""What is known of a word type: word term, exact form, parts, parts and joined parts.

A plain tuple of strings, since the garbage collector then leaves it alone: a third of the time for a new word.
"""

Known = str | Analysis
"""An analysis as it is kept: its word term alone if there are no parts and the exact form is the word itself."""


MANY = 4000
"""New words from which on it pays to read what the chain makes of frequent ones; few searches need as many."""


class _Cache:
    """What is known of words in small letters: those that were learnt, and once these are many, the frequent ones."""

    def __init__(self) -> None:
        self.words: dict[str, Known] = {}
        self.learnt: list[str] = []
        self.compounds: dict[str, str] | None = None
        """Frequent compounds with the stems of their parts; None if no word list was read."""

    def learn(self, forms: list[str]) -> dict[str, Known]:
        """Analyse new words and keep them for the next time; the oldest go when there is no room."""
        if self.compounds is None and len(self.learnt) + len(forms) >= MANY:
            with _one_at_a_time:
                simple, compounds = frequent()
                self.words.update(simple)
                self.compounds = compounds
        known = {form: self.words[form] for form in forms if form in self.words}
        unknown = [form for form in forms if form not in known]
        new = known | _learn(unknown, self.compounds or {})
        kept = [form for form in unknown if len(form) <= MAX_WORD]
        with _one_at_a_time:
            self.learnt += kept
            self.words.update((form, new[form]) for form in kept)
            if len(self.learnt) > CACHED_WORDS:
                for form in self.learnt[: -CACHED_WORDS // 2]:
                    self.words.pop(form, None)
                del self.learnt[: -CACHED_WORDS // 2]
        return new


@cache
def _cache() -> _Cache:
    return _Cache()


_one_at_a_time = Lock()


MAX_STEMS = 1 << 15
_stems: dict[str, str] = {}
"""Of modifiers, which have a hyphen at their end; there are some 20,000 in a large archive."""


def _stem_all(letters: Iterable[str]) -> dict[str, str]:
    """Word -> stem, from the word list or else by STEM; a modifier has a hyphen at its end."""
    irregular = lexicon().stems
    stems: dict[str, str] = {}
    regular = []
    for word in letters:
        if word not in stems:
            stem = irregular.get(word) or _stems.get(word) or irregular.get(word.removesuffix("-"))
            stems[word] = stem or ""
            if not stem:
                regular.append(word)
    if regular:
        with _one_at_a_time:  # a Snowball stemmer must not run in two threads
            stemmed = through(STEM, "\n".join(regular).replace("-", "")).split("\n")
            if len(_stems) > MAX_STEMS:
                _stems.clear()
            _stems.update((word, stem) for word, stem in zip(regular, stemmed, strict=True) if word[-1:] == "-")
        stems.update(zip(regular, stemmed, strict=True))
    return stems


def _parts(letters: str) -> tuple[str, ...]:
    """The parts of a closed compound, modifiers with a hyphen; the word alone if it is none."""
    words = lexicon()
    letters = words.men.get(letters, letters)
    if letters.endswith(("erin", "erinnen")) and (man := letters.removesuffix("nen").removesuffix("in")) in words.heads:
        letters = man  # whatever the word lists say of teilnehmerinnen, it is what they say of teilnehmer
    if not letters.isalpha() or letters in words.stems:
        return (letters,)
    *modifiers, head = split(letters, words) or (letters,)
    return (*[modifier + "-" for modifier in modifiers], head)


def pieces_of(letters: str) -> list[str]:
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
    if len(by_piece) == 1 and len(by_piece[0]) == 2 and min(map(len, by_piece[0])) > 1:  # as most compounds are
        simple = by_piece[0] if by_piece[0][0] != by_piece[0][1] else by_piece[0][:1]
        return simple, simple
    parts = tuple(dict.fromkeys(stem for stems in by_piece for stem in stems if len(stem) > 1 and stem != word))
    pieces = tuple("".join(stems) for stems in by_piece)
    runs = [
        run for stems, piece in zip(by_piece, pieces, strict=True) if len(stems) > 1 for run in (piece, *_runs(stems))
    ]
    runs += [*_runs(pieces), "".join(pieces)]
    return parts, (*parts, *(run for run in dict.fromkeys(runs) if run and run != word and run not in parts))


def analyse(surfaces: list[str]) -> list[Analysis]:
    """All of these words at once, which is several times faster than one after the other."""
    lines = "\n".join([each if each.isalpha() and len(each) <= MAX_WORD else written(each) for each in surfaces])
    forms = exact_lines(lines).split("\n")
    all_letters = through(LETTERS, lines).split("\n")
    compounds: dict[int, tuple[tuple[str, ...], list[tuple[str, ...]]]] = {}
    for index, letters in enumerate(all_letters):
        pieces = [letters] if letters.isalpha() else pieces_of(letters)
        by_piece = [_parts(piece) for piece in pieces]
        if len(by_piece) != 1 or len(by_piece[0]) > 1:
            whole = _parts(through(LETTERS, "".join(pieces))) if len(pieces) > 1 else sum(by_piece, ())
            compounds[index] = whole, by_piece  # the letters of both: Visa-Antrag is Visäntrag in one word
        else:
            all_letters[index] = by_piece[0][0]
    stems = _stem_all(chain(all_letters, *(chain(whole, *by_piece) for whole, by_piece in compounds.values())))
    found: list[Analysis] = [
        (stems[letters], form.strip("'"), (), ()) for letters, form in zip(all_letters, forms, strict=True)
    ]
    for index, (whole, by_piece) in compounds.items():
        word = "".join([stems[part] for part in whole]) or surfaces[index][:MAX_WORD].lower()
        inside = _compound(word, [tuple([stems[part] for part in parts]) for parts in by_piece])
        found[index] = (word, found[index][1] or exact(surfaces[index]), *inside)
    return found


def _learn(forms: list[str], compounds: dict[str, str]) -> dict[str, Known]:
    found: dict[str, Known] = {}
    for form in forms:
        if form in compounds:
            parts = tuple(compounds[form].split(" "))
            found[form] = ("".join(parts), form, *_compound("".join(parts), [parts]))
    if rare := [form for form in forms if form not in found]:
        for form, analysis in zip(rare, analyse(rare), strict=True):
            found[form] = analysis if analysis[3] or analysis[1] != form else analysis[0]
    return found


def analyses(forms: Collection[str]) -> list[Known]:
    """What is known of each of these words, written in small letters; what is new is learnt all at once."""
    known = list(map(_cache().words.get, forms))
    if all(known):
        return known  # type: ignore[return-value]
    new = _cache().learn([form for form, analysis in zip(forms, known, strict=True) if not analysis])
    return [analysis or new[form] for form, analysis in zip(forms, known, strict=True)]


def analysis_of(surface: str) -> Analysis:
    """What is known of one word."""
    form = surface.lower()
    known = analyses([form])[0]
    return (known, form, (), ()) if isinstance(known, str) else known


def terms(surface: str) -> tuple[Term, ...]:
    """All terms of a word: its word term first, then its parts in order, then joined parts."""
    word, _, parts, inside = analysis_of(surface)
    return (
        Term(word, "word"),
        *[Term(part, "part") for part in parts],
        *[Term(run, "joined") for run in inside[len(parts) :]],
    )


def query_terms(surface: str) -> QueryTerms:
    """How a word of a query is asked, as the evaluation found it best.

    A document matches the word if it has ``word`` among its words or parts; a word with a hyphen also by all of its
    ``parts``, each among words or parts. Its score is the larger of two:

    - the score of ``word``, with a frequency of (words + PART_WEIGHT x parts) before it saturates;
    - ``parts_weight`` times the sum of the scores of those of ``parts`` that it has, words and parts counted alike.

    That a part alone may score, without matching, matters for the order of what other words of the query have found.
    """
    word, _, parts, _ = analysis_of(surface)
    weight = HYPHEN_PARTS_WEIGHT if "-" in written(surface) else CLOSED_PARTS_WEIGHT
    return QueryTerms(word, parts if len(parts) > 1 else (), weight)


def pair(left: str, right: str) -> str:
    """The word term of the compound that two neighbouring words of a query form.

    Waffen, Lieferung -> that of Waffenlieferung. A document that has it among its words or parts gets PAIR_WEIGHT
    times its score in addition to what the two words score.
    """
    return analysis_of(left)[0] + analysis_of(right)[0]
