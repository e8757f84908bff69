"""Makes the n-th file operation below a folder fail, or the last one that a process does.

``inject`` is called in a process of its own, which it changes for good. Counted are opening for writing, every write
that reaches the operating system, fsync, rename, removal and mkdir, and both ends of a commit of the manifest.
"""

from __future__ import annotations

import builtins
import errno
import io
import os
import signal
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

from search.manifest import Manifest

Fault = Literal["kill", "power", "full", "broken", "short"]
FAULTS: tuple[Fault, ...] = ("kill", "power", "full", "broken", "short")
"""kill -9; a power cut, which also loses what was written and not synced; no space; an I/O error; a short write and
then no space."""


class Faults:
    """Counts operations; the one with number ``at`` goes wrong, and with an error all that follow it."""

    def __init__(self, root: Path, fault: Fault, at: int) -> None:
        self.root = str(root)
        self.fault = fault
        self.at = at
        self.count = 0
        self.dirty: set[str] = set()

    def tick(self) -> None:
        """Before an operation."""
        self.count += 1
        if not self.at or self.count < self.at:
            return
        if self.fault in ("kill", "power"):
            if self.fault == "power":
                for path in self.dirty:
                    if os.path.exists(path):
                        os.truncate(path, os.path.getsize(path) // 2)
            os.kill(os.getpid(), signal.SIGKILL)
        raise OSError(errno.EIO if self.fault == "broken" else errno.ENOSPC, "injected")

    def ours(self, path: object) -> bool:
        """Whether a path is watched."""
        return isinstance(path, str | os.PathLike) and os.path.abspath(path).startswith(self.root)


def inject(root: Path, fault: Fault, at: int) -> Faults:
    """Install a fault; ``at`` 0 only counts."""
    faults = Faults(root, fault, at)
    real_open = io.open

    class Raw(io.FileIO):
        def write(self, data: Any, /) -> int:
            short = faults.fault == "short" and faults.count + 1 == faults.at and len(data) > 1
            if short:
                faults.count += 1
                faults.dirty.add(os.path.abspath(str(self.name)))
                return super().write(bytes(data)[: len(data) // 2])
            faults.tick()
            faults.dirty.add(os.path.abspath(str(self.name)))
            return super().write(data)

    def opened(file: Any, mode: str = "r", *arguments: Any, **named: Any) -> Any:
        if not faults.ours(file) or not set(mode) & set("wax+"):
            return real_open(file, mode, *arguments, **named)
        faults.tick()
        raw = Raw(file, mode.replace("b", "").replace("t", ""))
        buffered = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
        return buffered if "b" in mode else io.TextIOWrapper(buffered, encoding=named.get("encoding"))

    def ticking(function: Callable[..., Any], after: Callable[..., None] | None = None) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            faults.tick()
            result = function(*arguments, **named)
            if after:
                after(*arguments)
            return result

        return call

    def synced(descriptor: int) -> None:
        faults.dirty.discard(os.readlink(f"/proc/self/fd/{descriptor}"))

    def moved(old: Any, new: Any, *_: Any) -> None:
        if os.path.abspath(old) in faults.dirty:
            faults.dirty.add(os.path.abspath(new))

    builtins.open = io.open = opened  # type: ignore[assignment]
    os.fsync = ticking(os.fsync, synced)
    os.rename, os.replace = ticking(os.rename, moved), ticking(os.replace, moved)
    for name in ("remove", "unlink", "rmdir", "mkdir"):
        setattr(os, name, ticking(getattr(os, name)))
    save = Manifest.save

    def saved(manifest: Manifest, state: str, *, last: bool = False) -> None:
        try:
            faults.tick()
            save(manifest, state, last=last)
            faults.tick()
        except OSError as error:
            failed = sqlite3.OperationalError("injected")
            failed.sqlite_errorname = "SQLITE_FULL"
            raise failed from error

    Manifest.save = saved  # type: ignore[method-assign]
    return faults
