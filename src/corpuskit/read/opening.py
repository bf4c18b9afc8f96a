"""Files as streams: of this machine or of a store, expanded where their names say that they are compressed."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final, cast

from corpuskit.errors import PageError
from corpuskit.model import Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    from _typeshed import WriteableBuffer

    from corpuskit.config import LimitSettings
    from corpuskit.read.unit import Unit

EXPANDS_FREELY: Final = 64_000_000
"""Bytes that anything may expand to, however small: repetitive text compresses well, and this much does no harm."""

_BUFFER: Final = 1 << 16
_SHORT: Final = {".tgz": ".gz", ".tbz2": ".bz2", ".txz": ".xz"}


def is_url(address: str) -> bool:
    """Whether ``address`` is a URL and no path."""
    return "://" in address


@contextmanager
def opened(address: str) -> Iterator[BinaryIO]:
    """Open the file at ``address`` for reading; in a store it is read in blocks as it is needed.

    Raises:
        PageError: it cannot be opened.
    """
    try:
        if is_url(address):
            import fsspec  # only stores need it

            file = fsspec.open(address, "rb").open()
        else:
            file = Path(address).open("rb")  # noqa: SIM115 - closed below, as a store's is
    except OSError as error:
        raise PageError(Stage.READ, f"cannot be read: {error.strerror or error}") from error
    with file:
        yield file


@contextmanager
def streamed(unit: Unit, limits: LimitSettings) -> Iterator[BinaryIO]:
    """Open the file of ``unit`` as :func:`opened` does, and expand it as :func:`expanded` does."""
    with opened(unit.address) as file:
        yield expanded(file, unit.name, unit.bytes, limits)


def expanded(file: BinaryIO, name: str, size: int, limits: LimitSettings) -> BinaryIO:
    """Return ``file``, expanded if ``name`` says that it is compressed; ``size`` is its length in bytes.

    Reading more than ``limits.max_expansion`` times its size raises :class:`PageError`.
    """
    suffix = Path(name).suffix.lower()
    opener = _OPENERS.get(_SHORT.get(suffix, suffix))
    return file if opener is None else budgeted(opener(file), size, limits, compressed=file)


def is_compressed(name: str) -> bool:
    """Whether the file ``name`` is expanded as it is read."""
    suffix = Path(name).suffix.lower()
    return _SHORT.get(suffix, suffix) in _OPENERS


def budgeted(stream: BinaryIO, size: int, limits: LimitSettings, *, compressed: BinaryIO | None = None) -> BinaryIO:
    """Return ``stream``, which expands ``size`` bytes, so that it ends with an error where it gives too many.

    Decompressors take nothing for nothing compressed: an error where ``compressed``, the file, is at its start yet.
    """
    return cast("BinaryIO", io.BufferedReader(_Budgeted(stream, budget(size, limits), limits, compressed), _BUFFER))


def budget(size: int, limits: LimitSettings) -> int:
    """Return how many bytes ``size`` compressed ones may become."""
    return max(EXPANDS_FREELY, size * limits.max_expansion)


def over_budget(limits: LimitSettings) -> PageError:
    """Return what is said of something that expands to more than it may."""
    return PageError(Stage.READ, f"expands to more than limits.max_expansion ({limits.max_expansion}) times its size")


def zstd() -> ModuleType:
    """Return the module for zstandard: Python's own from 3.14 on, before it the same code as a package."""
    if sys.version_info >= (3, 14):
        from compression import zstd as module
    else:
        from backports import zstd as module
    return module


_OPENERS: Final[dict[str, Callable[[BinaryIO], Any]]] = {
    ".gz": lambda file: gzip.GzipFile(fileobj=file),
    ".bz2": bz2.BZ2File,
    ".xz": lzma.LZMAFile,
    ".zst": lambda file: zstd().ZstdFile(file),
}


class _Budgeted(io.RawIOBase):
    """A stream that ends with an error where more was read than ``most`` bytes."""

    def __init__(self, inner: BinaryIO, most: int, limits: LimitSettings, compressed: BinaryIO | None) -> None:
        self._inner = inner
        self._most = most
        self._taken = 0
        self._limits = limits
        self._compressed = compressed

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        with memoryview(buffer) as view:
            got = self._inner.read(min(len(view), _BUFFER))
            view[: len(got)] = got
        self._taken += len(got)
        if not self._taken and self._compressed is not None and not self._compressed.tell():
            raise PageError(Stage.READ, "is an empty file")
        if self._taken > self._most:
            raise over_budget(self._limits)
        return len(got)

    def tell(self) -> int:
        return self._taken  # fastwarc asks where a stream is that it is given
