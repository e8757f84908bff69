"""Finds the runs of words that name a person or a place: a conditional random field, compiled to arrays.

The model is linear-chain (Lafferty, McCallum, Pereira 2001). As each of its attributes looks at one word at a fixed
distance, all weights that a word type can contribute are summed once into one row of numbers, (distances x labels),
and kept. The scores of a text are then five shifted gathers of such rows, plus one for each pair of neighbouring
classes; ``search.entities.paths`` finds the best labels under them.
"""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache
from itertools import accumulate, chain, islice, repeat
from pathlib import Path
from typing import Any

import numpy as np

from search.entities.extent import CALLED_HOUSES, RULERS, is_given
from search.entities.famous import begins_well_known, well_known
from search.entities.features import BEGIN, DISTANCES, END, MODELS, WORD_KINDS, Column, names_of, see
from search.entities.letters import LETTER_KINDS, Letters
from search.entities.lexicon import FIRST_NAMES, MASK, SURNAMES, WORDS, Mark, mark_of, phrase_at
from search.entities.paths import Paths
from search.entities.places import (
    AMBIGUOUS,
    CANTONS,
    INTO,
    OF_PLACES,
    is_known,
    is_located,
    is_place_kind,
    is_sure,
    sure_phrases,
)
from search.entities.text import Found, Sentence, Text
from search.entities.titles import addresses, introduces, is_addressed, is_title
from search.entities.words import EDGE, Vocabulary, vocabulary

REACH = max(DISTANCES)
BEHIND_WORDS = WORDS["places_behind"]
PLACES_BEHIND = frozenset(pair.partition("_")[2] for pair in BEHIND_WORDS)
"""Words that are places behind some others alone: "die Oder", "am Brenner"."""
(
    CAPITAL, SURE, KNOWN, LEADS, FIRST, LAST, PHRASE, IN, TOWN, TITLE, SURNAME, THE, LINK, HOUSE, KIND, OF, LOCATES,
    BEHIND, ADDRESS, COMMA,
) = (1 << bit for bit in range(20))  # fmt: skip
"""What is known of a word beside the model: a capital, a place for sure, a place of some size, a word that leads to a
place, a first name or a word that no list knows, what may be a surname or an unknown place, the first word of a name
that is known as a whole, "in", what is a place behind it alone, what a person is, and what is somebody's name behind
that alone; "der" and "die"; "und", "oder" and "von"; a house that persons are called by; what kind of place follows;
"in", "von" and the like; what may say of the word before that it is a place, "(" or a canton; what is a place behind
some words alone; by what somebody is addressed; a comma."""
VAGUE = frozenset(word + end for word in ("Ort", "Gebiet", "Raum") for end in ("", "s", "es"))
"""Words that say what kind of place follows, but are followed by anything: "vor Ort Aufräumarbeiten"."""
SMALL = {"in": IN, "der": THE, "die": THE, "und": LINK, "oder": LINK, "von": LINK, "(": LOCATES, ",": COMMA}
NO_SURNAME = Mark.NOUN | Mark.WORD | Mark.OFFICE | Mark.BODY | Mark.PEOPLE | Mark.COUNTRY | Mark.LARGE
KINDS = {"PER": "person", "LOC": "place"}
INTRODUCED, ADDRESSED, LOCATED, PHRASES, PLACED = "introduced", "addressed", "located", "phrases", "placed"
"""A person if the word before says so, or addresses somebody, a place if a district or a canton behind does, a place or
somebody well-known if the words behind do, a place if the word before does."""
LISTING, LISTED = frozenset(":,;(•*"), frozenset(".,;()")
"""What stands before a name in a list, and behind it."""


