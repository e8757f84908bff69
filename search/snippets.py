"""The passage of a text that shows why it was found, with the found words marked. Pure functions.

A snippet is HTML: escaped text with <mark> around found words and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from itertools import combinations, compress
from typing import Literal, NamedTuple

from search import german, limit

WIDTH = 170
"""Characters of a snippet, about two lines of a list of results."""
STRETCH = 80
"""So many characters more are shown if that lets a snippet begin with a sentence."""
SEARCHED = 100_000
"""Characters of a text that are looked through: a whole newspaper page and more."""
LONGEST_COMPOUND = 60
"""Characters; the parts of a longer word are not looked for: the work would grow with its square, and each is kept."""
_PREFIXES = dict(zip(german.PREFIXES, german.fold_all([*german.PREFIXES]), strict=True))
"""Of verbs, each with its fold."""
MANY = 100
"""Different wanted words of a text from which on it is cheaper to find the places of all its words."""


_WORD = re.compile(r"\w")
SENTENCE_END = re.compile(
    r"(?:(?<!\b\d)(?<!\b\d\d)(?<!\b[^\W\d_])(?<!\b(?:Dr|St|Nr|Mr|ca|Hl|Co))(?<!\b(?:Prof|Sept|evtl))"
    r"(?<!\b(?:Mrd|Mio|bzw|vgl|Mrs|Abs|ggf|Jan|Feb|Aug|Okt|Nov|Dez))\.|[!?])"
    '[“”«"]? '
)
"""Not "12. Juli", "z. B. ", "Dr. "."""

How = Literal["word", "apart", "pair", "variant", "exact", "prefix", "fuzzy"]
Rule = Literal["same", "form", "part", "apart", "pair", "variant", "exact", "prefix", "fuzzy"]
RANKS: dict[Rule, int] = {"part": 0, "apart": 0, "same": 2, "exact": 2}
"""How well a form shows what was sought, if not 1."""


class Reason(NamedTuple):
    """Why a term is wanted: which word of the query asks for it, and how."""

    word: str
    how: How


class _Form(NamedTuple):
    """What is known of a wanted word: why it is wanted, by which rule, and which (offset, length) of it to mark."""

    why: Reason
    rule: Rule
    span: tuple[int, int]


@dataclass(slots=True)
class Wanted:
    """What to mark: words by any of their index terms, as they are written, or by how they begin, folded."""

    terms: dict[str, Reason] = field(default_factory=dict)
    phrases: dict[tuple[str, ...], Reason] = field(default_factory=dict)
    """Index terms of words that are wanted only one right after the other."""
    exact: dict[str, Reason] = field(default_factory=dict)
    prefixes: dict[str, Reason] = field(default_factory=dict)
    forms: dict[str, tuple[_Form, ...]] = field(default_factory=dict)
    """What was found out about words so far, empty at first; the snippets of one page share it."""

    def telling(self) -> dict[str, Reason]:
        """The terms, but those of words like der and in, which are everywhere, unless nothing else is wanted."""
        told = {
            term: reason
            for term, reason in self.terms.items()
            if reason.how not in ("word", "pair") or not german.FUNCTION_WORDS.issuperset(reason.word.lower().split())
        }
        return told if told or self.phrases or self.exact or self.prefixes else self.terms

    def add(self, other: Wanted) -> None:
        """Want what another one wants, too; what both want, for the same reason as before."""
        self.terms.update(other.terms | self.terms)
        self.phrases.update(other.phrases | self.phrases)
        self.exact.update(other.exact | self.exact)
        self.prefixes.update(other.prefixes | self.prefixes)


@dataclass(frozen=True, slots=True)
class Why:
    """One reason why an article was found: a word of the query, a form in the text, and the rule that joins them."""

    word: str
    rule: Rule
    form: str
    count: int


class _Found(NamedTuple):
    start: int
    end: int
    why: Reason
    rule: Rule
    is_name: bool = False


def explain(text: str, wanted: Wanted) -> tuple[Why, ...]:
    """Why a text was found, in the order in which the forms first stand in it."""
    counts: dict[tuple[str, Rule, str], int] = {}
    # what has but the first word of "der ODER Quasten" is found by that
    untold = Wanted(dict(wanted.terms.items() - wanted.telling().items()))
    for item in _find(text, wanted, whole_words=True) or _find(text, untold, whole_words=True):
        key = (item.why.word, item.rule, " ".join(text[item.start : item.end].split()))
        counts[key] = counts.get(key, 0) + 1
    return tuple(Why(word, rule, form, count) for (word, rule, form), count in counts.items())


def spans(text: str, wanted: Wanted) -> tuple[tuple[int, int], ...]:
    """Where the wanted words stand in a text, of a compound only the wanted part: begin and end, ascending.

    It counts as a search of its request: RequestTooCostly, Busy.
    """
    limit.begin()
    try:
        return tuple(_joined(text, _find(text, wanted)))
    finally:
        limit.end()


def snippet(text: str, wanted: Wanted, named: Iterable[tuple[int, int, str]] = ()) -> str:
    """The passage of about WIDTH characters with the most distinct wanted words; the beginning if there is none.

    It starts at the beginning of a sentence where that costs no found word, and says with "…" where text was cut.
    ``named``: where names stand that are wanted, too, but less than any word: begin, end, which name.
    """
    names = [_Found(start, end, Reason(name, "word"), "form", True) for start, end, name in named if end <= SEARCHED]
    found = sorted([*_find(text[:SEARCHED], wanted), *names], key=lambda item: item.start)
    first, last = _best_window(found)
    anchor = _word_start(text, found[first].start) if found else 0
    reach = found[last].end if found else 0
    start = _passage_start(text, anchor, reach)
    end = _passage_end(text, max(reach, start), max(start, reach - 3 * WIDTH // 4) + WIDTH)
    inside = [item for item in found if start <= item.start and item.end <= end]
    passage = " ".join(_marked(text, start, end, _joined(text, inside)).split())
    return f"{'… ' if start > 0 else ''}{passage}{' …' if end < len(text.rstrip()) else ''}"


def _find(text: str, wanted: Wanted, *, whole_words: bool = False) -> list[_Found]:
    """The wanted words and phrases of a text in order; of a compound only the wanted parts, unless ``whole_words``."""
    if not (wanted.terms or wanted.phrases or wanted.exact or wanted.prefixes):
        return []
    # finding all words is cheap, their places are not: those of the few wanted ones are looked for afterwards
    surfaces = set(german.surfaces(text))
    new = list(surfaces.difference(wanted.forms))
    telling = wanted.telling()
    looked_at = wanted.exact or wanted.prefixes
    for surface, meets in zip(new, german.meeting(new, telling), strict=True):
        limit.spend()
        wanted.forms[surface] = _forms(surface, telling, wanted) if meets or looked_at else ()
    here = {surface: known for surface in surfaces if (known := wanted.forms[surface])}
    linked = _linked(surfaces, wanted)
    places = list(_places(text, here.keys() | linked))
    found = _in_phrases(text, places, linked, wanted) if linked else []
    whole = {form.why.word for surface, _ in places for form in here.get(surface, ()) if form.rule != "apart"}
    stumps = tuple(german.fold(surface) for surface in surfaces if surface[-1] == "-")
    stumps += tuple(_PREFIXES[prefix] for prefix in _PREFIXES.keys() & surfaces)
    missing = {name for term, one in telling.items() if one.word not in whole for name in (term, german.fold(one.word))}
    if stumps and any(name.startswith(stumps) for name in missing):
        in_short = [item for item in _in_short(text, telling, wanted) if item.why.word not in whole]
        whole.update(item.why.word for item in in_short)
        found += in_short
    for surface, at in places:
        for form in here.get(surface, ()):
            # where the US-Präsident is, an US-Außenminister is no reason
            if form.rule != "apart" or form.why.word not in whole:
                begin, length = (0, len(surface)) if whole_words else form.span
                found.append(_Found(at + begin, at + begin + length, form.why, form.rule))
    return sorted(found, key=lambda item: item.start)


def _in_short(text: str, telling: Mapping[str, Reason], wanted: Wanted) -> Iterator[_Found]:
    """Where a word makes a wanted one with a later word: Benzin- in "Benzin- und Ölpreise", trat in "trat zurück"."""
    found = []
    for position, compound in german.occurrences(text).elided:
        limit.spend()
        found += [(position, form) for form in _forms(compound, telling, wanted) if form.rule not in ("part", "apart")]
    tokens = german.tokenize(text) if found else []
    for position, form in found:
        _, start, end = tokens[position]
        yield _Found(start, end, form.why, "form" if form.rule == "same" else form.rule)


def _linked(surfaces: Collection[str], wanted: Wanted) -> dict[str, str]:
    """The words that can be in a wanted phrase, each with its term."""
    links = {term for phrase in wanted.phrases for term in phrase}
    if not links:
        return {}
    words = list(surfaces)
    near = compress(words, german.meeting(words, links))
    terms = {surface: german.terms(surface)[0].text for surface in near}
    return {surface: term for surface, term in terms.items() if term in links}


def _in_phrases(
    text: str, places: Sequence[tuple[str, int]], linked: Mapping[str, str], wanted: Wanted
) -> list[_Found]:
    """The wanted phrases that the places make; the longest of those that begin together."""
    found: dict[int, _Found] = {}
    terms = [linked.get(surface) for surface, _ in places]
    written = {surface: german.exact(surface) for surface in linked}
    ends = [at + len(surface) for surface, at in places]
    apart = [bool(_WORD.search(text, end, at)) for end, (_, at) in zip(ends, places[1:], strict=False)]
    for phrase, reason in sorted(wanted.phrases.items(), key=lambda each: len(each[0])):
        size = len(phrase)
        typed = _written(reason.word)
        for first in [first for first, term in enumerate(terms) if term == phrase[0]]:
            last = first + size - 1
            if tuple(terms[first : last + 1]) == phrase and not any(apart[first:last]):
                limit.spend()
                same = [written[surface] for surface, _ in places[first : last + 1]] == typed
                rule: Rule = ("same" if same else "form") if reason.how == "word" else reason.how
                found[places[first][1]] = _Found(places[first][1], ends[last], reason, rule)
    return list(found.values())


def _places(text: str, words: Collection[str]) -> Iterator[tuple[str, int]]:
    """Where some of a text's words begin, ascending."""
    if len(words) > MANY:
        yield from ((token.surface, token.start) for token in german.tokenize(text) if token.surface in words)
        return
    found = []
    for word in words:
        at = text.find(word)
        while at >= 0:
            if german.stands_at(word, text, at):
                found.append((at, word))
            at = text.find(word, at + 1)
    end = 0
    for at, word in sorted(found, key=lambda place: (place[0], -len(place[1]))):
        if at >= end:  # no "Putin" in "Putin's", if both are wanted
            yield word, at
            end = at + len(word)


