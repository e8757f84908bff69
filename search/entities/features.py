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
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple, cast

import numpy as np

from search.entities.letters import letter_names
from search.entities.lexicon import (
    FIRST_NAMES,
    MASK,
    OFFICE_ENDS,
    OFFICE_LAST,
    RARITY,
    SURNAMES,
    Mark,
    lookup,
    marks_of,
)

MODELS = Path(__file__).parent.parent / "models"
DISTANCES = (-2, -1, 0, 1, 2)
BEGIN, END = "\x02", "\x03"
"""Stand before the first and after the last word of a sentence."""
PREFIXES = (4, 6, 10, 16)
"""So many steps of a word's path in the tree of clusters; the last is the whole path."""
CLUSTERS = tuple(f"u{steps}" for steps in PREFIXES)
NEAR = ("w", "s", "e2", "e3", "m", "b", "g", "o", "cm", "cn", "z", "t", *CLUSTERS)
"""Kinds of attributes that count of a neighbour, too."""
WORD_KINDS = ("w", "s", "e2", "e3", "h1", "h9")
"""Kinds of which a word has one value or none, and the value is a string."""

PLACES = Mark.PLACE | Mark.LARGE | Mark.TOWN | Mark.OTHER_NAME | Mark.COUNTRY
NAMES = FIRST_NAMES | SURNAMES | PLACES
JOINT = (("F", FIRST_NAMES), ("L", SURNAMES), ("P", PLACES), ("N", Mark.NOUN), ("W", Mark.WORD))
FINE = (
    ("f", Mark.FIRST), ("l", Mark.LAST), ("c", Mark.COUNTRY), ("p", Mark.PLACE), ("g", Mark.LARGE), ("n", Mark.NEAR),
    ("N", Mark.NOUN), ("W", Mark.WORD), ("o", Mark.OFFICE),
)  # fmt: skip
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
    found = weights.take(buckets[:, 0], axis=0)
    for more in range(1, buckets.shape[1]):
        found += weights.take(buckets[:, more], axis=0)
    scores = np.add.reduceat(found, begins) + bias
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


Column = tuple[str, Sequence[Any]]
"""A title, and a value for each of some words: one attribute (WORD_KINDS), or what several follow from; None: none."""


class Seen(NamedTuple):
    """What is seen of some words."""

    near: list[Column]
    """What counts of a neighbour as well."""
    own: list[Column]
    """What counts of the word itself alone, but for its letters."""
    classes: list[str]
    """A coarse class; pairs of neighbouring classes are attributes, too."""
    marks: list[int]


def see(words: Sequence[str]) -> Seen:
    """What is seen of each word."""
    bare = [word[:-1] if word[-1:] in "s'’" and len(word) > 3 else "" for word in words]
    lows = [word.lower() for word in words]
    capitals = [word[0].isupper() for word in words]
    all_marks = marks_of([*words, *bare], batch=True)
    marks = all_marks[: len(words)]
    bare_marks = [mark & MASK for mark in all_marks[len(words) :]]
    offices = [
        capital and low[-3:] in OFFICE_LAST and low.endswith(OFFICE_ENDS)
        for capital, low in zip(capitals, lows, strict=True)
    ]
    looks = _looks(words, capitals, marks)
    near: list[Column] = [
        ("w", lows),
        ("s", list(map(shape, words))),
        ("e3", [low[-3:] for low in lows]),
        ("e2", [low[-2:] for low in lows]),
        ("lists", list(zip(marks, bare_marks, capitals, offices, strict=True))),
        ("cluster", word_clusters(words, bare)),
        ("look", looks),
    ]
    sizes = [0 if word in (BEGIN, END) else min(len(low), 12) for word, low in zip(words, lows, strict=True)]
    own: list[Column] = [("size", list(zip(sizes, looks, strict=True))), *_parts(words, capitals)]
    classes = list(map(_pair_class, words, [mark & MASK for mark in marks], bare_marks))
    return Seen(near, own, classes, marks)


def names_of(title: str, value: Any) -> list[str]:
    """The names of the attributes that a value of a column stands for."""
    if value is None:
        return []
    return _MAKERS[title](value) if title in _MAKERS else [f"{title}={value}"]


