"""Verbs whose prefix stands at the end of the clause: “trat am Montag zurück.” has zurücktreten as well.

The first word of the clause is taken for the verb that is written small and makes a frequent word with the prefix.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from search.german.compounds import lexicon
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
_BACK = np.arange(1, REACH + 1)
_SIGNS = ".,;:!?"
DASHES = frozenset("-–—")
_CLOSING = '“”"»«)'

_PARTICIPLE = re.compile(".{3,}ende[mnrs]?")

BORDER, OPEN, CLOSE, DASH, AND, AUXILIARY, OTHER, BESIDE, NOMINAL, VERB, PREFIX = range(1, 12)
"""What a chunk may be. BORDER ends a clause or begins one, and so do DASH and AND, before which the clause may end
without a sign; what is BESIDE cannot be joined to a whole clause (vor und außerhalb), and what is NOMINAL, capital
letters and articles, may be joined to a part of one (Schüler und Lehrer). OPEN and CLOSE have the first and last
bracket of several chunks. From PREFIX on, each prefix at the end of its clause has its number, and from BARE on each
one without a sign."""
BARE = PREFIX + len(_PREFIXES)
_AUXILIARIES = (
    "bin bist ist sind seid war waren wäre wären sei seien habe hast hat haben habt hatte hatten hätte hätten werde "
    "wirst wird werden wurde wurden würde würden kann können konnte konnten könnte könnten muss muß müssen musste "
    "mussten müsste müssten soll sollen sollte sollten darf dürfen durfte durften dürfte dürften will wollen wollte "
    "wollten mag mögen möchte möchten"
)
_BESIDE = (
    "außerhalb bis für gegen in innerhalb neben oberhalb ohne unterhalb von zwischen "
    "demselben denselben derselben desselben derselbe dieselbe dasselbe"
)
_ARTICLES = "der die das den dem des ein eine einen einem einer eines"
_KNOWN = (
    dict.fromkeys((*FUNCTION_WORDS, "nie", "drei"), OTHER)  # not Annie, Andrei
    | dict.fromkeys(_AUXILIARIES.split(), AUXILIARY)
    | dict.fromkeys(["aber", "sondern", "denn"], BORDER)
    | dict.fromkeys(["und", "oder", "sowie"], AND)
    | dict.fromkeys(_BESIDE.split(), BESIDE)
    | dict.fromkeys(_ARTICLES.split(), NOMINAL)
    | {prefix: number for number, prefix in enumerate(_PREFIXES, BARE)}
    | {
        prefix + end: number
        for number, prefix in enumerate(_PREFIXES, PREFIX)
        for sign in _SIGNS
        for end in (sign, *(sign + closing for closing in _CLOSING), *(closing + sign for closing in _CLOSING))
    }
)
PREFIX_CHUNKS = frozenset(chunk for chunk, kind in _KNOWN.items() if kind >= PREFIX)
_CODES = np.full(0x2040, NOMINAL, np.uint8)
"""What a chunk may be that is no known one and begins and ends with this character."""
_CODES[[code for code in range(len(_CODES)) if chr(code).islower()]] = VERB
_CODES[[ord(sign) for sign in _SIGNS + _CLOSING + "„([]-–—"]] = BORDER
_CODES[-1] = NOMINAL  # and all characters behind it
_ENCLOSED = np.array([ord(opening) << 32 | ord(closing) for opening, closing in ("()", "„“", "„”", '""', "»«", "«»")])
"""The outer characters of a chunk that stands between signs and goes on with the clause: trat Merz (CDU) zurück."""
IN_BRACKETS = 4
"""Chunks, at most, of what stands there in brackets: trat Merz (68, CDU) zurück."""
_SHORT = re.compile(r"[0-9]{1,2}\.|[IVX]+\.|(?:[A-ZÄÖÜ]|Dr|Prof|St|Nr|Mio|Mrd)\.")
_LONGEST_SHORT = 5
"""Characters of what has a full stop that ends no clause: am 9. November; XVIII. is not often met."""

Kinds = npt.NDArray[np.uint8]
Codes = npt.NDArray[np.uint32]
Places = npt.NDArray[np.intp]


def kinds_of(chunks: Sequence[str], first: Codes, last: Codes) -> Kinds:
    """What each chunk may be; ``first``, ``last``: their outer characters."""
    begins, ends = (_CODES.take(codes, mode="clip") for codes in (first, last))
    # of a word in small letters with no sign: VERB; of any other one what its outer characters say
    kinds = np.where((begins == BORDER) | (ends == BORDER), BORDER, begins).astype(np.uint8)
    bordering = np.flatnonzero(kinds == BORDER)
    opening, closing = first[bordering], last[bordering]
    kinds[bordering[opening == ord("(")]] = OPEN
    kinds[bordering[(closing == ord(")")) & (opening != ord("("))]] = CLOSE
    kinds[bordering[np.isin(opening.astype(np.int64) << 32 | closing, _ENCLOSED)]] = OTHER
    dotted = bordering[closing == ord(".")].tolist()
    short = [index for index in dotted if len(chunks[index]) <= _LONGEST_SHORT and _SHORT.fullmatch(chunks[index])]
    kinds[short] = OTHER
    kinds[[index for index in np.flatnonzero(first == last).tolist() if chunks[index] in DASHES]] = DASH
    small = np.flatnonzero(begins == VERB)
    known = np.frombuffer(bytes([_KNOWN.get(chunks[index], 0) for index in small.tolist()]), np.uint8)
    kinds[small] = np.where(known, known, kinds[small])
    return kinds


def candidates(kinds: Kinds, first: Places) -> tuple[Kinds, Places, Places]:
    """The number of each prefix that ends a clause, and where a verb for it may stand and where it does.

    Of several verbs the last one here is meant: of those of its clause the first; those before an “und” in front of
    it come before these, since that may join less than clauses (forderte Schüler und Lehrer auf).
    ``first``: the first chunk of each text.
    """
    kinds = _ended(_without_brackets(kinds), first)
    prefixes = np.flatnonzero(kinds >= PREFIX)
    begins = first[np.searchsorted(first, prefixes, "right") - 1]
    own, joins = _before(kinds, prefixes, prefixes, begins)
    more, _ = _before(kinds, *joins)
    verbs, prefixes = (np.concatenate(both) for both in zip(more, own, strict=True))
    return kinds[prefixes], verbs, prefixes


def _before(
    kinds: Kinds, prefixes: Places, starts: Places, begins: Places
) -> tuple[tuple[Places, Places], tuple[Places, Places, Places]]:
    """Where verbs may stand in one piece of a clause, which goes back from ``starts``, and their prefixes.

    Furthermore the prefixes whose clause may go on before the piece, where the “und” between them stands, and where
    their texts begin, as for this function. ``begins``: the first chunk of the text of each prefix.
    """
    places = starts[:, None] - _BACK
    within = (places >= begins[:, None]) & (prefixes[:, None] - places <= REACH)
    kind = kinds.take(places, mode="clip")
    inside = np.logical_and.accumulate(within & (kind >= AUXILIARY) & (kind <= VERB), axis=1)
    is_verb = inside & (kind == VERB)
    # where the piece ends, and may go on: behind an “und” that joins less than clauses
    border = np.minimum(inside.sum(axis=1), REACH - 1)
    rows = np.arange(len(places))
    at = places[rows, border]
    joins = within[rows, border] & (kind[rows, border] == AND) & (kinds.take(at + 1, mode="clip") == NOMINAL)
    joins &= ~(inside & (kind == AUXILIARY)).any(axis=1)
    return (places[is_verb], prefixes[np.nonzero(is_verb)[0]]), (prefixes[joins], at[joins], begins[joins])


def _without_brackets(kinds: Kinds) -> Kinds:
    """The kinds with what stands in brackets being OTHER, if that are few chunks."""
    opening = np.flatnonzero(kinds == OPEN)
    ahead = np.concatenate([kinds, np.full(IN_BRACKETS, BORDER, np.uint8)])
    inside = np.zeros(len(ahead), bool)
    for more in range(1, IN_BRACKETS):
        closed = ahead[opening + more] == CLOSE
        for place in range(more + 1):
            inside[opening[closed] + place] = True
        opening = opening[~closed]
    return np.where(inside[: len(kinds)], OTHER, kinds).astype(np.uint8)


def _ended(kinds: Kinds, first: Places) -> Kinds:
    """The kinds with no prefix BARE: those before DASH or AND or at the end of a text end their clause."""
    bare = np.flatnonzero(kinds >= BARE)
    ahead = np.concatenate([kinds, np.full(2, BORDER, np.uint8)])
    ends_text = np.zeros(len(ahead), bool)
    ends_text[first] = True
    ends_text[len(kinds)] = True
    following, behind = ahead[bare + 1], ahead[bare + 2]
    is_joined = ((following == AND) | (following == DASH)) & (behind != BESIDE) & (behind < BARE)
    kinds[bare] = np.where(ends_text[bare + 1] | is_joined, kinds[bare] - (BARE - PREFIX), OTHER)
    return kinds


_ENDINGS = frozenset(["t", "et", "te", "ten", "ete", "eten"])
"""Behind the stem of a verb, and of no adjective: weitere is none of ausweiten."""
_FOLDED = str.maketrans("äöü", "aou")
_OF_SPEECH = frozenset(["dazusagen", "weitersagen"])
"""“sagte er weiter” tells nothing to anybody else."""


def _stem_of_verb(form: str, stem: str) -> str:
    """A stem, if its form can be a verb's, and is no participle (gestanden, gegangen); else ""."""
    if form.translate(_FOLDED).startswith(stem):
        return stem if form[len(stem) :] in _ENDINGS else ""
    return "" if "\n" in stem or form.startswith("ge") else stem


