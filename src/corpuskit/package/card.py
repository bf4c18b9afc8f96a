"""The dataset card: front matter and text, made from what the build counted and wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from corpuskit import schema
from corpuskit.package.tables import ROW_SCHEMAS, SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from corpuskit.config import Config
    from corpuskit.package.stats import Stats

CONFIG_TEXTS: Final = {
    "documents": "one row for each page that was kept: its main text and metadata",
    "blocks": "every block of those pages, kept or removed, with role, kind, score and reason",
    "related": "the teasers and embedded articles found inside pages",
    "repairs": "every change made to the decoded text, reversible",
    "decisions": "every page read, kept or not, and why",
}

_SIZES: Final = (
    (1_000, "n<1K"),
    (10_000, "1K<n<10K"),
    (100_000, "10K<n<100K"),
    (1_000_000, "100K<n<1M"),
    (10_000_000, "1M<n<10M"),
)


def make(config: Config, stats: Stats, configs: Mapping[str, Any], content_sha256: str) -> str:
    """Return ``README.md``; ``configs`` is the manifest's part on configs, with the sizes of their files."""
    import yaml  # only a build needs it

    front = yaml.safe_dump(
        _front_matter(config, stats, configs, content_sha256), sort_keys=False, allow_unicode=True, width=120
    )
    sections = (
        _what(config),
        _contents(config, stats, configs),
        _how_made(stats),
        _fields(),
        _rights(config, stats),
        _limits(),
        _load(config),
    )
    return f"---\n{front}---\n\n" + "\n\n".join(sections) + "\n"


def _front_matter(config: Config, stats: Stats, configs: Mapping[str, Any], content_sha256: str) -> dict[str, Any]:
    """Return the metadata that the Hub and ``datasets`` read.

    ``configs[].version``, the sizes and the digest in the description make ``load_dataset`` on a local folder see
    that one release is not another: its cache goes by them and not by the files.
    """
    dataset = config.dataset
    return {
        "pretty_name": dataset.title,
        "language": sorted(language for language in stats.languages if language != "unknown"),
        "license": _license(stats),
        "size_categories": [next((name for limit, name in _SIZES if stats.pages["kept"] < limit), "n>10M")],
        "configs": [
            {
                "config_name": name,
                "version": dataset.version,
                **({"default": True} if name == "documents" else {}),
                "data_files": [
                    {"split": split, "path": f"data/{name}/{split}-*.parquet"} for split in configs[name]["splits"]
                ],
            }
            for name in SCHEMAS
        ],
        "dataset_info": [_dataset_info(name, configs[name], config, content_sha256) for name in SCHEMAS],
    }


def _dataset_info(name: str, entry: Mapping[str, Any], config: Config, content_sha256: str) -> dict[str, Any]:
    from datasets import Features  # a second and a half that only a build pays

    features = Features.from_arrow_schema(SCHEMAS[name])
    size = sum(split["bytes"] for split in entry["splits"].values())
    return {
        "config_name": name,
        "description": f"{config.dataset.name} {config.dataset.version}, {name}; content sha256 {content_sha256}",
        "features": features._to_yaml_list(),  # noqa: SLF001 - the only writer of the Hub's YAML form of features
        "splits": [
            {"name": split, "num_bytes": made["bytes"], "num_examples": made["rows"]}
            for split, made in entry["splits"].items()
        ],
        "download_size": sum(made["file_bytes"] for made in entry["splits"].values()),
        "dataset_size": size,
    }


def _license(stats: Stats) -> str:
    """Return the Hub's name for the licence of the whole: derived from the documents', never asserted."""
    named = set(stats.licenses)
    if len(named) == 1 and "none named" not in named:
        return named.pop().lower()
    return "unknown" if named <= {"none named"} else "other"


def _what(config: Config) -> str:
    notes = f"\n\n{config.dataset.notes.strip()}" if config.dataset.notes else ""
    return (
        f"# {config.dataset.title}\n\n{config.dataset.description.strip()}\n\nVersion {config.dataset.version}.{notes}"
    )


