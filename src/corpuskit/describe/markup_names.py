"""Titles without the site's name, and author lines as lists of names."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from corpuskit.dates import mention

if TYPE_CHECKING:
    from collections.abc import Iterable

_SEPARATOR: Final = re.compile(
    r"\s+[|–—·•»«:~/\\-]\s+|\s*[|｜»«•]\s*|\s+::\s+|\s[-–—]\s|_(?=[^_]*$)|(?<=[\u3040-\u9fff\uac00-\ud7af])[-–—：]"
)
_WORD: Final = re.compile(r"[^\W_]+")
_BY: Final = re.compile(
    r"^(?:(?:written|posted|published|created|edited|reviewed|updated|story|words|text|texte|texto|report|reporting|article|photos?"
    r"|insights|post author|veröffentlicht|eingestellt|geschrieben|erstellt|verfasst|beiträge|artikel|beitrag|publié|publicado|escrito"
    r"|inviato|scritto|pubblicato|contributed|authored|guest post|von)\s*:?\s+)?"
    r"(?:(?:by|von|par|por|de la rédaction de|di|door|av|af|przez|autor(?:in|en)?|authors?|auteurs?|verfasser(?:in)?|redakteur(?:in)?"
    r"|text|texte|texto|from)\s*:\s*|(?:by|von|par|por|de la rédaction de|di|door|av|af|przez|autor(?:in)?|author|auteur|from)\s+|(?-i:[Bb]y|[Vv]on)(?=(?-i:[A-ZÄÖÜÉ]))"
    r"|(?:作者|撰文|文|记者|記者|取材|執筆|著者|글|기자|글쓴이|كتبت?|بقلم|الكاتب|إعداد|автор|текст|κείμενο|συντάκτης|yazan|लेखक|लेखिका|ผู้เขียน|tác giả)\s*[:：/／]\s*|(?:بقلم|كتبت?|автор|โดย)\s+"
    r"|(?-i:Τ(?:ου|ης|ων)\s+(?=[Α-ΩΆΈΉΊΌΎΏ])))",
    re.IGNORECASE,
)
_JOIN: Final = re.compile(r"\s*(?:;|\||\s/\s|、|，|,)\s*(?:(?:and|und|et)\s+)?|\s+(?:and|und|et|y|e|with|mit|&)\s+")
_CREDENTIAL: Final = re.compile(
    r"[A-Z][A-Za-z]{0,2}\.?(?:[A-Z]\.?)*[A-Z]\.?(?:[- ][A-Z]+)?(?: \d+)?|[JS]r\.?|[IVX]+|Ph\.?\s?D\.?|[A-Z]{2,5}",
)
_TAIL: Final = re.compile(
    r"\s*(?:[|•·⋅–—(\[]|\s-\s|,\s*(?:staff|senior|special|guest|contributing|editor|reporter|correspondent|writer|for|the)\b|"
    r"\s(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\.?\s+\d|"
    r"\b(?:updated|published|posted|on|at)\b\s*:?\s*\w*\s*\d|\b\d{1,2}[./:]\d|"
    r"\s(?:on|am|le|em|el)\s+(?:\w{3,6}day|\w+tag|mittwoch)\b|\s(?:sagt|says|said|schreibt|wrote|writes)\b|\s(?:foto|photo|quelle|source|bild)s?\s*:|\s+(?:um|le|am|on|à|at)$|\s\d{1,2}$).*$",
    re.IGNORECASE,
)
_JOB: Final = re.compile(
    r"\s(?:senior |associate |managing |executive )?(?:editor|contributor|staff writer|reporter|columnist)$|\s?기자$",
    re.IGNORECASE,
)
_ASIDE: Final = re.compile(
    r"(?<!\w)(?:\d+|no|keine|aucun|sin|nessun)\s+(?:comments?|kommentare?|commentaires?|comentarios?|commenti|replies|antworten|shares?|views?)(?!\w)"
    r"|(?<!\w)\d+\s*[-‑]?\s*(?:min(?:ute)?s?|minuten)\.?(?:\s+(?:read|lesezeit))?(?!\w)"
    r"|(?<!\w)(?:kommentare|comments|comentarios|commentaires)\s+\d+(?!\w)"
    r"|\b\d{1,2}:\d{2}(?:\s*[ap]m)?\b|\b\d{1,2}\s*[ap]m\b|\b(?:on|am|um|at|le|à|um)\s*$",
    re.IGNORECASE,
)
"""What stands in bylines beside names and dates: numbers of comments, reading times, the time of day."""
_TAGS: Final = re.compile(r"(?<!\w)(?:labels?|tags?|topics?|categories|filed under)\s?:.*$", re.IGNORECASE)
"""What a page is filed under, which blogs say behind the name."""
_NOT_A_NAME: Final = re.compile(
    r"https?:|www\.|@|\.(?:com|org|net|html?)\b/|^(?:admin(?:istrator)?|authors?|autor(?:en|in)?|auteurs?|unknown|n/?a|none|null|undefined|editor|user|root|"
    r"webmaster|guest|anonymous|by|von|par|por|um|am|no author|(?:senior )?editor|contributor|columnist|kolumnist|home|startseite|sponsored|datum|date|beitrag|posts?|artikel"
    r"|tags?|updated|uncategorized|(?:posted|published|publiziert|veröffentlicht|publié|publicado|geschrieben|erstellt|updated|written)(?: (?:on|am|by|von|le|in|at))?"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|tue|wed|thu|fri|sat|sun)|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|facebook|twitter|linkedin|instagram|bluesky|uhr)$|[<>{}=]|^\w+(?:\.\w+){2,}$|"
    r"^(?:published in |leave a |follow|share|about|read more|view all|all posts|more\b|skip to|zum inhalt|categor|kategorie|reviewed by|fact.checked|medically|articles by|member login|learn more|posted in)",
    re.IGNORECASE,
)
_MAX_LINE: Final = 2_000
MAX_TITLE: Final = 1_000
"""Characters of an author line and of a title that are looked at: what is longer is neither."""
_MAX_NAME: Final = 60
_MAX_WORDS: Final = 8
_MAX_INVERTED: Final = 5
"""Words of the longest name that may stand with the family name first."""
_PAGE: Final = 256
"""What a page has of titles and names, generously: it says most of them several times, to readers and to machines."""


@lru_cache(maxsize=_PAGE)
def key(text: str) -> str:
    """Return ``text`` as its words alone, for comparisons: case, punctuation and accents' encodings aside."""
    return " ".join(_WORD.findall(unicodedata.normalize("NFKC", text).lower()))


