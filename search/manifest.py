"""What was read into an index: which files, as they were then, and which articles each of them holds.

The index itself is the truth about articles; the manifest only spares reading what has not changed. It names the
state of the index it belongs to, and is made anew from the index where the two disagree, as after a kill.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from zlib import crc32

from search.engine import Engine
from search.errors import IndexDamaged, IndexNotFound, IndexVersionError, InputError, StorageError
from search.readers import emptied_above, readers_version

_TABLES = """
BEGIN;
CREATE TABLE IF NOT EXISTS facts (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS roots (path TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS sources (
    number INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, size INTEGER, mtime_ns INTEGER
);
CREATE TABLE IF NOT EXISTS held (
    source INTEGER, id TEXT, hash TEXT, stale INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (source, id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS held_by_id ON held (id);
CREATE TABLE IF NOT EXISTS failures (
    source INTEGER NOT NULL, place TEXT NOT NULL, line INTEGER, message TEXT NOT NULL, id TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS failures_by_source ON failures (source);
CREATE TEMP TABLE fates (id TEXT PRIMARY KEY, fate TEXT NOT NULL) WITHOUT ROWID;
CREATE TEMP TABLE passed (path TEXT PRIMARY KEY, size INTEGER, mtime_ns INTEGER) WITHOUT ROWID;
COMMIT;
"""
"""A source without a size is read again, whatever it is like."""
_CLAIMS = "held JOIN sources ON source = number"
_CLAIM = "INSERT OR REPLACE INTO held (source, id, hash) VALUES (?, ?, ?)"
_IN_FILE = "source = (SELECT number FROM sources WHERE path = ?)"
_BEFORE = (
    "INSERT OR IGNORE INTO sources (path) SELECT path FROM claims",
    "INSERT OR IGNORE INTO held SELECT number, id, hash, stale FROM claims JOIN sources USING (path)",
)
"""Take over what a manifest of version 18 and before says, which a reindex asks for."""


_READ_AT_ONCE = 1 << 20


_STORAGE = {"SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_BUSY"}
"""What is no fault of the file; extended codes begin with one of these."""


@contextmanager
def opened(path: Path | None) -> Iterator[Manifest]:
    """The manifest, closed at the end; whatever SQLite raises meanwhile becomes StorageError or IndexDamaged."""
    try:
        with closing(sqlite3.connect(path or "", isolation_level=None)) as database:
            yield Manifest(database, path)
    except sqlite3.Error as error:
        place = path or Path(tempfile.gettempdir())
        if reason := _no_fault_of_the_file(error, place):
            raise StorageError(f"cannot write the manifest of the index, {place}: {reason}") from error
        raise IndexDamaged(
            f"the manifest of the index, {place}, is damaged ({error}): run “nachlese reindex”"
        ) from error


def _no_fault_of_the_file(error: Exception, path: Path) -> str:
    """Why a file cannot be used that may be sound; "" if it is damaged."""
    code = "_".join(getattr(error, "sqlite_errorname", "").split("_")[:2])
    if code == "SQLITE_FULL":
        full = "the disk is full, or that of temporary files ($TMPDIR, else /var/tmp or /tmp)"
        return f"{full}: free some space and run the same command again, nothing committed is lost"
    # SQLite says of all kinds of files that it is unable to open them; to write, it needs the folder, too
    denied = os.path.exists(path) and not os.access(path, os.R_OK | os.W_OK)
    if code in _STORAGE and (denied or not os.access(path.parent, os.W_OK | os.X_OK)):
        return "permission to read or write it is denied; chmod u+rw, for its folder u+rwx, gives it"
    return str(error) if code in _STORAGE else ""


class Manifest:
    """One SQLite file, a temporary one without a path. Changes are kept in one transaction until ``save``, and dropped
    where its connection is closed before.

    A *claim* says that a file holds an article; several files may claim one id, and the last one read has it.
    """

    def __init__(self, database: sqlite3.Connection, path: Path | None) -> None:
        self._database = database
        self._last: str | None = None
        self._last_number = 0
        """The file that claimed an article last."""
        self._path = path
        try:
            self._database.execute("SELECT name FROM sqlite_master").fetchall()  # takes back what a kill interrupted
            self.sound = path is None or _sound(path)
            """Whether everything is as the last run left it, as far as that run left a checksum."""
            self._database.executescript(_TABLES)  # may change the file, if an older program made it
        except UnicodeDecodeError as error:  # SQLite's message quotes how a table was made, which is damaged
            raise sqlite3.DatabaseError("malformed database schema") from error
        self._database.execute("BEGIN")
        if self._database.execute("SELECT 1 FROM sqlite_master WHERE name = 'claims'").fetchone():
            for statement in _BEFORE:
                self._database.execute(statement)

    def _fact(self, key: str) -> str:
        found = self._database.execute("SELECT value FROM facts WHERE key = ?", (key,)).fetchone()
        return found[0] if found else ""

    @property
    def state(self) -> str:
        """The state of the index that this manifest describes, empty if it is new."""
        return self._fact("state")

    @property
    def finder(self) -> str:
        """Who found the names when the index was made, as ``--entities`` has it; empty if nobody knows."""
        return self._fact("finder")

    @finder.setter
    def finder(self, name: str) -> None:
        self._database.execute("INSERT OR REPLACE INTO facts VALUES ('finder', ?)", (name,))

    @property
    def articles(self) -> int:
        """How many different articles are claimed."""
        return int(self._database.execute("SELECT count(DISTINCT id) FROM held").fetchone()[0])

    @property
    def roots(self) -> list[str]:
        """The paths that were given to index, in the order in which they first came."""
        rows = self._database.execute("SELECT path FROM roots ORDER BY rowid")
        return list(dict.fromkeys(os.fsdecode(path) for (path,) in rows))

    def add_roots(self, paths: Iterable[str]) -> None:
        """Remember paths for a later reindex; one that cannot be printed is kept as bytes."""
        kept = ((path if path.isprintable() else os.fsencode(path),) for path in paths)
        self._database.executemany("INSERT OR IGNORE INTO roots VALUES (?)", kept)

    def changed(self, files: Iterable[tuple[str, int, int]]) -> set[str]:
        """Which of these files, as (path, size, mtime_ns), are not as they were when they were last read.

        What could not be read by readers that have changed since is not, either. What the others hold counts as
        unchanged.
        """
        if self._fact("readers") != (readers := readers_version()):
            self._database.execute("UPDATE sources SET size = NULL WHERE number IN (SELECT source FROM failures)")
            self._database.execute("DELETE FROM failures")
            self._database.execute("INSERT OR REPLACE INTO facts VALUES ('readers', ?)", (readers,))
        self._database.executemany("INSERT OR REPLACE INTO passed VALUES (?, ?, ?)", files)
        same = "sources.path = passed.path AND sources.size = passed.size AND sources.mtime_ns = passed.mtime_ns"
        changed = f"SELECT path FROM passed WHERE NOT EXISTS (SELECT 1 FROM sources WHERE {same})"
        paths = {row[0] for row in self._database.execute(changed)}
        self._database.executemany("DELETE FROM passed WHERE path = ?", ((path,) for path in paths))
        return paths

    def remember(self, path: str, size: int, mtime_ns: int, failures: Iterable[InputError] = ()) -> None:
        """This file was read as it is, but for ``failures``: to read it again would bring them again."""
        self._database.execute(
            "INSERT INTO sources (path, size, mtime_ns) VALUES (?, ?, ?) "
            "ON CONFLICT (path) DO UPDATE SET size = excluded.size, mtime_ns = excluded.mtime_ns",
            (path, size, mtime_ns),
        )
        self._database.executemany(
            "INSERT INTO failures SELECT number, ?, ?, ?, ? FROM sources WHERE path = ?",
            ((each.path, each.line, each.message, each.article_id, path) for each in failures),
        )

    def failures(self) -> dict[str, list[InputError]]:
        """By file what could not be read of those that are remembered."""
        found: dict[str, list[InputError]] = {}
        rows = "SELECT path, place, line, message, id FROM failures JOIN sources ON source = number"
        for path, place, line, message, article_id in self._database.execute(f"{rows} ORDER BY failures.rowid"):
            found.setdefault(path, []).append(InputError(place, message, line, article_id=article_id))
        return found

    def forget(self, path: str) -> None:
        """Let this file be read again next time, whatever its size and time; its claims stay."""
        self._last = None
        self._database.execute(f"DELETE FROM failures WHERE {_IN_FILE}", (path,))
        self._database.execute("UPDATE sources SET size = NULL WHERE path = ?", (path,))
        unused = "path = ? AND NOT EXISTS (SELECT 1 FROM held WHERE source = number)"
        self._database.execute(f"DELETE FROM sources WHERE {unused}", (path,))

    def paths(self) -> list[str]:
        """All files that claim an article or were read."""
        used = "size IS NOT NULL OR EXISTS (SELECT 1 FROM held WHERE source = number)"
        return [row[0] for row in self._database.execute(f"SELECT path FROM sources WHERE {used} ORDER BY path")]

    def claims(self, path: str) -> dict[str, str]:
        """Article id to content hash of what a file held."""
        return dict(self._database.execute(f"SELECT id, hash FROM held WHERE {_IN_FILE}", (path,)))

    def all_claims(self) -> Iterator[tuple[str, str, str]]:
        """Every claim, as (path, id, hash)."""
        return self._database.execute(f"SELECT path, id, hash FROM {_CLAIMS}")

    def claimed(self, article_id: str) -> bool:
        """Whether any file claims an article."""
        return self._database.execute("SELECT 1 FROM held WHERE id = ?", (article_id,)).fetchone() is not None

    def claimants(self, article_id: str, most: int = -1) -> list[str]:
        """The files that claim an article, in order; of more than ``most`` those that became known last."""
        last = f"SELECT path FROM {_CLAIMS} WHERE id = ? ORDER BY source DESC LIMIT ?"
        found = f"SELECT path FROM ({last}) ORDER BY path"
        return [row[0] for row in self._database.execute(found, (article_id, most))]

    def held_only_below(self, folder: str) -> int:
        """How many articles are claimed by files below a folder, or by the file that it is, and by no others."""
        lies = "(sources.path = :folder OR (sources.path >= :first AND sources.path < :behind))"
        others = (
            f"SELECT 1 FROM held AS other JOIN sources ON other.source = number WHERE other.id = held.id AND NOT {lies}"
        )
        only = f"SELECT count(DISTINCT id) FROM {_CLAIMS} WHERE {lies} AND NOT EXISTS ({others})"
        within = folder.rstrip(os.sep)
        borders = {"folder": folder, "first": f"{within}{os.sep}", "behind": f"{within}{chr(ord(os.sep) + 1)}"}
        return int(self._database.execute(only, borders).fetchone()[0])

    def emptied(
        self, roots: AbstractSet[str], seen: AbstractSet[str], unseen: AbstractSet[str]
    ) -> Iterator[tuple[str, int]]:
        """Where nothing is left of what articles were read from, and how many of these only it holds.

        That is a root without any of its files, and a folder below it that is empty, or a link that leads nowhere, but
        for what lies in ``unseen``.
        """
        found = {root for root in roots if not below(root, unseen)}
        for path in seen:
            if not found:
                break
            found.difference_update(around(path))
        gone = {os.path.dirname(path) for path in self.paths() if path not in seen and below(path, roots)}
        found.update(filter(None, (emptied_above(folder) for folder in gone if not below(folder, unseen))))
        for folder in sorted(found):
            if not below(folder, unseen) and (lost := self.held_only_below(folder)):
                yield folder, lost

    def claim(self, path: str, article_id: str, content_hash: str) -> None:
        """This file holds this article."""
        self._database.execute(_CLAIM, (self._number(path), article_id, content_hash))

    def _number(self, path: str) -> int:
        if self._last != path:
            self._database.execute("INSERT OR IGNORE INTO sources (path) VALUES (?)", (path,))
            (self._last_number,) = self._database.execute(
                "SELECT number FROM sources WHERE path = ?", (path,)
            ).fetchone()
            self._last = path
        return self._last_number

    def unclaim(self, path: str, article_id: str) -> None:
        """This file holds this article no more."""
        self._database.execute(f"DELETE FROM held WHERE {_IN_FILE} AND id = ?", (path, article_id))

    def set_stale(self, path: str, ids: Iterable[str]) -> None:
        """This file was read and holds these, and no others, no more; they stay claimed until they are pruned."""
        self._database.execute(f"UPDATE held SET stale = 0 WHERE {_IN_FILE} AND stale", (path,))
        self._database.executemany(
            f"UPDATE held SET stale = 1 WHERE {_IN_FILE} AND id = ?", ((path, article_id) for article_id in ids)
        )

    def stale(self) -> dict[str, list[str]]:
        """By file what it held once and holds no more, where there is any."""
        held: dict[str, list[str]] = {}
        for path, article_id in self._database.execute(f"SELECT path, id FROM {_CLAIMS} WHERE stale"):
            held.setdefault(path, []).append(article_id)
        return held

    def count(self, article_id: str, fate: str) -> None:
        """What became of an article in this run: "added", "updated" or "unchanged". What changed it once is kept."""
        self._database.execute(
            "INSERT INTO fates VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET fate = excluded.fate "
            "WHERE fate = 'unchanged'",
            (article_id, fate),
        )

    def count_replaced(self, article_id: str) -> bool:
        """An article took another's place: if it was added, it counts as updated. Returns whether it was."""
        row = "id = ? AND fate = 'added'"
        return self._database.execute(f"UPDATE fates SET fate = 'updated' WHERE {row}", (article_id,)).rowcount > 0

    def uncount(self, article_id: str) -> str:
        """An article is no more; returns what had become of it in this run, "" if it was not heard of."""
        found = self._database.execute("SELECT fate FROM fates WHERE id = ?", (article_id,)).fetchone()
        self._database.execute("DELETE FROM fates WHERE id = ?", (article_id,))
        return found[0] if found else ""

    def fates(self) -> tuple[int, int, int]:
        """How many articles were added, updated, and unchanged since this manifest was opened."""
        fates = dict(self._database.execute("SELECT fate, count(*) FROM fates GROUP BY fate"))
        rows = "passed JOIN sources USING (path) JOIN held ON source = number"
        which = "NOT stale AND id NOT IN (SELECT id FROM fates)"
        (passed,) = self._database.execute(f"SELECT count(DISTINCT id) FROM {rows} WHERE {which}").fetchone()
        return fates.get("added", 0), fates.get("updated", 0), fates.get("unchanged", 0) + passed

    def restart(self, claims: Iterable[tuple[str, str, str]]) -> None:
        """Begin anew from what the index holds, as (path, id, hash); every file will be read again. Roots stay."""
        self._database.execute("DELETE FROM failures")
        self._database.execute("DELETE FROM sources")
        self._database.execute("DELETE FROM held")
        self._last = None
        rows = ((self._number(path), article_id, content_hash) for path, article_id, content_hash in claims)
        self._database.executemany(_CLAIM, rows)

    def save(self, state: str, *, last: bool = False) -> None:
        """Make all changes durable, as the description of this state of the index.

        ``last``: with a checksum of the file beside it, by which each changed bit is noticed. It reads all of it.
        """
        self._database.execute("INSERT OR REPLACE INTO facts VALUES ('state', ?)", (state,))
        self._database.execute("COMMIT")
        if last and self._path:
            _seal(self._path)
        self._database.execute("BEGIN")


def around(path: str) -> Iterator[str]:
    """A path, and the folders that it lies in."""
    yield path
    while (folder := os.path.dirname(path)) != path:
        yield folder
        path = folder


def below(path: str, folders: AbstractSet[str]) -> bool:
    """Whether a path is one of some folders, or lies in one."""
    return not folders.isdisjoint(around(path))


def claims_of(engine: Engine) -> Iterator[tuple[str, str, str]]:
    """What the index itself says of its articles, as (path, id, hash)."""
    return ((document.path, document.article.id, document.hash) for document in engine.documents())


def recall(known: Manifest, engine: Engine, manifest: Path | None) -> None:
    """Let ``known`` say which articles each file held, and what there is to read; from the index if need be.

    A copy, so that damage shows at once; on the disk, as an archive may have more articles than there is memory.
    """
    if manifest is not None:
        with suppress(IndexDamaged), opened(manifest) as before:
            if before.sound:
                known.restart(before.all_claims())
                known.add_roots(before.roots)
                return
    with suppress(IndexNotFound, IndexDamaged, IndexVersionError):
        known.restart(claims_of(engine))


def damages(path: Path, state: str, articles: Iterable[tuple[str, str, str]]) -> Iterator[str]:
    """One sentence for each disagreement of a manifest with itself, or with ``articles``: (path, id, hash) each.

    A manifest of another state than ``state`` is behind, as after a kill; the next run makes it anew.
    """
    if not path.exists() or not path.stat().st_size:
        return
    try:
        # not only to be read: what a kill interrupted has to be taken back first
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)) as database:
            database.execute("BEGIN")
            facts = dict(database.execute("SELECT key, value FROM facts"))
            sound = _sound(path)  # nobody writes meanwhile
            database.execute("COMMIT")
            if not sound or database.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
                yield f"{path} is damaged: run “nachlese reindex”"
            elif facts.get("state") == state:
                # on the disk: an archive may have more articles than there is memory
                database.execute("CREATE TEMP TABLE found (path TEXT, id TEXT, hash TEXT)")
                database.executemany("INSERT INTO found VALUES (?, ?, ?)", articles)
                if lost := _count(database, "SELECT id FROM held EXCEPT SELECT id FROM found"):
                    are = "1 article that is" if lost == 1 else f"{lost} articles that are"
                    yield f"{path} knows {are} not in the index: run “nachlese reindex”"
                if unknown := _count(
                    database, f"SELECT path, id, hash FROM found EXCEPT SELECT path, id, hash FROM {_CLAIMS}"
                ):
                    those = "1 article" if unknown == 1 else f"{unknown} articles"
                    yield f"{path} does not know {those} of the index: run “nachlese reindex”"
    except (sqlite3.Error, UnicodeDecodeError) as error:
        reason = _no_fault_of_the_file(error, path)
        yield f"cannot read {path}: {reason}" if reason else f"cannot read {path} ({error}): run “nachlese reindex”"


def _count(database: sqlite3.Connection, query: str) -> int:
    return int(database.execute(f"SELECT count(*) FROM ({query})").fetchone()[0])


def _sound(path: Path) -> bool:
    """Whether a file is as it was when its checksum was noted; true of one without, and in the state of another commit.

    Closing the file gives up the locks that SQLite has on it: no transaction must depend on them any more.
    """
    try:
        noted, commit = Path(f"{path}.sum").read_text("ascii").split()
    except (OSError, ValueError):
        return True
    with suppress(OSError):
        checksum, first, second = _summed(path)
        return first == second != commit or checksum == noted
    return False


def _seal(path: Path) -> None:
    """Note the checksum of a file. What a kill cuts off here, or lets stay, names no commit or another one."""
    with suppress(OSError):
        Path(f"{path}.sum").write_text(" ".join(_summed(path)[:2]), "ascii")


def _summed(path: Path) -> tuple[str, str, str]:
    """The checksum of a file, and how many commits it has seen, which stands twice in its header."""
    checksum, header = 0, b""
    with open(path, "rb") as stream:
        while some := stream.read(_READ_AT_ONCE):
            header = header or some[:100]
            checksum = crc32(some, checksum)
    return f"{checksum:08x}", header[24:28].hex(), header[92:96].hex()
