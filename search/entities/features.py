"""What the tagger sees of a word: a list of attributes, the same in training and in the program.

Every attribute looks at one word at a fixed distance from the word to be labelled (or at a pair of neighbours, by
their classes), so that the sum of its weights can be computed once per word and distance. The choice follows what is
known of German names: shapes, affixes and character n-grams, word classes learnt from plain text (Faruqui and Padó
2010, "Training and Evaluating a German Named Entity Recognizer with Semantic Generalization"), word lists joined.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from zlib import crc32

import numpy as np

from search.entities.lexicon import OFFICE_ENDS, Mark, lookup, marks_of

MODELS = Path(__file__).parent.parent / "models"
DISTANCES = (-2, -1, 0, 1, 2)
BEGIN, END = "\x02", "\x03"
"""Stand before the first and after the last word of a sentence."""
NEAR = frozenset(["w", "s", "e2", "e3", "m", "b", "g", "o", "cm", "cn", "k0", "k1", "k2", "k3", "z", "t"])
"""Kinds of attributes that count of a neighbour, too."""

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


@lru_cache(maxsize=20_000)
def _of_lists(mark: int, bare: int, capital: bool) -> list[str]:
    """What the lists say of a word and of its form without s."""
    found = []
    if mark:
        found.append(f"m={mark}")
        found += [f"b={bit}" for bit in range(RARITY) if mark >> bit & 1]
    if bare & NAMES and not mark & NAMES:
        found.append(f"g={bare & NAMES}")
    if capital:
        found += [f"cm={joint(mark, JOINT)}", f"cn={joint(mark, FINE)}"]
    return found


@lru_cache(maxsize=50_000)
def _class_names(classes: tuple[int, ...]) -> list[str]:
    return [f"k{size}={kind}" for size, kind in enumerate(classes)]


def spelling_grams(word: str) -> list[int]:
    """Buckets of the character 2- to 5-grams of a word."""
    padded = f"^{word.lower()}$".encode("utf-8", "surrogatepass")
    size = len(padded)
    return [crc32(padded[at : at + n]) % GRAMS for n in (2, 3, 4, 5) for at in range(size - n + 1)]


@cache
def _spellings() -> tuple[np.ndarray, np.ndarray]:
    with np.load(MODELS / "spellings.npz") as packed:
        return packed["weights"].astype(np.float32) * packed["scale"], packed["bias"]


def spelling_kinds(words: Sequence[str]) -> list[list[int]]:
    """For each word how much it looks like a first name, surname, place and noun, in fifths."""
    if not words:
        return []
    weights, bias = _spellings()
    grams = [spelling_grams(word) for word in words]
    begins = np.cumsum([0, *map(len, grams[:-1])])
    scores = np.add.reduceat(weights[list(chain.from_iterable(grams))], begins) + bias
    odds = np.exp(scores - scores.max(axis=1, keepdims=True))
    fifths: list[list[int]] = (odds / odds.sum(axis=1, keepdims=True) * 4.99).astype(int).tolist()
    return fifths


@cache
def _classes() -> tuple[np.ndarray, np.ndarray]:
    with np.load(MODELS / "classes.npz") as packed:
        return np.cumsum(packed["steps"], dtype=np.uint32), packed["classes"]


def word_classes(words: Sequence[str]) -> list[tuple[int, ...] | None]:
    """The classes of each word at four finenesses, or None."""
    keys, classes = _classes()
    at, known = lookup(keys, words)
    rows = classes[at].tolist()
    return [tuple(row) if here else None for row, here in zip(rows, known.tolist(), strict=True)]


def _looks(word: str) -> str:
    return word.rsplit("-", 1)[-1] if "-" in word[:-1] and len(word.rsplit("-", 1)[-1]) > 2 else word


def attributes(words: Sequence[str]) -> list[list[str]]:
    """The attributes of each word; those of a kind in NEAR count of neighbours as well."""
    marks = marks_of(words)
    bare = [word[:-1] if word[-1:] in "s'’" and len(word) > 3 else "" for word in words]
    bare_marks = marks_of(bare)
    plain = [word if word.isalpha() else re.sub(r"\d", "0", word) for word in words]
    classes = word_classes(plain)
    bare_classes = word_classes(bare)
    capital = [at for at, word in enumerate(words) if word[0].isupper() and len(word) > 2]
    kinds = dict(zip(capital, spelling_kinds([_looks(words[at]) for at in capital]), strict=True))
    hyphened = {at: words[at].split("-") for at in capital if "-" in words[at][1:-1]}
    parts = marks_of([part for pair in hyphened.values() for part in (pair[0], pair[-1])])
    made = []
    for at, word in enumerate(words):
        found = _lexical(word, marks[at] & MASK, bare_marks[at] & MASK, marks[at] >> RARITY)
        group = classes[at] or bare_classes[at]
        found += _class_names(group) if group else ["k0=-"]
        if at in kinds:
            known = "k" if marks[at] & MASK else "u"
            best = kinds[at].index(max(kinds[at]))
            found += [f"t={known}{best}", *(f"t{kind}={known}{fifth}" for kind, fifth in enumerate(kinds[at]))]
        if word != BEGIN and word != END:
            found += _letters(word)
        made.append(found)
    for (at, pair), first, last in zip(hyphened.items(), parts[::2], parts[1::2], strict=True):
        made[at] += [
            f"h1={pair[0].lower()}", f"h9={pair[-1].lower()}", f"hm1={first & MASK}", f"hm9={last & MASK}",
        ]  # fmt: skip
    return made


def _lexical(word: str, mark: int, bare: int, rarity: int) -> list[str]:
    """What a word is as a whole and what the lists say of it."""
    low = word.lower()
    capital = word[0].isupper()
    found = ["w=" + low, "s=" + shape(word), "e3=" + low[-3:], "e2=" + low[-2:], f"z={rarity}"]
    found += _of_lists(mark, bare, capital)
    if capital and OFFICE_ENDS.search(word):
        found.append("o=")
    return found


def _letters(word: str) -> list[str]:
    """Beginnings, endings and character 4-grams."""
    low = word.lower()
    size = len(low)
    padded = f"^{low}$"
    return [
        *[f"p{n}={low[:n]}" for n in (1, 2, 3, 4, 5) if n < size],
        *[f"e{n}={low[-n:]}" for n in (1, 4, 5, 6) if n < size],
        f"n={min(size, 12)}",
        *{"c=" + padded[at : at + 4] for at in range(size - 1)},
    ]


def pair_classes(words: Sequence[str]) -> list[str]:
    """A coarse class of each word; pairs of neighbouring classes are attributes, too."""
    marks = marks_of(words)
    bare = marks_of([word[:-1] for word in words])
    return [_pair_class(word, mark & MASK, other & MASK) for word, mark, other in zip(words, marks, bare, strict=True)]


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


@cache
def _cached(word: str) -> tuple[dict[int, list[str]], str]:
    found = attributes([word])[0]
    near = [name for name in found if name.partition("=")[0] in NEAR]
    table = {distance: [f"{distance}|{name}" for name in (near if distance else found)] for distance in DISTANCES}
    return table, pair_classes([word])[0]


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
