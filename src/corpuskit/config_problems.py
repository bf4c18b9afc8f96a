"""What is wrong with settings, said by key: what the schema does not allow, and what it cannot say."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from corpuskit import schema

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jsonschema_rs import ValidationError


def problems(data: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with the settings in ``data``, a line for each key: all of it, not the first alone."""
    return [
        *(_explain(error) for error in schema.validator("config").iter_errors(data)),
        *_repeated_sources(data),
        *_unexplained_signals(data),
        *_wrong_shares(data),
    ]


def _repeated_sources(data: Mapping[str, Any]) -> list[str]:
    """Name the sources that share a name: their pages would share ids."""
    sources = data.get("source")
    names = [s.get("name") for s in sources if isinstance(s, dict)] if isinstance(sources, list) else []
    return [
        f"source.{index}.name: {name!r} is the name of another source too; each needs its own"
        for index, name in enumerate(names)
        if name is not None and name in names[:index]
    ]


def _unexplained_signals(data: Mapping[str, Any]) -> list[str]:
    """Ask for a reason where signals to machines are ignored."""
    rights = data.get("rights")
    ignored = isinstance(rights, dict) and rights.get("signals") == "ignore" and "signals_reason" not in rights
    return ["rights.signals_reason: is missing; to ignore signals, say why"] if ignored else []


def _wrong_shares(data: Mapping[str, Any]) -> list[str]:
    """Ask for shares that make a whole, and for one way to name splits."""
    splits, select = data.get("splits"), data.get("select")
    if not isinstance(splits, dict) or not isinstance(shares := splits.get("shares"), dict):
        return []
    found = []
    numbers = [share for share in shares.values() if isinstance(share, int | float)]
    if abs(sum(numbers) - 1) > 1e-6:
        found.append(f"splits.shares: they make {sum(numbers):g}; together they must make 1")
    if isinstance(select, dict) and "split" in select:
        found.append("select.split: names the only split; leave it out where [splits] names several")
    return found


def _explain(error: ValidationError) -> str:
    """Return what is wrong with one key: the key, the problem and what it allows."""
    key = ".".join(str(part) for part in error.instance_path)
    kind = error.kind
    if kind.name == "additionalProperties":
        allowed = _allowed_keys(error.instance_path)
        return "\n  ".join(_unknown_key(key, name, allowed) for name in error.kind.as_dict()["unexpected"])
    if kind.name == "required":
        return f"{_join(key, kind.as_dict()['property'])}: is missing"
    description = _described(error.instance_path)
    return f"{key or 'the file'}: {error.message}" + (f" ({description})" if description else "")


def _described(path: Sequence[str | int]) -> str:
    """Return what the value at ``path`` is, or the list it stands in."""
    inner: str = _subschema(path).get("description", "")
    return inner or (_described(path[:-1]) if path and isinstance(path[-1], int) else "")


def _unknown_key(table: str, name: str, allowed: Sequence[str]) -> str:
    """Say that ``table`` has no key ``name``, and which it has."""
    close = difflib.get_close_matches(name, allowed, 1)
    guess = f"; did you mean {close[0]!r}?" if close else "."
    return f"{_join(table, name)}: is not a known key{guess} Known: {', '.join(allowed) or 'none'}"


def _join(table: str, name: str) -> str:
    return f"{table}.{name}" if table else name


def _subschema(path: Sequence[str | int]) -> dict[str, Any]:
    """Return the part of the configuration schema that describes the value at ``path``."""
    node = schema.load("config")
    for part in path:
        node = node["items"] if isinstance(part, int) else node.get("properties", {}).get(part, {})
    return node


def _allowed_keys(path: Sequence[str | int]) -> list[str]:
    return sorted(_subschema(path).get("properties", {}))
