"""What a page's makers tell machines about its reuse, beside what they tell readers: robots directives and TDM.

Sources: X-Robots-Tag and ``meta name="robots"`` as search engines read them, with ``noai`` and ``noimageai`` as sites
that host artists introduced them in 2022; the TDM Reservation Protocol (W3C Community Group Final Report, 10 May
2024): ``tdm-reservation`` and ``tdm-policy`` in HTML, in HTTP headers, or in a ``tdmrep.json`` of the server.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from corpuskit.describe import addresses
from corpuskit.model import Evidence, Origin

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from corpuskit.config import TdmRule

RESERVING: Final = frozenset({"noai"})
"""Robots directives that reserve the text; ``noimageai`` speaks of images, ``noindex`` of search."""

_TDM: Final = ("tdm-reservation", "tdm-policy")


@dataclass(frozen=True, slots=True)
class Signals:
    """The signals of one page.

    Attributes:
        robots: the directives, lower case, sorted; one for a certain robot keeps its name: ``otherbot: noindex``.
        tdm_reserved: whether the rights to text and data mining are reserved; ``None`` where nothing says.
        tdm_policy: the address of the policy on TDM.
        evidence: where each comes from.
    """

    robots: tuple[str, ...] = ()
    tdm_reserved: bool | None = None
    tdm_policy: str | None = None
    evidence: tuple[Evidence, ...] = ()


def read_signals(
    headers: Mapping[str, str],
    meta: Sequence[tuple[str, str]] = (),
    rules: Sequence[TdmRule] = (),
    url: str | None = None,
) -> Signals:
    """Return what ``headers`` (lower-case names), meta elements and a server's TDM ``rules`` say of a page.

    Robots directives add up, as they do for search engines.  For TDM the nearest to the page counts: HTML before
    header before file (the protocol, "Processing priority").
    """
    notes: list[Evidence] = []
    robots: set[str] = set()
    for note in _robots(headers, meta):
        robots.add(note.value)
        notes.append(note)
    for stated in (_from_meta(meta), _from_headers(headers), _from_rules(rules, url)):
        if "tdm-reservation" in stated:
            reservation = stated["tdm-reservation"]
            policy = stated.get("tdm-policy")
            notes += [
                Evidence(name, found.value, found.origin, found.where, stated=True)
                for name, found in (("tdm_reserved", reservation), ("tdm_policy", policy))
                if found
            ]
            reserved = reservation.value == "true"
            return Signals(tuple(sorted(robots)), reserved, policy.value if policy else None, tuple(notes))
    return Signals(tuple(sorted(robots)), evidence=tuple(notes))


def reserves(robots: Sequence[str], tdm_reserved: bool | None) -> list[str]:  # noqa: FBT001 - the columns, in order
    """Return the signals that reserve the text, in words; none where none does."""
    return [
        *(f"robots: {directive}" for directive in robots if directive in RESERVING),
        *(["tdm-reservation: 1"] if tdm_reserved else []),
    ]


def _robots(headers: Mapping[str, str], meta: Sequence[tuple[str, str]]) -> Iterator[Evidence]:
    """Yield each robots directive, with where it stands."""
    stated = [(headers.get("x-robots-tag", ""), Origin.HEADER, "header x-robots-tag")]
    stated += [(value, Origin.META, "meta robots") for name, value in meta if name == "robots"]
    for text, origin, where in stated:
        robot = ""
        for part in re.split(r"[,\n]", text):
            words = part.strip().lower()
            name, colon, rest = words.partition(":")
            if colon and not name.startswith(("max-", "unavailable_after")):
                robot, words = f"{name.strip()}: ", rest.strip()
            if words:
                yield Evidence("robots", f"{robot}{words}", origin, where, stated=True)


def _from_meta(meta: Sequence[tuple[str, str]]) -> dict[str, Evidence]:
    return _stated(dict(reversed(meta)), Origin.META, "meta")


def _from_headers(headers: Mapping[str, str]) -> dict[str, Evidence]:
    return _stated(headers, Origin.HEADER, "header")


def _stated(values: Mapping[str, str], origin: Origin, kind: str) -> dict[str, Evidence]:
    """Return what is stated on TDM: a reservation is 0 or 1, and anything else says nothing."""
    found = {name: values[name].strip() for name in _TDM if name in values}
    if found.get("tdm-reservation") not in {"0", "1"}:
        return {}
    reserved = "true" if found["tdm-reservation"] == "1" else "false"
    policy = found.get("tdm-policy", "")
    return {
        "tdm-reservation": Evidence("tdm_reserved", reserved, origin, f"{kind} tdm-reservation", stated=True),
        **(
            {"tdm-policy": Evidence("tdm_policy", policy, origin, f"{kind} tdm-policy", stated=True)}
            if addresses.split(policy).scheme in {"http", "https"}
            else {}
        ),
    }


def _from_rules(rules: Sequence[TdmRule], url: str | None) -> dict[str, Evidence]:
    """Return what the rule says whose location fits the page best: the longest, as in robots.txt (RFC 9309)."""
    if url is None:
        return {}
    split = addresses.split(url)
    path = (split.path or "/") + (f"?{split.query}" if split.query else "")
    fitting = [rule for rule in rules if _pattern(rule.location).match(path)]
    if not fitting:
        return {}
    rule = max(fitting, key=lambda rule: (len(rule.location), rule.reserved))
    values = {"tdm-reservation": "1" if rule.reserved else "0", **({"tdm-policy": rule.policy} if rule.policy else {})}
    where = f"tdmrep.json {rule.location}"
    return {
        name: Evidence(found.field, found.value, Origin.URL, where, stated=True)
        for name, found in _stated(values, Origin.URL, where).items()
    }


def _pattern(location: str) -> re.Pattern[str]:
    """Return a location as an expression: a prefix of the path, ``*`` any characters, ``$`` at the end the end."""
    end = location.endswith("$")
    parts = (re.escape(part) for part in (location[:-1] if end else location).split("*"))
    return re.compile(".*".join(parts) + (r"\Z" if end else ""), re.DOTALL)
