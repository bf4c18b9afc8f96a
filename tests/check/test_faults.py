"""Every fault that is sown is found, by the right rule, and nothing else is said.

A fault is a change to a clean release.  After it (unless it is one of derived facts) everything that follows from the
tables is made true again, so that only the rule it is meant for can find it.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from corpuskit.check import examine, rules
from corpuskit.check.report import Policy
from corpuskit.model import page_id

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.check.conftest import Release

Row = dict[str, Any]


@dataclass(frozen=True)
class Fault:
    """A fault: which rule is to find it, and which others have to see its consequences too."""

    name: str
    rule: str
    sow: Callable[[Release], None]
    also: tuple[str, ...] = ()


OTHER_ID = "f" * 32


# --- values that the schemas do not allow ---

VALUES: list[tuple[str, str, object]] = [
    ("documents", "url", "not an address"),
    ("documents", "url", "https://news.example/with space"),
    ("documents", "fetched_at", "yesterday"),
    ("documents", "fetched_at", "2024-05-17"),
    ("documents", "media_type", "application/pdf"),
    ("documents", "encoding", ""),
    ("documents", "raw_bytes", -1),
    ("documents", "title", ""),
    ("documents", "authors", [""]),
    ("documents", "publisher", ""),
    ("documents", "section", ["News", ""]),
    ("documents", "keywords", [""]),
    ("documents", "description", ""),
    ("documents", "language", "English"),
    ("documents", "language", "en_US"),
    ("documents", "language", "en-us"),
    ("documents", "rights", "public domain"),
    ("documents", "rights_holder", ""),
    ("documents", "rights_statement", ""),
    ("documents", "evidence[origin]", "guess"),
    ("blocks", "role", "footer"),
    ("blocks", "kind", "advert"),
    ("blocks", "kind", "cookie"),
    ("blocks", "score", -0.1),
    ("blocks", "score", 1.5),
    ("blocks", "score", float("nan")),
    ("blocks", "reason", ""),
    ("related", "title", ""),
    ("related", "text", ""),
    ("related", "source", ""),
    ("related", "age", ""),
    ("related", "url", ""),
    ("related", "blocks", [-1]),
    ("repairs", "rule", ""),
    ("repairs", "evidence", ""),
    ("decisions", "locator", ""),
    ("decisions", "raw_bytes", -5),
    ("decisions", "raw_sha256", "abc"),
]


def piece(field: str) -> Row:
    return {"field": field, "value": "x", "origin": "block", "where": "block 0", "stated": True, "used": True}


def bad_value(config: str, column: str, value: object) -> Callable[[Release], None]:
    def sow(release: Release) -> None:
        number = 2 if config == "decisions" else 0
        if column.startswith("evidence["):
            evidence = release.rows(config)[number]["evidence"]
            release.edit(config, number, evidence=[{**evidence[0], "origin": value}, *evidence[1:]])
        elif config == "decisions":
            row = next(i for i, row in enumerate(release.rows(config)) if row["status"] == "quarantined")
            release.edit(config, row, **{column: value})
        elif column == "kind" and value == "cookie":
            row = next(i for i, row in enumerate(release.rows(config)) if row["role"] == "main")
            release.edit(config, row, kind=value)
        else:
            backed = (
                {"evidence": [*release.rows(config)[number]["evidence"], piece(column)]}
                if config == "documents"
                else {}
            )
            release.edit(config, number, **{column: value}, **backed)
        release.seal()

    return sow


# --- implausible metadata ---

PAGES: list[tuple[str, str, dict[str, object]]] = [
    ("author-is-address", "e-mail", {"authors": ["ada@harbour.example"]}),
    ("author-is-address", "e-mail in words", {"authors": ["Ada Marsh (ada.marsh@harbour.example)"]}),
    ("author-is-address", "URL", {"authors": ["https://harbour.example/ada"]}),
    ("author-is-address", "host", {"authors": ["www.harbour.example"]}),
    ("author-is-address", "second author", {"authors": ["Ada Marsh", "desk@harbour.example"]}),
    ("author-label", "English", {"authors": ["By Ada Marsh"]}),
    ("author-label", "German", {"authors": ["Von Jo Lindner"]}),
    ("author-label", "colon", {"authors": ["Author: Ada Marsh"]}),
    ("author-long", "a sentence", {"authors": ["Ada Marsh writes about harbours and ports and ships " * 3 + "daily"]}),
    ("date-future", "published", {"date_published": "2199-01-01", "date": "2199-01-01"}),
    ("date-future", "modified", {"date_modified": "2199-01-01T10:00:00Z"}),
    ("date-future", "after it was fetched", {"fetched_at": "2020-01-01T00:00:00Z"}),
    ("date-before-web", "published", {"date_published": "1969-07-20", "date": "1969-07-20"}),
    ("date-before-web", "the day before", {"date_published": "1991-08-05", "date": "1991-08-05"}),
    ("date-order", "modified first", {"date_modified": "2023-04-01"}),
    ("date-order", "by years", {"date_modified": "2001-01-01T08:00:00+01:00"}),
    ("date-basis", "another day", {"date": "2023-04-04"}),
    ("date-basis", "no day", {"date": None}),
    ("date-basis", "wrong basis", {"date_basis": "modified"}),
    ("date-basis", "no basis", {"date_basis": None}),
    ("language-mismatch", "English said to be French", {"language": "fr"}),
    ("language-mismatch", "English said to be Chinese", {"language": "zh-Hant"}),
    ("title-is-site", "publisher", {"title": "The Harbour Post", "publisher": "The Harbour Post"}),
    ("title-is-site", "host", {"title": "www.post.example", "url": "https://www.post.example/a"}),
    ("title-is-site", "name in host", {"title": "Harbourpost", "url": "https://harbourpost.example/a"}),
    ("title-has-site", "bar", {"title": "Why the library matters | The Post", "publisher": "The Post"}),
    ("title-has-site", "dash", {"title": "Why the library matters – The Post", "publisher": "The Post"}),
    ("title-not-in-text", "another article", {"title": "Volcano erupts beneath glacier, flights cancelled"}),
    ("title-not-in-text", "unspaced script", {"title": "東京証券取引所が新制度"}),
    ("field-whitespace", "title", {"title": "Why the library matters "}),
    ("field-whitespace", "title lines", {"title": "Why the library\nmatters to everyone"}),
    ("field-whitespace", "publisher", {"publisher": "\tThe Harbour Post"}),
    ("field-whitespace", "author", {"authors": [" Ada Marsh"]}),
    ("field-whitespace", "section", {"section": ["News", "Ports "]}),
    ("field-whitespace", "keyword", {"keywords": ["ports\n"]}),
    ("field-markup", "tag in title", {"title": "Why the <b>library</b> matters"}),
    ("field-markup", "entity in title", {"title": "Library &amp; school"}),
    ("field-markup", "entity in publisher", {"publisher": "Harbour &#38; Post"}),
    ("field-markup", "link in author", {"authors": ['<a href="/ada">Ada Marsh</a>']}),
    ("field-markup", "break in description", {"description": "One line<br/>another line"}),
    ("url-not-web", "file", {"url": "file:///pages/a.html"}),
    ("url-not-web", "ftp", {"url": "ftp://news.example/a"}),
    ("url-credentials", "password", {"url": "https://ada:secret@news.example/a"}),
    ("url-credentials", "user", {"url": "https://ada@news.example/a"}),
    ("rights-mismatch", "open without a reason", {"rights": "open", "rights_statement": None, "license": None}),
    ("rights-mismatch", "licence but unknown", {"rights": "unknown", "license": "CC-BY-4.0"}),
]


def bad_page(values: dict[str, object]) -> Callable[[Release], None]:
    def sow(release: Release) -> None:
        rows = release.rows("documents")
        number = next(i for i, row in enumerate(rows) if row["language"] == "en" and row["date_published"])
        evidence = [*rows[number]["evidence"], *(piece(name) for name, value in values.items() if value)]
        release.edit("documents", number, **values, evidence=evidence)
        release.seal()

    return sow


def without_evidence(name: str) -> Callable[[Release], None]:
    def sow(release: Release) -> None:
        rows = release.rows("documents")
        number = next(i for i, row in enumerate(rows) if row["language"] == "en")
        value: object = ["Ports"] if name in ("section", "keywords", "authors") else rows[number][name] or "Ada Marsh"
        value = "CC-BY-4.0" if name == "license" else "2023-04-05" if name == "date_modified" else value
        values: dict[str, object] = {name: value}
        if name == "license":
            values["rights"] = "open"
        kept = [piece for piece in rows[number]["evidence"] if piece["field"] != name]
        release.edit("documents", number, **values, evidence=kept)
        release.seal()

    return sow


def unused_evidence(release: Release) -> None:
    rows = release.rows("documents")
    number = next(i for i, row in enumerate(rows) if row["title"])
    pieces = [{**piece, "used": piece["field"] != "title"} for piece in rows[number]["evidence"]]
    release.edit("documents", number, evidence=pieces)
    release.seal()


def text_of(text: str, **values: object) -> Callable[[Release], None]:
    def sow(release: Release) -> None:
        number = next(i for i, row in enumerate(release.rows("documents")) if row["language"] == "en")
        release.set_text(number, text)
        if values:
            release.edit("documents", number, **values)
        clear_named_blocks(release)
        release.seal()

    return sow


def clear_named_blocks(release: Release) -> None:
    release.write("related", [{**row, "blocks": []} for row in release.rows("related")])


LONG = "A reader of the evening paper asked why the council had not been told about it earlier." + " Nobody knew." * 12


def same_text(release: Release) -> None:
    rows = release.rows("documents")
    one, other = (i for i, row in enumerate(rows) if row["language"] == "en" and i in (4, 5, 6, 7))
    release.set_text(other, rows[one]["text"])
    release.edit("documents", other, title=rows[one]["title"])
    clear_named_blocks(release)
    release.seal()


def all_documents(**values: object) -> Callable[[Release], None]:
    def sow(release: Release) -> None:
        release.write("documents", [{**row, **values} for row in release.rows("documents")])
        release.seal()

    return sow


def same_url(release: Release) -> None:
    for number in (0, 1):
        release.edit("documents", number, url="https://news.example/a")
    release.seal()


def one_title(release: Release) -> None:
    rows = release.rows("documents")
    for row in rows:
        row.update(title="Town news", source=rows[0]["source"])
        row["id"] = page_id(row["source"], row["locator"])
    # Ten pages of one source: their ids change, and everything that hangs on them.
    old = [row["id"] for row in release.rows("documents")]
    new = dict(zip(old, [row["id"] for row in rows], strict=True))
    release.write("documents", sorted(rows, key=lambda row: (row["source"], row["id"])))
    decisions = [
        {**row, "source": rows[0]["source"], "document_id": new.get(row["document_id"], row["document_id"])}
        for row in release.rows("decisions")
    ]
    release.write("decisions", sorted(decisions, key=lambda row: (row["source"], row["document_id"])))
    for config in ("blocks", "related", "repairs"):
        release.write(
            config,
            [
                {
                    **row,
                    "document_id": new[row["document_id"]],
                    **(
                        {"related_document_id": new.get(row["related_document_id"])}
                        if "related_document_id" in row
                        else {}
                    ),
                }
                for row in release.rows(config)
            ],
        )
    release.seal()


def bad_locator(locator: str) -> Callable[[Release], None]:
    """Give the last document another locator, and the id that goes with it."""

    def sow(release: Release) -> None:
        rows = release.rows("documents")
        old, new = rows[-1]["id"], page_id(rows[-1]["source"], locator)
        for config, key in (("documents", "id"), *((c, "document_id") for c in ("decisions", "blocks", "repairs"))):
            changed = [{**row, key: new if row[key] == old else row[key]} for row in release.rows(config)]
            for row in changed:
                if row[key] == new and "locator" in row:
                    row["locator"] = locator
            if "source" in changed[0]:
                changed.sort(key=lambda row: (row["source"], row[key]))
            release.write(config, changed)
        release.seal()

    return sow


# --- rows that do not fit each other ---


def edited(config: str, change: Callable[[list[Row]], list[Row]]) -> Callable[[Release], None]:
    def sow(release: Release) -> None:
        release.write(config, change(release.rows(config)))
        release.seal()

    return sow


def with_row(number: int, **values: object) -> Callable[[list[Row]], list[Row]]:
    def change(rows: list[Row]) -> list[Row]:
        at = number % len(rows)
        return [{**row, **values} if i == at else row for i, row in enumerate(rows)]

    return change


def without_document(release: Release) -> None:
    release.write("documents", release.rows("documents")[:-1])
    last = {row["id"] for row in release.rows("documents")}
    for config in ("blocks", "repairs", "related"):
        release.write(config, [row for row in release.rows(config) if row["document_id"] in last])
    release.seal()


def of_status(old: str, /, **values: object) -> Callable[[list[Row]], list[Row]]:
    def change(rows: list[Row]) -> list[Row]:
        number = next(i for i, row in enumerate(rows) if row["status"] == old)
        return with_row(number, **values)(rows)

    return change


def swapped(rows: list[Row]) -> list[Row]:
    return [rows[1], rows[0], *rows[2:]]


def first_of_two(rows: list[Row]) -> list[Row]:
    """Return the rows without the second block of the first document: a gap follows."""
    return [rows[0], *rows[2:]]


def longer(column: str, by: int = 1) -> Callable[[list[Row]], list[Row]]:
    return lambda rows: [{**row, column: row[column] + by} if i == 0 else row for i, row in enumerate(rows)]


def main_text(change: Callable[[str], str]) -> Callable[[list[Row]], list[Row]]:
    """Change the text of one main block, with its span; the documents stay as they are."""

    def changed(rows: list[Row]) -> list[Row]:
        number = max(i for i, row in enumerate(rows) if row["role"] == "main")
        text = change(rows[number]["text"])
        return with_row(number, text=text, end=rows[number]["start"] + len(text))(rows)

    return changed


def other_role(rows: list[Row]) -> list[Row]:
    number = max(i for i, row in enumerate(rows) if row["role"] == "main")
    return with_row(number, role="boilerplate", kind="other")(rows)


def white_space(rows: list[Row]) -> list[Row]:
    number = max(i for i, row in enumerate(rows) if row["role"] != "main")
    return with_row(number, text=" " + rows[number]["text"][1:])(rows)


def overlapping(rows: list[Row]) -> list[Row]:
    length = rows[1]["end"] - rows[1]["start"]
    return with_row(1, start=rows[0]["end"] - 1, end=rows[0]["end"] - 1 + length)(rows)


def in_two_splits(release: Release) -> None:
    first, *rest = release.rows("documents")
    release.split_in_two(first["id"])
    release.write("documents", [first, *rest])
    release.seal()


def apart(config: str) -> Callable[[Release], None]:
    """Move the rows of a config to another split than those of the others, of a document that has some in all."""

    def sow(release: Release) -> None:
        release.split_in_two(release.rows("repairs")[0]["document_id"], [config])
        release.seal()

    return sow


def near_duplicate(release: Release) -> None:
    rows = release.rows("documents")
    number = next(i for i, row in enumerate(rows) if i > 0 and row["language"] == "en")
    release.set_text(0, rows[number]["text"] + " One more sentence.")
    release.edit("documents", 0, title=rows[number]["title"])
    clear_named_blocks(release)
    first = release.rows("documents")[0]["id"]
    release.split_in_two(first)
    release.seal()


# --- columns ---

DOCUMENTS = "data/documents/train-00000-of-00001.parquet"


def table(config: str, change: Callable[[pa.Table], pa.Table]) -> Callable[[Release], None]:
    """Rewrite a table with other columns; sizes and checksums are made true, what hangs on the rows is not."""

    def sow(release: Release) -> None:
        path = release.path / f"data/{config}/train-00000-of-00001.parquet"
        changed = change(pq.read_table(path))
        pq.write_table(changed, path)
        front, text = release.front_matter()
        for info in front["dataset_info"]:
            if info["config_name"] == config:
                info["download_size"] = path.stat().st_size
        release.write_card(front, text)
        release.resum()

    return sow


def without(column: str) -> Callable[[pa.Table], pa.Table]:
    return lambda given: given.drop_columns([column])


def retyped(column: str, kind: pa.DataType) -> Callable[[pa.Table], pa.Table]:
    def change(given: pa.Table) -> pa.Table:
        number = given.schema.get_field_index(column)
        return given.set_column(number, given.schema.field(number).with_type(kind), given.column(number).cast(kind))

    return change


def nullable(column: str, *, nulls: bool) -> Callable[[pa.Table], pa.Table]:
    def change(given: pa.Table) -> pa.Table:
        number = given.schema.get_field_index(column)
        field, values = given.schema.field(number), given.column(number).to_pylist()
        made = pa.array([None, *values[1:]] if nulls else values, field.type)
        return given.set_column(number, field.with_nullable(nullable=True), made)

    return change


def null_inside(given: pa.Table) -> pa.Table:
    number = given.schema.get_field_index("authors")
    values = [[None], *given.column(number).to_pylist()[1:]]
    return given.set_column(number, given.schema.field(number), pa.array(values, given.schema.field(number).type))


# --- files, manifest, card ---


def path_fault(change: Callable[[Path], object]) -> Callable[[Release], None]:
    return lambda release: (change(release.path), None)[1]


def lost(file: str) -> Callable[[Release], None]:
    return path_fault(lambda path: (path / file).unlink())


def added(file: str) -> Callable[[Release], None]:
    return path_fault(lambda path: (path / file).write_text("x"))


def flip(file: str, position: float) -> Callable[[Release], None]:
    """Flip a bit of the byte at a share of a file's length."""

    def sow(release: Release) -> None:
        path = release.path / file
        raw = bytearray(path.read_bytes())
        raw[int(position * (len(raw) - 1))] ^= 1
        path.write_bytes(bytes(raw))

    return sow


