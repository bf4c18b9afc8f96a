"""Which part of the version has to rise, and why: the rules are data, in ``bumps.toml``."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from importlib import resources
from typing import TYPE_CHECKING

from corpuskit.errors import ReleaseError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Bump(IntEnum):
    """The part of a version that has to rise."""

    PATCH = 0
    MINOR = 1
    MAJOR = 2

    def __str__(self) -> str:
        return self.name.lower()


class Policy(StrEnum):
    """What the versions of a dataset promise."""

    STRICT = "strict"
    CORRECTIONS = "corrections"
    APPEND = "append"


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of difference, and what it asks for under each policy."""

    id: str
    strict: Bump
    corrections: Bump
    what: str
    why: str

    def bump(self, policy: Policy) -> Bump:
        """Return what the difference asks for; ``append`` takes all as ``strict`` does, and refuses what is major."""
        return self.corrections if policy is Policy.CORRECTIONS else self.strict


@dataclass(frozen=True, slots=True)
class Reason:
    """One difference between two releases: its rule, what it asks for, and in words what it is.

    ``config`` and ``column`` say where, ``count`` how many rows (or documents, keys) it concerns.
    """

    rule: str
    bump: Bump
    what: str
    config: str | None = None
    column: str | None = None
    count: int | None = None


@functools.cache
def rules() -> Mapping[str, Rule]:
    """Return every rule by its id, in the order of ``bumps.toml``."""
    data = tomllib.loads((resources.files("corpuskit.package") / "bumps.toml").read_text(encoding="utf-8"))
    return {
        name: Rule(
            name, Bump[rule["strict"].upper()], Bump[rule["corrections"].upper()], what=rule["what"], why=rule["why"]
        )
        for name, rule in data.items()
    }


def least(reasons: Iterable[Reason]) -> Bump:
    """Return the least bump that all of ``reasons`` allow."""
    return max((reason.bump for reason in reasons), default=Bump.PATCH)


def refused(reasons: Iterable[Reason], policy: Policy) -> Reason | None:
    """Return the reason for which ``policy`` allows no version at all, if there is one.

    ``append`` promises that nothing that was there goes or changes.  Only forgetting is above it.
    """
    held = tuple(reasons)
    if policy is not Policy.APPEND or any(reason.rule == "forgotten" for reason in held):
        return None
    return next((reason for reason in held if reason.bump is Bump.MAJOR), None)


def numbers(version: str) -> tuple[int, int, int]:
    """Return the three numbers of a version ``X.Y.Z``.

    Raises:
        ReleaseError: it is not of that form.
    """
    parts = version.split(".")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):
        raise ReleaseError(f"{version!r} is no version X.Y.Z", remedy="`load_dataset` knows no other form.")
    major, minor, patch = map(int, parts)
    return major, minor, patch


def raised(version: str, bump: Bump) -> str:
    """Return the least version above ``version`` that ``bump`` allows.

    >>> raised("1.2.3", Bump.MINOR)
    '1.3.0'
    """
    major, minor, patch = numbers(version)
    if bump is Bump.MAJOR:
        return f"{major + 1}.0.0"
    return f"{major}.{minor + 1}.0" if bump is Bump.MINOR else f"{major}.{minor}.{patch + 1}"
