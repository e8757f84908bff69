"""What german-nouns says of nouns: their forms, how they stand before the head of a compound, and whom women are of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from search.german.chain import LETTERS, drop_umlauts, through

Noun = dict[str, str]
"""A row of the table: lemma, pos, genus, and a column for each case and number."""

NAMES = {"Toponym", "Vorname", "Nachname", "Straßenname"}
NO_COMMON_NOUN = NAMES | {"Abkürzung", "Buchstabe", "Symbol", "Affix", "Suffix", "Gebundenes Lexem", "Redewendung"}
WITH_S = re.compile(
    "(?:ung|heit|keit|schaft|ion|tät|ling|tum|sicht|fahrt|macht|schrift|flucht|sucht|kunft|nacht|zeit|mut|arbeit|liebe"
    "|hilfe|geschichte|geburt|bibliothek|anstalt|heirat|heimat|weihnacht|einfalt|andacht|gestalt)$"
)
"""Feminine nouns that take an s although no case has one: regierungs-."""
CASES = {"nominativ", "genitiv", "dativ", "akkusativ"}


def letters(word: str) -> str:
    """The form under which words stand in the lists."""
    return through(LETTERS, word)


def noun_forms(noun: Noun) -> set[str]:
    """All cases and numbers of a row of german-nouns."""
    cases = {value for column, value in noun.items() if column and value and column.split()[0] in CASES}
    return {form for form in cases | {noun["lemma"]} if form.isalpha()}


def nominative_plurals(noun: Noun) -> set[str]:
    """The nominative plurals of a row of german-nouns."""
    return {value for column, value in noun.items() if column and column.startswith("nominativ plural") and value}


def is_head(noun: Noun) -> bool:
    """Whether compounds may end with a noun: neither name nor abbreviation, nor an infinitive or adjective as one."""
    if "adjektivische Deklination" in noun["pos"]:
        return False
    is_infinitive = noun["genus"] == "n" and noun["lemma"].endswith("n") and not noun["nominativ plural"]
    return noun["lemma"].isalpha() and NO_COMMON_NOUN.isdisjoint(noun["pos"].split(",")) and not is_infinitive


def modifiers_of(noun: Noun, is_place: bool) -> Iterator[str]:
    """All shapes that a noun can have before the head of a compound."""
    lemma = letters(noun["lemma"])
    if "adjektivische Deklination" in noun["pos"]:
        yield from (letters(form) for form in noun_forms(noun) if form.endswith("en"))
        return
    yield lemma
    for column, value in noun.items():
        if column and column.startswith(("genitiv singular", "nominativ plural")) and value and value.isalpha():
            yield letters(value)
    if WITH_S.search(lemma):
        yield lemma.removesuffix("e") + "s"
        yield lemma + "s"
    if lemma.endswith("e"):
        yield lemma[:-1]
        yield lemma + "n"
    if not is_place and noun["genus"] != "f" and not lemma.endswith("s"):
        yield lemma.removesuffix("e") + "s"


def feminine_forms(nouns: Sequence[Noun]) -> Iterator[tuple[str, str]]:
    """Forms of Ärztin, each with Arzt, if both are nouns."""
    men = {letters(noun["lemma"]) for noun in nouns if noun["genus"] != "f" and noun["genus 1"] != "f"}
    for noun in nouns:
        lemma = letters(noun["lemma"])
        if noun["genus"] == "f" and lemma.endswith("in"):
            base = lemma[:-2]
            bases = (base + "e", base, drop_umlauts(base) + "e", drop_umlauts(base))  # Polin is of Pole, not of Pol
            if man := next((base for base in bases if base in men), ""):
                yield from ((letters(form), man) for form in noun_forms(noun))


def people(nouns: Sequence[Noun]) -> Iterator[tuple[str, str]]:
    """Feuerwehrleute, Feuerwehrleuten, each with feuerwehrmann; but Eheleute are a wife, too."""
    for noun in nouns:
        lemma = letters(noun["lemma"])
        if lemma.endswith("mann") and lemma != "ehemann":
            yield from ((letters(form), lemma) for form in noun_forms(noun) if form.endswith(("leute", "leuten")))