def joined(pairs: Sequence[tuple[int, str]]) -> list[str]:
    """Each verb behind the prefix that has this number, as one word; "" if that is none.

    The infinitive, if the form is not met in one word, as freiließen is not, or is so as a noun's, as annahmen is.
    """
    if not pairs:
        return []
    as_verbs, size = lexicon().small, len(pairs)
    prefixes = [_PREFIXES[number - PREFIX] for number, _ in pairs]
    forms = [verb.replace("ß", "ss") for _, verb in pairs]
    words = list(map(str.__add__, prefixes, forms))
    known = looked_up([*forms, *words])
    stems = [_stem_of_verb(form, as_verbs.get(form) or stem) for form, stem in zip(forms, known, strict=False)]
    found = [
        prefix + verb if is_known and (stem or not _PARTICIPLE.fullmatch(verb)) else ""
        for prefix, (_, verb), is_known, stem in zip(prefixes, pairs, known[size:], stems, strict=True)
    ]
    others = [at for at, stem in enumerate(stems) if stem and not known[size + at].endswith(stem)]
    # einführen before einfuhren, since a stem has no umlauts; schläft has one that its infinitive has not
    for bases in (stems, [form[: len(stem)] for form, stem in zip(forms, stems, strict=True)]):
        infinitives = [prefixes[at] + bases[at] + "en" for at in others]
        for at, word, stem in zip(others, infinitives, looked_up(infinitives) if others else (), strict=True):
            if stem.endswith(stems[at]):
                found[at] = word
    return ["" if word in _OF_SPEECH else word for word in found]


def separated(chunks: Sequence[str]) -> list[tuple[int, str]]:
    """Which chunks of a text are verbs whose prefix stands apart, and the two as one word."""
    places = [place for place, chunk in enumerate(chunks) if chunk in PREFIX_CHUNKS]
    ended = (place for place in places if chunks[place] not in PREFIXES or _may_end(chunks, place))
    begin = max(next(ended, len(chunks)) - REACH, 0)
    near = chunks[begin:]
    if not near:
        return []
    outer = [np.array([ord(chunk[at]) for chunk in near], np.uint32) for at in (0, -1)]
    numbers, verbs, prefixes = candidates(kinds_of(near, *outer), np.zeros(1, np.intp))
    words = joined([(number, near[verb]) for number, verb in zip(numbers.tolist(), verbs.tolist(), strict=True)])
    rows = zip(prefixes.tolist(), verbs.tolist(), words, strict=True)
    return list({place: (begin + verb, word) for place, verb, word in rows if word}.values())


def _may_end(chunks: Sequence[str], place: int) -> bool:
    """Whether a prefix without a sign may end a clause, to be told apart by ``_ended``."""
    return place + 1 == len(chunks) or chunks[place + 1] in DASHES or _KNOWN.get(chunks[place + 1]) == AND


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
