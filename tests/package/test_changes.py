"""Releases that say what they change: changes.json, CHANGELOG.md, and `release`, which refuses a version too low."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

import corpuskit as ck
from corpuskit import schema
from corpuskit.errors import ReleaseDiffersError, VersionError
from corpuskit.package import changes
from corpuskit.package.reference import previous
from corpuskit.package.release import checksums

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    Program = Callable[..., subprocess.CompletedProcess[str]]


def configure(corpus: Path, version: str, more: str = "") -> Path:
    settings = corpus / "corpus.toml"
    lines = settings.read_text(encoding="utf-8").splitlines()
    kept = [f'version = "{version}"' if line.startswith("version =") else line for line in lines]
    settings.write_text("\n".join([*kept, more, ""]), encoding="utf-8")
    return settings


def add(corpus: Path, name: str, title: str) -> None:
    text = (corpus / "pages" / "a.txt").read_text(encoding="utf-8")
    (corpus / "pages" / f"{name}.txt").write_text(text.replace("The ferry runs again", title), encoding="utf-8")


@pytest.fixture
def released(corpus: Path) -> Path:
    """A corpus with its first release, and a page more."""
    ck.release(configure(corpus, "1.0.0"))
    add(corpus, "d", "A *new* pier # opens_again")
    return corpus


def test_a_first_release_says_so_and_follows_its_schema(corpus: Path) -> None:
    report = ck.release(configure(corpus, "1.0.0"))
    assert (report.least_version, report.previous, report.diff) == (None, None, None)
    assert report.report is not None
    stated = json.loads((report.report.path / "changes.json").read_text(encoding="utf-8"))
    assert stated["diff"] is None
    assert list(schema.validator("changes").iter_errors(stated)) == []
    assert stated["cleaning"]["repair.mojibake"] is True
    assert len(stated["cleaning"]["segment/text/weights.npz"]) == 64
    assert "The first release that is recorded here: 3 documents" in report.changelog


def test_a_version_too_low_is_refused_and_nothing_is_written(released: Path) -> None:
    before = checksums(released / "dist")
    with pytest.raises(VersionError, match=r'rows? of documents added(.|\n)*version = "1\.1\.0"'):
        ck.release(configure(released, "1.0.1"))
    assert checksums(released / "dist") == before


def test_a_release_that_stands_is_not_overwritten(released: Path) -> None:
    before = checksums(released / "dist")
    with pytest.raises(ReleaseDiffersError, match="stands there already"):
        ck.release(released / "corpus.toml")
    assert checksums(released / "dist") == before


def test_a_dry_run_says_what_the_next_is_to_be_called_and_writes_nothing(released: Path) -> None:
    before = checksums(released / "dist")
    report = ck.release(released / "corpus.toml", dry_run=True)
    assert (report.version, report.least_version, report.allowed, report.report) == ("1.0.0", "1.1.0", False, None)
    assert "## 1.1.0" in report.changelog
    assert checksums(released / "dist") == before


def test_a_dry_run_where_nothing_changed_is_content(corpus: Path) -> None:
    ck.release(configure(corpus, "1.0.0"))
    report = ck.release(corpus / "corpus.toml", dry_run=True)
    assert (report.unchanged, report.allowed) == (True, True)


def test_the_changelog_goes_on_and_titles_are_plain_text(released: Path) -> None:
    ck.release(configure(released, "1.1.0"))
    (released / "pages" / "b.txt").unlink()
    report = ck.release(configure(released, "2.0.0"))
    assert report.diff is not None
    assert {reason.rule for reason in report.diff.reasons} == {"rows-removed"}
    log = report.changelog
    assert [line for line in log.splitlines() if line.startswith("## ")] == ["## 2.0.0", "## 1.1.0", "## 1.0.0"]
    assert r"A \*new\* pier \# opens\_again" in log
    assert "lighthouse" not in log
    assert report.report is not None
    stated = json.loads((report.report.path / "changes.json").read_text(encoding="utf-8"))
    assert list(schema.validator("changes").iter_errors(stated)) == []
    assert [entry["previous"] for entry in stated["releases"]] == ["1.1.0", "1.0.0", None]


def test_a_release_is_built_again_byte_for_byte_with_the_one_before_it(
    released: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    ck.release(configure(released, "1.1.0"))
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    shutil.copytree(released / "dist" / "ferry-1.0.0", elsewhere / "ferry-1.0.0")
    report = ck.build(released / "corpus.toml", dist=elsewhere)
    assert checksums(report.path) == checksums(released / "dist" / "ferry-1.1.0")


def test_another_rule_of_cleaning_asks_for_a_major_version_though_rows_are_the_same(corpus: Path) -> None:
    ck.release(configure(corpus, "1.0.0"))
    with pytest.raises(VersionError, match=r"repair\.zero_width"):
        ck.release(configure(corpus, "1.0.1", "[repair]\nzero_width = false"))


def test_corrections_are_minor_and_append_refuses_them(corpus: Path) -> None:
    ck.release(configure(corpus, "1.0.0"))
    page = corpus / "pages" / "a.txt"
    page.write_text(page.read_text(encoding="utf-8").replace("eleven", "twelve"), encoding="utf-8")
    settings = configure(corpus, "2.0.0", '[version]\npolicy = "append"')
    with pytest.raises(VersionError, match="policy append allows additions only"):
        ck.release(settings)
    settings.write_text(settings.read_text().replace("append", "corrections").replace("2.0.0", "1.1.0"))
    assert ck.release(settings).least_version == "1.1.0"


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("<script>x</script>", r"\<script\>x\</script\>"),
        ("[a](http://x)\n## 9.9.9", r"\[a\](http://x) \#\# 9.9.9"),
        ("a | b `c`", r"a \| b \`c\`"),
    ],
)
def test_titles_are_nothing_but_their_characters(title: str, shown: str) -> None:
    assert changes._plain(title) == shown


def test_the_one_before_is_the_highest_below(tmp_path: Path) -> None:
    for name in ("town-0.9.0", "town-1.2.0", "town-1.10.0", "town-2.0.0", "town-hall-1.11.0", "town-1.11.0-rc1"):
        (tmp_path / name).mkdir()
    (tmp_path / "town-1.10.5").write_text("no folder")
    assert previous(tmp_path, "town", "1.11.0") == tmp_path / "town-1.10.0"
    assert previous(tmp_path, "town", "0.9.0") is None
    assert previous(tmp_path / "nowhere", "town", "1.0.0") is None


def test_the_commands_print_what_the_functions_say(released: Path, program_here: Program) -> None:
    assert program_here("release", cwd=released).returncode == 1
    ck.release(configure(released, "1.1.0"))
    old, new = (released / "dist" / f"ferry-{version}" for version in ("1.0.0", "1.1.0"))
    shown = program_here("diff", old, new)
    assert (shown.returncode, "MINOR, so 1.1.0 at least" in shown.stdout) == (1, True)
    assert program_here("diff", new, new).returncode == 0
    assert program_here("diff", old, old.with_name("nowhere")).returncode == 2
    printed = json.loads(program_here("diff", old, new, "--json").stdout)
    assert printed == json.loads(json.dumps(ck.diff(old, new).to_json()))
