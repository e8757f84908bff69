"""Running text: which word stands where, for one text as strings, for many texts as numbers.

For many texts there is no work per word. A text is cut at white space, and each chunk looked up among all that were met
(``search.chunks``): which words it has is found once a chunk, and what a word is indexed under once a word, for all new
ones at once. All else is array work.
"""

from __future__ import annotations

import re
from array import array
from collections import defaultdict
from itertools import count, islice
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from search.chunks import Chunks, cut, gathered
from search.german.analysis import analyse, forms_of, pieces_of
from search.german.chain import LETTERS, through, written
from search.german.compounds import divided, lexicon
from search.german.tokens import AROUND, alone, reaches, surfaces

Numbers = npt.NDArray[np.uint32]
Counts = npt.NDArray[np.int64]

_AND = frozenset(["und", "oder", "bzw", "sowie", "als", "auch", "wie", "noch", "bis"])
_PREFIX = re.compile("(?:ab|an|auf|aus|be|bei|ein|ent|er|her|hin|in|ex|im|mit|nach|ober|unter|über|ver|vor|wieder|zu)")
_STUMPS = ("- ", "-,", "-/", "-)", "-\n")
_ELIDED_REACH = 8
"""Tokens between Hieb- and Stichwaffe, as in Bundes-, Landes- und Kommunalwahlen."""


def completed(written_words: list[str], position: int) -> str:
    """The compound that a word with a hyphen at its end stands for, or the word without hyphen.

    Hieb- und Stichwaffe -> Hiebwaffe; Ein- und Ausfuhr -> Einfuhr; Klima- und Umwelt-Politik -> Klimapolitik.
    """
    stump = written_words[position][:-1]
    for surface in written_words[position + 1 : position + _ELIDED_REACH]:
        if surface.lower() in _AND or surface.endswith("-"):
            continue
        pieces = pieces_of(through(LETTERS, written(surface)))
        parts = divided(pieces[-1], lexicon()) if pieces else ()
        if len(pieces) > 1 or len(parts) > 1:
            return stump + parts[-1]
        if _PREFIX.fullmatch(stump.lower()) and parts and (prefix := _PREFIX.match(parts[0])):
            return stump + parts[0][prefix.end() :]
        break
    return stump


class Occurrences(NamedTuple):
    """The words of a text, and at which of them which compound stands in short."""

    forms: list[str]
    """Every word as ``forms_of`` has it; its place in the list is its position."""
    elided: list[tuple[int, str]]
    """Position and whole compound, in small letters, of words such as Hieb- in "Hieb- und Stichwaffe"."""


def occurrences(text: str) -> Occurrences:
    """What stands where in a text; ``analyses`` says what each form is indexed under."""
    running = surfaces(text)
    forms = forms_of(running)
    elided: list[tuple[int, str]] = []
    if any(stump in text for stump in _STUMPS):
        elided = [
            (position, completed(running, position).lower())
            for position, surface in enumerate(running)
            if surface[-1] == "-"
        ]
    return Occurrences(forms, elided)


LOOKED_UP_AT_ONCE = 100_000
"""Characters: with a fifth of them it takes a quarter longer, with sixteen times as many a sixth."""
LEARNT_AT_ONCE = 2_000
"""Texts that are collected before new words in them are analysed: several at once are several times faster."""


NOTHING, COMPOUND, WORDS = range(3)
WITHIN = 2 * _ELIDED_REACH
"""Chunks that have as many words as lie between Hieb- and Stichwaffe, some having none."""


class Numbering(defaultdict[str, int]):
    """Numbers whatever it is asked for, in the order in which that is first asked."""

    def __init__(self) -> None:
        super().__init__(count().__next__)
        self._met = 0

    def met(self) -> list[str]:
        """What is new; from now on it is not any more."""
        new = list(islice(reversed(self), len(self) - self._met))
        self._met = len(self)
        return new[::-1]


