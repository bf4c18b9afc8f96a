"""Building a release: what comes out, and what happens when something goes wrong."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import corpuskit as ck
from corpuskit.errors import ConfigError, ReleaseDiffersError, ReleaseError, SourceError
from corpuskit.package.release import checksums, locked

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path


def build(corpus: Path, **options: object) -> ck.BuildReport:
    return ck.build(corpus / "corpus.toml", **options)  # type: ignore[arg-type]


def rows(release: Path, config: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = pq.read_table(release / "data" / config).to_pylist()
    return found


def test_a_release_holds_what_the_design_says(corpus: Path) -> None:
    report = build(corpus)
    assert report.outcome == "written"
    assert set(checksums(report.path)) == {
        *(
            "README.md",
            "SHA256SUMS",
            "manifest.json",
            "croissant.json",
            "provenance.json",
            "CITATION.cff",
            "report.html",
            "CHANGELOG.md",
            "changes.json",
        ),
        *(
            f"figures/{name}.svg"
            for name in ("roles", "removed", "survival", "lengths", "languages", "rights", "fields")
        ),
        *(
            f"data/{config}/train-00000-of-00001.parquet"
            for config in ("documents", "blocks", "related", "repairs", "decisions")
        ),
        *(
            f"schemas/{name}.schema.json"
            for name in (
                *("document", "block", "related", "repair", "decision"),
                *("manifest", "config", "provenance", "changes", "tombstone"),
            )
        ),
    }
    assert [finding for finding in ck.validate(report.path) if finding.severity == "error"] == []


def test_rows_come_in_order_and_ids_join(corpus: Path) -> None:
    release = build(corpus).path
    documents = rows(release, "documents")
    ids = [row["id"] for row in documents]
    assert ids == sorted(ids, key=str)
    assert {row["document_id"] for row in rows(release, "blocks")} == set(ids)
    assert [row["title"] for row in documents if row["locator"] == "a.txt"] == ["The ferry runs again"]


def test_parquet_is_written_as_designed(corpus: Path) -> None:
    file = pq.ParquetFile(build(corpus).path / "data" / "documents" / "train-00000-of-00001.parquet")
    columns = {
        file.metadata.row_group(0).column(i).path_in_schema: file.metadata.row_group(0).column(i) for i in range(26)
    }
    text = columns["text"]
    assert text.compression == "ZSTD"
    assert text.statistics is None
    assert text.has_offset_index
    assert "RLE_DICTIONARY" not in text.encodings
    assert "RLE_DICTIONARY" in columns["source"].encodings


def test_the_same_release_again_is_said_to_be_the_same(corpus: Path) -> None:
    build(corpus)
    before = checksums(corpus / "dist")
    assert build(corpus).outcome == "same"
    assert checksums(corpus / "dist") == before


def test_other_bytes_are_refused_named_and_change_nothing(corpus: Path) -> None:
    build(corpus)
    before = checksums(corpus / "dist")
    (corpus / "pages" / "a.txt").write_text((corpus / "pages" / "b.txt").read_text())
    with pytest.raises(ReleaseDiffersError, match=r"data/documents/train-00000-of-00001.parquet: has other bytes"):
        build(corpus)
    assert checksums(corpus / "dist") == before
    assert build(corpus, replace=True).outcome == "replaced"
    assert [found for found in ck.validate(corpus / "dist" / "ferry-0.1.0") if found.severity == "error"] == []


def test_every_page_is_accounted_for(corpus: Path) -> None:
    pages = corpus / "pages"
    (pages / "empty.txt").write_bytes(b"")
    (pages / "image.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(500))
    (pages / "short.txt").write_text("Too short.")
    (pages / "invalid.txt").write_bytes((pages / "a.txt").read_bytes() + b"\xff\xfe\x80 caf\xe9")
    report = build(corpus)
    assert report.pages["read"] == 7 == sum(report.pages[name] for name in ("kept", "rejected", "quarantined"))
    decisions = {str(row["locator"]): row for row in rows(report.path, "decisions")}
    assert decisions["empty.txt"]["stage"] == "read"
    assert decisions["image.txt"]["stage"] == "decode"
    assert (decisions["short.txt"]["status"], decisions["short.txt"]["rule"]) == ("rejected", "min_main_characters")
    assert decisions["invalid.txt"]["status"] == "kept"


def test_a_page_over_the_limit_is_quarantined_and_not_read_whole(corpus: Path) -> None:
    with (corpus / "corpus.toml").open("a") as file:
        file.write("[limits]\nmax_page_bytes = 1000\n")
    with (corpus / "pages" / "huge.txt").open("wb") as file:
        file.truncate(100_000_000)
    decisions = {row["locator"]: row["error"] for row in rows(build(corpus).path, "decisions")}
    assert decisions["huge.txt"] == "is larger than limits.max_page_bytes (1,000 bytes)"


def test_too_few_survivors_fail_the_build_and_leave_nothing(corpus: Path) -> None:
    for name in "defghij":
        (corpus / "pages" / f"{name}.txt").write_bytes(b"")
    with pytest.raises(ReleaseError, match="only 3 of 10 pages survived"):
        build(corpus)
    assert [path.name for path in (corpus / "dist").iterdir()] == [".corpuskit.lock"]


@pytest.mark.parametrize(("path", "said"), [("nowhere", "does not exist"), ("empty", "holds no page")])
def test_a_source_without_pages_is_an_error(corpus: Path, path: str, said: str) -> None:
    (corpus / "empty").mkdir()
    settings_file = corpus / "corpus.toml"
    settings_file.write_text(settings_file.read_text().replace('path = "pages"', f'path = "{path}"'))
    with pytest.raises(SourceError, match=said):
        build(corpus)
    assert not (corpus / "dist").exists()


def test_a_second_run_on_the_same_dist_is_refused(corpus: Path) -> None:
    with locked(corpus / "dist"), pytest.raises(ReleaseError, match="another run"):
        build(corpus)
    assert build(corpus).outcome == "written"


def test_a_dist_that_is_a_file_is_an_error(corpus: Path) -> None:
    (corpus / "dist").write_text("in the way")
    with pytest.raises(ReleaseError, match="cannot be written to: it is a file"):
        build(corpus)


def test_what_a_killed_run_left_is_taken_away(corpus: Path) -> None:
    left = corpus / "dist" / ".building-left"
    left.mkdir(parents=True)
    (left / "half.parquet").write_bytes(b"PAR1")
    build(corpus)
    assert not left.exists()


def test_interrupting_leaves_nothing(corpus: Path) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(corpus, progress=interrupt)
    assert [path.name for path in (corpus / "dist").iterdir()] == [".corpuskit.lock"]


def test_links_out_of_the_source_and_hidden_files_are_no_pages(corpus: Path) -> None:
    (corpus / "secret.txt").write_text("secret")
    (corpus / "pages" / "link.txt").symlink_to(corpus / "secret.txt")
    (corpus / "pages" / ".hidden.txt").write_text("hidden")
    assert build(corpus).pages["read"] == 3


def test_a_related_item_is_linked_to_the_document_it_is(corpus: Path) -> None:
    page = corpus / "pages" / "a.txt"
    page.write_text(
        page.read_text() + "Related Articles\n\nA lighthouse is for sale\n\nSomething else entirely today\n"
    )
    release = build(corpus).path
    ids = {row["locator"]: row["id"] for row in rows(release, "documents")}
    linked = [row["related_document_id"] for row in rows(release, "related")]
    assert linked == [ids["b.txt"], None]


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pages=st.lists(st.binary(max_size=60), min_size=1, max_size=6))
def test_pages_read_are_kept_rejected_or_quarantined(corpus: Path, pages: list[bytes]) -> None:
    for number in range(6):
        path = corpus / "pages" / f"random{number}.txt"
        path.unlink(missing_ok=True)
        if number < len(pages):
            path.write_bytes(pages[number])
    settings_file = corpus / "corpus.toml"
    settings_file.write_text(settings_file.read_text().partition("[select]")[0] + "[select]\nmin_survival = 0\n")
    counts = build(corpus, replace=True).pages
    assert counts["read"] == 3 + len(pages) == counts["kept"] + counts["rejected"] + counts["quarantined"]


ENVIRONMENTS = [
    {"TZ": "UTC", "LC_ALL": "C", "PYTHONHASHSEED": "0"},
    {"TZ": "Asia/Tokyo", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "4242", "LANGUAGE": "de"},
]


def test_the_same_bytes_whatever_the_surroundings(
    corpus: Path, tmp_path_factory: pytest.TempPathFactory, program: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    """Two builds: other directory, time zone, locale, hash seed and number of workers."""
    found = []
    for number, (environment, workers) in enumerate(zip(ENVIRONMENTS, ("1", "2"), strict=True)):
        dist = tmp_path_factory.mktemp(f"dist{number}")
        cwd = tmp_path_factory.mktemp(f"cwd{number}")
        done = program(
            *("build", "--config", corpus, "--dist", dist, "--work", cwd / "work", "--workers", workers, "--json"),
            cwd=cwd,
            env=environment,
        )
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["outcome"] == "written"
        found.append(checksums(dist / "ferry-0.1.0"))
    assert found[0] == found[1]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_an_unwritable_dist_is_an_error(corpus: Path) -> None:
    (corpus / "dist").mkdir(mode=0o500)
    with pytest.raises(ReleaseError, match="cannot be written"):
        build(corpus)


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is a Linux device")
def test_a_full_disk_is_an_error_and_leaves_nothing(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from corpuskit.package import release

    def full(_: Path, text: str) -> None:
        with open("/dev/full", "w", encoding="utf-8") as file:  # noqa: PTH123 - a real device that is always full
            file.write(text)

    monkeypatch.setattr(release, "write_text", full)
    with pytest.raises(ReleaseError, match="No space left on device"):
        build(corpus)
    assert [path.name for path in (corpus / "dist").iterdir()] == [".corpuskit.lock"]


@pytest.mark.skipif(os.name != "posix", reason="elsewhere folders have no such rights")
def test_others_may_read_a_release_as_they_may_any_new_folder(corpus: Path) -> None:
    (corpus / "new").mkdir()
    assert build(corpus).path.stat().st_mode == (corpus / "new").stat().st_mode


@pytest.mark.parametrize("options", [{"engine": "spark"}, {"workers": 0}])
def test_a_build_cannot_be_told_just_anything(corpus: Path, options: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=next(iter(options))):
        build(corpus, **options)


def test_pages_of_one_name_are_an_error_that_says_what_to_do(corpus: Path) -> None:
    row = json.dumps({"text": "The ferry runs again.", "url": "https://ferry.example/a"})
    other = row.replace("/a", "/b")
    (corpus / "pages" / "rows.jsonl").write_text(f"{row}\n{row}\n{other}\n{other}\n")
    with pytest.raises(
        SourceError, match=r"they are both https://ferry.example/[ab]; so it is with 1 more ids\n.*fields.id"
    ):
        build(corpus)


def test_an_encoding_that_is_none_is_an_error(corpus: Path) -> None:
    with (corpus / "corpus.toml").open("a") as settings:
        settings.write('encoding = "windows-1251"\n')
    assert build(corpus).outcome == "written"
    (corpus / "corpus.toml").write_text((corpus / "corpus.toml").read_text().replace("windows-1251", "windows-1"))
    with pytest.raises(ConfigError, match="the encoding 'windows-1', and there is none"):
        build(corpus)
