"""Damage on the disk is found and named, never answered from, and cured by one command."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from search import Engine, IndexDamaged, NachleseError, Request, StorageError, open_index, parse
from search.cli import main
from search.engine_whoosh.storage import ORDINALS, DurableStorage
from search.indexing import check, rebuild, update
from search.manifest import _seal, opened
from search.manifest import damages as manifest_damages
from web import create_app

TEXT = "Artikel {}: Die Bundeskanzlerin Angela Merkel sprach in der Stadt Berlin über die Mauer und den Bundestag."
QUERIES = ("", "Berlin", "bund*", "Kanzlr~", '"in der"', "titel:Mauer", "person:Merkel")


def answers(engine: Engine) -> list[object]:
    found: list[object] = []
    for query in QUERIES:
        results = engine.search(Request(parse(query).tree, size=100))
        found.append((results.total, results.hits, results.facets, results.suggestion))
    return [*found, engine.complete("be", 10), engine.stats(), sorted(map(repr, engine.documents()))]


def files(archive: Path) -> list[Path]:
    """Everything a reader of the live generation may look at."""
    return sorted(path for path in archive.rglob("*") if path.is_file() and path.stat().st_size)


def flip(path: Path, bit: int) -> None:
    data = bytearray(path.read_bytes())
    data[bit // 8] ^= 1 << bit % 8
    path.write_bytes(data)


def damages(engine: Engine) -> list[str]:
    found: list[str] = []
    try:
        check(engine, found.append)
    except NachleseError as error:
        found.append(str(error))
    return found


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of several segments, and its articles."""
    folder = tmp_path_factory.mktemp("sound")
    lines = [json.dumps({"id": str(number), "text": TEXT.format(number), "date": "1989"}) for number in range(12)]
    (folder / "articles.jsonl").write_text("\n".join(lines))
    update(open_index(folder / "index"), [str(folder / "articles.jsonl")])
    (folder / "more.txt").write_text("Ein weiterer Artikel über Bonn.")
    update(open_index(folder / "index"), [str(folder / "more.txt")])
    return folder / "index"


@pytest.fixture
def copies(sound: Path, tmp_path: Path) -> Callable[[], Path]:
    """Makes a fresh copy of the archive."""

    def copy() -> Path:
        shutil.rmtree(tmp_path / "index", ignore_errors=True)
        return Path(shutil.copytree(sound, tmp_path / "index"))

    return copy


def flips(archive: Path, rounds: int) -> Iterator[tuple[Path, int]]:
    """Bits in every file in turn, each file's first and last ones among them."""
    chance = random.Random(rounds)
    for number in range(rounds):
        path = files(archive)[number % len(files(archive))]
        bits = path.stat().st_size * 8
        yield path.relative_to(archive), chance.choice([0, bits - 1, *(chance.randrange(bits) for _ in range(8))])


def attack(copies: Callable[[], Path], rounds: int) -> None:
    expected = answers(open_index(copies()))
    for relative, bit in flips(copies(), rounds):
        archive = copies()
        flip(archive / relative, bit)
        found = damages(open_index(archive))
        if found:
            assert any(relative.name.removesuffix(".sum") in sentence for sentence in found), (relative, bit, found)
            assert all("reindex" in sentence for sentence in found), found
        try:
            assert answers(open_index(archive)) == expected, (relative, bit)
        except NachleseError as error:
            assert found, (relative, bit, error)  # noqa: PT017
        rebuild(open_index(archive))
        assert not damages(open_index(archive)), (relative, bit)
        assert open_index(archive).stats().articles == open_index(copies()).stats().articles


@pytest.mark.long
def test_a_flipped_bit_is_named_or_changes_no_answer(copies: Callable[[], Path]) -> None:
    attack(copies, 20)


@pytest.mark.slow
def test_many_flipped_bits_are_named_or_change_no_answer(copies: Callable[[], Path]) -> None:
    attack(copies, 1000)


def test_a_missing_or_cut_file_is_named(copies: Callable[[], Path]) -> None:
    for path in files(copies()):
        archive = copies()
        victim = archive / path.relative_to(archive)
        if victim.name.startswith(("manifest", "writing")) or victim.suffix == ORDINALS:
            continue
        victim.write_bytes(victim.read_bytes()[:-1])
        assert damages(open_index(archive)), victim
        victim.unlink()
        assert damages(open_index(archive)), victim


