"""Which files a source has: below a folder, by a glob, or in a store."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from corpuskit.errors import SourceError
from corpuskit.read import registry
from corpuskit.read.opening import is_url
from corpuskit.read.patterns import WILD, matches
from corpuskit.read.unit import Unit, printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpuskit.config import SourceSettings

_TELLING: Final = (
    "ETag",
    "etag",
    "ino_version",
    "generation",
    "md5Hash",
    "Content-MD5",
    "content_md5",
    "checksum",
    "blob_id",
    "oid",
    "LastModified",
    "last_modified",
    "Last-Modified",
    "mtime",
    "modified",
    "updated",
    "created",
)
"""What file systems of fsspec call that which changes with a file's bytes, the surest first."""
_ENDINGS: Final = 6
"""Endings of names that are listed where files are passed over."""


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    address: str
    fingerprint: str
    size: int


def units(source: SourceSettings, folder: Path) -> list[Unit]:
    """List the files of ``source``, whose path is relative to ``folder``, by name, and cut large ones.

    A folder's files are those that ``include`` matches, by default those whose names stand for a format. Hidden ones
    (a name or a parent's name that begins with a dot) and links that lead out of the folder are passed over: a page's
    locator must say where it is.

    Raises:
        SourceError: the path does not exist, or there is nothing in it.
    """
    found = _in_store(source) if is_url(source.path) else _on_disk(source, folder)
    made = [part for file in found for part in _cut(_unit(source, file), source)]
    if not made:
        patterns = ", ".join(source.include) or "the names of files that can be read"
        others = "".join(f"; there are {count:,} {what}" for what, count in passed_over(source, folder).items())
        raise SourceError(
            f"source {source.name!r} holds no page: no file matches {patterns}{others}",
            where=source.path if is_url(source.path) else str((folder / source.path).resolve()),
            remedy="Put pages there, or say with `include` in the [[source]] table which files are pages.",
        )
    return made


def passed_over(source: SourceSettings, folder: Path) -> dict[str, int]:
    """Return how many files in a folder of this machine are not read since their names stand for no format, by what.

    >>> from corpuskit.config import SourceSettings
    >>> passed_over(SourceSettings("s", "nowhere"), Path())
    {}
    """
    base = folder / source.path
    if source.include or source.format != "auto" or is_url(source.path) or not base.is_dir():
        return {}
    names = [name for name in _walk(base, []) if not _is_hidden(name) and not matches(name, source.exclude)]
    endings = Counter(Path(name).suffix.lower() or "none" for name in names if registry.format_of(name) is None)
    often = sorted(endings, key=lambda ending: (-endings[ending], ending))
    listed = ", ".join(often[:_ENDINGS]) + (", …" if len(often) > _ENDINGS else "")
    return {f"files whose names stand for no format ({listed})": endings.total()} if endings else {}


def _unit(source: SourceSettings, file: _File) -> Unit:
    known = source.format if source.format != "auto" else registry.format_of(file.name) or "files"
    return Unit(source.name, file.name, known, file.address, file.fingerprint, None, file.size)


def _cut(unit: Unit, source: SourceSettings) -> list[Unit]:
    parts = getattr(registry.reader(unit.reader), "parts", None)
    return [unit] if parts is None else parts(unit, source)


def _wanted(name: str, source: SourceSettings) -> bool:
    """Whether the file ``name`` below the source's folder is to be read."""
    if _is_hidden(name) or matches(name, source.exclude):
        return False
    if source.include:
        return matches(name, source.include)
    known = registry.format_of(name)
    return known is not None if source.format == "auto" else source.format == known or _opaque(source.format)


def _is_hidden(name: str) -> bool:
    return any(part.startswith(".") for part in name.split("/"))


def _opaque(name: str) -> bool:
    """Whether the format ``name`` has no endings of its own: then every file is of it."""
    known = registry.FORMATS.get(name)
    return not (known.suffixes if known else getattr(registry.reader(name), "suffixes", ()))


def _split(path: str) -> tuple[str, str | None]:
    """Return the folder that ``path`` names, and the pattern below it where it has one."""
    scheme, mark, rest = path.rpartition("://")
    parts = rest.split("/")
    wild = next((i for i, part in enumerate(parts) if any(c in part for c in WILD)), None)
    if wild is None:
        return path, None
    return scheme + mark + "/".join(parts[:wild]), "/".join(parts[wild:])


