"""Which person each found name means, within one article.

A full name stands for itself; a lone surname joins the full name that ends in it; a lone name that neither a full
name, a title nor a party explains is dropped, because nine in ten of those are no persons.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import compress, count, pairwise

from search.entities.extent import (
    CALLED_HOUSES,
    HOUSES,
    INITIAL,
    NOBLE,
    PARTICLES,
    ROMAN,
    are_next,
    is_given,
    name_words,
)
from search.entities.famous import FAMOUS, FULL_NAMES
from search.entities.lexicon import FIRST_NAMES, NAMES, SURNAMES, Mark, mark_of
from search.entities.places import PLACE_KINDS
from search.entities.text import CLOSING, OPENING, Found, Text
from search.entities.titles import CALLED, LED, OF_STATE, has_party, is_introduced, is_title, leads_to

SHORTEST_LIST = 3
"""Names with the surname first, from which on they are a list of such names."""
DASHES = frozenset({"-", "–", "—"})
JUNIOR = frozenset({"Jr.", "Sr.", "junior", "senior"})
MAX_NAMESAKES = 50
"""So many persons of one surname, and mentions of one of them, are compared: time stays linear in any text."""


@dataclass(slots=True)
class Person:
    """One person of the article under construction."""

    words: tuple[str, ...]
    last: str
    spans: list[tuple[int, int]] = field(default_factory=list)
    spellings: dict[tuple[str, ...], int] = field(default_factory=dict)
    """How often each is written."""

    @property
    def name(self) -> str:
        """The most frequent form with a first name written out; of equals the first one."""
        if len(self.spellings) == 1:
            return " ".join(self.words)
        spelling, _ = max(self.spellings.items(), key=lambda found: (_has_first(found[0]), found[1]))
        return " ".join(spelling)

    def introduced_before(self, at: int) -> int:
        """The last of the first MAX_NAMESAKES mentions before a position, -1 if there is none."""
        return max((start for start, _ in self.spans[:MAX_NAMESAKES] if start < at), default=-1)


def _has_first(words: Sequence[str]) -> bool:
    """Whether a name begins with a first name that is written out: not "J. Huber", "Le Pen"."""
    return not INITIAL.match(words[0]) and words[0] not in PARTICLES


def _last_of(words: Sequence[str]) -> str:
    """The last word that is neither a numeral nor "Junior"."""
    for word in reversed(words):
        if word not in JUNIOR and not ROMAN.match(word):
            return word
    return words[-1]


def _weight(words: Sequence[str]) -> int:
    """How many words of a name carry meaning."""
    return len([word for at, word in enumerate(words) if word not in PARTICLES or (not at and word[0].isupper())])


def _compatible(short: Sequence[str], long: Sequence[str]) -> bool:
    """Whether two first names can be one person's: "George" and "George W.", "J." and "John", "De" and "Charles de"."""
    short, long = ([word for word in words if not _joins_house(word)] for words in (short, long))
    if not short or not long:
        return True
    if INITIAL.match(short[0]) or INITIAL.match(long[0]):
        return short[0][0] == long[0][0]
    one, other = "".join(short).replace("-", "").lower(), "".join(long).replace("-", "").lower()
    return one.startswith(other) or other.startswith(one) or short[0] == long[0] or short[-1] == long[-1]


def _joins_house(word: str) -> bool:
    """Whether a word before a surname is no first name: "von", "Le", "Graf"."""
    return word in PARTICLES or word in NOBLE


def _is_surname(word: str) -> bool:
    """Whether a word is a surname abroad and no first name."""
    mark = mark_of(word)
    return bool(mark & Mark.LAST_ABROAD) and not mark & FIRST_NAMES


