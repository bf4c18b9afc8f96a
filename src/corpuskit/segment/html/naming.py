"""Elements by what their authors call them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import re

    from corpuskit.segment.html.page import Elements


def sorts_called(elements: Elements, pattern: re.Pattern[str], *telling: str) -> list[int]:
    """Return the numbers of the sorts of ``elements`` whose names ``pattern`` finds something in.

    ``telling`` are words in lower case, one of which such a name has: they are looked for in all names at once, since
    on most pages there is none.
    """
    names = [name for _, name in elements.sorts]
    together = "\n".join(names).lower()
    held = [word for word in telling if word in together]
    if not held:
        return []
    lower = [name.lower() for name in names]
    found = {number for word in held for number, name in enumerate(lower) if word in name}
    return [number for number in sorted(found) if pattern.search(names[number])]
