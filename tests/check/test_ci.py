"""What CI systems run: the command line, the steps of the Action, the hooks, and the examples in the documentation."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
import yaml
from typer.testing import CliRunner

import corpuskit as ck
from corpuskit.cli.app import app

if TYPE_CHECKING:
    from tests.check.conftest import Release

ROOT = Path(__file__).parents[2]
PROGRAM = f"""#!/bin/sh
PYTHONPATH={shlex.quote(str(Path(ck.__file__).parents[1]))} exec {shlex.quote(sys.executable)} -m corpuskit "$@"
"""
"""The corpuskit that these tests import, whichever is installed."""
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
BASH = shutil.which("bash") or "bash"


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return result.exit_code, result.output


@pytest.fixture
def faulty(release: Release) -> Path:
    release.edit("documents", 0, date="2000-01-01")
    release.seal()
    path: Path = release.path
    return path


@pytest.fixture
def search_path(tmp_path: Path) -> str:
    """Return a search path on which the program is found."""
    program = tmp_path / "bin" / "corpuskit"
    program.parent.mkdir()
    program.write_text(PROGRAM, encoding="utf-8")
    program.chmod(0o755)
    return f"{program.parent}{os.pathsep}{os.environ['PATH']}"


@pytest.fixture(autouse=True)
def _away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings are read from the working directory: it is to be one without."""
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")


# --- the command line ---


@pytest.mark.parametrize("command", ["validate", "verify"])
@pytest.mark.parametrize("style", ["text", "json", "junit", "sarif", "github"])
def test_a_clean_release_ends_with_0(clean_release: Path, command: str, style: str) -> None:
    assert run(command, clean_release, "--format", style)[0] == 0


@pytest.mark.parametrize("style", ["text", "json", "junit", "sarif", "github"])
def test_an_error_ends_with_1(faulty: Path, style: str) -> None:
    code, said = run("validate", faulty, "--format", style)
    assert code == 1
    assert "date-basis" in said


def test_a_changed_file_ends_with_1(release: Release) -> None:
    (release.path / "README.md").write_text("", encoding="utf-8")
    code, said = run("verify", release.path, "--json")
    assert (code, json.loads(said)["findings"][0]["file"]) == (1, "README.md")


def test_warnings_end_with_1_only_where_asked_to(release: Release) -> None:
    renamed = release.path.rename(release.path.with_name("other"))
    assert run("validate", renamed)[0] == 0
    assert run("validate", renamed, "--strict")[0] == 1


@pytest.mark.parametrize("command", ["validate", "verify"])
def test_what_cannot_be_read_ends_with_2(tmp_path: Path, command: str) -> None:
    program = [sys.executable, "-m", "corpuskit", command, str(tmp_path)]
    done = subprocess.run(program, capture_output=True, text=True, check=False)
    assert (done.returncode, "no release there" in done.stderr, done.stdout) == (2, True, "")


def test_settings_are_read_from_the_working_directory_or_where_said(faulty: Path, tmp_path: Path) -> None:
    settings = (
        '[dataset]\nname = "a"\nversion = "1.0.0"\ntitle = "t"\ndescription = "d"\n[[source]]\nname = "a"\npath = "a"\n'
        '[[validate.rule]]\nid = "date-basis"\nseverity = "off"\n'
    )
    (tmp_path / "other.toml").write_text(settings, encoding="utf-8")
    assert run("validate", faulty, "--config", tmp_path / "other.toml")[0] == 0
    assert run("validate", faulty)[0] == 1
    (tmp_path / "work" / "corpus.toml").write_text(settings, encoding="utf-8")
    assert run("validate", faulty)[0] == 0


def test_a_file_stands_for_its_release_and_a_release_is_checked_once(faulty: Path, clean_release: Path) -> None:
    files = [faulty / "manifest.json", faulty / "data/blocks/train-00000-of-00001.parquet", clean_release]
    code, said = run("validate", *files, "--json")
    assert (code, [len(report["findings"]) for report in json.loads(said)]) == (1, [1, 0])


