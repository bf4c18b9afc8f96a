"""Which language a text is in: from all over the text, and never an error."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpuskit.describe.language import SAMPLE, detect_language

GERMAN = "Die Fähre legt bei Sturm nicht ab, und der Hafen bleibt bis zum Morgen geschlossen. "
ENGLISH = "The ferry does not leave in a storm, and the harbour stays closed until the morning. "


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (GERMAN, "de"),
        (ENGLISH * 200, "en"),
        (ENGLISH * (SAMPLE // len(ENGLISH) + 1) + GERMAN * 200, "de"),
        ("渡し船は嵐のときは出港しません。港は朝まで閉まっています。" * 100, "ja"),
        ("", None),
        ("\ud800\x00 \ufdd0", None),
    ],
    ids=["short", "long", "begins in another language", "without spaces", "empty", "no text"],
)
def test_language(text: str, language: str | None) -> None:
    assert detect_language(text) == language


@given(st.text(), st.sampled_from((1, SAMPLE)))
def test_any_text_has_an_answer(text: str, times: int) -> None:
    detect_language(text * times)
