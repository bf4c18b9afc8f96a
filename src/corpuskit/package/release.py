"""A release is a folder that appears whole or not at all, and then stays as it is."""

from __future__ import annotations

import hashlib
import os
import shutil
import uuid
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from corpuskit.errors import ReleaseDiffersError, ReleaseError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

SUMS: Final = "SHA256SUMS"
"""The file with the checksum of every other file, in the format of ``sha256sum``."""


class Outcome(StrEnum):
    """What became of a release that was built."""

    WRITTEN = "written"
    SAME = "same"
    REPLACED = "replaced"


@contextmanager
def locked(dist: Path, option: str = "--dist") -> Iterator[None]:
    """Keep ``dist``, which is created where it is missing, for this run alone; ``option`` names another.

    Raises:
        ReleaseError: another run has it, or it cannot be written to.
    """
    import filelock  # only a build needs it

    try:
        dist.mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(dist / ".corpuskit.lock")
        lock.acquire(blocking=False)
    except filelock.Timeout:
        raise ReleaseError(
            "another run is building there",
            where=str(dist),
            remedy=f"Wait until it has ended, or give another folder with {option}.",
        ) from None
    except OSError as error:
        why = "it is a file" if isinstance(error, FileExistsError) else error.strerror or error
        raise ReleaseError(
            f"cannot be written to: {why}",
            where=str(dist),
            remedy=f"Give a folder you may write to with {option}.",
        ) from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def staging(dist: Path) -> Iterator[Path]:
    """Give a folder beside the release to build in, and take it away whatever happens.

    What an earlier run left when it was killed is taken away too: the lock says that nobody is using it.
    """
    for left in dist.glob(".building-*"):
        shutil.rmtree(left, ignore_errors=True)
    folder = dist / f".building-{uuid.uuid4().hex}"
    folder.mkdir()  # with the rights that the user's other folders have: others are to read the release too
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def install(built: Path, target: Path, *, replace: bool) -> Outcome:
    """Put the folder ``built`` in the place of ``target``, if the rules for releases allow it.

    Where ``target`` stands with the same bytes nothing is done; with other bytes it is replaced only if ``replace``.

    Raises:
        ReleaseDiffersError: it stands there with other bytes; nothing was changed.
    """
    sync(built)
    if not target.exists():
        built.rename(target)
        sync_folder(target.parent)
        return Outcome.WRITTEN
    differences = compare(target, built)
    if not differences:
        return Outcome.SAME
    if not replace:
        listed = "\n  ".join(differences[:20]) + (
            f"\n  and {len(differences) - 20} more" if len(differences) > 20 else ""
        )
        raise ReleaseDiffersError(
            f"this version stands there already, and what was built now differs from it:\n  {listed}",
            where=str(target),
            remedy="Give the dataset a new version in corpus.toml, or replace this one with --replace.",
        )
    old = built.with_name(built.name.replace(".building-", ".building-old-"))
    target.rename(old)
    try:
        built.rename(target)
    except OSError:
        old.rename(target)
        raise
    shutil.rmtree(old)
    sync_folder(target.parent)
    return Outcome.REPLACED


def stands(folder: Path, sums: str) -> bool:
    """Whether the release in ``folder`` is whole, and the one whose :data:`SUMS` have the SHA-256 ``sums``."""
    listed = folder / SUMS
    if not listed.is_file() or sha256(listed) != sums:
        return False
    found = checksums(folder)
    del found[SUMS]
    return listed.read_text(encoding="utf-8") == _sums(found)


def compare(old: Path, new: Path) -> list[str]:
    """Return how the files of two folders differ, one line a file."""
    before, after = checksums(old), checksums(new)
    return [
        *(f"{name}: is no longer there" for name in sorted(before.keys() - after.keys())),
        *(f"{name}: is new" for name in sorted(after.keys() - before.keys())),
        *(f"{name}: has other bytes" for name in sorted(before.keys() & after.keys()) if before[name] != after[name]),
    ]


def checksums(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file below ``folder``, by its path with ``/``."""
    return {path.relative_to(folder).as_posix(): sha256(path) for path in sorted(folder.rglob("*")) if path.is_file()}


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_sums(folder: Path) -> None:
    """Write :data:`SUMS` for everything below ``folder``."""
    write_text(folder / SUMS, _sums(checksums(folder)))


def _sums(checksums: Mapping[str, str]) -> str:
    return "".join(f"{digest}  {name}\n" for name, digest in checksums.items())


def write_text(path: Path, text: str) -> None:
    """Write a text file, as UTF-8 with line feeds on every system."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def sync(folder: Path) -> None:
    """Bring everything below ``folder`` to the disk."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
    sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """Bring a folder's own entries to the disk, where the system can."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
