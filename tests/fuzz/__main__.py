"""Tries bytes of ever new kinds on a target until the time is over, or one of them breaks a promise.

It needs atheris, which sees which lines an input reaches and goes on from those that reach new ones. Inputs that did
are kept in indexes/fuzz/TARGET and are where the next run begins; an input that breaks something is written beside.
Keep that one as tests/cases/fuzz/TARGET/WHAT-IT-IS, and mend what it broke.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["search", "web"]):
    from search import open_index
    from search.indexing import update
    from tests.fuzz.targets import TARGETS
    from web.translations.build import compile_all

ROOT = Path(__file__).parent.parent.parent
FOLDER = ROOT / "indexes" / "fuzz"
SECONDS_AT_MOST = 20
"""For one input; a search may take some."""
MEGABYTES = 2048


def main() -> None:
    """Fuzz one target."""
    options = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    options.add_argument("target", choices=TARGETS)
    options.add_argument("--seconds", type=int, default=600)
    options.add_argument("--longest", type=int, default=2000, help="bytes of an input")
    chosen = options.parse_args()
    archive, work, kept = FOLDER / "archive", FOLDER / f"{chosen.target}.work", FOLDER / chosen.target
    for folder in (work, archive):
        shutil.rmtree(folder, ignore_errors=True)
    for folder in (work, kept):
        folder.mkdir(parents=True, exist_ok=True)
    update(open_index(archive), [str(ROOT / "seeds")])
    compile_all()
    libfuzzer = [
        sys.argv[0],
        f"-max_total_time={chosen.seconds}",
        f"-max_len={chosen.longest}",
        f"-timeout={SECONDS_AT_MOST}",
        f"-rss_limit_mb={MEGABYTES}",
        f"-artifact_prefix={FOLDER}/{chosen.target}-",
        "-print_final_stats=1",
        str(kept),
        str(ROOT / "tests" / "cases" / "fuzz" / chosen.target),
    ]
    target = TARGETS[chosen.target](work, archive)

    def keeping(data: bytes) -> None:
        try:
            target(data)
        except BaseException:
            # libFuzzer would write it too, unless its alarm comes first
            (FOLDER / f"{chosen.target}-broken").write_bytes(data)
            raise

    atheris.Setup(libfuzzer, keeping)
    atheris.Fuzz()


main()
