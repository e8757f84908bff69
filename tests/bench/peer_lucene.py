"""Lucene, through a small Java program of ours that measures itself: ``LuceneBench.java``."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from tests.bench.engine import Searcher
from tests.bench.records import Answer, Ask, Material, Row, Shown, read_lines, read_rows

VERSION = "9.12.1"
"""The last that Java 17 runs."""
LIBRARIES = ("lucene-core", "lucene-analysis-common")
PROGRAM = Path(__file__).parent / "LuceneBench.java"
CLASSES = Path(__file__).parent / "__pycache__" / "lucene"


class Lucene:
    """Needs a Java development kit, and the libraries where Maven puts them."""

    name = "lucene"
    in_process = False
    warm_up = 3.0
    most = None
    version = VERSION
    builds = ("tokens", "own analysis")

    def __init__(self) -> None:
        if shutil.which("javac") is None:
            raise OSError("there is no javac")
        home = Path(os.environ.get("MAVEN_REPOSITORY", "~/.m2/repository")).expanduser() / "org/apache/lucene"
        jars = [home / name / VERSION / f"{name}-{VERSION}.jar" for name in LIBRARIES]
        if missing := [jar for jar in jars if not jar.exists()]:
            raise OSError(f"there is no {missing[0]}")
        self.path = os.pathsep.join(map(str, [*jars, CLASSES]))
        compiled = CLASSES / "LuceneBench.class"
        if not compiled.exists() or compiled.stat().st_mtime < PROGRAM.stat().st_mtime:
            subprocess.run(["javac", "-cp", self.path, "-d", str(CLASSES), str(PROGRAM)], check=True)

    def start(self, *arguments: str | Path) -> subprocess.Popen[str]:
        """The program, on one core as far as it goes."""
        command = ["java", "-XX:+UseSerialGC", "-Xmx3g", "-cp", self.path, "LuceneBench", *map(str, arguments)]
        return subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )

    def build(self, how: str, index: Path, material: Material) -> None:
        """Our tokens, or plain text through Lucene's own German analyzer."""
        german = how == "own analysis"
        lines: Iterable[list[str]] = (
            map(_of_article, read_lines(material.corpus)) if german else map(_of_row, read_rows(material.rows))
        )
        program = self.start("build", index, "german" if german else "tokens")
        assert program.stdin is not None
        for cells in lines:
            program.stdin.write("\t".join(cells) + "\n")
        program.communicate()
        if program.returncode:
            raise OSError(f"the Java program ended with status {program.returncode}")

    def open(self, index: Path) -> Searcher:
        """A Java process that lives as long as this one."""
        return LuceneSearcher(self.start("search", index))


def _of_row(row: Row) -> list[str]:
    names = "\x1f".join(row.persons), "\x1f".join(row.places)
    return [row.title, row.date, str(row.day), row.source, *names, "\x1f".join(row.passages), row.words, row.folded]


def _of_article(record: dict[str, Any]) -> list[str]:
    date = record.get("date", "")
    names = "\x1f".join(record["persons"]), "\x1f".join(record["places"])
    passages = "\x1f".join((record["title"], record["lead"], record["text"].replace("\n", " ")))
    return [record["title"], date, str(int(date.replace("-", "") or 0)), record["source"], *names, passages]


class LuceneSearcher:
    """See ``engine.Searcher``."""

    def __init__(self, program: subprocess.Popen[str]) -> None:
        self.program = program

    def ask(self, ask: Ask) -> Answer:
        """One line there, one line back, with the time that the program took in between."""
        return self.ask_all([ask])[0]

    def ask_all(self, asks: Sequence[Ask]) -> list[Answer]:
        """Without waiting for us in between, the program stays at full speed."""
        assert self.program.stdin is not None
        for ask in asks:
            numbers = (ask.size, int(ask.newest), int(ask.facets), ask.first, ask.last)
            self.program.stdin.write("\t".join([ask.kind, *map(str, numbers), *ask.terms]) + "\n")
        self.program.stdin.flush()
        return [self.answer() for _ in asks]

    def answer(self) -> Answer:
        """The next line of the program."""
        assert self.program.stdout is not None
        cpu, wall, total, persons, places, years, hits = self.program.stdout.readline().rstrip("\n").split("\t")
        return Answer(
            int(total),
            tuple(_shown(hit) for hit in hits.split("\x1e") if hit),
            _counts(persons),
            _counts(places),
            _counts(years),
            cpu=int(cpu) / 1e9,
            wall=int(wall) / 1e9,
        )


def _shown(hit: str) -> Shown:
    title, date, source, persons, places = hit.split("\x1d")
    return Shown(title, date, source, tuple(persons.split("\x1f")), tuple(places.split("\x1f")))


def _counts(cell: str) -> tuple[int, ...]:
    return tuple(map(int, cell.split(","))) if cell else ()
