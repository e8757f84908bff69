"""What a run over files tells: how far it is, what it stumbles over, and in the end what it did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from search.errors import InputError

Listener = Callable[[InputError], None]


def counted(number: int, one: str, many: str = "") -> str:
    """A number and what it counts: "1 article", "2 articles"; ``many`` where it is not ``one`` and an s."""
    return f"{number} {one}" if number == 1 else f"{number} {many or f'{one}s'}"


@dataclass
class Report:
    """What a run did; ``errors`` also names what was only remarkable (``fatal`` False).

    Each article that the files hold counts once, however many of them hold it: as ``added``, ``updated`` (it has
    changed, or another file holds it now, or one of several holds it no more) or ``unchanged``. The index has grown by
    ``added`` less ``removed``.
    """

    read: int = 0
    """Lines and files that were read as an article; of files that are as they were, none is."""
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    seconds: float = 0.0
    errors: list[InputError] = field(default_factory=list)
    hear: Listener | None = field(default=None, repr=False, compare=False)
    _said: set[tuple[str, int | None, str]] = field(default_factory=set, repr=False, compare=False)

    @property
    def failed(self) -> int:
        """How many files or lines could not become an article."""
        return sum(error.fatal for error in self.errors)

    def say(self, error: InputError) -> None:
        """Note an error or a warning, and tell of it at once: files that were read before a kill are not read again.

        What was said before is not said again: some files are read twice in a run.
        """
        said = (error.path, error.line, error.message)
        if said in self._said:
            return
        self._said.add(said)
        self.errors.append(error)
        if self.hear is not None:
            self.hear(error)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is."""

    bytes_done: int
    bytes_total: int
    articles: int


Watcher = Callable[[Progress], None]
