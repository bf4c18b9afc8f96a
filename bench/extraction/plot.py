"""Draw what the benchmark measured: ``python -m bench.extraction.plot figures.json out.svg``.

One panel a set: shingle F1 of each system with two bootstrap standard deviations; one panel of CPU time a page.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

_ROW, _LEFT, _WIDTH, _FROM = 18, 170, 380, 0.5
_OURS, _OTHERS = "#1b6ca8", "#c9d6df"


@dataclass(frozen=True, slots=True)
class Panel:
    """Bars under a title: (system, value, two standard deviations); the axis runs from ``low`` to ``high``."""

    title: str
    rows: list[tuple[str, float, float]]
    low: float
    high: float


def panels(figures: dict[str, Any]) -> list[Panel]:
    """Return a panel a set, and one of the times."""
    bars: dict[str, list[tuple[str, float, float]]] = {}
    for key, values in figures["shingle"].items():
        group, system = key.split("|")
        deviation = float(np.std(values)) / len(values) ** 0.5
        bars.setdefault(f"{group}: shingle F1, {len(values)} pages", []).append(
            (system, float(np.mean(values)), 2 * deviation)
        )
    found = [Panel(title, sorted(rows, key=lambda row: -row[1]), _FROM, 1.0) for title, rows in sorted(bars.items())]
    times = sorted(((system, row["mean"], 0.0) for system, row in figures["ms"].items()), key=lambda row: row[1])
    return [*found, Panel("CPU ms a page, mean", times, 0.0, times[-1][1])]


def draw(figures: dict[str, Any]) -> str:
    """Return an SVG of bars."""
    parts: list[str] = []
    y = 0
    for panel in panels(figures):
        y += 2 * _ROW
        parts.append(f'<text x="4" y="{y}" font-weight="bold">{escape(panel.title)}</text>')
        scale = _WIDTH / (panel.high - panel.low)
        for system, value, deviation in panel.rows:
            y += _ROW
            length, spread = max(value - panel.low, 0) * scale, deviation * scale
            colour = _OURS if system.startswith("corpuskit") else _OTHERS
            shown = f"{value:.3f}" if panel.high <= 1 else f"{value:.1f}"
            parts += [
                f'<text x="{_LEFT - 6}" y="{y}" text-anchor="end">{escape(system)}</text>',
                f'<rect x="{_LEFT}" y="{y - 11}" width="{length:.1f}" height="14" fill="{colour}"/>',
                f'<path d="M{_LEFT + length - spread:.1f} {y - 4}h{2 * spread:.1f}" stroke="black"/>' if spread else "",
                f'<text x="{_LEFT + length + spread + 6:.1f}" y="{y}">{shown}</text>',
            ]
    size = f'width="{_LEFT + _WIDTH + 80}" height="{y + _ROW}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="12">'
    return f"{head}{''.join(parts)}</svg>\n"


def main() -> None:
    """Read the figures and write the picture."""
    source, target = map(Path, sys.argv[1:3])
    target.write_text(draw(json.loads(source.read_text(encoding="utf-8"))), encoding="utf-8")


if __name__ == "__main__":
    main()
