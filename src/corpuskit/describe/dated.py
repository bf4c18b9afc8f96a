"""Which of a page's dates a line of it states: that of publication, or that of the last change."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from corpuskit.dates import find_dates

MODIFIED: Final = re.compile(
    r"updated?\b|modified|edited|revised|aktualisiert|geändert|bearbeitet|stand:|stand des|mis à jour|modifié|màj|actualizad|modificad|actualización|atualizad|aggiornat|modificat"
    r"|bijgewerkt|uppdaterad|oppdatert|opdateret|päivitetty|aktualizacja|zaktualizowano|aktualizováno|frissítve|actualizat|güncelle|ενημέρωση|обновлен|изменен|оновлено"
    r"|更新|最終更新|修正|수정|업데이트|تحديث|تعديل|عدل",
    re.IGNORECASE,
)
PUBLISHED: Final = re.compile(
    r"publi\w*|posted|created|first published|issued|written|veröffentlicht|erschienen|erstellt|geschrieben|eingestellt|verfasst|datum|pubblicat|gepubliceerd|publicerad|publisert|julkaistu|opublikowano|publikováno|megjelent|yayın"
    r"|δημοσίευση|опубликован|размещен|公開|掲載|配信|発表|发布|发表|發布|發佈|發表|刊登|입력|등록|게재|승인|نشر",
    re.IGNORECASE,
)

_OF_PEOPLE: Final = re.compile(
    r"joined|registered|member since|mitglied seit|registriert|beigetreten|dabei seit|inscrit|membre depuis|miembro desde|registrado|membro dal?|iscritto|lid sinds"
    r"|регистрация|зарегистрирован|注册|註冊|加入|登録日|가입",
    re.IGNORECASE,
)
"""What forums and shops say of their members: the date after it is no page's."""

_SENTENCE: Final = re.compile(
    r",?\s+(?!(?:um|at|by|von|par|por|di|in|uhr|kl|alle|ore|a las|às|um|min|pm|am|and|und|updated|г|года)\b)[a-zà-ÿа-я]{2,}"
)
"""What follows a date in a sentence: a word that stands in no byline."""

Field = Literal["date_published", "date_modified"]


@dataclass(frozen=True, slots=True)
class Dated:
    """A date in a line: the field it is of, ISO 8601, where it begins, and whether a word of the line says its field."""

    field: Field
    iso: str
    start: int
    stated: bool


def dates_in(text: str, *, day_first: bool | None) -> list[Dated]:
    """Return the dates in ``text``, in order, each with its field.

    A date belongs to the last of the words for either field that stands before it, or right after it; without one it
    is a date of publication, unless a sentence goes on behind it.  ``day_first`` is that of :func:`corpuskit.dates.find_dates`.
    """
    found: list[Dated] = []
    position = 0
    for date in find_dates(text, day_first=day_first):
        ahead = text[position : date.start]
        field = _before(ahead) or _before(text[: date.start])
        position = date.end
        if _OF_PEOPLE.search(ahead):
            continue
        field = field or _after(text[date.end : date.end + 16])
        if field or not _SENTENCE.match(text[date.end :]):
            found.append(Dated(field or "date_published", date.iso, date.start, field is not None))
    return found


def _before(text: str) -> Field | None:
    """Return the field that the words before a date name: the nearer of the two wins."""
    modified = max((m.end() for m in MODIFIED.finditer(text)), default=-1)
    published = max((m.end() for m in PUBLISHED.finditer(text)), default=-1)
    if modified == published == -1:
        return None
    return "date_modified" if modified > published else "date_published"


def _after(text: str) -> Field | None:
    """Return the field that the words right after a date name: Japanese and Chinese put them there."""
    text = text.strip(" )）:：")
    return "date_modified" if MODIFIED.match(text) else "date_published" if PUBLISHED.match(text) else None
