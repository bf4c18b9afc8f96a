"""Compare what the flow makes of pages with their line-by-line gold labels.

    python bench/gold.py GOLD_FOLDER PAGES_FOLDER

GOLD_FOLDER holds one JSON file a page: ``file``, ``blocks`` (``line``, ``role``, ``kind`` and, for lines of a related
item, ``related_item``) and ``metadata``.  Prints lines with the right role and the right kind, metadata fields and
related items that came out, and each that did not.  Ends with 1 where a role, a field or an item is wrong.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import corpuskit as ck

FIELDS = ("title", "authors", "date_published", "date_modified", "publisher", "language", "rights", "rights_holder")


@dataclass
class Score:
    """Right and all, by what is counted, and what was wrong."""

    counts: dict[str, list[int]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def add(self, name: str, where: str, wanted: object, found: object) -> None:
        """Count one comparison."""
        right, total = self.counts.setdefault(name, [0, 0])
        self.counts[name] = [right + (wanted == found), total + 1]
        if wanted != found:
            self.wrong.append(f"{name}: {where}: wanted {wanted!r}, found {found!r}")


def compare(gold: dict[str, Any], document: ck.Document, score: Score) -> None:
    """Score one page."""
    text = document.repaired
    by_line = {text.count("\n", 0, block.start) + 1: (index, block) for index, block in enumerate(document.blocks)}
    items = {number: n for n, item in enumerate(document.related, 1) for number in item.blocks}
    for wanted in gold["blocks"]:
        where = f"{gold['file']}:{wanted['line']}"
        index, block = by_line[wanted["line"]]
        score.add("role", where, wanted["role"], str(block.role))
        score.add("kind", where, wanted["kind"], str(block.kind))
        if "related_item" in wanted:
            score.add("related item", where, wanted["related_item"], items.get(index))
    score.add("lines", gold["file"], len(gold["blocks"]), len(document.blocks))
    score.add("related items", gold["file"], gold["metadata"]["related_count"], len(document.related))
    for name in FIELDS:
        if name in gold["metadata"]:
            found = getattr(document.metadata, name)
            found = list(found) if isinstance(found, tuple) else found
            score.add("metadata", f"{gold['file']} {name}", gold["metadata"][name], found)
    if "section" in gold["metadata"]:
        score.add("metadata", f"{gold['file']} section", gold["metadata"]["section"], list(document.metadata.section))


def main(gold_folder: str, pages_folder: str) -> int:
    """Score every page and print the result."""
    score = Score()
    for path in sorted(Path(gold_folder).glob("*.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        compare(gold, ck.clean((Path(pages_folder) / gold["file"]).read_bytes()), score)
    for name, (right, total) in score.counts.items():
        print(f"{name:14} {right:4} of {total}")
    print("\n".join(score.wrong))
    return int(any(not line.startswith("kind:") for line in score.wrong))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
