"""The built wheel does what the checkout does: nothing is left behind when it is packed."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest

from corpuskit import schema

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def unpacked(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with what the wheel installs."""
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)]
    subprocess.run(command, cwd=root, check=True, capture_output=True)
    (wheel,) = out.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(out / "site")
    return out / "site"


def run(unpacked: Path, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the program from the unpacked wheel, whose code must come before the checkout's."""
    return subprocess.run(
        [sys.executable, "-m", "corpuskit", *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(unpacked)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_wheel_holds_data_and_schemas(unpacked: Path) -> None:
    package = unpacked / "corpuskit"
    assert (package / "py.typed").is_file()
    assert {path.name for path in (package / "schemas").iterdir()} == {f"{name}.schema.json" for name in schema.NAMES}
    code = [path for path in package.rglob("*") if path.suffix == ".toml"]
    assert {path.name for path in code} >= {"cues.toml", "months.toml"}
    weights = {path.relative_to(package).as_posix() for path in package.rglob("*.npz")}
    assert weights == {"repair/characters.npz", "segment/html/weights.npz", "segment/text/weights.npz"}
    assert all((package / path).with_name("MODEL_CARD.md").is_file() for path in weights)


def test_the_wheel_builds_a_release(unpacked: Path, corpus: Path) -> None:
    where = subprocess.run(
        [sys.executable, "-c", "import corpuskit; print(corpuskit.__file__)"],
        cwd=corpus,
        env={**os.environ, "PYTHONPATH": str(unpacked)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert where.startswith(str(unpacked))
    done = run(unpacked, "build", cwd=corpus)
    assert done.returncode == 0, done.stderr
    assert run(unpacked, "validate", "dist/ferry-0.1.0", cwd=corpus).returncode == 0
