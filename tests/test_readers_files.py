"""Folders are walked and archives read through, whatever lies in them."""

from __future__ import annotations

import gzip
import os
import struct
import subprocess
import zipfile
from pathlib import Path

import pytest
from reading import TEXT, Write, articles, errors, everything, only, refusal, writer, zipped

from search.article import Article
from search.errors import InputError
from search.readers import READERS, Source, read, streams, walk


@pytest.fixture
def write(tmp_path: Path) -> Write:
    return writer(tmp_path)


def test_a_fault_of_ours_names_the_file_and_costs_no_other(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def faulty(_: object) -> None:
        raise IndexError("list index out of range")

    monkeypatch.setitem(READERS, ".html", faulty)
    for name in ("a.html", "b.txt"):
        write(name, TEXT)
    first, second = (list(read(source)) for source in walk([str(tmp_path)]) if isinstance(source, Source))
    (error,) = first
    assert isinstance(error, InputError)
    assert error.fatal
    assert f"{tmp_path}/a.html: it cannot be read by a fault of this program (IndexError" in str(error)
    assert isinstance(second[0], Article)
    assert "a.html" in caplog.text


# --- folders ----------------------------------------------------------------------------------------------------


def walked(*paths: Path) -> list[str]:
    return [
        each.path if isinstance(each, Source) else f"{each.message}" for each in walk([str(path) for path in paths])
    ]


def test_a_folder_is_walked_in_order_and_each_file_comes_once(write: Write, tmp_path: Path) -> None:
    for name in (
        "b.txt",
        "a/z.JSONL",
        "a/.x.txt",
        ".git/x.txt",
        "__MACOSX/x.txt",
        "README.md",
        "b.jpg",
        "c.jpg.gz",
        "c.txt.gz",
        "d.zip",
    ):
        write(name, TEXT)
    (tmp_path / "e.txt").symlink_to(tmp_path / "b.txt")
    (tmp_path / "f").symlink_to(tmp_path / "a")
    expected = [str(tmp_path / name) for name in ("a/z.JSONL", "b.txt", "c.txt.gz", "d.zip")]
    assert walked(tmp_path) == expected
    assert walked(tmp_path / "b.txt", tmp_path, tmp_path / "a" / ".." / "b.txt") == [
        expected[1],
        expected[0],
        *expected[2:],
    ]


def test_a_link_of_another_suffix_does_not_hide_the_file_itself(write: Write, tmp_path: Path) -> None:
    real, alone = write("b/2024.jsonl", f'{{"text": "{TEXT}"}}'), tmp_path / "a" / "allein.txt"
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "aktuell.txt").symlink_to(real)
    alone.symlink_to(Path(__file__))
    assert walked(tmp_path / "a", tmp_path / "b") == [str(real), str(alone)]


@pytest.mark.parametrize(
    ("top", "name", "date"),
    [
        ("2024-12-28/export", "a.txt", ""),
        ("2024-12-28/export", "politik/a.txt", ""),
        ("2024/12/28/texte", "a.html", ""),
        ("2024-12-28/export", "1989/11/09/politik/a.txt", "1989-11-09"),
        ("2024-12-28", "a.txt", "2024-12-28"),
        ("2024/12/28", "politik/a.txt", "2024-12-28"),
        ("2024-12/28", "a.txt.gz", "2024-12-28"),
        ("2024/12", "a.txt", "2024-12"),
        ("2024/12", "28/a.html", "2024-12-28"),
        ("2024-12-28/7", "a.txt", ""),
    ],
)
def test_folders_above_the_one_that_was_named_date_nothing(
    write: Write, tmp_path: Path, top: str, name: str, date: str
) -> None:
    page = f"<article><p>{TEXT} {TEXT} {TEXT}</p></article>"
    write(f"{top}/{name}", gzip.compress(TEXT.encode()) if name.endswith("gz") else page if "html" in name else TEXT)
    assert only(tmp_path / top).date == date


