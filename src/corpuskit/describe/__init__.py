"""Blocks and markup to metadata, related items and rights."""

from corpuskit.describe.describe import describe
from corpuskit.describe.page import describe_page, related_of
from corpuskit.describe.related import find_related

__all__ = ["describe", "describe_page", "find_related", "related_of"]
