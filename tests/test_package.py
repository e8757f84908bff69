"""What is shipped, and what the documents say of it."""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from conftest import ROOT

from search.options import parser
from search.query_language import FIELDS
from search.readers.archives import READERS

TOPS = {"search", "web"}
NEEDED = {
    "web/templates/*.html",
    "web/static/*.css",
    "web/static/*.js",
    "web/static/map.svg",
    "web/map/NOTICE.md",
    "web/openapi.json",
    "web/translations/en/LC_MESSAGES/messages.mo",
    "search/lexicon/*.npz",
    "search/lexicon/*.txt",
    "search/lexicon/NOTICE.md",
    "search/models/*.npz",
    "search/models/NOTICE.md",
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    return zipfile.ZipFile(next(folder.glob("*.whl")))


def test_the_wheel_holds_all_that_the_program_needs(wheel: zipfile.ZipFile) -> None:
    names = [Path(name) for name in wheel.namelist()]
    for pattern in NEEDED:
        assert any(name.match(pattern) for name in names), f"{pattern} is not in the wheel"
    for path in (ROOT / "search").rglob("*.py"):
        assert path.relative_to(ROOT) in names
    tops = {name.parts[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == TOPS


def test_the_wheel_says_what_may_be_done_with_it(wheel: zipfile.ZipFile) -> None:
    (metadata,) = (wheel.read(name).decode() for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    assert "License-Expression: MIT AND CC-BY-SA-4.0\n" in metadata
    notices = [path.relative_to(ROOT).as_posix() for top in TOPS for path in (ROOT / top).rglob("NOTICE.md")]
    assert len(notices) == 3
    for path in ("LICENSE", *notices):
        assert f"License-File: {path}\n" in metadata, path


def test_an_update_compiles_texts_that_have_changed() -> None:
    rules = subprocess.run(["make", "-pn", "install"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    (needed,) = re.findall(r"^\.venv/installed: (.*)$", rules, re.MULTILINE)
    texts = ROOT.glob("web/translations/*/LC_MESSAGES/*.po")
    assert {str(path.relative_to(ROOT)) for path in texts} <= set(needed.split())


def test_the_changelog_speaks_of_this_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert newest is not None
    assert newest[1] == project["version"]


def test_the_readme_names_every_command_and_every_field_of_a_query() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = re.findall(r"^    (\w+) ", parser().format_help(), re.MULTILINE)
    assert len(commands) >= 8
    for command in commands:
        assert f"nachlese {command}" in readme, command
    searching = (ROOT / "docs/searching.md").read_text(encoding="utf-8")
    for field in FIELDS:
        assert f"{field}:" in readme, field
        assert f"{field}:" in searching, field


def test_the_documents_name_every_kind_of_file_parameter_and_endpoint() -> None:
    articles, api = ((ROOT / f"docs/{name}.md").read_text(encoding="utf-8") for name in ("articles", "api"))
    assert set(re.findall(r"`(\.\w+)`", articles)) == {*READERS}
    described = json.loads((ROOT / "web/openapi.json").read_text(encoding="utf-8"))
    named = {
        name.partition("?")[0].replace("<id>", "{id}") for name in re.findall(r"^\| `(/[^`]*)`", api, re.MULTILINE)
    }
    assert named == {*described["paths"]}
    for parameter in described["paths"]["/api/search"]["get"]["parameters"]:
        name = parameter["name"] if "name" in parameter else parameter["$ref"].rpartition("/")[2]
        assert f"`{name}`" in api, name


DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]


def test_the_documents_name_every_option_and_none_that_does_not_exist() -> None:
    (commands,) = (action for action in parser()._actions if isinstance(action, argparse._SubParsersAction))
    options = {name: {*command._option_string_actions} for name, command in commands.choices.items()}
    parameters = {
        f"--{name.replace('_', '-')}"
        for name in re.findall(r"`(\w+)`", (ROOT / "docs/api.md").read_text(encoding="utf-8"))
    }
    text = "\n".join(path.read_text(encoding="utf-8") for path in DOCUMENTS)
    named = parameters | {*re.findall(r"--[\w-]+", text)}
    for command, its in options.items():
        assert {option for option in its if option.startswith("--")} - {"--help"} <= named, command
    typed = re.findall(r"(?:^ *|`|bin/)nachlese ([a-z]+)((?: [^\n`&|;#]*)?)", text, re.MULTILINE)
    assert {command for command, _ in typed} == {*options}
    used = {(command, option) for command, rest in typed for option in re.findall(r"(?<=[ \[])--[\w-]+", rest)}
    assert len(used) > 8
    for command, option in used:
        assert option in options[command], f"nachlese {command} {option}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    for link, heading in re.findall(r"\]\((?!https?:)([^)#]+)#?([^)]*)\)", path.read_text(encoding="utf-8")):
        target = path.parent / link
        assert target.exists(), link
        if heading:
            headings = re.findall(r"^#+ (.*)", target.read_text(encoding="utf-8"), re.MULTILINE)
            assert heading in {re.sub(r"[^\w -]", "", name.lower()).replace(" ", "-") for name in headings}, heading


def test_the_architecture_has_a_heading_for_every_file() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    assert text.count("\n") <= 200
    for package in ("search", "web"):
        for path in (ROOT / package).iterdir():
            if path.suffix == ".py" and path.name != "__init__.py":
                assert path.name in text, f"ARCHITECTURE.md does not speak of {path.name}"
            elif path.is_dir() and any(path.glob("*.py")) and path.name != "translations":
                assert f"{path.name}/" in text, f"ARCHITECTURE.md does not speak of {path.name}/"
