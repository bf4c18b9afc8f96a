"""Splits: which documents are to train on and which to test with, the same for whoever builds.

Documents of one group (a registered domain, a host, a source, or each by itself) stand together, and a group's place
is a hash of its name: it depends on no other group.  Groups with near copies of each other, or documents that point to
each other, stand together too, at the least of their places, which is nearest to the split named first.  So where
documents are added, those that were there stay, but for groups that the new ones connect: and these can only move
towards the split named first, from what is tested with to what is trained on and never back.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

import pyarrow as pa  # DuckDB reads the annotations of what it calls

from corpuskit.passes.duplicates import (
    CANDIDATE_TABLES,
    components,
    drop,
    find_candidates,
    find_edges,
)
from corpuskit.select.sketch import SIMILAR

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

    from corpuskit.config import Config

_HOST: Final = r"nullif(regexp_extract(lower({}), '^[a-z][a-z0-9+.-]*://(?:[^/?#@]*@)?(?:www\.)?([^/:?#]+)', 1), '')"

_SITE: Final = f"coalesce({_HOST.format('documents.url')}, {_HOST.format('decisions.locator')})"

GROUPS: Final = {
    "document": "id",
    "source": "source",
    "host": f"coalesce({_SITE}, id)",
    "domain": f"coalesce(registered_domain({_SITE}), id)",
}
"""What the documents of a group have in common; one that names no host is a group by itself."""

TEXTS: Final = """
CREATE OR REPLACE VIEW texts AS
SELECT source, id, coalesce(weighed_texts.text, documents.text) AS text,
    CASE WHEN weighed_texts.text IS NULL THEN sketch ELSE text_sketch(weighed_texts.text) END AS sketch
FROM pages LEFT JOIN weighed_texts USING (id) WHERE documents IS NOT NULL
"""
"""Texts as they are now: of those that lost lines of a template the sketch is made anew."""

MEMBERS: Final = """
CREATE TABLE split_members AS SELECT id, {group} AS name FROM pages;

CREATE TABLE split_groups AS
SELECT row_number() OVER (ORDER BY name) AS n, name, md5_number_upper(name) AS place
FROM (SELECT DISTINCT name FROM split_members);

CREATE TABLE split_numbers AS SELECT id, n FROM split_members JOIN split_groups USING (name);

CREATE TABLE split_links (one VARCHAR, other VARCHAR);
"""

COPIES: Final = """
INSERT INTO split_links
SELECT one.id, other.id
FROM near_edges JOIN near_documents AS one ON one.n = a JOIN near_documents AS other ON other.n = b
"""

RELATED: Final = """
INSERT INTO split_links
SELECT r.document_id, titles.id
FROM (SELECT unnest(related) AS r FROM pages) JOIN titles ON titles.title_key = r.title_key
WHERE titles.id <> r.document_id
"""

EDGES: Final = """
CREATE TABLE split_edges AS
SELECT DISTINCT least(a.n, b.n) AS a, greatest(a.n, b.n) AS b
FROM split_links JOIN split_numbers AS a ON a.id = one JOIN split_numbers AS b ON b.id = other WHERE a.n <> b.n
"""

PLACES: Final = """
CREATE TABLE split_places AS
WITH places AS (
    SELECT n, min(place) OVER (PARTITION BY coalesce(label, n)) AS place FROM split_groups LEFT JOIN labels USING (n)
)
SELECT id, {chosen} AS split FROM split_numbers JOIN places USING (n)
"""

FOLLOW: Final = """
UPDATE split_places SET split = first.split
FROM near_duplicates JOIN split_places AS first ON first.id = near_duplicates.copy_of
WHERE split_places.id = near_duplicates.id
"""
"""The decision on a copy stands beside the document that it is a copy of."""

ALL: Final = """
ALTER VIEW pages RENAME TO pages_without_split;

CREATE VIEW pages AS SELECT p.*, {split} AS split FROM pages_without_split AS p {places};
"""
"""``pages`` with the place of their split among the names of splits."""


def assign_splits(relations: duckdb.DuckDBPyConnection, config: Config) -> None:
    """Have ``pages`` say in ``split`` which of the splits each is in: the first where ``[splits]`` is not set."""
    settings = config.splits
    if settings is None:
        relations.execute(ALL.format(split=0, places=""))
        return
    # Its stubs know the kind by an enumeration alone, which has moved between versions.
    relations.create_function("registered_domain", _registered_domains, ["VARCHAR"], "VARCHAR", type="arrow")  # type: ignore[call-overload]
    relations.execute(MEMBERS.format(group=GROUPS[settings.by]))
    # Also where copies were rejected: without the lines of templates texts may be more alike than they were then.
    relations.execute(TEXTS)
    find_candidates(relations)
    find_edges(relations, SIMILAR)
    relations.execute(COPIES)
    if settings.related:
        relations.execute(RELATED)
    relations.execute(EDGES)
    components(relations, "split_edges")
    relations.execute(PLACES.format(chosen=choice([share for _, share in settings.shares])))
    drop(relations, *CANDIDATE_TABLES, "labels", "split_edges", "split_links")
    drop(relations, "split_members", "split_groups", "split_numbers")
    if config.select.near_duplicates is not None:
        relations.execute(FOLLOW)
    relations.execute(ALL.format(split="split_places.split", places="JOIN split_places USING (id)"))


def registered_domain(host: str) -> str:
    """Return the name below its public suffix that a host is registered by; the host where it has none, as an address.

    >>> registered_domain("news.example.co.uk"), registered_domain("ada.github.io"), registered_domain("127.0.0.1")
    ('example.co.uk', 'ada.github.io', '127.0.0.1')

    The suffixes are those of the Public Suffix List, private ones included, of the day that the installed ``tld`` was
    made.  A name is the same in Unicode and in Punycode.
    """
    from tld import get_fld

    with suppress(UnicodeError):  # it is in Unicode already, or no name
        host = host.encode("ascii").decode("idna")
    try:
        return get_fld(host, fix_protocol=True, fail_silently=True, search_private=True) or host
    except ValueError:  # half of an IPv6 address
        return host


def _registered_domains(hosts: pa.Array) -> pa.Array:
    names = {host: host and registered_domain(host) for host in set(hosts.to_pylist())}
    return pa.array([names[host] for host in hosts.to_pylist()], pa.string())


def choice(shares: Sequence[float]) -> str:
    """Return the SQL that takes a ``place``, 0 to 2^64, to the number of a split.

    >>> choice([0.5, 0.5])
    'CASE WHEN place < 9223372036854775808 THEN 0 ELSE 1 END'
    """
    bound, cases = 0.0, []
    for number, share in enumerate(shares[:-1]):
        bound += share
        cases.append(f"WHEN place < {int(bound * 2**64)} THEN {number}")
    return f"CASE {' '.join(cases)} ELSE {len(cases)} END"
