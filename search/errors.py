"""Every error that Nachlese raises on purpose, in one tree.

Callers compare classes, never texts. Two tables say what an error means to a shell (EXIT_STATUS) and to a browser
(HTTP_STATUS); whatever is not in this tree is a bug.

    NachleseError
    ├── InputError        a file or a line that cannot become an article
    ├── IndexNotFound     there is no index at this location yet
    ├── IndexVersionError the index was written by another version of schema or analysis
    ├── IndexDamaged      the index cannot be read, or disagrees with its manifest
    ├── IndexLocked       another process is writing to this index
    ├── StorageError      the folder cannot be written or read: permission, full disk
    ├── ClusterUnavailable  a cluster cannot be reached, or cannot answer now
    ├── ArticleNotFound   no article has this id
    ├── RequestError      a parameter has a value that cannot be used
    │   └── RequestTooCostly  to answer it takes longer than a request may take
    │       └── Busy  or may take just now
    └── UsageError        the command was called in a wrong way
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

Fault = Literal["value", "many", "long", "order"]
"""What is wrong with a parameter: a value, how many there are, how long one is, that a range ends before it begins."""


class NachleseError(Exception):
    """Base of the tree: its text is one sentence that says what was tried, what was wrong and what mends it."""


class InputError(NachleseError):
    """A file, or one line or record of it, that cannot become an article.

    ``line`` is the one-based line number, None where the file as a whole is meant or the message says the place.
    ``fatal`` is False for a mere warning: the article was taken all the same.
    ``article_id`` is the id of the article that could not be taken, "" if what is there does not say it.
    ``passing`` is whether the same content may be read another time: a disk or this program is at fault.
    """

    def __init__(
        self,
        path: str,
        message: str,
        line: int | None = None,
        *,
        fatal: bool = True,
        article_id: str = "",
        passing: bool = False,
    ) -> None:
        super().__init__(path, message, line, fatal)
        self.path = path
        self.message = message
        self.line = line
        self.fatal = fatal
        self.article_id = article_id
        self.passing = passing

    def __str__(self) -> str:
        place = self.path if self.line is None else f"{self.path}:{self.line}"
        return f"{place}: {self.message}"


class IndexNotFound(NachleseError):
    """There is no index at this location yet."""


class IndexVersionError(NachleseError):
    """The index was written by another version of schema or analysis; ``nachlese reindex`` cures it."""


class IndexDamaged(NachleseError):
    """The index cannot be read, or it disagrees with its manifest."""


class IndexLocked(NachleseError):
    """Another process is writing to this index."""


class StorageError(NachleseError):
    """The folder cannot be written, or may not be read: no permission, a full disk, not a folder."""


def cannot_read(place: Path, error: Exception) -> StorageError | IndexDamaged:
    """What it means that a file or folder of an index cannot be read: it is damaged, unless permission is missing."""
    if isinstance(error, PermissionError):
        denied = error.filename or place
        return StorageError(f"permission to read {denied} is denied: chmod or chown gives it to who runs this")
    return IndexDamaged(f"cannot read {place} ({error}): run “nachlese reindex”")


class ClusterUnavailable(NachleseError):
    """A cluster cannot be reached, refuses who asks, or has lost too much of itself to answer now."""


class ArticleNotFound(NachleseError):
    """No article has this id."""


class RequestError(NachleseError):
    """A parameter has a value that cannot be used; ``parameter`` names it.

    ``values`` are those that are at fault, as they were given: one, both ends of a range, or none.
    """

    def __init__(self, parameter: str, message: str, values: tuple[str, ...] = (), fault: Fault = "value") -> None:
        super().__init__(parameter, message)
        self.parameter = parameter
        self.message = message
        self.values = values
        self.fault = fault

    def __str__(self) -> str:
        return f"{self.parameter}: {self.message}"


class RequestTooCostly(RequestError):
    """To answer it takes longer than a request may take; asking again does not help, asking for less does."""


class Busy(RequestTooCostly):
    """It takes more than there is to give just now; asking again soon helps, and so does asking for less."""


class UsageError(NachleseError):
    """The command was called in a wrong way."""


EXIT_STATUS: dict[type[NachleseError], int] = {UsageError: 2, RequestError: 2, NachleseError: 1}
"""Exit status of the command, looked up along the class's ancestors."""

HTTP_STATUS: dict[type[NachleseError], int] = {
    RequestError: 400,
    Busy: 429,
    ArticleNotFound: 404,
    IndexNotFound: 503,
    IndexVersionError: 503,
    IndexDamaged: 503,
    IndexLocked: 503,
    StorageError: 503,
    ClusterUnavailable: 503,
    NachleseError: 500,
}
"""HTTP status of an answer, looked up along the class's ancestors."""


def status_of(error: NachleseError, table: dict[type[NachleseError], int]) -> int:
    """The entry of the nearest ancestor of ``error`` in ``table``."""
    return next(table[kind] for kind in type(error).__mro__ if kind in table)
