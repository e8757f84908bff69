"""A process that works for another one: it begins and ends as that one wants."""

from __future__ import annotations

import multiprocessing.connection
import os
import signal
import threading


def begin_worker() -> None:
    """End this process with its parent, even if that is killed; what interrupts that one is no matter of this one.

    Else a worker would hold its parent's lock for ever, and one that hangs would go on doing so for nobody.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    assert parent is not None

    def follow(sentinel: int) -> None:
        multiprocessing.connection.wait([sentinel])
        os._exit(1)

    threading.Thread(target=follow, args=(parent.sentinel,), daemon=True).start()
