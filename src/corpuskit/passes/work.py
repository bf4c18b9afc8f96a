"""The work folder: what one run leaves for the next.

It may be taken away at any time; the next run then does everything again.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import uuid
from contextlib import contextmanager
from dataclasses import asdict, replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from corpuskit.errors import ReleaseError
from corpuskit.package.contents import contents
from corpuskit.read.registry import third_party

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from corpuskit.config import Config
    from corpuskit.read import Unit

FOLDER: Final = ".corpuskit"
"""Where work lies by default, beside the configuration."""

_NOT_OF_PAGES: Final = (
    *("api.py", "check", "cli", "doctor", "publish", "review", "run", "train"),
    *("pipeline.py", "releasing.py", "forgetting.py"),
)
"""What of the package cannot change the row of a page.  All the rest is taken to matter, whatever is added to it."""

_LIBRARIES: Final = (
    *("chardet", "fastwarc", "ftfy", "htmldate", "justext", "langcodes", "lxml", "lxml-html-clean", "numpy"),
    *("pyarrow", "pycld2", "selectolax", "trafilatura"),
)
"""Libraries whose version may change the row of a page."""


_NOT_OF_ROWS: Final = (
    # What comes of a second look has keys of its own (:func:`key_among`).
    ("repair", "votes"),
    ("segment", "templates"),
    ("select", "min_survival"),
    ("select", "near_duplicates"),
    ("select", "split"),
    # These decide which pages are lost, and lost pages are tried again anyway.
    ("limits", "page_seconds"),
    ("limits", "worker_memory"),
)
"""Settings that cannot change the row of a page."""


class Work:
    """The work folder of one corpus.

    Attributes:
        parts: where parts lie.
        spill: where the relational engine may put what does not fit into memory.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.parts = folder / "parts"
        self.spill = folder / "spill"
        self._record = folder / "release.json"

    def clear(self) -> None:
        """Forget everything."""
        for path in (self.parts, self.spill):
            shutil.rmtree(path, ignore_errors=True)
        self._record.unlink(missing_ok=True)
        self.parts.mkdir(parents=True)

    def prune(self, names: set[str]) -> None:
        """Take away the parts that are not among ``names``."""
        for path in self.parts.iterdir():
            if path.name not in names:
                path.unlink(missing_ok=True)

    def remember(self, inputs: str, facts: Mapping[str, Any]) -> None:
        """Note what a build of these ``inputs`` came to."""
        draft = self._record.with_suffix(".tmp")
        with draft.open("w", encoding="utf-8") as file:
            json.dump({"inputs": inputs, **facts}, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._record)

    def recall(self, inputs: str) -> dict[str, Any] | None:
        """Return what the last build came to, if it was one of these ``inputs``."""
        try:
            facts: dict[str, Any] = json.loads(self._record.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return facts if facts.get("inputs") == inputs else None


@contextmanager
def opened(folder: Path, *, fresh: bool) -> Iterator[Work]:
    """Give the work folder, created where it is missing, to this run alone.

    Raises:
        ReleaseError: another run has it, or it cannot be written to.
    """
    from corpuskit.package.release import locked

    work = Work(folder)
    with locked(folder, "--work"):
        try:
            # As other tools do with their caches: it is left out of git without anybody having to say so.
            (folder / ".gitignore").write_text("*\n", encoding="utf-8")
            if fresh:
                work.clear()
            shutil.rmtree(work.spill, ignore_errors=True)
            work.parts.mkdir(exist_ok=True)
        except OSError as error:
            raise ReleaseError(
                f"the work folder cannot be written to: {error.strerror or error}",
                where=str(folder),
                remedy="Give another with --work.",
            ) from error
        yield work


def key_of(unit: Unit, settings: str, code: str) -> str:
    """Return the content key of a unit: it changes with its bytes, the settings, the code and the libraries.

    Its bytes are told by its fingerprint; of one that has none nobody knows, and it is never the same again.
    """
    name = (unit.source, unit.name, unit.reader, unit.part, unit.fingerprint or uuid.uuid4().hex)
    return _digest([*name, settings, code])


def key_among(key: str, others: object) -> str:
    """Return the key of the pages of a unit that ``others`` have a say in, which is made of what JSON has."""
    return _digest([key, others])


def settings_digests(config: Config) -> dict[str, str]:
    """Return for each source a digest of the settings that decide what comes of its pages.

    Whatever is not known to matter only later is taken to matter.
    """
    settings = asdict(replace(config, folder=Path()))
    for section in ("dataset", "folder", "package", "rights", "schema", "splits", "validate", "version"):
        settings.pop(section, None)
    for section, key in _NOT_OF_ROWS:
        del settings[section][key]
    sources = {source.pop("name"): source for source in settings.pop("source")}
    for source in sources.values():
        for key in ("include", "exclude"):
            del source[key]
    return {name: _digest([settings, source]) for name, source in sources.items()}


def code_digest(*, everything: bool = False) -> str:
    """Return a digest of the code and the weights that decide the row of a page, and of the libraries they use.

    ``everything`` takes in the whole package: what decides the files of a release.
    """
    digest = hashlib.sha256()
    for inside, content in contents().items():
        if everything or inside.partition("/")[0] not in _NOT_OF_PAGES:
            digest.update(f"{inside}\0{content}".encode())
    versions = {name: _version(name) for name in _LIBRARIES}
    versions |= {name: entry.dist.version for name, entry in third_party().items() if entry.dist is not None}
    digest.update(json.dumps([sys.version_info[:3], versions], sort_keys=True).encode())
    return digest.hexdigest()


def release_digest(config: Config, keys: Sequence[str], older: Sequence[Path]) -> str:
    """Return a digest of all that decides the files of a release; ``older`` are releases that stand beside it."""
    beside = [(path.name, _digest((path / "SHA256SUMS").read_bytes().decode())) for path in sorted(older)]
    extends = config.folder / config.schema.extends if config.schema.extends else None
    return _digest(
        [
            sorted(keys),
            asdict(replace(config, folder=Path())),
            extends.read_text(encoding="utf-8") if extends else None,
            beside,
            code_digest(everything=True),
            [_version(name) for name in ("duckdb", "pyyaml", "tld")],
        ]
    )


@cache
def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _digest(value: object) -> str:
    canonical = json.dumps(value, sort_keys=True, default=str, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()[:32]
