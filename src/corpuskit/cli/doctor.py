"""Whether the installation can do its job."""

from __future__ import annotations

import importlib
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from typing import TYPE_CHECKING

from corpuskit import schema
from corpuskit.api import clean
from corpuskit.model import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

MODULES = {
    "backports-zstd": "backports.zstd",
    "jsonschema-rs": "jsonschema_rs",
    "lxml-html-clean": "lxml_html_clean",
    "pyyaml": "yaml",
}
"""Packages whose module has another name."""


@dataclass(frozen=True, slots=True)
class Result:
    """One thing that was examined."""

    name: str
    ok: bool
    detail: str


def examine() -> list[Result]:
    """Examine Python, every library that the package needs, its data files and a page taken through the flow."""
    return [_python(), *_libraries(), _schemas(), _flow()]


def _python() -> Result:
    return Result("python", sys.version_info >= (3, 11), sys.version.split()[0])


def _libraries() -> Iterator[Result]:
    from packaging.requirements import Requirement  # only needed here

    for line in requires("corpuskit") or ():
        requirement = Requirement(line)
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
            continue
        yield _library(requirement)


def _library(requirement: object) -> Result:
    from packaging.requirements import Requirement

    assert isinstance(requirement, Requirement)  # noqa: S101 - for the type checker
    name = requirement.name
    try:
        found = version(name)
        importlib.import_module(MODULES.get(name, name.replace("-", "_")))
    except PackageNotFoundError:
        return Result(name, ok=False, detail=f"is not installed; run: pip install '{requirement}'")
    except Exception as error:  # noqa: BLE001 - a broken library can raise anything when imported
        return Result(
            name, ok=False, detail=f"cannot be imported ({error}); run: pip install --force-reinstall '{requirement}'"
        )
    if not requirement.specifier.contains(found, prereleases=True):
        return Result(
            name,
            ok=False,
            detail=f"is {found}, which does not fit {requirement.specifier}; run: pip install '{requirement}'",
        )
    return Result(name, ok=True, detail=found)


def _schemas() -> Result:
    try:
        for name in schema.NAMES:
            schema.validator(name)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the answer
        return Result("schemas", ok=False, detail=f"cannot be used: {error}; install corpuskit again")
    return Result("schemas", ok=True, detail=f"{len(schema.NAMES)} schemas, version {schema.VERSION}")


def _flow() -> Result:
    """Take a page through the flow and look at what comes out."""
    body = "The bridge over the river was closed on Monday, and nobody could say for how long it would stay so."
    try:
        document = clean(f"Home\n\nThe bridge that stayed closed\n\nBy Ada Marsh\n\n{body}\n\nShare\n")
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the answer
        return Result("flow", ok=False, detail=f"failed: {error}; install corpuskit again")
    ok = document.text == body and document.metadata.authors == ("Ada Marsh",)
    kept = sum(block.role is Role.MAIN for block in document.blocks)
    return Result(
        "flow",
        ok=ok,
        detail=f"a made-up page: {kept} of {len(document.blocks)} blocks kept, language {document.metadata.language}",
    )
