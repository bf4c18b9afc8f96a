"""What an older reader may rely on: the rules by which a schema may change under the same ``$id``.

A row that is valid under the newer schema must, without the columns that the older one does not know, be valid under
the older one too.  So columns may be added and values narrowed; a column that goes, or a value that was not allowed
before, asks for a new ``$id``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Schema = dict[str, Any]

_ANNOTATIONS: Final = frozenset({"$schema", "$id", "$defs", "$comment", "title", "description", "examples", "default"})

_NARROWER: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "minimum": lambda new, old: new >= old,
    "exclusiveMinimum": lambda new, old: new >= old,
    "minLength": lambda new, old: new >= old,
    "minItems": lambda new, old: new >= old,
    "maximum": lambda new, old: new <= old,
    "exclusiveMaximum": lambda new, old: new <= old,
    "maxLength": lambda new, old: new <= old,
    "maxItems": lambda new, old: new <= old,
    "enum": lambda new, old: all(value in old for value in new),
    "required": lambda new, old: set(old) <= set(new),
    "uniqueItems": lambda new, old: new or not old,
}
"""When a keyword's new value allows no more than its old one; of other keywords only the same value does."""


def breaking_changes(old: Schema, new: Schema) -> list[str]:
    """Return what about ``new`` breaks the promises of ``old``; nothing where both may share an ``$id``."""
    return list(_compare(_Side(old, old), _Side(new, new), ""))


class _Side:
    """A part of a schema, with the whole it is from: references lead there."""

    def __init__(self, part: Schema, whole: Schema) -> None:
        while "$ref" in part:
            part = whole["$defs"][part["$ref"].removeprefix("#/$defs/")]
        self.part = part
        self.whole = whole

    def child(self, part: Schema) -> _Side:
        return _Side(part, self.whole)

    @property
    def types(self) -> set[str]:
        """The JSON types that are allowed."""
        kind = self.part.get("type", _ALL_TYPES)
        kinds = {kind} if isinstance(kind, str) else set(kind)
        return kinds | {"integer"} if "number" in kinds else kinds


_ALL_TYPES: Final = ("array", "boolean", "integer", "null", "number", "object", "string")


def _type_of(value: object) -> str:
    """Return the JSON type of a value."""
    if isinstance(value, float) and value.is_integer():
        return "integer"
    names = {bool: "boolean", type(None): "null", str: "string", int: "integer", float: "number", list: "array"}
    return names.get(type(value), "object")


def _allows_no_more(keyword: str, new: object, old: object) -> bool:
    return _NARROWER[keyword](new, old) if keyword in _NARROWER else new == old


def _compare(old: _Side, new: _Side, at: str) -> Iterator[str]:
    where = at or "the row"
    # Where values are listed, these are the types there are.
    types = new.types & {_type_of(value) for value in new.part["enum"]} if "enum" in new.part else new.types
    if more := types - old.types:
        yield f"{where}: may now be {', '.join(sorted(more))}"
    for keyword, before in old.part.items():
        if keyword in _ANNOTATIONS or keyword in ("type", "properties", "items", "patternProperties"):
            continue
        if keyword not in new.part:
            yield f"{where}: {keyword} was taken away"
        elif not _allows_no_more(keyword, new.part[keyword], before):
            yield f"{where}: {keyword} was {before!r} and is {new.part[keyword]!r}"
    if "items" in old.part:
        if "items" in new.part:
            yield from _compare(old.child(old.part["items"]), new.child(new.part["items"]), f"{at}/*")
        else:
            yield f"{where}: items was taken away"
    after = new.part.get("properties", {})
    for name, before in old.part.get("properties", {}).items():
        if name in after:
            yield from _compare(old.child(before), new.child(after[name]), f"{at}/{name}")
        else:
            yield f"{at}/{name}: was taken away"
