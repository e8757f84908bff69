"""The chain: what is done to a word as written until only its stem is left, step by step.

Every step takes many words at once, one a line, so that it runs in C: a text's new words go through together.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence

import Stemmer

MAX_WORD = 100
"""Characters of a word that count. The longest words of German news have under 80; what is longer is not a word, and
cutting it keeps the chain's time linear in the length of the text."""

Step = Callable[[str], str]

_DIVIDED = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff\ud800-\udfff]|[-¬]?\n|(?<!\d)\s|\s(?!\d)")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff\ud800-\udfff]|(?<!\d)[^\S\n]|[^\S\n](?!\d)")
_GENDER = re.compile(r"(?<=\w)(?:[*:(]|/-?)(?=\w)|_(?=in)|(?<=n)\)")
_GROUPING = re.compile(r"(?<=\d)[.'’\xa0\u2009\u202f](?=\d{3})")
_POINT = re.compile(r"(?<=\d)\.(?=\d{1,2}$)", re.MULTILINE)
_APOSTROPHE = re.compile("['’ʼ‘`´]")
_COMBINING = re.compile("[\u0300-\u036f]")
HYPHENS = "-‐‑_&"
_HYPHEN = re.compile(f"[{HYPHENS}]+")
_OUTER_HYPHEN = re.compile("^-|-$", re.MULTILINE)


_REAL_HYPHEN = re.compile(r"-\n(?=[A-ZÄÖÜ])|(?<=[A-ZÄÖÜ\d])-\n|(?<=isch)-\n(?=[a-zäöü]+isch)")
"""Ukraine-⏎Krieg, US-⏎amerikanisch, israelisch-⏎palästinensisch; but not Bundes-⏎regierung."""


def real_hyphens(words: str) -> str:
    """A line that ends behind a hyphen of its own is joined with the next: US-⏎amerikanisch; no place is moved.

    Other hyphens at the end of a line only divide a word. Capital letters tell, so this comes before all else.
    """
    return _REAL_HYPHEN.sub("-\u00ad", words) if "-\n" in words else words


def small(words: str) -> str:
    """Words in small letters, as the index has them."""
    return real_hyphens(words).lower()


def lines_of(words: Sequence[str]) -> str:
    """Words as lines, cut to MAX_WORD characters; a word that was divided at the end of a line is whole again."""
    lines = "\n".join(words)
    if lines.count("\n") >= len(words):
        lines = "\n".join([_DIVIDED.sub("", word[:MAX_WORD]) if "\n" in word else word for word in words])
    if len(lines) > MAX_WORD and max(map(len, words)) > MAX_WORD:
        lines = "\n".join([word[:MAX_WORD] for word in lines.split("\n")])
    return lines


def drop_invisible(words: str) -> str:
    """Soft hyphens and joiners, and white space but in numbers."""
    return _INVISIBLE.sub("", words)


def compose(words: str) -> str:
    """Letters with combining marks become one character each: u and diaeresis, or the small e of old prints, -> ü."""
    return _COMBINING.sub("", unicodedata.normalize("NFC", words.replace("\u0364", "\u0308")))


def drop_gender_marks(words: str) -> str:
    """Bürger*innen, Bürger:innen, Bürger/-innen, Bürger(innen) -> Bürgerinnen."""
    return _GENDER.sub("", words)


def drop_grouping(words: str) -> str:
    """10.000, 10'000 -> 10000."""
    return _GROUPING.sub("", words)


def decimal_comma(words: str) -> str:
    """1.5 -> 1,5."""
    return _POINT.sub(",", words)


def one_hyphen(words: str) -> str:
    """All kinds of hyphens and what joins like one: S&P -> S-P."""
    return _OUTER_HYPHEN.sub("", _HYPHEN.sub("-", words))


AS_WRITTEN: tuple[Step, ...] = (
    drop_invisible,  # before compose: an invisible character between letter and accent keeps them apart
    compose,  # before drop_gender_marks: its pattern knows letters, not letter and mark
    drop_gender_marks,  # before one_hyphen: Bürger/-innen and Bürger_innen have two parts otherwise
    drop_grouping,
    decimal_comma,  # after drop_grouping: 1.500 is no number with a fraction
    one_hyphen,
)
"""For words that are not all letters; ``exact`` and ``fold`` begin with it too."""

