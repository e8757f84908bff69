"""Which parts a closed German compound has.

The lists say which pieces stand before others in compounds, with their linking elements, and which stand last;
``search/lexicon/build_german.py`` learns them. All words here are spelled as ``chain.LETTERS`` leaves them.
"""

from __future__ import annotations

import gzip
from functools import cache
from pathlib import Path
from typing import NamedTuple


class Lexicon(NamedTuple):
    """What the letters of a word do not tell; all words are spelled as LETTERS leaves them."""

    stems: dict[str, str]
    """Form -> stem, where STEM finds another one than for the form's lemma: ging -> geh."""
    small: dict[str, str]
    """Verb's form, as it is written -> its stem, where with a capital letter it is a noun's: schloss -> schliess."""
    typed_for_verb: frozenset[str]
    """Those of them by which nobody means the noun who types them small: landen is only in the dative of Land."""
    men: dict[str, str]
    """Schriftstellerin, -innen -> schriftsteller, where that is a compound; all else is as for him."""
    towns: dict[str, str]
    """Stem of Hamburger -> that of Hamburg."""
    heads: dict[str, int]
    """Last parts of compounds -> cost: the rarer, the dearer."""
    modifiers: dict[str, int]
    """All other parts, with their linking elements: bundes, regierungs, schul."""
    whole: frozenset[str]
    """Words that look like compounds and are none: verlassen, Salzburg."""
    by_hand: dict[str, tuple[str, ...]]
    """Compounds whose pieces make no other: wochen + ende, though -ende ends many a word."""
    simple: frozenset[str]
    """Heads and modifiers that have no parts of their own."""
    pieces: dict[str, tuple[str, ...]]
    """All other pieces of compounds -> their own parts, as far as they were asked for."""


@cache
def lexicon() -> Lexicon:
    """The word lists, read on first use."""
    stems: dict[str, str] = {}
    small: dict[str, str] = {}
    for_verb: dict[str, str] = {}
    men: dict[str, str] = {}
    towns: dict[str, str] = {}
    tables = {"=": men, "~": small, "!": for_verb, "@": towns}
    for line in _lines("german-stems.txt.gz"):
        stem, *forms = line.split(" ")
        table, stem = (tables[stem[0]], stem[1:]) if stem[0] in tables else (stems, stem)
        for form in forms:
            table[form] = stem
    pieces: dict[str, dict[str, int]] = {"head": {}, "modifier": {}, "whole": {}}
    simple: set[str] = set()
    by_hand: dict[str, tuple[str, ...]] = {}
    for line in _lines("german-parts.txt.gz"):
        kind, cost, words = line.split(" ", 2)
        these = words.split()
        if kind == "by-hand":
            by_hand = {word.replace("+", ""): tuple(word.split("+")) for word in these}
            continue
        pieces[kind.removeprefix("simple-")].update(dict.fromkeys(these, int(cost)))
        if kind.startswith("simple-"):
            simple.update(these)
    return Lexicon(
        stems,
        small | for_verb,
        frozenset(for_verb),
        men,
        towns,
        pieces["head"],
        pieces["modifier"],
        frozenset(pieces["whole"]),
        by_hand,
        frozenset(simple),
        {},
    )


def _lines(name: str) -> list[str]:
    return gzip.decompress(Path(__file__).parent.with_name("lexicon").joinpath(name).read_bytes()).decode().splitlines()


MIN_COMPOUND = 5
MAX_COMPOUND = 60
"""Letters: Ölart is a short compound; Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz has 63."""
_NO_COST = 1000


def halves(word: str, words: Lexicon) -> tuple[str, str] | None:
    """A closed compound in two, as its sides are written, linking elements included; None if it is none.

    The cheapest division into a known modifier and a known head; else, before the longest known head, a modifier that
    is itself a compound.
    """
    if not MIN_COMPOUND <= len(word) <= MAX_COMPOUND or word in words.whole:
        return None
    if word in words.by_hand:
        first, *rest = words.by_hand[word]
        return first, "".join(rest)
    heads, modifiers = words.heads, words.modifiers
    starts = [start for start in range(2, len(word) - 1) if word[start:] in heads]
    best, cheapest = (0, 0), _NO_COST
    for start in starts:
        for end in (start, start + 1) if word[start] == word[start - 1] else (start,):  # Schiffahrt shares an f
            cost = modifiers.get(word[:end], _NO_COST) + heads[word[start:]]
            if cost < cheapest:
                best, cheapest = (end, start), cost
    if cheapest < _NO_COST:
        return word[: best[0]], word[best[1] :]
    return next(((word[:start], word[start:]) for start in starts if len(_piece(word[:start], words)) > 1), None)


def split(word: str, words: Lexicon) -> tuple[str, ...]:
    """The simple parts of a closed compound as they are written, linking elements included; () if it is none."""
    if word in words.by_hand:
        return words.by_hand[word]
    both = halves(word, words)
    return (*_piece(both[0], words), *_piece(both[1], words)) if both else ()


MAX_PIECES = 1 << 15
"""Pieces kept; there are some 20,000 in a large archive."""


def _piece(piece: str, words: Lexicon) -> tuple[str, ...]:
    if piece in words.simple:
        return (piece,)
    parts = words.pieces.get(piece)
    if parts is None:
        if len(words.pieces) >= MAX_PIECES:
            words.pieces.clear()
        parts = words.pieces[piece] = divided(piece, words)
    return parts


def divided(piece: str, words: Lexicon) -> tuple[str, ...]:
    """The parts of a piece, which may end in a linking s that its own head does not have; itself if it is simple."""
    parts = split(piece, words)
    if not parts and piece.endswith("s") and (bare := split(piece[:-1], words)):
        parts = (*bare[:-1], bare[-1] + "s")
    return parts or (piece,)