class Running(NamedTuple):
    """The words of some texts in a row, as numbers of word types."""

    words: Numbers
    lengths: Counts
    """How many words each text has."""
    elided: list[tuple[int, int, int]]
    """Text, position and word type of each compound that stands in short, as Hieb- in "Hieb- und Stichwaffe"."""


class _Looked(NamedTuple):
    """The chunks of some texts in a row."""

    numbers: Numbers
    begins: Counts
    """Where each begins in its text."""
    before: Counts
    """How many words stand before each, and in all of them."""
    first: Counts
    """The first chunk of each text, and the end of the last."""

    def texts(self, chosen: npt.NDArray[np.bool_]) -> npt.NDArray[np.intp]:
        """The number of the text of each chosen chunk."""
        return np.searchsorted(self.first, np.flatnonzero(chosen), "right") - 1


class Analyzer:
    """Turns many texts into numbers of word types, and knows the terms of each word type that was met."""

    def __init__(self) -> None:
        self.terms = Numbering()
        """Word terms, parts and joined parts."""
        self.exacts = Numbering()
        """Exact forms."""
        self.word = array("I")
        """The term of each word type, and its exact form."""
        self.exact = array("I")
        self.inside = array("I")
        """The terms of parts and joined parts of all word types in a row, and how many each has."""
        self.many_inside = array("I")
        self._forms = Numbering()
        self._chunks = Chunks()
        self._new: list[str] = []
        """Chunks whose words are not known yet."""
        self._reaching = bytearray()
        """What of a chunk depends on its neighbours: NOTHING, COMPOUND or WORDS."""
        self._in_chunk = array("I")
        """The words of all chunks in a row, and how many each has."""
        self._many_in_chunk = array("I")
        self._begin()

    def _begin(self) -> None:
        self._texts: list[str] = []
        """Those that are not resolved yet."""
        self._pending: list[str] = []
        """The last of them, whose chunks are not looked up yet; "" for one whose words no chunk shows."""
        self._pending_size = 0
        self._looked_up: list[Numbers] = []
        """The chunks of the others, where each begins in its text, and how many each text has."""
        self._begins: list[Counts] = []
        self._many: list[Counts] = []
        self._words: list[Numbers] = []
        self._lengths: list[Counts] = []
        self._elided: list[tuple[int, int, int]] = []
        self._resolved = 0

    def __len__(self) -> int:
        """How many chunks are kept: a measure of memory."""
        return len(self._chunks)

    def add(self, text: str) -> int:
        """Collect a text; returns about how many words it has."""
        self._texts.append(text)
        self._pending.append("" if reaches(text) else text)
        self._pending_size += len(text)
        if self._pending_size >= LOOKED_UP_AT_ONCE:
            self._look_up()
        if len(self._texts) >= LEARNT_AT_ONCE:
            self._resolve()
        return max(text.count(" ") + 1, len(text) >> 3)

    def take(self) -> Running:
        """The words of all texts that were added since the last time."""
        self._resolve()
        running = Running(np.concatenate(self._words), np.concatenate(self._lengths), self._elided)
        self._begin()
        return running

    def _look_up(self) -> None:
        joined = "\n".join(self._pending)
        found = cut(joined)
        numbers, new = self._chunks.numbers(found.keys)
        borders = zip(found.begins.take(new).tolist(), found.ends.take(new).tolist(), strict=True)
        self._new += [joined[begin:end] for begin, end in borders]
        sizes = np.array([len(text) + 1 for text in self._pending], np.int64)
        ends = np.cumsum(sizes)
        many = np.diff(np.searchsorted(found.begins, ends), prepend=0)
        self._looked_up.append(numbers.astype(np.uint32))
        self._begins.append(found.begins - np.repeat(ends - sizes, many))
        self._many.append(many)
        self._pending, self._pending_size = [], 0

    def _resolve(self) -> None:
        """Learn what is new in the texts, and number what no chunk shows."""
        self._look_up()
        self._learn_chunks()
        numbers, many = np.concatenate(self._looked_up), np.concatenate(self._many)
        in_chunk = np.array(self._many_in_chunk, np.int64)
        found = _Looked(
            numbers,
            np.concatenate(self._begins),
            np.concatenate([[0], np.cumsum(in_chunk[numbers])]),
            np.concatenate([[0], np.cumsum(many)]),
        )
        reaching = np.frombuffer(bytes(self._reaching), np.uint8)[numbers]
        otherwise = {*found.texts(reaching == WORDS).tolist(), *np.flatnonzero(many == 0).tolist()}
        self._complete(found, reaching == COMPOUND, otherwise)
        words = np.array(self._in_chunk, np.uint32)[gathered(in_chunk, numbers)]
        borders = found.before[found.first]
        lengths = np.diff(borders)
        begin = 0
        for text in sorted(otherwise):
            forms, elided = occurrences(self._texts[text])
            self._words.append(words[begin : borders[text]])
            self._words.append(np.array([self._forms[form] for form in forms], np.uint32))
            self._elided += [(self._resolved + text, place, self._forms[form]) for place, form in elided]
            lengths[text] = len(forms)
            begin = borders[text + 1]
        self._words.append(words[begin:])
        self._lengths.append(lengths)
        self._learn_forms()
        self._resolved += len(self._texts)
        self._texts, self._looked_up, self._begins, self._many = [], [], [], []

    def _complete(self, found: _Looked, is_short: npt.NDArray[np.bool_], otherwise: set[int]) -> None:
        """Note the compounds that stand in short, but in texts whose words are found ``otherwise``.

        ``is_short``: of each chunk, whether it has a word with a hyphen at its end.
        """
        places, owners = np.flatnonzero(is_short), found.texts(is_short)
        for text in sorted({*owners.tolist()} - otherwise):
            written_text, (first, end) = self._texts[text], found.first[text : text + 2].tolist()
            if not any(stump in written_text for stump in _STUMPS):
                continue
            for place in places[slice(*np.searchsorted(owners, [text, text + 1]))].tolist():
                near = written_text[
                    found.begins[place] : found.begins[place + WITHIN] if place + WITHIN < end else None
                ]
                running = surfaces(near)
                before = int(found.before[place] - found.before[first])
                for position in range(int(found.before[place + 1] - found.before[place])):
                    if running[position][-1] == "-":
                        word = self._forms[completed(running, position).lower()]
                        self._elided.append((self._resolved + text, before + position, word))

    def _learn_chunks(self) -> None:
        """Find the words of new chunks."""
        new, self._new = self._new, []
        bare = [chunk.strip(AROUND) for chunk in new]
        plain = [word.isalpha() and (len(word) > 1 or word == chunk) for word, chunk in zip(bare, new, strict=True)]
        words: list[str] = []
        many, reaching = [1] * len(new), bytearray(len(new))
        begin = 0
        for index in [index for index, is_plain in enumerate(plain) if not is_plain]:
            found = alone(new[index])
            words += bare[begin:index]
            words += found or ()
            many[index] = len(found or ())
            if found is None:
                reaching[index] = WORDS
            elif any(word[-1] == "-" for word in found):
                reaching[index] = COMPOUND
            begin = index + 1
        words += bare[begin:]
        self._many_in_chunk.extend(many)
        self._reaching += reaching
        self._in_chunk.extend(map(self._forms.__getitem__, forms_of(words)))

    def _learn_forms(self) -> None:
        """Find what new words are indexed under."""
        words, exacts, inside = analyse(self._forms.met())
        self.word.extend(map(self.terms.__getitem__, words))
        self.exact.extend(map(self.exacts.__getitem__, exacts))
        many = [0] * len(words)
        terms: list[str] = []
        for index, (_, own) in inside.items():
            many[index] = len(own)
            terms += own
        self.inside.extend(map(self.terms.__getitem__, terms))
        self.many_inside.extend(many)
