"""Verbs whose prefix stands at the end of the clause: “trat am Montag zurück.” has zurücktrat as well.

The first word of the clause is taken for the verb that is written small and makes a frequent word with the prefix.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from search.german.frequent import looked_up
from search.german.function_words import FUNCTION_WORDS

_LISTED = (
    "ab an auf aus bei bereit dar durch ein empor entgegen fern fertig fest fort frei gegenüber gleich herab heran "
    "herauf heraus herbei herein herum herunter hervor hin hinab hinauf hinaus hindurch hinein hinter hinunter hinweg "
    "hinzu hoch los mit nach nahe nieder statt teil tot über um unter vor voran voraus vorbei vorüber vorweg wahr weg "
    "weiter wieder zu zurecht zurück zusammen zuvor"
)
_PREFIXES = _LISTED.split()
PREFIXES = frozenset(_PREFIXES)
REACH = 16
"""Chunks between white spaces from the prefix back to the verb, at most."""
_SIGNS = ".,;:!?"
_CLOSING = '“”"»«)'

_PARTICIPLE = re.compile(".{3,}ende[mnrs]?")

BORDER, OTHER, VERB, PREFIX = range(1, 5)
"""What a chunk may be: BORDER ends a clause or begins one; from PREFIX on, each prefix has its number."""
_KNOWN = (
    dict.fromkeys((*FUNCTION_WORDS, *_PREFIXES, "nie", "drei"), OTHER)  # not Annie, Andrei
    | dict.fromkeys(["und", "oder", "sowie", "aber", "sondern", "denn"], BORDER)
    | {
        prefix + end: number
        for number, prefix in enumerate(_PREFIXES, PREFIX)
        for sign in _SIGNS
        for end in (sign, *(sign + closing for closing in _CLOSING), *(closing + sign for closing in _CLOSING))
    }
)
_ENDS = frozenset(chunk for chunk, kind in _KNOWN.items() if kind >= PREFIX)
_CODES = np.full(0x2040, OTHER, np.uint8)
"""What a chunk may be that is no known one and begins and ends with this character."""
_CODES[[code for code in range(len(_CODES)) if chr(code).islower()]] = VERB
_CODES[[ord(sign) for sign in _SIGNS + _CLOSING + "„([]-–—"]] = BORDER
_CODES[-1] = OTHER  # and all characters behind it

Kinds = npt.NDArray[np.uint8]
Codes = npt.NDArray[np.uint32]
Places = npt.NDArray[np.intp]


def kinds_of(chunks: Sequence[str], first: Codes, last: Codes) -> Kinds:
    """What each chunk may be; ``first``, ``last``: their outer characters."""
    begins, ends = (_CODES.take(codes, mode="clip") for codes in (first, last))
    kinds = np.minimum(begins, ends)
    small = np.flatnonzero(begins == VERB)
    known = np.frombuffer(bytes([_KNOWN.get(chunks[index], 0) for index in small.tolist()]), np.uint8)
    kinds[small] = np.where(known, known, kinds[small])
    return kinds


def candidates(kinds: Kinds, first: Places) -> tuple[Places, Places]:
    """Where a verb may stand and where its prefix does, those furthest apart last.

    ``first``: the first chunk of each text.
    """
    prefixes = np.flatnonzero(kinds >= PREFIX)
    begins = first[np.searchsorted(first, prefixes, "right") - 1]
    found = [(prefixes[:0], prefixes[:0])]
    for back in range(1, REACH + 1):
        verbs = prefixes - back
        inside = (verbs >= begins) & ((kinds[verbs] == VERB) | (kinds[verbs] == OTHER))
        prefixes, begins, verbs = prefixes[inside], begins[inside], verbs[inside]
        is_verb = kinds[verbs] == VERB
        found.append((verbs[is_verb], prefixes[is_verb]))
    return np.concatenate([verbs for verbs, _ in found]), np.concatenate([prefixes for _, prefixes in found])


def joined(pairs: Sequence[tuple[int, str]]) -> list[str]:
    """Each verb behind the prefix that has this number, as one word; "" if that is none."""
    words = [_PREFIXES[number - PREFIX] + verb for number, verb in pairs]
    known = looked_up([word.replace("ß", "ss") for word in words]) if words else []
    return [
        word if is_known and not _PARTICIPLE.fullmatch(verb) else ""
        for word, is_known, (_, verb) in zip(words, known, pairs, strict=True)
    ]


def separated(chunks: Sequence[str]) -> list[tuple[int, str]]:
    """Which chunks of a text are verbs whose prefix stands apart, and the two as one word."""
    pairs, places = [], []
    for place in [place for place, chunk in enumerate(chunks) if chunk in _ENDS]:
        for verb in range(place - 1, max(place - REACH, 0) - 1, -1):
            kind = _kind(chunks[verb])
            if kind not in (VERB, OTHER):
                break
            if kind == VERB:
                pairs.append((_KNOWN[chunks[place]], chunks[verb]))
                places.append((place, verb))
    # of several verbs the first one of the clause, which comes last here
    found = {place: (verb, word) for (place, verb), word in zip(places, joined(pairs), strict=True) if word}
    return list(found.values())


def _kind(chunk: str) -> int:
    return _KNOWN.get(chunk) or min(_CODES.item(min(ord(sign), len(_CODES) - 1)) for sign in (chunk[0], chunk[-1]))
