"""The learned labeller of flattened text."""

from corpuskit.segment.text.labeller import NEUTRAL, Reading, TextLabeller

__all__ = ["NEUTRAL", "Reading", "TextLabeller"]
