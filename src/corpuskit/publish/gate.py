"""The rights gate."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpuskit.publish.release import Release


def check_rights(release: Release) -> None:
    """Refuse a release that holds documents which may not be published."""
