"""Whether what describes a release to machines says what the manifest says: Croissant, provenance, citation."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from corpuskit import schema
from corpuskit.check.findings import Finding, pointer
from corpuskit.package import citation, croissant, provenance
from corpuskit.package.manifest import table_files
from corpuskit.package.tables import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from corpuskit.check.manifest import Manifest

Json = dict[str, Any]


def check_descriptions(folder: Path, stated: Manifest, broken: Iterable[str]) -> Iterator[Finding]:
    """Check the three files; ``broken`` names the configs whose rows could not be read."""
    yield from check_croissant(folder, stated)
    yield from check_provenance(folder, stated, sources="decisions" not in broken)
    yield from check_citation(folder, stated)


def check_croissant(folder: Path, stated: Manifest) -> Iterator[Finding]:
    """Compare ``croissant.json`` with the manifest: what it is of, its record sets and fields, files and checksums."""
    try:
        made = json.loads((folder / croissant.NAME).read_bytes())
        facts = _croissant_facts(made)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        yield _finding("croissant-missing", croissant.NAME, f"cannot be read as Croissant: {error!r:.200}")
        return
    wanted = {
        "/conformsTo": list(croissant.CONFORMS_TO),
        "/name": stated["name"],
        "/version": stated["version"],
        "/identifier": f"sha256:{stated['content_sha256']}",
        "/recordSet": {name: list(SCHEMAS[name].names) for name in stated["configs"] if name in SCHEMAS},
        "/distribution": {
            name: sorted(f"data/{name}/{split}-*.parquet" for split in entry["splits"])
            for name, entry in stated["configs"].items()
        },
    }
    for at, value in wanted.items():
        if facts[at] != value:
            yield _finding("croissant-differs", croissant.NAME, f"is {facts[at]!r:.120}, not {value!r:.120}", at)
    listed = set(table_files(stated["configs"]))
    tables = {entry["path"]: entry["sha256"] for entry in stated["files"] if entry["path"] in listed}
    for file in sorted(tables.keys() | facts["files"].keys()):
        if facts["files"].get(file) != tables.get(file):
            yield _finding("croissant-differs", croissant.NAME, f"has another checksum of {file}", "/distribution")


def _croissant_facts(made: Json) -> Json:
    """Return what is compared, by where it stands; a set of files that is within another is none."""
    sets = [part for part in made["distribution"] if part["@type"] == "cr:FileSet"]
    included = {part["@id"]: sorted(part["includes"]) for part in sets if "containedIn" not in part}
    return {
        **{f"/{key}": made.get(key) for key in ("conformsTo", "name", "version", "identifier")},
        "/recordSet": {part["@id"]: [field["name"] for field in part["field"]] for part in made["recordSet"]},
        "/distribution": {part["@id"]: included.get(_file_set(part)) for part in made["recordSet"]},
        "files": {part["contentUrl"]: part["sha256"] for part in made["distribution"] if part not in sets},
    }


def _file_set(part: Json) -> str:
    """Return the set of files that a record set is read from; an empty name where its fields do not agree."""
    leaves = [leaf for field in part["field"] for leaf in field.get("subField", [field])]
    found = {leaf["source"]["fileSet"]["@id"] for leaf in leaves}
    return str(found.pop()) if len(found) == 1 else ""


def check_provenance(folder: Path, stated: Manifest, *, sources: bool) -> Iterator[Finding]:
    """Check ``provenance.json`` against its schema, the manifest and, if ``sources``, the pages in ``decisions``."""
    name = provenance.NAME
    try:
        made = json.loads((folder / name).read_bytes())
    except (OSError, ValueError) as error:
        yield _finding("provenance-missing", name, f"cannot be read: {error}")
        return
    if wrong := [
        _finding("provenance-schema", name, error.message[:300], pointer(*error.instance_path))
        for error in schema.validator("provenance").iter_errors(made)
    ]:
        yield from wrong
        return
    definition = made["predicate"]["buildDefinition"]
    digests = {entry["path"]: entry["sha256"] for entry in stated["files"] if entry["path"] != name}
    subjects = {entry["name"]: entry["digest"]["sha256"] for entry in made["subject"]}
    for file in sorted(digests.keys() | subjects.keys()):
        if digests.get(file) != subjects.get(file):
            message = f"{file} is not listed with the checksum that the manifest has"
            yield _finding("provenance-differs", name, message, "/subject")
    at = "/predicate/buildDefinition/externalParameters/config_sha256"
    if definition["externalParameters"]["config_sha256"] != stated["config_sha256"]:
        yield _finding("provenance-differs", name, "is not the manifest's", at)
    if made["predicate"]["runDetails"]["builder"]["version"] != stated["generator"]:
        message = "versions are not those of the manifest"
        yield _finding("provenance-differs", name, message, "/predicate/runDetails/builder/version")
    if sources:
        listed = [part for part in definition["resolvedDependencies"] if part["name"].startswith(provenance.SOURCE)]
        if listed != list(provenance.sources(folder, stated["configs"])):
            at = "/predicate/buildDefinition/resolvedDependencies"
            yield _finding("provenance-differs", name, "sources are not the pages that decisions has", at)


def check_citation(folder: Path, stated: Manifest) -> Iterator[Finding]:
    """Check that ``CITATION.cff`` has what its format asks for, and is of this release."""
    import yaml  # 15 ms

    try:
        made = yaml.safe_load((folder / citation.NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        yield _finding("citation-missing", citation.NAME, f"cannot be read: {str(error)[:200]}")
        return
    missing = sorted(citation.REQUIRED - made.keys()) if isinstance(made, dict) else ["everything"]
    if missing:
        yield _finding("citation-missing", citation.NAME, f"lacks {', '.join(missing)}")
        return
    digests = [entry.get("value") for entry in _dicts(made.get("identifiers"))]
    for what, there, at in (
        (f"version {stated['version']}", str(made.get("version")) == stated["version"], "/version"),
        (f"sha256:{stated['content_sha256']}", f"sha256:{stated['content_sha256']}" in digests, "/identifiers"),
    ):
        if not there:
            yield _finding("citation-differs", citation.NAME, f"is not of {what}", at)


def _dicts(value: object) -> list[Mapping[str, Any]]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _finding(rule: str, file: str, message: str, at: str | None = None) -> Finding:
    return Finding(rule, f"{message}; build again", file=file, pointer=at)
