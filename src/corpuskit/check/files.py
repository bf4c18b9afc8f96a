"""Whether the files of a release are the ones that were released."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from corpuskit.check.findings import Finding
from corpuskit.errors import ReleaseError
from corpuskit.package.manifest import NAME as MANIFEST
from corpuskit.package.release import SUMS, sha256

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_TRANSPORT: Final = (".gitattributes", ".git/", ".cache/")
"""What git, the Hub and its client leave in a folder; no reader of datasets looks at it."""

_LINE = re.compile(r"([0-9a-f]{64})  (\S.*)")


def check_files(folder: Path) -> Iterator[Finding]:
    """Compare every file in ``folder`` with :data:`SUMS`, and that with the manifest's copy of it.

    Raises:
        ReleaseError: a file cannot be read.
    """
    try:
        yield from _check(folder)
    except OSError as error:
        raise ReleaseError(
            f"cannot be read: {error.strerror or error}",
            where=str(error.filename or folder),
            remedy="Check that you may read every file of the release.",
        ) from error


def _check(folder: Path) -> Iterator[Finding]:
    sums, malformed = read_sums(folder / SUMS)
    if not sums and not malformed:
        yield Finding("sums-missing", f"there are no checksums; fetch {SUMS} again or build again", file=SUMS)
    if malformed:
        yield Finding("sums-malformed", f"{malformed}; fetch it again", file=SUMS)
    copies = _manifest_sums(folder / MANIFEST)
    stated = sums or copies
    present = {name: folder / name for name in _names(folder)}
    for name in sorted(stated.keys() - present.keys()):
        # A name that only the damaged list has is no file of the release.
        if copies and name not in copies and name != MANIFEST and sums:
            yield Finding(
                "sums-changed", f"names {name!r}, which the manifest does not know; fetch it again", file=SUMS
            )
        else:
            yield Finding("file-missing", "is listed but not there; fetch it again", file=name)
    for name in sorted(present.keys() - stated.keys()) if stated else ():
        if name in copies or (name == MANIFEST and sums):
            yield Finding("sums-changed", f"does not name {name!r}, which is part of the release", file=SUMS)
        elif name != MANIFEST:
            yield Finding("file-extra", "is not part of the release; take it out", file=name)
    yield from _changed({name: present[name] for name in sorted(stated.keys() & present.keys())}, stated, copies)


def _changed(files: dict[str, Path], stated: dict[str, str], copies: dict[str, str]) -> Iterator[Finding]:
    """Say of each file whose checksum is not the stated one whether the file was changed or the statement."""
    for name, path in files.items():
        actual = sha256(path)
        if actual == stated[name]:
            continue
        if actual == copies.get(name):
            yield Finding("sums-changed", f"states another checksum of {name} than the manifest", file=SUMS)
        else:
            hint = f" (or its line in {SUMS} was changed)" if name == MANIFEST else ""
            yield Finding("file-changed", f"does not have the checksum stated{hint}; fetch it again", file=name)


def read_sums(path: Path) -> tuple[dict[str, str], str | None]:
    """Return the checksums in the file at ``path`` by name, and what is wrong with its form, if anything."""
    if not path.is_file():
        return {}, None
    raw = path.read_bytes()
    text = raw.decode("utf-8", "replace")
    found: dict[str, str] = {}
    for line in text.split("\n"):
        if match := _LINE.fullmatch(line):
            found.setdefault(match[2], match[1])
    canonical = "".join(f"{digest}  {name}\n" for name, digest in sorted(found.items(), key=lambda item: item[0]))
    lines = sorted(raw.decode("utf-8", "replace").splitlines(keepends=True), key=lambda line: line[66:])
    if "".join(lines).encode("utf-8", "replace") == canonical.encode() and raw == text.encode("utf-8"):
        return found, None
    return found, "its lines are not all a checksum, two spaces and a path, each path once"


def _manifest_sums(path: Path) -> dict[str, str]:
    """Return the checksums that the manifest holds; nothing where it cannot be read."""
    try:
        return {str(entry["path"]): str(entry["sha256"]) for entry in json.loads(path.read_bytes())["files"]}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _names(folder: Path) -> Iterator[str]:
    """Yield the names of the files in ``folder``, those of a release only."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name != SUMS and not name.startswith(_TRANSPORT):
            yield name
