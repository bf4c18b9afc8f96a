"""Publishing to a store of files: a folder, or whatever fsspec opens (S3, Google Cloud Storage, Azure).

A release goes under ``NAME/NAME-VERSION/`` (a folder that says its version, as readers and their caches want it), file
by file, each read back and digested.  ``SHA256SUMS`` goes last, and only where there is none: until it stands there
the version is not published, and from then on its files stay as they are.  ``NAME/latest.json`` is replaced after
that, whole or not at all, and only by a later version::

    {"name": "sco-news", "version": "1.0.0", "manifest_sha256": "..."}
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import cached_property, partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final, TypeVar

from packaging.version import Version

from corpuskit.errors import PublishError, ReleaseDiffersError
from corpuskit.package.manifest import NAME as MANIFEST
from corpuskit.package.release import SUMS, sync_folder
from corpuskit.publish.credentials import scrub
from corpuskit.publish.patience import Patience
from corpuskit.publish.report import Outcome, Plan, silent
from corpuskit.publish.store_errors import meaning, passing

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from fsspec import AbstractFileSystem

    from corpuskit.publish.release import File, Release
    from corpuskit.publish.report import Progress

T = TypeVar("T")

LATEST: Final = "latest.json"
"""The pointer to the version that readers get who name none."""

EXTRAS: Final = {"s3": "s3", "s3a": "s3", "gs": "gcs", "gcs": "gcs", "az": "azure", "abfs": "azure", "abfss": "azure"}
"""The extra of this package that an address needs, by its scheme."""

_CHUNK: Final = 2**20


@dataclass(frozen=True)
class Store:
    """A store of files at an address that fsspec opens; without a scheme it is a folder."""

    address: str
    patience: Patience = field(default_factory=Patience)
    progress: Progress = silent

    @cached_property
    def _opened(self) -> tuple[AbstractFileSystem, str]:
        from fsspec.core import url_to_fs

        scheme = self.address.partition("://")[0] if "://" in self.address else "file"
        try:
            # What was listed before is not what is there now.
            fs, root = url_to_fs(self.address, use_listings_cache=False)
        except ImportError as error:
            extra = EXTRAS.get(scheme)
            raise PublishError(
                f"there is nothing installed for {scheme}:// ({error})",
                where=self.address,
                remedy=f"Run: pip install 'corpuskit[{extra}]'" if extra else "Install the fsspec package for it.",
            ) from error
        except ValueError as error:
            raise PublishError(
                f"is no address that fsspec knows: {scrub(str(error))}",
                where=self.address,
                remedy="Give a folder, hf://datasets/ORG/NAME, or an address like s3://bucket/path.",
            ) from None
        return fs, root.rstrip("/")

    @property
    def _fs(self) -> AbstractFileSystem:
        return self._opened[0]

    @property
    def _local(self) -> bool:
        from fsspec.implementations.local import LocalFileSystem

        return isinstance(self._fs, LocalFileSystem)

    def _at(self, *parts: str) -> str:
        return "/".join((self._opened[1], *parts))

    # --- the steps ---

    def plan(self, release: Release, tag: str) -> tuple[Outcome, Plan]:
        """Return what publishing ``release`` as ``tag`` would do; nothing is changed."""
        stands, plan = self._stands(release, tag), self._compare(release, tag)
        return (Outcome.SAME if stands and not plan.missing else Outcome.PLANNED), plan

    def forecast(self, *_: object) -> None:
        """Foretell nothing: these stores keep whole files and know no chunks."""

    def publish(self, release: Release, tag: str, *, latest: bool) -> tuple[Outcome, Plan, None, bool]:
        """Bring ``release`` to the store as ``tag``.

        Returns:
            What was done, what was sent, no commit, and whether the pointer names this release.

        Raises:
            PublishError: a step cannot be done; nothing points to what was not checked.
            ReleaseDiffersError: the name is another release's there.
        """
        stands, plan = self._stands(release, tag), self._compare(release, tag)
        if not stands:
            self._clear(release, tag, plan)
        self._fill(release, tag, plan)
        if not stands:
            self._seal(release, tag)
        outcome = Outcome.SAME if stands and not plan.missing else Outcome.PUBLISHED
        return outcome, plan, None, latest and self._advance(release)

    def _clear(self, release: Release, tag: str, plan: Plan) -> None:
        """Take out what another attempt has left."""
        for path in plan.extra:
            self._try(f"delete {path}", partial(self._fs.rm_file, self._at(release.name, _folder(release, tag), path)))

    def _fill(self, release: Release, tag: str, plan: Plan) -> None:
        """Send what is missing, read it back and digest it.

        Raises:
            PublishError: a file is not what was sent.
        """
        missing = [release.files[path] for path in plan.missing if path != SUMS]
        for step, what in (("upload", self._send), ("verify", self._check)):
            for done, file in enumerate(missing, 1):
                self.progress(step, done, len(missing))
                what(file, self._at(release.name, _folder(release, tag), file.path))

    def _send(self, file: File, place: str) -> None:
        self._try(f"send {file.path}", partial(self._put, file.source, place))

    def _check(self, file: File, place: str) -> None:
        digest = self._digest(place)
        if digest != file.sha256:
            raise PublishError(
                f"has the SHA-256 {digest or 'of no file'} there and {file.sha256} in the release",
                where=scrub(self._fs.unstrip_protocol(place)),
                remedy="Nothing points to it. Run the same command again: it will be sent again.",
            )

    def _seal(self, release: Release, tag: str) -> None:
        """Put the checksums beside the files: from now on the version is published and stays as it is."""
        place, data = self._at(release.name, _folder(release, tag), SUMS), release.files[SUMS].source.read_bytes()

        def seal() -> None:
            if self._stands(release, tag):
                return
            self._create(place, data)
            if self._read(place) != data:  # ours, since there was none: it must not stand for a release
                self._fs.rm_file(place)
                raise OSError(f"{SUMS} came back with other bytes")

        self._try(f"send {SUMS}", seal, also=(FileExistsError,))
        if not self._stands(release, tag):
            raise PublishError(
                "is not there although it was sent",
                where=scrub(self._fs.unstrip_protocol(place)),
                remedy="Nothing points to the release. Run the same command again.",
            )

    def _advance(self, release: Release) -> bool:
        """Let the pointer name ``release`` unless it names a later version; say whether it does."""
        place = self._at(release.name, LATEST)
        pointer = {
            "name": release.name,
            "version": release.version,
            "manifest_sha256": release.files[MANIFEST].sha256,
        }
        data = (json.dumps(pointer, indent=2) + "\n").encode()

        def advance() -> bool:
            with self._alone(place):
                return move()

        def move() -> bool:
            held, mark = self._pointer(place)
            if held == data:
                return True
            if held is not None and Version(_version(held)) > Version(release.version):
                return False
            self._replace(place, data, mark)
            if self._pointer(place)[0] != data:
                raise OSError(f"{LATEST} came back with other bytes")
            return True

        # A pointer that changed in between is looked at again: S3 says so with an error of its own.
        return self._try(f"point {LATEST} to {release.version}", advance, also=(FileExistsError,))

    # --- looking ---

    def _stands(self, release: Release, tag: str) -> bool:
        """Whether this release is published there under ``tag``.

        Raises:
            ReleaseDiffersError: another one is.
        """
        place = self._at(release.name, _folder(release, tag), SUMS)
        found = self._try(f"look for {SUMS}", partial(self._read, place))
        if found is None:
            return False
        if hashlib.sha256(found).hexdigest() != release.files[SUMS].sha256:
            lines = (line.partition("  ") for line in found.decode("utf-8", "replace").splitlines())
            theirs = {path: digest for digest, _, path in lines}
            ours = {path: file.sha256 for path, file in release.files.items() if path != SUMS}
            differing = sorted(path for path in theirs | ours if theirs.get(path) != ours.get(path))
            listed = "\n  ".join(differing[:20])
            raise ReleaseDiffersError(
                f"another release stands there under this name; these files differ:\n  {listed}",
                where=scrub(self._fs.unstrip_protocol(place.removesuffix(f"/{SUMS}"))),
                remedy="What is published stays as it is: give the release a new version.",
            )
        return True

    def _compare(self, release: Release, tag: str) -> Plan:
        """Compare what an earlier attempt left there with the files of ``release``, byte by byte."""
        root = self._at(release.name, _folder(release, tag))
        found = {path[len(root) + 1 :] for path in self._try("list what is there", partial(self._find, root))}
        present = {
            path
            for path, file in release.files.items()
            if path in found and self._digest(f"{root}/{path}") == file.sha256
        }
        return Plan(
            missing=tuple(path for path in release.files if path not in present),
            present=tuple(path for path in release.files if path in present),
            extra=tuple(sorted(found - release.files.keys())),
        )

    def _find(self, root: str) -> list[str]:
        self._fs.invalidate_cache()
        try:
            return [str(path) for path in self._fs.find(root)]
        except FileNotFoundError:
            return []

    def _read(self, place: str) -> bytes | None:
        """Return the bytes of a small file; ``None`` where there is none."""
        self._fs.invalidate_cache()
        try:
            return bytes(self._fs.cat_file(place))
        except FileNotFoundError:
            return None

    def _digest(self, place: str) -> str | None:
        """Return the SHA-256 of a file there; ``None`` where there is none."""

        def read() -> str | None:
            digest = hashlib.sha256()
            try:
                with self._fs.open(place, "rb", block_size=8 * _CHUNK, cache_type="readahead") as file:
                    while part := file.read(_CHUNK):
                        digest.update(part)
            except FileNotFoundError:
                return None
            return digest.hexdigest()

        return self._try(f"read {place} back", read)

    def _pointer(self, place: str) -> tuple[bytes | None, str | None]:
        """Return what the pointer holds, and the mark of that state where the store has one."""
        self._fs.invalidate_cache()
        try:
            mark = self._fs.info(place).get("ETag")
        except FileNotFoundError:
            return None, None
        return self._read(place), mark

    # --- writing ---

    def _put(self, source: Path, place: str) -> None:
        """Send a file: it appears there whole or not at all."""
        if self._local:
            with source.open("rb") as file:
                _write(Path(place), file)
        else:
            self._fs.put_file(str(source), place)

    def _create(self, place: str, data: bytes) -> None:
        """Write a file that must not be there yet.

        Raises:
            FileExistsError: it is.
        """
        if self._local:
            _write(Path(place), BytesIO(data), new=True)
        elif self._fs.exists(place):
            raise FileExistsError(place)
        else:
            # On S3 and Google Cloud Storage the store itself sees to it that nothing is overwritten.
            self._fs.pipe_file(place, data, **({"mode": "create"} if self._scheme in {"s3", "gs"} else {}))

    def _replace(self, place: str, data: bytes, mark: str | None) -> None:
        """Replace a file whose state was ``mark``; on S3 the store itself sees to it that it still is."""
        if self._local:
            _write(Path(place), BytesIO(data))
        elif self._scheme == "s3":
            self._fs.pipe_file(place, data, **({"IfMatch": mark} if mark else {"mode": "create"}))
        else:
            self._fs.pipe_file(place, data)

    @property
    def _scheme(self) -> str:
        protocol = self._fs.protocol
        return str(protocol if isinstance(protocol, str) else protocol[0])

    def _alone(self, place: str) -> AbstractContextManager[Any]:
        """Keep others on this machine from moving the pointer at the same time, where the store is a folder."""
        if not self._local:
            return nullcontext()
        import filelock  # only here

        name = hashlib.sha256(place.encode()).hexdigest()[:32]
        return filelock.FileLock(Path(tempfile.gettempdir()) / f"corpuskit-{name}.lock", timeout=60)

    # --- failing ---

    def _try(self, doing: str, step: Callable[[], T], also: tuple[type[Exception], ...] = ()) -> T:
        """Return what ``step`` returns, tried again where that may help; ``also`` are more errors to try again on.

        Raises:
            PublishError: it cannot be done: what, where, and what to do about it.
        """
        return self.patience.attempt(step, partial(passing, also=also), partial(self._explain, doing))

    def _explain(self, doing: str, error: Exception) -> PublishError:
        what, remedy = meaning(error)
        return PublishError(
            f"cannot {doing}: {what}\n  ({' '.join(scrub(str(error) or type(error).__name__).split())[:500]})",
            where=scrub(self.address),
            remedy=remedy,
        )


def _write(path: Path, data: BinaryIO, *, new: bool = False) -> None:
    """Write a file of a folder: a temporary one first, brought to the disk, then renamed; ``new``: over none.

    Raises:
        FileExistsError: ``new``, and there is one.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".sending-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            shutil.copyfileobj(data, file, _CHUNK)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        if new:
            os.link(name, path)
        else:
            Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)
    sync_folder(path.parent)


def _folder(release: Release, tag: str) -> str:
    return f"{release.name}-{tag}"


def _version(pointer: bytes) -> str:
    """Return the version that a pointer names; the lowest where it cannot be read."""
    try:
        return str(json.loads(pointer)["version"])
    except (ValueError, KeyError, TypeError):
        return "0"
