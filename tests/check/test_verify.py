from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpuskit.check import verify
from corpuskit.errors import CorpuskitError

FILES = (
    "README.md",
    "manifest.json",
    "SHA256SUMS",
    "data/documents/train-00000-of-00001.parquet",
    "schemas/block.schema.json",
)
EVERY = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def copy(clean_release: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy that every example changes, and puts right again."""
    return Path(shutil.copytree(clean_release, tmp_path_factory.mktemp("verify") / clean_release.name))


def named(folder: Path) -> set[str]:
    """Return the files that ``verify`` names: in the place of a finding, or in what it says."""
    findings = verify(folder)
    said = " ".join(f"{finding.file} {finding.message}" for finding in findings)
    return {name for name in (*FILES, "new.txt") if name in said}


def test_what_was_released_is_sound(clean_release: Path) -> None:
    assert verify(clean_release) == []


@given(data=st.data(), name=st.sampled_from(FILES), bit=st.integers(0, 7))
@EVERY
def test_any_flipped_bit_is_found_and_named(copy: Path, data: st.DataObject, name: str, bit: int) -> None:
    path = copy / name
    raw = path.read_bytes()
    position = data.draw(st.integers(0, len(raw) - 1))
    try:
        path.write_bytes(raw[:position] + bytes([raw[position] ^ (1 << bit)]) + raw[position + 1 :])
        assert name in named(copy)
    finally:
        path.write_bytes(raw)


@given(data=st.data(), name=st.sampled_from(FILES))
@EVERY
def test_any_truncation_is_found_and_named(copy: Path, data: st.DataObject, name: str) -> None:
    path = copy / name
    raw = path.read_bytes()
    try:
        path.write_bytes(raw[: data.draw(st.integers(0, len(raw) - 1))])
        assert name in named(copy)
    finally:
        path.write_bytes(raw)


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_found_and_named(copy: Path, name: str) -> None:
    path = copy / name
    raw = path.read_bytes()
    path.unlink()
    try:
        assert name in named(copy)
    finally:
        path.write_bytes(raw)


@pytest.mark.parametrize("name", ["new.txt", "data/new.txt", "data/blocks/new.txt"])
def test_an_extra_file_is_found_and_named(copy: Path, name: str) -> None:
    (copy / name).write_text("x", encoding="utf-8")
    try:
        assert [(finding.rule, finding.file) for finding in verify(copy)] == [("file-extra", name)]
    finally:
        (copy / name).unlink()


@pytest.mark.parametrize("name", [".gitattributes", ".cache/huggingface/x.metadata", ".git/config"])
def test_what_transports_leave_is_no_part_of_the_release(copy: Path, name: str) -> None:
    (copy / name).parent.mkdir(parents=True, exist_ok=True)
    (copy / name).write_text("x", encoding="utf-8")
    try:
        assert verify(copy) == []
    finally:
        (copy / name).unlink()


def test_files_may_be_links_as_in_the_cache_of_the_hub(clean_release: Path, tmp_path: Path) -> None:
    for path in clean_release.rglob("*"):
        if path.is_file():
            link = tmp_path / path.relative_to(clean_release)
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(path)
    assert verify(tmp_path) == []


def test_a_folder_without_a_release_cannot_be_verified(tmp_path: Path) -> None:
    with pytest.raises(CorpuskitError, match="no release there"):
        verify(tmp_path)