def test_a_segment_in_anothers_place_is_named(copies: Callable[[], Path]) -> None:
    archive = copies()
    one, other, *_ = archive.rglob("*.seg")
    beside = one.with_suffix(".beside")
    for old, new in ((one, beside), (other, one), (beside, other)):
        old.rename(new)
    assert any("is damaged" in sentence for sentence in damages(open_index(archive)))
    with pytest.raises(IndexDamaged, match=r"\.seg is damaged"):
        open_index(archive).search(Request(parse("Berlin").tree))


def test_a_commit_in_the_midst_of_a_check_is_no_damage(
    copies: Callable[[], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive, read = copies(), DurableStorage.open_file
    (tmp_path / "more.txt").write_text("Ein Text mehr.")

    def late(storage: DurableStorage, name: str, **how: Any) -> Any:
        monkeypatch.setattr(DurableStorage, "open_file", read)
        update(open_index(archive), [str(tmp_path / "more.txt")])
        return read(storage, name, **how)

    monkeypatch.setattr(DurableStorage, "open_file", late)
    assert not damages(open_index(archive))


def test_the_command_line_and_the_page_say_it_in_one_sentence(
    copies: Callable[[], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    for relative in [path.relative_to(copies()) for path in files(copies())]:
        archive = copies()
        flip(archive / relative, 77)
        for command in (["search", "Berlin"], ["stats"], ["show", "x"], ["check"], ["index", str(archive.parent)]):
            status = main([*command, "--index", str(archive)])
            said = capsys.readouterr().err
            assert status in (0, 1)
            assert "Traceback" not in said
            if command[0] in ("search", "stats") and status:
                assert said.count("\n") == 1
                assert "reindex" in said
        client = create_app(str(archive)).test_client()
        assert client.get("/").status_code in (200, 503)
        answer = client.get("/api/search?q=Berlin")
        assert answer.status_code in (200, 503)
        assert answer.mimetype == ("application/json" if answer.status_code == 200 else "application/problem+json")


def test_damage_after_opening_is_told_from_a_bug(copies: Callable[[], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    archive = copies()
    engine = open_index(archive)
    engine.stats()

    def broken(*_: object) -> None:
        raise ValueError("broken")

    monkeypatch.setattr("search.engine_whoosh.Evaluation.matches", broken)
    with pytest.raises(ValueError, match="broken"):
        engine.search(Request(parse("Berlin").tree))
    for path in archive.rglob("*.seg"):
        flip(path, 1000)
    with pytest.raises(IndexDamaged, match="MAIN_"):
        engine.search(Request(parse("Berlin").tree))


def test_a_merge_does_not_take_damage_over(copies: Callable[[], Path], tmp_path: Path) -> None:
    archive = copies()
    for path in archive.rglob("*.seg"):
        flip(path, 1000)
    (tmp_path / "new.txt").write_text("Noch ein Artikel.")
    with pytest.raises(IndexDamaged):
        update(open_index(archive), [str(tmp_path / "new.txt")])


def test_a_server_goes_on_from_memory(copies: Callable[[], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    archive = copies()
    engine = open_index(archive)
    expected = engine.search(Request(parse("Berlin").tree))
    for harm in ("kaputt", "000009", ""):
        (archive / "current").write_text(harm)
        monkeypatch.setattr(engine, "_looked", 0.0)
        assert engine.search(Request(parse("Berlin").tree)) == expected
    with monkeypatch.context() as denied:
        denied.setattr(Path, "read_text", Mock(side_effect=PermissionError(13, "Permission denied", "current")))
        denied.setattr(engine, "_looked", 0.0)
        assert engine.search(Request(parse("Berlin").tree)) == expected
        with pytest.raises(StorageError, match="permission to read current is denied"):
            open_index(archive).search(Request(parse("Berlin").tree))
    monkeypatch.setattr("search.schema.VERSION", 99)
    rebuild(open_index(archive))
    monkeypatch.undo()
    assert engine.search(Request(parse("Berlin").tree)) == expected


def test_a_flipped_bit_in_the_manifest_s_first_page_is_named_and_cured(sound: Path, tmp_path: Path) -> None:
    """Where SQLite keeps how its tables were made: its own message then quotes letters that are none."""
    archive = tmp_path / "index"
    shutil.copytree(sound, archive, symlinks=True)
    (manifest,) = archive.glob("0*/manifest.sqlite")
    whole = manifest.read_bytes()
    for at in range(3400, 4096, 12):
        manifest.write_bytes(whole)
        flip(manifest, 8 * at + 7)
        if found := damages(open_index(archive)):
            assert "manifest" in found[0]
    assert found
    assert main(["reindex", "--index", str(archive)]) == 0
    assert not damages(open_index(archive))


def test_a_line_that_is_not_understood_hides_no_damage(copies: Callable[[], Path]) -> None:
    archive = copies()
    (archive / "names.txt").write_text("kein Sinn\n")
    (manifest,) = archive.glob("0*/manifest.sqlite")
    flip(manifest, 4 * manifest.stat().st_size)
    typo, damage = damages(open_index(archive))
    assert ("names.txt:1" in typo, "manifest.sqlite is damaged" in damage) == (True, True)


def bits_of(manifest: Path, some: int) -> list[int]:
    """All bits of the header and some of the rest."""
    whole = range(manifest.stat().st_size * 8)
    return [*whole[:800], *random.Random(some).sample(whole, some)]


def test_each_flipped_bit_of_the_manifest_is_named(copies: Callable[[], Path]) -> None:
    (manifest,) = copies().glob("0*/manifest.sqlite")
    whole = manifest.read_bytes()
    for bit in bits_of(manifest, 400):
        flip(manifest, bit)
        assert list(manifest_damages(manifest, "", [])), bit
        manifest.write_bytes(whole)
    assert not list(manifest_damages(manifest, "", []))


def test_a_manifest_with_a_flipped_bit_is_made_anew_by_the_next_run(copies: Callable[[], Path], sound: Path) -> None:
    archive = copies()
    (manifest,) = archive.glob("0*/manifest.sqlite")
    with opened(manifest) as known:
        ((_, held),) = known.claims(str(sound.parent / "more.txt")).items()
    flip(manifest, 8 * manifest.read_bytes().index(held.encode()))
    assert any("manifest" in sentence for sentence in damages(open_index(archive)))
    read = update(open_index(archive), [str(sound.parent / "articles.jsonl")]).read
    assert (read, damages(open_index(archive))) == (12, [])
    assert update(open_index(archive), [str(sound.parent / "articles.jsonl")]).read == 0


def test_a_checksum_that_is_missing_cut_off_or_of_another_commit_says_nothing(
    copies: Callable[[], Path], sound: Path
) -> None:
    """As after a kill between a commit of the manifest and the end of its checksum, in a copy without it, or where a
    power cut took the last commit back."""
    archive = copies()
    (noted,) = archive.glob("0*/manifest.sqlite.sum")
    before = noted.read_text()
    assert update(open_index(archive), [str(sound.parent / "articles.jsonl")]).read == 0
    now = noted.read_text()
    assert before != now
    for text in (before, f"{before[:-1]}f", *(now[:length] for length in range(len(now))), "\0" * len(now)):
        noted.write_text(text)
        assert not damages(open_index(archive)), text
        with opened(noted.with_suffix("")) as manifest:
            assert manifest.sound
    noted.unlink()
    assert not damages(open_index(archive))
    assert update(open_index(archive), [str(sound.parent / "articles.jsonl")]).read == 0


def test_damage_of_a_manifest_is_seen_although_an_older_program_made_it(copies: Callable[[], Path]) -> None:
    (path,) = copies().glob("0*/manifest.sqlite")
    with closing(sqlite3.connect(path)) as database:
        (known,) = database.execute("SELECT hash FROM held").fetchone()
        database.execute("DROP TABLE failures")  # which it did not know
    before = path.with_suffix(".sqlite.sum").read_text()
    _seal(path)
    assert path.with_suffix(".sqlite.sum").read_text() != before
    path.write_bytes(path.read_bytes().replace(known.encode(), known[:-1].encode() + bytes([ord(known[-1]) ^ 1])))
    with opened(path) as manifest:
        assert not manifest.sound


def test_what_a_killed_run_wrote_into_the_manifest_is_taken_back_and_its_checksum_holds(
    copies: Callable[[], Path],
) -> None:
    """SQLite writes what it cannot keep in memory before anything is committed."""
    (manifest,) = copies().glob("0*/manifest.sqlite")
    whole = manifest.read_bytes()
    code = (
        "import os, sys, pathlib; from search.manifest import opened\n"
        "with opened(pathlib.Path(sys.argv[1])) as known:\n"
        "    known.restart((f'/{number}', str(number), 'x' * 100) for number in range(30_000))\n"
        "    os.kill(os.getpid(), 9)"
    )
    assert subprocess.run([sys.executable, "-c", code, str(manifest)], check=False).returncode == -9
    assert manifest.read_bytes() != whole
    assert not list(manifest_damages(manifest, "", []))
    assert manifest.read_bytes() == whole