def _on_disk(source: SourceSettings, folder: Path) -> list[_File]:
    base, pattern = folder / source.path, None
    if not base.exists():
        plain, pattern = _split(source.path)
        base = folder / plain
    base = base.resolve()
    if not base.exists():
        raise SourceError(
            f"the path of source {source.name!r} does not exist",
            where=str(base),
            remedy="Correct `path` in the [[source]] table; it is relative to the configuration file.",
        )
    if base.is_file():
        return [_local(base, base.name)]
    closed: list[str] = []
    names = (name for name in _walk(base, closed) if (pattern is None or matches(name, (pattern,))))
    wanted = source if pattern is None else _everything_of(source)
    found = [name for name in names if _wanted(name, wanted) and _is_inside(base / name, base)]
    if "." in closed:
        raise SourceError(
            f"the folder of source {source.name!r} cannot be listed",
            where=str(base),
            remedy="Give yourself the right to read it, or correct `path` in the [[source]] table.",
        )
    # A folder that cannot be listed may hold pages: it is quarantined as a file is that cannot be read.
    found += [name for name in closed if not matches(f"{name}/*", source.exclude)]
    return sorted((_local(base / name, name) for name in found), key=lambda file: file.name)


def _everything_of(source: SourceSettings) -> SourceSettings:
    """Return ``source`` so that it takes all that its path's pattern matches, unless it says more."""
    return source if source.include else replace(source, include=("**",))


def _walk(base: Path, closed: list[str]) -> Iterator[str]:
    """Yield the paths of the files below ``base``; folders that are links are not entered.

    Those of folders that cannot be listed go into ``closed``.
    """

    def note(error: OSError) -> None:
        closed.append(Path(error.filename).relative_to(base).as_posix())

    for folder, folders, files in os.walk(base, onerror=note):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        relative = Path(folder).relative_to(base)
        yield from ((relative / name).as_posix() for name in files)


def _is_inside(path: Path, base: Path) -> bool:
    return path.is_file() and (not path.is_symlink() or path.resolve().is_relative_to(base))


def _local(path: Path, name: str) -> _File:
    stat = path.stat()
    # Rights may change without a trace in the file: one that cannot be read now is tried again by the next run.
    fingerprint = f"{stat.st_size}-{stat.st_mtime_ns}" if os.access(path, os.R_OK) else ""
    return _File(printable(name), str(path), fingerprint, stat.st_size)


def _in_store(source: SourceSettings) -> list[_File]:
    """List the files at a URL, with the file system that fsspec has for it."""
    import fsspec  # only stores need it

    base, pattern = _split(source.path)
    try:
        system, root = fsspec.url_to_fs(base)
        if pattern is None and not system.isdir(root):
            return [_stored(system.info(root), root.rpartition("/")[2], system)]
        found = system.find(root, detail=True)
    except ImportError as error:
        raise SourceError(
            f"source {source.name!r} needs a package that is not installed: {error}",
            where=source.path,
            remedy="Install the package it names; fsspec's documentation lists one for each kind of store.",
        ) from error
    except (OSError, ValueError) as error:
        raise SourceError(
            f"source {source.name!r} cannot be listed: {error}",
            where=source.path,
            remedy="Correct `path` in the [[source]] table, or the rights to it.",
        ) from error
    wanted = source if pattern is None else _everything_of(source)
    files = (_stored(info, _below(path, root), system) for path, info in found.items() if info.get("type") == "file")
    return sorted(
        (f for f in files if _wanted(f.name, wanted) and (pattern is None or matches(f.name, (pattern,)))),
        key=lambda file: file.name,
    )


def _below(path: str, root: str) -> str:
    return path.removeprefix(root).strip("/")


def _stored(info: dict[str, Any], name: str, system: Any) -> _File:  # noqa: ANN401 - fsspec has no types
    """Describe a file in a store; without anything that changes with its bytes it has no fingerprint."""
    size = int(info.get("size") or 0)
    telling = next((info[key] for key in _TELLING if info.get(key)), None)
    mark = "" if telling is None else f"{size}-{telling}"
    return _File(printable(name), system.unstrip_protocol(info["name"]), mark, size)
