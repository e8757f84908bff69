"""The shape that ARCHITECTURE.md describes holds: imports go one way, and files and functions stay readable."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

ORDER = [
    {"search.errors", "search.article", "search.dates"},
    {
        "search.schema",
        "search.query",
        "search.limit",
        "search.lines",
        "search.sounds",
        "search.chunks",
        "search.workers",
    },
    {"search.german", "search.lexicon"},
    {"search.readers", "search.entities", "search.query_language", "search.numbers"},
    {"search.snippets", "search.variants", "search.names"},
    {"search.engine", "search.ranking"},
    {
        "search.engine_whoosh",
        "search.engine_opensearch",
        "search.answer",
        "search.manifest",
        "search.enriching",
        "search.report",
    },
    {"search.indexing", "search.evaluate_search", "search.evaluate_entities"},
    {"search"},
    {"web"},
    {"search.options"},
    {"search.cli"},
]
"""Each set may import from itself only within a package, and from every set above it."""

ONLY_IN = {
    "whoosh": "search.engine_whoosh",
    "opensearchpy": "search.engine_opensearch",
    "babel": "web.i18n",
    "flask_babel": "web.i18n",
    "flask": "web",
}
BUILD_TIME = {ROOT / "web" / "translations" / "build.py", ROOT / "web" / "map" / "build.py"}
"""Run while the package or its data are built, never imported by it."""
DATA_TOOLS = [ROOT / "search" / "models" / "training", ROOT / "search" / "lexicon"]
"""Programs that make the word lists and models that are shipped; nothing imports them."""

MAX_FILE = 500
MAX_FUNCTION = 60


SOURCES = [
    path
    for package in ("search", "web")
    for path in sorted((ROOT / package).rglob("*.py"))
    if path not in BUILD_TIME and not any(folder in path.parents for folder in DATA_TOOLS)
]


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                yield name if is_module(name) else str(node.module)


def is_module(name: str) -> bool:
    path = ROOT.joinpath(*name.split("."))
    return path.is_dir() or path.with_suffix(".py").is_file()


def level(module: str) -> int:
    """The place of a module in ORDER; a module inside a package has its package's."""
    while module:
        for place, modules in enumerate(ORDER):
            if module in modules:
                return place
        module = module.rpartition(".")[0]
    raise AssertionError("not in ORDER")


def unit(module: str) -> str:
    """The file or package that stands in ORDER for a module."""
    while not any(module in modules for modules in ORDER):
        module = module.rpartition(".")[0]
    return module


@pytest.mark.parametrize("path", SOURCES, ids=module_of)
def test_imports_go_one_way(path: Path) -> None:
    module = module_of(path)
    for imported in imports(path):
        top = imported.partition(".")[0]
        if top in ("search", "web"):
            if module == "search.cli" and imported == "web":
                continue
            same = unit(imported) == unit(module)
            lazily = module == "search" and imported.startswith("search.engine_")
            assert same or lazily or level(imported) < level(module), f"{module} must not import {imported}"
            if module.startswith("web"):
                assert top == "web" or imported == "search", f"{module} takes only the names of search, not {imported}"
        if top in ONLY_IN:
            owner = ONLY_IN[top]
            assert module == owner or module.startswith(f"{owner}."), f"only {owner} imports {top}, not {module}"


@pytest.mark.parametrize("path", SOURCES, ids=module_of)
def test_files_and_functions_are_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= MAX_FILE, f"{path} is longer than {MAX_FILE} lines"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= MAX_FUNCTION, f"{path}:{node.lineno} {node.name} has {length} lines"


@pytest.mark.parametrize("path", SOURCES, ids=module_of)
def test_every_module_and_public_name_says_what_it_is_for(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), f"{path} has no docstring"
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            if path.name == "cli.py" and node.name.startswith("run_"):
                continue  # their help text is what they are for
            assert ast.get_docstring(node), f"{path}:{node.lineno} {node.name} has no docstring"


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_no_group_is_repeated_possessively(path: Path) -> None:
    """Python 3.11.2, which Debian 12 has, matches them wrongly: a word lost its last letter."""
    assert not re.search(r"\)(?:[*+?]|\{+[\d,]*\}+)\+", path.read_text(encoding="utf-8"))


def test_a_search_does_not_wait_for_what_only_others_need() -> None:
    program = "import sys, search.cli, search.engine_whoosh; print(*sys.modules)"
    loaded = subprocess.check_output([sys.executable, "-c", program], text=True).split()
    heavy = "search.entities search.indexing search.readers importlib.metadata logging rapidfuzz sqlite3 tqdm web"
    writing = "search.engine_whoosh.write whoosh.matching whoosh.reading whoosh.writing"
    assert not set(loaded).intersection([*heavy.split(), *writing.split()])


def test_public_names_exist_and_are_listed() -> None:
    search = importlib.import_module("search")
    listed = search.__all__
    assert listed == sorted(listed, key=lambda name: (not name.isupper(), name[0].islower(), name))
    tree = ast.parse((ROOT / "search" / "__init__.py").read_text(encoding="utf-8"))
    there = {alias.name for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    there |= {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")}
    assert set(listed) == there - {"annotations", "Path"}
