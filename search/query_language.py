"""The query language: what a person types becomes a small tree, and a tree becomes text again.

    query  = branch { ("ODER" | "OR") branch }
    branch = factor { ["UND" | "AND"] factor }            words side by side mean AND
    factor = ["-" | "NICHT" | "NOT"] [field ":"] atom     9. November, 9.11.1989 and bin Laden are phrases, too
    atom   = "(" query ")" | '"' words '"' | "=" word | word "*" | word "~" | date | word
    field  = titel | title | person | ort | place | autor | author | quelle | source | ressort | section | datum | date
    date   = day | day ".." | ".." day | day ".." day | [D.M.]YYYY "-" [D.M.]YYYY
    day    = YYYY, YYYY-MM, YYYY-MM-DD or D.M.YYYY

Typing never fails: what cannot be understood is left out, or read as plain words, and a Note says so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

from search.dates import IN_FIGURES, interval, parse_date
from search.german.function_words import FUNCTION_WORDS
from search.german.tokens import SIGNS
from search.query import VALUE_TARGETS, And, Dates, Everything, Fuzzy, Node, Not, Or, Phrase, Prefix, Target, Word


@dataclass(frozen=True, slots=True)
class Note:
    """Something in a query that was not understood or not done; never an error."""

    code: str
    """A key of NOTE_TEXTS."""
    position: int
    """Zero-based offset of the character in the query where it begins."""
    word: str
    """The piece of the query that is meant."""

    @property
    def message(self) -> str:
        """The note in English."""
        return NOTE_TEXTS[self.code].format(word=self.word, position=self.position + 1)


NOTE_TEXTS: dict[str, str] = {
    "unclosed_quote": "the quotation mark at character {position} is not closed: read to the end as a phrase",
    "unclosed_parenthesis": "the parenthesis at character {position} is not closed: closed at the end",
    "stray_parenthesis": "the closing parenthesis at character {position} closes nothing: left out",
    "lone_operator": "“{word}” at character {position} has nothing to act on: left out",
    "no_word": "“{word}” at character {position} contains no letter and no digit: left out",
    "short_prefix": "“{word}” at character {position}: at least 3 letters go before *: searched as a whole word",
    "inner_star": "“{word}” at character {position}: * is understood only at the end of a word: left out",
    "leading_star": "“{word}” at character {position}: * is understood only at the end of a word: searched without it",
    "plain_in_field": "“{word}” at character {position}: * ~ = are not understood after this field: read as a word",
    "no_date": "“{word}” at character {position} is not a date like 1989, 1989-11, 1989-11-09, 1989..1990: left out",
    "too_deep": "more than 20 parentheses inside each other at character {position}: the rest is left out",
    "too_many": "a query may have 64 words; from “{word}” at character {position} on they are left out",
    "too_long": "a query may have 1000 characters; from character {position} on it is left out",
    "facet_cut": "“{word}” has too many different values to compare all: some with few articles may not be listed",
}
"""What a Note says in English; ``position`` in these texts counts from one."""

MAX_LENGTH = 1000
MAX_WORDS = 64
MAX_DEPTH = 20
MOST_NOTES = 5
"""One slip at the beginning of a query can make many after it; nobody reads more than a few."""
MIN_PREFIX = 3

_GERMAN: dict[Target | Literal["date"], str] = {
    "title": "titel",
    "person": "person",
    "place": "ort",
    "author": "autor",
    "source": "quelle",
    "section": "ressort",
    "date": "datum",
}
FIELDS = {name: field for field, german in _GERMAN.items() for name in (german, field)}
_BEFORE_COLON = tuple(f"{field}:" for field in FIELDS)
_FIELD_TEXT = {"text": "", **{field: f"{name}:" for field, name in _GERMAN.items()}}
OPERATORS = {"ODER": "or", "OR": "or", "UND": "and", "AND": "and", "NICHT": "not", "NOT": "not"}

QUOTES = '"„“”«»'
_BETWEEN = re.escape("-–—−.,:;!?…/|+&·•’‘‚'")
"""Signs that stand between the words of a headline or a sentence that was pasted, and mean nothing there."""
_LEXEME = re.compile(
    rf"""(?P<space>\s+ | (?<![^\s({QUOTES}])[{_BETWEEN}]+(?![^\s)]))
    | (?P<open>\() | (?P<close>\))
    | (?P<phrase>[{QUOTES}](?P<inside>[^{QUOTES}]*)(?P<end>[{QUOTES}]?))
    | (?P<minus>(?<![^\s(\-−])[-−](?=[^\s)]))
    | (?P<field>(?ai:{"|".join(FIELDS)}):(?=\s*[^\s)]))
    | (?P<word>[^\s(){QUOTES}]+)
    """,
    re.VERBOSE,
)


_APOSTROPHE = re.compile(r"(?<=\w)[´`‘](?=\w)")
"""What many type for one: Merkel´s."""
_OF_SEVERAL = re.compile(r"\w[^\w\s]+\w")
_ORDINAL = re.compile(r"[0-9]{1,2}\.")
_DASH = re.compile(r"(?<=[0-9]{4})[-–](?=(?:[0-9]{1,2}[.]){0,2}[0-9]{4}$)")


class Parsed(NamedTuple):
    """A query as it was understood, and what was not."""

    tree: Node
    notes: tuple[Note, ...]


class _Lexeme(NamedTuple):
    kind: str
    text: str
    position: int


@lru_cache(512)
def parse(text: str) -> Parsed:
    """The tree of a query, and a note for all that could not be understood. Never raises; linear time."""
    text = _APOSTROPHE.sub("’", unicodedata.normalize("NFC", text))
    parser = _Parser(text)
    tree = parser.whole()
    if not parser.lexemes and (signs := text.strip()):
        parser.note("no_word", text.index(signs), signs)
    return Parsed(tree or Everything(), tuple(parser.notes[:MOST_NOTES]))


class _Parser:
    """Recursive descent over the lexemes of one query; the grammar stands at the top of this file."""

    def __init__(self, text: str) -> None:
        self.notes: list[Note] = []
        self.words = 0
        self.at = 0
        if len(text) > MAX_LENGTH:
            self.note("too_long", MAX_LENGTH, text[MAX_LENGTH : MAX_LENGTH + 20])
        self.lexemes = list(self.lex(text[:MAX_LENGTH]))

    def note(self, code: str, position: int, word: str) -> None:
        self.notes.append(Note(code, position, word))

    def lex(self, text: str) -> Iterator[_Lexeme]:
        for match in _LEXEME.finditer(text):
            kind, position = match.lastgroup or "", match.start()
            # lastgroup names the group that closed last, which for a phrase is the outer one
            if kind == "space":
                continue
            if kind == "phrase":
                if not match["end"]:
                    self.note("unclosed_quote", position, match["inside"])
                yield _Lexeme(kind, match["inside"], position)
            elif operator := OPERATORS.get(match["word"]):
                yield _Lexeme(operator, match["word"], position)
            elif kind == "word":
                yield _Lexeme(kind, match["word"].rstrip(_ENDING) or match["word"], position)
            else:
                yield _Lexeme(kind, match[kind], position)

    def peek(self) -> str:
        return self.lexemes[self.at].kind if self.at < len(self.lexemes) else "end"

    def take(self) -> _Lexeme:
        self.at += 1
        return self.lexemes[self.at - 1]

    def whole(self) -> Node | None:
        parts = [self.alternatives(0)]
        while self.peek() == "close":
            self.note("stray_parenthesis", self.take().position, ")")
            parts.append(self.alternatives(0))
        return _join(And, [part for part in parts if part is not None])

    def alternatives(self, depth: int) -> Node | None:
        branches: list[Node] = []
        operator: _Lexeme | None = None
        while True:
            branch = self.conjunction(depth)
            if branch is not None:
                branches.append(branch)
            elif operator is not None:
                self.note("lone_operator", operator.position, operator.text)
            if self.peek() == "or":
                operator = self.take()
                if not branches:
                    self.note("lone_operator", operator.position, operator.text)
                    operator = None
            else:
                return _join(Or, branches)

    def conjunction(self, depth: int) -> Node | None:
        factors: list[Node] = []
        operator: _Lexeme | None = None
        while self.peek() not in ("or", "close", "end"):
            if self.peek() == "and":
                if operator is not None or not factors:
                    self.note("lone_operator", self.lexemes[self.at].position, self.lexemes[self.at].text)
                operator = self.take()
                continue
            factor = self.factor(depth)
            if factor is not None:
                factors.append(factor)
                operator = None
        if operator is not None and factors:
            self.note("lone_operator", operator.position, operator.text)
        return _join(And, factors)

    def factor(self, depth: int) -> Node | None:
        negated = False
        while self.peek() in ("not", "minus"):
            operator = self.take()
            negated = not negated
            if self.peek() in ("and", "or", "close", "end"):
                self.note("lone_operator", operator.position, operator.text)
                return None
        node = self.atom(depth)
        return Not(node) if negated and node is not None else node

    def atom(self, depth: int) -> Node | None:
        lexeme = self.take()
        if lexeme.kind == "open":
            return self.group(lexeme, depth)
        if lexeme.kind == "field":
            target = FIELDS[lexeme.text[:-1].lower()]
            if self.peek() not in ("word", "phrase"):
                self.note("lone_operator", lexeme.position, lexeme.text)
                return None
            value = self.take()
            if target == "date":
                return self.dates(value)
            return self.phrase(value, target) if value.kind == "phrase" else self.word(value, target)
        if lexeme.kind == "phrase":
            return self.phrase(lexeme, "text")
        return self.word(lexeme, "text")

    def group(self, opening: _Lexeme, depth: int) -> Node | None:
        if depth == MAX_DEPTH:
            self.note("too_deep", opening.position, "(")
            self.at = len(self.lexemes)
            return None
        inner = self.alternatives(depth + 1)
        if self.peek() == "close":
            self.take()
        else:
            self.note("unclosed_parenthesis", opening.position, "(")
        return inner

    def dates(self, value: _Lexeme) -> Node | None:
        first, dots, last = _DASH.sub("..", value.text).partition("..")
        ends = [parse_date(end) if end else "" for end in ((first, last) if dots else (first, first))]
        reversed_ = all(ends) and interval(ends[0] or "")[0] > interval(ends[1] or "")[1]
        if None in ends or ends == ["", ""] or reversed_:
            self.note("no_date", value.position, value.text)
            return None
        return Dates(ends[0] or "", ends[1] or "")

    def phrase(self, lexeme: _Lexeme, target: Target) -> Node | None:
        words = [_bare(word.rstrip(_ENDING)) for word in lexeme.text.split() if _has_word(word)]
        if not words:
            self.note("no_word", lexeme.position, lexeme.text)
            return None
        if not self.room(lexeme, len(words)):
            return None
        # "UN-Sicherheitsrat" stands there so: without the marks it also finds what has both parts anywhere
        several = _OF_SEVERAL.search(words[0]) and _reads_as_itself(words[0])
        is_phrase = len(words) > 1 or (several and target in ("text", "title"))
        if is_phrase:
            return Phrase(tuple(words), target)
        # who marks a word that holds a sentence together wants it to be there
        holds = words[0].lower() in FUNCTION_WORDS and not words[0].isupper()
        return Word(words[0], target, exact=holds and target == "text")

    def word(self, lexeme: _Lexeme, target: Target) -> Node | None:
        text, position = lexeme.text, lexeme.position
        if not _has_word(text):
            self.note("no_word", position, text)
            return None
        if target == "text" and _is_lone_field(text):
            self.note("lone_operator", position, text)
            return None
        if not self.room(lexeme, 1):
            return None
        bare = _bare(text)
        if "*" in bare:
            self.note("inner_star", position, text)
            return None
        if target in VALUE_TARGETS:
            if bare != text:
                self.note("plain_in_field", position, text)
            return Word(bare, target)
        if text.lstrip("=-−+").startswith("*"):
            self.note("leading_star", position, text)
        if target == "text" and text.lstrip("-−+").startswith("="):
            return Word(bare, target, exact=True)
        if target == "title" and bare != text:
            self.note("plain_in_field", position, text)
        elif bare.lower().startswith(_BEFORE_COLON):  # ~titel:Mau* asks for no field, and could not be written as it is
            return Word(bare, target)
        elif text.endswith("~"):
            return Fuzzy(bare)
        elif text.endswith("*"):
            if sum(map(str.isalnum, bare)) >= MIN_PREFIX:
                return Prefix(bare)
            self.note("short_prefix", position, text)
        return Phrase((bare,), target) if IN_FIGURES.fullmatch(bare) else Word(bare, target)

    def room(self, lexeme: _Lexeme, words: int) -> bool:
        if self.words + words > MAX_WORDS:
            if all(note.code != "too_many" for note in self.notes):
                self.note("too_many", lexeme.position, lexeme.text)
            return False
        self.words += words
        return True


_ENDING = "?!,;"
"""What ends a question or a part of a sentence, and belongs to no word."""


def _bare(word: str) -> str:
    """A word without the signs around it."""
    return word.rstrip(f"*~={_ENDING}").lstrip("*~=-−+")


def _day(number: Node, noun: Node) -> Phrase | None:
    """A day and its month: 9. November; what has a 9 and a November anywhere is another day."""
    match number, noun:
        case Word(first, "text", False), Word(second, "text", False) if _ORDINAL.fullmatch(first):
            return Phrase((first, second)) if parse_date(f"{first} {second} 2000") else None
    return None


def _son(before: Sequence[Node], noun: Node) -> Phrase | None:
    """A name with bin: bin Laden; what has a bin and Läden anywhere is about something else. But not "ich bin froh"."""
    match before[-1], noun:
        case Word("bin" | "Bin" as first, "text", False), Word(second, "text", False):
            speaks = len(before) > 1 and before[-2] in (Word("ich"), Word("Ich"))
            return None if speaks or second.lower() in FUNCTION_WORDS else Phrase((first, second))
    return None


def _has_word(text: str) -> bool:
    return any(char.isalnum() or char in SIGNS for char in text)


def _join(kind: type[And] | type[Or], nodes: list[Node]) -> Node | None:
    """One node for several: nested nodes of the same kind are merged, a single one stands for itself."""
    flat: list[Node] = []
    for node in nodes:
        for each in node.children if isinstance(node, kind) else (node,):
            phrase = _day(flat[-1], each) or _son(flat, each) if flat and kind is And else None
            flat[-1:] = [phrase] if phrase else [*flat[-1:], each]
    if len(flat) < 2:
        return flat[0] if flat else None
    return kind(tuple(flat))


def to_text(node: Node) -> str:
    """The query that parses to this tree: ``parse(to_text(tree)).tree == tree`` for every tree that parse makes.

    Only at the limits of length and depth it may be too long or too deep, and parse then says so.
    """
    match node:
        case Everything():
            return ""
        case Word(text, target, exact):
            if exact:
                return f"{_FIELD_TEXT[target]}={text}"
            return f"{_FIELD_TEXT[target]}{text}" if _reads_as_itself(text) else f'{_FIELD_TEXT[target]}"{text}"'
        case Phrase(words, target):
            return f'{_FIELD_TEXT[target]}"{" ".join(words)}"'
        case Prefix(text):
            return f"{text}*"
        case Fuzzy(text):
            return f"{text}~"
        case Dates(first, last):
            return f"datum:{first}" if first == last else f"datum:{first}..{last}"
        case Not(child):
            return f"-({to_text(child)})" if isinstance(child, Not) else f"-{_operand(child)}"  # -- is a dash
        case And(children):
            return " ".join(_operand(child) for child in children)
        case Or(children):
            return " ODER ".join(to_text(child) for child in children)


def _reads_as_itself(word: str) -> bool:
    """Whether a word means itself where it stands alone, without quotation marks."""
    match = _LEXEME.match(word)
    bare = word.strip("*~=").lstrip("-−+").replace("*", "")
    return match is not None and match["word"] == word == bare and word not in OPERATORS and not _is_lone_field(word)


def _is_lone_field(word: str) -> bool:
    return word.endswith(":") and word[:-1].lower() in FIELDS


def _operand(node: Node) -> str:
    return f"({to_text(node)})" if isinstance(node, And | Or) else to_text(node)