def _forms(surface: str, telling: Mapping[str, Reason], wanted: Wanted) -> tuple[_Form, ...]:
    """Why a word is wanted, for each of its parts: a SVP-Nationalrat for SVP and for Nationalrat."""
    whole = (0, len(surface))
    own = german.terms(surface)
    held = [(term, reason) for term in own if (reason := telling.get(term.text))]
    known = []
    for term, reason in held:
        is_part = term.kind in ("part", "joined")
        span = part_span(surface, term.text) if is_part and len(surface) <= LONGEST_COMPOUND else whole
        known.append(_Form(reason, _rule(reason, surface, is_part=is_part and len(own) > 2), span))
    found: list[_Form] = []
    # Gaskraftwerk has Kraftwerk, which is more than to have Kraft
    for form in sorted(known, key=lambda each: (each.rule == "apart", -each.span[1])):
        if not any(_within(form, other) for other in found):
            found.append(form)
    if found:
        return tuple(sorted(found, key=lambda form: form.span))
    reason = wanted.exact.get(german.exact(surface)) if wanted.exact else None
    if reason is None and wanted.prefixes:
        folded = german.fold(surface)
        reason = next((reason for begun, reason in wanted.prefixes.items() if folded.startswith(begun)), None)
    return () if reason is None else (_Form(reason, _rule(reason, surface, is_part=False), whole),)


