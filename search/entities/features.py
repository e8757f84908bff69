"""What the tagger sees of a word: a list of attributes, the same in training and in the program.

Every attribute looks at one word at one fixed distance from the word to be labelled (Lafferty, McCallum, Pereira 2001
need no more), so that the sum of its weights can be computed once per word and distance. The choice follows the
literature on German names: shapes, affixes and character n-grams (Faruqui and Padó 2010), word lists joined into one
attribute, and the parts of hyphenated words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from search.entities.lexicon import Mark, marks_of

DISTANCES = (-2, -1, 0, 1, 2)
BEGIN, END = "\x02", "\x03"
"""Stand before the first and after the last word of a sentence."""

NAMES = int(
    Mark.FIRST | Mark.LAST | Mark.FIRST_ABROAD | Mark.LAST_ABROAD | Mark.COUNTRY | Mark.PLACE | Mark.LARGE | Mark.TOWN
    | Mark.OTHER_NAME
)  # fmt: skip
OFFICE_ENDS = re.compile(
    r"(?:minister|präsident|kanzler|chef|sprecher|senator|meister|rat|führer|leiter|anwalt|richter|kommissar|trainer|"
    r"spieler|sekretär|direktor|general|vorsitzende[rn]?|abgeordnete[rn]?|beauftragte[rn]?|bischof|könig|prinz|experte|"
    r"kandidat|politiker|botschafter|premier|star|sieger|forscher|autor|regisseur|sänger|manager|koordinator)"
    r"(?:in|s)?$",
    re.IGNORECASE,
)


def shape(word: str) -> str:
    """Kinds of letters with repetitions shortened: "US-Präsident" -> "XX-Xx"."""
    kinds = "".join(
        "X" if letter.isupper() else "x" if letter.islower() else "9" if letter.isdigit() else letter for letter in word
    )
    return re.sub(r"(.)\1\1+", r"\1\1", re.sub(r"xx+", "x", kinds))[:8]


def near_attributes(word: str, mark: int, mark_bare: int) -> list[str]:
    """What counts of a neighbour, too."""
    low = word.lower()
    found = [f"w={low}", f"s={shape(word)}", f"e3={low[-3:]}", f"e2={low[-2:]}"]
    if mark:
        found.append(f"m={mark}")
        found += [f"b{bit}" for bit in range(19) if mark >> bit & 1]
    if mark_bare & NAMES and not mark & NAMES:
        found.append(f"g={mark_bare & NAMES}")
    if OFFICE_ENDS.search(word) and word[0].isupper():
        found.append("office")
    return found


def own_attributes(word: str, mark: int, mark_bare: int) -> list[str]:
    """What counts of the word itself."""
    found = near_attributes(word, mark, mark_bare)
    if word in (BEGIN, END):
        return found
    low = word.lower()
    found += [f"p{size}={low[:size]}" for size in (1, 2, 3, 4, 5) if size < len(low)]
    found += [f"e{size}={low[-size:]}" for size in (1, 4, 5, 6) if size < len(low)]
    found.append(f"n={min(len(word), 12)}")
    padded = f"^{low}$"
    found += {f"c={padded[at:at + 4]}" for at in range(len(padded) - 3)}
    if "-" in word[1:-1]:
        parts = word.split("-")
        first, last = marks_of([parts[0], parts[-1]])
        found += [f"h1={parts[0].lower()}", f"h9={parts[-1].lower()}", f"hm1={first}", f"hm9={last}"]
    return found


def attributes(words: Sequence[str]) -> list[tuple[list[str], list[str]]]:
    """For each word what counts of it as the labelled word, and what counts of it as a neighbour."""
    marks = marks_of(words)
    bare = marks_of([word[:-1] if word[-1:] in "s'’" and len(word) > 3 else "" for word in words])
    return [
        (own_attributes(word, mark, mark_bare), near_attributes(word, mark, mark_bare))
        for word, mark, mark_bare in zip(words, marks, bare, strict=True)
    ]


@lru_cache(maxsize=200_000)
def _cached(word: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    own, near = attributes([word])[0]
    return tuple(own), tuple(near)


def sentence_attributes(words: Sequence[str]) -> list[list[str]]:
    """For each word of a sentence all attributes with their distance, as the training library wants them."""
    reach = max(DISTANCES)
    padded = [BEGIN] * reach + list(words) + [END] * reach
    return [
        [
            f"{distance}|{name}"
            for distance in DISTANCES
            for name in _cached(padded[at + reach + distance])[distance != 0]
        ]
        for at in range(len(words))
    ]