def truncated(file: str, share: float) -> Callable[[Release], None]:
    def sow(release: Release) -> None:
        path = release.path / file
        os.truncate(path, int(share * path.stat().st_size))

    return sow


def of_manifest(change: Callable[[dict[str, Any]], object]) -> Callable[[Release], None]:
    def sow(release: Release) -> None:
        change(release.manifest)
        release.write_manifest()

    return sow


def of_sums(change: Callable[[str], str]) -> Callable[[Release], None]:
    def sow(release: Release) -> None:
        path = release.path / "SHA256SUMS"
        path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")

    return sow


def of_card(change: Callable[[dict[str, Any]], object]) -> Callable[[Release], None]:
    def sow(release: Release) -> None:
        front, text = release.front_matter()
        change(front)
        release.write_card(front, text)
        release.resum()

    return sow


def of_card_text(change: Callable[[str], str]) -> Callable[[Release], None]:
    def sow(release: Release) -> None:
        path = release.path / "README.md"
        path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
        release.resum()

    return sow


def of_schema(name: str, change: Callable[[str], str | None]) -> Callable[[Release], None]:
    def sow(release: Release) -> None:
        path = release.path / "schemas" / f"{name}.schema.json"
        text = change(path.read_text(encoding="utf-8"))
        if text is None:
            path.unlink()
        else:
            path.write_text(text, encoding="utf-8")
        release.resum()

    return sow


