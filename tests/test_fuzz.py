"""What fuzzing found once breaks nothing any more, nor does what is much like it; ``python -m tests.fuzz`` looks on."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from fuzz.targets import TARGETS, changed

from web.translations.build import compile_all

pytestmark = pytest.mark.long

CASES = Path(__file__).parent / "cases" / "fuzz"


def cases(name: str) -> list[Path]:
    return sorted((CASES / name).iterdir())


def attack(name: str, folder: Path, archive: str, rounds: int) -> None:
    """Each case as it is, then so many with a change."""
    compile_all()
    target, chance = TARGETS[name](folder, Path(archive)), random.Random(name)
    for at in range(len(cases(name)) + rounds):
        case = cases(name)[at % len(cases(name))]
        data = case.read_bytes()
        if at >= len(cases(name)):
            for _ in range(chance.randint(1, 3)):
                data = changed(
                    data, bytes([chance.randint(1, 5)]) + chance.randbytes(4 + chance.choice((1, 1, 2, 4, 20)))
                )
        try:
            target(data)
        except BaseException as error:
            error.add_note(f"tests/cases/fuzz/{name}/{case.name}: {data!r}")
            raise


@pytest.mark.parametrize("name", TARGETS)
def test_what_was_found_once_breaks_nothing(name: str, tmp_path: Path, seeds_location: str) -> None:
    attack(name, tmp_path, seeds_location, 30)


@pytest.mark.slow
@pytest.mark.parametrize("name", TARGETS)
def test_thousands_of_changes_to_it_break_nothing(name: str, tmp_path: Path, seeds_location: str) -> None:
    attack(name, tmp_path, seeds_location, 5000)


BROKEN = {
    "damage": ("search.engine_whoosh.layout.crc32", lambda *_: 0),
    "query": ("search.query_language._bare", lambda word: word),
    "addresses": ("web.api.parse", None),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_promise_is_seen(
    name: str, tmp_path: Path, seeds_location: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(*BROKEN[name])
    # whatever a damage that nobody named leads to
    with pytest.raises(Exception, match=f"tests/cases/fuzz/{name}/"):
        attack(name, tmp_path, seeds_location, 500)
