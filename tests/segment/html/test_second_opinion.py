"""Where a page is in doubt, the network of flattened text is heard: about the open blocks, and only by its weight."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from corpuskit.segment.html import read_markup
from corpuskit.segment.html.labels import choose
from corpuskit.segment.html.second_opinion import hear
from corpuskit.segment.pairs import PAIRS, PART_OF_PAIR
from corpuskit.segment.text.labeller import WINDOW

if TYPE_CHECKING:
    from corpuskit.segment.html import MarkupPage
    from corpuskit.segment.pairs import Array
    from corpuskit.segment.text.features import Features

PAGE = read_markup("".join(f"<p>Paragraph number {number} of a page about rivers.</p>" for number in range(6)))


class Sure:
    """A network that gives every line the same probability of being main, and counts the lines it was shown."""

    def __init__(self, main: float) -> None:
        self.main = main
        self.shown: list[int] = []

    def first_look(self, features: Features) -> Array:
        self.shown.append(len(features.words))
        mains = PART_OF_PAIR == 0
        row = np.where(mains, self.main / mains.sum(), (1 - self.main) / (len(PAIRS) - mains.sum()))
        return np.tile(row.astype(np.float32), (len(features.words), 1))


def chances(*values: float) -> Array:
    return np.array(values, np.float32)


@pytest.mark.parametrize(("said", "moved"), [(0.99, 1), (0.5, 0), (0.01, -1)])
def test_its_word_moves_open_blocks_its_way(said: float, moved: int) -> None:
    network = Sure(said)
    before = chances(0.5, 0.5, 0.001, 0.5, 0.5, 0.0)
    after = hear(PAGE, before, network)  # type: ignore[arg-type]
    assert network.shown == [4]
    assert np.sign((after - before).round(4)).tolist() == [moved, moved, 0, moved, moved, 0]
    assert before.tolist() == chances(0.5, 0.5, 0.001, 0.5, 0.5, 0.0).tolist()


def test_the_markup_outweighs_it() -> None:
    after = hear(PAGE, chances(0.95, 0.95, 0.95, 0.05, 0.05, 0.05), Sure(0.5))  # type: ignore[arg-type]
    assert (after[:3] > 0.8).all()
    assert (after[3:] < 0.2).all()


@pytest.mark.parametrize(("page", "chance"), [(PAGE, 0.001), (read_markup("<p>x" * (WINDOW + 1)), 0.5)])
def test_a_page_of_which_all_is_closed_or_too_much_open_is_not_shown(page: MarkupPage, chance: float) -> None:
    network = Sure(0.9)
    before = chances(*[chance] * len(page.blocks.text))
    assert hear(page, before, network) is before  # type: ignore[arg-type]
    assert not network.shown
    assert choose(page, before).because == "markup model"


def test_only_a_page_in_doubt_is_asked_about() -> None:
    asked = []

    def second(_: object, chance: Array) -> Array:
        asked.append(chance)
        return chances(0.9, 0.9, 0.9, 0.9, 0.9, 0.9)

    sure = choose(PAGE, chances(0.99, 0.99, 0.99, 0.01, 0.01, 0.01), second=second)
    assert not asked
    assert sure.because == "markup model"
    doubtful = choose(PAGE, chances(0.6, 0.5, 0.4, 0.3, 0.3, 0.3), second=second)
    assert len(asked) == 1
    assert doubtful.keep.all()
    assert doubtful.because == "models of markup and text"
    alone = choose(PAGE, chances(0.6, 0.5, 0.4, 0.3, 0.3, 0.3), second=None)
    assert alone.because == "markup model"


def test_the_network_that_ships_tells_prose_from_a_menu() -> None:
    prose = "The river rose two metres overnight, the council said, and three bridges in the valley had to be closed."
    page = read_markup(f"<div>{prose}</div><div>Home</div><div>{prose[::-1].title()}</div><div>{prose} Again.</div>")
    after = hear(page, chances(0.5, 0.5, 0.5, 0.5))
    assert after[0] > after[1]