def renamed(release: Release) -> None:
    release.path = release.path.rename(release.path.with_name("data-of-the-town"))


def unlisted(release: Release) -> None:
    (release.path / "data/documents/train-00001-of-00002.parquet").write_bytes((release.path / DOCUMENTS).read_bytes())
    release.resum()


def lost_table(config: str) -> Callable[[Release], None]:
    def sow(release: Release) -> None:
        (release.path / f"data/{config}/train-00000-of-00001.parquet").unlink()
        release.resum()

    return sow


def no_parquet(config: str) -> Callable[[Release], None]:
    def sow(release: Release) -> None:
        (release.path / f"data/{config}/train-00000-of-00001.parquet").write_text("not Parquet", encoding="utf-8")
        release.resum()

    return sow


def lost_page(release: Release) -> None:
    release.write("decisions", [row for row in release.rows("decisions") if row["status"] != "rejected"])
    pages = dict(release.manifest["pages"])
    release.seal()
    release.manifest["pages"] = pages
    release.write_manifest()


def few_survive(release: Release) -> None:
    rows = release.rows("decisions")
    more = [
        {**row, "document_id": page_id(row["source"], f"{n}.txt"), "locator": f"{n}.txt"}
        for n in range(20)
        for row in rows
        if row["status"] == "rejected"
    ]
    release.write("decisions", sorted([*rows, *more], key=lambda row: (row["source"], row["document_id"])))
    release.seal()


