"""How fast metadata is checked against its schema, and what ``validate`` holds in memory.

    python bench/validation.py                          both, in a few minutes
    python bench/validation.py --rows 10000 1000000     documents in the releases validated; each has three rows

Peers: jsonschema (with its format checker), pydantic and jsonschema-rs row by row, on the same documents; all report
every error.  A peer that is not installed is left out.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from corpuskit import config as configuration
from corpuskit import schema
from corpuskit.check import examine
from corpuskit.check.columns import ColumnChecks
from corpuskit.model import page_id
from corpuskit.package import tables
from corpuskit.package.finish import finish
from corpuskit.package.parquet import ROW_GROUP, TableWriter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SENTENCES = (
    "The harbour of the town was opened again after two years of work on its walls and cranes.",
    "People who live nearby said that they had waited for this for a long time.",
    "The council wants to talk about the harbour again in the autumn, when the costs are known.",
    "A ferry is to run in winter too, if enough people ask for it before the end of the year.",
)
SOURCE = "pages"


def text(number: int) -> str:
    """Return the main text of a made-up page, a different one for each number."""
    return "\n\n".join(
        f"{SENTENCES[(number + k) % 4]} {number + k} {SENTENCES[(number * 7 + k) % 4]}" for k in range(8)
    )


def row(number: int, identifier: str, locator: str) -> dict[str, Any]:
    """Return a row of ``documents``, with what a page usually states."""
    title = f"The harbour of the town, part {number}"
    date = f"20{10 + number % 15}-0{1 + number % 9}-1{number % 9}"
    values = {"title": title, "authors": "Ada Marsh", "date_published": date, "publisher": "The Post", "language": "en"}
    return {
        **dict.fromkeys(tables.SCHEMAS["documents"].names),
        "id": identifier,
        "source": SOURCE,
        "locator": locator,
        "url": f"https://news.example/{number}",
        "media_type": "text/html",
        "encoding": "utf-8",
        "raw_bytes": 20_000 + number,
        "raw_sha256": hashlib.sha256(locator.encode()).hexdigest(),
        "text": text(number),
        "title": title,
        "authors": ["Ada Marsh"],
        "date_published": date,
        "date": date,
        "date_basis": "published",
        "publisher": "The Post",
        "section": [],
        "keywords": [],
        "language": "en",
        "rights": "unknown",
        "evidence": [
            {"field": name, "value": value, "origin": "block", "where": "block 0", "stated": True, "used": True}
            for name, value in values.items()
        ],
    }


def rows(count: int) -> Iterator[dict[str, Any]]:
    """Yield rows in order of their ids."""
    named = sorted((page_id(SOURCE, f"{number}.html"), number) for number in range(count))
    return (row(number, identifier, f"{number}.html") for identifier, number in named)


# --- speed of the schema ---


def speed(count: int, repeat: int) -> None:
    """Print documents a second and core, a hundredth of the documents with an error in each of two fields."""
    made = list(rows(count))
    for bad in made[::100]:
        bad |= {"language": "English", "url": "nowhere"}
    batches = tables.to_table("documents", made).to_batches(max_chunksize=1_000)
    results: dict[str, tuple[float, int]] = {}
    for name, check, part in (
        ("corpuskit, columns", lambda: of_columns(batches), count),
        ("jsonschema-rs, rows", lambda: of_rows(made), count),
        ("pydantic, rows", lambda: of_pydantic(made), count),
        ("jsonschema, rows", lambda: of_jsonschema(made[: count // 20]), count // 20),
    ):
        timed(name, check, part, repeat, results)
    print(f"schema of documents: {count:,} documents, 1% of them with 2 errors, {len(made[0])} fields")
    print(f"{'':24}{'documents/s':>14}{'errors found':>14}")
    for name, (rate, errors) in results.items():
        print(f"{name:24}{rate:14,.0f}{errors:14,}")
    base = results["corpuskit, columns"][0]
    others = ", ".join(f"{base / rate:.1f} x {name}" for name, (rate, _) in list(results.items())[1:])
    print(f"corpuskit is {others}\n")


def timed(name: str, check: Callable[[], int], part: int, repeat: int, results: dict[str, tuple[float, int]]) -> None:
    """Run ``check`` and keep the best of ``repeat`` times, in processor time of this process."""
    package = name.split(",", maxsplit=1)[0].replace("-", "_")
    if importlib.util.find_spec(package) is None:
        print(f"{package} is not installed")
        return
    best, errors = float("inf"), 0
    for _ in range(repeat):
        start = time.process_time()
        errors = check()
        best = min(best, time.process_time() - start)
    results[name] = (part / best, errors)


def of_columns(batches: list[pa.RecordBatch]) -> int:
    """Check Arrow batches column by column, as ``validate`` does."""
    checks = ColumnChecks("documents")
    return sum(1 for batch in batches for _ in checks.check(batch, "documents"))


def of_rows(made: list[dict[str, Any]]) -> int:
    """Check dictionaries one by one, as ``validate`` does with JSON Lines."""
    validator = schema.validator("document")
    return sum(1 for one in made for _ in validator.iter_errors(one))


def of_jsonschema(made: list[dict[str, Any]]) -> int:
    """Check with jsonschema; without extras it takes any string for a uri, so that fewer errors are found."""
    import jsonschema  # type: ignore[import-untyped,unused-ignore]

    validator = jsonschema.Draft202012Validator(
        schema.load("document"), format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )
    return sum(1 for one in made for _ in validator.iter_errors(one))


def of_pydantic(made: list[dict[str, Any]]) -> int:
    """Check with a pydantic model of the same fields, patterns and vocabularies."""
    from typing import Annotated, Literal

    import pydantic

    def text_of(pattern: str) -> Any:  # noqa: ANN401 - a type
        return Annotated[str, pydantic.StringConstraints(pattern=pattern)]

    some: Any = Annotated[str, pydantic.StringConstraints(min_length=1)]
    properties = schema.load("document")["properties"]
    origins: Any = Literal["block", "json-ld", "meta", "link", "microdata", "url", "header", "text"]
    make: Any = pydantic.create_model
    truth = dict.fromkeys(("stated", "used"), (bool, ...))
    piece = make("Piece", origin=(origins, ...), **dict.fromkeys(("field", "value", "where"), (str, ...)), **truth)
    day = text_of(properties["date_published"]["pattern"])
    fields: dict[str, Any] = {
        "id": text_of(properties["id"]["pattern"]),
        "raw_sha256": text_of(properties["raw_sha256"]["pattern"]),
        "url": pydantic.AnyUrl | None,
        "media_type": Literal["text/plain", "text/html"],
        "raw_bytes": Annotated[int, pydantic.Field(ge=0)],
        "text": str,
        "date_published": day | None,
        "date_modified": day | None,
        "language": text_of(properties["language"]["pattern"]) | None,
        "rights": Literal["open", "reserved", "unknown"],
        "evidence": list[piece],  # type: ignore[valid-type]
        **dict.fromkeys(("authors", "section", "keywords"), list[some]),
    }
    every = {name: (fields.get(name, some | None), ...) for name in properties}
    model = make("Document", __config__=pydantic.ConfigDict(extra="forbid"), **every)
    errors = 0
    for one in made:
        try:
            model.model_validate(one)
        except pydantic.ValidationError as error:
            errors += error.error_count()
    return errors


# --- memory of validate ---


def memory(sizes: list[int]) -> None:
    """Print the peak memory and the time of ``validate`` for releases of several sizes, each in its own process."""
    print("validate on a whole release, clean, in a process of its own")
    print(f"{'documents':>12}{'rows':>12}{'peak MB':>10}{'seconds':>10}{'documents/s':>14}{'findings':>10}")
    for count in sizes:
        with tempfile.TemporaryDirectory(prefix="corpuskit-bench-") as folder:
            path = make_release(Path(folder), count)
            done = subprocess.run(  # noqa: S603 - this very script
                [sys.executable, __file__, "--child", str(path)],
                capture_output=True,
                text=True,
                check=True,
                env={**os.environ, "OMP_NUM_THREADS": "1"},
            )
        found = json.loads(done.stdout)
        rate = count / found["seconds"]
        line = f"{count:12,}{found['rows']:12,}{found['peak']:10,.0f}{found['seconds']:10.1f}{rate:14,.0f}"
        print(f"{line}{found['findings']:10}", flush=True)


def child(path: Path) -> None:
    """Validate one release and print what it took."""
    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)
    start = time.perf_counter()
    report = examine(path)
    seconds = time.perf_counter() - start
    peak = peak_megabytes()
    stated = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
    total = sum(entry["rows"] for entry in stated["configs"].values())
    found = sum(count.findings for count in report.counts.values())
    print(json.dumps({"seconds": seconds, "peak": peak, "rows": total, "findings": found}))


def peak_megabytes() -> float:
    """Return the most memory this process has held; what ``getrusage`` says counts the parent before ``exec``."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1_000
    scale = 1_000_000 if platform.system() == "Darwin" else 1_000
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / scale