def _list_names(value: tuple[int, int, bool, bool]) -> list[str]:
    """What the lists say of a word and of its form without s."""
    mark, bare, capital, office = value
    mark, rarity = mark & MASK, mark >> RARITY
    names = [f"z={rarity}"]
    if mark:
        names += [f"m={mark}", *(f"b={bit}" for bit in range(RARITY) if mark >> bit & 1)]
    if bare & NAMES and not mark & NAMES:
        names.append(f"g={bare & NAMES}")
    if capital:
        names += [f"cm={joint(mark, JOINT)}", f"cn={joint(mark, FINE)}"]
    return [*names, "o="] if office else names


def _cluster_names(cluster: int) -> list[str]:
    """Where a word stands in the tree of clusters."""
    return [
        f"{kind}={cluster & ((1 << steps) - 1)}"
        for kind, steps in zip(CLUSTERS, PREFIXES, strict=True)
        if cluster or kind == CLUSTERS[-1]
    ]


Look = tuple[bool, tuple[int, ...]]
"""Whether any list knows a word, and how much it looks like a first name, surname, place and noun."""


def _look_names(look: Look) -> list[str]:
    known, fifths = look
    return [f"t={'k' if known else 'u'}{fifths.index(max(fifths))}"]


def _size_names(value: tuple[int, Look | None]) -> list[str]:
    size, look = value
    known, fifths = look or (False, ())
    return [f"n={size}", *(f"t{kind}={'k' if known else 'u'}{fifth}" for kind, fifth in enumerate(fifths))]


_MAKERS: dict[str, Callable[[Any], list[str]]] = {
    "lists": _list_names,
    "cluster": _cluster_names,
    "look": _look_names,
    "size": _size_names,
    "parts": lambda marks: [f"hm1={marks[0]}", f"hm9={marks[1]}"],
}


def _looks(words: Sequence[str], capitals: Sequence[bool], marks: Sequence[int]) -> list[Look | None]:
    """What a capitalised word looks like by its letters."""
    looks: list[Look | None] = [None] * len(words)
    places = [at for at, capital in enumerate(capitals) if capital and len(words[at]) > 2]
    for at, fifths in zip(places, spelling_kinds([_last_part(words[at]) for at in places]), strict=True):
        looks[at] = (marks[at] & MASK > 0, fifths)
    return looks


def _last_part(word: str) -> str:
    last = word.rpartition("-")[2]
    return last if len(last) > 2 and "-" in word[:-1] else word


def _parts(words: Sequence[str], capitals: Sequence[bool]) -> list[Column]:
    """First and last part of hyphened words, and what the lists say of these."""
    places = [at for at, word in enumerate(words) if "-" in word[1:-1] and capitals[at] and len(word) > 2]
    pairs = [(parts[0], parts[-1]) for parts in (words[at].split("-") for at in places)]
    marks = [mark & MASK for mark in marks_of(list(chain.from_iterable(pairs)))]
    firsts: list[str | None] = [None] * len(words)
    lasts, both = firsts.copy(), cast(list[Any], firsts.copy())
    for at, (first, last), *of_lists in zip(places, pairs, marks[::2], marks[1::2], strict=True):
        firsts[at], lasts[at], both[at] = first.lower(), last.lower(), tuple(of_lists)
    return [("h1", firsts), ("h9", lasts), ("parts", both)]


def _pair_class(word: str, mark: int, bare: int) -> str:
    first = word[0]
    if word in (BEGIN, END):
        return word
    if not first.isalpha():
        return "9" if first.isdigit() else word if word in '.,"„“()-:' else "q"
    if not first.isupper():
        return f"x{word}" if mark & Mark.COMMON and len(word) <= 4 else "x"
    if len(word) == 1 or (len(word) == 2 and word[1] == "."):
        return "I"
    kind = "C" if word.isupper() else "X"
    if word[-1] == "s" and not mark:
        kind, mark = kind + "s", bare
    return kind + "o" if mark & Mark.OFFICE and not mark & Mark.FIRST else kind + joint(mark, JOINT)


@cache
def _cached(word: str) -> tuple[dict[int, list[str]], str]:
    seen = see([word])
    near, own = ([name for title, (value,) in columns for name in names_of(title, value)] for columns in seen[:2])
    if word not in (BEGIN, END):
        own += letter_names(word.lower())
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
