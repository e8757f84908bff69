"""What the tagger sees of a word: a list of attributes, the same in training and in the program.

Every attribute looks at one word at a fixed distance from the word to be labelled (or at a pair of neighbours, by
their classes), so that the sum of its weights can be computed once per word and distance. The choice follows what is
known of German names: shapes, affixes and character n-grams, word lists joined, and Brown clusters of words that stand
in like surroundings (Brown et al. 1992), by whole paths and by their beginnings (Miller, Guinness, Zamanian 2004,
"Name Tagging with Word Clusters and Discriminative Training"; Turian, Ratinov, Bengio 2010).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from itertools import chain, repeat
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np

from search.entities.lexicon import OFFICE_ENDS, Mark, lookup, marks_of

MODELS = Path(__file__).parent.parent / "models"
DISTANCES = (-2, -1, 0, 1, 2)
BEGIN, END = "\x02", "\x03"
"""Stand before the first and after the last word of a sentence."""
PREFIXES = (4, 6, 10, 16)
"""So many steps of a word's path in the tree of clusters; the last is the whole path."""
CLUSTERS = tuple(f"u{steps}" for steps in PREFIXES)
NEAR = ("w", "s", "e2", "e3", "m", "b", "g", "o", "cm", "cn", "z", "t", *CLUSTERS)
"""Kinds of attributes that count of a neighbour, too."""
OWN = ("t0", "t1", "t2", "t3", "p", "e", "n", "c", "h1", "h9", "hm1", "hm9")
"""Kinds that count of the word itself alone."""
NONE = repeat(0)
"""What tables answer for values that they do not have."""
NUMBERS = frozenset(["m", "b", "g", "z", "n", "hm1", "hm9", *CLUSTERS])
"""Kinds whose values are numbers."""

FIRST = int(Mark.FIRST | Mark.FIRST_ABROAD)
LAST = int(Mark.LAST | Mark.LAST_ABROAD)
PLACE = int(Mark.PLACE | Mark.LARGE | Mark.TOWN | Mark.OTHER_NAME | Mark.COUNTRY)
NAMES = FIRST | LAST | PLACE
NOUN, WORD, OFFICE, COMMON, FIRST_HERE = (
    int(mark) for mark in (Mark.NOUN, Mark.WORD, Mark.OFFICE, Mark.COMMON, Mark.FIRST)
)
JOINT = (("F", FIRST), ("L", LAST), ("P", PLACE), ("N", NOUN), ("W", WORD))
FINE = (
    ("f", FIRST_HERE), ("l", int(Mark.LAST)), ("c", int(Mark.COUNTRY)), ("p", int(Mark.PLACE)), ("g", int(Mark.LARGE)),
    ("n", int(Mark.NEAR)), ("N", NOUN), ("W", WORD), ("o", OFFICE),
)  # fmt: skip
MASK = (1 << 19) - 1
RARITY = 19
"""Bits from here on say how frequent a word is."""
GRAMS = 1 << 16
KINDS = 4
"""First name, surname, place, noun: what a word looks like to the classifier of spellings."""


def shape(word: str) -> str:
    """Kinds of letters with repetitions shortened: "US-Präsident" -> "XX-Xx"."""
    if word.isalpha():
        if word.islower():
            return "x"
        if word.istitle():
            return "X" if len(word) == 1 else "Xx"
    kinds = "".join(
        [
            "X" if letter.isupper() else "x" if letter.islower() else "9" if letter.isdigit() else letter
            for letter in word
        ]
    )
    return re.sub(r"(.)\1\1+", r"\1\1", re.sub(r"xx+", "x", kinds))[:8]


def joint(mark: int, table: Sequence[tuple[str, int]]) -> str:
    """The marks of a word as a few letters."""
    return "".join([letter for letter, bits in table if mark & bits])


@cache
def _crc_steps() -> np.ndarray:
    """The table of CRC-32, by bytes."""
    steps = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        steps = np.where(steps & 1, (steps >> 1) ^ np.uint32(0xEDB88320), steps >> 1)
    return steps


