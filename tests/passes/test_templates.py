"""Lines that stand on many pages of a source are no part of its texts."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import corpuskit as ck

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

WORDS = ("harbour", "council", "ferry", "winter", "quarter", "market", "price", "street", "engine", "river", "school")
SERIES = "This story is part of a series that the paper has published since the spring of {}."


def paragraph(seed: int) -> str:
    """Return a sentence that no other seed gives."""
    return " ".join(WORDS[byte % len(WORDS)] for byte in sha256(bytes([seed])).digest()).capitalize() + "."


def page(number: int, *more: str) -> str:
    body = "\n\n".join((*(paragraph(number * 10 + k) for k in range(5)), *more))
    return f"Home\n\nNews of the day, number {number}, from the harbour\n\nBy Ada Marsh\n\n{body}\n\nShare\n"


def build(folder: Path, sources: Sequence[Sequence[str]], extra: str = "") -> ck.BuildReport:
    folder.mkdir(exist_ok=True)
    named = [f"source{n}" for n in range(len(sources))]
    for name, pages in zip(named, sources, strict=True):
        (folder / name).mkdir()
        for number, text in enumerate(pages):
            (folder / name / f"{number}.txt").write_text(text, encoding="utf-8")
    tables = "".join(f'[[source]]\nname = "{name}"\npath = "{name}"\n' for name in named)
    (folder / "corpus.toml").write_text(
        '[dataset]\nname = "town"\nversion = "1.0.0"\ntitle = "Town"\ndescription = "News of a town."\n'
        f"{tables}{extra}[select]\nmin_survival = 0.1\n",
        encoding="utf-8",
    )
    return ck.build(folder / "corpus.toml")


def texts(report: ck.BuildReport) -> list[str]:
    found: list[str] = pq.read_table(report.path / "data" / "documents").column("text").to_pylist()
    return found


def lines(report: ck.BuildReport, start: str) -> list[dict[str, Any]]:
    rows = pq.read_table(report.path / "data" / "blocks").to_pylist()
    return [row for row in rows if row["text"].startswith(start)]


def test_a_line_of_the_template_goes_and_says_why(tmp_path: Path) -> None:
    made = build(tmp_path / "c", [[page(n, SERIES.format(2000 + n)) for n in range(12)]])
    assert not any("This story" in text for text in texts(made))
    found = lines(made, "This story")
    assert {(row["role"], row["kind"]) for row in found} == {("boilerplate", "other")}
    assert {row["reason"] for row in found} == {"stands on 12 of 12 pages of its source"}
    assert all(0.5 <= row["score"] <= 1 for row in found)
    assert ck.validate(made.path) == []


def test_it_stays_where_the_settings_say_so(tmp_path: Path) -> None:
    pages = [page(n, SERIES.format(2000 + n)) for n in range(12)]
    made = build(tmp_path / "c", [pages], "[segment]\ntemplates = false\n")
    assert all("This story" in text for text in texts(made))


@pytest.mark.parametrize(
    "sources",
    [
        [[page(1, SERIES.format(2001))]],
        [[page(n, SERIES.format(2000 + n))] for n in range(6)],
        [[page(n) for n in range(6)]],
    ],
    ids=["one page", "a page a source", "nothing repeats"],
)
def test_what_does_not_repeat_within_a_source_stays(tmp_path: Path, sources: list[list[str]]) -> None:
    with_, without = build(tmp_path / "a", sources), build(tmp_path / "b", sources, "[segment]\ntemplates = false\n")
    assert texts(with_) == texts(without)


def test_copies_of_a_page_are_no_template(tmp_path: Path) -> None:
    same = [page(1).replace("Share", f"Share\n\nPrint {n}") for n in range(6)]
    made = build(tmp_path / "c", [same])
    assert all(paragraph(10) in text for text in texts(made))


@given(st.lists(st.lists(st.integers(0, 5), max_size=6), min_size=1, max_size=5))
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_texts_are_the_main_blocks_whatever_repeats(
    tmp_path_factory: pytest.TempPathFactory, pages: list[list[int]]
) -> None:
    made = build(tmp_path_factory.mktemp("p") / "c", [[page(n, *map(paragraph, p)) for n, p in enumerate(pages)]])
    assert [f for f in ck.validate(made.path) if f.severity == "error"] == []