def _within(one: _Form, other: _Form) -> bool:
    (begin, length), (start, size) = one.span, other.span
    return start <= begin and begin + length <= start + size


def _rule(reason: Reason, surface: str, *, is_part: bool) -> Rule:
    if reason.how != "word":
        return reason.how
    if is_part:
        return "part"
    return "same" if _written(reason.word) == [german.exact(surface)] else "form"


def _written(typed: str) -> list[str]:
    """The words of what was typed as they are written, without signs around them: XVI for XVI."""
    return list(map(german.exact, german.surfaces(typed)))


@lru_cache(16384)
def part_span(surface: str, term: str) -> tuple[int, int]:
    """Where in a compound the part with this term stands, as (offset, length); all of it if that cannot be told."""
    parts = german.parts_in(surface)
    for first, stop in combinations(range(len(parts) + 1), 2):
        if "".join(part.stem for part in parts[first:stop]) == term:
            begin = parts[first].begin
            return begin, parts[stop - 1].end - begin
    return 0, len(surface)


class _Window:
    """The words and names of a stretch of found items, and how well the words stand there."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, bool], list[int]] = {}
        """Of each word, and of each name, how many forms of each rank there are."""
        self.distinct = self.quality = self.names = 0

    def count(self, item: _Found, more: int) -> None:
        """Take an item in (1), or out (-1)."""
        counts = self._counts.setdefault((item.why.word, item.is_name), [0, 0, 0])
        before = _best_of(counts)
        counts[RANKS.get(item.rule, 1)] += more
        after = _best_of(counts)
        if item.is_name:
            self.names += (after > 0) - (before > 0)
            return
        self.distinct += (after > 0) - (before > 0)
        self.quality += after - before


def _best_of(counts: Sequence[int]) -> int:
    """1 to 3 for the best rank of which there is any, else 0."""
    return next((rank + 1 for rank in (2, 1, 0) if counts[rank]), 0)


def _best_window(found: Sequence[_Found]) -> tuple[int, int]:
    """First and last item of the earliest window with the most distinct words, then the most as they were typed, then
    the most distinct names.

    Erdfalten is marked for Erdbeben where no article has all words; where the word itself is, that is shown.
    """
    best, begin, end, first = (0, 0, 0), 0, 0, 0
    window = _Window()
    for last, item in enumerate(found):
        window.count(item, 1)
        while item.end - found[first].start > WIDTH and first < last:
            window.count(found[first], -1)
            first += 1
        here = window.distinct, window.quality, window.names
        if here > best:
            best, begin, end = here, first, last
    return begin, end


def _passage_start(text: str, anchor: int, reach: int) -> int:
    """Begin of the sentence of ``anchor`` if ``reach`` then is near enough, else a word somewhat before it."""
    spare = max(WIDTH - (reach - anchor), 0)
    if anchor <= spare // 2:
        return 0
    earliest = max(anchor - spare - STRETCH, 0)
    line = text.rfind("\n", earliest, anchor)
    begins = [line + 1] if line >= 0 or not earliest else []
    begins += [end.end() for end in SENTENCE_END.finditer(text, max(line, earliest), anchor)]
    if begins:
        return begins[-1]
    context = max(anchor - max(spare // 3, STRETCH // 2), 0)
    space = text.find(" ", context, anchor)
    return space + 1 if space >= 0 else anchor


def _word_start(text: str, at: int) -> int:
    """Where the word begins that has a part at ``at``: kanzlerin in Bundeskanzlerin."""
    while at and (text[at - 1].isalnum() or text[at - 1] == "-"):
        at -= 1
    return at


def _passage_end(text: str, least: int, wish: int) -> int:
    """End of the last whole word before ``wish``, but not before ``least``."""
    if wish >= len(text):
        return len(text.rstrip())
    space = max(text.rfind(" ", least, wish + 1), text.rfind("\n", least, wish + 1))
    return space if space >= 0 else max(least, wish)


def _joined(text: str, found: Iterable[_Found]) -> list[tuple[int, int]]:
    """Where found words stand; those that are in each other or have but a hyphen between them as one."""
    stretches: list[tuple[int, int]] = []
    for item in found:
        start, end = stretches[-1] if stretches else (0, -1)
        if item.start <= end or (end >= 0 and text[end : item.start] == "-"):
            stretches[-1] = start, max(end, item.end)
        else:
            stretches.append((item.start, item.end))
    return stretches


def _marked(text: str, start: int, end: int, stretches: Iterable[tuple[int, int]]) -> str:
    pieces = []
    for begin, close in stretches:
        pieces.append(escape(text[start:begin], quote=False))
        pieces.append(f"<mark>{escape(text[begin:close], quote=False)}</mark>")
        start = close
    pieces.append(escape(text[start:end], quote=False))
    return "".join(pieces)