class Tagger:
    """A trained model in its compiled form. Answers do not depend on what was asked before."""

    def __init__(self, arrays: dict[str, np.ndarray]) -> None:
        self.label_names = [str(name) for name in arrays["labels"]]
        size = len(self.label_names)
        self.near = Weights(*_dense(arrays, "near", len(DISTANCES) * size))
        self.own = Weights(*_dense(arrays, "own", size))
        self.letters = Letters({kind: self.own.rows.pop(kind, {}) for kind in LETTER_KINDS}, self.own.weights)
        self._compile_pairs(*_dense(arrays, "pair", size))
        self.paths = Paths(self.label_names, arrays["moves"].astype(np.float32))
        self.begins_of = {
            kind: self.label_names.index(f"B-{name}") for name, kind in KINDS.items() if f"B-{name}" in self.label_names
        }
        self.goes_on = np.array([name[0] == "I" for name in self.label_names])
        self.is_free = np.array([name in {"O", "B-PART"} for name in self.label_names])
        self.is_name = np.array([name[2:] in KINDS for name in self.label_names])
        self._lock = threading.Lock()
        self._forget(vocabulary())

    @classmethod
    def load(cls, path: Path) -> Tagger:
        with np.load(path) as packed:
            return cls(dict(packed))

    def _compile_pairs(self, pair_names: list[str], pairs: np.ndarray) -> None:
        """Tables (pairs of classes, labels) for before-own, own-after and before-after."""
        # nothing is behind BEGIN or before END but a sentence, so that one class will do for both
        split = [name.replace(END, BEGIN).split("|") for name in pair_names]
        names = sorted({one for _, left, right in split for one in (left, right)})
        self.class_of = {name: at + 1 for at, name in enumerate(names)}
        size = self.classes = len(names) + 1
        self.pair_tables = np.zeros((3, size * size, len(self.label_names)), np.float32)
        for (kind, left, right), row in zip(split, pairs[1:], strict=True):
            self.pair_tables["-+=".index(kind), self.class_of[left] * size + self.class_of[right]] = row

    def _forget(self, known: Vocabulary) -> None:
        """Begin with another vocabulary."""
        self._is_known = np.ones(1, bool)
        self._rows = np.zeros((len(DISTANCES), 1, len(self.label_names)), np.float32)
        self._classes = np.zeros(1, np.intp)
        self._flags = np.zeros(1, np.uint32)
        # before a word stands BEGIN, behind one END
        rows, classes, flags = self._seen([BEGIN, END])
        self._rows[:REACH, EDGE], self._rows[REACH:, EDGE] = rows[:REACH, 0], rows[REACH:, 1]
        self._classes[EDGE], self._flags[EDGE] = classes[0], flags[0]
        self._vocabulary = known

    def _learn(self, numbers: np.ndarray) -> None:
        """Sum the weights of words that are new."""
        known = self._vocabulary.words
        while len(known) > len(self._classes):
            self._rows = np.concatenate([self._rows, np.zeros_like(self._rows)], axis=1)
            self._is_known, self._classes, self._flags = (
                np.concatenate([each, np.zeros_like(each)]) for each in (self._is_known, self._classes, self._flags)
            )
        new = np.unique(numbers[~self._is_known.take(numbers)])
        if len(new):
            seen = self._seen([known[number] for number in new.tolist()])
            self._rows[:, new], self._classes[new], self._flags[new] = seen
            self._is_known[new] = True

    def _seen(self, words: Sequence[str]) -> tuple[np.ndarray, list[int], list[int]]:
        """Weights (distances, words, labels), classes and flags of words."""
        seen = see(words)
        sums = self.near.sums(seen.near).reshape(len(words), len(DISTANCES), -1)
        own = self.own.sums(seen.own)
        self.letters.add_to(own, ["" if word in (BEGIN, END) else word.lower() for word in words])
        sums[:, REACH] += own
        classes = [self.class_of.get(name, 0) for name in seen.classes]
        return sums.transpose(1, 0, 2), classes, list(map(_flag, words, seen.marks))

    def scores(
        self, known: Vocabulary, numbers: np.ndarray, sizes: Sequence[int] | np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Scores (words, labels) of the words of all sentences, and their flags.

        ``numbers``: those of the words in the vocabulary; ``sizes``: how many words each sentence has.
        """
        with self._lock:
            if self._vocabulary is not known:
                self._forget(known)
            self._learn(numbers)
            rows, all_classes, flags = self._rows, self._classes, self._flags.take(numbers)
        places = np.arange(len(numbers)) + np.repeat(np.arange(1, len(sizes) + 1) * REACH, sizes)
        padded = np.full(len(numbers) + (len(sizes) + 1) * REACH, EDGE)
        padded[places] = numbers
        total = rows[REACH].take(numbers, axis=0)
        for at, distance in enumerate(DISTANCES):
            if distance:
                total += rows[at].take(padded.take(places + distance), axis=0)
        classes = all_classes.take(padded)
        before, own, after = (classes.take(places + distance) for distance in (-1, 0, 1))
        before, left = before * self.classes, own * self.classes
        total += self.pair_tables[0].take(before + own, axis=0)
        total += self.pair_tables[1].take(left + after, axis=0)
        total += self.pair_tables[2].take(before + after, axis=0)
        return total, flags

    def labels(self, sentences: Sequence[Sequence[str]]) -> list[list[str]]:
        """The best label of every word, as names."""
        sizes = list(map(len, sentences))
        known = vocabulary()
        total, _ = self.scores(known, known.numbers(chain.from_iterable(sentences)), sizes)
        names = map(self.label_names.__getitem__, self.paths.best(total, sizes).tolist())
        return [list(islice(names, size)) for size in sizes]


def _dense(arrays: dict[str, np.ndarray], title: str, width: int) -> tuple[list[str], np.ndarray]:
    """The names of attributes, and a row of weights for each, (1 + attributes, width); row 0 is that of all others."""
    joined = bytes(arrays[f"{title}_names"]).decode()
    names = joined.split("\n") if joined else []
    rows = np.repeat(np.arange(len(names)), arrays[f"{title}_sizes"])
    weights = np.zeros((len(names) + 1, width), np.float32)
    weights[rows + 1, arrays[f"{title}_columns"]] = arrays[f"{title}_weights"]
    return names, weights


class Weights:
    """A row of weights for each value of each column (``features.Seen``)."""

    def __init__(self, names: list[str], weights: np.ndarray) -> None:
        self.weights = weights
        self.rows: dict[str, dict[str, int]] = {}
        """By kind of attribute and value; row 0 is that of all other values."""
        for row, name in enumerate(names, 1):
            kind, _, value = name.partition("=")
            self.rows.setdefault(kind, {})[value] = row
        self._joined: dict[str, tuple[dict[Any, int], np.ndarray]] = {}
        """By title: the row of each value that several attributes follow from, and the sums of their weights."""

    def sums(self, columns: Sequence[Column]) -> np.ndarray:
        """The sum of the weights of all attributes of each word."""
        total = np.zeros((len(columns[0][1]), self.weights.shape[1]), np.float32)
        for title, values in columns:
            if title in WORD_KINDS:
                rows, weights = self.rows.get(title, {}), self.weights
            else:
                rows, weights = self._join(title, set(values))
            total += weights.take(np.fromiter(map(rows.get, values, repeat(0)), np.intp, len(values)), axis=0)
        return total

    def _join(self, title: str, values: set[Any]) -> tuple[dict[Any, int], np.ndarray]:
        """The rows of a column's values; new ones are added."""
        rows, weights = self._joined.get(title, ({}, self.weights[:0]))
        new = values.difference(rows)
        if new:
            sums = [self._sum(names_of(title, value)) for value in new]
            rows.update(zip(new, range(len(rows), len(rows) + len(new)), strict=True))
            weights = np.vstack([weights, *sums])
            self._joined[title] = rows, weights
        return rows, weights

    def _sum(self, names: Sequence[str]) -> np.ndarray:
        parts = [name.partition("=") for name in names]
        found = [self.rows[kind].get(value, 0) for kind, _, value in parts if kind in self.rows]
        total: np.ndarray = self.weights[[0, *found]].sum(axis=0)
        return total


@cache
def tagger() -> Tagger:
    """The model that comes with the program."""
    return Tagger.load(MODELS / "names.npz")


def tag(texts: Sequence[Text], model: Tagger | None = None) -> list[list[Found]]:
    """The names of persons and places of each text, in order; by the model that comes with the program unless given.

    ``texts``: from one call of ``tokenized``.
    """
    founds: list[list[Found]] = [[] for _ in texts]
    sizes = [len(text.numbers) for text in texts]
    if not sum(sizes):
        return founds
    known = texts[0].vocabulary
    numbers = np.concatenate([text.numbers for text in texts])
    offsets = list(accumulate(sizes, initial=0))
    begins = [offset + begin for offset, text in zip(offsets[:-1], texts, strict=True) for begin in text.begins]
    begins.append(len(numbers))
    owners = [owner for owner, text in enumerate(texts) for _ in text.begins]
    spans, goes_on = _spans(known, numbers, np.array(begins), model or tagger())
    until = 0
    for begin, end, kind in spans:
        if begin >= until:
            number = bisect_right(begins, begin) - 1
            first, until, owner = begins[number], begins[number + 1], owners[number]
            sentence = Sentence(texts[owner], first - offsets[owner], until - offsets[owner])
        at, size = begin - first, end - begin
        if kind == PHRASES:
            kind, size = _phrase(sentence.words, at)
            size = 0 if kind == "place" and goes_on[begin + size] else size  # no "New York" in "New York Times"
        elif kind == INTRODUCED:
            kind, size = "person", size if _is_introduced(sentence.words, at) else 0
        elif kind == ADDRESSED:
            kind, size = "person", size if is_addressed(sentence.words, at) else 0
        elif kind == LOCATED:
            kind, size = "place", size if is_located(sentence.words, at, at + 1) else 0
        elif kind == PLACED:
            kind, size = "place", size if at and _is_placed(sentence.words, at) else 0
        if size:
            founds[owner].append(Found(kind, sentence, at, at + size))
    return founds


Span = tuple[int, int, str]
"""The first word of a name, the one behind its last, and its kind."""


def _spans(known: Vocabulary, numbers: np.ndarray, begins: np.ndarray, model: Tagger) -> tuple[list[Span], np.ndarray]:
    """What may be names, in order, and whether each word, and one behind the last, goes on with a name.

    ``begins``: the first word of each sentence, and the end of the last.
    """
    sizes = np.diff(begins)
    total, flags = model.scores(known, numbers, sizes)
    labels = model.paths.best(total, sizes)
    before, after = np.roll(flags, 1), np.roll(flags, -1)
    before[begins[:-1]] = after[begins[1:] - 1] = 0
    # every I goes on with what is before it: a name ends where none is
    goes_on = np.append(model.goes_on[labels], False)
    stops = np.flatnonzero(~goes_on)
    is_free, is_name = model.is_free[labels], model.is_name[labels]
    is_alone = is_free | ~(goes_on[:-1] | goes_on[1:])  # without a label, or with one for that word alone
    is_last = after & CAPITAL == 0
    begins_of = {kind: labels == label for kind, label in model.begins_of.items()}
    begins_of["place"] |= (flags & (LAST | KNOWN) > 0) & (before & KIND > 0) & ~is_name  # "Ortsteil Wössingen"
    may_be_located = (flags & CAPITAL > 0) & (before & (OF | LINK | COMMA) > 0) & (after & LOCATES > 0)
    begins_of[LOCATED] = may_be_located & ~is_name & ~begins_of["place"]
    spans: list[Span] = []
    for kind, is_begin in begins_of.items():
        first = np.flatnonzero(is_begin)
        spans += zip(first.tolist(), stops[np.searchsorted(stops, first, side="right")].tolist(), repeat(kind))
    led_to = (flags & KNOWN > 0) & (before & LEADS > 0)  # "aus Rom"
    towns = np.flatnonzero(flags & TOWN)
    led_to[towns[_are_towns(towns, before, after, begins_of["place"])]] = True
    # "Trainer Winter", but in "Jetzt macht der Trainer Ernst" an article shows that no name has to follow
    titled = (flags & SURNAME > 0) & (before & TITLE > 0) & (np.roll(before, 1) & THE == 0) & is_last & is_free
    house = (flags & HOUSE > 0) & (before & CAPITAL == 0) & ~is_name
    for kind, size, is_begin in (
        ("place", 1, (flags & SURE > 0) & is_alone & ~is_name),
        ("place", 1, led_to & is_last & is_free),
        (
            INTRODUCED,
            2,
            (flags & FIRST > 0) & (after & (LAST | SURNAME | FIRST) > 0) & ~is_name & ~np.roll(is_name, -1),
        ),
        ("person", 1, titled | house),
        (ADDRESSED, 1, (flags & CAPITAL > 0) & (before & ADDRESS > 0) & is_last & is_free & ~titled),
        (PHRASES, 1, (flags & PHRASE > 0) & ~is_name & ~goes_on[:-1]),
        (PLACED, 1, ((flags & BEHIND > 0) | ((flags & TOWN > 0) & (before & KIND > 0))) & is_alone & is_last),
    ):
        spans += [(at, at + size, kind) for at in np.flatnonzero(is_begin).tolist()]
    spans.sort()
    return spans, goes_on


def _are_towns(at: np.ndarray, before: np.ndarray, after: np.ndarray, is_place: np.ndarray) -> np.ndarray:
    """Which words that may be towns are some: "in Bergen", not "in Bergen und Wäldern", but "in Bergen und Oslo";
    "Oslo, Bergen und Ulm"; "Bürgermeister von Bergen".

    ``before`` and ``after``: the flags of each word's neighbours, 0 where a sentence ends; ``is_place``: by the model.
    """
    size = len(before)
    last, behind, next_ = before[at], after[at], (at + 1) % size
    is_behind_in = last & IN > 0
    follows = (last & (COMMA | LINK) > 0) & (before[at - 1] > 0) & is_place[at - 2]
    goes_on = (behind & (COMMA | LINK) > 0) & (after[next_] > 0) & is_place[(at + 2) % size]
    is_led = (last & OF > 0) & (before[at - 1] & TITLE > 0)
    are_towns: np.ndarray = ((follows | is_behind_in) & goes_on) | (is_behind_in & (behind & LINK == 0)) | is_led
    return are_towns


def _phrase(words: Sequence[str], at: int) -> tuple[str, int]:
    """What kind of unmistakable name begins there, and how many words it has, 0 if none does."""
    size = phrase_at(sure_phrases(), words, at)
    return ("place", size) if size else ("person", well_known(words, at))


def _is_introduced(words: Sequence[str], at: int) -> bool:
    """Whether two words are somebody's name by the one before: "Trainer Jens Fuchs", "Kasse: Jens Fuchs, Ulm"."""
    before, last = words[at - 1] if at else "", mark_of(words[at + 1])
    if before in RULERS and is_given(mark_of(words[at])) and is_given(last):  # "Prinz Ernst August"
        return True
    if introduces(before):
        return not last & (Mark.NOUN | Mark.WORD)
    is_listed = before in LISTING and (words[at + 2 : at + 3] or ["."])[0] in LISTED
    return is_listed and last & SURNAMES > 0 and is_given(mark_of(words[at]))


def _is_placed(words: Sequence[str], at: int) -> bool:
    """Whether the word before says that one is a place: "die Oder", "Stadt Singen".

    Not so in "der Nahe und der Mittlere Osten"."""
    after = words[at + 1 : at + 5]
    goes_on = after[:1] in (["-"], ["um"]) or "Osten" in after  # "nach Zug- und Busausfällen", "die Stadt Zug um Zug"
    is_behind = f"{words[at - 1].lower()}_{words[at]}" in BEHIND_WORDS
    return (is_behind or (words[at] in AMBIGUOUS and is_place_kind(words[at - 1]))) and not goes_on


def _flag(word: str, mark: int) -> int:
    """What the search for unmistakable places and introduced persons has to know of a word."""
    low = word.lower()
    leads = (LEADS if low in INTO else 0) | (OF if low in OF_PLACES else 0) | SMALL.get(low, 0)
    if not word[0].isupper():
        return leads
    names = FIRST if mark & FIRST_NAMES or (not mark & MASK and word.isalpha()) else 0
    if not mark & NO_SURNAME and len(word) > 2 and not word.isupper():
        names |= LAST
    listed = mark & SURNAMES
    is_surname = listed == SURNAMES or (listed and not mark & Mark.COMMON)  # no "Zeit"
    names |= SURNAME if is_surname and word not in WORDS["times"] else 0
    names |= TITLE if is_title(word) else 0
    names |= ADDRESS if addresses(word) else 0
    names |= HOUSE if word.removesuffix("s") in CALLED_HOUSES else 0
    phrase = (PHRASE if word in sure_phrases() or begins_well_known(word) else 0) | (TOWN if word in AMBIGUOUS else 0)
    phrase |= KIND if is_place_kind(word) and word not in VAGUE else 0
    phrase |= (LOCATES if word in CANTONS else 0) | (BEHIND if word in PLACES_BEHIND else 0)
    return CAPITAL | leads | names | phrase | (SURE if is_sure(word, mark) else 0) | (KNOWN if is_known(mark) else 0)