class People:
    """The persons of one article, in the order in which full names appear."""

    def __init__(self) -> None:
        self.persons: list[Person] = []
        self.by_last: dict[str, list[Person]] = {}
        self.by_part: dict[str, list[Person]] = {}
        """By a part of a double name."""
        self.by_first: dict[str, list[Person]] = {}
        self.unexplained: list[Found] = []
        """Lone names of which nothing says that they are a person's."""

    def add(self, words: tuple[str, ...], span: tuple[int, int]) -> None:
        """One more mention by full name (or by title and surname)."""
        last = _last_of(words)
        known = [
            person
            for person in self.by_last.get(last, [])[:MAX_NAMESAKES]
            if _compatible(words[:-1], person.words[:-1])
        ]
        known = known or self._with_second_surname(words)
        person = known[0] if known else Person(words, last)
        person.spans.append(span)
        person.spellings[words] = person.spellings.get(words, 0) + 1
        if known:
            return
        self.persons.append(person)
        self.by_last.setdefault(last, []).append(person)
        self.by_first.setdefault(words[0], []).append(person)
        parts = set(words[-1].split("-")) if "-" in words[-1] else set()
        if len(words) == 3 and _is_surname(words[1]):  # "Álvaro Uribe Vélez" is called Uribe
            parts.add(words[1])
        for part in parts:
            self.by_part.setdefault(part, []).append(person)

    def _with_second_surname(self, words: tuple[str, ...]) -> list[Person]:
        """Who has the same name with a surname more or less: "Álvaro Uribe", "Álvaro Uribe Vélez"."""
        return [
            person
            for person in self.by_first.get(words[0], [])[:MAX_NAMESAKES]
            if {len(words), len(person.words)} == {2, 3} and words[:2] == person.words[:2] and _is_surname(words[1])
        ]

    def with_first_names(self, words: tuple[str, ...]) -> Person | None:
        """Who has these first names and a surname besides: Maria Giulia, who is Maria Giulia Sergio elsewhere."""
        size = len(words)
        for person in self.by_first.get(words[0], [])[:MAX_NAMESAKES]:
            if len(person.words) > size and person.words[:size] == words and all(map(is_given, map(mark_of, words))):
                return person
        return None

    def owner(self, name: str, at: int) -> Person | None:
        """The person that a lone name means: of several of one surname the one introduced last before."""
        last = self.by_last.get(name) or self.by_last.get(name.removesuffix("s"))
        candidates = last or self.by_part.get(name) or []
        if not candidates:
            firsts = self.by_first.get(name, [])
            candidates = firsts if len(firsts) == 1 else []
        if len(candidates) < 2:
            return candidates[0] if candidates else None
        return max(candidates[:MAX_NAMESAKES], key=lambda person: person.introduced_before(at))

    def unfound(self, text: Text, taken: set[int]) -> Iterator[tuple[Person, int, int]]:
        """Where a surname stands that the tagger did not find: "Kirby sagte" at the start of a sentence.

        ``taken``: where the names begin and end that it found.
        """
        number = text.vocabulary.number
        wanted = {
            number[form]: last
            for last in self.by_last
            if len(last) > 2 and last[0].isupper() and not mark_of(last) & (Mark.NOUN | Mark.WORD)
            for form in (last + "s", last)
            if form in number
        }
        numbers = text.numbers.tolist()
        for at in compress(count(), map(wanted.__contains__, numbers)):
            start = text.starts[at]
            end = start + len(text.vocabulary.words[numbers[at]])
            person = self.owner(wanted[numbers[at]], start) if taken.isdisjoint((start, end)) else None
            if person is not None:
                yield person, start, end


def _is_place(name: str, title: str) -> bool:
    """Whether a lone name is sooner that of a country or a land: "Ghana", but not "Bismarck" and "Graf Caprivi"."""
    mark = mark_of(name)
    return (
        bool(mark & (Mark.COUNTRY | Mark.PLACE))
        and not mark & NAMES
        and name not in FAMOUS
        and title not in NOBLE | CALLED
    )


def _is_explained(found: Found, name: str, titles: int) -> bool:
    """Whether a lone name is surely a person's: by a title in it, before it or behind it, a party, or world-famous."""
    famous = name in FAMOUS and found.before not in PLACE_KINDS
    words = found.sentence.words
    at = next(at for at in range(found.begin, -1, -1) if not at or not is_title(words[at - 1]))
    if at and found.after in CLOSING and words[at - 1] in OPENING:  # „Zar Kiro“, „Mr. Bean“
        return False
    is_told = is_introduced(words, found.end) or has_party(found)
    return bool(titles or famous) or leads_to(found) or is_told


Lone = tuple[Found, tuple[str, ...], int, tuple[int, int]]
"""A name that is not a full one: where it was found, in the nominative, how many titles are before it, and its span."""


def _in_full(lone: Sequence[Lone]) -> dict[tuple[str, ...], tuple[str, ...]]:
    """The surnames by which an article means whoever is famous under them, and the full names."""
    famous = [(found, name, titles) for found, name, titles, _ in lone if name[0] in FULL_NAMES and len(name) == 1]
    others = {name for found, name, titles in famous if not _is_free(found, name[0], titles)}
    return {name: FULL_NAMES[name[0]] for _, name, _ in famous if name not in others}


def _title(found: Found, titles: int) -> str:
    """The word before a name, of which the first ``titles`` words are titles."""
    return found.words[titles - 1] if titles else found.before


def _is_free(found: Found, name: str, titles: int) -> bool:
    """Whether nothing says that a famous surname is somebody else's: "Merkel", "Kanzlerin Merkel", "Für Merkel".

    No "Trainer Merkel", "Bäckerei Merkel", "Huber - Merkel", "Merkel (23.)" or "Merkel, Richterin in Ulm,".
    """
    title, words, end = _title(found, titles), found.sentence.words, found.end
    if OF_STATE.search(title) or title in LED:
        return True
    opens = found.begin == 1 and mark_of(title) & Mark.WORD
    is_owner = words[end - 1] != name  # "Rücktritt Merkels"
    is_called = title[:1].isupper() and not opens and not is_owner
    behind = words[end : end + 2]
    is_listed = title in DASHES or (found.after == "(" and behind[-1][0].isdecimal())
    is_told = behind[:1] == [","] and is_title(behind[-1])
    return not (is_called or is_listed or is_told or found.after in JUNIOR)


