"""Text and HTML to blocks, each with its role."""

from corpuskit.segment.segment import Segmented, segment, segment_text

__all__ = ["Segmented", "segment", "segment_text"]
