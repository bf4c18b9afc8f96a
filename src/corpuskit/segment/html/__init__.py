"""HTML to blocks: one parse, one walk, and a learned labeller."""

from corpuskit.segment.html.labels import Engine, label
from corpuskit.segment.html.page import Blocks, Elements, Head, Inside, MarkupPage, Property
from corpuskit.segment.html.scripted import stated, with_body
from corpuskit.segment.html.walk import read_markup

__all__ = [
    "Blocks",
    "Elements",
    "Engine",
    "Head",
    "Inside",
    "MarkupPage",
    "Property",
    "label",
    "read_markup",
    "stated",
    "with_body",
]
