"""Pages that are suspected and left alone are looked at again by what happened to the other pages of their source."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest

import corpuskit as ck
from corpuskit.repair.misreadings import misread

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

GERMAN = (
    "Die größte Brücke über den Fluß wird für ein Jahr gesperrt, und alle müssen über die alte Straße fahren.",
    "Am Abend hörten wir die schönen Glocken der Dörfer, während es draußen kühl wurde und später regnete.",
    "Für die Gäste gab es süße Äpfel, frisches Gemüse und Brötchen, die der Bäcker früh gebracht hatte.",
    "Natürlich würden wir gern länger bleiben, aber die Züge nach München fahren nur bis fünf Uhr täglich.",
)
DOUBTFUL = "It was a plain page about the harbour and the ferry. Ö stood there, as it did last winter."
MISREAD = [misread("\n\n".join((GERMAN[n], GERMAN[n - 1])).encode(), "cp1250") for n in range(4)]
LEFT = misread(DOUBTFUL.encode(), "cp1250")


def build(
    folder: Path, sources: Sequence[Sequence[str]], extra: str = "", workers: int = 1, dist: Path | None = None
) -> ck.BuildReport:
    if not folder.exists():
        for number, pages in enumerate(sources):
            (folder / f"source{number}").mkdir(parents=True)
            for ordinal, text in enumerate(pages):
                (folder / f"source{number}" / f"{ordinal}.txt").write_text(text, encoding="utf-8")
    tables = "".join(f'[[source]]\nname = "source{n}"\npath = "source{n}"\n' for n in range(len(sources)))
    (folder / "corpus.toml").write_text(
        '[dataset]\nname = "town"\nversion = "1.0.0"\ntitle = "Town"\ndescription = "Pages of a town."\n'
        f"{tables}[select]\nmin_main_characters = 1\nmin_survival = 0.0\n{extra}",
        encoding="utf-8",
    )
    return ck.build(folder / "corpus.toml", workers=workers, dist=dist, fresh=workers > 1)


def texts(report: ck.BuildReport) -> str:
    return "\n".join(pq.read_table(report.path / "data" / "documents").column("text").to_pylist())


def digests(report: ck.BuildReport) -> str:
    return (report.path / "SHA256SUMS").read_text(encoding="utf-8")


def test_other_pages_of_its_source_decide_and_are_named(tmp_path: Path) -> None:
    made = build(tmp_path / "c", [[*MISREAD, LEFT, "A page in English."]])
    assert DOUBTFUL in texts(made)
    evidence = pq.read_table(made.path / "data" / "repairs").column("evidence").to_pylist()
    assert sum("as on 4 of 5 other pages of its source" in said for said in evidence) == 1
    assert {finding.rule for finding in ck.validate(made.path)} <= {"text-short"}


@pytest.mark.parametrize(
    ("sources", "extra"),
    [
        pytest.param([[LEFT]], "", id="a source of one page"),
        pytest.param([MISREAD, [LEFT, "A page in English."]], "", id="pages of another source"),
        pytest.param([["A page in English.", LEFT, *GERMAN]], "", id="pages nothing happened to"),
        pytest.param([[*MISREAD, LEFT]], "[repair]\nvotes = false\n", id="switched off"),
        pytest.param([[*MISREAD, LEFT]], "[repair]\nmojibake = false\n", id="no mojibake is looked for"),
    ],
)
def test_nothing_else_decides(tmp_path: Path, sources: Sequence[Sequence[str]], extra: str) -> None:
    assert LEFT in texts(build(tmp_path / "c", sources, extra))


def test_the_same_bytes_come_out_whatever_the_workers_and_what_an_earlier_run_left(tmp_path: Path) -> None:
    pages = [*MISREAD, LEFT, LEFT.replace("last winter", "spring"), *GERMAN]
    one = build(tmp_path / "c", [pages], dist=tmp_path / "one")
    two = build(tmp_path / "c", [pages], workers=2, dist=tmp_path / "two")
    again = build(tmp_path / "c", [pages], dist=tmp_path / "again")
    assert digests(one) == digests(two) == digests(again)
    # Nothing had to be done again: not the first look, nor the second.
    parts = tmp_path / "c" / ".corpuskit" / "town" / "parts"
    before = {path: path.stat().st_mtime_ns for path in parts.iterdir()}
    build(tmp_path / "c", [pages], dist=tmp_path / "more")
    assert {path: path.stat().st_mtime_ns for path in parts.iterdir()} == before


def test_it_is_done_again_when_the_votes_change(tmp_path: Path) -> None:
    folder = tmp_path / "c"
    assert DOUBTFUL in texts(build(folder, [[*MISREAD, LEFT]], dist=tmp_path / "one"))
    for number in range(4):
        (folder / "source0" / f"{number}.txt").write_text(GERMAN[number], encoding="utf-8")
    assert LEFT in texts(build(folder, [[*GERMAN, LEFT]], dist=tmp_path / "two"))


def test_pages_of_one_unit_are_told_apart(tmp_path: Path) -> None:
    folder = tmp_path / "c"
    (folder / "source0").mkdir(parents=True)
    lines = (
        f'{{"id": "{number}", "text": "{text}"}}\n'.replace("\n\n", r"\n\n")
        for number, text in enumerate([LEFT, *MISREAD, "A page in English.", LEFT])
    )
    (folder / "source0" / "pages.jsonl").write_text("".join(lines), encoding="utf-8")
    made = build(folder, [[]])
    assert texts(made).count(DOUBTFUL) == 2
    assert made.pages["read"] == 7