_FOREIGN: dict[int, str] = (
    {
        0xE6: "ä",
        0xF8: "ö",
        0x153: "ö",
        0xF0: "d",
        0xFE: "th",
        0x131: "i",
        0x142: "l",
        0x111: "d",
    }
    | {
        code: plain
        for code in (*range(0xE0, 0x250), *range(0x1E00, 0x1F00))
        if (plain := unicodedata.normalize("NFKD", chr(code))[0]).isascii() and chr(code) not in "äöü"
    }
    | {code: unicodedata.normalize("NFKD", chr(code)) for code in range(0xFB00, 0xFB07)}
)  # ﬁ, ﬀ
_MARKED = re.compile("[\u00e0-\u00e3\u00e5-\u00f5\u00f7\u00f8-\u00fb\u00fd-\u024f\u1e00-\u1eff\ufb00-\ufb06]")
_UE = re.compile("ue(?<![aeoqä]ue)")
_MODERN = {
    "photo": "foto",
    "graph": "graf",
    "telephon": "telefon",
    "phon": "fon",
    "delphin": "delfin",
    "phantas": "fantas",
    "tiell": "ziell",
    "tial": "zial",
    "thunfisch": "tunfisch",
    "panther": "panter",
    "greuel": "gräuel",
    "aufwendig": "aufwändig",
    "selbständig": "selbstständig",
    "alptr": "albtr",
    "stengel": "stängel",
    "portrait": "porträt",
    "überschweng": "überschwäng",
    "litteratur": "literatur",
    "quentchen": "quäntchen",
    "tolpatsch": "tollpatsch",
    "gemse": "gämse",
    "ghetto": "getto",
    "yacht": "jacht",
    "club": "klub",
    "placier": "platzier",
    "plazier": "platzier",
    "numerier": "nummerier",
    "rauh": "rau",
    "känguruh": "känguru",
    "joghurt": "jogurt",
    "yoghurt": "jogurt",
    "symphon": "sinfon",
    "nougat": "nugat",
    "frisör": "friseur",
    "calcium": "kalzium",
    "behend": "behänd",
    "schneuz": "schnäuz",
    "spaghetti": "spagetti",
    "portemonnaie": "portmonee",
} | {letter * 3: letter * 2 for letter in "bdfglmnprt"}
_OLD = sorted(_MODERN.items(), key=lambda rule: -len(rule[0]))  # telephon before phon


def lower(words: str) -> str:
    """BürgerInnen -> bürgerinnen."""
    return words.lower()


def drop_apostrophes(words: str) -> str:
    """putin's -> putins, hans' -> hans."""
    return _APOSTROPHE.sub("", words)


def _plain(marked: re.Match[str]) -> str:
    return _FOREIGN.get(ord(marked[0]), str(marked[0]))


def drop_foreign_marks(words: str) -> str:
    """straße -> strasse, erdoğan -> erdogan; ä, ö and ü stay."""
    return _MARKED.sub(_plain, words.replace("ß", "ss"))


def join_umlauts(words: str) -> str:
    """mueller -> müller, but bauer, neue and quelle stay; israel becomes isräl, everywhere alike."""
    return (_UE.sub("ü", words) if "ue" in words else words).replace("ae", "ä").replace("oe", "ö")


def modern_spelling(words: str) -> str:
    """photographie -> fotografie, potentiell -> potenziell; schifffahrt -> schiffahrt, the one that old texts have."""
    for old, new in _OLD:  # several times faster than one pattern
        if old in words:
            words = words.replace(old, new)
    return words


LETTERS: tuple[Step, ...] = (
    lower,  # before the rest, which knows small letters only
    drop_apostrophes,
    drop_foreign_marks,  # before join_umlauts: Dæniken is Däniken
    join_umlauts,  # before modern_spelling: selbstaendig
    modern_spelling,  # before the word lists, which are spelled the new way
)
"""From the written word to the letters under which it stands in the word lists."""

_FEMININE = re.compile(
    r"in(?:(?<=istin|eurin|login|entin|antin)$|nen(?:(?<=..[^\nbfgmnprswz]innen)|(?<=..[eo]rinnen))$)", re.MULTILINE
)
_GENITIVE = re.compile(
    r"s(?:(?<=\w\w[aojypvzc]s)(?<!\w\w\w[bcdfghkmnprstz]los)|(?<=\w\w\w[dfghjkmtwy]is)|(?<=\w\w[aeiou]nis))$",
    re.MULTILINE,
)
"""Both begin with letters, not with what stands before them: a pattern is searched for by its first letters."""
_WITH_ZU = re.compile(
    "^((?:ab|an|auf|aus|bei|dar|durch|ein|empor|entgegen|fertig|fest|fort|frei|her(?:ab|an|auf|aus|bei|ein|um|unter|vor)?"
    "|hin(?:ab|auf|aus|ein|unter|weg)|los|mit|nach|nieder|teil|um|vor(?:an|aus|bei)?|weg|weiter|wieder|zu(?:recht|rück)?"
    "|zusammen))zu(?!c|g[^aeiouäölr]|\\w+(?:ung|[hk]eit)en$)(?=\\w\\w+e[lr]?n(?:de?[mnrs]?)?$)",
    re.MULTILINE,
)
"""Prefix and zu before an infinitive. Zug before a consonant is no verb, nor is Wiederzulassungen, and hinzu and dazu
are prefixes themselves."""
_IERT = re.compile(r"i(?<=\w\w\wi)er(?:t|end)(?:e[mnrs]?)?$", re.MULTILINE)
_snowball = Stemmer.Stemmer("german", 0)


