"""Blocks to metadata, related items and rights."""

from corpuskit.describe.describe import describe
from corpuskit.describe.related import find_related

__all__ = ["describe", "find_related"]
