"""What docs/reading.md shows is what the settings and readers take."""

from __future__ import annotations

import io
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from corpuskit import config
from corpuskit.config import LimitSettings, SourceSettings
from corpuskit.read import registry

PAGE = (Path(__file__).parents[2] / "docs" / "reading.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
DATASET = {"name": "news", "version": "1.0.0", "title": "News", "description": "News."}


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_is_a_source(example: str) -> None:
    source: dict[str, Any] = {"name": "s", **tomllib.loads(example)}
    (parsed,) = config.parse({"dataset": DATASET, "source": [source]}, Path("corpus.toml")).source
    known = parsed.format if parsed.format != "auto" else registry.format_of(parsed.path)
    assert known in registry.FORMATS or parsed.path == "pages"


def test_every_format_has_an_example() -> None:
    paths = [tomllib.loads(example) for example in EXAMPLES]
    shown = {entry.get("format") or registry.format_of(entry["path"]) for entry in paths}
    assert set(registry.FORMATS) - {"wet"} <= shown
    endings = {ending for known in registry.FORMATS.values() for ending in known.suffixes}
    assert [ending for ending in endings - {".tbz2", ".txz"} if ending not in PAGE] == []


def test_the_reader_that_is_shown_reads() -> None:
    (example,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    names: dict[str, Any] = {}
    exec(compile(example, "reading.md", "exec"), names)  # noqa: S102 - our own example
    (page,) = names["pages_of_stream"](io.BytesIO(b"mail"), "a.eml", SourceSettings("s", "."), LimitSettings())
    assert (page.raw, page.locator, page.source) == (b"mail", "a.eml", "s")