def test_a_folder_of_unknown_kinds_alone_is_an_error(write: Write, tmp_path: Path) -> None:
    for name in ("a/1.epub", "a/b/2.EPUB", "a/3.doc", "a/Rede vom 3.5.1999", "a/LIESMICH"):
        write(name, TEXT)
    (tmp_path / "leer").mkdir()
    (said,) = walked(tmp_path / "a", tmp_path / "leer")
    assert said.startswith("there is no file in it of a known kind (2 .epub, 1 .doc, 1 without suffix); known are .txt")
    path = write("a/b/c.txt", TEXT)
    write("a/b/c.jpg", TEXT)
    found, *said = walked(tmp_path / "a" / "b", tmp_path / "a")
    assert found == str(path)
    left_out = "files of unknown kinds in it were left out"
    assert [message.partition(";")[0] for message in said] == [
        f"{left_out} (1 .epub)",
        f"{left_out} (1 .epub, 1 .doc, 1 without suffix)",
    ]
    write("c/a.txt", TEXT)
    for name in ("c/b.doc.gz", "c/a.xlsx", "c/b.xlsx", "c/c.xlsx", "c/a.mhtml", "c/b.mhtml"):
        write(name, TEXT)
    assert walked(tmp_path / "c")[1].startswith(f"{left_out} (3 .xlsx, 2 .mhtml, 1 .doc.gz)")
    for name in ("d/a.txt", "d/a.htm?id=1", "d/b.php?id=1", "d/Dr. Müller", "d/12", "d/a.css", "d/a.js", "d/b.txt~"):
        write(name, TEXT)
    message = f"{left_out} (2 without suffix, 2 with “?” in the name)"
    assert [each.partition(";")[0] for each in walked(tmp_path / "d")] == [str(tmp_path / "d" / "a.txt"), message]
    (error,) = walk([str(tmp_path / "a")], without=tmp_path / "a" / "b")
    assert isinstance(error, InputError)


def test_what_browsers_save_beside_a_page_is_passed_over(write: Write, tmp_path: Path) -> None:
    for name in (
        "a.html",
        "a_files/frame.html",
        "b.HTM",
        "b-Dateien/frame.html",
        "c_files/c.html",
        "d.txt",
        "d_files/d.txt",
    ):
        write(name, TEXT)
    assert walked(tmp_path) == [
        str(tmp_path / name) for name in ("a.html", "b.HTM", "c_files/c.html", "d.txt", "d_files/d.txt")
    ]


def test_a_gz_that_does_not_say_its_kind_is_named(tmp_path: Path) -> None:
    for name in ("archiv.gz", "1989.11.gz", "style.css.gz", "a.txt.gz"):
        (tmp_path / name).write_bytes(gzip.compress(TEXT.encode()))
    found = list(walk([str(tmp_path)]))
    named = {Path(item.path).name for item in found if isinstance(item, InputError)}
    assert named == {"archiv.gz", "1989.11.gz"}
    assert not any(item.fatal for item in found if isinstance(item, InputError))


def test_what_was_named_and_cannot_be_read_is_an_error(write: Write, tmp_path: Path) -> None:
    (unknown,) = walked(write("a.epub", b"x"))
    assert all(suffix in unknown for suffix in READERS)
    (missing,) = walked(tmp_path / "nichts")
    assert "there is no such file or folder" in missing
    os.mkfifo(tmp_path / "pipe.txt")
    (pipe,) = walked(tmp_path / "pipe.txt")
    assert "not a regular file" in pipe
    assert "not a regular file" in refusal(tmp_path / "pipe.txt").message
    assert [error.message for error in read(Source(str(tmp_path / "pipe.txt"), 0, 0)) if isinstance(error, InputError)]
    assert isinstance(next(walk(["\0"])), InputError)


def test_links_that_go_in_circles_end(tmp_path: Path, write: Write) -> None:
    write("a/b/x.txt", TEXT)
    (tmp_path / "a" / "b" / "top").symlink_to(tmp_path)
    (tmp_path / "a" / "self.txt").symlink_to(tmp_path / "a" / "self.txt")
    (tmp_path / "a" / "gone.txt").symlink_to(tmp_path / "nichts")
    found = walked(tmp_path)
    assert found[0].startswith("the link leads back to a folder above it")
    assert found[1] == str(tmp_path / "a" / "b" / "x.txt") or found[1].endswith("top")
    assert sum("there is no such file" in each for each in found) == 1
    assert sum("cannot be read (Too many levels" in each for each in found) == 1
    assert sum(each.endswith("x.txt") for each in found) == 1


def test_a_deep_tree_of_folders_is_walked(tmp_path: Path) -> None:
    depth = 1200
    here = os.getcwd()
    try:
        os.chdir(tmp_path)
        for _ in range(depth):
            os.mkdir("a")
            os.chdir("a")
        Path("x.txt").write_text(TEXT)
    finally:
        os.chdir(here)
    found = walked(tmp_path)
    assert len(found) == 1
    subprocess.run(["rm", "-rf", str(tmp_path / "a")], check=True)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_named(write: Write) -> None:
    path = write("a.txt", TEXT)
    path.chmod(0)
    assert "permission to read it is denied; chmod" in refusal(path).message