def make_release(folder: Path, count: int) -> Path:
    """Write a clean release of ``count`` documents, with a decision and a block for each."""
    path = folder / "bench-1.0.0"
    files = {name: f"data/{name}/train-00000-of-00001.parquet" for name in tables.SCHEMAS}
    writers = {name: TableWriter(name, path / file) for name, file in files.items()}
    held: list[dict[str, Any]] = []
    for made in rows(count):
        held.append(made)
        if len(held) == ROW_GROUP:
            write(writers, held)
            held = []
    write(writers, held)
    configs: dict[str, Any] = {}
    for name, writer in writers.items():
        digest = writer.close()
        split: dict[str, Any] = {"rows": writer.rows, "bytes": writer.bytes, "files": [files[name]]}
        configs[name] = {"rows": writer.rows, "logical_sha256": digest, "splits": {"train": split}}
    config = configuration.Config(configuration.DatasetSettings("bench", "1.0.0", "Bench", "Made up."), ())
    finish(path, config, configs)
    return path


def write(writers: dict[str, TableWriter], held: list[dict[str, Any]]) -> None:
    """Write documents, and the decision and block of each."""
    writers["documents"].write(held)
    writers["decisions"].write(
        {
            **{field.name: [] if pa.types.is_list(field.type) else None for field in tables.SCHEMAS["decisions"]},
            **{name: made[name] for name in ("source", "locator", "raw_bytes", "raw_sha256")},
            "document_id": made["id"],
            "status": "kept",
        }
        for made in held
    )
    writers["blocks"].write(
        {
            "document_id": made["id"],
            "index": 0,
            "role": "main",
            "kind": "paragraph",
            "start": 0,
            "end": len(made["text"]),
            "text": made["text"],
            "score": 0.9,
            "reason": "made up",
        }
        for made in held
    )


def main() -> None:
    """Print the figures that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=40_000, help="documents for the speed of the schema")
    parser.add_argument("--repeat", type=int, default=3, help="how often the speed is measured; the best counts")
    parser.add_argument("--rows", type=int, nargs="*", default=[10_000, 100_000, 333_400], help="documents to validate")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        child(given.child)
        return
    speed(given.documents, given.repeat)
    if given.rows:
        memory(given.rows)


if __name__ == "__main__":
    main()
