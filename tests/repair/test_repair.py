"""Every rule by itself, and what holds for any text at all."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpuskit.model import undo
from corpuskit.repair import RepairSettings, likelihood, mojibake, repair
from corpuskit.repair.misreadings import LEGACY, MULTI_BYTE, SINGLE_BYTE, misread, would_read

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

OFF = RepairSettings(**dict.fromkeys(RepairSettings.__slots__, False))
ON = RepairSettings(**dict.fromkeys(RepairSettings.__slots__, True))

RULES = [
    ("mojibake", "cafÃ© fermÃ©", "café fermé"),
    ("c1_controls", "a\x96b\x85", "a–b…"),
    ("surrogates", "\ud83d\udc47!", "👇!"),
    ("controls", "a\x00b\x07c\x7f\td\r\n\x0c", "abc\td\r\n\x0c"),
    ("zero_width", "a\u200bb\u2060c \u200d d", "abc  d"),
    ("soft_hyphens", "soft\u00adhyphen", "softhyphen"),
    ("inner_bom", "\ufeffa\ufeffb", "ab"),
    ("entities", "&amp;lt; &eacute;", "&lt; é"),
    ("quotes", "“a” ‘b’", "\"a\" 'b'"),
    ("ligatures", "ﬁne Ĳ", "fine IJ"),
    ("width", "Ａ\u3000ｶ", "A カ"),
    ("nfc", "e\u0301 a", "é a"),
]


@pytest.mark.parametrize(("rule", "damaged", "mended"), RULES, ids=[rule for rule, *_ in RULES])
def test_a_rule_does_its_work_alone_and_only_where_asked(rule: str, damaged: str, mended: str) -> None:
    alone = RepairSettings(**(dict.fromkeys(RepairSettings.__slots__, False) | {rule: True}))
    repaired = repair(damaged, alone)
    assert repaired.text == mended
    assert {change.rule for change in repaired.repairs} == {rule}
    assert repair(damaged, OFF).text == damaged


def test_every_option_is_covered() -> None:
    # Votes are no rule: they tell another what happened to other pages.
    assert {rule for rule, *_ in RULES} == set(RepairSettings.__slots__) - {"votes"}


@pytest.mark.parametrize(
    "text",
    ["می‌خواهم", "👩‍👩‍👧", "क्‍ष", "ภาษา\u200bไทย", "ខ្មែរ\u200bភាសា"],
    ids=["Persian", "emoji", "Hindi", "Thai", "Khmer"],
)
def test_joiners_and_break_hints_that_scripts_need_stay(text: str) -> None:
    assert repair(text).repairs == ()


def test_entities_in_markup_are_its_parser_s_business() -> None:
    assert repair("<p>&amp;lt;</p>", ON, media_type="text/html").text == "<p>&amp;lt;</p>"


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=())))
def test_any_text_can_be_had_back(text: str) -> None:
    for options in (RepairSettings(), ON):
        repaired = repair(text, options)
        assert undo(repaired.text, repaired.repairs) == text
        assert all(0 <= flag.start < flag.end <= len(repaired.text) for flag in repaired.flags)


@settings(deadline=None)
@given(
    st.text(st.characters(max_codepoint=0xFFFF, codec="utf-8"), min_size=1),
    st.sampled_from((*SINGLE_BYTE, *MULTI_BYTE)),
    st.integers(1, 3),
)
def test_any_misreading_of_anything_can_be_had_back(text: str, codec: str, depth: int) -> None:
    for _ in range(depth):
        text = misread(text.encode(), codec)
    repaired = repair(text)
    assert undo(repaired.text, repaired.repairs) == text


@given(st.binary(), st.sampled_from((*SINGLE_BYTE, *MULTI_BYTE)))
def test_bytes_are_misread_without_an_error(raw: bytes, codec: str) -> None:
    assert misread(raw, codec) or not raw


@pytest.mark.parametrize(
    ("after", "before", "chain", "exact"),
    [
        ("é", "Ã©", "UTF-8 read as cp1252", True),
        ("à", "Ã ", "UTF-8 read as cp1252, its no-break spaces lost", True),
        ("à", "Ã ", "UTF-8 read as cp1252", False),
        ("‹", "\x8b", "cp1251 read as cp1252", True),
        ("Л", "‹", "cp866 read as cp1252", True),
        ("é", "Ã¨", "UTF-8 read as cp1252", False),
        ("Ж", "Æ", "cp1253 read as cp1252", False),
    ],
)
def test_an_edit_has_to_be_misread_again_as_what_stood_there(
    after: str, before: str, chain: str, *, exact: bool
) -> None:
    assert would_read(after, before, chain) is exact


def test_repair_is_pure() -> None:
    text = misread("Завтра в городе откроется станция.".encode(), "cp1252")
    assert repair(text) == repair(text)


def test_a_repaired_page_needs_no_more_repair() -> None:
    once = repair(misread("Příští týden začne rekonstrukce.".encode(), "cp1250"))
    assert repair(once.text).repairs == ()


@pytest.mark.parametrize(
    "unit", ["é", "Ã", "Ã©", "â€", "\ufffd", "Ð", "か", "a\u0301", "ÃÂ", "\ue000", "👩‍", "鍗", "Ïð ", "ŕů é\n", "Â£5\n"]
)
def test_a_run_four_times_as_long_takes_four_times_the_work(unit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work is counted in characters scored: every generator of candidates scores what it reads."""
    scored = 0
    costs, unlikely = likelihood.Model.costs, likelihood.Model.unlikely

    def counted_costs(model: likelihood.Model, codes: likelihood.Codes) -> NDArray[np.uint8]:
        nonlocal scored
        scored += len(codes)
        return costs(model, codes)

    def counted_unlikely(
        model: likelihood.Model, codes: likelihood.Codes, limits: NDArray[np.uint8]
    ) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
        nonlocal scored
        scored += len(codes)
        return unlikely(model, codes, limits)

    monkeypatch.setattr(likelihood.Model, "costs", counted_costs)
    monkeypatch.setattr(likelihood.Model, "unlikely", counted_unlikely)
    work = []
    for length in (20_000, 80_000):
        scored = 0
        repair(unit * (length // len(unit)))
        work.append(scored)
    assert work[0] > 0
    assert work[1] <= 4.5 * work[0] + mojibake.CHUNK


def test_importing_the_room_loads_nothing_heavy() -> None:
    code = "import sys, corpuskit.repair; print(sorted({'numpy', 'ftfy', 'chardet'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


def test_every_legacy_pair_names_codecs_python_has() -> None:
    assert all(b"a".decode(written) == b"a".decode(read) == "a" for written, read in LEGACY)