def no_card(release: Release) -> None:
    (release.path / "README.md").unlink()
    release.resum()


def faults() -> Iterator[Fault]:
    """Yield all faults."""
    for config, column, value in VALUES:
        described = config == "decisions" and column in {"locator", "raw_sha256"}
        also = ("provenance-schema",) if described else ()
        yield Fault(f"{config}.{column} is {value!r}", "row-schema", bad_value(config, column, value), also)
    for column, value in (
        ("date_published", "2023-02-30"),
        ("date_modified", "3 April 2023"),
        ("date_modified", "2023-04-31T10:00:00"),
    ):
        yield Fault(
            f"documents.{column} is {value!r}",
            "row-schema",
            bad_page({column: value} | ({"date": None} if column == "date_published" else {})),
        )
    yield Fault(
        "licence is no SPDX expression", "row-schema", bad_page({"license": "Creative Commons", "rights": "open"})
    )
    yield Fault("licence is not canonical", "row-schema", bad_page({"license": "cc-by-4.0", "rights": "open"}))
    for rule, what, values in PAGES:
        yield Fault(f"{rule}: {what}", rule, bad_page(values))
    for name in (
        "title",
        "authors",
        "date_published",
        "date_modified",
        "publisher",
        "section",
        "keywords",
        "description",
        "language",
        "rights_statement",
        "rights_holder",
        "license",
    ):
        yield Fault(f"no evidence for {name}", "evidence-missing", without_evidence(name))
    yield Fault("evidence for the title is not used", "evidence-missing", unused_evidence)
    yield from page_faults()
    yield from row_faults()
    yield from table_faults()
    yield from file_faults()
    yield from manifest_faults()
    yield from card_faults()
    yield from description_faults()


def page_faults() -> Iterator[Fault]:
    yield Fault("text is a stub", "text-short", text_of("Read more.", title="Read more"))
    yield Fault("text is empty", "text-short", text_of("", title=None))
    yield Fault(
        "text has a control character", "text-controls", text_of(LONG + " \x07.", title="The council and the paper")
    )
    yield Fault(
        "text has a C1 control", "text-controls", text_of("It\x92s late. " + LONG, title="The council and paper")
    )
    yield Fault("two pages have one text", "text-duplicate", same_text)
    yield Fault("two pages have one address", "url-duplicate", same_url)
    yield Fault("ten pages have one title", "title-repeated", one_title)
    for locator in ("/home/ada/page.txt", "../page.txt", "C:\\pages\\page.txt", "~/page.txt", "file:///page.txt"):
        yield Fault(f"locator {locator!r}", "locator-path", bad_locator(locator))
    yield Fault("few pages survive", "survival", few_survive)


