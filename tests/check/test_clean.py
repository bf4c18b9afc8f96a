from __future__ import annotations

from typing import TYPE_CHECKING

import corpuskit as ck

if TYPE_CHECKING:
    from pathlib import Path


def test_a_clean_release_has_no_finding(clean_release: Path) -> None:
    assert ck.validate(clean_release) == []
