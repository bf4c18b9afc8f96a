"""Measure detectors of legacy encodings against each other: ``python -m bench.repair.detectors``.

Each language's sentences are written in the legacy encodings it was written in, as a page and one by one.  A detector
is right where the bytes, read by what it says, are the text again: several encodings may be right.
"""

from __future__ import annotations

import time
from collections import defaultdict
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from bench.repair.generate import sentences
from corpuskit.repair.labels import encoding_name, python_codec
from corpuskit.repair.likelihood import load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Detector = Callable[[bytes], str | None]

WRITTEN: Final = {
    "cp1252": "en fr de es pt it sv", "iso8859-15": "fr de es pt it sv", "mac-roman": "fr de es it",
    "cp1250": "pl cs hu ro", "iso8859-2": "pl cs hu ro", "cp1257": "lt", "cp1254": "tr", "cp1258": "vi",
    "cp1251": "ru uk bg", "koi8-r": "ru", "koi8-u": "uk", "cp866": "ru", "iso8859-5": "ru bg",
    "cp1253": "el", "iso8859-7": "el", "cp1255": "he", "cp1256": "ar fa", "cp874": "th",
    "gb18030": "zh", "big5hkscs": "zh-Hant", "cp932": "ja", "euc-jp": "ja", "cp949": "ko",
}  # fmt: skip
"""Python's names of the encodings the sentences are written in, and the languages that were written in each."""
DOUBLE_BYTE: Final = frozenset({"gb18030", "big5hkscs", "cp932", "euc-jp", "cp949"})


def main() -> None:
    """Measure and print."""
    samples = list(encoded())
    print(f"{len(samples)} texts")
    most = max(utf8_by_chance(raw) for _, _, raw, _ in samples)
    print(f"bytes beyond ASCII in valid UTF-8 to those in none: {most:.2f} at most")
    print("| | right, pages | right, sentences | right, double-byte | milliseconds each |\n|---|--:|--:|--:|--:|")
    for name, detect in detectors().items():
        right: dict[str, list[bool]] = defaultdict(list)
        detect(samples[0][2])
        start = time.perf_counter()
        said = [detect(raw) for _, _, raw, _ in samples]
        each = (time.perf_counter() - start) / len(samples) * 1000
        for (size, codec, raw, text), label in zip(samples, said, strict=True):
            fits = reads(raw, label) == text
            right[size].append(fits)
            if codec in DOUBLE_BYTE:
                right["double-byte"].append(fits)
        shares = " | ".join(f"{sum(right[key]) / len(right[key]):.3f}" for key in ("page", "sentence", "double-byte"))
        print(f"| {name} | {shares} | {each:.2f} |")


def encoded() -> Iterator[tuple[str, str, bytes, str]]:
    """Yield "page" or "sentence", the codec, the bytes and the text."""
    texts = sentences()
    for codec, languages in WRITTEN.items():
        for lines in map(texts.__getitem__, languages.split()):
            for size, parts in (("page", ["\n".join(lines)]), ("sentence", lines)):
                for text in parts:
                    try:
                        raw = text.encode(codec)
                    except UnicodeEncodeError:
                        continue
                    if not raw.isascii():
                        yield size, codec, raw, text


def utf8_by_chance(raw: bytes) -> float:
    """Return how many bytes beyond ASCII are in valid UTF-8 for each that is not."""
    beyond = sum(byte > 0x7F for byte in raw)
    good = sum(byte > 0x7F for byte in raw.decode("utf-8", "ignore").encode())
    return good / max(1, beyond - good)


def detectors() -> dict[str, Detector]:
    """Return the detectors that are installed, and windows-1252 for everything, which is what browsers fall back to."""
    found: dict[str, Detector] = {"windows-1252 always": lambda _: "windows-1252"}
    found["the character model"] = likeliest
    if find_spec("chardet"):
        chardet = import_module("chardet")
        found[f"chardet {chardet.__version__}"] = lambda raw: chardet.detect(raw)["encoding"]
    if find_spec("charset_normalizer"):
        normalizer = import_module("charset_normalizer")

        def detect(raw: bytes) -> str | None:
            best = normalizer.from_bytes(raw).best()
            return None if best is None else str(best.encoding)

        found[f"charset-normalizer {normalizer.__version__}"] = detect
    return found


def likeliest(raw: bytes) -> str | None:
    """Return the encoding by which ``raw`` is likeliest to be text."""
    read = {codec: text for codec in WRITTEN if (text := reads(raw, codec)) is not None}
    return min(read, key=lambda codec: load().nats(read[codec]), default=None)


def reads(raw: bytes, label: str | None) -> str | None:
    """Return ``raw`` read by what ``label`` means to a browser, or to Python where browsers do not know it."""
    name = encoding_name(label or "windows-1252")
    if name is None:
        return None
    try:
        return raw.decode(python_codec(name))
    except UnicodeDecodeError:
        return None


if __name__ == "__main__":
    main()