def row_faults() -> Iterator[Fault]:
    yield Fault("documents out of order", "row-order", edited("documents", swapped))
    yield Fault("decisions out of order", "row-order", edited("decisions", swapped))
    yield Fault("a document twice", "id-duplicate", edited("documents", lambda rows: [rows[0], *rows]))
    yield Fault("a decision twice", "id-duplicate", edited("decisions", lambda rows: [*rows[:1], *rows]))
    yield Fault("a document in two splits", "id-duplicate", in_two_splits, ("split-differs",))
    for config in ("documents", "blocks", "related", "repairs", "decisions"):
        yield Fault(f"{config} in another split than their document", "split-differs", apart(config))
    yield Fault("near-duplicates in two splits", "split-leak", near_duplicate)
    yield Fault("id of another page", "id-mismatch", edited("documents", with_row(0, locator="other.txt")))
    yield Fault("id of another source", "id-mismatch", edited("documents", with_row(-1, source="german2")))
    yield Fault("document lost", "decision-mismatch", without_document)
    kept_no_more = of_status("kept", status="rejected", rule="min_main_characters", value="1", threshold="200")
    yield Fault("document was not kept", "decision-mismatch", edited("decisions", kept_no_more))
    yield Fault("other input bytes", "decision-differs", edited("documents", with_row(0, raw_sha256="0" * 64)))
    yield Fault(
        "decision of other bytes", "decision-differs", edited("decisions", of_status("kept", raw_sha256="1" * 64))
    )
    for name in ("rule", "value", "threshold"):
        yield Fault(
            f"rejected without {name}", "decision-reason", edited("decisions", of_status("rejected", **{name: None}))
        )
        yield Fault(f"kept with a {name}", "decision-reason", edited("decisions", of_status("kept", **{name: "x"})))
    for name in ("stage", "error"):
        missing = of_status("quarantined", **{name: None})
        yield Fault(f"quarantined without {name}", "decision-reason", edited("decisions", missing))
        yield Fault(
            f"rejected with a {name}", "decision-reason", edited("decisions", of_status("rejected", **{name: "read"}))
        )
    yield Fault("a main block cut", "text-not-main-blocks", edited("blocks", main_text(lambda text: text[:-5])))
    yield Fault(
        "a letter of a main block changed",
        "text-not-main-blocks",
        edited("blocks", main_text(lambda text: "X" + text[1:])),
    )
    yield Fault("a main block called boilerplate", "text-not-main-blocks", edited("blocks", other_role))
    longer_text = edited("documents", lambda rows: with_row(0, text=rows[0]["text"] + " More.")(rows))
    yield Fault("text goes on after its blocks", "text-not-main-blocks", longer_text)
    for config in ("blocks", "related", "repairs"):
        moved = edited(
            config,
            lambda rows: [
                {**row, "document_id": OTHER_ID} if row["document_id"] == rows[-1]["document_id"] else row
                for row in rows
            ],
        )
        yield Fault(
            f"{config} of no document",
            "reference-missing",
            moved,
            ("text-not-main-blocks",) if config == "blocks" else (),
        )
        yield Fault(f"{config} start at 1", "index-gap", edited(config, longer("index")))
        yield Fault(f"{config} repeat an index", "index-gap", edited(config, with_row(1, index=0)))
        yield Fault(f"{config} leave one out", "index-gap", edited(config, with_row(1, index=7)))
    yield Fault(
        "related item points nowhere", "reference-missing", edited("related", with_row(1, related_document_id=OTHER_ID))
    )
    itself = edited("related", lambda rows: with_row(0, related_document_id=rows[0]["document_id"])(rows))
    yield Fault("related item points to its own page", "related-self", itself)
    yield Fault("related item names no block", "related-block", edited("related", with_row(0, blocks=[0, 999])))
    yield Fault("block ends late", "block-span", edited("blocks", longer("end")))
    yield Fault(
        "block starts early",
        "block-span",
        edited("blocks", lambda rows: with_row(-1, start=rows[-1]["start"] - 1)(rows)),
    )
    yield Fault("blocks overlap", "block-span", edited("blocks", overlapping))
    yield Fault("block begins with white space", "block-whitespace", edited("blocks", white_space))
    for column in ("end", "after_end"):
        yield Fault(f"repair's {column} is late", "repair-span", edited("repairs", longer(column)))
    yield Fault("repairs overlap", "repair-span", edited("repairs", with_row(1, start=5, end=7)))
    yield Fault("repairs overlap afterwards", "repair-span", edited("repairs", with_row(1, after_start=5, after_end=6)))


def table_faults() -> Iterator[Fault]:
    for config, column in (
        ("documents", "keywords"),
        ("documents", "evidence"),
        ("blocks", "reason"),
        ("related", "age"),
        ("repairs", "evidence"),
        ("decisions", "stage"),
    ):
        yield Fault(f"{config} without {column}", "column-missing", table(config, without(column)))
    for config, column, kind in (
        ("documents", "raw_bytes", pa.int32()),
        ("documents", "date", pa.string()),
        ("documents", "text", pa.string()),
        ("blocks", "index", pa.int64()),
        ("blocks", "score", pa.float32()),
        ("related", "blocks", pa.list_(pa.int64())),
        ("repairs", "start", pa.int32()),
        ("decisions", "status", pa.large_string()),
    ):
        yield Fault(f"{config}.{column} as {kind}", "column-type", table(config, retyped(column, kind)))
    yield Fault("documents.text may be null", "column-type", table("documents", nullable("text", nulls=False)))
    yield Fault(
        "documents.rights has a null",
        "column-null",
        table("documents", nullable("rights", nulls=True)),
        ("column-type",),
    )
    yield Fault(
        "blocks.reason has a null", "column-null", table("blocks", nullable("reason", nulls=True)), ("column-type",)
    )
    yield Fault("an author is null", "row-schema", table("documents", null_inside), ("table-digest",))
    yield Fault(
        "documents with a column more",
        "column-unknown",
        table("documents", lambda given: given.append_column("mood", pa.array(["x"] * given.num_rows))),
    )
    yield Fault(
        "blocks with a column more",
        "column-unknown",
        table("blocks", lambda given: given.append_column("x-own", pa.array(["x"] * given.num_rows))),
    )
    yield Fault("a file that no split names", "table-unlisted", unlisted)
    for config in ("documents", "blocks", "decisions"):
        yield Fault(f"{config} are lost", "table-missing", lost_table(config), unread(config))
        yield Fault(f"{config} are no Parquet", "table-unreadable", no_parquet(config), unread(config))


