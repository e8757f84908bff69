"""One entry for one person or place in the whole archive: spellings merged by sound, and the archivist's last word.

The archivist's word is a text file, ``names.txt`` in the index folder, that counts from the next search on:

    Selenskij = Wolodymyr Selenskyj     # show and find the left under the right
    Stephan Müller = Stephan Müller     # is not Stefan Müller, whatever the sound
    - Imago                             # neither person nor place

Without a line for them, two full names of persons are one if first and last name sound alike (``sounds.merge_key``);
the spelling of most articles names the entry.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import combinations
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

from search import german
from search.errors import InputError
from search.lines import Stamp, contents, stamp
from search.sounds import merge_key

FILE = "names.txt"
LONG_ENOUGH, LONG_FAMILY = 8, 6
"""Letters of a place's name, and of a family's: shorter ones often differ from another one's in one letter."""


MOST_NEAR = 5
"""Words near a mistyped one that are looked at: the nearest need not be meant."""
RULED = ("person", "place", "place_weak")
"""The archivist's lines speak of persons and places, not of papers that are named like one."""

Entry = TypeVar("Entry", int, str)
"""An entry as an engine knows it: by its number or by its name."""


class Naming:
    """The archivist's lines: what each named name is shown as, None for hidden ones."""

    def __init__(self, rules: Mapping[str, str | None]) -> None:
        self.rules = dict(rules)

    def of(self, kind: str) -> Naming:
        """What the lines say of one kind of name."""
        return self if kind in RULED else Naming({})

    def entries(self, counts: Mapping[str, int], *, merged: bool) -> dict[str, str | None]:
        """For each name the name of its entry, None if it is hidden.

        ``counts``: in how many articles each name stands; ``merged``: whether names that sound alike are one. What a
        line says of the name of such an entry holds for all of its spellings; of another spelling, for that alone. A
        name under which a line shows others names its entry.
        """
        shown = {name: self.ruled(name) for name in counts}
        if merged:
            best: dict[str, str] = {}
            targets = set(map(self.ruled, self.rules.keys() & counts.keys()))
            for name in sorted(counts, key=lambda name: (name not in targets, -counts[name], name)):
                if " " in name and self.rules.get(name) != name:
                    entry = best.setdefault(merge_key(name), name)
                    shown[name] = self.ruled(name if name in self.rules or name in targets else entry)
        return shown

    def ruled(self, name: str) -> str | None:
        """What the lines say that a name is shown as, None if it is hidden."""
        seen = {name}
        while name in self.rules:
            target = self.rules[name]
            if target is None or target in seen:
                return target
            name = target
            seen.add(name)
        return name


def read(path: Path) -> tuple[Naming, list[InputError]]:
    """The lines of a file of names, none if there is no file, and an error for each that cannot be understood."""
    return _read(path, stamp(path))


@lru_cache(16)
def _read(path: Path, stamp: Stamp | None) -> tuple[Naming, list[InputError]]:
    """The same file is read once, however often it is looked at."""
    naming = Naming({})
    rules = naming.rules
    lines, errors = contents(path) if stamp else ([], [])
    for number, content in lines:
        left, equals, right = (part.strip() for part in content.partition("="))
        hidden = content.startswith("- ") and not equals
        name = content[2:].strip() if hidden else left
        if not name or not (hidden or (equals and right)) or "=" in right:
            message = f"“{content}” is not understood: write “Selenskij = Wolodymyr Selenskyj” or “- Imago”"
            errors.append(InputError(str(path), message, number))
        elif name in rules:
            errors.append(InputError(str(path), f"“{name}” stands here for the second time: keep one line", number))
        elif right != name and naming.ruled(right) == name:
            message = f"“{content}” leads in a circle, since “{right}” is shown as “{name}”: keep one of the lines"
            errors.append(InputError(str(path), message, number))
        else:
            rules[name] = None if hidden else right
    return naming, errors


def as_entries(names: tuple[str, ...], entries: Mapping[str, str | None]) -> tuple[str, ...]:
    """Names of an article as their entries, each once, without hidden ones."""
    if entries.keys().isdisjoint(names):
        return names
    shown = (entries.get(name, name) for name in names)
    return tuple(dict.fromkeys(entry for entry in shown if entry is not None))


