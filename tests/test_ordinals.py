"""What is kept of a state beside its table of contents: read instead of made, and never believed against the index."""

from __future__ import annotations

import errno
import json
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_segments import assert_same, committed, documents

from search import Engine, Request, open_index
from search.engine import Document
from search.engine_whoosh import generations, layout, ordinals
from search.engine_whoosh.ordinals import Ordinals
from search.indexing import rebuild, update
from search.names import FILE, Naming
from search.schema import VALUE_FACETS

PERSONS = ["Anna Amsel", "Bert Buche"]


def of(archive: Path, lines: dict[str, str | None]) -> Ordinals:
    generation = generations.live(archive)
    return Ordinals(generations.open_generation(generation), generation, Naming(lines))


def arrays(found: Ordinals) -> dict[str, npt.NDArray[Any]]:
    numbers = [part.all for part in found.parts]
    kept = {f"{facet}.{name}": array for facet in VALUE_FACETS for name, array in found.facet(facet).items()}
    return {"numbers": np.concatenate([np.zeros(0, np.int32), *numbers]), **kept}


@settings(max_examples=60, deadline=None)
@given(
    found=documents,
    cuts=st.integers(1, 4),
    gone=st.sets(st.integers(0, 11)),
    lines=st.dictionaries(
        st.sampled_from(["Anna Amsel", "Bert Buche"]), st.sampled_from(["Bert Buche", "Cora", None]), max_size=3
    ),
)
def test_what_is_read_is_what_would_be_made(
    tmp_path_factory: pytest.TempPathFactory,
    found: list[Document],
    cuts: int,
    gone: set[int],
    lines: dict[str, str | None],
) -> None:
    archive = tmp_path_factory.mktemp("kept")
    committed(archive, [found[begin::cuts] for begin in range(cuts)], {f"n{number:03}" for number in gone})
    made = arrays(of(archive, lines))
    of(archive, lines).keep()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ordinals, "_made", None)
        patch.setattr(ordinals, "numbered", None)
        read = arrays(of(archive, lines))
    assert_same(read, made)
    others: list[dict[str, str | None]] = [{"Anna Amsel": "Dora"}, {"Bert Buche": None}, {}]
    beside = [arrays(of(archive, other)) for other in others]
    (kept,) = archive.rglob("*.ordinals")
    kept.unlink()
    for other, found_beside in zip(others, beside, strict=True):
        assert_same(found_beside, arrays(of(archive, other)))


def places(engine: Engine) -> dict[str, int]:
    return {value.value: value.count for value in engine.search(Request()).facets["place"].values}


def write(folder: Path, number: int) -> list[str]:
    path = folder / f"{number}.jsonl"
    rows = [{"id": f"{number}-{row}", "text": "Ein Text.", "places": ["Bonn", "Köln"][: row + 1]} for row in range(2)]
    path.write_text("\n".join(map(json.dumps, rows)))
    return [str(path)]


def test_a_search_reads_what_the_last_run_has_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = tmp_path / "index"
    update(open_index(archive), write(tmp_path, 1))
    update(open_index(archive), write(tmp_path, 2))
    (kept,) = archive.rglob("*.ordinals")
    before = kept.stat().st_mtime_ns
    update(open_index(archive), write(tmp_path, 2))
    assert kept.stat().st_mtime_ns == before, "nothing has changed"
    with monkeypatch.context() as patch:
        patch.setattr(ordinals, "_made", None)
        assert places(open_index(archive)) == {"Bonn": 4, "Köln": 2}
    (archive / FILE).write_text("Köln = Cologne\n")
    assert places(open_index(archive)) == {"Bonn": 4, "Cologne": 2}, "a line counts at once"
    update(open_index(archive), write(tmp_path, 2))
    monkeypatch.setattr(ordinals, "_made", None)
    assert places(open_index(archive)) == {"Bonn": 4, "Cologne": 2}


def test_a_file_that_is_damaged_missing_or_of_another_state_changes_no_answer(tmp_path: Path) -> None:
    archive = tmp_path / "index"
    update(open_index(archive), write(tmp_path, 1))
    (first,) = archive.rglob("*.ordinals")
    of_one = first.read_bytes()
    update(open_index(archive), write(tmp_path, 2))
    (kept,) = archive.rglob("*.ordinals")
    whole = kept.read_bytes()
    assert kept != first
    (segment, *_) = archive.rglob("*.seg")
    flipped = [bytes([*whole[:at], whole[at] ^ 1, *whole[at + 1 :]]) for at in range(0, len(whole), 97)]
    for data in (of_one, segment.read_bytes(), whole[:100], b"", *flipped):
        kept.write_bytes(data)
        assert places(open_index(archive)) == {"Bonn": 4, "Köln": 2}
        update(open_index(archive), [str(tmp_path / "2.jsonl")])
        assert kept.read_bytes() == whole, "the next run mends it"
    kept.unlink()
    assert places(open_index(archive)) == {"Bonn": 4, "Köln": 2}


def test_no_run_fails_for_want_of_room_for_what_can_be_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = tmp_path / "index"
    write_whole = layout.write

    def full(file: BinaryIO, arrays: dict[str, layout.Array]) -> int:
        if Path(file.name).suffix == ".seg":
            return write_whole(file, arrays)
        file.write(b"as much as there was room for")
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(layout, "write", full)
        assert update(open_index(archive), write(tmp_path, 1)).added == 2
        assert rebuild(open_index(archive), write(tmp_path, 2)).added == 2
    assert places(open_index(archive)) == {"Bonn": 2, "Köln": 1}
    assert not list(archive.rglob("*.ordinals*"))
    update(open_index(archive), write(tmp_path, 2))
    assert list(archive.rglob("*.ordinals"))
