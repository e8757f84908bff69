"""Running text: which word stands where, for one text as strings, for many texts as numbers.

For many texts there is no work per word. A text is cut at white space, and each chunk looked up among all that were met
(``search.chunks``): which words it has is found once a chunk, and what a word is indexed under once a word, for all new
ones at once. All else is array work.
"""

from __future__ import annotations

import re
from array import array
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from itertools import count, islice
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from search.chunks import Chunks, cut, gathered
from search.german.analysis import analyse, forms_of, pieces_of
from search.german.chain import LETTERS, MAX_WORD, through, written
from search.german.compounds import divided, lexicon
from search.german.separable import candidates, joined, kinds_of, separated
from search.german.tokens import AROUND, JOINING, TOKEN, goes_on, is_open, reaches, surfaces

Numbers = npt.NDArray[np.uint32]
Counts = npt.NDArray[np.int64]

_AND = frozenset([*JOINING.split("|"), "auch", "wie", "noch"])
_PREFIX = re.compile("(?:ab|an|auf|aus|be|bei|ein|ent|er|her|hin|in|ex|im|mit|nach|ober|unter|über|ver|vor|wieder|zu)")
_STUMPS = ("- ", "-,", "-/", "-)", "-\n")
_CHUNK = re.compile(r"\S+")
_ELIDED_REACH = 8
"""Tokens between Hieb- and Stichwaffe, as in Bundes-, Landes- und Kommunalwahlen."""


def completed(written_words: list[str], position: int) -> str:
    """The compound that a word with a hyphen at its end stands for, or the word without hyphen.

    Hieb- und Stichwaffe -> Hiebwaffe; Ein- und Ausfuhr -> Einfuhr; Klima- und Umwelt-Politik -> Klimapolitik.
    """
    stump = written_words[position][:-1][:MAX_WORD]
    for surface in written_words[position + 1 : position + _ELIDED_REACH]:
        if surface.lower() in _AND or surface.endswith("-"):
            continue
        pieces, parts = _parts_between_hyphens(surface[:MAX_WORD])
        if pieces > 1 or len(parts) > 1:
            return stump + parts[-1]
        if _PREFIX.fullmatch(stump.lower()) and parts and (prefix := _PREFIX.match(parts[0])):
            return stump + parts[0][prefix.end() :]
        break
    return stump


@lru_cache(1 << 12)
def _parts_between_hyphens(surface: str) -> tuple[int, tuple[str, ...]]:
    """How many pieces the hyphens of a word part, and the parts of the last one."""
    pieces = pieces_of(through(LETTERS, written(surface)))
    return len(pieces), divided(pieces[-1], lexicon()) if pieces else ()


class Occurrences(NamedTuple):
    """The words of a text, and at which of them which other one stands in short."""

    forms: list[str]
    """Every word as ``forms_of`` has it; its place in the list is its position."""
    elided: list[tuple[int, str]]
    """Position and whole word, as ``forms_of`` has it, of what stands in short: Hieb- in "Hieb- und Stichwaffe", and of
    verbs whose prefix stands apart: trat in "trat am Montag zurück"."""


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
    elided += [(position, forms_of([word])[0]) for position, word in _separated(text, running)]
    return Occurrences(forms, elided)


def _separated(text: str, running: list[str]) -> Iterator[tuple[int, str]]:
    """Position of each verb whose prefix stands apart, and the two as one word."""
    chunks = text.split()
    verbs = separated(chunks)
    if "-\n" in text or "¬\n" in text or any(running.count(chunks[chunk]) > 1 for chunk, _ in verbs):
        # not the second half of a divided word: “gesagt” in ge-⏎sagt
        begins = [chunk.start() for chunk in _CHUNK.finditer(text)]
        position = {token.start(1): position for position, token in enumerate(TOKEN.finditer(text))}
        yield from ((position[begins[chunk]], word) for chunk, word in verbs if begins[chunk] in position)
    else:
        yield from ((running.index(chunks[chunk]), word) for chunk, word in verbs)


LOOKED_UP_AT_ONCE = 100_000
"""Characters: with a fifth of them it takes a quarter longer, with sixteen times as many a sixth."""
LEARNT_AT_ONCE = 2_000
"""Texts that are collected before new words in them are analysed: several at once are several times faster."""


