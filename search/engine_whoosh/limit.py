"""How much a single search may cost: so many seconds of computing, whatever it asks for."""

from __future__ import annotations

import math
import threading
import time

from search.errors import RequestTooCostly

SECONDS = 4.0
"""Of one thread's computing, not of the clock: a busy machine refuses nothing. On 10,000 articles with 130,000 words a
prefix takes at most 0.1 s, a nearly spelled word 0.05 s; 64 of them in one query took 6 s and are refused."""

_thread = threading.local()


def begin() -> None:
    """What this thread computes from now on is one search."""
    _thread.until = time.thread_time() + SECONDS


def end() -> None:
    """The search is done."""
    _thread.until = math.inf


def spend() -> None:
    """Called before each costly step; RequestTooCostly once the limit is reached."""
    if time.thread_time() > getattr(_thread, "until", math.inf):
        raise RequestTooCostly("q", f"this search takes more than {SECONDS:g} seconds: use fewer words, * and ~")
