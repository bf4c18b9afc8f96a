"""The command, and the function behind it."""

from __future__ import annotations

import importlib
import json
from typing import TYPE_CHECKING

import pytest

import corpuskit as ck

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    Program = Callable[..., subprocess.CompletedProcess[str]]


def test_the_room_and_the_function_have_one_name() -> None:
    before = ck.publish
    importlib.import_module("corpuskit.publish.report")
    assert callable(before)
    assert callable(ck.publish)


def test_it_publishes_says_so_and_ends_with_zero(
    program_here: Program, releases: tuple[Path, Path], tmp_path: Path
) -> None:
    done = program_here("publish", releases[0], tmp_path / "store")
    assert (done.returncode, done.stderr) == (0, "")
    assert "is published" in done.stdout
    again = program_here("publish", releases[0], tmp_path / "store", "--json")
    assert {**json.loads(again.stdout), "target": ""} == {
        "name": "ferry",
        "version": "1.0.0",
        "target": "",
        "tag": "1.0.0",
        "outcome": "same",
        "sent": [],
        "present": sorted(
            path.relative_to(releases[0]).as_posix() for path in releases[0].rglob("*") if path.is_file()
        ),
        "sent_bytes": 0,
        "new_bytes": None,
        "commit": None,
        "latest": True,
    }


def test_what_may_not_be_published_ends_with_one_and_is_listed(
    program_here: Program, root: Path, tmp_path: Path
) -> None:
    (release,) = (root / "dist").glob("sco-news-7.0.0")
    done = program_here("publish", release, tmp_path / "store")
    assert done.returncode == 1
    assert "5 of 5 documents may not be published" in done.stderr
    done = program_here("publish", release, tmp_path / "store", "--json")
    assert done.returncode == 1
    said = json.loads(done.stdout)
    assert (said["outcome"], len(said["listed"])) == ("refused", 5)
    assert sum(said["withheld"].values()) == 5
    assert not (tmp_path / "store").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere", "store"], "there is no release there"),
        (["RELEASE", "harbour", "--hub"], "is no dataset repository"),
        (["RELEASE", "store", "--tag", "v1"], "is no tag for version 1.0.0"),
        (["RELEASE", "s3://a:secret@b/c"], "holds a credential"),
    ],
)
def test_what_cannot_be_done_ends_with_two(
    program_here: Program, releases: tuple[Path, Path], tmp_path: Path, arguments: list[str], said: str
) -> None:
    done = program_here(
        "publish", *(str(releases[0]) if word == "RELEASE" else word for word in arguments), cwd=tmp_path
    )
    assert done.returncode == 2
    assert said in done.stderr
    assert "secret" not in done.stderr