KEPT_PAIRS = 1 << 15
"""Verbs with prefixes, or what might be one, of which is kept whether it is; when they are full, it begins anew."""
NOTHING, COMPOUND, OPEN, WORDS = range(4)
"""What of a chunk may depend on its neighbours: nothing, what stands in short, where its last word ends, or both."""
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
    """Text, position and word type of each word that stands in short, as those of ``Occurrences``."""


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
        """What of a chunk may depend on its neighbours."""
        self._kinds = bytearray()
        """What a chunk may be in a clause."""
        self._pairs: dict[int, int] = {}
        """Number of a prefix and, in the lower 32 bits, of a chunk -> their word's type, -1 if they make none."""
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
        """How many chunks, or words in them, are kept: a measure of memory."""
        return max(len(self._chunks), len(self._in_chunk))

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
        text = "\n".join(self._pending)
        found = cut(text)
        numbers, new = self._chunks.numbers(found.keys)
        borders = zip(found.begins.take(new).tolist(), found.ends.take(new).tolist(), strict=True)
        chunks = [text[begin:end] for begin, end in borders]
        self._new += chunks
        if chunks:
            outer = found.codes[found.begins.take(new)], found.codes[found.ends.take(new) - 1]
            self._kinds += kinds_of(chunks, *outer).tobytes()
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
        otherwise |= self._going_on(found, reaching == OPEN)
        self._complete(found, reaching == COMPOUND, otherwise)
        self._join_verbs(found, otherwise)
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

    def _going_on(self, found: _Looked, is_open: npt.NDArray[np.bool_]) -> set[int]:
        """The texts in which a word that may go on behind a chunk does so: z. B."""
        going = set()
        places = np.flatnonzero(is_open)
        for place, text in zip(places.tolist(), found.texts(is_open).tolist(), strict=True):
            end = int(found.first[text + 1])
            until = None if place + 2 >= end else found.begins[place + 2]
            if goes_on(self._texts[text][found.begins[place] : until]):
                going.add(text)
        return going

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

    def _join_verbs(self, found: _Looked, otherwise: set[int]) -> None:
        """Note the verbs whose prefix stands apart, but in texts whose words are found ``otherwise``."""
        kinds = np.frombuffer(bytes(self._kinds), np.uint8)[found.numbers]
        numbers, verbs, prefixes = candidates(kinds, found.first[:-1])
        keys = (numbers.astype(np.int64) << 32 | found.numbers[verbs]).tolist()
        forms = list(map(self._pairs.get, keys))
        if None in forms:
            self._learn_pairs(found, keys, verbs)
            forms = list(map(self._pairs.get, keys))
        is_verb = np.array(forms, np.int64) >= 0
        # of several verbs the first one of the clause
        last = np.unique(prefixes[is_verb][::-1], return_index=True)[1]
        chosen = np.flatnonzero(is_verb)[::-1][last]
        verbs = verbs[chosen]
        texts = np.searchsorted(found.first, verbs, "right") - 1
        positions = found.before[verbs] - found.before[found.first[texts]]
        self._elided += [
            (self._resolved + text, position, forms[at])
            for text, position, at in zip(texts.tolist(), positions.tolist(), chosen.tolist(), strict=True)
            if text not in otherwise
        ]

    def _learn_pairs(self, found: _Looked, keys: list[int], verbs: npt.NDArray[np.intp]) -> None:
        """Find which verbs with prefixes are words; ``verbs``: where each one's chunk is."""
        if len(self._pairs) > KEPT_PAIRS:
            self._pairs.clear()
        new = {key: place for key, place in zip(keys, verbs.tolist(), strict=True) if key not in self._pairs}
        texts = np.searchsorted(found.first, list(new.values()), "right") - 1
        chunks = [
            self._texts[text][found.begins[place] : found.begins[place + 1]].rstrip()
            for text, place in zip(texts.tolist(), new.values(), strict=True)
        ]
        words = joined([(key >> 32, chunk) for key, chunk in zip(new, chunks, strict=True)])
        for key, word in zip(new, words, strict=True):
            self._pairs[key] = self._forms[forms_of([word])[0]] if word else -1

    def _learn_chunks(self) -> None:
        """Find the words of new chunks."""
        new, self._new = self._new, []
        bare = [chunk if chunk.isalpha() else chunk.strip(AROUND) for chunk in new]
        plain = [word.isalpha() and (len(word) > 1 or word == chunk) for word, chunk in zip(bare, new, strict=True)]
        words: list[str] = []
        many, reaching = [1] * len(new), bytearray(len(new))
        begin = 0
        for index in [index for index, is_plain in enumerate(plain) if not is_plain]:
            own = surfaces(new[index])
            words += bare[begin:index]
            words += own
            many[index] = len(own)
            stands_in_short = any(word[-1] == "-" for word in own)
            if is_open(new[index]):
                reaching[index] = WORDS if stands_in_short else OPEN
            elif stands_in_short:
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