def unread(config: str) -> tuple[str, ...]:
    """What else is said where a table cannot be read: without documents nothing is said of the card."""
    return () if config == "documents" else ("card-sizes",)


def file_faults() -> Iterator[Fault]:
    for file in ("README.md", "schemas/block.schema.json", "data/related/train-00000-of-00001.parquet"):
        yield Fault(
            f"{file} lost",
            "file-missing",
            lost(file),
            _CONSEQUENCES[file],
        )
    for file in ("notes.txt", "data/documents/extra.csv", "schemas/x.json", ".hidden"):
        yield Fault(f"{file} added", "file-extra", added(file))
    yield Fault(
        "a table added",
        "file-extra",
        path_fault(lambda path: (path / "data/documents/new.parquet").write_bytes((path / DOCUMENTS).read_bytes())),
        ("table-unlisted",),
    )
    for position in (0.3, 0.6, 0.9):
        yield Fault(
            f"bit of a schema flipped at {position}", "file-changed", flip("schemas/config.schema.json", position)
        )
    yield Fault("schema cut short", "file-changed", truncated("schemas/config.schema.json", 0.5))
    yield Fault(
        "card's text edited",
        "file-changed",
        path_fault(
            lambda path: (path / "README.md").write_text(
                (path / "README.md").read_text(encoding="utf-8") + "More.\n", encoding="utf-8"
            )
        ),
    )
    yield Fault("documents cut short", "file-changed", truncated(DOCUMENTS, 0.7), ("table-unreadable",))
    yield Fault("checksums lost", "sums-missing", path_fault(lambda path: (path / "SHA256SUMS").unlink()))
    yield Fault("checksums empty", "sums-missing", of_sums(lambda _: ""))
    yield Fault("checksum of a table changed", "sums-changed", of_sums(_other_digest("data/blocks")))
    yield Fault("checksum of the card changed", "sums-changed", of_sums(_other_digest("README.md")))
    yield Fault(
        "line of a schema lost",
        "sums-changed",
        of_sums(lambda text: "".join(line for line in text.splitlines(keepends=True) if "block.schema" not in line)),
    )
    yield Fault(
        "line of a file that is not there", "sums-changed", of_sums(lambda text: text + "0" * 64 + "  zz.txt\n")
    )
    yield Fault("checksums in capitals", "sums-malformed", of_sums(str.upper))
    yield Fault("checksums without a line's end", "sums-malformed", of_sums(lambda text: text[:-1]))
    yield Fault("a line twice", "sums-malformed", of_sums(lambda text: text + text.splitlines(keepends=True)[-1]))
    yield Fault(
        "checksums with one space",
        "sums-malformed",
        of_sums(lambda text: text.replace("  README", " README")),
        ("sums-changed",),
    )
    yield Fault("folder renamed", "folder-name", renamed)


