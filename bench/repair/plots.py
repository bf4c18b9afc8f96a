"""Plots as SVG, without a library."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

CELL: Final = 22
LEFT: Final = 60
TOP: Final = 90
WIDTH, HEIGHT, EDGE = 640, 320, 50


def write_heat_map(
    path: Path, rows: Sequence[str], columns: Sequence[str], cells: Mapping[tuple[str, str], float]
) -> None:
    """Write ``cells`` (shares from 0, red, to 1, green) as a heat map; cells without a value stay white."""
    parts = []
    for x, name in enumerate(columns):
        place = LEFT + (x + 0.6) * CELL
        parts.append(f'<text x="{place}" y="{TOP - 6}" transform="rotate(-60 {place} {TOP - 6})">{name}</text>')
    for y, row in enumerate(rows):
        parts.append(f'<text x="4" y="{TOP + (y + 0.7) * CELL}">{row}</text>')
        for x, column in enumerate(columns):
            if (row, column) in cells:
                share = cells[row, column]
                parts.append(
                    f'<rect x="{LEFT + x * CELL}" y="{TOP + y * CELL}" width="{CELL - 1}" height="{CELL - 1}"'
                    f' fill="hsl({share * 120:.0f} 60% 55%)"><title>{row} {column} {share:.2f}</title></rect>'
                )
    _write(path, LEFT + CELL * len(columns) + 40, TOP + CELL * len(rows) + 10, parts)


def write_curve(path: Path, thresholds: Sequence[float], points: Sequence[tuple[float, float]]) -> None:
    """Write share restored and false edits per 100,000 sentences, ``points``, against ``thresholds``."""
    most = max(1.0, *(edits for _, edits in points))
    step = (WIDTH - 2 * EDGE) / max(1, len(thresholds) - 1)
    across = [EDGE + i * step for i in range(len(thresholds))]
    parts = [
        f'<text x="{x - 8:.0f}" y="{HEIGHT - EDGE + 18}">{threshold}</text>'
        for x, threshold in zip(across, thresholds, strict=True)
    ]
    lines = (
        ("green", [share for share, _ in points], "share restored (0 to 1)", 16),
        (
            "firebrick",
            [edits / most for _, edits in points],
            f"edits per 100,000 clean sentences (0 to {most:.0f})",
            32,
        ),
    )
    for colour, heights, label, y in lines:
        drawn = " ".join(
            f"{x:.0f},{HEIGHT - EDGE - height * (HEIGHT - 2 * EDGE):.0f}"
            for x, height in zip(across, heights, strict=True)
        )
        parts.append(f'<polyline points="{drawn}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<text x="{EDGE}" y="{y}" fill="{colour}">{label}</text>')
    parts.append(f'<text x="{EDGE}" y="{HEIGHT - 8}">times the thresholds that ship</text>')
    _write(path, WIDTH, HEIGHT, parts)


def _write(path: Path, width: float, height: float, parts: Sequence[str]) -> None:
    size = f'width="{width}" height="{height}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="11">'
    paper = '<rect width="100%" height="100%" fill="white"/>'
    path.write_text("\n".join((head, paper, *parts, "</svg>\n")), encoding="utf-8")
