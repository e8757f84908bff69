"""Which person each found name means, within one article.

A full name stands for itself; a lone surname joins the full name that ends in it; a lone name that neither a full
name, a title nor a party explains is dropped, because nine in ten of those are no persons.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import compress, count, pairwise

from search.entities.extent import INITIAL, NOBLE, PARTICLES, name_words
from search.entities.famous import FAMOUS, FULL_NAMES
from search.entities.lexicon import FIRST_NAMES, SURNAMES, Mark, mark_of
from search.entities.text import Found, Text
from search.entities.titles import LED, OF_STATE, has_party, introduces, is_introduced, is_title

SHORTEST_LIST = 3
"""Names with the surname first, from which on they are a list of such names."""
OF_HOUSE = PARTICLES | NOBLE
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
        spelling, _ = max(self.spellings.items(), key=lambda found: (_has_first(found[0]), found[1]))
        return " ".join(spelling)

    def introduced_before(self, at: int) -> int:
        """The last of the first MAX_NAMESAKES mentions before a position, -1 if there is none."""
        return max((start for start, _ in self.spans[:MAX_NAMESAKES] if start < at), default=-1)


def _has_first(words: Sequence[str]) -> bool:
    """Whether a name begins with a first name that is written out: not "J. Huber", "Le Pen"."""
    return not INITIAL.match(words[0]) and words[0] not in PARTICLES


def _compatible(short: Sequence[str], long: Sequence[str]) -> bool:
    """Whether two first names can be one person's: "George" and "George W.", "J." and "John", "De" and "Charles de"."""
    short, long = ([word for word in words if word not in OF_HOUSE] for words in (short, long))
    if not short or not long:
        return True
    if INITIAL.match(short[0]) or INITIAL.match(long[0]):
        return short[0][0] == long[0][0]
    one, other = "".join(short).replace("-", "").lower(), "".join(long).replace("-", "").lower()
    return one.startswith(other) or other.startswith(one) or short[-1] == long[-1]


class People:
    """The persons of one article, in the order in which full names appear."""

    def __init__(self) -> None:
        self.persons: list[Person] = []
        self.by_last: dict[str, list[Person]] = {}
        self.by_first: dict[str, list[Person]] = {}
        self.unexplained: list[Found] = []
        """Lone names of which nothing says that they are a person's."""

    def add(self, words: tuple[str, ...], span: tuple[int, int]) -> None:
        """One more mention by full name (or by title and surname)."""
        namesakes = self.by_last.setdefault(words[-1], [])
        same = (one for one in namesakes[:MAX_NAMESAKES] if _compatible(words[:-1], one.words[:-1]))
        person = next(same, None)
        if person is None:
            person = self._with_more(words)
            if person is None:
                person = Person(words, words[-1])
                self.persons.append(person)
                parts = words[-1].split("-") if "-" in words[-1] else []  # "Baschar al-Assad" is called Assad
                for part in (words[0], *parts):
                    self.by_first.setdefault(part, []).append(person)
            namesakes.append(person)
            if len(words) == 3 and mark_of(words[1]) & (Mark.LAST_ABROAD | FIRST_NAMES) == Mark.LAST_ABROAD:
                self.by_last.setdefault(words[1], []).append(person)  # "Álvaro Uribe Vélez" is called Uribe
        person.spans.append(span)
        if len(words) >= len(person.words) or not mark_of(words[-1]) & FIRST_NAMES:  # "Maria Giulia" is a part
            person.spellings[words] = person.spellings.get(words, 0) + 1

    def _with_more(self, words: tuple[str, ...]) -> Person | None:
        """Who has the same name with a word more or less: "Álvaro Uribe", "Álvaro Uribe Vélez"."""
        for person in self.by_first.get(words[0], [])[:MAX_NAMESAKES]:
            if {len(words), len(person.words)} == {2, 3} and words[:2] == person.words[:2]:
                return person
        return None

    def owner(self, name: str, at: int) -> Person | None:
        """The person that a lone name means: of several of one surname the one introduced last before."""
        candidates = self.by_last.get(name, [])
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


def _is_explained(found: Found, name: str, titles: int) -> bool:
    """Whether a lone name is surely a person's: by a title in it, before it or behind it, a party, or world-famous."""
    is_known = titles or name in FAMOUS or introduces(found.before) or has_party(found)
    return bool(is_known) or is_introduced(found.sentence.words, found.end)


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

    No "Trainer Merkel", "Bäckerei Merkel".
    """
    title = _title(found, titles)
    opens = found.begin == 1 and mark_of(title) & Mark.WORD
    is_owner = found.words[-1] != name  # "Rücktritt Merkels"
    return bool(OF_STATE.search(title) or title in LED or opens or is_owner) or not title[:1].isupper()


def _shares_surname(found: Found, name: Sequence[str], other: Sequence[str]) -> bool:
    """Whether a lone name is the first name of somebody whose surname follows: "Max und Ursula Kühne"."""
    return bool(mark_of(name[0]) & mark_of(other[0]) & Mark.FIRST) and not is_title(found.before)


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
    for found, skip, size, name in named:
        if len(name) > 1:
            people.add(name, found.span(skip, size))
        else:
            lone.append((found, name, skip, found.span(skip, size)))
    behind = {(id(found.sentence), found.begin): name for found, skip, _, name in named if not skip and len(name) == 2}
    full = _in_full(lone)
    for found, name, skip, span in lone:
        person = people.owner(name[-1], span[0])
        is_office = is_title(name[-1]) and not mark_of(name[-1]) & Mark.LAST  # unlike "Bundespräsident Köhler"
        follows = found.after == "und" and not skip and behind.get((id(found.sentence), found.end + 1))
        if person is not None:
            person.spans.append(span)
        elif follows and _shares_surname(found, name, follows):
            people.add((*name, follows[-1]), span)
        elif len(name[-1]) > 2 and not is_office and _is_explained(found, name[-1], skip):
            people.add(full.get(name, name), span)
        else:
            people.unexplained.append(found)
    return people
