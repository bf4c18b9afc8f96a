"""What training makes of pages and of CatBoost's dump; only the training itself needs the training extra."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from corpuskit.errors import CorpuskitError
from corpuskit.model import KINDS, Kind, Role
from corpuskit.segment.html import read_markup
from corpuskit.segment.html.model import unpack
from corpuskit.train.boosting import Boosting, forest_of
from corpuskit.train.hand import HandLabels
from corpuskit.train.html import run
from corpuskit.train.html.examples import Example, domain, read_examples, thin
from corpuskit.train.html.parts import Stages, part_lesson
from corpuskit.train.html.roles import costs, teach_roles
from corpuskit.train.html.stages import Recipe
from corpuskit.train.teacher import read_chances

if TYPE_CHECKING:
    from pathlib import Path

TAUGHT = {
    "a related headline": (
        '<div class="related-posts"><a href=/a>A dam is checked for cracks again</a></div>',
        (Role.RELATED, Kind.TITLE),
    ),
    "the age of a teaser": (
        '<div class="related-posts"><span class="date">2 hours ago</span></div>',
        (Role.RELATED, Kind.AGE),
    ),
    "a comment": ('<div id="comments"><p>I was there myself.</p></div>', (Role.BOILERPLATE, Kind.COMMENTS)),
    "a share button among related": (
        '<div class="related-posts"><span class="share">Share</span></div>',
        (Role.BOILERPLATE, Kind.SHARE),
    ),
    "a caption": ("<figure><figcaption>The dam in June.</figcaption></figure>", (Role.METADATA, Kind.CAPTION)),
    "a menu": ("<nav><a href=/a>Sport</a></nav>", (Role.BOILERPLATE, Kind.NAVIGATION)),
    "a related headline in a script without spaces": (
        '<div class="related-posts"><a href=/a>東京でダムのひび割れを再び調べる</a></div>',
        (Role.RELATED, Kind.TITLE),
    ),
    "a headline of no named list, without spaces": (
        "<div><a href=/a>東京でダムのひび割れを再び調べる</a></div>",
        (Role.RELATED, Kind.TITLE),
    ),
    "nothing known": ("<div>Some words</div>", (Role.BOILERPLATE, Kind.OTHER)),
}


@pytest.mark.parametrize(("markup", "expected"), TAUGHT.values(), ids=TAUGHT)
def test_roles_taught_by_the_markup(markup: str, expected: tuple[Role, Kind]) -> None:
    page = read_markup(markup + f"<main><p>{'The main text of the page. ' * 30}</p></main>")
    assert teach_roles(page)[0] == expected


def test_taught_pairs_exist() -> None:
    page = read_markup("".join(markup for markup, _ in TAUGHT.values()))
    assert all(kind in KINDS[role] for role, kind in teach_roles(page))


def test_a_name_around_the_whole_page_teaches_nothing() -> None:
    page = read_markup('<body class="comments-open"><p>One.</p><p>Two.</p>')
    assert set(teach_roles(page)) == {(Role.BOILERPLATE, Kind.OTHER)}


def test_a_dumped_forest() -> None:
    dumped = {
        "oblivious_trees": [
            {
                "splits": [{"float_feature_index": 1, "border": 0.5}, {"float_feature_index": 0, "border": 2.0}],
                "leaf_values": [1.0, 2.0, 4.0, 8.0],
            },
            {"splits": [], "leaf_values": [16.0]},
        ],
        "scale_and_bias": [1.0, [32.0]],
    }
    forest = forest_of(dumped, depth=3)
    columns = np.array([[0, 0, 3, 3], [0, 1, 0, 1]], np.float32)
    assert forest(columns)[:, 0].tolist() == [49, 50, 52, 56]


DOMAINS = {"https://news.example.co.uk/a": "example.co.uk", "https://www.example.org": "example.org", None: "", "": ""}


@pytest.mark.parametrize(("url", "expected"), DOMAINS.items())
def test_folds_are_by_registered_domain(url: str | None, expected: str) -> None:
    assert domain(url) == expected


WORDS = ("river", "dam", "council", "bridge", "engineers", "report", "winter", "cracks", "water", "valley", "repair")


def _folder(tmp_path: Path, pages: int = 60) -> Path:
    """Return a folder of made pages, each of another site: a menu, an article, related headlines, a footer."""
    dice = Random(1)  # noqa: S311 - words, not secrets
    records: list[dict[str, Any]] = []
    for number in range(pages):
        article = [" ".join(dice.choices(WORDS, k=30)).capitalize() + "." for _ in range(6)]
        teasers = [" ".join(dice.choices(WORDS, k=7)).capitalize() for _ in range(8)]
        menu = "".join(f"<li><a href=/{word}>{word}</a></li>" for word in dice.sample(WORDS, 10))
        related = "".join(f"<li><a href=/{at}>{text}</a></li>" for at, text in enumerate(teasers))
        html = (
            f"<nav><ul>{menu}</ul></nav><article class=post-body>{''.join(f'<p>{text}</p>' for text in article)}"
            f"</article><ul class=related-posts>{related}</ul><footer class=copyright>Rights reserved</footer>"
        )
        page: dict[str, Any] = {"id": str(number), "url": f"https://site{number}.example/a", "page_type": "article"}
        page |= {"html": html.encode(), "text": "\n".join(article), "must_have": None, "must_not_have": None}
        records.append(page)
    text, segments = pa.string(), pa.list_(pa.string())
    types = {"id": text, "url": text, "page_type": text, "html": pa.binary(), "text": text}
    schema = pa.schema(list((types | {"must_have": segments, "must_not_have": segments}).items()))
    pq.write_table(pa.Table.from_pylist(records, schema), tmp_path / "made.parquet")
    return tmp_path


def test_training_on_a_folder_writes_a_model_and_can_be_repeated(tmp_path: Path) -> None:
    pytest.importorskip("catboost")
    pytest.importorskip("scipy")
    folder = _folder(tmp_path)
    recipe = Recipe(Boosting(12, 0.3, 3), Boosting(8, 0.3, 3), Boosting(8, 0.3, 3), steps=5)
    labels = tmp_path / "labels.toml"
    made = (
        "blocks = 25",
        '"boilerplate navigation" = "0-8"',
        '"boilerplate comments" = "9"',
        '"main paragraph" = "10-15"',
        '"related title" = "16-23"',
        '"metadata rights" = "24"',
    )
    labels.write_text("\n".join("\n".join((f'["made/{at}"]', *made)) for at in range(60)), encoding="utf-8")
    table = run(folder, tmp_path / "one.npz", tmp_path / "chances.npz", labels, recipe=recipe)
    run(folder, tmp_path / "two.npz", labels=labels, recipe=recipe)
    without = run(folder, tmp_path / "three.npz", recipe=recipe)
    with np.load(tmp_path / "one.npz") as one, np.load(tmp_path / "two.npz") as two:
        assert all(np.array_equal(one[name], two[name]) for name in {*one, *two})
        model = unpack(dict(one))
    assert model.parts
    assert table["labelled by hand"]["related"] > 0.9
    assert "labelled by hand" not in without
    with np.load(tmp_path / "three.npz") as three:
        assert unpack(dict(three)).parts is None
    assert table["made"]["pages"] == 60
    assert table["made"]["word_f1"] > 0.9
    page = read_markup(f"<nav><a href=/a>river</a></nav><article class=post-body><p>{'The dam. ' * 20}</p></article>")
    chance, _ = model(page)
    assert chance[1] > chance[0]
    chances = read_chances(tmp_path / "chances.npz")
    assert len(chances.pages) == 60
    assert chances.pages["made/0"].sum(axis=1) == pytest.approx(np.ones(25), abs=0.01)


def test_of_a_page_with_many_blocks_a_sample_counts_for_the_rest() -> None:
    blocks = np.ones(1000, np.float32)
    page = Example("made/0", 0, "", read_markup("<p>One."), None, [], [], blocks, blocks, blocks, slice(0, 1000))
    weight = thin([page], np.ones(1000), np.arange(1000) < 800, enough=100)
    assert not weight[800:].any()
    assert 60 < np.count_nonzero(weight) < 140
    assert set(weight.tolist()) == {0.0, 8.0}


COSTS = {
    "a related headline on an article": ("article", (Role.RELATED, Kind.TITLE), 0, True),
    "one in a listing is its content": ("listing", (Role.RELATED, Kind.TITLE), 0, False),
    "a share button in a listing": ("listing", (Role.BOILERPLATE, Kind.SHARE), 0, True),
    "what the gold has": ("article", (Role.RELATED, Kind.TITLE), 1, False),
    "a menu": ("article", (Role.BOILERPLATE, Kind.NAVIGATION), 0, False),
}


@pytest.mark.parametrize(("page_type", "pair", "main", "dear"), COSTS.values(), ids=COSTS)
def test_lines_a_reader_minds_cost_more(page_type: str, pair: tuple[Role, Kind], main: int, *, dear: bool) -> None:
    target = np.array([main], np.float32)
    page = Example("made/0", 0, page_type, read_markup("<p>One."), None, [], [], target, target, target, slice(0, 1))
    assert bool(costs([page], [pair], target)[0] > 1) is dear


def test_labels_that_lack_a_part_of_the_page_are_refused(tmp_path: Path) -> None:
    pages = read_examples(_folder(tmp_path, pages=2))
    nothing = np.zeros(pages[-1].rows.stop, np.float32)
    stages = Stages(nothing, nothing, nothing, np.zeros((len(nothing), 3), np.float32))
    labels = {"made/0": HandLabels(25, {0: (Role.BOILERPLATE, Kind.NAVIGATION), 10: (Role.MAIN, Kind.PARAGRAPH)})}
    for given in (labels, {}):
        with pytest.raises(CorpuskitError, match="comments"):
            part_lesson(pages, given, stages)
