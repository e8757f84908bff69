"""Compiles every translation: run by the build of the package, and by hand as ``python web/translations/build.py``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

if TYPE_CHECKING:
    Hook = object
else:
    try:
        from hatchling.builders.hooks.plugin.interface import BuildHookInterface as Hook
    except ImportError:  # by hand, where no package is being built
        Hook = object

TRANSLATIONS = Path(__file__).parent


class CustomBuildHook(Hook):
    """Hatchling's hook: wheels and editable installs come with compiled translations."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile before files are collected."""
        compile_all()


def compile_all() -> list[Path]:
    """Write a ``.mo`` beside each ``.po`` that is newer, and return what was written."""
    written = []
    for source in sorted(TRANSLATIONS.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as file:
            catalog = read_po(file, locale=source.parts[-3], abort_invalid=True)
        # written beside and renamed: a server that is starting never reads half a file
        unfinished = target.with_suffix(".mo.new")
        with unfinished.open("wb") as file:
            write_mo(file, catalog)
        unfinished.replace(target)
        written.append(target)
    return written


if __name__ == "__main__":
    for path in compile_all():
        print(path)
