"""How well `corpuskit publish --dry-run` foretells what an upload adds: ``python -m bench.publishing [--pages N]``.

Two releases of one made-up corpus, the second with some pages changed and some added.  Both are published to the Hub
on loopback (examples/hub.py), whose store of chunks is hf_xet's own; what the store grows by is compared with the
forecast, and with the size of the files that differ.
"""

from __future__ import annotations

import argparse
import importlib
import os
import random
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
# fmt: off
WORDS = (
    "harbour", "ferry", "island", "notice", "ticket", "office", "morning", "crossing", "bench", "quay",
    "master", "market", "queue", "fish", "lighthouse", "gull", "tide", "engine", "rope", "captain", "deck",
    "winter", "council", "price", "repair", "letter", "bridge", "festival", "school", "road", "library",
    "archive",
)
# fmt: on


def sentence(chance: random.Random) -> str:
    """Return a made-up sentence."""
    return " ".join(chance.choices(WORDS, k=chance.randint(8, 20))).capitalize() + "."


def page(number: int, edition: int) -> str:
    """Return a made-up page, always the same for its number and edition."""
    chance = random.Random(f"{number} {edition}")  # noqa: S311 - made-up text
    paragraphs = "\n\n".join(" ".join(sentence(chance) for _ in range(4)) for _ in range(chance.randint(4, 9)))
    return f"{sentence(chance)[:60]}\n\nBy Ada Marsh\n\n{paragraphs}\n\nThis article is licensed under CC BY 4.0.\n"


def build(folder: Path, version: str, pages: dict[int, int]) -> Path:
    """Build a release of ``pages``: edition by number."""
    import corpuskit as ck

    for number, edition in pages.items():
        path = folder / "pages" / f"{number:06}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page(number, edition), encoding="utf-8")
    (folder / "corpus.toml").write_text(
        f'[dataset]\nname = "made-up"\nversion = "{version}"\ntitle = "Made up"\ndescription = "Made up."\n'
        '[[source]]\nname = "pages"\npath = "pages"\n',
        encoding="utf-8",
    )
    return ck.build(folder / "corpus.toml", workers=1).path


def size(folder: Path) -> int:
    """Return the bytes of the chunks in a store."""
    return sum(path.stat().st_size for path in folder.rglob("xorbs/xorbs/*") if path.suffix != ".tagset")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=3000)
    parser.add_argument("--changed", type=float, default=0.01, help="share of pages that change, and that are added")
    asked = parser.parse_args()
    sys.path.insert(0, str(ROOT / "examples"))
    loopback = importlib.import_module("hub")

    with (
        tempfile.TemporaryDirectory() as name,
        loopback.Hub(Path(name) / "hub", {"loopback": ("ada",)}) as hub,
    ):
        # The clients read these when they are imported, which a build does.
        os.environ |= {"HF_ENDPOINT": hub.url, "HF_TOKEN": "loopback", "HF_HOME": f"{name}/home"}
        os.environ.pop("HF_HUB_OFFLINE", None)
        import corpuskit as ck
        from corpuskit.publish.forecast import new_bytes

        folder = Path(name)
        few = int(asked.pages * asked.changed)
        first = build(folder, "1.0.0", dict.fromkeys(range(asked.pages), 0))
        # Changes come in runs, as when one section of a site is scraped again; new pages come last.
        again = {**dict.fromkeys(range(few), 1), **dict.fromkeys(range(asked.pages, asked.pages + few), 0)}
        second = build(folder, "1.1.0", again)
        ck.publish(first, "hf://datasets/ada/made-up")
        before = size(hub.xet)
        plan = ck.publish(second, "hf://datasets/ada/made-up", dry_run=True, previous=first)
        ck.publish(second, "hf://datasets/ada/made-up")
        grown = size(hub.xet) - before
        large = [second / path for path in plan.sent if path.endswith(".parquet")]
        foretold = new_bytes(large, first.rglob("*.parquet"))
        print(f"{asked.pages} pages, {few} changed and {few} added")
        print(f"files that differ             {plan.sent_bytes:>12,} bytes")
        print(f"  foretold to be new          {plan.new_bytes:>12,} bytes")
        print(f"of them in the store of chunks{sum(path.stat().st_size for path in large):>12,} bytes (Parquet)")
        print(f"  foretold to be new          {foretold:>12,} bytes")
        print(f"  the store grew by           {grown:>12,} bytes")


if __name__ == "__main__":
    main()
