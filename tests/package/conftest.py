"""What the tests of packaging share."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _pages_here(pages_here: None) -> None:
    """Who does the pages is not what these tests are about."""
