"""Two releases of a dataset: version against difference, sources against what they were."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from corpuskit.check import examine
from corpuskit.check.profile import Profile, check_drift

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.check.conftest import Release

Row = dict[str, Any]


def set_version(release: Release, version: str) -> None:
    """Give a release another version, in name and description."""
    release.manifest["version"] = version
    release.seal()
    release.path = release.path.rename(release.path.with_name(f"{release.manifest['name']}-{version}"))


def remove_last(release: Release) -> None:
    rows = release.rows("documents")
    release.write("documents", rows[:-1])
    last = rows[-1]["id"]
    for config in ("blocks", "related", "repairs"):
        release.write(config, [row for row in release.rows(config) if row["document_id"] != last])
    decisions = [
        {**row, "status": "rejected", "rule": "min_main_characters", "value": "1", "threshold": "200"}
        if row["document_id"] == last
        else row
        for row in release.rows("decisions")
    ]
    release.write("decisions", decisions)
    release.seal()


def change_title(release: Release) -> None:
    release.edit("documents", 0, description="Another one.")
    pieces = release.rows("documents")[0]["evidence"]
    release.edit("documents", 0, evidence=[*pieces, {**pieces[0], "field": "description"}])
    release.seal()


def move(release: Release) -> None:
    first = release.rows("documents")[0]["id"]
    release.split_in_two(first)
    release.seal()


def nothing(release: Release) -> None:
    release.seal()


@pytest.mark.parametrize(
    ("change", "version", "rule"),
    [
        (nothing, "1.0.0", None),
        (nothing, "1.0.1", None),
        (nothing, "0.9.0", "version-order"),
        (change_title, "1.0.0", "version-order"),
        (change_title, "1.0.1", "version-bump"),
        (change_title, "1.1.0", "version-bump"),
        (change_title, "2.0.0", None),
        (remove_last, "1.1.0", "version-bump"),
        (remove_last, "2.0.0", None),
        (move, "1.9.9", "version-bump"),
        (move, "2.0.0", None),
    ],
)
def test_the_version_rises_by_what_the_rows_ask_for(
    release: Release, clean_release: Path, change: Callable[[Release], None], version: str, rule: str | None
) -> None:
    change(release)
    set_version(release, version)
    assert set(examine(release.path, against=clean_release).counts) == ({rule} if rule else set())


@pytest.mark.parametrize(("version", "rule"), [("1.0.1", "version-bump"), ("1.1.0", None)])
def test_rows_added_ask_for_a_minor_version(release: Release, tmp_path: Path, version: str, rule: str | None) -> None:
    old = type(release)(Path(shutil.copytree(release.path, tmp_path / "old" / release.path.name)))
    remove_last(old)
    set_version(release, version)
    assert set(examine(release.path, against=old.path).counts) == ({rule} if rule else set())


@pytest.mark.parametrize(("policy", "found"), [("strict", set()), ("append", {"version-policy"})])
def test_a_policy_of_additions_allows_no_change(
    release: Release, clean_release: Path, policy: str, found: set[str]
) -> None:
    change_title(release)
    set_version(release, "2.0.0")
    release.seal(policy)
    assert set(examine(release.path, against=clean_release).counts) == found


def test_another_dataset_is_not_compared_with(release: Release, clean_release: Path) -> None:
    release.manifest["name"] = "village"
    set_version(release, "2.0.0")
    assert set(examine(release.path, against=clean_release).counts) == {"version-name"}


def profile() -> Profile:
    made = Profile(read=100, kept=90, documents=90, log_length=90 * 7.0, main_characters=900, other_characters=100)
    made.missing.update(title=5)
    made.languages.update(en=80, de=10)
    return made


SAME: list[Callable[[Profile], Profile]] = [
    lambda p: p,
    lambda p: replace(p, log_length=90 * 7.2),
    lambda p: replace(p, kept=85),
    lambda p: replace(p, documents=20, read=400),
]
DRIFTED: list[tuple[str, Callable[[Profile], Profile]]] = [
    ("drift-source", lambda p: replace(p, documents=0)),
    ("survival-drift", lambda p: replace(p, kept=40)),
    ("survival-drift", lambda p: replace(p, read=200)),
    ("drift-length", lambda p: replace(p, log_length=90 * 8.0)),
    ("drift-length", lambda p: replace(p, log_length=90 * 6.0)),
    ("drift-boilerplate", lambda p: replace(p, other_characters=900)),
    ("drift-missing", lambda p: replace(p, missing=p.missing + p.missing + p.missing + p.missing)),
    ("drift-missing", lambda p: replace(p, missing=type(p.missing)(title=5, authors=30))),
    ("drift-language", lambda p: replace(p, languages=type(p.languages)(en=50, de=40))),
    ("drift-language", lambda p: replace(p, languages=type(p.languages)(en=70, unknown=20))),
]


@pytest.mark.parametrize("change", SAME)
def test_small_shifts_and_small_sources_are_no_drift(change: Callable[[Profile], Profile]) -> None:
    assert list(check_drift({"a": change(profile())}, {"a": profile()})) == []


@pytest.mark.parametrize(("rule", "change"), DRIFTED)
def test_drift_is_found(rule: str, change: Callable[[Profile], Profile]) -> None:
    assert {finding.rule for finding in check_drift({"a": change(profile())}, {"a": profile()})} == {rule}


def test_a_source_that_is_gone_is_drift() -> None:
    assert [finding.rule for finding in check_drift({}, {"a": profile()})] == ["drift-source"]


def test_drift_is_found_between_releases(
    release: Release, clean_release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpuskit.check.profile.FEWEST", 1)
    rows = release.rows("documents")
    release.write(
        "documents",
        [{**row, "publisher": None, "date_published": None, "date": None, "date_basis": None} for row in rows],
    )
    release.seal()
    set_version(release, "2.0.0")
    report = examine(release.path, against=clean_release)
    assert set(report.counts) == {"drift-missing"}
    assert {finding.message.split(":")[0] for finding in report.findings} == {"english", "german"}
