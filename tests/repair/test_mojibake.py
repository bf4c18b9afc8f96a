"""Mojibake: what must come back, and what must stay."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from corpuskit.model import undo
from corpuskit.repair import RepairSettings, repair
from corpuskit.repair.misreadings import misread

CASES = Path(__file__).with_name("cases")
DAMAGED = tomllib.loads((CASES / "mojibake.toml").read_text(encoding="utf-8"))["case"]
CLEAN = tomllib.loads((CASES / "unchanged.toml").read_text(encoding="utf-8"))["text"]
LOSSY = tomllib.loads((CASES / "lossy.toml").read_text(encoding="utf-8"))["case"]
UNREACHED = tomllib.loads((CASES / "known_failures.toml").read_text(encoding="utf-8"))["case"]
AMBIGUOUS_BESIDE_DAMAGE = {"portuguese_capitals"}
"""On a page that was misread so, "Ã…" is "Å"."""
MOJIBAKE_ALONE = RepairSettings(
    c1_controls=False, surrogates=False, controls=False, zero_width=False, soft_hyphens=False, inner_bom=False
)


@pytest.mark.parametrize("case", DAMAGED, ids=lambda case: case["label"])
def test_damage_is_undone_and_can_be_had_back(case: dict[str, str]) -> None:
    repaired = repair(case["damaged"])
    assert repaired.text == case["repaired"]
    assert undo(repaired.text, repaired.repairs) == case["damaged"]
    assert all("read as" in change.evidence for change in repaired.repairs if "mojibake" in change.rule)


@pytest.mark.parametrize("name", CLEAN)
def test_clean_text_is_left_alone(name: str) -> None:
    assert repair(CLEAN[name]).repairs == ()


@pytest.mark.parametrize("name", sorted(CLEAN.keys() - AMBIGUOUS_BESIDE_DAMAGE))
def test_clean_text_stays_when_it_stands_beside_damage(name: str) -> None:
    damaged = misread("Das süße Gebäude für die Übung – größer, schöner.".encode(), "cp1252")
    repaired = repair(f"{damaged}\n\n{CLEAN[name]}", MOJIBAKE_ALONE)
    assert repaired.text == f"Das süße Gebäude für die Übung – größer, schöner.\n\n{CLEAN[name]}"


@pytest.mark.parametrize("case", LOSSY, ids=lambda case: case["label"])
def test_what_is_lost_is_flagged(case: dict[str, str]) -> None:
    repaired = repair(case["damaged"])
    assert repaired.flags
    assert all(0 <= flag.start < flag.end <= len(repaired.text) for flag in repaired.flags)


@pytest.mark.parametrize("case", LOSSY, ids=lambda case: case["label"])
def test_what_is_lost_in_markup_is_flagged_where_it_stands(case: dict[str, str]) -> None:
    repaired = repair(f"<style>p {{ content: '\uf133' }}</style><p>{case['damaged']}</p>", media_type="text/html")
    start, end = repaired.text.index("<p>"), repaired.text.index("</p>")
    assert repaired.flags
    assert all(start < flag.start < flag.end <= end for flag in repaired.flags)


@pytest.mark.parametrize("label", ["الرئيسية", "Главная", "หน้าแรก", "मुख्य", "首页", "ホーム", "ראשי", "홈", "Štítky"])
def test_tags_around_clean_text_are_nothing_to_flag(label: str) -> None:
    marked = f"<title>{label}</title><a href='/'>{label}</a><h1>{label}</h1><p>{label}<br>© <a href='/'>{label}</a>"
    assert repair(marked, media_type="text/html").flags == ()


@pytest.mark.parametrize("case", UNREACHED, ids=lambda case: case["label"])
def test_known_failures_are_still_failures(case: dict[str, str]) -> None:
    assert repair(case["damaged"]).text != case["clean"], "now repaired: move it to mojibake.toml"


def test_the_misreading_is_named() -> None:
    (change,) = repair("Read on πŸ‘‡").repairs
    assert (change.rule, change.before, change.after) == ("mojibake", "πŸ‘‡", "👇")
    assert change.evidence.startswith("UTF-8 read as cp1253 (+")


def test_edits_are_no_wider_than_the_words_they_mend() -> None:
    repaired = repair("A long line about nothing in particular, with one cafÃ© in it, and much more after it.")
    assert [change.before for change in repaired.repairs] == ["Ã©"]


def test_a_page_seconds_what_alone_would_not_be_enough() -> None:
    damaged = misread("En dag på ön: Å ena sidan, å andra sidan. Gröna ängar, blåa sjöar, året om.".encode(), "cp1252")
    assert repair(damaged).text == "En dag på ön: Å ena sidan, å andra sidan. Gröna ängar, blåa sjöar, året om."