def _shares_surname(found: Found, name: Sequence[str], other: Sequence[str]) -> bool:
    """Whether a lone name is the first name of somebody whose surname follows: "Max und Ursula Kühne"."""
    is_surname = is_title(found.before)  # "Minister Friedrich und Angela Merkel"
    return bool(mark_of(name[0]) & mark_of(other[0]) & Mark.FIRST) and not is_surname


def _turned(founds: Sequence[Found]) -> list[tuple[Found, Found]]:
    """Surnames with the first names behind them, in a list such as "Huber, Anna, 2. Weber, Karl"."""
    pairs = []
    for last, first in pairwise(founds):
        follows = first.sentence is last.sentence and first.begin == last.end + 1 and last.after == ","
        if follows and len(first.words) == 1 and last.end - last.begin <= 2:
            known = mark_of(first.words[0]), mark_of(last.words[-1])
            if known[0] & FIRST_NAMES and not (known[1] & FIRST_NAMES and not known[1] & SURNAMES):
                pairs.append((last, first))
    return pairs if len(pairs) >= SHORTEST_LIST else []


Named = tuple[Found, int, int, tuple[str, ...]]
"""A name: where it was found, how many titles are before it, and its words in the text and in the nominative."""


def _are_two(name: Sequence[str]) -> bool:
    """Whether four words are two persons' names: "Nun traf Anna Huber Karl Weber"."""
    return (
        all(map(is_given, map(mark_of, name[::2]))) and mark_of(name[1]) & SURNAMES > 0 and are_next(name[1], name[2])
    )


def _may_govern(person: Person, named: Sequence[Named]) -> bool:
    """Whether an office of those who govern stands in a sentence with a person's full name."""
    sentences = [found.sentence for found, _, _, name in named if name == person.words]
    return any(OF_STATE.search(word) for sentence in sentences for word in sentence.words)


def resolve_persons(founds: Sequence[Found], present: Container[str]) -> People:
    """The persons of the article; a lone name that nothing explains is left out."""
    people = People()
    turned = _turned(founds)
    for last, first in turned:
        people.add((*first.words, *last.words), (last.span()[0], first.span()[1]))
    done = {id(found) for pair in turned for found in pair}
    founds = [found for found in founds if id(found) not in done]
    lone: list[Lone] = []
    named: list[Named] = [(found, *name_words(found, present)) for found in founds]
    surnames = {name[-1] for _, _, _, name in named if len(name) > 1 and HOUSES.isdisjoint(name)}
    for found, skip, size, name in named:
        span = found.span(skip, size)
        if len(name) == 3 and name[1] == "von" and name[2] in surnames:  # "wurde Thiago von Hummels gefoult"
            lone.append((found, name[2:], skip, found.span(skip + 2, 1)))
        elif len(name) == 3 and (name[0] in surnames or name[0] in FULL_NAMES) and are_next(name[0], name[1]):
            lone.append((found, name[:1], skip, found.span(skip, 1)))
            people.add(name[1:], found.span(skip + 1, 2))
        elif len(name) == 4 and _are_two(name):
            people.add(name[:2], found.span(skip, 2))
            people.add(name[2:], found.span(skip + 2, 2))
        elif len(name) > 1 and (_weight(name) >= 2 or any(map(ROMAN.match, name[1:]))):
            person = people.with_first_names(name)
            if person and not is_title(_title(found, skip)):
                person.spans.append(span)
            else:
                people.add(name, span)
        else:
            lone.append((found, name, skip, span))
    behind = {(id(found.sentence), found.begin): name for found, skip, _, name in named if not skip and len(name) == 2}
    full = _in_full(lone)
    for found, name, skip, span in lone:
        person = people.owner(name[-1], span[0])
        meant = full.get(name)
        if person and meant and person.words[0] != meant[0] and OF_STATE.search(_title(found, skip)):
            # "Präsident Obama" beside Michelle Obama
            person = person if _title(found, skip).endswith("in") or _may_govern(person, named) else None
        is_office = is_title(name[-1]) and not mark_of(name[-1]) & Mark.LAST  # unlike "Bundespräsident Köhler"
        follows = behind.get((id(found.sentence), found.end + 1), ())
        if follows and found.after == "," and name[0] in HOUSES and name[-1] not in CALLED_HOUSES:
            continue  # "die Sprecherin von Misereor, Anna Huber"
        other = follows if found.after == "und" and not skip else ()
        if person is not None:
            person.spans.append(span)
        elif other and _shares_surname(found, name, other):
            people.add((*name, other[-1]), span)
        elif (
            len(name[-1]) > 2
            and not is_office
            and not _is_place(name[-1], _title(found, skip))
            and _is_explained(found, name[-1], skip)
        ):
            people.add(full.get(name, name), span)
        else:
            people.unexplained.append(found)
    return people
