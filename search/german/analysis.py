"""The terms of a word: what it is indexed under, and how a query asks for it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, chain, zip_longest
from threading import Lock
from typing import Literal, NamedTuple

from search.german.chain import (
    HYPHENS,
    LETTERS,
    MAX_WORD,
    STEM,
    drop_umlauts,
    exact,
    exact_lines,
    real_hyphens,
    small,
    through,
    written,
    written_lines,
)
from search.german.compounds import Lexicon, halves, lexicon, split
from search.german.frequent import known, looked_up
from search.german.old_spelling import spellings

Kind = Literal["word", "part", "joined"]


class Term(NamedTuple):
    """One term of a word.

    A "word" stands for all of the word, a "part" for one simple part of a compound, "joined" for neighbouring parts of
    a longer compound, such as Wahlkampf in Bundestagswahlkampf. All but the word share a field of the index.
    """

    text: str
    kind: Kind


class QueryTerms(NamedTuple):
    """How a word of a query is asked; see ``query_terms``."""

    word: str
    parts: tuple[str, ...]
    parts_weight: float
    in_order: bool
    """Whether the parts must stand one right after the other."""
    verb: str
    """What it is as well if it was typed without a capital letter: waren is Waren, and of sein. Mostly empty."""
    women: tuple[str, ...]
    """Exact forms of a word for women, which has the term of that for men: Ministerin, Ministerinnen. Mostly empty."""
    between: tuple[str, ...]
    """The words between its hyphens, each one's term being that of ``parts`` at the same place; mostly empty."""


HYPHEN_PARTS_WEIGHT = 0.5
CLOSED_PARTS_WEIGHT = 0.15
PAIR_WEIGHT = 1.5
PAIR_APART_WEIGHT = 0.5
"""See ``query_terms`` and ``pair``. Chosen on half of the Wikinews articles, in MRR@10: the parts lifted title -> text
from 93.1 to 95.4 (0.3 to 0.7 differ by 0.5), the pairs a compound asked by its two parts from 41 to 89 (weight 1: 86,
2: 90). On the other half both together gave 93.1 to 93.6, and 42 to 87. The compound of the words in turn,
for Prozess NSU: 900 compounds of titles, asked so, lifted from 52.2 and 53.4 on two halves to 62.7 and 63.2; with a der
between, at PAIR_APART_WEIGHT, to 59.4 and 60.1 (1.5: 62.7 and 63.3, but Bahnstreik before “Streik bei der Bahn”)."""


Analysis = tuple[str, str, tuple[str, ...], tuple[str, ...]]
"""What is known of a word type: word term, exact form, parts, parts and joined parts.

A plain tuple of strings, since the garbage collector then leaves it alone: a third of the time for a new word.
"""

Known = str | Analysis
"""An analysis as it is kept: its word term alone if there are no parts and the exact form is the word itself."""


class Analysed(NamedTuple):
    """What is known of many words, column by column."""

    words: list[str]
    """Word terms."""
    exact: list[str]
    inside: dict[int, tuple[tuple[str, ...], tuple[str, ...]]]
    """Of the words that have any, ascending: parts, and parts with joined parts."""


SMALL = "_"
"""Stands before words that were written small and would be another word with a capital letter; no word begins so."""


def forms_of(surfaces: list[str]) -> list[str]:
    """How words are told apart: in small letters, but schloss, which is of schließen, is not Schloss.

    Of each the characters that count, at most MAX_WORD: forms are kept, and a picture may be written as a word.
    """
    if not surfaces:
        return []
    forms = small("\t".join(surfaces)).split("\t")  # no word has a tab
    if max(map(len, forms)) > MAX_WORD:
        forms = [form[:MAX_WORD] for form in forms]
    as_verbs = lexicon().small
    for index in [index for index, surface in enumerate(surfaces) if surface in as_verbs]:
        forms[index] = SMALL + forms[index]
    return forms


CACHED_WORDS = 60_000
"""Word types of which is kept what was learnt; when they are full, collecting begins anew."""
_known: dict[str, Known] = {}
"""What was learnt last, by ``forms_of``."""
_one_at_a_time = Lock()


MAX_STEMS = 1 << 15
_stems: dict[str, str] = {}
"""Of modifiers, which have a hyphen at their end; there are some 20,000 in a large archive."""


