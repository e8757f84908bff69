"""How else a number may be written: drei and 3, dritte and 3., XVI, 18-jährig, 1,5 Millionen and 1.500.000."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from search import german

Words = tuple[str, ...]

_SMALL = ["null", "ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf"]
_TEENS = ("drei", "vier", "fünf", "sech", "sieb", "acht", "neun")
_TENS = ["zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig"]
_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
_LAST_ROMAN = 39
_LARGEST = 10**15
"""A number of so many digits is none of Milliarden, but of a telephone or a book."""
_PLURAL = re.compile("(?<=milliarde)n$|(?<=million)en$")
_LARGE = {"tausend": 10**3, "million": 10**6, "mio": 10**6, "milliarde": 10**9, "mrd": 10**9}

_FIGURES = re.compile(r"[0-9]{1,3}(?:[.'’][0-9]{3})+|[0-9]+")
_DECIMAL = re.compile(r"([0-9]{1,3})[.,]([0-9]{1,2})")
_ORDINAL = re.compile(r"([0-9]{1,2})\.")
_ENDING = re.compile(r"(?<=t)e[nrsm]?$")
_OF_SO_MANY = (
    "(?:jähr|jaehr|köpf|koepf|tägi|taegi|stünd|stuend|minüt|woch|wöch|monati|prozenti|seiti|stelli|stöcki|teili|fach)"
)
_IN_FIGURES = re.compile(rf"([0-9]{{1,3}})-?(er|er-?jahre?n?|{_OF_SO_MANY}\w*)", re.IGNORECASE)
_IN_LETTERS = re.compile(rf"(\w{{3,}}?)(er|erjahre?n?|{_OF_SO_MANY}\w*)", re.IGNORECASE)


def spelled(number: int) -> str:
    """A number from 2 to 999,999 in letters: 21 -> einundzwanzig."""
    if number >= 1000:
        thousands, rest = divmod(number, 1000)
        return ("" if thousands == 1 else spelled(thousands)) + "tausend" + (spelled(rest) if rest else "")
    if number >= 100:
        hundreds, rest = divmod(number, 100)
        return ("" if hundreds == 1 else _SMALL[hundreds]) + "hundert" + (spelled(rest) if rest else "")
    if number < len(_SMALL):
        return _SMALL[number]
    if number < 20:
        return _TEENS[number - 13] + "zehn"
    ones = _SMALL[number % 10] + "und" if number % 10 else ""
    return ones + _TENS[number // 10 - 2]


def ordinal(number: int) -> str:
    """A place in a row, from 1 to 999, in letters: 3 -> dritte."""
    odd = {1: "erste", 3: "dritte", 7: "siebte", 8: "achte"}
    return odd.get(number) or spelled(number) + ("te" if number < 20 else "ste")


def roman(number: int) -> str:
    """A number from 1 to 39 in Roman figures."""
    signs = ""
    for value, sign in _ROMAN:
        signs += sign * (number // value)
        number %= value
    return signs


@cache
def _numbers() -> dict[str, int]:
    """Folded word -> number, for those that texts have in letters."""
    small = range(2, 101)
    round_ = (*range(100, 1000, 100), *(1000 * number for number in (*range(1, 101), *range(200, 1000, 100))))
    return {german.fold(spelled(number)): number for number in (*small, *round_)}


@cache
def _ordinals() -> dict[str, int]:
    """Folded word without ending -> number; achte is what achten is, too."""
    return {german.fold(ordinal(number))[:-1]: number for number in range(1, 101) if number != 8}


@cache
def _romans() -> dict[str, int]:
    return {roman(number): number for number in range(2, _LAST_ROMAN + 1) if len(roman(number)) > 1}


def otherwise(words: Sequence[str]) -> list[Words]:
    """Other ways to write what is a number, or several words with numbers; [] for any other words."""
    if len(words) == 1:
        return [tuple(each) for each in _of_one(words[0])]
    each = [next((other for other in otherwise([word]) if len(other) == 1), (word,))[0] for word in words]
    amounts: list[Words] = [(amount(*words),)] if len(words) == 2 and amount(*words) else []
    return [*amounts, tuple(each)] if each != list(words) else amounts


def amount(many: str, size: str) -> str:
    """A number and Million or the like as one number: 1,5 Millionen -> 1500000; "" if it is none."""
    factor = _LARGE.get(_PLURAL.sub("", size.rstrip(".").lower()), 0)
    if decimal := _DECIMAL.fullmatch(many):
        number = int(decimal[1]) * factor + int(decimal[2]) * factor // 10 ** len(decimal[2])
    elif _FIGURES.fullmatch(many):
        number = int(re.sub(r"\D", "", many)) * factor
    else:
        number = _numbers().get(german.fold(many), 0) * factor
    return str(number) if number else ""


def _of_one(word: str) -> Iterator[Sequence[str]]:
    if place := _ORDINAL.fullmatch(word):
        number = int(place[1])
        yield from ([ordinal(number)], *_in_roman(number)) if number else ()
    elif _FIGURES.fullmatch(word):
        number = int(re.sub(r"\D", "", word))
        if spelled_ := _spelled(number):
            yield [spelled_]
        yield from _in_roman(number)
        for name, short, size in (("Milliarden", "Mrd", 10**9), ("Millionen", "Mio", 10**6)):
            if size <= number < _LARGEST and number % (size // 100) == 0:
                many = f"{number / size:.2f}".rstrip("0").rstrip(".").replace(".", ",")
                yield from ([many, name], [many, short])
                break
    elif word in _romans():
        yield [ordinal(_romans()[word])]
    elif compound := _IN_FIGURES.fullmatch(word):
        if spelled_ := _spelled(int(compound[1])):
            yield [spelled_ + compound[2].replace("-", "").lower()]
    else:
        yield from _of_letters(word)


def _of_letters(word: str) -> Iterator[Sequence[str]]:
    folded = german.fold(word)
    if number := _numbers().get(folded):
        yield [str(number)]
    elif place := _ordinals().get(_ENDING.sub("", folded)):
        yield [f"{place}"]
        yield from _in_roman(place)
    elif (compound := _IN_LETTERS.fullmatch(word)) and (number := _numbers().get(german.fold(compound[1]))):
        rest = compound[2].lower()
        yield [f"{number}{rest.replace('erj', 'er-j')}" if rest.startswith("er") else f"{number}-{rest}"]


def _spelled(number: int) -> str:
    """In letters, if texts have it so."""
    return spelled(number) if _numbers().get(german.fold(spelled(number)) if 2 <= number < 10**6 else "") else ""


def _in_roman(number: int) -> Iterator[Sequence[str]]:
    if number <= _LAST_ROMAN and roman(number) in _romans():
        yield [roman(number)]
