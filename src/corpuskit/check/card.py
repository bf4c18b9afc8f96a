"""Whether the card says what is in the files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from corpuskit.check.findings import Finding, pointer
from corpuskit.package.licenses import front_matter
from corpuskit.package.tables import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    from corpuskit.check.manifest import Manifest

NAME: Final = "README.md"

_FRONT = re.compile(r"\A---\n(.*?)^---$", re.DOTALL | re.MULTILINE)
_PICTURE = re.compile(r"^!\[[^\]\n]*\]\((?!https?:)([^)\s]+)\)", re.MULTILINE)
_SIZES: Final = (
    (1_000, "n<1K"),
    (10_000, "1K<n<10K"),
    (100_000, "10K<n<100K"),
    (10**6, "100K<n<1M"),
    (10**7, "1M<n<10M"),
)


def read_card(folder: Path) -> tuple[dict[str, Any] | None, str, list[Finding]]:
    """Return the front matter of the card (``None`` where there is none), its text, and what is wrong with its form."""
    import yaml  # 15 ms

    try:
        text = (folder / NAME).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        return None, "", [Finding("card-missing", f"cannot be read: {error}; fetch it again", file=NAME)]
    match = _FRONT.match(text)
    try:
        front = yaml.load(match[1], _loader()) if match else None  # noqa: S506 - a safe one
    except yaml.YAMLError as error:
        return None, text, [Finding("card-front-matter", f"is no YAML: {str(error)[:200]}; build again", file=NAME)]
    if match is None or not isinstance(front, dict):
        return None, text, [Finding("card-front-matter", "there is none; build again", file=NAME)]
    return front, text[match.end() :], []


def _loader() -> Any:  # noqa: ANN401 - one of two classes
    """Return the loader of plain data, that of libyaml where there is one: ten times faster."""
    import yaml  # see read_card

    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def check_front_matter(
    front: Mapping[str, Any],
    stated: Manifest,
    folder: Path,
    languages: Collection[str],
    licenses: Collection[str],
) -> Iterator[Finding]:
    """Compare the front matter with the manifest, the files and what the documents say."""
    for rule, at, message in _front(front, stated, folder, languages, licenses):
        yield Finding(rule, f"{message}; build again", file=NAME, pointer=at)


def check_text(text: str, stated: Manifest) -> Iterator[Finding]:
    """Compare the table of configs, and the pictures, in the text with the manifest."""
    rows = dict(re.findall(r"^\| `(\w+)` \| ([\d,]+) \|", text, re.MULTILINE))
    for name, entry in stated["configs"].items():
        if name in rows and int(rows[name].replace(",", "")) != entry["rows"]:
            yield Finding(
                "card-counts", f"the text gives {name} {rows[name]} rows, there are {entry['rows']}", file=NAME
            )
        elif name not in rows:
            yield Finding("card-counts", f"the text does not say how many rows {name} has", file=NAME)
    files = {entry["path"] for entry in stated["files"]}
    for picture in sorted(set(_PICTURE.findall(text)) - files):
        yield Finding("card-picture", f"shows {picture!r}, which is not part of the release; build again", file=NAME)


def _front(
    front: Mapping[str, Any],
    stated: Manifest,
    folder: Path,
    languages: Collection[str],
    licenses: Collection[str],
) -> Iterator[tuple[str, str, str]]:
    configs = _by_name(front.get("configs"))
    infos = _by_name(front.get("dataset_info"))
    wanted = stated["configs"]
    if configs.keys() != wanted.keys():
        yield "card-configs", "/configs", f"has configs {', '.join(configs) or 'none'}, not {', '.join(wanted)}"
    if infos.keys() != wanted.keys():
        yield "card-configs", "/dataset_info", f"describes {', '.join(infos) or 'nothing'}, not {', '.join(wanted)}"
    defaults = [name for name, config in configs.items() if config.get("default")]
    if "documents" in configs and defaults != ["documents"]:
        yield "card-default", "/configs", f"default is {', '.join(defaults) or 'none'}, not documents"
    for name in wanted:
        if name in configs:
            yield from _config(name, configs[name], wanted[name], stated["version"])
        if name in infos:
            yield from _info(name, infos[name], wanted[name], stated, folder)
    named = sorted(language for language in languages if language != "unknown")
    if front.get("language", []) != named:
        yield "card-languages", "/language", f"are {front.get('language')}, the documents are in {named}"
    expected = front_matter(licenses)
    given = {key: front[key] for key in ("license", "license_name", "license_link") if key in front}
    if given != expected:
        yield "card-license", "/license", f"is {given}, the documents give {expected}"
    size = next((label for limit, label in _SIZES if wanted.get("documents", {"rows": 0})["rows"] < limit), "n>10M")
    if front.get("size_categories") != [size]:
        yield "card-size-category", "/size_categories", f"is {front.get('size_categories')}, not [{size}]"


def _config(
    name: str, config: Mapping[str, Any], wanted: Mapping[str, Any], version: str
) -> Iterator[tuple[str, str, str]]:
    at = pointer("configs", name)
    if str(config.get("version")) != version:
        yield "card-version", f"{at}/version", f"version of {name} is {config.get('version')}, not {version}"
    files = config.get("data_files")
    paths = {
        entry.get("split"): entry.get("path")
        for entry in (files if isinstance(files, list) else [])
        if isinstance(entry, dict)
    }
    if paths.keys() != wanted["splits"].keys():
        yield "card-configs", f"{at}/data_files", f"{name} has splits {list(paths)}, not {list(wanted['splits'])}"
    for split, made in wanted["splits"].items():
        pattern = paths.get(split)
        unmatched = [file for file in made["files"] if pattern and not _matches(str(pattern), file)]
        if unmatched:
            yield "card-configs", f"{at}/data_files", f"{pattern!r} does not match {unmatched[0]}"


def _info(
    name: str, info: Mapping[str, Any], wanted: Mapping[str, Any], stated: Manifest, folder: Path
) -> Iterator[tuple[str, str, str]]:
    at = pointer("dataset_info", name)
    declared = _features(info.get("features"))
    if name in SCHEMAS and declared != [(field.name, _type(field.type)) for field in SCHEMAS[name]]:
        yield "card-features", f"{at}/features", f"features of {name} are not its columns"
    splits = _by_name(info.get("splits"), "name")
    if splits.keys() != wanted["splits"].keys():
        yield "card-splits", f"{at}/splits", f"{name} has splits {list(splits)}, not {list(wanted['splits'])}"
    for split, made in wanted["splits"].items():
        given = splits.get(split, {})
        for key, expected in (("num_examples", made["rows"]), ("num_bytes", made["bytes"])):
            if given and given.get(key) != expected:
                yield "card-splits", f"{at}/splits", f"{key} of {name}/{split} is {given.get(key)}, not {expected}"
    files = [folder / file for made in wanted["splits"].values() for file in made["files"]]
    on_disk = sum(path.stat().st_size for path in files if path.is_file())
    in_memory = sum(made["bytes"] for made in wanted["splits"].values())
    for key, expected in (("download_size", on_disk), ("dataset_size", in_memory)):
        if info.get(key) != expected:
            yield "card-sizes", f"{at}/{key}", f"{key} of {name} is {info.get(key)}, not {expected}"
    if stated["content_sha256"] not in str(info.get("description", "")):
        yield "card-digest", f"{at}/description", f"description of {name} does not name {stated['content_sha256']}"


def _by_name(entries: object, key: str = "config_name") -> dict[str, Mapping[str, Any]]:
    """Return the entries of a list by their names."""
    if not isinstance(entries, list):
        return {}
    return {str(entry[key]): entry for entry in entries if isinstance(entry, dict) and key in entry}


def _matches(pattern: str, file: str) -> bool:
    """Whether a Hub pattern, in which ``*`` stays within a folder, matches ``file``."""
    return re.fullmatch("[^/]*".join(map(re.escape, pattern.split("*"))), file) is not None


def _features(features: object) -> list[tuple[str, Any]] | None:
    """Return the names and types in the Hub's YAML form of features; ``None`` where it is not in that form."""
    if not isinstance(features, list):
        return None
    try:
        return [
            (str(feature["name"]), _feature({k: v for k, v in feature.items() if k != "name"})) for feature in features
        ]
    except (KeyError, TypeError, ValueError):
        return None


def _feature(feature: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a name of a type, or what it is nested of
    kind, value = next(iter(feature.items()))
    if kind == "dtype":
        return value
    return (kind, value) if isinstance(value, str) else (kind, _features(value))


def _type(kind: pa.DataType) -> Any:  # noqa: ANN401 - see _feature
    """Return how an Arrow type reads in that form."""
    if pa.types.is_list(kind):
        inner = kind.value_type
        return (
            "list",
            [(field.name, _type(field.type)) for field in inner] if pa.types.is_struct(inner) else _type(inner),
        )
    names = {"double": "float64", "float": "float32", "date32[day]": "date32"}
    return names.get(str(kind), str(kind))