def _stem_all(letters: Iterable[str]) -> dict[str, str]:
    """Word -> stem, from the word list or else by STEM; a modifier has a hyphen at its end."""
    irregular = lexicon().stems
    stems: dict[str, str] = {}
    regular = []
    for word in set(letters):
        stem = irregular.get(word) or _stems.get(word) or irregular.get(word.removesuffix("-"))
        if stem:
            stems[word] = stem
        else:
            regular.append(word)
    if regular:
        with _one_at_a_time:  # a Snowball stemmer must not run in two threads
            stemmed = through(STEM, "\n".join(regular).replace("-", "")).split("\n")
            if len(_stems) > MAX_STEMS:
                _stems.clear()
            _stems.update((word, stem) for word, stem in zip(regular, stemmed, strict=True) if word[-1:] == "-")
        stems.update(zip(regular, stemmed, strict=True))
    return stems


def stems_of(letters: Collection[str]) -> dict[str, str]:
    """Word -> the stems of its simple parts, one a line."""
    words = list(dict.fromkeys(letters))
    found = dict(zip(words, known(words), strict=True))
    unknown = [word for word in words if not found[word]]
    if old := spellings(unknown):
        found |= _of_old(old)
        unknown = [word for word in unknown if not found[word]]
    return found | by_rules(unknown) | _of_preterites(unknown)


def by_rules(words: Collection[str]) -> dict[str, str]:
    """``stems_of`` without the table of frequent words, for words spelled as today."""
    lists = lexicon()
    parts = {word: _parts(word, lists) for word in words}
    stems = _stem_all(chain.from_iterable(parts.values()))
    return {word: "\n".join([stems[part] for part in each]) for word, each in parts.items()}


_PRETERITE = re.compile("(.{3,}?)(?:(?<=[dt])e)?te(?:n|s?t)?")
"""Of a weak verb; hostete is of hosten, too."""


def _of_preterites(words: Sequence[str]) -> dict[str, str]:
    """The stems of preterites whose infinitives are frequent words and they are not: streamte, as many from English."""
    likely = [word for word in words if word.endswith(("te", "ten", "test", "tet"))]
    ends = {word: end[1] for word in likely if (end := _PRETERITE.fullmatch(word))}
    if not ends:
        return {}
    infinitives = [end + ("n" if end[-2:] in ("el", "er") else "en") for end in ends.values()]
    table = looked_up([*ends, *infinitives])
    rows = zip(ends.items(), table, table[len(ends) :], strict=False)
    return {
        word: stem for (word, end), known_, stem in rows if stem and not known_ and drop_umlauts(end).startswith(stem)
    }


MIN_OLD = 5
"""Letters of a word from which a rule may decide; of shorter ones too many are abbreviations and names."""


