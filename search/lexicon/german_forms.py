"""All forms of German verbs and adjectives, by rule, from strong verbs' principal parts and a dictionary's headwords.

Only forms that somebody has seen are of use, so the rules may make too many: ``lemmas_of`` keeps what has a frequency.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from search.german.separable import PREFIXES

_NEVER_APART = (
    "acht breit da dicht gut groß klein krank leer not schief schwarz schwer stand tief trocken übel voll vorher wach "
    "wohl zufrieden"
)
"""What stands before other verbs and is no sign that it belongs to one of them where it ends a clause."""
SEPARABLE = sorted(PREFIXES.union(_NEVER_APART.split()))
DIRECTIONS = "|".join(prefix for prefix in SEPARABLE if re.match("(?:her|hin).|r(?:a|ei|u|ü)", prefix))
"""They stand before so many verbs that a participle shows one: herausgeschmissen."""
_INSEPARABLE = "be ent er ge miss ver zer durch hinter über um unter wider wieder voll"
INSEPARABLE = _INSEPARABLE.split()
ENDINGS = ("", "e", "en", "er", "es", "em")
DEGREES = tuple(degree + ending for degree in ("", "er", "st", "est") for ending in ENDINGS)
"""Endings of adjectives in all degrees; of participles too: die umstrittenste."""
COMPARED = {"besser": "gut", "best": "gut", "höher": "hoch", "höh": "hoch", "hoh": "hoch", "höchst": "hoch"}
PARTICIPLE = re.compile(rf"^(?:{'|'.join(SEPARABLE)})?(?:{'|'.join(INSEPARABLE)}).+(?:t|en)$|iert$")
_UMLAUT = str.maketrans("aou", "äöü")


class Verb(NamedTuple):
    """A simple verb: finite forms and infinitive, participles with ge- and without."""

    finite: frozenset[str]
    participle: str
    bare: str


def strong(infinitive: str, present: str, preterite: str, participle: str, subjunctive: str = "") -> Verb:
    """From the principal parts of german-verbs.txt."""
    stem = re.sub("e?n$", "", infinitive)
    second = re.sub("t$", "", present) + ("t" if re.search("[sßz]t?$", present) else "st")
    imperative = re.sub("t$", "", present)
    subjunctive = subjunctive or preterite.translate(_UMLAUT).removesuffix("e") + "e"
    finite = {infinitive, present, second, imperative, stem, stem + "e", stem + "t", stem + "et", infinitive + "d"}
    finite |= {preterite + ending for ending in ("", "st", "est", "n" if preterite.endswith("e") else "en")}
    finite |= {subjunctive + ending for ending in ("", "n", "st", "t")}
    bare = participle.removeprefix("ge") if participle.startswith("ge") else participle
    return Verb(frozenset(finite), participle, "gessen" if infinitive == "essen" else bare)


def weak(infinitive: str) -> Verb:
    """Any other verb: machen machte gemacht, arbeiten arbeitete gearbeitet, regieren regierte regiert."""
    stem = re.sub("e?n$", "", infinitive)
    link = "e" if re.search("[dt]$|(?:[^aeiouäöühlmnr]|ch)[mn]$", stem) else ""
    endings = ("e", link + "t", link + "st", link + "te", link + "ten", link + "test", link + "tet")
    finite = {infinitive, infinitive + "d", *(stem + ending for ending in endings)}
    bare = stem + link + "t"
    return Verb(frozenset(finite), bare if re.search("[aeiouäöü].*[^e]ier$", stem) else "ge" + bare, bare)


def with_prefix(verb: Verb, prefix: str) -> Verb:
    """A verb behind a prefix that is never said apart: erkennen erkannte erkannt."""
    bare = prefix + verb.bare
    return Verb(frozenset(prefix + form for form in verb.finite), bare, bare)


def forms_of(verb: Verb, infinitive: str, prefix: str = "") -> Iterator[str]:
    """All forms of a verb with a prefix or none; participles with the endings of adjectives in all degrees."""
    declined = {prefix + infinitive + "d"}
    participles = set() if prefix else {verb.participle}
    if prefix in SEPARABLE:
        participles.add(prefix + verb.participle)
        declined.add(prefix + "zu" + infinitive + "d")
        yield prefix + "zu" + infinitive
    if prefix in INSEPARABLE:
        participles.add(prefix + verb.bare)
    yield from (prefix + form for form in verb.finite)
    yield from (form + ending for form in declined for ending in ENDINGS)
    yield from (form + ending for form in participles for ending in DEGREES)


def verb_forms(
    headwords: set[str], attested: set[str], frequency: Mapping[str, float], strong_verbs: Iterable[list[str]]
) -> Iterator[tuple[str, str]]:
    """Form and infinitive of all verbs among the headwords; gelassen is none, as nobody knows gelassend.

    What is no headword is one if its form with zu is met and it is another verb with a prefix, heranführen, or its
    participle behind one of DIRECTIONS.
    """
    simple: dict[str, list[Verb]] = defaultdict(list)
    for parts in strong_verbs:
        simple[parts[0]].append(strong(*parts))
    infinitives = {
        word
        for word in headwords
        if word.islower() and re.search("(?:e|[^aiou]l|er|tu)n$", word)
        if word + "d" in attested
    } | simple.keys()
    with_zu = re.compile(f"({'|'.join(SEPARABLE)})zu(.+n)")
    divided = [found.groups() for found in map(with_zu.fullmatch, frequency) if found]
    infinitives |= {prefix + base for prefix, base in divided if base in infinitives and prefix + base in frequency}
    participles = {verb.participle: base for base in infinitives for verb in simple.get(base) or [weak(base)]}
    moved = [found.groups() for found in map(re.compile(f"({DIRECTIONS})(ge.+)").fullmatch, frequency) if found]
    infinitives |= {prefix + participles[rest] for prefix, rest in moved if rest in participles}

    def like(base: str) -> list[Verb]:
        """How a verb goes behind a prefix; it may have one itself: anerkennen anerkannte."""
        inside = [(prefix, base.removeprefix(prefix)) for prefix in INSEPARABLE if base.startswith(prefix)]
        known = [(prefix, rest) for prefix, rest in inside if rest in infinitives]
        verbs = [with_prefix(verb, prefix) for prefix, rest in known for verb in (*simple.get(rest, ()), weak(rest))]
        return simple.get(base) or [weak(base), *verbs]

    prefixes = sorted({*SEPARABLE, *INSEPARABLE}, key=len, reverse=True)
    for infinitive in sorted(infinitives):
        splits = [(prefix, infinitive.removeprefix(prefix)) for prefix in prefixes if infinitive.startswith(prefix)]
        if infinitive in simple:
            yield from ((form, infinitive) for verb in simple[infinitive] for form in forms_of(verb, infinitive))
            continue
        of_strong = [(prefix, base) for prefix, base in splits if base in simple]
        of_weak = [pair for pair in splits if pair[1] in infinitives]
        for prefix, base in of_strong or of_weak or [("", infinitive), *splits]:  # ausrotten, though rotten is no verb
            for verb in like(base):
                yield from ((form, infinitive) for form in forms_of(verb, base, prefix))


def adjective_forms(headwords: set[str], attested: set[str]) -> Iterator[tuple[str, str]]:
    """Form and headword of what is declined like an adjective: three of its forms must be known."""
    for word in sorted(headwords):
        stem = word[:-2] + word[-1] if word.endswith(("el", "er")) and word + "e" not in attested else word
        stem = word.removesuffix("e") if word.endswith("e") else stem
        if word.islower() and len(word) > 2 and sum(stem + ending in attested for ending in ENDINGS[1:]) >= 3:
            yield from ((stem + ending, word) for ending in DEGREES if stem + ending in attested)


def lemmas_of(
    headwords: set[str],
    attested: set[str],
    frequency: Mapping[str, float],
    strong_verbs: Iterable[list[str]],
    adjectives: set[str],
) -> dict[str, str]:
    """Form -> headword of verbs and adjectives, for forms in use; of several, the headword most in use.

    A form that is itself a headword stays so: mangels is no form of mangeln; but a participle belongs to its verb,
    unless it is one of ``adjectives`` as gerecht and gesamt are.
    """

    def share(word: str) -> float:
        return frequency.get(word.replace("ß", "ss"), 0)

    verbs = list(verb_forms(headwords, attested, frequency, strong_verbs))
    participles = {form for form, _ in verbs if PARTICIPLE.search(form)} - {lemma for _, lemma in verbs} - adjectives
    verbs = [(form, lemma) for form, lemma in verbs if form not in adjectives]
    found: dict[str, set[str]] = defaultdict(set)
    for form, lemma in (*verbs, *adjective_forms(headwords - participles, attested)):
        if share(form):
            found[form].add(lemma)
    lemmas = {form: form if form in of else max(sorted(of), key=share) for form, of in found.items()}
    themselves = {word: word for word in headwords - participles if word.islower() and word.isalpha()}
    return lemmas | themselves | {form + ending: word for form, word in COMPARED.items() for ending in ENDINGS}
