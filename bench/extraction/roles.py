"""How well roles and kinds are told: ``python -m bench.extraction.roles FOLDER --chances chances.npz``.

The reference are pages labelled by hand (``hand_labels.toml``).  ``--chances`` reads what the folds said of them, as
``corpuskit train html --labels`` writes it: the shipped weights have learned from these pages.  Beside it stands what
class names, tags and links alone say (``corpuskit.train.html.roles.teach_roles``), told where the gold text is.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.parquet as pq

from corpuskit.segment.html import label, read_markup
from corpuskit.segment.html.labels import choose, verdicts
from corpuskit.train.align import coverage
from corpuskit.train.dom_roles import decode
from corpuskit.train.hand import read_labels
from corpuskit.train.html.roles import teach_roles
from corpuskit.train.teacher import read_chances

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from corpuskit.model import Kind, Role
    from corpuskit.segment.html.page import MarkupPage
    from corpuskit.train.hand import HandLabels

    Pair = tuple[str, str]
    Teller = Callable[[str, str | None, MarkupPage], Sequence[Pair]]

HAND_LABELS = Path(__file__).with_name("hand_labels.toml")


def scores(pairs: Iterable[tuple[str, str]]) -> list[str]:
    """Return a line per name in ``pairs`` of (wanted, found): F1, precision, recall, and how many were wanted."""
    counted = Counter(pairs)
    wanted, found, right = Counter[str](), Counter[str](), Counter[str]()
    for (true, said), number in counted.items():
        wanted[true] += number
        found[said] += number
        if true == said:
            right[true] += number
    lines: list[str] = []
    each: list[float] = []
    for name, number in wanted.most_common():
        f1 = 2 * right[name] / (number + found[name])
        each.append(f1)
        precision, recall = right[name] / max(found[name], 1), right[name] / number
        lines.append(f"  {name:24} {f1:.3f}  precision {precision:.3f}  recall {recall:.3f}  of {number}")
    lines.append(f"  macro F1 {np.mean(each):.3f}, accuracy {right.total() / max(wanted.total(), 1):.3f}")
    return lines


def compare(
    folder: Path, labels: Mapping[str, HandLabels], tellers: Mapping[str, Teller]
) -> dict[str, list[tuple[Pair, Pair]]]:
    """Return for each of ``tellers`` (wanted, found) of the blocks labelled by hand.

    A teller is asked for role and kind of all blocks of a page, which it is given by "set/id", with its gold text.
    """
    wanted = dict(labels)
    pairs: defaultdict[str, list[tuple[Pair, Pair]]] = defaultdict(list)
    for path in sorted(folder.glob("*.parquet")):
        for record in pq.read_table(path, columns=["id", "html", "text"]).to_pylist():
            key = f"{path.stem}/{record['id']}"
            hand = wanted.pop(key, None)
            if not hand:
                continue
            page = read_markup(decode(record["html"]))
            if not hand.fit(len(page.blocks.text)):
                sys.stderr.write(f"{key}: cut into other blocks, left out\n")
                continue
            for name, tell in tellers.items():
                found = tell(key, record["text"], page)
                pairs[name] += [(_names(pair), found[block]) for block, pair in hand.pairs.items()]
    for key in wanted:
        sys.stderr.write(f"{key}: not there\n")
    return pairs


def _names(pair: tuple[Role, Kind]) -> Pair:
    return str(pair[0]), str(pair[1])


def _shipped(page: MarkupPage) -> list[Pair]:
    return [_names((block.role, block.kind)) for block in label(page)]


def _by_markup(_: str, gold: str | None, page: MarkupPage) -> list[Pair]:
    main = coverage(page.blocks.text, gold) >= 0.5 if gold else np.zeros(len(page.blocks.text), bool)
    return [
        ("main", "paragraph") if of_gold else _names(pair)
        for of_gold, pair in zip(main.tolist(), teach_roles(page), strict=True)
    ]


def _of_folds(page: MarkupPage, said: NDArray[np.float32], kinds: Sequence[tuple[Role, Kind]]) -> list[Pair]:
    chosen = choose(page, said[:, 0], second=None)
    return [_names((role, kind)) for role, kind, _, _ in verdicts(page, chosen, said[:, 1:], kinds)]


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m bench.extraction.roles", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--chances", type=Path, help="what the folds say (npz); without it the shipped weights speak")
    options = parser.parse_args()
    tellers: dict[str, Teller] = {"names, tags and links, and the gold text": _by_markup}
    if options.chances:
        chances = read_chances(options.chances)
        tellers["the folds"] = lambda key, _, page: _of_folds(page, chances.pages[key], chances.kinds)
    else:
        tellers["the shipped weights, which have learned from these pages"] = lambda _key, _gold, page: _shipped(page)
    for title, pairs in compare(options.folder, read_labels(HAND_LABELS), tellers).items():
        sys.stdout.write(f"\n{title}\nroles\n")
        sys.stdout.write("\n".join(scores((wanted[0], found[0]) for wanted, found in pairs)) + "\n")
        outside = [(wanted, found) for wanted, found in pairs if wanted[0] != "main"]
        sys.stdout.write("kinds, main text aside\n")
        sys.stdout.write("\n".join(scores((" ".join(wanted), " ".join(found)) for wanted, found in outside)) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
