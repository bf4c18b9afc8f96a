"""The dataset card: front matter and text, made from what was measured on the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from corpuskit import schema
from corpuskit.model import Role
from corpuskit.package import citation, licenses
from corpuskit.package import markdown as md
from corpuskit.package.figures import UNKNOWN
from corpuskit.package.pictures import largest, share
from corpuskit.package.tables import CONFIG_TEXTS, KEYS, ROW_SCHEMAS, SCHEMAS
from corpuskit.package.words import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from corpuskit.config import Config
    from corpuskit.package.figures import Figures

NAME: Final = "README.md"

_UNITS: Final = ("B", "kB", "MB", "GB", "TB")

_SIZES: Final = (
    (1_000, "n<1K"),
    (10_000, "1K<n<10K"),
    (100_000, "10K<n<100K"),
    (1_000_000, "100K<n<1M"),
    (10_000_000, "1M<n<10M"),
)


def make(
    config: Config, figures: Figures, configs: Mapping[str, Any], sizes: Mapping[str, int], content_sha256: str
) -> str:
    """Return the card.

    Args:
        config: the settings.
        figures: what was measured on the tables.
        configs: the manifest's part on configs.
        sizes: bytes of the tables' files, by path.
        content_sha256: the digest of all rows.
    """
    import yaml  # only a build needs it

    front = yaml.safe_dump(
        _front_matter(config, figures, configs, sizes, content_sha256), sort_keys=False, allow_unicode=True, width=120
    )
    sections = (
        _what(config, figures),
        _load(config, configs),
        _contents(config, figures, configs, sizes),
        _how_made(config, figures),
        _fields(figures),
        _rights(config, figures),
        _limits(),
        _trust(config),
        _cite(config, content_sha256),
    )
    return f"---\n{front}---\n\n" + "\n\n".join(sections) + "\n"


def _front_matter(
    config: Config, figures: Figures, configs: Mapping[str, Any], sizes: Mapping[str, int], content_sha256: str
) -> dict[str, Any]:
    """Return the metadata that the Hub and ``datasets`` read.

    ``configs[].version``, the sizes and the digest in the description make ``load_dataset`` on a local folder see
    that one release is not another: its cache goes by them and not by the files.
    """
    dataset = config.dataset
    languages = sorted(language for language in figures.languages if language != UNKNOWN)
    return {
        "pretty_name": citation.one_line(dataset.title),
        "language": languages,
        **licenses.front_matter(figures.licenses),
        "multilinguality": ["multilingual" if len(languages) > 1 else "monolingual"],
        "annotations_creators": ["machine-generated"],
        "size_categories": [next((name for limit, name in _SIZES if figures.pages["kept"] < limit), "n>10M")],
        "tags": ["corpuskit"],
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
        "dataset_info": [_dataset_info(name, configs[name], config, sizes, content_sha256) for name in SCHEMAS],
    }


def _dataset_info(
    name: str, entry: Mapping[str, Any], config: Config, sizes: Mapping[str, int], content_sha256: str
) -> dict[str, Any]:
    splits = entry["splits"]
    return {
        "config_name": name,
        "description": f"{config.dataset.name} {config.dataset.version}, {name}; content sha256 {content_sha256}",
        "features": features(SCHEMAS[name]),
        "splits": [
            {"name": split, "num_bytes": made["bytes"], "num_examples": made["rows"]} for split, made in splits.items()
        ],
        "download_size": sum(sizes[file] for made in splits.values() for file in made["files"]),
        "dataset_size": sum(made["bytes"] for made in splits.values()),
    }


_DTYPES: Final = {"double": "float64", "date32[day]": "date32"}
"""Arrow's types that the Hub calls otherwise."""


def features(fields: Iterable[pa.Field[Any]]) -> list[dict[str, Any]]:
    """Return columns in the form that a card on the Hub gives them, which is that of ``datasets.Features``.

    ``datasets`` has a writer for it, a private one, and takes a second and a half to import.
    """
    return [{"name": field.name, **_feature(field.type)} for field in fields]


def _feature(kind: pa.DataType) -> dict[str, Any]:
    if not pa.types.is_list(kind):
        return {"dtype": _DTYPES.get(str(kind), str(kind))}
    of = kind.value_type
    return {"list": features(of) if pa.types.is_struct(of) else _feature(of)["dtype"]}


