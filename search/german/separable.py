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
    "ab an auf aus auseinander bei bekannt bereit bevor bloß dar davon dazu durch ein einher empor entgegen entlang "
    "fehl fern fertig fest fort frei gegenüber gleich heim her herab heran herauf heraus herbei herein herüber herum "
    "herunter hervor hin hinab hinauf hinaus hindurch hinein hinter hinterher hinüber hinunter hinweg hinzu hoch "
    "kennen klar lahm los mit nach nahe nieder offen preis ran rauf raus rein richtig rüber rum runter sicher statt "
    "still teil tot über überein übrig um umher unter vor voran voraus vorbei vorüber vorweg wahr weg weiter wett "
    "wider wieder zu zugute zunichte zurecht zurück zusammen zuvor"
)
_PREFIXES = _LISTED.split()
PREFIXES = frozenset(_PREFIXES)
REACH = 16
"""Chunks between white spaces from the prefix back to the verb, at most."""
_SIGNS = ".,;:!?"
DASHES = frozenset("-–—")
_CLOSING = '“”"»«)'

_PARTICIPLE = re.compile(".{3,}ende[mnrs]?")

BORDER, JOIN, OTHER, BESIDE, VERB, PREFIX = range(1, 7)
"""What a chunk may be: BORDER ends a clause or begins one; JOIN, too, and the clause before it may end without a sign;
BESIDE never begins what is joined to a whole clause (vor und außerhalb). From PREFIX on, each prefix at the end of its
clause has its number, and from BARE on each one without a sign."""
_BESIDE = (
    "außerhalb bis für gegen in innerhalb neben oberhalb ohne unterhalb von zwischen "
    "demselben denselben derselben desselben derselbe dieselbe dasselbe"
)
BARE = PREFIX + len(_PREFIXES)
_KNOWN = (
    dict.fromkeys((*FUNCTION_WORDS, "nie", "drei"), OTHER)  # not Annie, Andrei
    | dict.fromkeys(["sowie", "aber", "sondern", "denn"], BORDER)
    | dict.fromkeys(["und", "oder"], JOIN)
    | dict.fromkeys(_BESIDE.split(), BESIDE)
    | {prefix: number for number, prefix in enumerate(_PREFIXES, BARE)}
    | {
        prefix + end: number
        for number, prefix in enumerate(_PREFIXES, PREFIX)
        for sign in _SIGNS
        for end in (sign, *(sign + closing for closing in _CLOSING), *(closing + sign for closing in _CLOSING))
    }
)
PREFIX_CHUNKS = frozenset(chunk for chunk, kind in _KNOWN.items() if kind >= PREFIX)
_CODES = np.full(0x2040, OTHER, np.uint8)
"""What a chunk may be that is no known one and begins and ends with this character."""
_CODES[[code for code in range(len(_CODES)) if chr(code).islower()]] = VERB
_CODES[[ord(sign) for sign in _SIGNS + _CLOSING + "„([]-–—"]] = BORDER
_CODES[-1] = OTHER  # and all characters behind it
_ENCLOSED = np.array([ord(opening) << 32 | ord(closing) for opening, closing in ("()", "„“", "„”", '""', "»«", "«»")])
"""The outer characters of a chunk that stands between signs and goes on with the clause: trat Merz (CDU) zurück."""

Kinds = npt.NDArray[np.uint8]
Codes = npt.NDArray[np.uint32]
Places = npt.NDArray[np.intp]


def kinds_of(chunks: Sequence[str], first: Codes, last: Codes) -> Kinds:
    """What each chunk may be; ``first``, ``last``: their outer characters."""
    begins, ends = (_CODES.take(codes, mode="clip") for codes in (first, last))
    kinds = np.minimum(begins, ends)
    bordering = np.flatnonzero(kinds == BORDER)
    outer = first[bordering].astype(np.int64) << 32 | last[bordering]
    kinds[bordering[np.isin(outer, _ENCLOSED)]] = OTHER
    kinds[[index for index in bordering.tolist() if chunks[index] in DASHES]] = JOIN
    small = np.flatnonzero(begins == VERB)
    known = np.frombuffer(bytes([_KNOWN.get(chunks[index], 0) for index in small.tolist()]), np.uint8)
    kinds[small] = np.where(known, known, kinds[small])
    return kinds