def spelling_grams(words: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Buckets of the character 2- to 5-grams that begin at each byte of the words (bytes, 4), and where each word
    begins. GRAMS stands where a word has no such gram; the bucket is the CRC-32 of the gram."""
    padded = [f"^{word.lower()}$".encode("utf-8", "surrogatepass") for word in words]
    sizes = np.array([len(one) for one in padded])
    letters = np.frombuffer(b"".join(padded) + bytes(5), np.uint8)
    ends = np.cumsum(sizes)
    room = np.repeat(ends, sizes) - np.arange(ends[-1])
    state = np.full(ends[-1], 0xFFFFFFFF, np.uint32)
    buckets = np.empty((ends[-1], 4), np.intp)
    steps = _crc_steps()
    for at in range(5):
        state = steps[(state ^ letters[at : at + len(state)]) & 0xFF] ^ (state >> 8)
        if at:
            buckets[:, at - 1] = np.where(room > at, ~state & (GRAMS - 1), GRAMS)
    return buckets, ends - sizes


@cache
def _spellings() -> tuple[np.ndarray, np.ndarray]:
    with np.load(MODELS / "spellings.npz") as packed:
        weights = packed["weights"].astype(np.float32) * packed["scale"]
        return np.vstack([weights, np.zeros((1, KINDS), np.float32)]), packed["bias"]


def spelling_kinds(words: Sequence[str]) -> list[tuple[int, ...]]:
    """For each word how much it looks like a first name, surname, place and noun, in fifths."""
    if not words:
        return []
    weights, bias = _spellings()
    buckets, begins = spelling_grams(words)
    scores = np.add.reduceat(weights[buckets].sum(axis=1), begins) + bias
    odds = np.exp(scores - scores.max(axis=1, keepdims=True))
    return list(map(tuple, (odds / odds.sum(axis=1, keepdims=True) * 4.99).astype(int).tolist()))


@cache
def _clusters() -> tuple[np.ndarray, np.ndarray]:
    with np.load(MODELS / "clusters.npz") as packed:
        return np.cumsum(packed["steps"], dtype=np.uint32), packed["clusters"]


def word_clusters(words: Sequence[str], bare: Sequence[str]) -> list[int]:
    """The cluster of each word, its path in the tree from the lowest bit on; 0 for none.

    An unknown word has that of its form without s (``bare``), in other letters, or of what stands behind its hyphen.
    """
    keys, clusters = _clusters()
    at, known = lookup(keys, words)
    found: list[int] = np.where(known, clusters[at], 0).tolist()
    unknown = [at for at, cluster in enumerate(found) if not cluster]
    forms = [form for at in unknown for form in _other_forms(words[at], bare[at])]
    if forms:
        at, known = lookup(keys, forms)
        tried = np.where(known, clusters[at], 0).reshape(len(unknown), -1)
        best = tried[np.arange(len(unknown)), (tried != 0).argmax(axis=1)]
        for word, cluster in zip(unknown, best.tolist(), strict=True):
            found[word] = cluster
    return found


def _other_forms(word: str, bare: str) -> tuple[str, str, str, str]:
    last = word.rpartition("-")[2] if "-" in word[1:-1] else ""
    return bare, word.lower(), word.capitalize() if word.isupper() else "", last


def _looks(word: str) -> str:
    last = word.rpartition("-")[2]
    return last if len(last) > 2 and "-" in word[:-1] else word


class Table(Protocol):
    """What stands for the values of one kind of attribute."""

    def get(self, value: Any, default: Any, /) -> Any: ...


class Seen(NamedTuple):
    """What is seen of some words, a list entry each."""

    near: list[list[Any]]
    """Attributes that count of a neighbour as well."""
    own: list[list[Any]]
    """Attributes that count of the word itself alone."""
    classes: list[str]
    """A coarse class; pairs of neighbouring classes are attributes, too."""
    marks: list[int]


class Attributes:
    """Finds the attributes of words: their names for training, or whatever else ``table_of`` a kind has for a value.

    Of a word that no list and no model knows, every table may answer the default, 0.
    """

    def __init__(self, table_of: Callable[[str], Table]) -> None:
        self._get = {kind: table_of(kind).get for kind in (*NEAR, *OWN)}
        self._of_lists: dict[tuple[int, int, bool], list[Any]] = {}
        self._of_cluster: dict[int, list[Any]] = {}

    def of(self, words: Sequence[str]) -> Seen:
        """The attributes of each word."""
        bare = [word[:-1] if word[-1:] in "s'’" and len(word) > 3 else "" for word in words]
        marks = marks_of([*words, *bare], batch=True)
        bare_marks = marks[len(words) :]
        clusters = word_clusters(words, bare)
        near, own, classes = [], [], []
        for word, mark, bare_mark, cluster in zip(words, marks, bare_marks, clusters, strict=False):
            mark, rarity = mark & MASK, mark >> RARITY
            bare_mark &= MASK
            near.append(self._whole(word, mark, bare_mark, rarity, cluster))
            own.append(self._letters(word))
            classes.append(_pair_class(word, mark, bare_mark))
        self._add_spellings(words, marks, near, own)
        self._add_parts(words, own)
        return Seen(near, own, classes, marks[: len(words)])

    def _whole(self, word: str, mark: int, bare: int, rarity: int, cluster: int) -> list[Any]:
        """What a word is as a whole, what the lists say of it, and where it stands in the tree of clusters."""
        get = self._get
        low = word.lower()
        capital = word[0].isupper()
        found = [
            get["w"](low, 0), get["s"](shape(word), 0), get["e3"](low[-3:], 0), get["e2"](low[-2:], 0),
            get["z"](rarity, 0),
        ]  # fmt: skip
        kept = self._of_lists.get((mark, bare, capital))
        found += self._lists(mark, bare, capital) if kept is None else kept
        found += self._of_cluster.get(cluster) or self._cluster(cluster)
        if capital and low.endswith(OFFICE_ENDS):
            found.append(get["o"]("", 0))
        return found

    def _lists(self, mark: int, bare: int, capital: bool) -> list[Any]:
        """What the lists say of a word and of its form without s."""
        get, found = self._get, []
        if mark:
            found.append(get["m"](mark, 0))
            found += [get["b"](bit, 0) for bit in range(RARITY) if mark >> bit & 1]
        if bare & NAMES and not mark & NAMES:
            found.append(get["g"](bare & NAMES, 0))
        if capital:
            found += [get["cm"](joint(mark, JOINT), 0), get["cn"](joint(mark, FINE), 0)]
        self._of_lists[mark, bare, capital] = found
        return found

    def _cluster(self, cluster: int) -> list[Any]:
        found = [
            self._get[kind](cluster & ((1 << steps) - 1), 0)
            for kind, steps in zip(CLUSTERS, PREFIXES, strict=True)
            if cluster or kind == CLUSTERS[-1]
        ]
        self._of_cluster[cluster] = found
        return found

    def _letters(self, word: str) -> list[Any]:
        """Beginnings, endings and character 4-grams."""
        get = self._get
        if word in (BEGIN, END):
            return [get["n"](0, 0)]
        low = word.lower()
        size = len(low)
        padded = f"^{low}$"
        return [
            get["n"](min(size, 12), 0),
            *map(get["p"], [low[:n] for n in range(1, min(size, 6))], NONE),
            *map(get["e"], [low[-n:] for n in (1, 4, 5, 6) if n < size], NONE),
            *map(get["c"], {padded[at : at + 4] for at in range(size - 1)}, NONE),
        ]

    def _add_spellings(
        self, words: Sequence[str], marks: list[int], near: list[list[Any]], own: list[list[Any]]
    ) -> None:
        """What a capitalised word looks like by its letters."""
        get = self._get
        capital = [at for at, word in enumerate(words) if word[0].isupper() and len(word) > 2]
        for at, fifths in zip(capital, spelling_kinds([_looks(words[at]) for at in capital]), strict=True):
            known = "k" if marks[at] & MASK else "u"
            near[at].append(get["t"](f"{known}{fifths.index(max(fifths))}", 0))
            own[at] += [get[f"t{kind}"](f"{known}{fifth}", 0) for kind, fifth in enumerate(fifths)]

    def _add_parts(self, words: Sequence[str], own: list[list[Any]]) -> None:
        """First and last part of hyphened words."""
        get = self._get
        hyphened = [at for at, word in enumerate(words) if "-" in word[1:-1] and word[0].isupper() and len(word) > 2]
        pairs = [(parts[0], parts[-1]) for parts in (words[at].split("-") for at in hyphened)]
        marks = marks_of(list(chain.from_iterable(pairs)))
        for at, (first, last), mark, other in zip(hyphened, pairs, marks[::2], marks[1::2], strict=True):
            own[at] += [
                get["h1"](first.lower(), 0), get["h9"](last.lower(), 0), get["hm1"](mark & MASK, 0),
                get["hm9"](other & MASK, 0),
            ]  # fmt: skip


def _pair_class(word: str, mark: int, bare: int) -> str:
    first = word[0]
    if word in (BEGIN, END):
        return word
    if not first.isalpha():
        return "9" if first.isdigit() else word if word in '.,"„“()-:' else "q"
    if not first.isupper():
        return f"x{word}" if mark & COMMON and len(word) <= 4 else "x"
    if len(word) == 1 or (len(word) == 2 and word[1] == "."):
        return "I"
    kind = "C" if word.isupper() else "X"
    if word[-1] == "s" and not mark:
        kind, mark = kind + "s", bare
    return kind + "o" if mark & OFFICE and not mark & FIRST_HERE else kind + joint(mark, JOINT)


class _Names:
    """The names of the attributes of one kind."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def get(self, value: object, default: object, /) -> str:
        return f"{self.kind}={value}"


@cache
def _names() -> Attributes:
    return Attributes(_Names)


@cache
def _cached(word: str) -> tuple[dict[int, list[str]], str]:
    seen = _names().of([word])
    near, own = seen.near[0], seen.own[0]
    table = {distance: [f"{distance}|{name}" for name in (near if distance else near + own)] for distance in DISTANCES}
    return table, seen.classes[0]


def sentence_attributes(words: Sequence[str]) -> list[list[str]]:
    """For each word of a sentence all attributes with their distance, as the training library wants them."""
    reach = max(DISTANCES)
    padded = [_cached(word) for word in [BEGIN] * reach + list(words) + [END] * reach]
    made = []
    for at in range(reach, reach + len(words)):
        found = [name for distance in DISTANCES for name in padded[at + distance][0][distance]]
        before, own, after = (padded[at + distance][1] for distance in (-1, 0, 1))
        found += [f"-|{before}|{own}", f"+|{own}|{after}", f"=|{before}|{after}"]
        made.append(found)
    return made
