"""What the documentation says is what the program does."""

from __future__ import annotations

import doctest
import re
import shlex
import subprocess
import tomllib
from typing import TYPE_CHECKING

import pytest

import corpuskit
from corpuskit import dates, model

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import ModuleType


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("module", [corpuskit, model, dates], ids=lambda module: module.__name__)
def test_examples_in_docstrings_run(module: ModuleType) -> None:
    assert doctest.testmod(module).failed == 0


def test_every_command_stands_in_the_readme(root: Path) -> None:
    readme = read(root / "README.md")
    shown = subprocess.run(
        [root / ".venv" / "bin" / "corpuskit", "--help"] if (root / ".venv").exists() else ["corpuskit", "--help"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    commands = re.findall(r"^  (\w+) {2,}", shown.partition("Commands:")[2], re.MULTILINE)
    assert len(commands) >= 7
    assert [command for command in commands if f"corpuskit {command}" not in readme] == []


def test_python_examples_in_the_readme_run(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    examples = re.findall(r"```python\n(.*?)```", read(root / "README.md"), re.DOTALL)
    assert examples
    for example in examples:
        exec(compile(example, "README.md", "exec"), {})  # noqa: S102 - our own examples


def test_console_examples_in_the_readme_run(
    root: Path, corpus: Path, program_here: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    """Every `corpuskit` line runs, on the release in dist or on a small corpus."""
    fenced = "".join(re.findall(r"```sh\n(.*?)```", read(root / "README.md"), re.DOTALL))
    lines = [line for line in fenced.splitlines() if line.startswith("corpuskit ")]
    assert len(lines) >= 7
    for line in lines:
        arguments = shlex.split(line.partition("#")[0])[1:]
        where = corpus if arguments[0] in {"init", "build", "release"} else root
        # Two releases differ, and `diff` says so as other tools of that name do.
        assert program_here(*arguments, cwd=where).returncode == (1 if arguments[0] == "diff" else 0), line


def test_the_first_two_commands_are_the_ones_that_must_work(root: Path) -> None:
    commands = re.findall(r"^(make \w+)$", read(root / "README.md"), re.MULTILINE)
    assert commands[:2] == ["make dataset", "make test"]
    assert {"dataset", "test"} <= set(re.findall(r"^(\w+):", read(root / "Makefile"), re.MULTILINE))


def test_links_in_the_documentation_lead_somewhere(root: Path) -> None:
    for page in [*root.glob("*.md"), *(root / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", read(page)):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_nothing_pinned_names_a_package_index(root: Path) -> None:
    constraints = read(root / "constraints.txt")
    assert "://" not in constraints
    assert constraints.count("==") * 1 <= constraints.count("--hash=sha256:")
    project = tomllib.loads(read(root / "pyproject.toml"))
    for dependency in project["project"]["dependencies"]:
        name = re.split(r"[^\w-]", dependency)[0]
        assert re.search(rf"^{name}==", constraints, re.MULTILINE | re.IGNORECASE), name
