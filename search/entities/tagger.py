"""Finds runs of words that name a person or a place."""

from __future__ import annotations

from collections.abc import Sequence

from search.entities.lexicon import Mark, marks_of
from search.entities.persons import INITIAL, PARTICLES, ROMAN, Found, is_title
from search.entities.text import Sentence

FIRST = Mark.FIRST | Mark.FIRST_ABROAD
ORDINARY = Mark.NOUN | Mark.WORD
SURE = Mark.COUNTRY | Mark.LARGE
WHERE = Mark.PLACE | Mark.TOWN | Mark.OTHER_NAME
IN = frozenset("in im aus nach bei von vor nahe Region Stadt Gebiet Provinz Insel Landkreis Ort Dorf und , bis".split())


def tag(parts: Sequence[Sentence]) -> list[Found]:
    """All found names, in order."""
    founds: list[Found] = []
    for sentence in parts:
        marks = marks_of(sentence.words)
        at = 0
        while at < len(marks):
            end = _person_end(sentence.words, marks, at)
            if end:
                founds.append(Found("person", sentence, at, end))
            elif _is_place(sentence.words, marks, at):
                end = at + 1
                founds.append(Found("place", sentence, at, end))
            at = max(end, at + 1)
    return founds


def _person_end(words: list[str], marks: list[int], at: int) -> int:
    """Where the person that begins at ``at`` ends, 0 if none does."""
    titled = at > 0 and is_title(words[at - 1]) and bool(marks[at - 1] & (Mark.OFFICE | Mark.NOUN))
    if not words[at][0].isupper() or is_title(words[at]):
        return 0
    if not (marks[at] & FIRST and not marks[at] & Mark.WORD) and not (titled and not marks[at] & ORDINARY):
        return 0
    end = at + 1
    while end < len(words):
        word = words[end]
        name = word[0].isupper() and len(word) > 1 and not (marks[end] & Mark.NOUN and not marks[end] & Mark.LAST)
        particle = word in PARTICLES and end + 1 < len(words) and words[end + 1][0].isupper() and word not in {"und", "e"}
        if not (name or particle or INITIAL.match(word) or ROMAN.match(word)):
            break
        end += 1
    return end


def _is_place(words: list[str], marks: list[int], at: int) -> bool:
    mark = marks[at]
    if not words[at][0].isupper() or mark & (Mark.WORD | Mark.PEOPLE):
        return False
    if mark & SURE and not mark & Mark.NOUN:
        return True
    return bool(mark & WHERE) and not mark & (Mark.NOUN | Mark.LAST) and at > 0 and words[at - 1] in IN
