"""How much may be computed for one request: so many seconds, whatever it asks for, and few dear ones at a time.

Each search counts alone, unless ``one_request`` makes several of them one. Seconds are those that a thread computes,
not of the clock: on a busy machine a search takes longer and is not dearer.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from search.errors import Busy, RequestTooCostly

SECONDS = 4.0
"""On 10,000 articles with 130,000 words a prefix takes at most 0.1 s, a nearly spelled word 0.05 s; 64 of them in one
query took 6 s and are refused."""
CHEAP = 0.5
"""Seconds that anyone may take at any time; whoever takes more is dear."""
DEAR_AT_ONCE = 2
"""Dear requests that a process computes at the same time. Whoever finds no place is refused: those that wait would keep
the server's threads from all others."""

_places = threading.BoundedSemaphore(DEAR_AT_ONCE)


class _Account(threading.local):
    """What a thread has computed for the request that it is at."""

    began = math.inf
    """When the search under way began, in seconds that the thread had computed; infinite if there is none."""
    clock = math.inf
    """When it began, by the clock."""
    before = 0.0
    """What earlier searches of the same request took."""
    several = False
    """Whether there may be more searches of the same request."""
    dear = False
    """Whether it has one of the places."""

    def settle(self) -> None:
        if self.dear:
            _places.release()
        self.before, self.dear, self.several = 0.0, False, False


_account = _Account()


def begin() -> None:
    """What this thread computes from now on is one search."""
    _account.began, _account.clock = time.thread_time(), time.perf_counter()


def end() -> None:
    """The search is done, if there was one."""
    if not _account.several:
        _account.settle()
    elif _account.began < math.inf:
        _account.before += time.thread_time() - _account.began
    _account.began = _account.clock = math.inf


@contextmanager
def one_request() -> Iterator[None]:
    """All searches in here together may take what otherwise each of them may take."""
    _account.several = True
    try:
        yield
    finally:
        _account.settle()


@contextmanager
def once_for_all() -> Iterator[None]:
    """What is computed in here serves all requests to come, and is not charged to the one that happens to be first."""
    seconds, clock = time.thread_time(), time.perf_counter()
    try:
        yield
    finally:
        _account.began += time.thread_time() - seconds
        _account.clock += time.perf_counter() - clock


def spend() -> None:
    """Called before each costly step of a search.

    RequestTooCostly once the limit is reached, Busy if a request becomes dear and all places are taken.
    """
    # a thread computes no longer than the clock runs, and the clock is asked twenty times as fast
    if _account.before + time.perf_counter() - _account.clock < min(CHEAP, SECONDS):
        return
    spent = _account.before + time.thread_time() - _account.began
    if spent > SECONDS:
        raise RequestTooCostly("q", f"this search takes more than {SECONDS:g} seconds: use fewer words, * and ~")
    if spent > CHEAP and not _account.dear:
        _account.dear = _places.acquire(blocking=False)
        if not _account.dear:
            message = "too many costly searches at the moment: use fewer words, * and ~, or try again soon"
            raise Busy("q", message)
