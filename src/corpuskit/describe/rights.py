"""What a page says of its reuse: status, statement, holder, licence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from corpuskit.model import Evidence, Kind, Origin, Rights, Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpuskit.model import Block


@dataclass(frozen=True, slots=True)
class RightsFound:
    """The rights of one page, with where they come from."""

    rights: Rights = Rights.UNKNOWN
    statement: str | None = None
    holder: str | None = None
    license: str | None = None
    evidence: tuple[Evidence, ...] = ()


_CREATIVE_COMMONS: Final = re.compile(
    r"\b(?:CC|Creative[- ]Commons)(?:[- ]Licen[cs]e)?[- ]*(?P<parts>(?:(?:BY|NC|SA|ND)\b[- /]*)+|0\b|zero\b)\s*(?P<version>\d\.\d)?",
    re.IGNORECASE,
)
_WORDED: Final = (
    (re.compile(r"\bCC0\b|creative commons zero", re.IGNORECASE), "CC0-1.0"),
    (
        re.compile(r"attribution[- ]non-?commercial[- ]share-?alike\s*(?P<version>\d\.\d)?", re.IGNORECASE),
        "CC-BY-NC-SA",
    ),
    (
        re.compile(r"attribution[- ]non-?commercial[- ]no-?deriv\w*\s*(?P<version>\d\.\d)?", re.IGNORECASE),
        "CC-BY-NC-ND",
    ),
    (re.compile(r"attribution[- ]share-?alike\s*(?P<version>\d\.\d)?", re.IGNORECASE), "CC-BY-SA"),
    (re.compile(r"attribution[- ]non-?commercial\s*(?P<version>\d\.\d)?", re.IGNORECASE), "CC-BY-NC"),
    (re.compile(r"creative commons attribution\s*(?P<version>\d\.\d)?", re.IGNORECASE), "CC-BY"),
)
_SPDX_CC: Final = frozenset(
    f"CC-{parts}-{version}"
    for parts in ("BY", "BY-SA", "BY-NC", "BY-ND", "BY-NC-SA", "BY-NC-ND")
    for version in ("1.0", "2.0", "2.5", "3.0", "4.0")
)
_OWNER: Final = re.compile(
    r"(?:belongs? to|owned by|property of|rights holder:?)\s+([^\W\d_][^.;\n]{1,80}?)(?=[.;,]|$)", re.IGNORECASE
)
_SIGN: Final = re.compile(r"(?:©|ⓒ|\(c\)|\bcopyright\b|版权所有|版權所有)", re.IGNORECASE)
_YEARS: Final = re.compile(
    r"^[\s.,:;–—-]*(?:(?:19|20)\d{2}(?:\s*[-–—,]\s*(?:(?:19|20)\d{2})?)*)?[\s.,:;–—-]*(?:by\s+)?", re.IGNORECASE
)
_HOLDER_ENDS: Final = re.compile(
    r"[(（|\n»]|\s+(?:19|20)\d{2}|,?\s+(?=all rights|alle rechte|tous droits|todos los|todos os|tutti i|wszelkie|reproduc|riproduzione|все права|no part)"
    r"|\s*(?:无断|無断|무단|未经|未經|版权|版權|جميع)|(?<![A-Z])[.;。](?:\s|$)|[,，]\s*(?=무단|无|無|(?:19|20)\d{2})",
    re.IGNORECASE,
)
_NO_HOLDER: Final = re.compile(
    r"^(?:all rights|alle rechte|tous droits|todos|tutti|reserved|notice|policy|\W*$)", re.IGNORECASE
)


def read_rights(blocks: Sequence[Block]) -> RightsFound:
    """Return what the rights lines of a page say.  A page without one has unknown rights: silence is no licence."""
    role, kind = Role.METADATA, Kind.RIGHTS
    lines = [(i, block.text) for i, block in enumerate(blocks) if block.kind is kind and block.role is role]
    if not lines:
        return RightsFound()
    statement = "\n".join(text for _, text in lines)
    where = f"block {lines[0][0]}"
    license_id = find_license(statement)
    holder = find_holder(statement)
    rights = rights_of(license_id, statement)
    values = (
        ("rights", rights.value),
        ("rights_statement", statement),
        ("rights_holder", holder),
        ("license", license_id),
    )
    evidence = tuple(Evidence(name, value, Origin.BLOCK, where, stated=True) for name, value in values if value)
    return RightsFound(rights, statement, holder, license_id, evidence)


def rights_of(license_id: str | None, statement: str | None) -> Rights:
    """Return the rights that a licence, or a statement without one, leaves.

    Open means that anyone may use, change and share it for any purpose (Open Definition 2.1): a licence that keeps
    commercial use or changes back reserves them.
    """
    if license_id:
        return Rights.RESERVED if {"NC", "ND"} & set(license_id.split("-")) else Rights.OPEN
    return Rights.RESERVED if statement else Rights.UNKNOWN


def find_license(statement: str) -> str | None:
    """Return the SPDX identifier of the Creative Commons licence a statement names, with the version it names.

    SPDX has no identifier for a licence without a version, so one that names none gives a ``LicenseRef-``.
    """
    match = _CREATIVE_COMMONS.search(statement)
    if match:
        parts = re.findall(r"BY|NC|SA|ND|0|zero", match["parts"].upper().replace("ZERO", "0"))
        stem, version = ("CC0", "1.0") if parts == ["0"] else ("CC-" + "-".join(parts), match["version"])
        return "CC0-1.0" if stem == "CC0" else _with_version(stem, version)
    for pattern, stem in _WORDED:
        if found := pattern.search(statement):
            return stem if stem == "CC0-1.0" else _with_version(stem, found.groupdict().get("version"))
    return None


def _with_version(stem: str, version: str | None) -> str | None:
    if version is None:
        return f"LicenseRef-{stem}"
    identifier = f"{stem}-{version}"
    return identifier if identifier in _SPDX_CC else None


def find_holder(statement: str) -> str | None:
    """Return whom a rights statement names as holder: the owner it states, or the name after the copyright sign."""
    if owner := _OWNER.search(statement):
        return owner[1].strip()
    signs = list(_SIGN.finditer(statement))
    for sign in signs:
        rest = _YEARS.sub("", statement[sign.end() :].lstrip(" ©ⓒ"), count=1).lstrip('«" ')
        name = _HOLDER_ENDS.split(rest, maxsplit=1)[0].strip(' ,:;-–—|«»"<>')
        name = name if re.search(r"\b[A-Z]\.[A-Z]\.$", name) else name.rstrip(".")
        if 2 <= len(name) <= 80 and not _NO_HOLDER.match(name) and not _SIGN.match(name):
            return name
    return None
