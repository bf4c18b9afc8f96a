"""What a process of ours imports: no more than it uses."""

from __future__ import annotations

import subprocess
import sys

import pytest

import corpuskit as ck

HEAVY = ("datasets", "matplotlib", "pandas", "trafilatura")

WORKER = """
from corpuskit.arrow import without_pandas
without_pandas()
import pyarrow as pa
from corpuskit.config import defaults
from corpuskit.model import Page
from corpuskit.passes.pages import one_page, row_of
page = Page(raw=b"<h1>Tide</h1><p>It rose in the night.", media_type="text/html", locator="a", source="s")
row_of("", 0, one_page(page, defaults()))
assert pa.array([1, 2]).to_pylist() == [1, 2]
"""
FINISH = """
from corpuskit.arrow import without_pandas
without_pandas()
import corpuskit.package.finish
"""
FRAMES = """
from corpuskit.arrow import without_pandas
without_pandas()
import pyarrow as pa
assert pa.table({"a": [1]}).to_pandas()["a"].tolist() == [1]
"""


def imported(code: str) -> set[str]:
    """Return which modules a new process has after ``code``."""
    said = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint(*sys.modules)"], capture_output=True, text=True, check=True
    )
    return set(said.stdout.split())


@pytest.mark.parametrize("code", ["import corpuskit.pipeline", FINISH, WORKER])
def test_a_build_leaves_heavy_libraries_alone(code: str) -> None:
    assert not imported(code) & set(HEAVY)


def test_who_hands_out_pages_does_not_import_what_cleans_them() -> None:
    assert not imported("import corpuskit.pipeline") & {"corpuskit.flow", "corpuskit.segment", "corpuskit.repair"}


def test_data_frames_are_there_for_who_asks() -> None:
    assert "pandas" in imported(FRAMES)


def test_what_is_public_is_what_is_listed() -> None:
    assert dir(ck) == sorted(ck.__all__)
    assert all(getattr(ck, name) is not None for name in ck.__all__)
    with pytest.raises(ck.PageError, match="not text"):
        ck.clean(b"\x89PNG\r\n")
