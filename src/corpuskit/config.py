"""``corpus.toml``, typed.

``schemas/config.schema.json`` is the contract: it says which keys there are, what they allow and their defaults. The
classes here hold what was read; a test keeps the two in step.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from corpuskit import schema
from corpuskit.config_problems import problems
from corpuskit.errors import ConfigError
from corpuskit.model import Rights, Tombstone

if TYPE_CHECKING:
    from collections.abc import Mapping


FORGOTTEN: Final = "forgotten.jsonl"
"""The file beside ``corpus.toml`` with what is to be forgotten, a tombstone a line."""


@dataclass(frozen=True, slots=True)
class DatasetSettings:
    """What the dataset is."""

    name: str
    version: str
    title: str
    description: str
    homepage: str | None = None
    contact: str | None = None
    creators: tuple[str, ...] = ()
    date: str | None = None
    notes: str | None = None


@dataclass(frozen=True, slots=True)
class FieldSettings:
    """Which column of a row is what, where pages are rows.  Dots lead into nested columns."""

    id: str | None = None
    text: str = "text"
    html: str = "html"
    url: str = "url"
    date: str = "date"
    language: str = "language"
    encoding: str = "encoding"
    media_type: str = "media_type"
    headers: str = "headers"

    def named(self) -> frozenset[str]:
        """Return the fields whose column is named by the settings, and not only by default."""
        return frozenset(key for key, name in asdict(self).items() if name not in {None, key})


@dataclass(frozen=True, slots=True)
class VersionSettings:
    """What versions promise to those who pin one."""

    policy: Literal["strict", "corrections", "append"] = "strict"


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """One source of pages.  ``path`` is relative to the configuration file, or a URL that fsspec understands."""

    name: str
    path: str
    format: str = "auto"
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    media_type: Literal["auto", "text/plain", "text/html"] = "auto"
    encoding: str | None = None
    fields: FieldSettings = FieldSettings()
    accept: tuple[str, ...] = ("text/html", "application/xhtml+xml", "text/plain")
    statuses: tuple[int, ...] = (200,)
    verify_digests: bool = True
    subset: str | None = None
    split: str = "train"
    revision: str | None = None
    tdmrep: str | None = None


@dataclass(frozen=True, slots=True)
class TdmRule:
    """One rule of a ``tdmrep.json``: the paths it is for, whether TDM is reserved there, and under which policy."""

    location: str
    reserved: bool
    policy: str | None = None


@dataclass(frozen=True, slots=True)
class LimitSettings:
    """Deterministic limits, and the safety nets: seconds for a page, and bytes of memory for a worker.

    ``max_elements`` is of the elements of HTML, and of the lines of text.
    """

    max_page_bytes: int = 20_000_000
    max_expansion: int = 200
    max_elements: int = 250_000
    max_depth: int = 10_000
    page_seconds: float = 120
    worker_memory: int = 4_000_000_000


@dataclass(frozen=True, slots=True)
class RepairSettings:
    """Which defects are repaired: one field a rule, each off or on by itself.

    Damage is repaired by default; typography is content and stays unless asked for.

    Attributes:
        mojibake: text decoded with the wrong codec, once or several times, in whole or in part.
        votes: pages that are suspected of mojibake and not sure to be, looked at again by what happened to the other
            pages of their source (in builds; a page by itself has no others).
        c1_controls: C1 control characters, read as windows-1252 as HTML5 does.
        surrogates: two surrogates that make one character, read as that character.
        controls: C0 control characters other than tab, line feed, form feed and carriage return, and DEL: dropped.
        zero_width: U+200B and U+2060 where no script nearby uses them, joiners that join nothing: dropped.
        soft_hyphens: U+00AD: dropped.
        inner_bom: U+FEFF: dropped wherever it stands.
        entities: HTML entities in plain text, unescaped once (never in markup, whose parser does it).
        quotes: curly quotation marks made straight.
        ligatures: Latin ligatures unfolded.
        width: full-width and half-width forms folded.
        nfc: Unicode normalisation form C.
    """

    mojibake: bool = True
    votes: bool = True
    c1_controls: bool = True
    surrogates: bool = True
    controls: bool = True
    zero_width: bool = True
    soft_hyphens: bool = True
    inner_bom: bool = True
    entities: bool = False
    quotes: bool = False
    ligatures: bool = False
    width: bool = False
    nfc: bool = False


@dataclass(frozen=True, slots=True)
class SegmentSettings:
    """How blocks get their roles."""

    engine: Literal["corpuskit", "trafilatura", "auto"] = "corpuskit"
    text: Literal["learned", "rules"] = "learned"
    templates: bool = True


@dataclass(frozen=True, slots=True)
class SelectSettings:
    """Which documents are kept."""

    min_main_characters: int = 200
    languages: tuple[str, ...] = ()
    min_survival: float = 0.5
    near_duplicates: float | None = None
    split: str = "train"


@dataclass(frozen=True, slots=True)
class SplitSettings:
    """How documents are shared out.

    ``shares`` are names of splits with the share of each, which make 1; their order counts.
    """

    shares: tuple[tuple[str, float], ...]
    by: Literal["document", "host", "domain", "source"] = "host"
    related: bool = True


@dataclass(frozen=True, slots=True)
class PackageSettings:
    """How a release is laid out."""

    shard_bytes: int = 500_000_000


@dataclass(frozen=True, slots=True)
class AcceptedRights:
    """A class of rights that may be published, and why."""

    rights: Rights
    reason: str


@dataclass(frozen=True, slots=True)
class RightsSettings:
    """Which rights may be published, and whether what is said to machines counts."""

    accept: tuple[AcceptedRights, ...] = ()
    signals: Literal["obey", "ignore"] = "obey"
    signals_reason: str | None = None


@dataclass(frozen=True, slots=True)
class SchemaSettings:
    """What is added to the document schema.  ``extends`` is relative to the configuration file."""

    extends: str | None = None


@dataclass(frozen=True, slots=True)
class RuleSettings:
    """How one rule of ``validate`` is taken: its severity, and the share of pages that may have a finding of it."""

    id: str
    severity: Literal["error", "warning", "off"] | None = None
    budget: float | None = None


@dataclass(frozen=True, slots=True)
class ValidateSettings:
    """How findings are taken."""

    rule: tuple[RuleSettings, ...] = ()


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of one corpus.

    ``folder`` is where its relative paths start; ``splits`` is ``None`` where there is one split; ``forgotten`` is what
    :data:`FORGOTTEN` in it holds, ``tdm`` the rules of each source's ``tdmrep.json``.
    """

    dataset: DatasetSettings
    source: tuple[SourceSettings, ...]
    limits: LimitSettings = field(default_factory=LimitSettings)
    repair: RepairSettings = field(default_factory=RepairSettings)
    segment: SegmentSettings = field(default_factory=SegmentSettings)
    select: SelectSettings = field(default_factory=SelectSettings)
    splits: SplitSettings | None = None
    package: PackageSettings = field(default_factory=PackageSettings)
    rights: RightsSettings = field(default_factory=RightsSettings)
    schema: SchemaSettings = field(default_factory=SchemaSettings)
    validate: ValidateSettings = field(default_factory=ValidateSettings)
    version: VersionSettings = field(default_factory=VersionSettings)
    forgotten: tuple[Tombstone, ...] = ()
    folder: Path = Path()
    tdm: Mapping[str, tuple[TdmRule, ...]] = field(default_factory=dict)

    def digest(self) -> str:
        """Return the SHA-256 of every setting that decides the content, as canonical JSON.

        Where the file lies has no part in it, nor has how rows are laid out or what is checked afterwards, nor have the
        safety nets: a run in which one of them caught a page says so, and ends with 1.
        """
        settings = asdict(replace(self, folder=Path()))
        for name in ("folder", "package", "schema", "validate", "version"):
            del settings[name]
        for name in ("page_seconds", "worker_memory"):
            del settings["limits"][name]
        canonical = json.dumps(settings, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()


def defaults() -> Config:
    """Return the settings used where there is no configuration file: for cleaning single pages."""
    return Config(DatasetSettings("unnamed", "0.0.0", "unnamed", "unnamed"), ())


def load(path: Path | str) -> Config:
    """Read the configuration at ``path``, a file or a folder with a ``corpus.toml``.

    Raises:
        ConfigError: the file is missing, is not TOML, or a key is unknown, missing or out of its range. All wrong
            keys are named, each with what it allows.
    """
    path = Path(path)
    if path.is_dir():
        path /= "corpus.toml"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(
            "there is no such configuration file",
            where=str(path),
            remedy="Write one with `corpuskit init`, or name another with --config.",
        ) from None
    except OSError as error:
        raise ConfigError(
            f"cannot be read: {error.strerror or error}", where=str(path), remedy="Look at the rights to the file."
        ) from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"is not in UTF-8: {error}", where=str(path), remedy="Save it as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"is not valid TOML: {error}", where=str(path), remedy="Mend the line it names.") from error
    return parse(data, path)


def parse(data: Mapping[str, Any], path: Path) -> Config:
    """Return the settings in ``data``, read from ``path``.

    Raises:
        ConfigError: as for :func:`load`.
    """
    if found := problems(data):
        raise ConfigError(
            "\n  ".join(("the settings have problems:", *found)),
            where=str(path),
            remedy=f"Every key is described in {schema.folder() / 'config.schema.json'}.",
        )
    return Config(
        dataset=DatasetSettings(**_tuples(data["dataset"])),
        source=tuple(_source(source) for source in data["source"]),
        limits=LimitSettings(**data.get("limits", {})),
        repair=RepairSettings(**data.get("repair", {})),
        segment=SegmentSettings(**data.get("segment", {})),
        select=SelectSettings(**_tuples(data.get("select", {}))),
        splits=_splits(data["splits"]) if "splits" in data else None,
        package=PackageSettings(**data.get("package", {})),
        rights=_rights(data.get("rights", {})),
        schema=SchemaSettings(**data.get("schema", {})),
        validate=ValidateSettings(tuple(RuleSettings(**rule) for rule in data.get("validate", {}).get("rule", ()))),
        version=VersionSettings(**data.get("version", {})),
        forgotten=read_forgotten(path.parent / FORGOTTEN),
        folder=path.resolve().parent,
        tdm={
            source["name"]: read_tdmrep(path.resolve().parent / source["tdmrep"])
            for source in data["source"]
            if "tdmrep" in source
        },
    )


def _source(table: Mapping[str, Any]) -> SourceSettings:
    return SourceSettings(**{**_tuples(table), "fields": FieldSettings(**table.get("fields", {}))})


def _splits(table: Mapping[str, Any]) -> SplitSettings:
    return SplitSettings(**{**table, "shares": tuple(table["shares"].items())})


def _rights(table: Mapping[str, Any]) -> RightsSettings:
    accept = tuple(AcceptedRights(Rights(entry["rights"]), entry["reason"]) for entry in table.get("accept", ()))
    return RightsSettings(**{**table, "accept": accept})


def read_tdmrep(path: Path) -> tuple[TdmRule, ...]:
    """Read a ``tdmrep.json`` (TDM Reservation Protocol, "TDM File on the Origin Server").

    Raises:
        ConfigError: it cannot be read, or is no list of rules.
    """
    try:
        rules = json.loads(path.read_bytes())
        return tuple(
            TdmRule(str(rule["location"]), rule.get("tdm-reservation") in {1, "1"}, rule.get("tdm-policy"))
            for rule in rules
        )
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ConfigError(
            f"is no tdmrep.json: {error}",
            where=str(path),
            remedy='It is a list of rules: [{"location": "/news/*", "tdm-reservation": 1}].',
        ) from error


def read_forgotten(path: Path) -> tuple[Tombstone, ...]:
    """Return the tombstones in the file at ``path``, none where there is no file.

    Raises:
        ConfigError: it cannot be read, or a line is no tombstone.
    """
    if not path.is_file():
        return ()
    found: list[Tombstone] = []
    try:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not line.strip():
                continue
            value = json.loads(line)
            if wrong := next(schema.validator("tombstone").iter_errors(value), None):
                raise ConfigError(
                    f"line {number} is no tombstone: {wrong.message}",
                    where=str(path),
                    remedy="`corpuskit forget` writes it; schemas/tombstone.schema.json describes it.",
                )
            found.append(Tombstone(**_tuples(value)))
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"cannot be read: {error}", where=str(path), remedy="It must hold a JSON object a line, in UTF-8."
        ) from error
    return tuple(found)


def _tuples(table: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``table`` with its arrays as tuples."""
    return {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}