def _contents(config: Config, stats: Stats, configs: Mapping[str, Any]) -> str:
    rows = [(f"`{name}`", f"{configs[name]['rows']:,}", CONFIG_TEXTS[name]) for name in SCHEMAS]
    languages = ", ".join(f"{name} ({count})" for name, count in stats.languages.most_common()) or "none"
    return "\n\n".join(
        (
            "## What it holds",
            _table(("config", "rows", "one row is"), rows),
            (
                f"Split: `{config.select.split}`. Languages: {languages}. "
                "Ids join the configs (`documents.id` is `document_id` elsewhere)."
            ),
        )
    )


def _how_made(stats: Stats) -> str:
    """Say what was read, kept and removed, with a bar for each share of the text."""
    total = sum(stats.characters.values()) or 1
    pages = stats.by_status()
    roles: dict[str, int] = {}
    for (role, _), characters in stats.characters.items():
        roles[role] = roles.get(role, 0) + characters
    shares = [
        (role, f"{characters:,}", f"{characters / total:.1%}", "█" * round(40 * characters / total))
        for role, characters in sorted(roles.items(), key=lambda item: -item[1])
    ]
    kinds = [
        (f"{role} / {kind}", f"{stats.blocks[role, kind]:,}", f"{characters:,}")
        for (role, kind), characters in sorted(stats.characters.items(), key=lambda item: (-item[1], item[0]))
    ]
    summary = (
        f"{pages['read']} pages were read: {pages['kept']} kept, {pages['rejected']} rejected, "
        f"{pages['quarantined']} quarantined. Each was decoded and repaired, split into blocks, and every block was "
        "given a role. `text` is the main blocks; the rest is in `blocks`, with the reason it was left out."
    )
    details = _table(("role / kind", "blocks", "characters"), kinds)
    parts = [
        "## How it was made",
        summary,
        _table(("role", "characters", "share", ""), shares),
        f"<details><summary>Blocks by role and kind</summary>\n\n{details}\n\n</details>",
    ]
    if stats.reasons:
        parts.append(
            _table(("not kept because of", "pages"), [(reason, str(n)) for reason, n in sorted(stats.reasons.items())])
        )
    if stats.repairs:
        parts.append(_table(("repair", "times"), [(rule, str(n)) for rule, n in sorted(stats.repairs.items())]))
    return "\n\n".join(parts)


def _fields() -> str:
    """Describe the columns, in the words of the schemas."""
    parts = ["## Fields"]
    for name, schema_name in ROW_SCHEMAS.items():
        properties = schema.load(schema_name)["properties"]
        rows = [
            (f"`{field.name}`", f"`{_type_name(field.type)}`", properties[field.name]["description"])
            for field in SCHEMAS[name]
        ]
        parts.append(f"### {name}\n\n" + _table(("column", "type", "what"), rows))
    return "\n\n".join(parts)


def _type_name(kind: object) -> str:
    text = str(kind)
    return (
        "list<struct>"
        if text.startswith("list<") and "struct" in text
        else text.replace("element: ", "").replace("item: ", "")
    )


def _rights(config: Config, stats: Stats) -> str:
    rows = [(name, str(count)) for name, count in sorted(stats.rights.items())]
    meaning = (
        "Every document has `rights`: what its page itself says of its reuse. `unknown` means that it says nothing, "
        "which is no licence. The statement found, its holder and any licence named stand beside it."
    )
    parts = ["## Rights", meaning, _table(("rights", "documents"), rows)]
    parts += [
        f"Publication of documents with rights *{accepted.rights}* is accepted: {accepted.reason}"
        for accepted in config.rights.accept
    ]
    return "\n\n".join(parts)


def _limits() -> str:
    return (
        "## Limits\n\nRoles were given by a program; `score` and `reason` say how sure it was and why. A value that "
        "was inferred, not stated, is marked so in `evidence`. Dates are as the pages state them: a page without a "
        "year has no date."
    )


def _load(config: Config) -> str:
    name = f"{config.dataset.name}-{config.dataset.version}"
    split = config.select.split
    return (
        "## How to load it\n\n```python\nfrom datasets import load_dataset\n\n"
        f'documents = load_dataset("{name}", split="{split}")\n'
        f'blocks = load_dataset("{name}", "blocks", split="{split}")\n'
        'removed = blocks.filter(lambda block: block["role"] != "main")\n```\n\n'
        "Made with corpuskit. `SHA256SUMS` and `manifest.json` say what belongs to the release: "
        f"`corpuskit verify {name}` checks it."
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table; a bar in a cell's text may not break it."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(
        "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in line) + " |" for line in lines
    )
