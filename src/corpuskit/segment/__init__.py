"""Text and HTML to blocks, each with its role."""

from corpuskit.segment.segment import segment_text

__all__ = ["segment_text"]
