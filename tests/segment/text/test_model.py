"""The network in numpy: what it must hold whatever the weights are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpuskit.model import KINDS, Kind, Role
from corpuskit.segment.labeller import Label, Line
from corpuskit.segment.lines import split_lines
from corpuskit.segment.pairs import PAIRS
from corpuskit.segment.text import TextLabeller
from corpuskit.segment.text.decode import choose_main, confidence, decode, end_article
from corpuskit.segment.text.features import GROUP_COLUMNS, SHARED_COLUMN, read_features
from corpuskit.segment.text.lexicon import GROUPS
from corpuskit.segment.text.model import shipped

if TYPE_CHECKING:
    from collections.abc import Sequence

PAGE = "\n".join(  # noqa: FLY002
    [
        "Home", "News", "Sport", "Log in",
        "Harbour to be dredged before winter",
        "By Joan Porter",
        "Tuesday 4 March 2025",
        "The harbour committee agreed on Tuesday that the channel will be dredged before the winter storms arrive.",
        "The work, which fishermen have asked for since the spring, is to begin in the first week of September.",
        "“We lost three days last year because boats could not leave,” the chairman of the fishermen's union said.",
        "The committee expects the dredging to cost about two million and to take no more than five weeks in all.",
        "Share this article", "Facebook", "Twitter",
        "Comments",
        "No comments yet",
        "Related articles",
        "Ferry service to resume after repairs",
        "3 hours ago",
        "© 2025 All rights reserved",
    ]
)  # fmt: skip


def test_an_ordinary_page() -> None:
    labels = TextLabeller()(split_lines(PAGE))
    roles = [label.role for label in labels]
    assert roles[7:11] == [Role.MAIN] * 4
    assert Role.MAIN not in roles[:7] + roles[11:]
    assert roles[16:19] == [Role.RELATED] * 3
    assert roles[14:16] == [Role.BOILERPLATE] * 2


@settings(deadline=None)
@given(st.lists(st.text(min_size=1, max_size=60), max_size=30))
def test_every_line_gets_an_allowed_label(parts: list[str]) -> None:
    lines = split_lines("\n".join(parts))
    reading = TextLabeller().read(lines)
    assert len(reading.labels) == len(lines)
    assert 0.0 <= reading.expected_f1 <= 1.0
    for label in reading.labels:
        assert label.kind in KINDS[label.role]
        assert 0.0 <= label.score <= 1.0
        assert label.reason


def test_the_same_page_twice_is_labelled_the_same() -> None:
    lines = split_lines(PAGE)
    assert TextLabeller()(lines) == TextLabeller()(lines)


def test_probabilities_sum_to_one() -> None:
    probabilities = shipped()(read_features(split_lines(PAGE)))
    assert probabilities.shape == (20, len(PAIRS))
    assert probabilities.sum(axis=1) == pytest.approx(np.ones(20), abs=1e-4)


def test_columns_are_where_they_are_said_to_be() -> None:
    lines = [Line(0, 8, "Comments", 0), Line(9, 17, "reserved", 1), Line(18, 26, "reserved", 1)]
    dense = read_features(lines).dense
    groups = dict(zip(GROUPS, dense[:, GROUP_COLUMNS].T, strict=True))
    assert groups["comments"][0] > 0
    assert groups["legal"][1] > 0
    assert groups["comments"][1] == groups["legal"][0] == 0
    assert dense[:, SHARED_COLUMN].tolist() == [0, 0, 1]


def test_the_choice_maximises_expected_f1() -> None:
    dice = np.random.default_rng(5)
    for _ in range(50):
        main, words = dice.random(8).astype(np.float32), dice.integers(1, 60, 8)
        keep, expected = choose_main(main, words)
        sets = [np.array([number >> bit & 1 for bit in range(8)], dtype=bool) for number in range(1, 256)]
        best = max(2 * (main * words)[some].sum() / (words[some].sum() + (main * words).sum()) for some in sets)
        assert expected == pytest.approx(best, rel=1e-5)
        assert 2 * (main * words)[keep].sum() / (words[keep].sum() + (main * words).sum()) == pytest.approx(
            best, rel=1e-5
        )


def test_a_line_more_likely_related_than_main_is_not_kept() -> None:
    probabilities = np.full((2, len(PAIRS)), 0.0, dtype=np.float32)
    main, related = PAIRS.index((Role.MAIN, KINDS[Role.MAIN][0])), PAIRS.index((Role.RELATED, KINDS[Role.RELATED][0]))
    probabilities[:, main] = 0.9, 0.45
    probabilities[:, related] = 0.1, 0.55
    pairs, _ = decode(probabilities, np.array([50, 50]))
    assert [PAIRS[pair][0] for pair in pairs] == [Role.MAIN, Role.RELATED]
    assert confidence(probabilities, pairs) == pytest.approx([0.9, 0.55])


@pytest.mark.parametrize(
    ("main", "kept"),
    [
        ([0.9] * 4 + [0.1] * 9 + [0.6] * 2, 4),
        ([0.9] * 4 + [0.1] * 9 + [0.9] * 2, 6),
        ([0.9] * 4 + [0.1] * 5 + [0.6] * 2, 6),
        ([0.6] * 2 + [0.1] * 9 + [0.9] * 4, 6),
        ([0.1] * 3, 0),
    ],
    ids=["an unsure run after a gap", "a sure one", "a small gap", "an unsure run before", "no article"],
)
def test_the_article_ends_where_only_unsure_text_follows(main: list[float], kept: int) -> None:
    probabilities = np.array(main, dtype=np.float32)
    words = np.full(len(main), 40)
    assert end_article(probabilities > 0.5, probabilities, words).sum() == kept


def test_a_headline_said_again_is_no_paragraph() -> None:
    lines = split_lines(PAGE.replace("Share this", "Harbour to be dredged before winter [File photo]\nShare this"))
    again = TextLabeller()(lines)[11]
    assert lines[11].text.endswith("[File photo]")
    assert again.role is not Role.MAIN


def test_a_second_labeller_sways_only_what_is_doubtful() -> None:
    lines = split_lines(PAGE)

    def contrary(lines: Sequence[Line]) -> Sequence[Label]:
        return [Label(Role.METADATA, Kind.CONTACT, 1.0, "contrary") for _ in lines]

    alone, together = TextLabeller()(lines), TextLabeller(second=contrary)(lines)
    assert [label.role for label in together[7:11]] == [Role.MAIN] * 4
    for one, two in zip(alone, together, strict=True):
        assert one.role is two.role or (two.role is Role.METADATA and one.score < 0.8)
        assert (two.reason == "contrary") == (two.role is Role.METADATA)


def test_a_last_paragraph_about_the_author_is_no_main_text() -> None:
    sign_off = (
        "The author is a professor of history at the university of a town on the coast, and has written four books."
    )
    lines = split_lines(PAGE.replace("Share this", f"{sign_off}\nShare this"))
    assert lines[11].text == sign_off
    assert TextLabeller()(lines)[11].role is Role.METADATA