def drop_feminine(words: str) -> str:
    """polizistin, polizistinnen -> polizist."""
    return _FEMININE.sub("", words)


def drop_zu(words: str) -> str:
    """anzunehmende -> annehmende; but not anzugtaschen and hinzukaufen."""
    return _WITH_ZU.sub(r"\1", words)


def infinitive_in_ieren(words: str) -> str:
    """parkiert, parkierten, parkierende -> parkieren; but not vierten."""
    return _IERT.sub("ieren", words)


def drop_name_genitive(words: str) -> str:
    """selenskyjs -> selenskyj, obamas -> obama, haitis -> haiti; but not filterlos, paris and ergebnis."""
    return _GENITIVE.sub("", words)


def snowball(words: str) -> str:
    """The German stems of Porter's Snowball."""
    return "\n".join(_snowball.stemWords(words.split("\n")))


def drop_umlauts(words: str) -> str:
    """What is left of them after the stem: bäum -> baum."""
    return words.replace("ä", "a").replace("ö", "o").replace("ü", "u")


STEM: tuple[Step, ...] = (
    drop_zu,  # before snowball, which looks for no infinitive inside
    infinitive_in_ieren,  # before snowball, which leaves parkiert of parkierte, and parki of parkiert and parkieren
    drop_feminine,  # before snowball, which leaves polizistinn
    drop_name_genitive,  # before snowball, which drops an s only after b d f g h k l m n r t: selenskyjs
    snowball,  # before drop_umlauts: it knows endings with umlauts
    drop_umlauts,
)
"""From letters to the stem, for words that the word lists say nothing of."""


def through(steps: tuple[Step, ...], words: str) -> str:
    """One step after the other."""
    for step in steps:
        words = step(words)
    return words


def written(surface: str) -> str:
    """A surface after AS_WRITTEN; on one line, whatever it was."""
    return written_lines([surface])


def written_lines(surfaces: Sequence[str]) -> str:
    """``written`` of many words, one a line."""
    lines = lines_of(surfaces)
    words = lines.split("\n")
    odd = [index for index, word in enumerate(words) if not word.isalpha()]
    if not odd:
        return lines
    changed = through(AS_WRITTEN, "\n".join([words[index] for index in odd])).split("\n")
    for index, word in zip(odd, changed, strict=True):
        words[index] = word
    return "\n".join(words)


def exact(surface: str) -> str:
    """The exact form: small letters with umlauts and ß as written, without soft hyphens, gender and grouping marks.

    Masse and Maße, schon and schön stay apart; Bürger*innen and BürgerInnen are bürgerinnen.
    """
    lowered = small(surface)  # before the rest, as for the index: what is left of İ is i with a mark
    return exact_lines(written(lowered)).strip("'") or lowered[:MAX_WORD]


def exact_lines(words: str) -> str:
    """``exact`` of words that went through AS_WRITTEN, but for apostrophes at their ends."""
    return _APOSTROPHE.sub("'", words).lower()


_BETWEEN = re.compile("[-'’ʼ‘`´]+")
_E_OF_UMLAUT = re.compile("(?<=[ao])e+|(?<=(?<![aoq])(?<!(?<![ue])e)u)e+")
"""Not that of Treue, but that of Seeuebung and, behind the e of another umlaut, of ueue."""


def fold(surface: str) -> str:
    """What wildcards, fuzzy words and completions compare: without case, accents, umlauts, hyphens and apostrophes.

    Müll, Muell and MULL are mull. The fold of a word's beginning is the beginning of the word's fold.
    """
    letters = _BETWEEN.sub("", written(surface.lower()).lower())
    return _E_OF_UMLAUT.sub("", drop_umlauts(drop_foreign_marks(letters)))


def fold_all(lowered: Sequence[str]) -> list[str]:
    """``fold`` of surfaces or exact forms in small letters, several times faster than one after the other."""
    if not lowered:
        return []
    letters = _BETWEEN.sub("", written_lines(lowered).lower())
    return _E_OF_UMLAUT.sub("", drop_umlauts(drop_foreign_marks(letters))).split("\n")
