"""The parts of flattened pages against a reader: ``python -m bench.segmentation.hand FOLDER --fold 0 --weights FILE``.

The reader's labels are those of the pages' HTML (``bench/extraction/hand_labels.toml``), put on the lines of the page
as several flatteners write it.  The weights must have been trained without the fold's domains, as those that
``corpuskit train text --measured`` writes.  F1 is over all labelled lines of all pages; a leak is a related line that
is called main.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from bench.extraction.roles import HAND_LABELS
from corpuskit.segment import experts, rules
from corpuskit.segment.lines import split_lines
from corpuskit.segment.pairs import PARTS, part_of
from corpuskit.segment.text import TextLabeller
from corpuskit.segment.text.model import load
from corpuskit.train.dom_roles import decode, read_blocks
from corpuskit.train.flatten import STYLES, owners
from corpuskit.train.hand import read_labels
from corpuskit.train.pages import read_rows
from corpuskit.train.teacher import by_hand

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from corpuskit.segment.labeller import Label, Line
    from corpuskit.train.hand import HandLabels

_UNKNOWN = -1


class Text(NamedTuple):
    """A flattened page, and the part that each of its lines belongs to, -1 where the reader does not say."""

    group: str
    style: str
    lines: list[Line]
    parts: NDArray[np.int64]


def texts(
    folder: Path, folds: Collection[int], labels: Mapping[str, HandLabels], styles: Sequence[str]
) -> Iterator[Text]:
    """Yield the pages of ``folds`` that have ``labels``, in each of ``styles``."""
    for dataset, row in read_rows(folder, folds):
        hand = labels.get(f"{dataset}/{row['id']}")
        if not hand:
            continue
        blocks = read_blocks(row["html"])
        of_blocks = [part_of(*pair) if pair else _UNKNOWN for pair in by_hand(decode(row["html"]), hand, blocks)]
        others = dataset == "wcxb-dev" and row["page_type"] != "article"
        for style in styles:
            flat = STYLES[style](blocks, random.Random(f"{row['id']}{style}"))  # noqa: S311 - no secret
            lines = split_lines(flat.text)
            own = owners(flat, [(line.start, line.end) for line in lines])
            parts = np.array([of_blocks[at] if at >= 0 else _UNKNOWN for at in own], np.int64)
            yield Text("other pages" if others else "articles", style, lines, parts)


def row_of(wanted: NDArray[np.int64], found: NDArray[np.int64]) -> list[str]:
    """Return F1 of each part, precision and recall of related lines, and the share of them that is called main."""
    right = wanted == found
    figures: list[float] = []
    for part in range(len(PARTS)):
        both = (wanted == part).sum() + (found == part).sum()
        figures.append(2 * (right & (wanted == part)).sum() / max(both, 1))
    related = PARTS.index("related")
    hits = (right & (wanted == related)).sum()
    figures += [hits / max((found == related).sum(), 1), hits / max((wanted == related).sum(), 1)]
    figures.append(((wanted == related) & (found == 0)).sum() / max((wanted == related).sum(), 1))
    return [f"{figure:.3f}" for figure in figures]


def main() -> int:
    """Print a table."""
    parser = argparse.ArgumentParser(prog="python -m bench.segmentation.hand", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--fold", type=int, action="append", help="fold to measure on, again for more (default: 0)")
    parser.add_argument("--weights", type=Path, help="weights trained without it (default: the shipped ones)")
    parser.add_argument("--styles", default="inner_text,get_text,markdown", help=f"of {', '.join(STYLES)}")
    options = parser.parse_args()
    network = load(dict(np.load(options.weights))) if options.weights else None
    systems: dict[str, Callable[[Sequence[Line]], Sequence[Label]]] = {
        "network": TextLabeller(network),
        "network and rules": lambda lines: experts.label(lines, network),
        "rules": rules.label,
    }
    answers: defaultdict[tuple[str, str, str], list[NDArray[np.int64]]] = defaultdict(list)
    for text in texts(options.folder, options.fold or [0], read_labels(HAND_LABELS), options.styles.split(",")):
        known = text.parts != _UNKNOWN
        for system, label in systems.items():
            found = np.array([part_of(said.role, said.kind) for said in label(text.lines)], np.int64)
            answers[text.group, text.style, system].append(np.stack([text.parts[known], found[known]]))
    head = ["pages", "flattener", "system", "number", *PARTS, "related precision", "recall", "leak"]
    sys.stdout.write(" | ".join(head) + "\n" + " | ".join("---" for _ in head) + "\n")
    for (group, style, system), pages in sorted(answers.items()):
        cells = [group, style, system, str(len(pages)), *row_of(*np.concatenate(pages, axis=1))]
        sys.stdout.write(" | ".join(cells) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