def candidates(kinds: Kinds, first: Places) -> tuple[Kinds, Places, Places]:
    """The number of each prefix that ends a clause, and where a verb for it may stand and where it does.

    Those furthest apart come last. ``first``: the first chunk of each text.
    """
    kinds = _ended(kinds, first)
    prefixes = np.flatnonzero(kinds >= PREFIX)
    begins = first[np.searchsorted(first, prefixes, "right") - 1]
    found = [(prefixes[:0], prefixes[:0])]
    for back in range(1, REACH + 1):
        verbs = prefixes - back
        inside = (verbs >= begins) & (kinds[verbs] >= OTHER) & (kinds[verbs] <= VERB)
        prefixes, begins, verbs = prefixes[inside], begins[inside], verbs[inside]
        is_verb = kinds[verbs] == VERB
        found.append((verbs[is_verb], prefixes[is_verb]))
    prefixes = np.concatenate([prefixes for _, prefixes in found])
    return kinds[prefixes], np.concatenate([verbs for verbs, _ in found]), prefixes


def _ended(kinds: Kinds, first: Places) -> Kinds:
    """The kinds with no prefix BARE: those before a JOIN or at the end of a text end their clause."""
    bare = np.flatnonzero(kinds >= BARE)
    ahead = np.concatenate([kinds, np.full(2, BORDER, np.uint8)])
    ends_text = np.zeros(len(ahead), bool)
    ends_text[first] = True
    ends_text[len(kinds)] = True
    behind = ahead[bare + 2]
    is_last = ends_text[bare + 1] | (ahead[bare + 1] == JOIN) & (behind != BESIDE) & (behind < BARE)
    ended = kinds.copy()
    ended[bare] = np.where(is_last, kinds[bare] - (BARE - PREFIX), OTHER)
    return ended


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
    if not any(map(PREFIX_CHUNKS.__contains__, chunks)):
        return []
    outer = [np.array([ord(chunk[at]) for chunk in chunks], np.uint32) for at in (0, -1)]
    numbers, verbs, prefixes = candidates(kinds_of(chunks, *outer), np.zeros(1, np.intp))
    words = joined([(number, chunks[verb]) for number, verb in zip(numbers.tolist(), verbs.tolist(), strict=True)])
    # of several verbs the first one of the clause, which comes last here
    rows = zip(prefixes.tolist(), verbs.tolist(), words, strict=True)
    return list({place: (verb, word) for place, verb, word in rows if word}.values())


def rejoined(verb: str, prefix: str) -> str:
    """The word that a typed verb and its prefix make, trat zurück -> zurücktrat; "" if it is none."""
    is_pair = prefix in PREFIXES and verb.islower() and verb not in _KNOWN
    return joined([(PREFIX + _PREFIXES.index(prefix), verb)])[0] if is_pair else ""


_SPOKEN = {
    "rauf": ("herauf", "hinauf"),
    "raus": ("heraus", "hinaus"),
    "rein": ("herein", "hinein"),
    "rüber": ("herüber", "hinüber"),
    "rum": ("herum",),
    "runter": ("herunter", "hinunter"),
}
_WRITTEN = {written: spoken for spoken, some in _SPOKEN.items() for written in some}
_OF_VERB = 4
"""Letters, at least, of what stands behind: reinigen may be tried, but not rein."""


def spoken(word: str) -> list[str]:
    """What else is said for a verb with such a prefix: rausgeworfen, hinausgeworfen and herausgeworfen."""
    for prefix, others in (*_SPOKEN.items(), *((written, (short,)) for written, short in _WRITTEN.items())):
        rest = word.removeprefix(prefix)
        if rest != word and len(rest) >= _OF_VERB:
            return [other + rest for other in others]
    return []