def _of_old(spelled: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """``stems_of`` words with today's ``spellings``, if one of these is known, or a compound and the word is none.

    Of words in the table it is known which of them are old: Theil is, Roth and Celle are not.
    """
    tried = list({*spelled, *chain.from_iterable(spelled.values())})
    table = dict(zip(tried, looked_up(tried), strict=True))
    lists = lexicon()
    found = {word: table[word] for word in spelled if table[word]}
    today = {}
    for word in [word for word in spelled if not table[word] and len(word) >= MIN_OLD]:
        meant = next((each for each in spelled[word] if table[each]), "")
        if not meant and not split(word, lists):
            meant = next((each for each in spelled[word] if split(each, lists)), "")
        if meant:
            today[word] = meant
    stems = by_rules(set(today.values()))
    return found | {word: stems[meant] for word, meant in today.items()}


def _parts(letters: str, words: Lexicon) -> tuple[str, ...]:
    """The parts of a closed compound, modifiers with a hyphen behind, heads with one before where the word lists tell
    them from words that stand alone; the word alone if it is none."""
    letters = words.men.get(letters, letters)
    if letters.endswith(("erin", "erinnen")) and (man := letters.removesuffix("nen").removesuffix("in")) in words.heads:
        letters = man  # whatever the word lists say of teilnehmerinnen, it is what they say of teilnehmer
    if not letters.isalpha() or letters in words.stems:
        return (letters,)
    *modifiers, head = split(letters, words) or (letters,)
    if modifiers and "-" + head in words.stems:
        head = "-" + head  # Rechts in Strafrechts is not rechts
    return (*[modifier + "-" for modifier in modifiers], head)


def pieces_of(letters: str) -> list[str]:
    """What stands between the hyphens; without the dots of z.B. and U.S.A."""
    if not letters[:1].isdigit():
        letters = letters.replace(".", "")
    return [piece for piece in letters.split("-") if piece]


def _runs(parts: tuple[str, ...]) -> Iterator[str]:
    """What several parts make at the beginning or the end of their compound: bund tag wahl -> bundtag tagwahl."""
    for length in range(2, len(parts)):
        yield "".join(parts[:length])
        yield "".join(parts[-length:])


def _compound(word: str, by_piece: list[tuple[str, ...]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Parts, and parts with joined parts, from the stems of all simple parts of each piece between hyphens."""
    parts = tuple(dict.fromkeys(stem for stems in by_piece for stem in stems if len(stem) > 1 and stem != word))
    pieces = tuple("".join(stems) for stems in by_piece)
    runs = [
        run for stems, piece in zip(by_piece, pieces, strict=True) if len(stems) > 1 for run in (piece, *_runs(stems))
    ]
    runs += [*_runs(pieces), "".join(pieces)]
    return parts, (*parts, *(run for run in dict.fromkeys(runs) if run and run != word and run not in parts))


NAME_ENDS = frozenset(
    ["bach", "bauer", "berg", "burg", "dorf", "feld", "heim", "hof", "hofer"]
    + ["maier", "mann", "mayer", "meier", "meyer", "müller", "stein", "wald"]
)
"""How surnames and towns end, whose parts mean nothing: Landmann, Waldorf."""


def taken_apart(surface: str) -> list[str]:
    """The two words of a closed compound, as somebody would type them: Friedensvertrag -> Frieden, Vertrag."""
    lists, letters = lexicon(), through(LETTERS, written(surface))
    both = halves(letters, lists) if letters.isalpha() and letters not in lists.stems else None
    if both is None or both[1] in NAME_ENDS:
        return []
    bare = (both[0].removesuffix(linking) for linking in ("es", "s") if both[0].endswith(linking))  # bundes, friedens
    words = [next((word for word in bare if word in lists.heads), both[0]), both[1]]
    lowered = surface.lower()
    return [(word if word in lowered else word.replace("ss", "ß")).capitalize() for word in words]


ROAD = re.compile(r"([^\W\d_]{1,2})([0-9]{1,4})")
"""A2, B27, G8: the number may stand apart."""


def _rare(spelled: list[str]) -> tuple[list[str], dict[int, list[str]]]:
    """The stems of each word's simple parts, one a line; and of some words, those of what stands between hyphens.

    ``spelled``: words after LETTERS.
    """
    letters = spelled.copy()
    pieces = {index: pieces_of(word) for index, word in enumerate(letters) if not word.isalpha()}
    for index, own in pieces.items():
        letters[index] = "".join(own)
    if several := [index for index, own in pieces.items() if len(own) > 1]:
        # the letters of both: Visa-Antrag is Visäntrag in one word
        joined = through(LETTERS, "\n".join([letters[index] for index in several])).split("\n")
        for index, word in zip(several, joined, strict=True):
            letters[index] = word
    stems = stems_of([*letters, *chain.from_iterable(pieces.values())])
    of_pieces = {index: [stems[piece] for piece in own] for index, own in pieces.items()}
    whole = [stems[word] for word in letters]
    for index in several:  # Fußball-EM has no ending in em, nor Formel-E one in e, but Politiker-innen in innen
        last = pieces[index][-1]
        if (
            len(whole[index]) <= len(letters[index]) - len(last)
            and "\n" not in whole[index]
            and last not in ("in", "innen")
        ):
            whole[index] = "".join(of_pieces[index]).replace("\n", "")
    return whole, of_pieces


_DIVIDED_CK = "k-\nk"
"""How ck was divided at the end of a line until 1996: Zuk-⏎ker."""


def _with_ck(form: str) -> str:
    """Zukker -> zucker, if that is a word and zukker is none, as musikkritik is."""
    spelled = form.replace("kk", "ck")
    words = [word.replace("ß", "ss") for word in (spelled, form)]
    is_one, is_other = (table or split(word, lexicon()) for table, word in zip(looked_up(words), words, strict=True))
    return spelled if is_one and not is_other else form


def analyse(forms_of_words: Sequence[str]) -> Analysed:
    """All of these words (``forms_of``) at once, which is several times faster than one after the other."""
    if not forms_of_words:
        return Analysed([], [], {})
    as_verbs, surfaces = lexicon().small, [form.removeprefix(SMALL) for form in forms_of_words]
    lines = exact_lines(written_lines(surfaces))
    forms, letters = lines.split("\n"), lines.replace("ß", "ss").split("\n")
    if _DIVIDED_CK in "\t".join(surfaces):
        for index in [index for index, surface in enumerate(surfaces) if _DIVIDED_CK in surface]:
            forms[index] = _with_ck(forms[index])
            letters[index] = forms[index].replace("ß", "ss")
    words = known(letters)
    pieces = {}
    if rare := [index for index, stems in enumerate(words) if not stems]:
        spelled = through(LETTERS, "\n".join([forms[index] for index in rare])).split("\n")
        found, of_pieces = _rare(spelled)
        for index, spelling in zip(rare, spelled, strict=True):
            letters[index] = spelling
        pieces = {rare[place]: own for place, own in of_pieces.items()}
        for index, stems in zip(rare, found, strict=True):
            words[index] = stems
            forms[index] = forms[index].strip("'") or exact(surfaces[index])
    inside = {}
    towns = lexicon().towns
    for index in [index for index, stems in enumerate(words) if "\n" in stems or index in pieces or stems in towns]:
        own = pieces.get(index) or [words[index]]
        if len(own) == 1 and own[0].count("\n") == 1:  # as most compounds are
            first, last = parts = tuple(own[0].split("\n"))
            words[index] = first + last
            if len(first) > 1 and len(last) > 1:
                simple = parts if first != last else (first,)
                inside[index] = simple, simple
                continue
        words[index] = words[index].replace("\n", "") or surfaces[index][:MAX_WORD].lower()
        if len(own) > 1 or "\n" in own[0]:
            inside[index] = _compound(words[index], [tuple(stems.split("\n")) for stems in own])
        elif town := towns.get(words[index]):  # Berlin is in “Berliner Mauer”
            inside[index] = (town,), (town,)
    for index in [index for index, form in enumerate(forms_of_words) if form[:1] == SMALL]:
        if stem := as_verbs.get(surfaces[index]):
            words[index] = stem
            inside.pop(index, None)
    return Analysed(words, forms, inside)


def analyses(forms: Collection[str]) -> list[Known]:
    """What is known of each of these words, given by ``forms_of``; what is new is learnt all at once."""
    found = list(map(_known.get, forms))
    if all(found):
        return found  # type: ignore[return-value]
    unknown = [form for form, known_ in zip(forms, found, strict=True) if not known_]
    words, exacts, inside = analyse(unknown)
    new: dict[str, Known] = {
        form: word if form == exact_form else (word, exact_form, (), ())
        for form, word, exact_form in zip(unknown, words, exacts, strict=True)
    }
    for index, parts in inside.items():
        new[unknown[index]] = (words[index], exacts[index], *parts)
    with _one_at_a_time:
        if len(_known) + len(new) > CACHED_WORDS:
            _known.clear()
        _known.update((form, one) for form, one in new.items() if len(form) <= MAX_WORD)
    return [analysis or new[form] for form, analysis in zip(forms, found, strict=True)]


def meeting(surfaces: Sequence[str], wanted: Collection[str]) -> list[bool]:
    """Whether each of these words has one of the wanted terms, as word or inside."""
    return [
        known in wanted if isinstance(known, str) else known[0] in wanted or any(map(wanted.__contains__, known[3]))
        for known in analyses(forms_of(list(surfaces)))
    ]


class Part(NamedTuple):
    """A simple part of a word, and where it stands there as it is written, with linking element or ending."""

    stem: str
    begin: int
    end: int


_BETWEEN_HYPHENS = re.compile("[^-]+")


def parts_in(surface: str) -> list[Part]:
    """The simple parts of a word in order: Bundes, tags and wahlen of Bundestagswahlen."""
    # small letters first, as for the index
    joined = real_hyphens(surface)
    beginnings = [joined[:end].lower() for end in range(1, len(surface) + 1)]
    spelled = through(LETTERS, written_lines(beginnings)).split("\n")
    letters = spelled[-1]
    # how many letters each beginning has: the ß of Fuß makes two, the e of Aerzte none
    reached = [min(count, len(letters)) for count in accumulate(map(len, spelled), max)]
    return [part for piece in _BETWEEN_HYPHENS.finditer(letters) for part in _parts_between(surface, piece, reached)]


def _parts_between(surface: str, piece: re.Match[str], reached: list[int]) -> Iterator[Part]:
    """The parts of what stands between two hyphens, of which ``piece`` is the spelling."""
    letters, (at, end) = piece.string, piece.span()
    parts = _parts(piece[0], lexicon())
    stems = _stem_all(parts)
    place, last = bisect_right(reached, at), bisect_right(reached, end)
    for part, behind in zip_longest(parts, parts[1:], fillvalue=""):
        at += len(part.strip("-"))
        stop = bisect_right(reached, at) if behind else len(surface[:last].rstrip(HYPHENS))
        following = stop
        if behind and letters.startswith(behind.strip("-"), at - 1):
            # Schiffahrt: both have the f, of Schifffahrt each one of them
            stop, following, at = bisect_left(reached, at) + 1, stop - 1, at - 1
        yield Part(stems[part], place, stop)
        place = following


def analysis_of(surface: str) -> Analysis:
    """What is known of one word."""
    return of_form(SMALL + surface if surface in lexicon().small else small(surface))


def of_form(form: str) -> Analysis:
    """What is known of one word, given by ``forms_of``."""
    known = analyses([form])[0]
    return (known, form, (), ()) if isinstance(known, str) else known


def terms(surface: str) -> tuple[Term, ...]:
    """All terms of a word: its word term first, then its parts in order, then joined parts."""
    word, _, parts, inside = analysis_of(surface)
    return (
        Term(word, "word"),
        *[Term(part, "part") for part in parts],
        *[Term(run, "joined") for run in inside[len(parts) :]],
    )


def query_terms(surface: str) -> QueryTerms:
    """How a word of a query is asked, as the evaluation found it best.

    A document matches the word if it has ``word`` among its words or parts; a word with a hyphen also by all of its
    ``parts``, which are what the hyphens join (not those of Sicherheitsrat in UN-Sicherheitsrat), each among words or
    parts or by another word for the same thing; or, if it is a number and one more word, by both in this order:
    20-Jähriger is not everybody on the 20th of May who is 13-jährig. So with A2, which many write A 2. One that has
    ``verb`` matches as if that were the word: who types in small letters means waren or Waren. The score is the larger
    of two:

    - the score of ``word``, with a frequency of (words + PART_WEIGHT x parts) before it saturates;
    - ``parts_weight`` times the sum of the scores of those of ``parts`` that it has, words and parts counted alike.

    To this comes the score of ``women``, taken as one word: who looks for a Ministerin finds ministers, too, but later.
    That a part alone may score, without matching, matters for the order of what other words of the query have found.
    """
    meant = surface if surface in lexicon().typed_for_verb else with_capital(surface)
    word, _, parts, _ = analysis_of(meant)
    road = ROAD.fullmatch(surface)
    pieces = list(road.groups()) if road else pieces_of(written(surface))
    weight, between = CLOSED_PARTS_WEIGHT, {}
    if len(pieces) > 1:
        between = {analysis_of(with_capital(one))[0]: one for one in pieces}
        weight, parts = HYPHEN_PARTS_WEIGHT, tuple(between)
    in_order = len(pieces) == 2 and any(map(str.isdigit, pieces))
    verb = analysis_of(surface)[0] if meant != surface else ""
    parts = parts if len(parts) > 1 else ()
    apart = tuple(between.values()) if parts and not in_order else ()
    return QueryTerms(word, parts, weight, in_order, verb, _women(surface, word), apart)


def _women(surface: str, term: str) -> tuple[str, ...]:
    """Singular and plural of a word in -in that the chain takes for the man's, which Benzin is not."""
    if not surface.lower().endswith(("in", "innen")) or term.endswith(("in", "inn")):
        return ()
    ones = dict.fromkeys((exact(surface), through(LETTERS, exact(surface))))  # Praesidentin, Präsidentin
    return tuple(one.removesuffix("nen") + end for one in ones for end in ("", "nen"))


def with_capital(surface: str) -> str:
    """Waren for waren, which may be meant by it in a query; other words as they are."""
    return surface.capitalize() if surface in lexicon().small else surface


def pair(left: str, right: str) -> str:
    """The word term of the compound that two neighbouring words of a query form, in this order or in turn.

    Waffen, Lieferung -> that of Waffenlieferung. A document that has it among its words or parts gets PAIR_WEIGHT
    times its score in addition to what the two words score.
    """
    return analysis_of(with_capital(left))[0] + analysis_of(with_capital(right))[0]
