"""How training data is made: labels from markup, gold put on blocks, flattening that loses no label."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpuskit.model import Kind, Role
from corpuskit.segment.html.walk import read_markup
from corpuskit.segment.lines import split_lines
from corpuskit.segment.text import TextLabeller
from corpuskit.segment.text.model import load
from corpuskit.train.align import coverage, overrule, shingle_f1
from corpuskit.train.boosting import forest_of
from corpuskit.train.dom_roles import read_blocks
from corpuskit.train.flatten import STYLES, owners
from corpuskit.train.hand import HandLabels
from corpuskit.train.pages import FOLDS, domain_of, fold_of, label_page
from corpuskit.train.teacher import Chances, corrected, listen, read_chances, write_chances

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

HTML = """<html><head><title>x</title><style>p {}</style></head><body class="single comments-open">
<nav><ul><li><a href="/">Home</a></li><li><a href="/news">News</a></li></ul></nav>
<h1>Harbour to be dredged</h1><div class="byline">By Joan Porter</div>
<div class="article-body"><p>The harbour committee agreed on Tuesday
that the <a href="/c">channel</a> will be dredged.</p>
<figure><img src="/h.jpg" alt="The harbour"><figcaption>The harbour at dusk</figcaption></figure>
<p>Work is to begin in September<br>and end in October.</p></div>
<div class="relatedPosts"><h3>More</h3>
<ul><li><a href="/f">Ferry service to resume after repairs</a> <span class="date">3 hours ago</span></li></ul></div>
<section id="comments"><p>Good news for all of us.</p></section>
<p hidden>secret</p><script>var x = "<p>no</p>";</script>
<footer>© 2025 The Gazette</footer></body></html>"""
GOLD = """The harbour committee agreed on Tuesday that the channel will be dredged.
Work is to begin in September
and end in October."""


@pytest.mark.parametrize(
    ("text", "role", "kind"),
    [
        ("Home", Role.BOILERPLATE, Kind.NAVIGATION),
        ("Harbour to be dredged", Role.METADATA, Kind.TITLE),
        ("By Joan Porter", Role.METADATA, Kind.BYLINE),
        ("The harbour at dusk", Role.METADATA, Kind.CAPTION),
        ("More", Role.RELATED, Kind.HEADING),
        ("Ferry service to resume after repairs 3 hours ago", Role.RELATED, Kind.TITLE),
        ("Good news for all of us.", Role.BOILERPLATE, Kind.COMMENTS),
        ("© 2025 The Gazette", Role.METADATA, Kind.RIGHTS),
    ],
)
def test_markup_says_what_a_block_is(text: str, role: Role, kind: Kind) -> None:
    found = {block.text: (block.role, block.kind) for block in read_blocks(HTML)}
    assert found[text] == (role, kind)


TEASERS = """<html><body><a href="#main">Skip to the main content</a>
<div class="widget"><ul class="menu"><li><a href="/o">Current online course offerings today</a></li></ul></div>
<nav class="trending"><a href="/t">Harbour</a></nav><p>The committee agreed on Tuesday.</p>
<p><a href="https://www.instagram.com/p/1">View this post of ours there</a></p><h4>Ada Merton</h4>
<div><h2>More to see</h2>
<div><a href="/1">Ferry service to resume after repairs</a></div><div>Transport</div>
<div><a href="/2">Old bridge is closed for painting</a></div><div>Advertising</div>
<div><a href="/3">New bakery opens at the market</a></div></div></body></html>"""


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Skip to the main content", Role.BOILERPLATE),
        ("Current online course offerings today", Role.BOILERPLATE),
        ("Harbour", Role.BOILERPLATE),
        ("View this post of ours there", Role.BOILERPLATE),
        ("Ada Merton", Role.BOILERPLATE),
        ("More to see", Role.RELATED),
        ("Ferry service to resume after repairs", Role.RELATED),
        ("Transport", Role.RELATED),
        ("Advertising", Role.RELATED),
        ("New bakery opens at the market", Role.RELATED),
    ],
)
def test_teasers_are_told_from_menus_and_other_links(text: str, role: Role) -> None:
    assert {block.text: block.role for block in read_blocks(TEASERS)}[text] is role


def test_hidden_text_and_scripts_are_not_visible() -> None:
    texts = " ".join(block.text for block in read_blocks(HTML))
    assert "secret" not in texts
    assert "var x" not in texts


@pytest.mark.parametrize(
    "html", ["", " ", "<p></p>", "<html>", b"\xff\xfe", b"\x00\x00", "<" * 1000, "<div>" * 3000 + "x"]
)
def test_odd_pages_do_no_harm(html: str | bytes) -> None:
    assert isinstance(read_blocks(html), list)


def test_gold_overrules_markup() -> None:
    blocks = read_blocks(HTML)
    overrule(blocks, coverage([block.text for block in blocks], GOLD))
    assert "\n".join(block.text for block in blocks if block.role is Role.MAIN) == GOLD


def test_a_repeated_block_is_matched_where_its_neighbours_are() -> None:
    first = "the council will vote on the bridge"
    blocks = [first, "read more", "intro before the story", first, "and then the ferry came back at last"]
    covered = coverage(blocks, "\n".join(blocks[2:]))
    assert covered.round(1).tolist() == [0, 0, 1, 1, 1]


def test_gold_in_another_order_is_found() -> None:
    one = "alpha beta gamma delta epsilon zeta eta theta iota kappa"
    two = "one two three four five six seven eight nine ten eleven twelve thirteen"
    assert coverage([one, two], f"{two}\n{one}").tolist() == [1, 1]


@given(st.lists(st.text("ab c", max_size=12), max_size=12))
def test_a_page_that_is_all_gold_is_covered(blocks: list[str]) -> None:
    covered = coverage(blocks, "\n".join(blocks))
    assert all(share == 1 for block, share in zip(blocks, covered, strict=True) if block.strip())


@pytest.mark.parametrize(
    ("text", "f1"),
    [("a b c d e", 1.0), ("a b c d", 2 / 3), ("x y z", 0.0), ("", 0.0)],
)
def test_shingle_f1(text: str, f1: float) -> None:
    assert shingle_f1(text, "A b, c d e!")[2] == pytest.approx(f1)


@pytest.mark.parametrize("style", STYLES)
def test_flattening_keeps_every_label(style: str) -> None:
    blocks = read_blocks(HTML)
    overrule(blocks, coverage([block.text for block in blocks], GOLD))
    for seed in range(20):
        flat = STYLES[style](blocks, random.Random(seed))  # noqa: S311
        assert flat.length == len(flat.text)
        main = [flat.text[start:end] for start, end, at in flat.spans if blocks[at].role is Role.MAIN]
        assert shingle_f1(" ".join(main).replace("](/c)", " "), GOLD, 1)[2] > 0.95
        lines = split_lines(flat.text)
        assert -1 not in owners(flat, [(line.start, line.end) for line in lines])


def _said(html: str, **chances: float) -> NDArray[np.float32]:
    """Return what a teacher might say of the blocks of ``html``: menus, but for the blocks that begin with a name."""
    texts = read_markup(html).blocks.text
    main = [next((p for name, p in chances.items() if text.startswith(name)), 0.0) for text in texts]
    return np.array([[p, (1 - p) * 0.9, (1 - p) * 0.1] for p in main], np.float32)


SAID_KINDS = ((Role.BOILERPLATE, Kind.NAVIGATION), (Role.RELATED, Kind.TITLE))


FIRST = "The harbour committee agreed on Tuesday that the channel will be dredged."


def test_a_teachers_word_finds_its_block_however_the_page_was_cut() -> None:
    html = HTML.replace("<br>", " <div>on time</div> and<br>")
    blocks = read_blocks(html)
    opinion = listen(html, _said(html, The=0.9, Work=0.7), SAID_KINDS, blocks)
    found = {block.text: chance for block, chance in zip(blocks, opinion.main.tolist(), strict=True) if block.text}
    assert found[FIRST] == pytest.approx(0.9)
    assert found["Work is to begin in September"] == pytest.approx(0.7)
    assert found["Home"] == 0
    which = next(at for at, block in enumerate(blocks) if block.text == "Home")
    assert opinion.pairs[which] == SAID_KINDS[0]
    assert opinion.sure[which] == pytest.approx(0.9)


def test_a_readers_word_stands_before_the_teachers() -> None:
    said = _said(HTML, The=0.9)
    size = len(said)
    hand = HandLabels(size, {0: (Role.RELATED, Kind.TITLE), size - 1: (Role.MAIN, Kind.PARAGRAPH)})
    with_gold = corrected(said, SAID_KINDS, hand, main=False)
    assert with_gold[:, 0].tolist() == said[:, 0].tolist()
    assert with_gold[0].tolist() == pytest.approx([said[0, 0], 0, 1 - said[0, 0]])
    assert with_gold[1:-1].tolist() == said[1:-1].tolist()
    without = corrected(said, SAID_KINDS, hand, main=True)
    assert without[0].tolist() == [0, 0, 1]
    assert without[-1, 0] == 1
    other = HandLabels(size + 1, hand.pairs)
    assert corrected(said, SAID_KINDS, other, main=True).tolist() == said.tolist()


def test_a_teacher_says_what_blocks_are_that_are_no_main_text() -> None:
    hand = HandLabels(len(_said(HTML)), {0: (Role.RELATED, Kind.TITLE)})
    chances = Chances({"news/a": _said(HTML, The=0.9)}, SAID_KINDS)
    for by_hand, expected in ((None, SAID_KINDS[0]), (hand, SAID_KINDS[1])):
        page = label_page(_row(), "news", chances, by_hand)
        assert page
        first = next(block for block in page.blocks if block.text)
        assert (first.role, first.kind) == expected
        assert first.cue == "taught"
        assert next(block for block in page.blocks if block.text == FIRST).role is Role.MAIN


def test_chances_are_written_and_read_again(tmp_path: Path) -> None:
    chances = Chances({"news/a": _said(HTML, The=0.5)}, SAID_KINDS)
    write_chances(tmp_path / "chances.npz", chances)
    again = read_chances(tmp_path / "chances.npz")
    assert again.kinds == chances.kinds
    assert again.pages["news/a"] == pytest.approx(chances.pages["news/a"], abs=1e-3)


def _row(**columns: object) -> dict[str, object]:
    row = {"id": "a", "url": "http://gazette.example/a", "page_type": None, "html": HTML.encode(), "text": GOLD}
    return row | {"must_have": None, "must_not_have": None, "title": "x"} | columns


@pytest.mark.parametrize(
    ("columns", "chance", "main", "weight"),
    [
        pytest.param({}, None, 1.0, 1.0, id="gold alone"),
        pytest.param({}, 0.5, 0.85, 1.0, id="gold that the teacher doubts"),
        pytest.param({"text": "something else that this page does not say"}, None, 0.0, 0.0, id="lost gold"),
        pytest.param({"text": "something else that this page does not say"}, 0.99, 0.99, 0.75, id="lost gold, taught"),
        pytest.param({"text": None}, 0.99, 0.99, 0.75, id="no gold, taught"),
    ],
)
def test_label_and_teacher_are_weighed(
    columns: dict[str, object], chance: float | None, main: float, weight: float
) -> None:
    chances = None if chance is None else Chances({"news/a": _said(HTML, The=chance, Work=0.99)}, SAID_KINDS)
    page = label_page(_row(**columns), "news", chances)
    assert page
    assert page.weight == pytest.approx(weight)
    first = next(block for block in page.blocks if block.text == FIRST)
    assert first.main == pytest.approx(main)
    assert (first.role is Role.MAIN) == (main >= 0.5)


def test_a_page_without_gold_and_teacher_teaches_nothing() -> None:
    assert label_page(_row(text=None), "news") is None


def test_a_shallow_tree_of_the_dump_answers_as_it_was_written() -> None:
    tree = {
        "splits": [{"float_feature_index": 1, "border": 0.5}],
        "leaf_values": [1.0, 0, 0, 0, 0, 0, 2.0, 0, 0, 0],
    }
    trees = forest_of({"oblivious_trees": [tree], "scale_and_bias": [2.0, [0.0, 0.0, 0.5, 0.0, 0.0]]}, 6, 5)
    columns = np.array([[9.0, -9.0], [0.4, 0.6]], np.float32)
    assert trees(columns).tolist() == [[2.0, 0, 0.5, 0, 0], [0, 4.0, 0.5, 0, 0]]


def _folder(folder: Path) -> Path:
    """Write a page and its gold for each of ten sites, two for every fold, as the training sets have them."""
    sites: dict[int, list[str]] = {fold: [] for fold in range(FOLDS)}
    for number in range(60):
        url = f"http://gazette{number}.example/a"
        sites[fold_of(domain_of(url))].append(url)
    rows = [
        {"id": url, "url": url, "page_type": None, "html": HTML.replace("Tuesday", f"day {at}").encode()}
        | {"text": GOLD.replace("Tuesday", f"day {at}"), "must_have": [""], "must_not_have": [""], "title": "x"}
        for at, url in enumerate(url for urls in sites.values() for url in urls[:2])
    ]
    pq.write_table(pa.Table.from_pylist(rows), folder / "tiny.parquet")
    return folder


def test_training_from_pages_to_labels_and_again_to_the_same_weights(tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="needs the extra train")
    pytest.importorskip("catboost", reason="needs the extra train")
    from corpuskit.train.text import run

    written = [tmp_path / name for name in ("out.npz", "measured.npz", "again.npz")]
    folder = _folder(tmp_path)
    said = tmp_path / "chances.npz"
    pages = pq.read_table(folder / "tiny.parquet").to_pylist()
    chances = {f"tiny/{page['id']}": _said(page["html"].decode(), The=0.9, Work=0.7) for page in pages}
    write_chances(said, Chances(chances, SAID_KINDS))
    run(folder, written[0], measured=written[1], chances=said, versions=1, trees=3)
    run(folder, written[2], chances=said, versions=1, trees=3)
    out, measured, again = (dict(np.load(file)) for file in written)
    assert all(np.array_equal(value, again[name]) for name, value in out.items())
    assert not np.array_equal(out["words"], measured["words"])
    for weights in (out, measured):
        lines = split_lines(GOLD)
        assert len(TextLabeller(load(weights))(lines)) == len(lines)
