"""``croissant.json``: the release in the words of Croissant 1.1, for machines (https://docs.mlcommons.org/croissant/).

A record set for each config.  Its files are a ``FileSet`` of its own, which is contained in nothing: readers then take
it as a pattern below the folder that holds ``croissant.json``, and read all shards; a record set on one ``FileObject``
reads one.  Every file also stands there as a ``FileObject`` with its checksum, for those who check.
"""

from __future__ import annotations

import functools
import json
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from corpuskit import schema
from corpuskit.package import citation
from corpuskit.package.figures import UNKNOWN
from corpuskit.package.licenses import urls
from corpuskit.package.release import sha256
from corpuskit.package.tables import CONFIG_TEXTS, KEYS, REFERENCES, ROW_SCHEMAS, SCHEMAS
from corpuskit.package.words import words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from corpuskit.config import Config
    from corpuskit.package.figures import Figures

NAME: Final = "croissant.json"
CONFORMS_TO: Final = ("http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0")

_TYPES: Final = {
    "string": "sc:Text",
    "large_string": "sc:Text",
    "int32": "cr:Int32",
    "int64": "cr:Int64",
    "double": "cr:Float64",
    "bool": "sc:Boolean",
    "date32[day]": "sc:Date",
}


@functools.cache
def context() -> dict[str, Any]:
    """Return the ``@context`` that the specification asks for."""
    text = (resources.files("corpuskit.package") / "croissant_context.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def make(
    folder: Path, config: Config, figures: Figures, configs: Mapping[str, Any], content_sha256: str
) -> dict[str, Any]:
    """Return the description of the release in ``folder``, whose tables are all there.

    ``configs`` is the manifest's part on configs.
    """
    dataset = config.dataset
    named = figures.licenses
    return {
        "@context": context(),
        "@type": "sc:Dataset",
        "@id": f"{dataset.name}-{dataset.version}",
        "conformsTo": list(CONFORMS_TO),
        "name": dataset.name,
        "alternateName": citation.one_line(dataset.title),
        "description": dataset.description.strip(),
        "version": dataset.version,
        "identifier": f"sha256:{content_sha256}",
        "creator": [{"@type": "sc:Organization", "name": name} for name in citation.creators(dataset)],
        **({"url": dataset.homepage} if dataset.homepage else {}),
        **({"datePublished": dataset.date} if dataset.date else {}),
        "inLanguage": sorted(language for language in figures.languages if language != UNKNOWN),
        "license": urls(named) or ["Rights differ from document to document: see README.md"],
        "citeAs": citation.bibtex(dataset, content_sha256),
        **_responsible(config, figures),
        "distribution": list(_distribution(folder, configs)),
        "recordSet": [_record_set(name) for name in SCHEMAS],
    }


def _responsible(config: Config, figures: Figures) -> dict[str, Any]:
    """Return the properties of Croissant RAI (https://docs.mlcommons.org/croissant/docs/croissant-rai-spec.html)."""
    pages = figures.by_status()
    names = ", ".join(sorted(source.name for source in config.source))
    removed = sum(count for role, count in figures.by_role().items() if role != "main")
    return {
        "rai:dataCollection": f"{pages['read']:,} pages that were scraped before, from the sources {names}.",
        "rai:dataCollectionType": ["Web Scraping"],
        "rai:dataCollectionMissingData": (
            f"{pages['rejected']:,} pages were rejected and {pages['quarantined']:,} quarantined: the config decisions "
            "says why, page by page. A value that a page does not state is null."
        ),
        "rai:dataCollectionRawData": "The raw pages are not part of the release; raw_sha256 is the digest of each.",
        "rai:dataPreprocessingProtocol": words().protocol,
        "rai:dataManipulationProtocol": (
            f"{removed:,} characters of menus, teasers, captions and the like were left out of text; "
            "the config blocks has them all, each with its role and the reason."
        ),
        "rai:machineAnnotationTools": ["corpuskit"],
        "rai:dataLimitations": words().limits,
        "rai:personalSensitiveInformation": words().personal,
        "rai:dataUseCases": words().uses,
        "rai:dataReleaseMaintenancePlan": words().maintenance,
    }


def _distribution(folder: Path, configs: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for name, entry in configs.items():
        yield {
            "@type": "cr:FileSet",
            "@id": f"{name}-files",
            "name": f"{name}-files",
            "description": f"The Parquet files of {name}.",
            "encodingFormat": PARQUET,
            "includes": [f"data/{name}/{split}-*.parquet" for split in entry["splits"]],
        }
    for entry in configs.values():
        for split in entry["splits"].values():
            for file in split["files"]:
                yield {
                    "@type": "cr:FileObject",
                    "@id": file,
                    "name": file,
                    "contentUrl": file,
                    "contentSize": f"{(folder / file).stat().st_size} B",
                    "encodingFormat": PARQUET,
                    "sha256": sha256(folder / file),
                }


PARQUET: Final = "application/x-parquet"


def _record_set(name: str) -> dict[str, Any]:
    properties = schema.load(ROW_SCHEMAS[name])["properties"]
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": f"{CONFIG_TEXTS[name]}.".capitalize(),
        "key": [{"@id": f"{name}/{column}"} for column in KEYS[name]],
        "field": [_field(name, field, properties[field.name]["description"]) for field in SCHEMAS[name]],
    }


def _field(name: str, field: pa.Field[Any], description: str) -> dict[str, Any]:
    made = {"@type": "cr:Field", "@id": f"{name}/{field.name}", "name": field.name, "description": description}
    extract = {"extract": {"column": field.name}, "fileSet": {"@id": f"{name}-files"}}
    kind, array = field.type, {}
    if pa.types.is_list(kind):
        kind, array = kind.value_type, {"isArray": True, "arrayShape": "-1"}
    if pa.types.is_struct(kind):
        parts = [
            {
                "@type": "cr:Field",
                "@id": f"{made['@id']}/{part.name}",
                "name": part.name,
                "dataType": _TYPES[str(part.type)],
                "source": {**extract, "transform": {"jsonPath": f"$['{part.name}']"}},
            }
            for part in kind
        ]
        return {**made, **array, "subField": parts}
    target = REFERENCES.get((name, field.name))
    references = {"references": {"field": {"@id": target}}} if target else {}
    return {**made, "dataType": _TYPES[str(kind)], **array, "source": extract, **references}
