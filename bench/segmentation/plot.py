"""Draw what the benchmark measured: ``python bench/segmentation/plot.py results.json results.svg``."""

from __future__ import annotations

import json
import sys
from html import escape
from pathlib import Path
from typing import Any

_BAR, _LEFT, _WIDTH = 16, 190, 420
_COLOURS = {"ours": "#1b6ca8", "trafilatura on HTML": "#d98324", "labels themselves": "#999999"}


def draw(rows: list[dict[str, Any]]) -> str:
    """Return an SVG of bars, one a row, with two standard deviations as whiskers."""
    parts: list[str] = []
    y = 10
    name = None
    for row in sorted(rows, key=lambda row: (row["set"], -row["f1"])):
        if row["set"] != name:
            name = row["set"]
            y += _BAR + 4
            parts.append(f'<text x="4" y="{y}" font-weight="bold">{escape(name)} ({row["pages"]} texts)</text>')
        y += _BAR + 4
        length, spread = row["f1"] * _WIDTH, 2 * row["sd"] * _WIDTH
        colour = _COLOURS.get(row["system"], "#c9d6df")
        parts += [
            f'<text x="{_LEFT - 6}" y="{y}" text-anchor="end">{escape(row["system"])}</text>',
            f'<rect x="{_LEFT}" y="{y - 12}" width="{length:.1f}" height="{_BAR}" fill="{colour}"/>',
            f'<path d="M{_LEFT + length - spread:.1f} {y - 4}h{2 * spread:.1f}" stroke="black"/>',
            f'<text x="{_LEFT + length + spread + 6:.1f}" y="{y}">{row["f1"]:.3f}</text>',
        ]
    size = f'width="{_LEFT + _WIDTH + 80}" height="{y + 16}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="12">'
    return f"{head}{''.join(parts)}</svg>\n"


def main() -> None:
    """Read the tables and write the picture."""
    source, target = map(Path, sys.argv[1:3])
    target.write_text(draw(json.loads(source.read_text(encoding="utf-8"))["By set"]), encoding="utf-8")


if __name__ == "__main__":
    main()