class Words(Generic[Entry]):
    """Finds entries by words of their spellings, whatever their umlauts and case."""

    def __init__(self, spellings: Iterable[tuple[str, Entry]]) -> None:
        self._entries: dict[str, set[Entry]] = {}
        rows = [(german.surfaces(name), entry) for name, entry in spellings]
        surfaces = list({surface for row, _ in rows for surface in row})
        folded = dict(zip(surfaces, german.fold_all([surface.lower() for surface in surfaces]), strict=True))
        for row, entry in rows:
            for surface in row:
                self._entries.setdefault(folded[surface], set()).add(entry)

    @cached_property
    def _in_order(self) -> list[str]:
        return sorted(self._entries)

    def beginning(self, typed: str) -> set[Entry]:
        """Entries with all typed words, the last of which may be only begun."""
        *whole, begun = _folded(typed) or [""]
        if not begun:
            return set()
        low, high = (bisect_left(self._in_order, edge) for edge in (begun, begun + "\U0010ffff"))
        found = set[Entry]().union(*(self._entries[word] for word in self._in_order[low:high]))
        return found.intersection(*(self._entries.get(word, set()) for word in whole))

    def named(self, words: Iterable[str]) -> set[Entry]:
        """Entries with all of these words, in any order."""
        sets = [self._entries.get(folded, set()) for word in words for folded in _folded(word)]
        return set.intersection(*sets) if sets else set()

    def near(self, typed: str, name_of: Callable[[Entry], str], held: Callable[[Entry], int]) -> list[str]:
        """Words that begin as a typed one does and are at most two typing errors away, as ``name_of`` entries has them.

        Distance: optimal string alignment (Damerau 1964) between folded forms; nearest first, then those of the most
        articles, of which ``held`` says how many an entry has.
        """
        from rapidfuzz import process  # takes longer to import than a search takes, and few need it
        from rapidfuzz.distance import OSA

        folded = german.fold(typed)
        low, high = (bisect_left(self._in_order, edge) for edge in (folded[:1], folded[:1] + "\U0010ffff"))
        alike = self._in_order[low:high]
        found = process.extract(folded, alike, scorer=OSA.distance, score_cutoff=2, limit=None, processor=None)
        ordered = sorted((distance, -sum(map(held, self._entries[word])), word) for word, distance, _ in found)
        return [self._written(word, name_of) for *_, word in ordered[:MOST_NEAR]]

    def _written(self, word: str, name_of: Callable[[Entry], str]) -> str:
        """A folded word as a name has it, in small letters."""
        names = sorted(map(name_of, self._entries[word]))
        surfaces = (surface.lower() for name in names for surface in german.surfaces(name))
        return next((surface for surface in surfaces if german.fold(surface) == word), word)


def _folded(name: str) -> list[str]:
    return list(map(german.fold, german.surfaces(name)))


class Merge(NamedTuple):
    """Two entries that may be one, and why one may think so; ``name`` is the fuller, or else the more frequent one."""

    other: str
    name: str
    counts: tuple[int, int]
    evidence: str
    is_doubtful: bool


def _merge(other: str, name: str, counts: Mapping[str, int], evidence: str, *, is_doubtful: bool = False) -> Merge:
    return Merge(other, name, (counts[other], counts[name]), evidence, is_doubtful)


def suggest_persons(counts: Mapping[str, int], naming: Naming) -> list[Merge]:
    """Entries of persons that may be one, the likeliest first.

    For each name at most one merge, and none for a name that a line keeps apart from others.
    """
    families: dict[str, list[str]] = {}
    alike: dict[tuple[str, str], list[str]] = {}
    for name in _free(counts, naming):
        *first, last = name.split() or [name]
        families.setdefault(merge_key(f"x {last}"), []).append(name)
        for form in _without_a_letter(last) if first and len(last) >= LONG_FAMILY else ():
            alike.setdefault((first[0], form), []).append(name)
    found = [
        _merge(*pair, counts, evidence)
        for family in families.values()
        for pair in _pairs(family, counts)
        if " " in pair[0] and (evidence := _evidence(*pair))
    ]
    found += [merge for family in families.values() for merge in _lone(family, counts)]
    for together in alike.values():
        for other, name in _pairs(together, counts):
            if counts[name] > counts[other] and other.split()[-1] != name.split()[-1]:
                found.append(_merge(other, name, counts, "family names that differ in one letter"))
    return _telling(found)


