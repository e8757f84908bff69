"""What the packed word lists know of a single word: a first name, a town, an office, an ordinary noun.

A list of some hundred thousand words is kept as sorted checksums with one bit mask each, so that it loads at once and
takes a few megabytes. Two words in ten thousand unknown ones meet a stranger's mask; a tagger that weighs evidence
does not mind. ``search/models/training/lexicon.py`` builds the file; NOTICE.md names the sources.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from zlib import crc32

import numpy as np

from search.lines import lines_of

LEXICON = Path(__file__).parent.parent / "lexicon"

FEW = 8
"""So many words are looked up one by one: they were mostly asked for before."""


class Mark:
    """What a word can be, as bits of plain numbers: an enum's cost more than what is asked of them for every name.

    A word of a longer name has PLACE_BEGIN or PLACE_INSIDE only.
    """

    FIRST = 1 << 0
    """A first name of a dictionary."""
    LAST = 1 << 1
    """A surname of a dictionary."""
    FIRST_ABROAD = 1 << 2
    """A first name of another language's list."""
    LAST_ABROAD = 1 << 3
    COUNTRY = 1 << 4
    """A country, in the form a facet shows or another one."""
    PLACE = 1 << 5
    """A place that a German dictionary explains."""
    LARGE = 1 << 6
    """A place of 100,000 inhabitants or more."""
    TOWN = 1 << 7
    """A place of 1,000 inhabitants or more."""
    NEAR = 1 << 8
    """A place in Germany, Austria or Switzerland."""
    OTHER_NAME = 1 << 9
    """A large place under one of its other names."""
    PLACE_BEGIN = 1 << 10
    PLACE_INSIDE = 1 << 11
    NOUN = 1 << 12
    """A form of a common noun."""
    OFFICE = 1 << 13
    """A noun for a person: what someone is, does or believes."""
    PEOPLE = 1 << 14
    """Inhabitants."""
    BODY = 1 << 15
    """A party, company, club, newspaper, authority."""
    WORD = 1 << 16
    """A form that is written small inside a sentence."""
    COMMON = 1 << 17
    """Among the 10,000 most frequent words."""
    WATER = 1 << 18
    """A river, lake, sea, mountain, island or landscape."""


RARITY = 19
"""Bits of a mask from here on say how frequent the word is, 0 to 7."""
MASK = (1 << RARITY) - 1
"""The marks alone."""

SURNAMES = Mark.LAST | Mark.LAST_ABROAD
FIRST_NAMES = Mark.FIRST | Mark.FIRST_ABROAD
NAMES = SURNAMES | FIRST_NAMES
NOTED_PLACES = Mark.COUNTRY | Mark.PLACE | Mark.LARGE
"""Those of some note: by their size, or since a dictionary explains them."""

OFFICES = (
    "minister präsident kanzler chef sprecher senator meister rat führer leiter anwalt richter kommissar trainer "
    "spieler sekretär direktor general vorsitzende abgeordnete beauftragte bischof könig prinz experte kandidat "
    "politiker botschafter premier star sieger forscher autor regisseur sänger manager koordinator diplomat admiral "
    "marschall offizier inspekteur gouverneur berater professor ökonom analyst historiker schauspieler rennfahrer "
    "stürmer torwart verteidiger gründer verleger journalist "
)
OFFICE_ENDS = tuple(
    end + more for end in OFFICES.split() for more in ("", "in", "s", *("rn" if end[-1] == "e" else ""))
)
"""Endings of words that say what someone is, in small letters."""
OFFICE_LAST = frozenset(end[-3:] for end in OFFICE_ENDS)
"""Their last letters, which hardly any other word has: so few words are compared with all of them."""


def key(word: str) -> int:
    """The checksum under which a word is kept."""
    return crc32(word.encode("utf-8", "surrogatepass"))


@cache
def _tables() -> tuple[np.ndarray, np.ndarray]:
    with np.load(LEXICON / "names-marks.npz") as packed:
        return np.cumsum(packed["steps"], dtype=np.uint32), packed["marks"]


@cache
def _views() -> tuple[memoryview, memoryview]:
    """The same, from which one number is sooner read."""
    keys, marks = _tables()
    return keys.data, marks.data


def lookup(keys: np.ndarray, words: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Where each word would stand among sorted checksums, and whether it does."""
    asked = np.fromiter((crc32(word.encode("utf-8", "surrogatepass")) for word in words), np.uint32, len(words))
    at = np.searchsorted(keys, asked)
    at[at == len(keys)] = 0
    return at, keys[at] == asked


@lru_cache(maxsize=20_000)
def mark_of(word: str) -> int:
    """The mask of one word, as in ``marks_of``."""
    keys, marks = _views()
    asked = key(word)
    at = bisect_left(keys, asked)
    return marks[at] if at < len(keys) and keys[at] == asked else 0


def marks_of(words: Sequence[str], *, batch: bool = False) -> list[int]:
    """The masks of many words at once, 0 for an unknown one; from RARITY on, how frequent the word is.

    ``batch``: these were not asked for before.
    """
    if len(words) <= FEW and not batch:
        return [mark_of(word) for word in words]
    keys, marks = _tables()
    at, known = lookup(keys, words)
    found: list[int] = np.where(known, marks[at], 0).tolist()
    return found


def word_lists(path: Path) -> dict[str, frozenset[str]]:
    """Lists of words by name: "[titles]" on a line of its own, then words with spaces between; "#" begins a comment."""
    lists: dict[str, set[str]] = {}
    current: set[str] = set()
    for line in lines_of(path):
        if line.startswith("["):
            current = lists.setdefault(line.strip("[] "), set())
        else:
            current.update(line.split())
    return {name: frozenset(words) for name, words in lists.items()}


Phrases = dict[str, list[list[str]]]
"""First word -> names of several words that begin with it, in the order in which they are looked for."""


def phrase_at(phrases: Phrases, words: Sequence[str], at: int) -> int:
    """How many words the name has that begins there, 0 if none does."""
    return next((len(name) for name in phrases.get(words[at], ()) if words[at : at + len(name)] == name), 0)


WORDS = word_lists(LEXICON / "names-words.txt")
"""Lists of words around names."""
