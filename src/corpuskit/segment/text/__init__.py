"""The learned labeller of flattened text."""

from corpuskit.segment.text.labeller import Reading, TextLabeller

__all__ = ["Reading", "TextLabeller"]
