"""Which language a text is in: from all over the text, and never an error."""

from __future__ import annotations

import langcodes
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpuskit.describe.language import _LANGUAGES, _REGIONS, SAMPLE, detect_language, language_tag

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


def test_codes_that_are_not_looked_up_are_what_the_registry_has() -> None:
    tags = [*_LANGUAGES, *(f"{language}-{region}" for language in _LANGUAGES for region in _REGIONS)]
    assert [tag for tag in tags if langcodes.standardize_tag(tag) != tag] == []
    # A subtag is valid or not whatever stands beside it.
    valid = [*_LANGUAGES, *(f"en-{region}" for region in _REGIONS)]
    assert [tag for tag in valid if not langcodes.tag_is_valid(tag)] == []


@pytest.mark.parametrize(
    ("value", "tag"),
    [
        ("en", "en"),
        (" EN_us ", "en-US"),
        ("pt-br", "pt-BR"),
        ("iw", "he"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("es-419", "es-419"),
        ("fil", "fil"),
        ("sh", "sr-Latn"),
        ("en-DD", "en-DE"),
        ("xx", None),
        ("en-XQQ", None),
        ("en-OO", None),
        ("english", None),
    ],
)
def test_tags(value: str, tag: str | None) -> None:
    assert language_tag(value) == tag
