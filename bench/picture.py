"""Draw the picture in the README: a page as it came, and what became of each of its lines.

python bench/picture.py PAGE OUTPUT.svg
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

import corpuskit as ck
from corpuskit.cli.output import ROLE_STYLES

WIDTH = 118


def draw(document: ck.Document, console: Console) -> None:
    """Print the blocks of a document, one line each."""
    for block in document.blocks:
        style = ROLE_STYLES[block.role]
        margin = f"{block.role}/{block.kind}".ljust(24)
        room = WIDTH - len(margin) - 1
        text = block.text if len(block.text) <= room else block.text[: room - 1] + "…"
        console.print(Text(margin, style=f"bold {style}") + Text(text, style=style), no_wrap=True)


def main(page: str, output: str) -> None:
    """Clean ``page`` and write the picture to ``output``."""
    with Path("/dev/null").open("w", encoding="utf-8") as nowhere:
        console = Console(record=True, width=WIDTH, file=nowhere, force_terminal=True, color_system="truecolor")
        draw(ck.clean(Path(page).read_bytes()), console)
    title = f"corpuskit clean {Path(page).name} --format blocks"
    # The picture must not fetch fonts from anywhere: the reader's own monospaced one does.
    drawn = re.sub(r"@font-face\s*{[^}]*}", "", console.export_svg(title=title, unique_id="corpuskit"))
    Path(output).write_text(re.sub(r"Fira Code, ?", "", drawn), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
