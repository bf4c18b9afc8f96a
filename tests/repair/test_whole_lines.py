"""Evidence of whole lines: what it proves, where it has to stop, and that it never guesses at bytes."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpuskit.repair import alphabets, likelihood
from corpuskit.repair.candidates import Zone, proven
from corpuskit.repair.misreadings import SINGLE_BYTE, misread, would_read
from corpuskit.repair.utf8 import whole_line_candidates, whole_text_candidates

LETTERS = st.characters(min_codepoint=0x20, max_codepoint=0x2FFF, exclude_categories=["Cs", "Cc"])


def page_of(text: str) -> Zone:
    codes = likelihood.code_points(text)
    return Zone(codes, np.arange(len(codes)), likelihood.load(), np.zeros(len(codes), bool))


@settings(deadline=None)
@given(
    lines=st.lists(st.text(LETTERS, min_size=1, max_size=30), max_size=4),
    codec=st.sampled_from(SINGLE_BYTE),
    is_misread=st.booleans(),
)
def test_whole_lines_are_read_back_exactly(lines: list[str], codec: str, *, is_misread: bool) -> None:
    text = "\n".join(lines)
    text = misread(text.encode(), codec) if is_misread else text
    candidates = whole_line_candidates(page_of(text), {})
    for candidate in candidates:
        assert would_read(candidate.after, text[candidate.start : candidate.end], candidate.chain)
    assert all(first.end <= second.start for first, second in pairwise(candidates))


@pytest.mark.parametrize(
    ("gains", "spoilt", "good"),
    [
        ([30, -3], [False, False], [True, True]),
        ([30, -3], [False, True], [True, False]),
        ([3, -3], [False, False], [False, False]),
        ([30, 1], [False, True], [True, False]),
        ([40, 1, 0], [False, False, True], [True, True, False]),
    ],
)
def test_a_line_is_proven_by_its_page_but_not_against_itself(
    gains: list[float], spoilt: list[bool], good: list[bool]
) -> None:
    found = proven(np.arange(len(gains)), np.array(gains, float), np.array(spoilt), least=10.0, before=0.0)
    assert found.tolist() == good


def test_text_that_was_mended_to_ascii_has_no_other_reading() -> None:
    assert whole_text_candidates("The harbour is closed", likelihood.load()) == []


@pytest.mark.parametrize(
    ("letters", "share"), [("", 1.0), ("éàç", 1.0), ("ĂŢ", 1.0), ("ŕŕůů", 0.5), ("þ¶", 0.5), ("жш", 0.0)]
)
def test_coverage_is_that_of_the_best_alphabet(letters: str, share: float) -> None:
    assert alphabets.coverage(*np.unique(likelihood.code_points(letters), return_counts=True)) == share


@pytest.mark.parametrize(("text", "share"), [("znaków", 0.0), ("znakуw так", 0.5), ("так же", 0.0), ("", 0.0)])
def test_words_of_two_scripts_are_counted(text: str, share: float) -> None:
    words = [match for match in text.split(" ") if match]
    starts = np.array([text.index(word) for word in words], np.int64)
    ends = np.array([text.index(word) + len(word) for word in words], np.int64)
    assert alphabets.share_mixed(likelihood.code_points(text), starts, ends) == share
