"""Whether the metadata of a page is plausible: one small function a rule, each over a batch of documents.

What Arrow's kernels can rule out for a whole column at once is not looked at row by row.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import pyarrow as pa
import pyarrow.compute as pc

from corpuskit.check.findings import Finding
from corpuskit.describe.language import detect_language

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from corpuskit.check.report import Policy

    Check = Callable[[pa.RecordBatch, Policy], Iterator[tuple[int, str, str, str]]]
    """Yields row, rule, column (with what follows in the pointer) and message."""

FIRST_SITE: Final = date(1991, 8, 6)
"""The day the first web site was announced to the public (T. Berners-Lee, alt.hypertext)."""

SAMPLE: Final = 500
"""Characters at either end of a text by which its language is checked."""

_NAMES: Final = ("title", "publisher", "description", "rights_holder")
_LISTS: Final = ("authors", "section", "keywords")
_ALIKE: Final = (
    frozenset({"nb", "nn", "no", "da"}),
    frozenset({"sr", "hr", "bs", "sh", "cnr"}),
    frozenset({"id", "ms"}),
    frozenset({"gl", "pt"}),
    frozenset({"af", "nl"}),
    frozenset({"be", "ru", "uk", "bg", "mk"}),
    frozenset({"cs", "sk"}),
    frozenset({"hi", "ne", "mr", "bh"}),
    frozenset({"en", "sco"}),
)
"""Languages that a detector confuses on short texts; between them nothing is said."""

_TITLE_REPEATED: Final = 10


class PageChecks:
    """All rules on single documents; titles are counted over all of them."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._titles: Counter[tuple[str, str]] = Counter()

    def documents(self, rows: pa.RecordBatch, file: str, split: str) -> Iterator[Finding]:
        """Yield what is implausible in ``rows`` of ``documents``."""
        del split
        self._count_titles(rows)
        found = [result for check in _CHECKS for result in check(rows, self._policy)]
        ids = rows.column("id")
        for i, rule, column, message in sorted(found, key=lambda result: result[0]):
            yield Finding(rule, message, file=file, document=ids[i].as_py(), pointer=f"/{column}")

    def finish(self) -> Iterator[Finding]:
        """Yield what only all documents together show."""
        for (source, title), count in sorted(self._titles.items()):
            if count >= _TITLE_REPEATED:
                yield Finding(
                    "title-repeated",
                    f"{count} pages of source {source} have the title {_quote(title)}; look at one of them",
                    pointer="/title",
                )

    def _count_titles(self, rows: pa.RecordBatch) -> None:
        """Count titles with bounded memory: of those seen once, the oldest half goes when there are too many."""
        pairs = zip(rows.column("source").to_pylist(), rows.column("title").to_pylist(), strict=True)
        self._titles.update((source, title[:200]) for source, title in pairs if title)
        if len(self._titles) > _MOST_TITLES:
            repeated = [(key, count) for key, count in self._titles.items() if count > 1]
            self._titles = Counter(dict(repeated[-_MOST_TITLES // 2 :]))


_MOST_TITLES: Final = 20_000


def _short(rows: pa.RecordBatch, policy: Policy) -> Iterator[tuple[int, str, str, str]]:
    least = max(1, policy.min_main_characters)
    lengths = pc.utf8_length(rows.column("text"))
    for i in _true(pc.less(lengths, least)):
        yield i, "text-short", "text", f"has {lengths[i]} characters, fewer than {least}"


def _controls(rows: pa.RecordBatch, policy: Policy) -> Iterator[tuple[int, str, str, str]]:
    del policy
    for i in _true(pc.match_substring_regex(rows.column("text"), r"[\x00-\x08\x0b-\x1f\x7f-\x{9f}]")):
        character = _CONTROL.search(rows.column("text")[i].as_py())
        shown = f"U+{ord(character[0]):04X} at {character.start()}" if character else "one"
        yield i, "text-controls", "text", f"has control characters: {shown}"


_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def _title_and_site(rows: pa.RecordBatch, policy: Policy) -> Iterator[tuple[int, str, str, str]]:
    del policy
    columns = (rows.column(name).to_pylist() for name in ("title", "publisher", "url"))
    for i, (title, publisher, url) in enumerate(zip(*columns, strict=True)):
        if not title or not (publisher or url):
            continue
        folded = _fold(title)
        names = {_fold(name) for name in (publisher, *_hosts(url)) if name} - {""}
        if folded in names:
            yield i, "title-is-site", "title", f"{_quote(title)} is the name of the site"
        elif publisher and _SEPARATED.search(title) and _fold(_SEPARATED.split(title)[-1]) in names:
            yield i, "title-has-site", "title", f"{_quote(title)} ends with the name of the site"


_SEPARATED = re.compile(r"\s+[|·•»–—:-]+\s+")


def _hosts(url: str | None) -> Iterator[str]:
    """Yield the ways a site is called after the host of ``url``: ``www.news.example`` and ``news``."""
    try:
        host = (urlsplit(url).hostname or "") if url else ""
    except ValueError:
        return
    if "." in host:
        yield host
        host = host.removeprefix("www.")
        yield host
        yield host.split(".")[0]


def _title_and_text(rows: pa.RecordBatch, policy: Policy) -> Iterator[tuple[int, str, str, str]]:
    del policy
    for i, (title, text) in enumerate(
        zip(rows.column("title").to_pylist(), rows.column("text").to_pylist(), strict=True)
    ):
        if title and text and not shares_words(title, text):
            yield i, "title-not-in-text", "title", f"no word of {_quote(title)} occurs in the text"


def shares_words(title: str, text: str) -> bool:
    """Whether a word of ``title`` occurs in ``text``; true also where the title has too few words to tell.

    A word is four letters or more, by its first four letters (endings change), or in scripts without spaces two
    characters that stand together.
    """
    words = {word.casefold()[:4] for word in _WORD.findall(title)}
    pairs = {run[k : k + 2] for run in _UNSPACED.findall(title) for k in range(len(run) - 1)}
    units = words | pairs
    if len(units) < 3:
        return True
    lowered = text[:20_000].casefold()
    return any(unit in lowered for unit in units)


_WORD = re.compile(r"[^\W\d_]{4,}")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]{2,}")


def _form(rows: pa.RecordBatch, policy: Policy) -> Iterator[tuple[int, str, str, str]]:
    """Check that fields are one trimmed line of plain text."""
    del policy
    for name, parents, values in _texts(rows):
        untrimmed = pc.not_equal(values, pc.utf8_trim_whitespace(values))
        for k in _true(pc.or_(untrimmed, pc.match_substring_regex(values, r"[\n\r]"))):
            value = values[k].as_py()
            yield parents(k), "field-whitespace", name, f"{value[:60]!r} is not one trimmed line"
        for k in _true(pc.match_substring_regex(values, _MARKUP)):
            yield parents(k), "field-markup", name, f"{_quote(values[k].as_py())} holds markup or an entity"


_MARKUP: Final = (
    r"</?(?:a|abbr|article|b|br|div|em|figure|font|h[1-6]|i|img|li|ol|p|script|section|small|span|strong|sub|sup|table"
    r"|td|time|tr|u|ul)(?:\s[^<>]*)?/?>|&(?:amp|lt|gt|quot|apos|nbsp|#[0-9]{2,6}|#x[0-9a-fA-F]{2,6}|[a-zA-Z]{2,8}acute"
    r"|[a-zA-Z]uml|[lr][ds]quo|[mn]dash|hellip);"
)


def _texts(rows: pa.RecordBatch) -> Iterator[tuple[str, Callable[[int], int], pa.Array[Any]]]:
    """Yield each column of text: its name, the row of each value, and the values."""
    for name in _NAMES:
        yield name, int, rows.column(name)
    for name in _LISTS:
        column = rows.column(name)
        parents = pc.list_parent_indices(column)
        yield name, parents.to_pylist().__getitem__, column.flatten()


def _authors(rows: pa.RecordBatch, policy: Policy) -> Iterator[tuple[int, str, str, str]]:
    del policy
    column = rows.column("authors")
    parents, names = pc.list_parent_indices(column), column.flatten()
    for rule, pattern, message in _AUTHOR_RULES:
        for k in _true(pc.match_substring_regex(names, pattern, ignore_case=True)):
            yield parents[k].as_py(), rule, "authors", f"{_quote(names[k].as_py())} {message}"
    for k in _true(pc.greater(pc.utf8_length(names), 100)):
        yield parents[k].as_py(), "author-long", "authors", f"{_quote(names[k].as_py())} is too long for a name"


_AUTHOR_RULES: Final = (
    (
        "author-is-address",
        r"[^\s@]@[^\s@]+\.|^(?:https?:|www\.)|://|^[\w-]+(?:\.[\w-]+)*\.(?:com|net|org|example)(?:/|$)",
        "is an address, no name",
    ),
    (
        "author-label",
        r"^(?:by|von|par|por|di|door|av|af|written by|aut(?:h?or|eur|ore))(?::\s*|\s+[A-Z]\S*\s+\S)|^[^:]{2,12}:\s",
        "starts with a label",
    ),
)


def _dates(rows: pa.RecordBatch, policy: Policy) -> Iterator[tuple[int, str, str, str]]:
    limit = policy.today + timedelta(days=1)
    columns = (
        rows.column(name).to_pylist()
        for name in ("date_published", "date_modified", "date", "date_basis", "fetched_at")
    )
    for i, (published, modified, day, basis, fetched) in enumerate(zip(*columns, strict=True)):
        fetched_on = _day(fetched)
        latest = min(limit, fetched_on + timedelta(days=1)) if fetched_on else limit
        for name, value in (("date_published", published), ("date_modified", modified)):
            stated = _day(value)
            if stated is None:
                continue
            if stated > latest:
                yield i, "date-future", name, f"{value} lies after {latest}"
            elif stated < FIRST_SITE:
                yield i, "date-before-web", name, f"{value} lies before the web"
        if published and modified and modified[:10] < published[:10]:
            yield i, "date-order", "date_modified", f"{modified} lies before {published}, when it was published"
        expected = (published or modified or "")[:10] or None
        expected_basis = "published" if published else "modified" if modified else None
        if (day and day.isoformat()) != (_day(expected) and expected) or basis != expected_basis:
            yield i, "date-basis", "date", f"{day} ({basis}) is not {expected} ({expected_basis})"


def _day(value: str | None) -> date | None:
    try:
        return date.fromisoformat(value[:10]) if value else None
    except ValueError:
        return None


def _language(rows: pa.RecordBatch, policy: Policy) -> Iterator[tuple[int, str, str, str]]:
    del policy
    for i, (stated, text) in enumerate(
        zip(rows.column("language").to_pylist(), rows.column("text").to_pylist(), strict=True)
    ):
        if stated and _TAG.match(stated) and len(text) >= 200 and (found := _other_language(stated, text)):
            yield i, "language-mismatch", "language", f"{stated} is stated, but the text is in {found}"


_TAG = re.compile(r"[a-z]{2,3}(?:-|$)")


def _other_language(stated: str, text: str) -> str | None:
    """Return the language that both ends of ``text`` are in, where it is not ``stated``."""
    found = detect_language(text[:SAMPLE])
    if found is None or _same_language(stated, found):
        return None
    again, whole = detect_language(text[-SAMPLE:]), detect_language(text)
    if again is None or whole is None or not _same_language(found, again) or _same_language(stated, whole):
        return None
    return found


def _same_language(first: str, second: str) -> bool:
    one, other = first.split("-", maxsplit=1)[0], second.split("-", maxsplit=1)[0]
    return one == other or any({one, other} <= group for group in _ALIKE)


def _addresses(rows: pa.RecordBatch, policy: Policy) -> Iterator[tuple[int, str, str, str]]:
    del policy
    urls, locators = rows.column("url"), rows.column("locator")
    web = pc.match_substring_regex(urls, r"^https?://", ignore_case=True)
    for i in _true(pc.and_(pc.match_substring_regex(urls, r"^[A-Za-z][A-Za-z0-9+.-]*:"), pc.invert(web))):
        yield i, "url-not-web", "url", f"{_quote(urls[i].as_py())} is not http or https"
    for name, column in (("url", urls), ("locator", locators)):
        for i in _true(pc.match_substring_regex(column, r"^[a-zA-Z][a-zA-Z0-9+.-]*://[^/?#]*@")):
            yield i, "url-credentials", name, "holds a user name or password (not shown)"
    for i in _true(
        pc.match_substring_regex(locators, r"^/|^~|^[A-Za-z]:[\\/]|^\\\\|^file:|(?:^|[\\/])\.\.(?:[\\/]|$)")
    ):
        yield i, "locator-path", "locator", f"{_quote(locators[i].as_py())} is no relative path within the source"


def _rights(rows: pa.RecordBatch, policy: Policy) -> Iterator[tuple[int, str, str, str]]:
    del policy
    rights, license_ = rows.column("rights"), rows.column("license")
    no_statement = pc.and_(license_.is_null(), rows.column("rights_statement").is_null())
    for i in _true(pc.and_(pc.equal(rights, "open"), no_statement)):
        yield i, "rights-mismatch", "rights", "is open, but there is neither statement nor licence"
    for i in _true(pc.and_(pc.equal(rights, "unknown"), license_.is_valid())):
        yield i, "rights-mismatch", "rights", f"is unknown, but the licence is {license_[i]}"


def _evidence(rows: pa.RecordBatch, policy: Policy) -> Iterator[tuple[int, str, str, str]]:
    """Look for values without a used piece of evidence, with kernels alone: there are many pieces."""
    del policy
    column = rows.column("evidence")
    parents, pieces = pc.list_parent_indices(column), column.flatten()
    numbers = pa.array(range(rows.num_rows))
    for name in _WITH_EVIDENCE:
        values = rows.column(name)
        has = pc.greater(pc.list_value_length(values), 0) if pa.types.is_list(values.type) else values.is_valid()
        backed = parents.filter(pc.and_(pc.equal(pieces.field("field"), name), pieces.field("used")))
        for i in _true(pc.and_(has, pc.invert(pc.is_in(numbers, backed.cast(numbers.type))))):
            yield i, "evidence-missing", name, "has a value, but no evidence says where it was found"


_WITH_EVIDENCE: Final = (
    "title",
    "authors",
    "date_published",
    "date_modified",
    "publisher",
    "section",
    "keywords",
    "description",
    "language",
    "rights_statement",
    "rights_holder",
    "license",
)

_CHECKS: Final[tuple[Check, ...]] = (
    _short,
    _controls,
    _title_and_site,
    _title_and_text,
    _form,
    _authors,
    _dates,
    _language,
    _addresses,
    _rights,
    _evidence,
)


def _fold(text: str) -> str:
    return " ".join(text.casefold().split())


def _quote(text: str) -> str:
    return repr(text if len(text) <= 80 else text[:79] + "…")


def _true(mask: pa.Array[Any]) -> list[int]:
    found: list[int] = pc.indices_nonzero(mask.fill_null(fill_value=False)).to_pylist()
    return found
