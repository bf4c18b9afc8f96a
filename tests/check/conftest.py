"""A clean release of made-up pages, and a way to change it that keeps everything else about it true."""

from __future__ import annotations

import contextlib
import json
import shutil
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest
import yaml

import corpuskit as ck
from corpuskit import config as configuration
from corpuskit.package import croissant, provenance
from corpuskit.package import manifest as manifests
from corpuskit.package import release as releases
from corpuskit.package.finish import finish
from corpuskit.package.parquet import TableWriter, logical_digest
from corpuskit.package.tables import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Collection

Row = dict[str, Any]

SUBJECTS = {
    "en": [
        ("harbour", "The harbour of the town was opened again after two years of work on its walls and cranes"),
        ("orchard", "The orchard behind the school gave more apples this year than anybody could remember"),
        ("library", "The library stays open until midnight because students asked for quiet tables to read at"),
        ("bridge", "The bridge across the river was closed for repairs that should have been made long before"),
        ("market", "The market moved to the square in front of the station where more people pass by"),
        ("museum", "The museum shows letters and drawings that a painter of the region had sent to her sister"),
    ],
    "de": [
        ("Hafen", "Der Hafen der Stadt wurde nach zwei Jahren Arbeit an seinen Mauern wieder eröffnet"),
        ("Garten", "Der Garten hinter der Schule gab in diesem Jahr mehr Äpfel als je zuvor in der Geschichte"),
        ("Bahnhof", "Der Bahnhof bekommt ein neues Dach, weil das alte den Schnee nicht mehr getragen hat"),
        ("Brücke", "Die Brücke über den Fluss wurde gesperrt, weil ihre Pfeiler geprüft werden müssen"),
    ],
}
MORE = {
    "en": "People who live nearby said that they had waited for this for a long time, and that the {word} matters to "
    "them more than other things. The council wants to talk about the {word} again in the autumn, when the costs are "
    "known and the weather has turned.",
    "de": "Die Menschen, die in der Nähe wohnen, sagten, dass sie lange darauf gewartet hätten und dass ihnen {word} "
    "wichtiger sei als vieles andere. Der Rat will im Herbst noch einmal über {word} sprechen, wenn die Kosten bekannt "
    "sind und das Wetter sich geändert hat.",
}
TITLES = {"en": "Why the {word} matters to everyone in town", "de": "Warum {word} für alle in der Stadt wichtig ist"}
SETTINGS = """
[dataset]
name = "town"
version = "1.0.0"
title = "Town"
description = "News of a town."
[[source]]
name = "english"
path = "en"
[[source]]
name = "german"
path = "de"
"""
LABELS = {"en": ("By Ada Marsh", "3 April 2023"), "de": ("Von Jo Lindner", "3. April 2023")}


def page(language: str, word: str, first: str) -> str:
    byline, date = LABELS[language]
    more = MORE[language].format(word=word)
    paragraphs = (TITLES[language].format(word=word), f"{byline}\n{date}", f"{first}. {more}", f"{more} {first}.")
    return "\n\n".join(paragraphs) + "\n"


