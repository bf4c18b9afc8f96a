from __future__ import annotations

from pathlib import Path

import corpuskit as ck


def test_a_clean_release_has_no_finding(clean_release: Path) -> None:
    assert ck.validate(clean_release) == []
