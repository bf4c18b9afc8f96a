"""Whether a version rises by as much as the changes ask for: what they ask for, :mod:`corpuskit.package` says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corpuskit.check.findings import Finding
from corpuskit.check.manifest import NAME as MANIFEST
from corpuskit.package.bump import numbers
from corpuskit.package.diff import compare
from corpuskit.package.reference import resolve

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


def check_version(old: Path, before: Mapping[str, Any], new: Path, after: Mapping[str, Any]) -> Iterator[Finding]:
    """Compare two releases of a dataset, each a folder and its manifest."""
    if before["name"] != after["name"]:
        message = f"is {after['name']}, the release compared with {before['name']}; give one of the same dataset"
        yield Finding("version-name", message, file=MANIFEST, pointer="/name")
        return
    if before["version"] == after["version"] and before["content_sha256"] == after["content_sha256"]:
        return
    if numbers(after["version"]) <= numbers(before["version"]):
        message = f"{after['version']} is not above {before['version']}; raise dataset.version"
        yield Finding("version-order", message, file=MANIFEST, pointer="/version")
        return
    found = compare(resolve(old), resolve(new), samples=0)
    if found.least_version is not None and numbers(after["version"]) < numbers(found.least_version):
        yield Finding(
            "version-bump",
            f"{found.reasons[0].what}: after {before['version']} that asks for {found.least_version} at least",
            file=MANIFEST,
            pointer="/version",
        )
    if (refused := found.refused) is not None:
        message = f"{refused.what}, which the policy {found.policy} does not allow; leave what is there as it is"
        yield Finding("version-policy", message, file=MANIFEST, pointer="/version")