@pytest.fixture(scope="session")
def clean_release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of ten pages that were kept, one that was rejected and one that was quarantined, in two sources."""
    folder = tmp_path_factory.mktemp("corpus")
    for language, subjects in SUBJECTS.items():
        (folder / language).mkdir()
        for word, first in subjects:
            (folder / language / f"{word.lower()}.txt").write_text(page(language, word, first), encoding="utf-8")
    (folder / "en" / "stub.txt").write_text("Too short\n", encoding="utf-8")
    (folder / "en" / "picture.txt").write_bytes(bytes(range(256)) * 20)
    (folder / "corpus.toml").write_text(SETTINGS, encoding="utf-8")
    built = Release(ck.build(folder / "corpus.toml", workers=1).path)
    # Related items and repairs by hand: what the rules make of these pages is the business of other tests.
    ids = [row["id"] for row in built.rows("documents")]
    built.write("related", [related_row(ids[0], 0, ids[1]), related_row(ids[0], 1), related_row(ids[2], 0)])
    built.write("repairs", [repair_row(ids[0], 0, 5), repair_row(ids[0], 1, 20), repair_row(ids[3], 0, 0)])
    built.seal()
    return built.path


def related_row(document: str, index: int, target: str | None = None) -> Row:
    return {
        "document_id": document,
        "index": index,
        "title": "Another article",
        "text": None,
        "source": "The Harbour Post",
        "age": "4 hours ago",
        "url": "/another",
        "related_document_id": target,
        "blocks": [0],
    }


def repair_row(document: str, index: int, start: int) -> Row:
    return {
        "document_id": document,
        "index": index,
        "start": start + index,
        "end": start + index + 2,
        "after_start": start,
        "after_end": start + 1,
        "before": "Ã¤",
        "after": "ä",
        "rule": "mojibake",
        "evidence": "utf-8 read as windows-1252",
    }


class Release:
    """A release that a test may change."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.manifest: dict[str, Any] = json.loads((path / "manifest.json").read_text(encoding="utf-8"))

    def rows(self, config: str, split: str = "train") -> list[Row]:
        files = self.manifest["configs"][config]["splits"][split]["files"]
        rows = [row for file in files for row in pq.read_table(self.path / file).to_pylist()]
        return [{k: v.isoformat() if hasattr(v, "isoformat") else v for k, v in row.items()} for row in rows]

    def write(self, config: str, rows: list[Row], split: str = "train") -> None:
        """Write the rows of a split, and say so in the manifest."""
        file = f"data/{config}/{split}-00000-of-00001.parquet"
        with TableWriter(config, self.path / file) as writer:
            writer.write(rows)
            digest = writer.close()
        entry = self.manifest["configs"][config]
        entry["splits"][split] = {"rows": writer.rows, "bytes": writer.bytes, "files": [file]}
        entry["logical_sha256"] = digest
        entry["rows"] = sum(made["rows"] for made in entry["splits"].values())

    def edit(self, config: str, number: int, **values: object) -> None:
        """Change one row."""
        rows = self.rows(config)
        rows[number].update(values)
        self.write(config, rows)

    def set_text(self, number: int, text: str) -> None:
        """Give a document another text, and blocks that go with it."""
        identifier = self.rows("documents")[number]["id"]
        self.edit("documents", number, text=text)
        made: list[Row] = []
        for row in self.rows("blocks"):
            if row["document_id"] != identifier:
                made.append(row)
            elif row["index"] == 0 and text:
                span = {"start": 0, "end": len(text), "text": text}
                made.append({**row, "role": "main", "kind": "paragraph", **span})
        self.write("blocks", made)

    def split_in_two(self, moved: str, configs: Collection[str] = tuple(SCHEMAS)) -> None:
        """Put a document into a split of its own, in some configs."""
        for config in configs:
            rows = self.rows(config)
            here = [row.get("document_id", row.get("id")) == moved for row in rows]
            self.write(config, [row for row, moves in zip(rows, here, strict=True) if moves], "test")
            self.write(config, [row for row, moves in zip(rows, here, strict=True) if not moves])

    def front_matter(self) -> tuple[dict[str, Any], str]:
        _, front, text = (self.path / "README.md").read_text(encoding="utf-8").split("---\n", 2)
        return yaml.load(front, yaml.CSafeLoader), text

    def write_card(self, front: dict[str, Any], text: str) -> None:
        dumped = yaml.dump(front, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True)
        releases.write_text(self.path / "README.md", f"---\n{dumped}---\n{text}")

    def seal(self, policy: str = "strict") -> None:
        """Make everything that is derived from the tables true again: digests, counts, descriptions, checksums."""
        for config, entry in self.manifest["configs"].items():
            entry["logical_sha256"] = self.digest(config)
        data = tomllib.loads(SETTINGS)
        data["dataset"].update(name=self.manifest["name"], version=self.manifest["version"])
        data["version"] = {"policy": policy}
        settings = configuration.parse(data, Path("corpus.toml"))
        self.manifest, _ = finish(self.path, settings, self.manifest["configs"])

    def digest(self, config: str) -> str:
        """Return the logical digest of a config over all its splits."""
        splits = self.manifest["configs"][config]["splits"].values()
        return logical_digest(config, *(self.path / file for made in splits for file in made["files"]))

    def resum(self) -> None:
        """Write manifest, checksums and every list of files anew for the files that are there."""
        self.describe_files()
        self.describe_subjects()
        self.relist()

    def relist(self) -> None:
        """Write manifest and checksums anew for the files that are there."""
        names = (releases.SUMS, manifests.NAME)
        self.manifest["files"] = [
            {"path": name, "bytes": (self.path / name).stat().st_size, "sha256": digest}
            for name, digest in releases.checksums(self.path).items()
            if name not in names
        ]
        self.write_manifest()

    def describe_files(self) -> None:
        """Say in Croissant which tables are there, where it can be read."""
        digests = releases.checksums(self.path)
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            made = json.loads((self.path / croissant.NAME).read_bytes())
            made["distribution"] = [
                {**part, "sha256": digests[part["contentUrl"]]} if "sha256" in part else part
                for part in made["distribution"]
                if part.get("contentUrl", croissant.NAME) in digests
            ]
            releases.write_text(self.path / croissant.NAME, manifests.dump(made))

    def describe_subjects(self) -> None:
        """Say in the provenance which files are there, where it can be read."""
        last = {provenance.NAME, manifests.NAME, releases.SUMS}
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            made = json.loads((self.path / provenance.NAME).read_bytes())
            made["subject"] = [
                {"name": name, "digest": {"sha256": digest}}
                for name, digest in releases.checksums(self.path).items()
                if name not in last
            ]
            releases.write_text(self.path / provenance.NAME, manifests.dump(made))

    def write_manifest(self) -> None:
        """Write the manifest as it is, and the checksums."""
        releases.write_text(self.path / manifests.NAME, manifests.dump(self.manifest))
        self.write_sums()

    def write_sums(self) -> None:
        (self.path / releases.SUMS).unlink(missing_ok=True)
        releases.write_sums(self.path)


@pytest.fixture
def release(clean_release: Path, tmp_path: Path) -> Release:
    """A copy of the clean release that the test may change."""
    return Release(Path(shutil.copytree(clean_release, tmp_path / clean_release.name)))
