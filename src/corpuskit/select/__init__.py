"""Which documents are kept, and why the others are not."""

from corpuskit.select.rules import decide

__all__ = ["decide"]
