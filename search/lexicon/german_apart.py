"""Words that the chain would give another word's stem: german-apart.txt has them, and here is which forms they get.

Otherwise whoever looks for Sicherheit finds what has "sich" in it, and Seite every "seit".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from search.german.compounds import Lexicon
from search.lexicon.noun_table import letters

FAR_MORE = 3
"""How many times as often another word's other forms must occur to have a form of a word that is kept apart."""
FAR_MORE_IN_COMPOUNDS = 30
"""And for their last parts: -buchs is of Buch, not of Buchs, but -kohle is not of Kohl."""


class Apart(NamedTuple):
    """Words with a stem of their own."""

    lemmas: list[str]
    not_theirs: set[str]
    """Forms that another word has, too, which is met more often."""

    @property
    def stem(self) -> str:
        """The first lemma, with its umlauts and a capital letter, which no stem of the chain has."""
        return self.lemmas[0].capitalize()


def read_apart() -> list[Apart]:
    """The lines of german-apart.txt: "seite", "sicher+sichern", "ware-waren"."""
    lines = Path(__file__).with_name("german-apart.txt").read_text(encoding="utf-8").splitlines()
    classes = (line.split("-") for line in lines if line and not line.startswith("#"))
    return [Apart([letters(word) for word in words.split("+")], set(map(letters, no))) for words, *no in classes]


class Forms:
    """Which words have which forms, and how frequent these are; all spelled as in the lists."""

    def __init__(self, pairs: Iterable[tuple[str, str]], frequency: Mapping[str, float]) -> None:
        self.of: dict[str, set[str]] = defaultdict(set)
        """By lemma."""
        self.lemmas: dict[str, set[str]] = defaultdict(set)
        """By form."""
        for form, lemma in pairs:
            self.of[lemma].add(form)
            self.lemmas[form].add(lemma)
        self.frequency = frequency

    def rivals(self, form: str, one: Apart) -> set[str]:
        """The other words that have a form."""
        return self.lemmas[form].difference(one.lemmas)

    def outnumber(self, rivals: Iterable[str], form: str, one: Apart, times: int) -> bool:
        """Whether all other forms of some words are so many times as frequent as those of a class."""

        def others(lemmas: Iterable[str]) -> float:
            return sum(
                self.frequency.get(other, 0) for other in set().union(*map(self.of.__getitem__, lemmas)) - {form}
            )

        return others(rivals) > times * others(one.lemmas)


def kept_apart(classes: Iterable[Apart], forms: Forms, nouns: Forms, adjectives: Mapping[str, str]) -> dict[str, str]:
    """The forms of these words, and the stem of each.

    A form that another word has as well is that one's if this is far more frequent, as garten is no form of garen, but
    no verb takes any from a noun: Boten; nor is it theirs if it is an adjective's with which compounds end
    (``adjectives``: form -> adjective): zahlreichen is not of reichen.
    """
    stems = {}
    for one in classes:
        own = set().union(*({lemma} | forms.of[lemma] for lemma in one.lemmas)) - one.not_theirs
        for form in own:
            is_noun = not nouns.lemmas[form].isdisjoint(one.lemmas)
            rivals = (nouns if is_noun else forms).rivals(form, one)
            is_theirs = adjectives.get(form, form) in (form, *one.lemmas)
            is_theirs = is_theirs and not (rivals and forms.outnumber(rivals, form, one, FAR_MORE))
            if is_theirs or form in one.lemmas:
                stems[form] = one.stem
    return stems


def piece_stems(
    classes: Sequence[Apart], nouns: Forms, own: Callable[[str], str], common: Callable[[str], str], parts: Lexicon
) -> Iterator[tuple[str, str]]:
    """Pieces of compounds whose stem is not that of the word alone, and the stem: heads with a hyphen before them,
    modifiers with one behind.

    Heads are nouns: Strafrechts is of Recht, although rechts is kept apart, and Backwaren are of Ware. Where two nouns
    share a form, none can be told from the other in compounds: Fahrzeuge, Augenzeuge. ``own`` tells the stem of a form,
    ``common`` the one it would have if nothing were kept apart.
    """
    by_stem = {one.stem: one for one in classes}
    wanted = {}
    for head in parts.heads:
        one = by_stem.get(own(head))
        if one and nouns.lemmas[head] and nouns.lemmas[head].isdisjoint(one.lemmas):
            wanted[head] = common(head)
    mixed = set()
    for one in classes:
        mine = set().union(*(nouns.of[lemma] for lemma in one.lemmas))
        shared = [(form, rivals) for form in mine if (rivals := nouns.rivals(form, one))]
        if any(
            own(form) != one.stem or nouns.outnumber(rivals, form, one, FAR_MORE_IN_COMPOUNDS)
            for form, rivals in shared
        ):
            mixed.add(one.stem)
        wanted |= {form: common(form) if one.stem in mixed else one.stem for form in mine}
    for head in sorted(parts.heads):
        if wanted.get(head, own(head)) != own(head):
            yield "-" + head, wanted[head]
    for modifier in sorted(parts.modifiers | parts.heads):  # in Flugzeugabsturz the head of Flugzeug stands before one
        if own(modifier) in mixed:
            yield modifier + "-", common(modifier)