def test_json_lines_are_metadata(release: Release, tmp_path: Path) -> None:
    path = tmp_path / "documents.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in release.rows("documents")) + "{\n", encoding="utf-8")
    code, said = run("validate", path, "--json")
    assert (code, json.loads(said)["findings"][0]["line"]) == (1, 11)


def test_findings_go_to_files_too(faulty: Path, tmp_path: Path) -> None:
    files = {style: tmp_path / f"report.{style}" for style in ("text", "json", "junit", "sarif", "github")}
    options = [part for style, file in files.items() for part in ("--write", f"{style}={file}")]
    assert run("validate", faulty, *options)[0] == 1
    assert all("date-basis" in file.read_text(encoding="utf-8") for file in files.values())
    assert run("validate", faulty, "--write", "pdf=report.pdf")[0] == 2


# --- the Action ---


def action(tmp_path: Path, search_path: str, **inputs: str) -> tuple[int, str, dict[str, str], str]:
    """Run the steps as GitHub does; return exit code, output, the outputs and the summary."""
    given = {name: str(spec.get("default", "")) for name, spec in ACTION["inputs"].items()} | inputs
    outputs, summary = tmp_path / "outputs", tmp_path / "summary"
    files = {"GITHUB_OUTPUT": str(outputs), "GITHUB_STEP_SUMMARY": str(summary), "RUNNER_TEMP": str(tmp_path)}
    said, code = "", 0
    for step in ACTION["runs"]["steps"]:
        env = {
            name: re.sub(r"\$\{\{ inputs\.(\w+) }}", lambda match: given[match[1]], value)
            for name, value in step.get("env", {}).items()
        }
        done = subprocess.run(
            [BASH, "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            env={"PATH": search_path, **files, **env},
            capture_output=True,
            text=True,
            check=False,
        )
        said, code = said + done.stdout, done.returncode
        if code:
            break
    written = dict(line.split("=", 1) for line in outputs.read_text().splitlines()) if outputs.exists() else {}
    return code, said, written, summary.read_text() if summary.exists() else ""


def test_the_action_is_in_the_form_that_github_reads() -> None:
    assert {"name", "description", "runs"} <= set(ACTION)
    assert ACTION["runs"]["using"] == "composite"
    for step in ACTION["runs"]["steps"]:
        assert step["shell"] == "bash"
        assert "${{" not in step["run"]  # inputs come by the environment: as text they could be commands
    ids = {step.get("id") for step in ACTION["runs"]["steps"]}
    for spec in ACTION["outputs"].values():
        match = re.fullmatch(r"\$\{\{ steps\.(\w+)\.outputs\.\w+ }}", spec["value"])
        assert match is not None
        assert match[1] in ids
    assert all(spec["description"] for spec in ACTION["inputs"].values())


@pytest.mark.slow
def test_the_action_passes_a_clean_release(clean_release: Path, tmp_path: Path, search_path: str) -> None:
    code, said, outputs, summary = action(tmp_path, search_path, path=f"{clean_release}\n", install="")
    assert (code, said) == (0, "")
    assert "no findings" in summary
    assert json.loads(Path(outputs["sarif"]).read_text())["runs"][0]["results"] == []
    assert ET.parse(outputs["junit"]).getroot()[0].attrib["failures"] == "0"  # noqa: S314 - our own


@pytest.mark.slow
def test_the_action_fails_a_faulty_release_and_annotates_it(
    faulty: Path, clean_release: Path, tmp_path: Path, search_path: str
) -> None:
    code, said, outputs, summary = action(
        tmp_path, search_path, path=f"{faulty}\n{clean_release}", install="", strict="true"
    )
    assert code == 1
    assert said.startswith("::error ")
    assert "date-basis" in said
    assert "date-basis" in summary
    assert [len(made["results"]) for made in json.loads(Path(outputs["sarif"]).read_text())["runs"]] == [1, 0]


@pytest.mark.slow
def test_the_action_does_not_pass_what_cannot_be_read(tmp_path: Path, search_path: str) -> None:
    code, _, outputs, _ = action(tmp_path, search_path, path=str(tmp_path / "nothing"), install="")
    assert (code, outputs) == (2, {})


# --- pre-commit and GitLab ---


def test_hooks_take_the_files_of_releases() -> None:
    hooks = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))}
    for hook in hooks.values():
        assert {"id", "name", "entry", "language", "files"} <= set(hook)
        assert hook["entry"].split()[0] == "corpuskit"
    taken = re.compile(hooks["corpuskit-validate"]["files"])
    for name in ("dist/a-1.0.0/manifest.json", "SHA256SUMS", "dist/a-1.0.0/data/blocks/train-00000-of-00001.parquet"):
        assert taken.search(name)
    for name in ("README.md", "manifest.json.txt", "tests/data.parquet"):
        assert not taken.search(name)


def test_a_hook_runs_on_the_files_it_is_given(faulty: Path) -> None:
    hook = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))[0]
    assert run(*hook["entry"].split()[1:], faulty / "SHA256SUMS")[0] == 1


def examples() -> list[Any]:
    """Return the YAML examples of the documentation."""
    text = (ROOT / "docs" / "validation.md").read_text(encoding="utf-8")
    return [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)]


def test_the_examples_use_what_there_is() -> None:
    github, gitlab, hooks = examples()
    (step,) = (s for s in github["jobs"]["validate"]["steps"] if "corpuskit" in s.get("uses", ""))
    assert set(step["with"]) <= set(ACTION["inputs"])
    assert gitlab["validate"]["artifacts"]["reports"]["junit"] in gitlab["validate"]["script"][0]
    known = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))}
    assert {hook["id"] for repo in hooks["repos"] for hook in repo["hooks"]} <= known


@pytest.mark.slow
def test_the_gitlab_job_runs(faulty: Path, search_path: str) -> None:
    job = examples()[1]["validate"]
    env = {"PATH": search_path, "RELEASE": str(faulty)}
    done = subprocess.run([BASH, "-ec", "\n".join(job["script"])], env=env, check=False, capture_output=True)
    assert done.returncode == 1
    report = ET.parse(job["artifacts"]["reports"]["junit"]).getroot()  # noqa: S314 - our own
    assert report[0].attrib["failures"] == "1"
