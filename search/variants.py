"""Different words for one thing, "Kiew, Kyiv = Kyjiw": a search for one finds the others too, which count less.

The program brings ``lexicon/variants.txt``, after which places are also shown, ``synonyms.txt``, and ``deeds.txt`` with
nouns and verbs: Festnahme, festnehmen; by rule it knows numbers, days, verbs and compounds: drei and 3, trat zurück
and zurückgetreten, Ölpreis and “Preis für Öl”. An archive adds its own lines in ``variants.txt`` in its index folder;
they count from the next search on: nothing has to be indexed again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, cached_property, lru_cache
from pathlib import Path

from search import german
from search.dates import in_figures, in_words
from search.errors import InputError
from search.lines import Line, Stamp, read_lines, stamp
from search.numbers import amount, otherwise
from search.query import RESTRICTING, Node, Phrase, Word

BUILT_IN = tuple(Path(__file__).parent / "lexicon" / name for name in ("variants.txt", "synonyms.txt", "deeds.txt"))
FILE = "variants.txt"

Words = tuple[str, ...]


class Variants:
    """What else to look for when a word or phrase is looked for."""

    def __init__(self, lines: Sequence[Line], own: Sequence[Line] = ()) -> None:
        self._lines = (*lines, *own)
        self.own = tuple(own)
        """The lines that only this archive has."""

    @cached_property
    def _others(self) -> dict[Words, dict[Words, Words]]:
        """The other names of each, by its terms. Worked out when a search first asks: to show an article takes none."""
        groups: dict[str, set[str]] = {}
        for line in self._lines:
            groups.setdefault(line.name, {line.name}).update(line.others)
        surfaces = {name: tuple(german.surfaces(name)) for group in groups.values() for name in sorted(group)}
        german.analyses({word.lower() for words in surfaces.values() for word in words})  # at once, which is sooner
        found: dict[Words, dict[Words, Words]] = {}
        for shown, group in groups.items():
            # the shown name last, that it stands for its inflections: Niederlande, not Niederlanden
            written = {_terms(name): surfaces[name] for name in (*sorted(group - {shown}), shown)}
            written.pop((), None)  # a name without words would be everywhere
            for terms in written:
                others = {other: words for other, words in written.items() if other != terms}
                found.setdefault(terms, {}).update(others)
        return found

    @cached_property
    def _longest(self) -> dict[Words, int]:
        """First term -> how many words the longest name has that begins with it."""
        longest: dict[Words, int] = {}
        for terms in self._others:
            longest[terms[:1]] = max(len(terms), longest.get(terms[:1], 0))
        return longest

    def of(self, words: Words) -> list[Words]:
        """Other words, or sequences of words, for the same thing; each once, whatever its inflection."""
        return [*self._others.get(_terms(" ".join(words)), {}).values(), *by_rule(words)]

    def grouped(self, nodes: Sequence[Node]) -> list[tuple[Node, ...]]:
        """The children of an And; those that are a name of several words together: Vereinte Nationen.

        Without words that say nothing of a subject, if there is anything else to find: an article on rising rents need
        not ask “warum”. What only restricts comes last, each by itself, and stands between no words.
        """
        sought, verb = _asked([node for node in nodes if not isinstance(node, RESTRICTING)])
        groups = [verb] if verb else []
        at = 0
        while at < len(sought):
            size = self._size(sought[at:])
            groups.append(tuple(sought[at : at + size]))
            at += size
        told = [group for group in groups if len(group) > 1 or not says_nothing(group[0])]
        # beside person:Merkel alone, such a word is all that is sought in the text
        tells = any(getattr(group[0], "target", "text") in ("text", "title") for group in told)
        return [*(told if tells else groups), *((node,) for node in nodes if isinstance(node, RESTRICTING))]

    def _size(self, nodes: Sequence[Node]) -> int:
        """How many of these, from the first on, are one name or another thing of several words; 1 if they are none."""
        most = self._longest.get(_terms(" ".join(texts(nodes[:1])))[:1], 1)
        begins = ((size, texts(nodes[:size])) for size in range(min(most, len(nodes)), 1, -1))
        named = next((size for size, words in begins if _terms(" ".join(words)) in self._others), 1)
        return 2 if named == 1 and _is_one(texts(nodes[:2])) else named


def says_nothing(node: Node) -> bool:
    """Whether a node is a word that holds a sentence together; but =der, and IM, which has capitals of its own."""
    match node:
        case Word(text, "text", False):
            return text.lower() in german.FUNCTION_WORDS and (len(text) == 1 or not text.isupper())
    return False


_OF_ONE = frozenset(["das", "die", "ein", "eine", "er", "es", "ihr", "man", "sich", "sie", "wir"])
"""Behind a verb that begins a question; behind a noun stand der, des and den."""


_ASKING = {
    "wie": frozenset(["alt", "groß", "heißt", "hoch", "lange", "oft", "teuer", "viel", "viele", "vielen", "weit"]),
    "wo": frozenset(["liegen", "liegt"]),
    "was": frozenset(["bedeutet", "heißt"]),
}
"""Words that only ask where one of these begins a question: who asks “Wie viele Tote” is told 85."""


def _asked(nodes: list[Node]) -> tuple[list[Node], tuple[Node, ...]]:
    """What is sought, and a verb and its prefix that were typed far apart: “Lehnt der Bundesrat das Gesetz ab?”.

    A verb that begins a question is in small letters, since Waren are things and Fallen are traps.
    """
    words = [node.text if isinstance(node, Word) and texts([node]) else "" for node in nodes]
    if len(words) < 3:
        return nodes, ()
    first = words[0].lower()
    if words[1].lower() in _ASKING.get(first, ()):
        return _asked(nodes[2:])
    if words[1] in _OF_ONE and german.with_capital(first) != first:
        nodes = [Word(first), *nodes[1:]]
    for at, word in enumerate([first, *words[1:-1]]):
        if german.rejoined(word, words[-1]):
            return [*nodes[:at], *nodes[at + 1 : -1]], (Word(word), nodes[-1])
    return nodes, ()


def texts(nodes: Sequence[Node]) -> Words:
    """The texts of words and phrases; () if not all nodes are such, to be found in the text in any of their forms."""
    found: Words = ()
    for node in nodes:
        match node:
            case Word(text, "text", False):
                found += (text,)
            case Phrase(words, "text"):
                found += words
            case _:
                return ()
    return found


_BETWEEN = ("der", "des", "für", "von")
"""What stands between the words of which a compound is made: Ölpreis is the “Preis für Öl”, “Preis des Öls”."""
_PEOPLE = re.compile(r"(\w{3,})(?:mann(?:e?s)?|männern?|leuten?)", re.IGNORECASE)


@lru_cache(4096)
def by_rule(words: Words) -> list[Words]:
    """What no list needs to say: other ways to write a day or a number, verbs with their prefix, Kaufleute.

    NOT leaves out no other words than these.
    """
    other = [*in_words(" ".join(words)), *in_figures(words), *otherwise(words)]
    if len(words) == 1:
        people = _PEOPLE.fullmatch(words[0])
        ends = [end for end in ("mann", "leute") if people and end[0] != words[0][people.end(1)].lower()]
        others = [*german.spoken(words[0].lower()), *(people[1] + end for end in ends if people)]
        both = german.taken_apart(words[0])
        other += [(both[1], between, both[0]) for between in _BETWEEN if both]
    else:
        others = [german.rejoined(*words), _road(*words)] if len(words) == 2 else []
    return [*other, *((word,) for word in others if word)]


def _is_one(words: Words) -> bool:
    """Whether several words are a day, an amount, a verb or a road."""
    return bool(in_figures(words) or (len(words) == 2 and (amount(*words) or german.rejoined(*words) or _road(*words))))


def _road(letter: str, number: str) -> str:
    """A45 of A 45; "" for what is none: in 5 Tagen, WM 2006."""
    may_be = letter.isalpha() and letter.lower() not in german.FUNCTION_WORDS and len(number) < len("2006")
    return letter + number if may_be and german.ROAD.fullmatch(letter + number) else ""


_terms = lru_cache(4096)(german.word_terms)


@cache
def _built_in() -> list[Line]:
    return [line for path in BUILT_IN for line in read_lines(path) if isinstance(line, Line)]


def load(folder: Path) -> tuple[Variants, list[InputError]]:
    """The variants that hold for an index folder, and what in its own file could not be understood."""
    path = folder / FILE
    known = stamp(path)
    return _loaded(path if known else None, known)


@lru_cache(16)
def _loaded(path: Path | None, stamp: Stamp | None) -> tuple[Variants, list[InputError]]:
    """The same file is read once, however often it is looked at."""
    own = list(read_lines(path)) if path else []
    errors = [line for line in own if isinstance(line, InputError)]
    return Variants(_built_in(), [line for line in own if isinstance(line, Line)]), errors
