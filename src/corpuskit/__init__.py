r"""corpuskit: scraped pages in, a clean and versioned dataset out.

>>> import corpuskit as ck
>>> text = "The first sentence of this text is long enough to be a paragraph."
>>> doc = ck.clean("The bridge reopens\n\nBy Ada Marsh\n\n" + text)
>>> doc.metadata.title
'The bridge reopens'
>>> [str(block.kind) for block in doc.blocks]
['title', 'byline', 'paragraph']
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final

from corpuskit.version import __version__

if TYPE_CHECKING:
    from corpuskit.api import clean, diff, forget, load, release, validate
    from corpuskit.check.findings import Finding
    from corpuskit.config import Config
    from corpuskit.errors import CorpuskitError, PageError
    from corpuskit.forgetting import Forgotten
    from corpuskit.model import (
        Block,
        Decision,
        Document,
        Evidence,
        Flag,
        Kind,
        Metadata,
        Page,
        RelatedItem,
        Repair,
        Rights,
        Role,
        Stage,
        Status,
    )
    from corpuskit.package.bump import Bump
    from corpuskit.package.difference import Diff
    from corpuskit.pipeline import BuildReport, build
    from corpuskit.publish import PublishReport, publish
    from corpuskit.releasing import ReleaseReport


_WHERE: Final = {
    "BuildReport": "pipeline",
    "Bump": "package.bump",
    "Config": "config",
    "CorpuskitError": "errors",
    "Finding": "check.findings",
    "Forgotten": "forgetting",
    "PageError": "errors",
    "PublishReport": "publish",
    "ReleaseReport": "releasing",
    "Diff": "package.difference",
    "build": "pipeline",
    "clean": "api",
    "diff": "api",
    "forget": "api",
    "load": "api",
    "publish": "publish",
    "release": "api",
    "validate": "api",
    **dict.fromkeys(
        (
            "Block",
            "Decision",
            "Document",
            "Evidence",
            "Flag",
            "Kind",
            "Metadata",
            "Page",
            "RelatedItem",
            "Repair",
            "Rights",
            "Role",
            "Stage",
            "Status",
        ),
        "model",
    ),
}
"""Where each public name is defined: it is imported when it is first asked for, so that `import corpuskit` is quick."""

__all__ = [
    "Block",
    "BuildReport",
    "Bump",
    "Config",
    "CorpuskitError",
    "Decision",
    "Diff",
    "Document",
    "Evidence",
    "Finding",
    "Flag",
    "Forgotten",
    "Kind",
    "Metadata",
    "Page",
    "PageError",
    "PublishReport",
    "RelatedItem",
    "ReleaseReport",
    "Repair",
    "Rights",
    "Role",
    "Stage",
    "Status",
    "__version__",
    "build",
    "clean",
    "diff",
    "forget",
    "load",
    "publish",
    "release",
    "validate",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    if name not in _WHERE:
        message = f"module 'corpuskit' has no attribute {name!r}"
        raise AttributeError(message)
    value = getattr(importlib.import_module(f"corpuskit.{_WHERE[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