def _what(config: Config, figures: Figures) -> str:
    dataset = config.dataset
    pages, main = figures.by_status(), figures.by_role().get(Role.MAIN, 0)
    total = sum(figures.characters.values())
    languages = ", ".join(f"{md.text(name)} ({count:,})" for name, count in largest(figures.languages, 8))
    rights = ", ".join(f"{name} ({count:,})" for name, count in sorted(figures.rights.items()))
    glance = md.table(
        ("", ""),
        (
            ("Version", dataset.version),
            ("Documents", f"{pages['kept']:,}, of {pages['read']:,} pages read"),
            ("Main text", f"{figures.text:,} characters: {share(main, total)} of what stood on those pages"),
            ("Languages", languages or "none"),
            ("Rights", f"{rights or 'none'}; see [Rights](#rights)"),
        ),
    )
    parts = [f"# {md.text(dataset.title)}", md.paragraphs(dataset.description), glance]
    if total:
        shares = ", ".join(f"{role} {share(count, total)}" for role, count in figures.by_role().items())
        parts.append(f"![Characters by role: {shares}](figures/roles.svg)")
    if dataset.notes:
        parts.append(md.quote(dataset.notes))
    return "\n\n".join(parts)


def _load(config: Config, configs: Mapping[str, Any]) -> str:
    dataset, split = config.dataset, next(iter(configs["documents"]["splits"]))
    name = f"{dataset.name}-{dataset.version}"
    python = (
        "import corpuskit as ck\n"
        "from datasets import load_dataset\n\n"
        f'documents = load_dataset("{name}", split="{split}")  # the folder\n'
        f'blocks = load_dataset("{name}", "blocks", split="{split}", streaming=True)\n'
        f'pinned = ck.load("{name}", version="{dataset.version}", split="{split}")  # this version or an error\n'
        f'pinned = load_dataset("OWNER/{dataset.name}", revision="{dataset.version}", split="{split}")  # from the Hub'
    )
    files = f"{name}/data/documents"
    frames = (
        "import duckdb, pandas, polars\n\n"
        f'documents = pandas.read_parquet("{files}")\n'
        f'documents = polars.scan_parquet("{files}/*.parquet")\n'
        f'documents = duckdb.read_parquet("{files}/*.parquet")'
    )
    return "\n\n".join(
        (
            "## How to load it",
            md.block(python, "python"),
            md.folded("pandas, polars, DuckDB", md.block(frames, "python")),
        )
    )


def _contents(config: Config, figures: Figures, configs: Mapping[str, Any], sizes: Mapping[str, int]) -> str:
    rows = [(f"`{name}`", f"{configs[name]['rows']:,}", f"{CONFIG_TEXTS[name]} ({_keys(name)})") for name in SCHEMAS]
    splits = [
        (f"`{name}`", f"`{split}`", f"{made['rows']:,}", f"{len(made['files'])}", _size(made["files"], sizes))
        for name in SCHEMAS
        for split, made in configs[name]["splits"].items()
    ]
    related = (
        f" {figures.linked:,} of {figures.related:,} related items are documents of this corpus: "
        "`related.related_document_id` leads to them."
        if figures.related
        else ""
    )
    return "\n\n".join(
        (
            "## What it holds",
            md.table(("config", "#rows", "one row is"), rows),
            (
                "Ids join the configs: `document_id` is `documents.id`. "
                f"Rows stand in order of source and id.{related} {_splits(config)}"
            ),
            md.folded("Splits and files", md.table(("config", "split", "#rows", "#files", "#size"), splits)),
        )
    )


def _splits(config: Config) -> str:
    """Say which split a page goes to."""
    settings = config.splits
    if settings is None:
        return f"All pages go to the split `{config.select.split}`."
    shares = ", ".join(f"`{name}` {share:.3g}" for name, share in settings.shares)
    others = "near copies and related documents" if settings.related else "near copies"
    return (
        f"A hash decides which split a {settings.by} goes to, all of it to one, by the shares {shares}; {others} "
        f"stand together, in the split named first of theirs."
    )


def _keys(name: str) -> str:
    return "key: " + ", ".join(f"`{column}`" for column in KEYS[name])


