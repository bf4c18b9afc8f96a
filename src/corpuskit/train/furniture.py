"""Lines that pages put around articles, with their kinds, to be strewn into training pages.

Cut-down copies of pages keep odd bits of front matter and tail matter, and the few thousand labelled pages show each
bit only as their own sites word it.  The wordings of ``furniture.toml`` are typical ones; names, numbers and dates
are drawn.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from corpuskit.model import Kind, Role

if TYPE_CHECKING:
    from random import Random


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads((resources.files(__package__) / "furniture.toml").read_text(encoding="utf-8"))


def draw(dice: Random, *, front: bool, number: int) -> list[tuple[Role, Kind, str]]:
    """Return ``number`` lines of front matter or tail matter; kinds are equally likely, not wordings."""
    found = []
    for _ in range(number):
        entry = dice.choice(_data()["front" if front else "back"])
        found.append((Role(entry["role"]), Kind(entry["kind"]), _fill(dice.choice(entry["texts"]), dice)))
    return found


def _fill(text: str, dice: Random) -> str:
    """Fill the gaps of a wording."""
    data = _data()
    name, other = (f"{dice.choice(data['first'])} {dice.choice(data['last'])}" for _ in range(2))
    place, job, paper = dice.choice(data["places"]), dice.choice(data["jobs"]), dice.choice(data["papers"])
    site = paper.lower().replace("the ", "").replace(" ", "") + dice.choice((".com", ".org", ".co.uk", ".net"))
    when = {
        "y": dice.randint(2005, 2026),
        "m": dice.randint(1, 12),
        "d": dice.randint(1, 28),
        "h": dice.randint(1, 12),
        "n": dice.randint(0, 59),
        "month": dice.choice(data["months"]),
    }
    return text.format(
        **when,
        y2=when["y"] + 1,
        date=dice.choice(data["dates"]).format(**when),
        count=f"{dice.randint(100, 99999):,}" if dice.random() < 0.5 else dice.randint(10000, 9999999),
        name=name,
        name2=other,
        place=place,
        Place=place.removeprefix("the "),
        job=job,
        Job=job.split(" ", 1)[1].title(),
        paper=paper,
        paper2=dice.choice(data["papers"]),
        site=site,
        mail=f"{name.split()[0].lower()}@{site}",
        section=dice.choice(data["sections"]),
        section2=dice.choice(data["sections"]),
    )
