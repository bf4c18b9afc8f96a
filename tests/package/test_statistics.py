"""What each source gave: counts over the files, the same as counting rows."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

import corpuskit as ck
from corpuskit.package.statistics import by_source

if TYPE_CHECKING:
    from pathlib import Path


def test_counts_are_those_of_the_rows(corpus: Path) -> None:
    other = corpus / "other"
    other.mkdir()
    page = (corpus / "pages" / "a.txt").read_text()
    (other / "one.txt").write_text(page.replace("ferry", "tram"))
    (other / "short.txt").write_text("Nothing here.\n")
    with (corpus / "corpus.toml").open("a") as file:
        file.write('[[source]]\nname = "other"\npath = "other"\n[select]\nmin_survival = 0\n')
    release = ck.build(corpus).path
    configs = json.loads((release / "manifest.json").read_text())["configs"]
    found = by_source(release, configs)
    assert set(found) == {"other", "pages"}
    assert found["other"].pages == Counter(kept=1, rejected=1)
    assert found["other"].rules == Counter(min_main_characters=1)
    sources = {row["id"]: row["source"] for row in pq.read_table(release / "data" / "documents").to_pylist()}
    counted: Counter[tuple[str, str]] = Counter()
    for row in pq.read_table(release / "data" / "blocks").to_pylist():
        counted[sources[row["document_id"]], row["role"]] += row["end"] - row["start"]
    assert counted == Counter(
        {(source, role): count for source, figures in found.items() for role, count in figures.characters.items()}
    )
    report = (release / "report.html").read_text()
    assert "<h2>2 sources</h2>" in report
    assert "min_main_characters 1" in report


def test_one_source_has_no_table(corpus: Path) -> None:
    assert "sources</h2>" not in (ck.build(corpus).path / "report.html").read_text()