def _other_digest(name: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        lines = text.splitlines(keepends=True)
        return "".join(
            ("0" if line[0] != "0" else "1") + line[1:] if line[66:].startswith(name) else line for line in lines
        )

    return change


_CONSEQUENCES = {
    "README.md": ("card-missing",),
    "schemas/block.schema.json": ("schema-file",),
    "data/related/train-00000-of-00001.parquet": ("table-missing", "card-sizes"),
}


def manifest_faults() -> Iterator[Fault]:
    sown: list[tuple[str, str, Callable[[dict[str, Any]], object]]] = [
        ("name is not allowed", "manifest-schema", lambda m: m.update(name="Town News")),
        ("version is not X.Y.Z", "manifest-schema", lambda m: m.update(version="1.0")),
        ("no configs", "manifest-schema", lambda m: m.pop("configs")),
        ("digest is short", "manifest-schema", lambda m: m.update(config_sha256="abc")),
        ("unknown key", "manifest-schema", lambda m: m.update(mood="good")),
        ("generator does not name the tool", "manifest-schema", lambda m: m["generator"].pop("corpuskit")),
        ("rows is text", "manifest-schema", lambda m: m["configs"]["blocks"].update(rows="many")),
        ("pages is negative", "manifest-schema", lambda m: m["pages"].update(kept=-1)),
        ("schemas of the future", "schema-version", lambda m: m.update(schema_version=99)),
        ("pages do not add up", "pages-balance", lambda m: m["pages"].update(read=99)),
        ("content digest", "content-digest", lambda m: m.update(content_sha256="0" * 64)),
        ("rows of a config", "table-rows", lambda m: m["configs"]["blocks"].update(rows=1)),
        ("logical digest", "table-digest", lambda m: m["configs"]["blocks"].update(logical_sha256="0" * 64)),
        ("a file not listed", "manifest-files", lambda m: m["files"].pop()),
        ("a file listed twice", "manifest-files", lambda m: m["files"].append(m["files"][0])),
        ("size of a file", "manifest-files", lambda m: m["files"][0].update(bytes=1)),
        ("checksum of a file", "manifest-files", lambda m: m["files"][0].update(sha256="0" * 64)),
        (
            "a file that is not there",
            "manifest-files",
            lambda m: m["files"].append({"path": "x", "bytes": 0, "sha256": "0" * 64}),
        ),
    ]
    also = {
        "pages do not add up": ("pages-count",),
        "content digest": ("card-digest", "croissant-differs", "citation-differs"),
        "rows of a config": ("card-counts",),
        "logical digest": ("content-digest",),
        "a file not listed": ("provenance-differs",),
        "checksum of a file": ("provenance-differs",),
        "a file that is not there": ("provenance-differs",),
    }
    for name, rule, change in sown:
        yield Fault(f"manifest: {name}", rule, of_manifest(change), also.get(name, ()))
    yield Fault(
        "manifest: rows of a split",
        "table-rows",
        of_manifest(lambda m: m["configs"]["repairs"]["splits"]["train"].update(rows=9)),
        ("card-splits",),
    )
    yield Fault(
        "manifest: a config missing",
        "config-missing",
        of_manifest(lambda m: m["configs"].pop("repairs")),
        ("content-digest", "card-configs", "table-unlisted", "croissant-differs"),
    )
    yield Fault(
        "manifest: no JSON",
        "manifest-unreadable",
        path_fault(lambda path: (path / "manifest.json").write_text("{", encoding="utf-8")),
        ("file-changed",),
    )
    yield Fault(
        "manifest: lost",
        "manifest-unreadable",
        path_fault(lambda path: (path / "manifest.json").unlink()),
        ("file-missing",),
    )
    yield Fault("manifest: a page lost from decisions", "pages-count", lost_page)
    yield Fault("schema lost", "schema-file", of_schema("repair", lambda _: None))
    yield Fault("schema is no JSON", "schema-file", of_schema("document", lambda text: text[:-10]))
    yield Fault(
        "schema is no JSON Schema",
        "schema-file",
        of_schema("block", lambda text: text.replace('"type": "object"', '"type": "thing"', 1)),
    )
    yield Fault(
        "schema of another version",
        "schema-file",
        of_schema("related", lambda text: text.replace("related:1", "related:2")),
    )


def card_faults() -> Iterator[Fault]:
    sown: list[tuple[str, str, Callable[[dict[str, Any]], object]]] = [
        ("config lost", "card-configs", lambda f: f["configs"].pop()),
        ("config renamed", "card-configs", lambda f: f["configs"][1].update(config_name="parts")),
        ("info lost", "card-configs", lambda f: f["dataset_info"].pop()),
        ("split renamed", "card-configs", lambda f: f["configs"][0]["data_files"][0].update(split="test")),
        ("path matches nothing", "card-configs", lambda f: f["configs"][0]["data_files"][0].update(path="data/docs/*")),
        (
            "path of another config",
            "card-configs",
            lambda f: f["configs"][0]["data_files"][0].update(path="data/blocks/train-*.parquet"),
        ),
        ("no default", "card-default", lambda f: f["configs"][0].pop("default")),
        ("two defaults", "card-default", lambda f: f["configs"][1].update(default=True)),
        ("version lost", "card-version", lambda f: f["configs"][0].pop("version")),
        ("version of another release", "card-version", lambda f: f["configs"][2].update(version="0.9.0")),
        ("feature lost", "card-features", lambda f: f["dataset_info"][0]["features"].pop()),
        ("feature renamed", "card-features", lambda f: f["dataset_info"][0]["features"][0].update(name="key")),
        ("feature retyped", "card-features", lambda f: f["dataset_info"][1]["features"][1].update(dtype="int64")),
        ("features lost", "card-features", lambda f: f["dataset_info"][3].pop("features")),
        ("number of rows", "card-splits", lambda f: f["dataset_info"][0]["splits"][0].update(num_examples=1)),
        ("bytes of a split", "card-splits", lambda f: f["dataset_info"][1]["splits"][0].update(num_bytes=1)),
        ("split of info renamed", "card-splits", lambda f: f["dataset_info"][0]["splits"][0].update(name="test")),
        ("download size", "card-sizes", lambda f: f["dataset_info"][0].update(download_size=1)),
        ("dataset size", "card-sizes", lambda f: f["dataset_info"][4].update(dataset_size=1)),
        ("content digest of another release", "card-digest", lambda f: f["dataset_info"][0].update(description="town")),
        ("language lost", "card-languages", lambda f: f.update(language=["en"])),
        ("language added", "card-languages", lambda f: f["language"].append("fr")),
        ("licence asserted", "card-license", lambda f: f.update(license="mit")),
        ("size category", "card-size-category", lambda f: f.update(size_categories=["1M<n<10M"])),
    ]
    for name, rule, change in sown:
        yield Fault(f"card: {name}", rule, of_card(change))
    yield Fault("card: lost", "card-missing", no_card)
    yield Fault("card: no front matter", "card-front-matter", of_card_text(lambda text: text.split("---\n", 2)[2]))
    yield Fault(
        "card: front matter is no YAML",
        "card-front-matter",
        of_card_text(lambda text: text.replace("language:", "language: [", 1)),
    )
    yield Fault(
        "card: rows in the text",
        "card-counts",
        of_card_text(lambda text: text.replace("| `documents` | 10 |", "| `documents` | 11 |")),
    )
    yield Fault(
        "card: table of configs lost",
        "card-counts",
        of_card_text(lambda text: text.replace("| `blocks` |", "| blocks |")),
    )


def of_json(name: str, change: Callable[[dict[str, Any]], object]) -> Callable[[Release], None]:
    """Change a description; the lists of files stay true but for the one that may be changed."""

    def sow(release: Release) -> None:
        path = release.path / name
        made = json.loads(path.read_text(encoding="utf-8"))
        change(made)
        path.write_text(json.dumps(made), encoding="utf-8")
        if name != "provenance.json":
            release.describe_subjects()
        release.relist()

    return sow


def of_description(name: str, change: Callable[[str], str | None]) -> Callable[[Release], None]:
    """Change the text of a description; ``None`` takes it away."""

    def sow(release: Release) -> None:
        path = release.path / name
        made = change(path.read_text(encoding="utf-8"))
        path.unlink() if made is None else path.write_text(made, encoding="utf-8")
        release.describe_subjects()
        release.relist()

    return sow


def first_set(made: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = made["distribution"][0]
    return found


def definition(made: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = made["predicate"]["buildDefinition"]
    return found


DESCRIPTIONS: list[tuple[str, str, str, Callable[[dict[str, Any]], object]]] = [
    ("croissant.json", "croissant-missing", "no record sets", lambda m: m.pop("recordSet")),
    ("croissant.json", "croissant-missing", "no checksum of a table", lambda m: m["distribution"][-1].pop("sha256")),
    ("croissant.json", "croissant-differs", "older form", lambda m: m.update(conformsTo=m["conformsTo"][1:])),
    ("croissant.json", "croissant-differs", "another name", lambda m: m.update(name="village")),
    ("croissant.json", "croissant-differs", "another version", lambda m: m.update(version="0.9.0")),
    ("croissant.json", "croissant-differs", "another digest", lambda m: m.update(identifier="sha256:0")),
    ("croissant.json", "croissant-differs", "a record set lost", lambda m: m["recordSet"].pop()),
    ("croissant.json", "croissant-differs", "a column lost", lambda m: m["recordSet"][0]["field"].pop()),
    (
        "croissant.json",
        "croissant-differs",
        "a column renamed",
        lambda m: m["recordSet"][1]["field"][0].update(name="x"),
    ),
    ("croissant.json", "croissant-differs", "one shard only", lambda m: first_set(m).update(includes=["data/x"])),
    (
        "croissant.json",
        "croissant-differs",
        "files within a file",
        lambda m: first_set(m).update(containedIn={"@id": m["distribution"][-1]["@id"]}),
    ),
    ("croissant.json", "croissant-differs", "a table lost", lambda m: m["distribution"].pop()),
    ("croissant.json", "croissant-differs", "checksum", lambda m: m["distribution"][-1].update(sha256="0" * 64)),
    ("provenance.json", "provenance-schema", "no statement", lambda m: m.update(_type="https://example.org/v1")),
    ("provenance.json", "provenance-schema", "another predicate", lambda m: m.update(predicateType="about:blank")),
    ("provenance.json", "provenance-schema", "no subject", lambda m: m.update(subject=[])),
    (
        "provenance.json",
        "provenance-schema",
        "a digest cut short",
        lambda m: m["subject"][0]["digest"].update(sha256="a"),
    ),
    (
        "provenance.json",
        "provenance-schema",
        "a time",
        lambda m: m["predicate"]["runDetails"].update(metadata={"startedOn": "2024-05-17T06:30:00Z"}),
    ),
    ("provenance.json", "provenance-differs", "a file lost", lambda m: m["subject"].pop()),
    ("provenance.json", "provenance-differs", "a file of another release", lambda m: m["subject"][0].update(name="x")),
    ("provenance.json", "provenance-differs", "checksum", lambda m: m["subject"][0]["digest"].update(sha256="0" * 64)),
    (
        "provenance.json",
        "provenance-differs",
        "other settings",
        lambda m: definition(m)["externalParameters"].update(config_sha256="0" * 64),
    ),
    (
        "provenance.json",
        "provenance-differs",
        "another tool",
        lambda m: m["predicate"]["runDetails"]["builder"]["version"].update(corpuskit="9.9.9"),
    ),
    ("provenance.json", "provenance-differs", "a source lost", lambda m: definition(m)["resolvedDependencies"].pop(0)),
    (
        "provenance.json",
        "provenance-differs",
        "other pages",
        lambda m: definition(m)["resolvedDependencies"][0]["digest"].update(sha256="0" * 64),
    ),
]

TEXTS: list[tuple[str, str, str, Callable[[str], str | None]]] = [
    ("croissant.json", "croissant-missing", "lost", lambda _: None),
    ("croissant.json", "croissant-missing", "cut short", lambda text: text[:-10]),
    ("provenance.json", "provenance-missing", "lost", lambda _: None),
    ("provenance.json", "provenance-missing", "cut short", lambda text: text[:-10]),
    ("CITATION.cff", "citation-missing", "lost", lambda _: None),
    ("CITATION.cff", "citation-missing", "no authors", lambda text: text.replace("authors:", "people:")),
    ("CITATION.cff", "citation-missing", "no YAML", lambda text: text.replace("authors:", "authors: [")),
    ("CITATION.cff", "citation-missing", "no mapping", lambda _: "- town"),
    ("CITATION.cff", "citation-differs", "another version", lambda text: text.replace("1.0.0", "0.9.0")),
    ("CITATION.cff", "citation-differs", "other rows", lambda text: text.replace("sha256:", "sha256:0")),
    ("README.md", "card-picture", "a picture that is not there", lambda text: text.replace("roles.svg", "shares.svg")),
]


def description_faults() -> Iterator[Fault]:
    for file, rule, name, change in DESCRIPTIONS:
        yield Fault(f"{file}: {name}", rule, of_json(file, change))
    for file, rule, name, edit in TEXTS:
        yield Fault(f"{file}: {name}", rule, of_description(file, edit))


FAULTS = list(faults())
POLICY = Policy(today=date(2026, 1, 1))


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_the_fault_is_found_by_its_rule_and_nothing_else_is_said(release: Release, fault: Fault) -> None:
    fault.sow(release)
    report = examine(release.path, POLICY)
    assert set(report.counts) == {fault.rule, *fault.also}
    assert all(finding.message for finding in report.findings)
    json.dumps([str(finding) for finding in report.findings])


def test_faults_are_many_and_different() -> None:
    assert len({fault.name for fault in FAULTS}) == len(FAULTS) >= 150


LISTED = Path(__file__).with_name("faults.txt")


def test_faults_are_listed() -> None:
    """``faults.txt`` is made from the faults; write it anew with the function below where they change."""
    assert LISTED.read_text(encoding="utf-8") == listing()


def listing() -> str:
    return "".join(f"{fault.rule}: {fault.name}\n" for fault in FAULTS)


COMPARED = {"version-name", "version-order", "version-bump", "version-policy", "survival-drift"} | {
    rule for rule in rules.load() if rule.startswith("drift-")
}
"""Rules that look at two releases: ``test_against.py`` has their faults."""

OUTSIDE = {"metadata-unreadable"}
"""Rules on rows outside of a release: ``test_metadata.py`` has their faults."""


def test_every_rule_has_a_fault() -> None:
    assert {fault.rule for fault in FAULTS} | COMPARED | OUTSIDE == set(rules.load())