def test_permission_that_is_lost_on_the_way_is_named(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    (source,) = walk([str(write("a.txt", TEXT))])
    assert isinstance(source, Source)

    def denied(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", denied)
    (error,) = read(source)
    assert isinstance(error, InputError)
    assert "permission to read it is denied" in error.message


def test_names_in_odd_encodings_are_read_and_can_be_printed(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/gr\xfc\xdfe\n\x1b[31m.jsonl"
    with open(name, "wb") as file:
        file.write(b'{"text": "eins"}\n{}')
    article, error = everything(tmp_path)
    assert isinstance(article, Article)
    assert isinstance(error, InputError)
    assert str(error).encode().startswith(str(tmp_path).encode() + rb"/gr\xfc\xdfe\n\x1b[31m.jsonl:2")


# --- archives ---------------------------------------------------------------------------------------------------


def test_gz_and_zip_are_read_through(write: Write, tmp_path: Path) -> None:
    assert only(write("2024-12-28_a.txt.gz", gzip.compress(TEXT.encode()))).date == "2024-12-28"
    members = {
        "2024/12/28/a.txt": TEXT,
        "b.jsonl": '{"text": "eins"}\n{}',
        "../../../tmp/c.txt": f"{TEXT} Und mehr.",
        "d.zip": zipped({"x.txt": TEXT}),
        "e.epub": b"\0",
        "i/README": b"\0",
        "i/j": b"\0",
        "i/k.png": b"\0",
        ".f.txt": TEXT,
        "__MACOSX/g.txt": TEXT,
        "2024/LIESMICH.md": TEXT,
        "h.txt": b"",
    }
    path = write("2026-01-01.zip", zipped(members))
    before = sorted(tmp_path.rglob("*"))
    found = everything(path)
    assert [each.date for each in found if isinstance(each, Article)] == ["2024-12-28", "", ""]
    assert [str(each).removeprefix(str(path)) for each in found if isinstance(each, InputError)] == [
        ": files of unknown kinds in it were left out (1 .epub, 1 without suffix); known are "
        + ", ".join(each for each in READERS if each not in (".zip", ".gz")),
        '!b.jsonl:2: there is no "text"; put the article\'s text into "text"',
        "!d.zip: archives inside of archives are not opened; unpack the outer one",
        "!h.txt: the file is empty; remove it or fetch it again",
    ]
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"nonsense", zipped({"a.epub": b""}), zipped({})])
def test_an_archive_with_nothing_to_read_is_an_error(write: Write, content: bytes) -> None:
    refusal(write("a.zip", content))


def test_encrypted_and_oddly_packed_members_are_named(write: Write) -> None:
    encrypted = bytearray(zipped({"a.txt": TEXT}))
    encrypted[encrypted.index(b"PK\x01\x02") + 8] |= 1
    assert "it is encrypted" in refusal(write("a.zip", bytes(encrypted))).message
    for method in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        assert "pack it with deflate" in refusal(write("b.zip", zipped({"a.txt": TEXT}, method))).message


@pytest.mark.long
def test_what_came_before_the_damage_is_read(write: Write) -> None:
    lines = "".join(f'{{"text": "Artikel {number} {os.urandom(8).hex()}"}}\n' for number in range(5000)).encode()
    cut = write("a.jsonl.gz", gzip.compress(lines)[:-5000])
    assert len(articles(cut)) > 1000
    assert "damaged" in errors(cut)[-1][2]
    packed = bytearray(zipped({"a.jsonl": lines, "b.txt": TEXT}))
    packed[len(packed) // 2] ^= 255
    damaged = write("a.zip", bytes(packed))
    assert articles(damaged)[-1].text == TEXT
    assert any("!a.jsonl" in str(each) and "damaged" in str(each) for each in everything(damaged))


def test_bombs_are_stopped(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams.Budget, "FREE", 1_000_000)
    bomb = b" " * 2_000_000
    for path in (write("a.jsonl.gz", gzip.compress(bomb)), write("b.zip", zipped({"a.jsonl": bomb, "b.txt": TEXT}))):
        assert "unpacks to more than 100 times its size" in refusal(path).message


def test_a_member_without_a_name_costs_no_other(write: Write) -> None:
    content = zipped({"1.txt": "eins", "Q.txt": "zwei", "3.txt": "drei"}).replace(b"Q.txt", b"\0.txt")
    assert [article.text for article in articles(write("a.zip", content))] == ["eins", "drei"]


def test_a_forged_list_of_members_is_not_loaded(write: Write) -> None:
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 9, 9, 40 * 1024 * 1024, 0, 0)
    path = write("a.zip", b"")
    with path.open("wb") as file:
        file.truncate(40 * 1024 * 1024)
        file.seek(0, 2)
        file.write(end)
    assert "its list of members is longer than 32 MB" in refusal(path).message


def test_members_are_counted(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.readers.archives.MAX_MEMBERS", 2)
    path = write("a.zip", zipped({f"{number}.txt": f"Text {number}" for number in range(3)}))
    assert [article.text for article in articles(path)] == ["Text 0", "Text 1"]
    assert "only the first 2 of its 3 files" in errors(path)[-1][2]
