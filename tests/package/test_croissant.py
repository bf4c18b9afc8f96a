"""mlcroissant reads everything that Croissant says is there: all configs, all shards, every row."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest

import corpuskit as ck
from corpuskit.package.tables import SCHEMAS

if TYPE_CHECKING:
    from pathlib import Path

READ = """
import json, sys
import mlcroissant as mlc

def plain(value):
    if isinstance(value, bytes):
        return value.decode("utf-8")
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {name.rsplit("/", 1)[1]: plain(item) for name, item in value.items()}
    if hasattr(value, "strftime"):
        return value.strftime("%Y-%m-%d")
    return value.item() if hasattr(value, "item") else value

dataset = mlc.Dataset(jsonld=sys.argv[1])
issues = dataset.metadata.issues
print(json.dumps({
    "errors": sorted(issues.errors),
    "warnings": sorted(issues.warnings),
    "version": str(dataset.metadata.version),
    "conforms": str(dataset.metadata.ctx.conforms_to),
    "responsible": [dataset.metadata.data_collection, *dataset.metadata.personal_sensitive_information],
    "rows": {each.id: [plain(row) for row in dataset.records(each.id)] for each in dataset.metadata.record_sets},
}))
"""


def expected(release: Path, config: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(release / "data" / config).to_pylist()
    return [{k: v.isoformat() if hasattr(v, "isoformat") else v for k, v in row.items()} for row in rows]


@pytest.mark.slow
def test_mlcroissant_loads_and_iterates_every_row_of_every_shard(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("mlcroissant", reason="needs the extra `croissant`")
    for page in (corpus / "pages").iterdir():
        text = page.read_text(encoding="utf-8")
        page.write_text(f"{text}3 April 2023\n\nRelated Articles\n\nA lighthouse is for sale\n", encoding="utf-8")
    with (corpus / "corpus.toml").open("a", encoding="utf-8") as file:
        file.write("[package]\nshard_bytes = 1\n")
    settings = (corpus / "corpus.toml").read_text(encoding="utf-8")
    (corpus / "corpus.toml").write_text(settings.replace("[[source]]", 'date = "2024-05-17"\n[[source]]'), "utf-8")
    monkeypatch.setattr("corpuskit.package.parquet.ROW_GROUP", 2)
    release = ck.build(corpus / "corpus.toml", workers=1).path
    assert len(list((release / "data" / "documents").iterdir())) == 2
    # In a process of its own: what mlcroissant warns about while it is imported is not our business.
    done = subprocess.run(
        [sys.executable, "-c", READ, str(release / "croissant.json")], capture_output=True, text=True, check=True
    )
    found = json.loads(done.stdout)
    assert (found["errors"], found["warnings"], found["version"]) == ([], [], "0.1.0")
    assert found["conforms"].endswith("1_1") or found["conforms"].endswith("1.1")
    assert all(found["responsible"])
    assert found["rows"].keys() == SCHEMAS.keys()
    for config in SCHEMAS:
        assert found["rows"][config] == expected(release, config), config
    assert found["rows"]["related"]


def test_every_file_stands_there_with_its_checksum_and_no_set_is_within_another(corpus: Path) -> None:
    release = ck.build(corpus / "corpus.toml").path
    made = json.loads((release / "croissant.json").read_text(encoding="utf-8"))
    listed = {entry["path"]: entry["sha256"] for entry in json.loads((release / "manifest.json").read_text())["files"]}
    files = [part for part in made["distribution"] if part["@type"] == "cr:FileObject"]
    assert {part["contentUrl"]: part["sha256"] for part in files} == {
        name: digest for name, digest in listed.items() if name.startswith("data/")
    }
    assert not any("containedIn" in part for part in made["distribution"])
    assert {key for key in made if key.startswith("rai:")} >= {
        "rai:dataCollection",
        "rai:personalSensitiveInformation",
        "rai:dataLimitations",
    }
