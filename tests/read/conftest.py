"""What the tests of readers share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from corpuskit import read
from corpuskit.config import LimitSettings, SourceSettings

from .made import sort

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .made import Found


@pytest.fixture
def reading(tmp_path: Path) -> Callable[..., Found]:
    """Return a function that reads a source below ``tmp_path`` from end to end."""

    def run(path: str = ".", limits: LimitSettings | None = None, **settings: Any) -> Found:  # noqa: ANN401 - any setting
        source = SourceSettings("s", path, **settings)
        units = read.units(source, tmp_path)
        return sort(item for unit in units for item in read.pages(unit, source, limits or LimitSettings()))

    return run
