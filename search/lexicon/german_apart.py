"""Words that the chain would give another word's stem: german-apart.txt has them, and here is which forms they get.

Otherwise whoever looks for Sicherheit finds what has "sich" in it, and Seite every "seit".
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from search.lexicon.noun_table import letters
from search.lines import lines_of

FAR_MORE = 3
"""How many times as often another word's other forms must occur to have a form of a word that is kept apart."""
AUXILIARIES = {"sein", "haben", "werden", "der", "ich", "wir", "es", "sie"}
"""Their forms stay as they are: they say nothing of an article, and sein is many words."""
SMALL_ENOUGH, SMALL_AT_ALL, MOSTLY_SMALL = 0.25, 0.02, 0.75
"""Shares of a form's occurrences that must be small if the small ones are the verb's: as a rule, if it is an
infinitive, and if nobody means the noun by it."""
MORE_THAN_SINGULARS = 3
"""So many times as many compounds as end with a noun's own forms may end with a plural that another noun has, too, if
this is to be the noun's in compounds."""


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
    classes = (line.split("-") for line in lines_of(Path(__file__).with_name("german-apart.txt")))
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

    def others(self, form: str, lemmas: Iterable[str]) -> float:
        """How frequent all other forms of some words are."""
        return sum(self.frequency.get(other, 0) for other in set().union(*(self.of[one] for one in lemmas)) - {form})

    def outnumber(self, rivals: Iterable[str], form: str, one: Apart) -> bool:
        """Whether all other forms of some words are FAR_MORE times as frequent as those of a class."""
        return self.others(form, rivals) > FAR_MORE * self.others(form, one.lemmas)


def kept_apart(
    classes: Iterable[Apart], forms: Forms, nouns: Forms, adjectives: Mapping[str, str], verbs: Container[str]
) -> dict[str, str]:
    """The forms of these words, and the stem of each.

    A form that another word has as well is that one's if this is far more frequent, as garten is no form of garen. A
    noun has its forms before all verbs (Angaben, Boten) but for those that a person found to be a verb's (``verbs``:
    verbunden). And an adjective with which compounds end (``adjectives``: form -> adjective) has them before all other
    words: zahlreichen is not of reichen.
    """
    stems = {}
    for one in classes:
        own = set().union(*({lemma} | forms.of[lemma] for lemma in one.lemmas)) - one.not_theirs
        for form in own:
            is_noun = not nouns.lemmas[form].isdisjoint(one.lemmas)
            rivals = (nouns if is_noun else forms).rivals(form, one)
            if is_noun:
                is_theirs = form not in verbs
            else:
                of_verb = any(lemma.endswith("n") and form in forms.of[lemma] for lemma in one.lemmas)
                is_theirs = form in verbs or not of_verb or not nouns.lemmas[form]
            is_theirs = is_theirs and adjectives.get(form, form) in (form, *one.lemmas)
            is_theirs = is_theirs and not (rivals and forms.outnumber(rivals, form, one))
            is_plural = form[-1] == "n" and form[:-1] in one.lemmas and form not in verbs  # Runden are not of Rund
            if is_theirs or is_plural or form in one.lemmas:
                stems[form] = one.stem
    return stems


class Cased(NamedTuple):
    """A form that is a verb's if it is written small, and a noun's with a capital letter."""

    written: str
    verb: str
    """The stem that it has if it is written small."""
    noun: str
    typed_for_verb: bool
    """Whether nobody means the noun who types it small: it is that one's dative alone, and mostly written small."""


def cased(
    verbs: Mapping[str, str],
    small_share: Callable[[str], float],
    forms: Forms,
    nouns: Forms,
    plurals: Container[str],
    own: Callable[[str], str],
    plain: Callable[[str], str],
    classes: Iterable[Apart],
) -> Iterator[Cased]:
    """The forms of verbs that are also of nouns with another stem: schloss, waren, gefahren, gründen.

    An infinitive with a capital letter may be the verb's, too: unless the noun has it in its nominative, it is the
    noun's only if this is met more often. ``verbs``: form as it is written -> infinitive; ``small_share``: how much of
    a word's occurrences is written small, 0 if none is known; ``plurals``: nominative plurals of nouns. ``own`` tells
    the stem of a form by the lists, which may be that of either word, ``plain`` by the chain alone.
    """
    apart = {lemma: one.stem for one in classes for lemma in one.lemmas}

    def of_noun(noun: str) -> str:
        return apart.get(noun) or (plain(noun) if verbs.get(noun, noun) != noun else own(noun))

    def of_verb(verb: str) -> str:
        stems: Counter[str] = Counter()
        for form in forms.of[verb]:
            if form not in nouns.lemmas:
                stems[own(form)] += forms.frequency.get(form, 0)  # type: ignore[assignment]
        return stems.most_common(1)[0][0] if stems else plain(verb)

    for written, infinitive in sorted(verbs.items()):
        form, verb = letters(written), letters(infinitive)
        theirs = sorted(nouns.lemmas.get(form, ()), key=lambda noun: (-forms.others(form, [noun]), noun))
        theirs.sort(key=lambda noun: noun not in (form, form[:-1]))  # Schützen are rather of Schütze than of Schütz
        small = small_share(written)
        if not theirs or small < SMALL_AT_ALL:
            continue
        often = sum(forms.frequency.get(one, 0) for one in forms.of[verb] if one not in nouns.lemmas)
        is_dative = form == verb and form not in plurals and form not in theirs
        if forms.others(form, theirs) < often if is_dative else small < SMALL_ENOUGH:
            continue
        found = list(map(of_noun, theirs))
        noun = own(form) if own(form) in found else found[0]
        of_auxiliary = plain(form) if own(form) == noun else own(form)
        stem = of_auxiliary if infinitive in AUXILIARIES else of_verb(verb)
        if stem != noun:
            yield Cased(written, stem, noun, is_dative and small > MOSTLY_SMALL)


def head_stems(
    classes: Sequence[Apart], nouns: Forms, own: Callable[[str], str], common: Callable[[str], str], heads: Counter[str]
) -> Iterator[tuple[str, str]]:
    """Heads of compounds, with a hyphen before them, whose stem is not that of the word alone, and the stem.

    Heads are nouns: Strafrechts is of Recht, although rechts is kept apart, and Backwaren are of Ware. A plural that is
    another noun's too has the stem of the singular, unless more compounds have it than the singular: Fahrzeuge are no
    witnesses, but Dienstreisen no rice. ``own`` tells the stem of a form, ``common`` the one it would have if nothing
    were kept apart; ``heads``: how many compounds end with each head.
    """
    by_stem = {one.stem: one for one in classes}
    wanted = {}
    for head in heads:
        one = by_stem.get(own(head))
        if one and nouns.lemmas[head]:
            rivals = nouns.rivals(head, one)
            is_genitive = any(head in (rival + "s", rival + "es") for rival in rivals)
            if is_genitive or nouns.lemmas[head].isdisjoint(one.lemmas):
                wanted[head] = common(head)
    for one in classes:
        mine = set().union(*(nouns.of[lemma] for lemma in one.lemmas)) - one.not_theirs.intersection(one.lemmas)
        lost = {form for form in mine if own(form) != one.stem and own(form) not in by_stem}
        many = sum(heads[form] for form in mine if own(form) == one.stem)
        for form in lost:
            if not nouns.rivals(form, one) or heads[form] <= MORE_THAN_SINGULARS * many:
                wanted[form] = one.stem
    yield from (("-" + head, wanted[head]) for head in sorted(heads) if wanted.get(head, own(head)) != own(head))