def without_site(title: str, sites: Iterable[str], headings: Iterable[str] = ()) -> str:
    """Return ``title`` without the name of the site at either end.

    A part goes if it is a heading's complement (the rest of the title is a heading of the page), or if it is one of
    ``sites`` (names of the publisher, host name).  Nothing else goes: " - " stands in headlines, too.

    >>> without_site("Rain ahead - The Daily Example", ["The Daily Example"])
    'Rain ahead'
    >>> without_site("Rain - and more rain - ahead", ["The Daily Example"])
    'Rain - and more rain - ahead'
    """
    if len(title) > MAX_TITLE:
        return title.strip()
    known = {key(heading) for heading in headings}
    cuts = [(found.start(), found.end()) for found in _SEPARATOR.finditer(title)]
    for start, end in cuts:
        for part in (title[:start], title[end:]):
            if len(part) >= 3 and key(part) in known:
                return part.strip()
    names = [squashed for site in sites if (squashed := key(site).replace(" ", ""))]
    changed = True
    while changed:
        changed = False
        cuts = [(found.start(), found.end()) for found in _SEPARATOR.finditer(title)]
        for start, end in reversed(cuts):
            head, tail = title[:start].strip(), title[end:].strip()
            if head and _is_site(tail, names):
                title, changed = head, True
                break
            if tail and _is_site(head, names):
                title, changed = tail, True
                break
    head, bar, tail = title.rpartition(" | ")
    if bar and len(head.split()) >= 3 and len(tail) < len(head):
        title = head
    return title.strip()


def _is_site(part: str, names: list[str]) -> bool:
    own = key(part).replace(" ", "")
    return any(
        own == name or (len(own) > 3 and (own in name or name in own) and len(own) < 2 * len(name) + 4)
        for name in names
    )


def split_authors(line: str) -> list[str]:
    """Return the names in an author line; ``[]`` where it holds none.

    >>> split_authors("By Ana Ruiz and Bo Li, Ph.D.")
    ['Ana Ruiz', 'Bo Li, Ph.D.']
    >>> split_authors("https://example.org/author/ana")
    []
    """
    return list(_authors(line[:_MAX_LINE]))


@lru_cache(maxsize=_PAGE)
def _authors(line: str) -> tuple[str, ...]:
    line = _without_dates(_TAGS.sub("", " ".join(line.split())))
    parts: list[str] = []
    rest = _BY.sub("", line)
    position = 0
    for joint in _JOIN.finditer(rest):
        before, after = rest[position : joint.start()], rest[joint.end() :]
        if (
            joint[0].strip()
            and joint[0].strip()[0].isalpha() | (joint[0].strip() == "&")
            and not _two_people(before, after)
        ):
            continue
        parts.append(before)
        position = joint.end()
    parts.append(rest[position:])
    found: list[str] = []
    for part in parts:
        if found and _CREDENTIAL.fullmatch(part.strip()):
            found[-1] += f", {part.strip()}"
            continue
        name = clean_name(part)
        if name and name not in found:
            found.append(name)
    return tuple(found)


def natural_order(name: str) -> str:
    """Return a name as it is said, where libraries put the family name first: one comma, a name on either side.

    >>> natural_order("Ruiz, Ana M.")
    'Ana M. Ruiz'
    >>> natural_order("Ana Ruiz, Ph.D.")
    'Ana Ruiz, Ph.D.'
    """
    family, comma, given = (part.strip() for part in name.partition(","))
    inverted = comma and family and given and "," not in given and not _CREDENTIAL.fullmatch(given)
    return f"{given} {family}" if inverted and len(name.split()) <= _MAX_INVERTED else name


def _without_dates(line: str) -> str:
    """Return ``line`` with a bar where a date, a time or a count stood."""
    if any(character.isdigit() for character in line):
        line = mention().sub(" | ", _ASIDE.sub(" | ", line))
    return line


def _two_people(before: str, after: str) -> bool:
    """Return whether "and" between two texts joins people: a full name stands on both sides ("Telegram & Gazette")."""
    return len(before.split()) > 1 and len(_JOIN.split(after, maxsplit=1)[0].split()) > 1


def clean_name(name: str) -> str | None:
    """Return ``name`` without "by" before it and a date or a job after it; ``None`` if no name is left."""
    name = _TAIL.sub("", _BY.sub("", " ".join(name.split())))
    without_job = _JOB.sub("", name)
    if " " in without_job.strip() or name.endswith("기자"):  # a single word before a job is no one's name
        name = without_job
    name = name.strip(" ,;:|·•-–—*\"'\u200b")
    if not name or len(name) > _MAX_NAME or len(name.split()) > _MAX_WORDS or _NOT_A_NAME.search(name):
        return None
    return name if any(character.isalpha() for character in name) else None
