"""Chunks between white space, and their numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import chunks


@given(st.text(st.characters() | st.sampled_from(" \n\r\x1c\x1f\x85\xa0\u2028\u3000")))
def test_a_text_is_cut_as_python_cuts_it(text: str) -> None:
    found = chunks.cut(text)
    parts = [text[begin:end] for begin, end in zip(found.begins, found.ends, strict=True)]
    assert parts == text.split()
    lines = [line.split() for line in text.splitlines()]
    assert found.is_last.tolist() == [at == len(line) for line in lines for at in range(1, len(line) + 1)]
    assert [found.keys[at] == found.keys[0] for at in range(len(parts))] == [part == parts[0] for part in parts]


def test_nobody_can_make_up_a_chunk_that_is_taken_for_a_word() -> None:
    word, made_up = chunks.cut("Bundeskanzleramtes ktsgiloplftexfnsjy").keys
    assert word != made_up


def test_a_character_with_the_code_0_counts() -> None:
    assert len(set(chunks.cut("a a\0 a\0\0 \0 \0\0 \0a").keys.tolist())) == 6


@given(st.lists(st.lists(st.text("abc", min_size=1, max_size=6), max_size=60), max_size=6))
def test_a_chunk_has_one_number_however_full_the_table(texts: list[list[str]]) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(chunks, "SMALLEST", 2)
        known = chunks.Chunks()
    met: list[str] = []
    for text in texts:
        numbers, new = known.numbers(chunks.cut(" ".join(text)).keys)
        met += [text[at] for at in new]
        assert [met[number] for number in numbers] == text
    assert len(known) == len(met) == len(set(met))