def _without_a_letter(word: str) -> set[str]:
    """A word, and what is left of it without some letter: two that share one of these differ in one letter."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def _lone(family: Sequence[str], counts: Mapping[str, int]) -> Iterable[Merge]:
    """Merges of family names alone: with the only person so called, or one who has more articles than all others."""
    from search.entities.lexicon import Mark, mark_of  # a search has no need of it

    bearers: dict[str, list[str]] = {}
    for name in family:
        if " " in name:
            bearers.setdefault(name.split()[-1], []).append(name)
    for other in family:
        known = bearers.get(other)
        if known:
            name = max(known, key=lambda each: (counts[each], each))
            rest = sum(counts[each] for each in known) - counts[name]
            if counts[name] > rest:
                is_first_name = bool(mark_of(other) & Mark.FIRST)
                evidence = "the same family name, once without a first name"
                evidence += f"; {len(known) - 1} more of this name" if rest else ""
                evidence += "; it may be a first name" if is_first_name else ""
                yield _merge(other, name, counts, evidence, is_doubtful=bool(rest) or is_first_name)


def suggest_places(counts: Mapping[str, int], naming: Naming) -> list[Merge]:
    """The same among places: two names of one point, or an unknown name that differs from a known one in a letter."""
    from search.entities.gazetteer import place_info  # a search has no need of it

    names = sorted(_free(counts, naming), key=lambda name: (counts[name], len(name), name))
    where = {name: place_info(name) for name in names}
    alike: dict[Hashable, list[str]] = {}
    for name, place in where.items():
        if place is not None and not place.is_area:
            alike.setdefault(place, []).append(name)
        if len(name) >= LONG_ENOUGH:
            for form in _without_a_letter(name):
                alike.setdefault(form, []).append(name)
    found = []
    for key, together in alike.items():
        for other, name in combinations(together, 2):
            if isinstance(key, str):
                evidence = "differs in one letter from a place that is known"
                turned = where[name] is None
                if (where[other] is None) == turned:
                    continue
            else:
                evidence = "the same coordinates"
                turned = other.startswith(name)  # "Halle" may be another one than "Halle (Saale)"
            pair = (name, other) if turned else (other, name)
            found.append(_merge(*pair, counts, evidence))
    return _telling(found)


def _free(counts: Mapping[str, int], naming: Naming) -> list[str]:
    return [name for name in counts if naming.rules.get(name) != name]


def _telling(found: Iterable[Merge]) -> list[Merge]:
    """The likeliest merge of each name; of these the likeliest first, and doubtful ones last."""
    ordered = sorted(found, key=lambda merge: (merge.is_doubtful, -min(merge.counts), merge.other, -merge.counts[1]))
    return list({merge.other: merge for merge in reversed(ordered)}.values())[::-1]


def _pairs(family: list[str], counts: Mapping[str, int]) -> Iterable[tuple[str, str]]:
    return combinations(sorted(family, key=lambda name: (name.count(" ") > 0, counts[name], name)), 2)


def _evidence(one: str, two: str) -> str:
    """In words why two names with the same family name may be one person's; empty if nothing speaks for it."""
    from rapidfuzz.distance import OSA  # takes longer to import than a search takes, which has no need of it

    first, other = one.split(), two.split()
    if first[0] == other[0]:
        return "the same first and family name, other names between"
    short, long = sorted((first[0].rstrip("."), other[0].rstrip(".")), key=len)
    if long.startswith(short) and len(short) == 1:
        return "an initial for the first name"
    if OSA.distance(first[0], other[0]) <= 1 and len(short) > 3:
        return "first names that differ in one letter"
    return ""
