"""One key for all spellings of a person's name, so that an archive can show one entry for them.

German newspapers, English agencies and scholars write the same Cyrillic or Arabic name in different Latin letters
(Selenskyj, Selenski, Zelensky). The key keeps what these spellings share. It merges by first and last name together:
either alone agrees far too often.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

ALIKE = (
    # the longest first, so that "schtsch" is not read as "sch" twice
    ("schtsch", "č"), ("shch", "č"), ("tsch", "č"), ("tch", "č"), ("dsch", "ž"), ("dzh", "ž"), ("sch", "š"),
    ("zh", "š"), ("sh", "š"), ("ch", "h"), ("kh", "h"), ("ck", "k"), ("ph", "f"), ("th", "t"), ("ts", "z"), ("tz", "z"),
    ("x", "ks"), ("c", "k"), ("q", "k"), ("w", "v"), ("ou", "u"), ("oo", "u"), ("ee", "i"), ("j", "i"), ("y", "i"),
)  # fmt: skip
SIBILANT = re.compile(r"[sz]")
REPEATED = re.compile(r"(.)\1+")
SECOND = re.compile(
    "Peter|Paul|Jose[fp]h?|Heinz|Jürgen|Joachim|Jochen|Georg|Dieter|Werner|Otto|Walter|Wilhelm|Friedrich|Ludwig|Günth?er"
    "|Ulrich|Christian|Martin|Rudolf|Hermann|Ernst|Gerd|Gerhard|Helmut|Rainer|Uwe|August|Christoph|Henning|Hinrich|Maria"
    "|Marie|Lou?ise|Luise|Kath?rin|Katharina|Christine|Elisabeth|Sophie|Helene|Charlotte|Claude|Pierre|Luc|Louis|Jacques"
    "|Marc|Michel|François|Christophe|Yves|Philippe|Baptiste|Bernard|André|René|Charles"
)
"""Second halves of first names, which are written with a hyphen or without: Jan-Peter, Jan Peter, Jean Claude."""
ARTICLE = re.compile(r"^(?:El|Al)(?=[A-Z])")
"""ElBaradei."""
KNOWN_WORDS = 1 << 14
"""Words of names whose sound is remembered: most names are made of few of them."""
IOTATED = re.compile(r"i+(?=[aeou])|(?<=[aeou])i+")


LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ł": "l", "ø": "o", "đ": "d"})


@lru_cache(KNOWN_WORDS)
def _plain(word: str) -> str:
    """Small letters without accents; ß is ss, ä is ae, so that Kuhn is not Kühn."""
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", word.casefold()).translate(LETTERS))
    return "".join(letter for letter in parts if letter.isalpha())


@lru_cache(KNOWN_WORDS)
def _sound(word: str) -> str:
    """What the spellings of a word share."""
    sound = _plain(word)
    for spelling, letter in ALIKE:
        sound = sound.replace(spelling, letter)
    sound = IOTATED.sub("", sound)
    sound = SIBILANT.sub("s", sound.replace("č", "š"))
    return REPEATED.sub(r"\1", sound.removesuffix("i").replace("v", "f") if sound.endswith(("fi", "vi")) else sound)


def merge_key(name: str) -> str:
    """The key of a full name: first and last name as sounds. A single name is its own key.

    A first name of two halves counts whole, with a hyphen or without (Jan Peter), a last name by its end (al-Sisi).
    Initials between them count where there are two: they tell George H. W. Bush from his son George W. Bush.

    >>> merge_key("Wolodymyr Selenskyj") == merge_key("Volodymyr Zelensky")
    True
    >>> merge_key("Wladimir Putin") == merge_key("Wolodymyr Putin")
    False
    """
    words = [word for word in name.split() if _plain(word)]
    if len(words) < 2:
        return _plain(name)
    numerals = [word for word in words[1:] if re.fullmatch(r"[IVX]+\.?", word)]
    first, *names = [word for word in words if word not in numerals] or words  # V. V. is somebody, too
    if len(names) > 1 and SECOND.fullmatch(names[0]):
        first += names.pop(0)
    last = _sound(ARTICLE.sub("", names[-1].rstrip("-").rpartition("-")[2])).rstrip("i") if names else ""
    initials = re.findall(r"\b([^\W\d_])\.", " ".join(names))
    return " ".join([_sound(first), *(initials if len(initials) > 1 else ()), last, *numerals]).strip()
