"""How well roles and kinds are told: ``python -m bench.extraction.roles FOLDER``.

Two references, neither of them perfect.  What class names, tags and links say of the blocks outside the gold text
(``corpuskit.train.html.roles.teach_roles``) taught the model: on pages of a fold it was fitted without, agreement says
how well it generalises.  A few pages labelled by hand (``hand_labels.toml``) say how far both are from a reader.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.parquet as pq

from corpuskit.segment.html import label, read_markup
from corpuskit.train.dom_roles import decode
from corpuskit.train.html.examples import Example, read_examples
from corpuskit.train.html.fits import Design
from corpuskit.train.html.roles import role_lesson, teach_roles
from corpuskit.train.html.stages import Recipe

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    Pair = tuple[str, str]

HAND_LABELS = Path(__file__).with_name("hand_labels.toml")
TESTED = 4
"""Every such page of the fold is tested."""


def blocks_in(ranges: str) -> list[int]:
    """Return the numbers in ``ranges``.

    >>> blocks_in("0-2 5")
    [0, 1, 2, 5]
    """
    numbers: list[int] = []
    for part in ranges.split():
        low, _, high = part.partition("-")
        numbers += range(int(low), int(high or low) + 1)
    return numbers


def hand_labels() -> dict[str, tuple[int, dict[int, Pair]]]:
    """Return, for each page labelled by hand, its number of blocks and the role and kind of those labelled."""
    pages: dict[str, tuple[int, dict[int, Pair]]] = {}
    for key, table in tomllib.loads(HAND_LABELS.read_text("utf-8")).items():
        labels: dict[int, Pair] = {}
        for pair, ranges in table.items():
            if pair != "blocks":
                role, kind = pair.split()
                labels |= dict.fromkeys(blocks_in(ranges), (role, kind))
        pages[key] = table["blocks"], labels
    return pages


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


def against_the_markup(examples: Sequence[Example], fold: int) -> list[tuple[Pair, Pair]]:
    """Return (wanted, found) for blocks outside the gold text of a fold the roles were fitted without."""
    seen = [example for example in examples if example.fold != fold]
    row = 0
    for example in seen:
        example.rows = slice(row, row + len(example.words))
        row = example.rows.stop
    target = np.nan_to_num(np.concatenate([example.main for example in seen]))
    lessons = [pair for example in seen for pair in teach_roles(example.page)]
    recipe = Recipe()
    lesson = role_lesson(seen, lessons, target, recipe.balance)
    linear = lesson.fit(Design([example.page for example in seen]), np.arange(len(target)), recipe.steps)
    pairs: list[tuple[Pair, Pair]] = []
    for example in [example for example in examples if example.fold == fold][::TESTED]:
        if not len(example.words):
            continue
        best = linear(example.page).argmax(axis=1)
        taught = teach_roles(example.page)
        for block in np.flatnonzero(example.main == 0):
            role, kind = lesson.kinds[best[block]]
            pairs.append(((str(taught[block][0]), str(taught[block][1])), (str(role), str(kind))))
    return pairs


def against_a_reader(folder: Path) -> list[tuple[Pair, Pair]]:
    """Return (wanted, found) for the blocks labelled by hand, found by the shipped weights."""
    wanted = hand_labels()
    pairs: list[tuple[Pair, Pair]] = []
    for path in sorted(folder.glob("*.parquet")):
        for record in pq.read_table(path, columns=["id", "html"]).to_pylist():
            number, labels = wanted.pop(f"{path.stem}/{record['id']}", (0, {}))
            page = read_markup(decode(record["html"])) if number else None
            if page is None:
                continue
            if len(page.blocks.text) != number:
                sys.stderr.write(f"{path.stem}/{record['id']}: cut into other blocks, left out\n")
                continue
            found = label(page)
            pairs += [(pair, (str(found[block].role), str(found[block].kind))) for block, pair in labels.items()]
    for key in wanted:
        sys.stderr.write(f"{key}: not there\n")
    return pairs


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m bench.extraction.roles", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--fold", type=int, default=0, help="the fold to test on (default: %(default)s)")
    parser.add_argument("--hand", action="store_true", help="only the pages labelled by hand")
    options = parser.parse_args()
    tables = {"blocks labelled by hand (shipped weights)": against_a_reader(options.folder)}
    if not options.hand:
        tables["blocks outside the gold text, against what the markup says"] = against_the_markup(
            read_examples(options.folder), options.fold
        )
    for title, pairs in tables.items():
        sys.stdout.write(f"\n{title}\nroles\n")
        sys.stdout.write("\n".join(scores((wanted[0], found[0]) for wanted, found in pairs)) + "\n")
        outside = [(wanted, found) for wanted, found in pairs if wanted[0] != "main"]
        sys.stdout.write("kinds, main text aside\n")
        sys.stdout.write("\n".join(scores((" ".join(wanted), " ".join(found)) for wanted, found in outside)) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