def _size(files: list[str], sizes: Mapping[str, int]) -> str:
    size = sum(sizes[file] for file in files)
    step = min(max(len(str(size)) - 1, 0) // 3, len(_UNITS) - 1)
    return f"{size / 1_000**step:.{min(step, 1)}f} {_UNITS[step]}"


def _how_made(config: Config, figures: Figures) -> str:
    """Say what was read, kept and removed, in pictures and, folded, in numbers."""
    pages, total = figures.by_status(), sum(figures.characters.values())
    kinds = [
        (f"{role} / {kind}", f"{figures.blocks[role, kind]:,}", f"{characters:,}", share(characters, total))
        for (role, kind), characters in sorted(figures.characters.items(), key=lambda item: (-item[1], item[0]))
    ]
    reasons = [(md.text(reason), f"{count:,}") for reason, count in largest(figures.reasons)]
    repairs = [(md.text(rule), f"{count:,}") for rule, count in largest(figures.repairs)]
    settings = [(f"`{name}`", f"`{value}`") for name, value in _settings(config)]
    parts = [
        "## How it was made",
        (
            f"{pages['read']:,} pages were read: {pages['kept']:,} kept, {pages['rejected']:,} rejected, "
            f"{pages['quarantined']:,} quarantined. Every one of them is in `decisions`."
        ),
        "\n".join(f"{number}. {step}" for number, step in enumerate(words().protocol, 1)),
        *(f"![{alt}](figures/{name}.svg)" for name, alt in _pictures(figures)),
        md.folded("Blocks by role and kind", md.table(("role / kind", "#blocks", "#characters", "#share"), kinds)),
    ]
    if reasons:
        parts.append(md.table(("not kept because of", "#pages"), reasons))
    if repairs:
        parts.append(md.folded("Repairs", md.table(("repair", "#times"), repairs)))
    parts.append(md.folded("Settings", md.table(("setting", "value"), settings)))
    return "\n\n".join(parts)


def _pictures(figures: Figures) -> list[tuple[str, str]]:
    """Return the pictures of this part that there are, each with words in its place."""
    return [
        (name, alt)
        for name, alt, there in (
            ("survival", "Pages kept, by source", figures.sources),
            ("removed", "Characters left out of the main text, by kind", set(figures.by_role()) - {Role.MAIN}),
            ("lengths", "Documents by the length of their main text", figures.lengths),
            ("languages", "Documents by language", figures.languages),
        )
        if there
    ]


def _settings(config: Config) -> list[tuple[str, str]]:
    select, segment = config.select, config.segment
    return [
        ("select.min_main_characters", str(select.min_main_characters)),
        ("select.languages", ", ".join(select.languages) or "all"),
        ("segment.engine", segment.engine),
        ("segment.text", segment.text),
    ]


def _fields(figures: Figures) -> str:
    """Describe the columns, in the words of the schemas."""
    parts = ["## Fields"]
    if figures.pages["kept"]:
        parts.append("![Documents whose page states the value, by column](figures/fields.svg)")
    for name, schema_name in ROW_SCHEMAS.items():
        properties = schema.load(schema_name)["properties"]
        rows = [
            (
                f"`{field.name}`",
                f"`{_type_name(field.type)}`" + ("" if not field.nullable else " or null"),
                properties[field.name]["description"],
            )
            for field in SCHEMAS[name]
        ]
        parts.append(md.folded(f"<code>{name}</code>", md.table(("column", "type", "what"), rows)))
    return "\n\n".join(parts)


def _type_name(kind: object) -> str:
    text = str(kind)
    return (
        "list<struct>"
        if text.startswith("list<") and "struct" in text
        else text.replace("element: ", "").replace("item: ", "")
    )


def _rights(config: Config, figures: Figures) -> str:
    named = [(md.text(name), f"{count:,}") for name, count in largest(figures.licenses)]
    statements = [(md.text(statement), f"{count:,}") for statement, count in largest(figures.statements, 10)]
    parts = [
        "## Rights",
        words().rights,
        md.table(("rights", "#documents"), [(name, f"{count:,}") for name, count in sorted(figures.rights.items())]),
        md.table(("licence", "#documents"), named),
    ]
    if figures.rights:
        parts.insert(2, "![Documents by rights](figures/rights.svg)")
    if statements:
        parts.append(md.folded("Statements found most often", md.table(("statement", "#documents"), statements)))
    parts += [
        f"Publication of documents with rights *{accepted.rights}* was accepted by those who made the dataset: "
        f"{md.text(accepted.reason)}"
        for accepted in config.rights.accept
    ]
    if config.rights.signals_reason:
        parts.append(
            "What pages tell machines (robots directives, reservations of text and data mining) is kept with each "
            f"document and was not taken as a reservation: {md.text(config.rights.signals_reason)}"
        )
    return "\n\n".join(parts)


def _limits() -> str:
    return "\n\n".join(("## Limits", md.points(words().limits), "## Personal data", md.points(words().personal)))


def _trust(config: Config) -> str:
    name = f"{config.dataset.name}-{config.dataset.version}"
    commands = (
        f"corpuskit verify {name}    # the files are the ones that were released\n"
        f"corpuskit validate {name}  # and they hold what they say"
    )
    return "\n\n".join(("## How to check it", md.block(commands, "sh"), words().trust))


def _cite(config: Config, content_sha256: str) -> str:
    contact = f" Questions go to {md.text(config.dataset.contact)}." if config.dataset.contact else ""
    return "\n\n".join(
        (
            "## How to cite it",
            f"`{citation.NAME}` has the same for programs.{contact}",
            md.block(citation.bibtex(config.dataset, content_sha256), "bibtex"),
            "Made with corpuskit.",
        )
    )
