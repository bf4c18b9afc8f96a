"""What can be seen of one line by itself."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar, overload

from corpuskit import dates
from corpuskit.segment import cues
from corpuskit.segment.kept import Kept

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from corpuskit.segment.cues import Cue

_SHORT: Final = 120
"""Characters of the longest line that is remembered: menus, buttons and headings come again, paragraphs do not."""
_DOUBLED: Final = 30
"""Characters of the shortest line that is looked at for saying something twice."""
_COUNTED: Final = (120, 500)
"""Characters whose words are counted: the second number where the first ones hold fewer than :data:`_MANY`."""
_MANY: Final = 16
"""Words: no rule asks for more."""

WIDE: Final = 2
"""Columns a wide character takes: one Chinese or Japanese character says about as much as two Latin ones."""

_SENTENCE_ENDS: Final = frozenset(".!?…。！？؟।։")
_SENTENCE_CLOSERS: Final = "'\"»«”“’‘›‹)]）」』】*_"
_WIDE = re.compile(r"[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]")
_WORD = re.compile(r"\w+")
_IMAGE = re.compile(r"^!\[.*\]\(\S*\)$")
_LINK = re.compile(r"^(?:[-*•]\s+)?\[(?P<text>[^\]]*)\]\((?P<url>[^()\s]*)\)$")
_MARKUP = re.compile(r"(?<!!)\[([^\]]*)\]\([^()\s]*\)|^[*_]{1,2}(?=\S)|(?<=\S)[*_]{1,2}$")
_MARKDOWN_HEADING = re.compile(r"^#{1,6}\s+\S")
_LIST_ITEM = re.compile(r"^(?:[-*•·▪◦‣●○■□–]\s+|\(?\d{1,2}[.)]\s+|[a-z][.)]\s+)\S")
_IDENTIFIER = re.compile(r"^[a-z]+(?:_[a-z0-9]+)+$")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_DIGIT = re.compile(r"\d")
_URL = re.compile(r"^(?:https?://|www\.)\S+$")
_PHONE = re.compile(
    r"(?:\+|\b(?:tel|phone|fax|telefon|téléphone|tél|teléfono|телефон|電話|电话|전화)\b)[^\n]{0,12}?\d[\d\s()./-]{5,}",
    re.IGNORECASE,
)
_PATH_MARK = re.compile(r"[>›»→▸/]")
_BREADCRUMB = re.compile(r"\s*(?:[>›»→▸]|(?<=\s)/(?=\s))\s*")
_NUMBERED = re.compile(r"^\(?\d{1,2}[.)]\s+\S")
_SIDE_BY_SIDE = re.compile(r"[|·•∙⋅\s](?:(?<=\S)|\s)")
_PARTING = re.compile(r"[\d@|·•∙⋅\t-\r\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")
"""What is in every date, menu and address: a digit, a mark, or white space that is no single space."""
_MENU_SEPARATOR = re.compile(r"\s{2,}|\s*[|·•∙⋅]\s*|\t")
_TIME = re.compile(r"^\d{1,2}[:.hH]\d{2}(?:\s*(?:[ap]\.?m\.?|uhr|h))?$", re.IGNORECASE)
_AGE = re.compile(
    r"""^\W*(?:(?:about|over|vor|il\ y\ a|hace|há|منذ|قبل|for|för|nieco|ponad)\s+)?
    (?:\d{1,3}|(?=يوم|ساعت|أسبوع|شهر|سنت)|an?|one|eine[rmn]?|einem|une?|una?|um|uma|ein)\s*\+?\s*
    (?:s|sec(?:ond)?s?|m|min(?:ute)?s?|mins|h|hrs?|hours?|d|days?|w|wks?|weeks?|mo|months?|y|yrs?|years?
      |sekunden?|minuten?|stunden?|tage?n?|wochen?|monate?n?|jahre?n?
      |secondes?|minutes?|heures?|jours?|semaines?|mois|ans?
      |segundos?|minutos?|horas?|d[ií]as?|semanas?|mes(?:es)?|años?|anos?|minut[io]|or[ae]|giorn[io]|settiman[ae]|mes[ei]|ann[io]
      |秒|分钟?|分鐘|小时|小時|时间|時間|天|日|周|週間?|个月|個月|か月|ヶ月|年|초|분|시간|일|주|개월|달|년
      |секунд\w*|минут\w*|час\w*|д(?:ень|ня|ней)|недел\w*|месяц\w*|год\w*|лет
      |ثانية|ثوان|دقيقة|دقائق|دقيقتين|ساعة|ساعات|ساعتين|يوم|أيام|يومين|أسبوع|أسابيع|أسبوعين|شهر|أشهر|شهرين|سنة|سنوات|سنتين
      |minut\w*|timm\w*|time[rn]?|dag\w*|godzin\w*|dni|dzień|saat|dakika|gün|uur|jam|menit|hari)\s*
    (?:ago|old|fa|atrás|před|sedan|siden|geleden|temu|önce|lalu|trước|前|전|назад|前更新|之前)?\W*$""",
    re.IGNORECASE | re.VERBOSE,
)
_AGE_UNMARKED = re.compile(r"^\W*\d+\s*[\w.]*\W*$")
_AGE_MARK = re.compile(
    r"\b(?:ago|vor|il y a|hace|há|fa|atrás|sedan|siden|geleden|temu|önce|lalu|назад|منذ|قبل)\b|[前전]", re.IGNORECASE
)
_MONTH_AND_DAY = re.compile(r"^\W*\d{1,2}\s?[月월]\s?\d{1,2}\s?[日일](?:\s+\d{1,2}[:：]\d{2})?\W*$")
_TIME_TAIL = re.compile(r"[\s,]+\d{1,2}[:.h]\d{2}$")
_JUST_NOW = frozenset(
    (
        *("yesterday", "today", "just now", "gestern", "heute", "hier", "aujourd'hui", "ayer", "hoy", "ontem", "hoje"),
        *("ieri", "oggi", "昨天", "今天", "昨日", "今日", "어제", "오늘", "вчера", "сегодня", "أمس", "اليوم"),
    )
)
_BYLINE = re.compile(
    r"""^\W{0,3}(?:
      [^\W\d_]+\ (?:by|von|par|por|di)\s+(?=(?-i:[^\W\d_a-z]))
     |(?:interview|text|texte|recipe|rezept|recette|foto\ und\ text|gastbeitrag|entrevista|intervista|интервью|聞き手|インタビュー)\s*:\s+(?=(?-i:[^\W\d_a-z]))
     |(?:by|written\ by|words\ by|story\ by|reported\ by|posted\ by|author|authors|reporter)\s*:?\s+(?=(?-i:[^\W\d_a-z]))
     |(?:von|text|ein\ (?:kommentar|beitrag|gastbeitrag|bericht|interview)\ von|autor(?:in)?)\s*:?\s+(?=(?-i:[^\W\d_a-zäöü]))
     |(?:par|propos\ recueillis\ par|écrit\ par|rédigé\ par|auteur)\s*:?\s+(?=(?-i:[^\W\d_a-z]))
     |(?:por|escrito\ por|texto|redacción|redação|autor|autora|reportagem)\s*:?\s+(?=(?-i:[^\W\d_a-z]))
     |(?:di|a\ cura\ di|articolo\ di)\s+(?=(?-i:[^\W\d_a-z]))
     |(?:door|av|af|autor|tekst|yazan|avtor)\s*:?\s+(?=(?-i:[^\W\d_a-z]))
     |(?:автор|текст)\s*:?\s+(?=(?-i:[^\W\d_а-я]))
     |(?:文|作者|撰文|記者|记者|本报记者|本報記者|责任编辑|責任編輯|编辑|編輯|編集|取材|執筆|著者|筆者|写真)\s*[/／|:：]\s*\S
     |(?:كتب|كتبت|بقلم|الكاتب|تقرير|إعداد|تحرير)\s*:?\s+\S
     |(?:글|기자|취재|글쓴이)\s*[=:：]\s*\S
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_BYLINE_END = re.compile(
    r"^(?:\S{2,5}\s*(?:기자|특파원|논설위원|선임기자|인턴기자)|[^\W\d_]{2,4}[ 　]?(?:記者|记者)|\S{2,12}記者)\b",
    re.IGNORECASE,
)
_CAPTION = re.compile(
    r"""^\W{0,2}(?:photo|image|picture|illustration|credit|photograph|foto|bild|fotos|symbolbild|imagen|fotografía|fotografia|фото|图|圖|写真|사진|▲|△|图为|圖為|صورة|الصورة)
    \s*(?:credit|by|courtesy|de|di|von|:|：|/|=|©|\()""",
    re.IGNORECASE | re.VERBOSE,
)
_CREDIT = re.compile(  # of a folded line
    r"(?:[(（\[|/—–-]\s*|\b)(?:photo|image|foto|bild|photographs?|crédito|crédit|credit|fotografía|picture|写真|사진|图|圖|фото|صورة|تصوير)s?\s*(?:by|credit|de|von|:|：|/|=|©)\s*[^.]{2,60}[)）\]]?\.?$"
    r"|[(（\[/|©]\s*(?:ap|afp|reuters|dpa|epa|efe|ansa|getty images|imago|yonhap|tass|xinhua|bloomberg|shutterstock|istock|keystone|picture alliance|тасс|新华社|新華社|時事|共同|연합뉴스|رويترز)\b[^.]{0,60}[)）\]]?\.?$"
    r"|[^\W\d_]\s?(?:摄|攝|撮影|提供|攝影|摄影|제공|촬영)[)）]?$"
    r"|\s(?:/\s?|via\s)(?:ap|afp|reuters|getty images|shutterstock|unsplash|pixabay|wikimedia commons)$",
)
_LANGUAGES: Final = (
    *("english", "français", "deutsch", "español", "português", "italiano", "nederlands", "polski"),
    *("türkçe", "русский", "українська", "العربية", "فارسی", "עברית", "中文", "简体", "繁體", "繁体", "日本語"),
    *("한국어", "हिन्दी", "বাংলা", "tiếng việt", "bahasa", "ไทย", "ελληνικά"),
)
_LANGUAGE = re.compile("|".join(_LANGUAGES))
_ASCII_LANGUAGES: Final = tuple(filter(str.isascii, _LANGUAGES))
_DATE_LABEL = re.compile(
    r"^(?:[\W\d]++|(?:date|dated|published|posted|updated|last updated|last modified|modified|created|view|views|first published|publish date|publication date|on|at|read|min(?:ute)?s?|veröffentlicht|aktualisiert|stand|erstellt|datum|am|um|uhr|publié|mis à jour|modifié|le|à|et|publicado|actualizado|fecha|el|a las|publicada|atualizado|em|às|pubblicato|aggiornato|il|alle|ore|gepubliceerd|publicerad|uppdaterad|opublikowano|aktualizacja|опубликовано|обновлено|дата|в|公開|更新|配信|掲載|公開日|更新日|最終更新|发布|发布时间|時間|时间|日期|發布|發佈|更新時間|发表|입력|수정|등록|승인|기사입력|최종수정|업데이트|نشر|نشر في|تاريخ النشر|آخر تحديث|تم التحديث|الساعة|pm|am|p\.m\.|a\.m\.|edt|est|et|gmt|utc|bst|ist|cet|cest|pst|pdt|jst|kst|h|min|lesezeit|monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tue|wed|thu|fri|sat|sun|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|viernes|sábado|domingo|月|火|水|木|金|土|日|星期[一二三四五六日])\b)*$",
    re.IGNORECASE,
)
_PUBLISHED_WORD = re.compile(
    r"(?:published|posted|updated|modified|veröffentlicht|aktualisiert|stand|publié|mis à jour|modifié|publicado|actualizado|atualizado|pubblicato|aggiornato|опубликован|обновлен|公開|更新|配信|发布|發布|發佈|입력|수정|등록|نشر|تحديث)",
    re.IGNORECASE,
)
_CREDIT_LENGTH: Final = 160
"""Characters of the longest credit at the end of a line: twice what the pattern takes without white space."""
_PICTURES: Final = (
    *("photo", "image", "foto", "bild", "crédit", "credit", "fotografía", "picture"),
    *("写真", "사진", "图", "圖", "фото", "صورة", "تصوير"),
)
_TAKEN: Final = ("摄", "攝", "撮影", "提供", "攝影", "摄影", "제공", "촬영")
_AGENCIES: Final = (
    r"(?:ap|afp|reuters|dpa|epa|efe|ansa|getty|imago|yonhap|tass|xinhua|bloomberg|shutterstock|istock|keystone|picture"
    r"|unsplash|pixabay|wikimedia|тасс|新华社|新華社|時事|共同|연합뉴스|رويترز)"
)
_CREDIT_SIGN = re.compile(
    "|".join(
        (
            *(rf"{word}(?:o|graph)?s*\s*(?:by|credit|de|von|[:：/=©])" for word in _PICTURES),
            *(rf"{re.escape(mark)}\s*{_AGENCIES}" for mark in "(（[|/©"),
            *(rf"{word}[)）]?$" for word in _TAKEN),
            rf"via\s{_AGENCIES}",
        )
    )
)
"""What every credit holds, as alternatives that begin with a letter or mark each: those are found quickly."""
_ORG = re.compile(
    r"\b(?:institute|university|centre|center|college|school|department|foundation|council|association|society|agency|ministry|academy|laborator(?:y|ies)|company|corporation|group|institut|universität|hochschule|stiftung|universidad|instituto|universidade|université|università|istituto|fondation|fundación|fondazione|университет|институт|академия|фонд)\b|大学|大學|研究所|学院|學院|협회|대학교|연구소|연구원|جامعة|معهد|مركز",
    re.IGNORECASE,
)
_POSITION = re.compile(
    r"\b(?:senior|junior|chief|staff|research|fellow|professor|editor|reporter|correspondent|writer|columnist|analyst|director|researcher|contributor|associate|assistant|lecturer|journalist|president|redakteur(?:in)?|korrespondent(?:in)?|professor(?:in)?|journaliste|rédact\w+|correspondant\w*|periodista|redactor\w*|corresponsal|profesor\w*|giornalista|redattor\w*|jornalista|repórter|профессор|обозреватель|корреспондент)\b|記者|记者|编辑|教授|기자|교수|연구위원|특파원|أستاذ|مراسل|صحفي",
    re.IGNORECASE,
)
_NAME_WORD = re.compile(r"^[^\W\d_]+(?:[-'’.][^\W\d_]+)*\.?$")
NO_SPACE_NAME = re.compile(r"^[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3·]{2,8}$")
_PARTICLES = frozenset(
    (
        "de",
        "da",
        "di",
        "del",
        "della",
        "van",
        "von",
        "der",
        "den",
        "la",
        "le",
        "al",
        "el",
        "bin",
        "ibn",
        "dos",
        "du",
        "and",
        "und",
        "et",
        "y",
        "e",
        "&",
        "i",
        "и",
        "och",
    )
)


def width(text: str) -> int:
    """Return how much a text says, in columns: wide characters count :data:`WIDE`."""
    return len(text) if text.isascii() else len(text) + (WIDE - 1) * len(_WIDE.findall(text))


_BYLINE_WORD = re.compile(
    r"""^\W*(?:[^\W\d_]+\s+(?=(?:by|von|par|por|di)\s))?
    (?:by|interview|texte|recipe|rezept|recette|gastbeitrag|entrevista|intervista|интервью|聞き手|author|authors|reporter|von|text|autor(?:in)?|ein\s\w+\s+von|par|propos\ recueillis\ par|écrit\ par|rédigé\ par|auteur|por|escrito\ por|texto
      |redacción|redação|autora|reportagem|di|a\ cura\ di|articolo\ di|door|av|af|tekst|yazan|автор|текст
      |文|作者|撰文|記者|记者|本报记者|本報記者|編集|取材|執筆|著者|筆者|كتب|كتبت|بقلم|الكاتب|تقرير|إعداد|글|기자|취재|글쓴이)
    (?:\s*[:：=/／|]\s*|\s+)""",
    re.IGNORECASE | re.VERBOSE,
)
_BYLINE_PART = re.compile(r"\s*[|·•–—]\s*|\s*,?\s+\bin\s+|\s{2,}|\t|[(（<]|\s+-\s+")
_BYLINE_AND = re.compile(r"\s*(?:,|;|、|，|&|\band\b|\bund\b|\bet\b|\by\b|\be\b|\bи\b|\bو)\s+|[、，]")
_BYLINE_TITLE = re.compile(r"(?:\s*(?:기자|특파원|논설위원|선임기자|記者|记者|編集委員|論説委員|특별취재팀))(?:\W.*)?$")


def byline_names(text: str) -> list[str]:
    """Return the names of people in a byline, in order; what else stands in it (publisher, date, post) is left out.

    A name is two or more capitalised words, or two to eight characters of a script that writes names without spaces.
    """
    labelled: list[str] = _LABELLED_NAME.findall(text)
    if labelled:
        return labelled
    body = _BYLINE_WORD.sub("", text, count=1)
    for found in reversed(dates.find_dates(body)):
        body = body[: found.start] + " | " + body[found.end :]
    head = _BYLINE_PART.split(body.strip())[0].strip()
    names = (_BYLINE_TITLE.sub("", part).strip(" .,:;*_[]") for part in _BYLINE_AND.split(head))
    return [name for name in names if _is_one_name(name)]


_LABELLED_NAME = re.compile(
    r"(?:记者|記者|作者|撰文|文|기자|글)\s*[:：/／]\s*([\u3400-\u9fff\uac00-\ud7a3·]{2,5})(?![\u3400-\u9fff])"
)


def _is_one_name(text: str) -> bool:
    words = text.split()
    if NO_SPACE_NAME.match(text):
        return True
    if words and any("\u0600" <= character <= "\u06ff" for character in text):
        return 2 <= len(words) <= 4  # Arabic has no capitals to go by
    return looks_like_name(text) and len(words) <= 5


def looks_like_name(text: str) -> bool:
    """Whether ``text`` could be the names of people: two to eight words, each capitalised or a particle."""
    words = text.replace(",", " ").split()
    if not 2 <= len(words) <= 8 or width(text) > 60:  # the words of one to three names
        return False
    capitals = 0
    for word in words:
        if word.lower() in _PARTICLES:
            continue
        if not _NAME_WORD.match(word) or not word[0].isupper():
            return False
        capitals += 1
    return 2 <= capitals <= 6


_Value = TypeVar("_Value")


class fact(Generic[_Value]):  # noqa: N801 - a decorator, used as ``cached_property`` is
    """A value computed when first asked for, and then kept in the instance.

    ``functools.cached_property`` without the lock it takes up to Python 3.11: a page asks for thousands of facts, and
    the locks cost a seventh of the rules' time.
    """

    def __init__(self, compute: Callable[[Any], _Value]) -> None:
        self._compute = compute
        self.__doc__ = compute.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        """Remember under which name the value is kept."""
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type) -> fact[_Value]: ...

    @overload
    def __get__(self, instance: object, owner: type) -> _Value: ...

    def __get__(self, instance: object | None, owner: type) -> fact[_Value] | _Value:
        """Compute the value; the next time it is found in the instance before this is asked."""
        if instance is None:
            return self
        value = self._compute(instance)
        instance.__dict__[self._name] = value
        return value


_WORDED: Final = ("language_switch", "identifier")
_PLAINLY: Final = ("image", "language_switch", "hashtags", "identifier", "symbols_only")
"""Facts that say what a line is; only the first ones can hold of a line that begins with a letter or digit."""
_SHAPED: Final = ("date_line", "menu", "byline", "contact", "caption")
_SPELT: Final = ("byline", "caption")
"""Facts that the shape of a line makes it; only these can hold of one that is nothing but words and no address."""
_MARKED: Final = ("markdown_heading", "quote", "list_item")
COMPARED: Final = 1_000
"""Characters of a line that are compared with other lines."""


class Facts:
    """The text of one line, and what can be said of it without its neighbours.

    Nearly everything is computed when first asked for; ``width`` are the columns the line takes, ``ends_sentence`` is
    whether it ends as a sentence does.
    """

    cue: Cue | None
    """The surest cue of the line, once :func:`read_cues` has looked."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.width = width(text)
        self.ends_sentence = text.rstrip(_SENTENCE_CLOSERS)[-1:] in _SENTENCE_ENDS

    @fact
    def folded(self) -> str:
        """The beginning of the text as lines are compared."""
        return cues.fold(self.text[:COMPARED])

    @property
    def doubled(self) -> bool:
        """Whether the line is one text twice, as a title and its link become when a page is flattened."""
        text, half = self.text, len(self.text) // 2
        if not _DOUBLED <= len(text) <= COMPARED:
            return False
        first, second = text[:half].lstrip(), text[-half:].lstrip()
        return cues.fold(first[:1])[:1] == cues.fold(second[:1])[:1] and cues.fold(first) == cues.fold(second)

    @fact
    def plain(self) -> str:
        """The text without Markdown's links and emphasis."""
        text = self.text
        if "[" in text or text.startswith(("*", "_")) or text.endswith(("*", "_")):
            text = _MARKUP.sub(lambda match: match[1] or "", text)
        return text.strip()

    @fact
    def words(self) -> int:
        """Words, where a script without spaces counts one for two characters; a long line has the first ones counted."""
        few, most = _COUNTED
        words = self._count(self.text[:few])
        return words if len(self.text) <= few or words >= _MANY else self._count(self.text[:most])

    def _count(self, start: str) -> int:
        wide = len(_WIDE.findall(start)) // 2 if self.width > len(self.text) else 0
        return len(_WORD.findall(start)) + wide

    @fact
    def prose(self) -> bool:
        """Whether the line by itself reads as running text: long, or a whole sentence of some length."""
        if self.width >= 140:
            said = self.words >= 15 or (self.ends_sentence and self.words >= 5)
        else:
            said = self.width >= 30 and self.ends_sentence and self.words >= 5
        return said and not (self.image or self.link or self.breadcrumb or self.language_switch)

    @property
    def plainly(self) -> str | None:
        """What the line is whatever it says: the first of some facts that hold."""
        return self._first(_WORDED if self.text[:1].isalnum() else _PLAINLY)

    @property
    def shaped(self) -> str | None:
        """What the shape of the line makes it, unless a cue phrase says more: the first of some facts that hold."""
        spelt = not _PARTING.search(self.text) and "  " not in self.text and self.text[:1] not in "hw"
        return self._first(_SPELT if spelt else _SHAPED)

    @property
    def marked(self) -> str | None:
        """What a mark at the beginning makes a line of an article: the first of some facts that hold."""
        return None if self.text[:2].isalpha() else self._first(_MARKED)

    def _first(self, names: tuple[str, ...]) -> str | None:
        for name in names:
            if getattr(self, name):
                return name
        return None

    @property
    def image(self) -> bool:
        """Whether the line is a Markdown image."""
        return self.text.startswith("![") and bool(_IMAGE.match(self.text))

    @property
    def link(self) -> bool:
        """Whether the line is nothing but a Markdown link."""
        return "](" in self.text and bool(_LINK.match(self.text))

    @property
    def markdown_heading(self) -> bool:
        """Whether the line is a Markdown heading."""
        return self.text.startswith("#") and bool(_MARKDOWN_HEADING.match(self.text))

    @property
    def quote(self) -> bool:
        """Whether the line is a Markdown quote."""
        return self.text.startswith(">")

    @property
    def list_item(self) -> bool:
        """Whether the line begins as a list entry does."""
        return not self.text[:2].isalpha() and bool(_LIST_ITEM.match(self.text))

    @property
    def numbered(self) -> bool:
        """Whether the line begins with a number as an entry of a list does."""
        return not self.text[:1].isalpha() and bool(_NUMBERED.match(self.text))

    @property
    def identifier(self) -> bool:
        """Whether the line is a program's name for something, such as ``bar_progress``."""
        return "_" in self.text and bool(_IDENTIFIER.match(self.text))

    @fact
    def contact(self) -> bool:
        """Whether the line is little more than an e-mail address, a URL or a telephone number."""
        if self.width > 90:
            return False
        found = ("@" in self.text and _EMAIL.search(self.text)) or (
            _DIGIT.search(self.text) and _PHONE.search(self.text)
        )
        return (self.text[:1] in "hw" and bool(_URL.match(self.text))) or bool(
            found and len(found[0]) * 2 >= len(self.text)
        )

    @property
    def time_only(self) -> bool:
        """Whether the line is a time of day and nothing else."""
        return self.text[:1].isdecimal() and bool(_TIME.match(self.text))

    @fact
    def age(self) -> bool:
        """Whether the line is an age, such as "4 hours ago"."""
        if self.width > 40:
            return False
        if _TIME_TAIL.sub("", cues.fold(self.text)).strip(" -–—·|") in _JUST_NOW or _MONTH_AND_DAY.match(self.text):
            return True
        return bool(_AGE.match(self.text)) and bool(_AGE_MARK.search(self.text))

    @fact
    def dates(self) -> list[dates.FoundDate]:
        """The full dates in the line, read with the day first: which it is, the language of the page decides later."""
        return dates.find_dates(self.plain, day_first=True) if self.width <= 250 else []

    @fact
    def date_line(self) -> bool:
        """Whether the line is a date and the words that go with one."""
        if self.width > 160 or not self.dates:
            return False
        rest = self.plain
        for found in reversed(self.dates):
            rest = rest[: found.start] + " " + rest[found.end :]
        return bool(_DATE_LABEL.match(rest.strip())) or (len(rest.strip()) <= 30 and bool(_PUBLISHED_WORD.search(rest)))

    @fact
    def byline(self) -> bool:
        """Whether the line begins as a byline does."""
        return (
            self.width <= 160
            and bool(
                _BYLINE.match(self.plain)
                or (not self.plain.isascii() and _BYLINE_END.match(self.plain))
                or (self.dates and _LABELLED_NAME.search(self.plain))
            )
            and not (self.ends_sentence and self.words > 12)
        )

    @fact
    def caption(self) -> bool:
        """Whether the line begins or ends as the caption of a picture does."""
        if self.width > 400:
            return False
        folded = self.plain.casefold()
        end = max(0, len(folded) - _CREDIT_LENGTH, folded.rfind(".", 0, -1) + 1)  # a full stop ends what is credited
        return bool(_CAPTION.match(self.plain) or (_CREDIT_SIGN.search(folded, end) and _CREDIT.search(folded, end)))

    @fact
    def breadcrumb(self) -> bool:
        """Whether the line is a path of sections."""
        if self.width > 120 or self.ends_sentence or not _PATH_MARK.search(self.text):
            return False
        parts = [part for part in _BREADCRUMB.split(self.text) if part]
        return len(parts) >= 2 and all(width(part) <= 40 for part in parts) and not self.dates and not self.byline

    @fact
    def language_switch(self) -> bool:
        """Whether the line offers the page in other languages."""
        if self.width > 120 or self.ends_sentence:
            return False
        folded = self.text.casefold()
        if folded.isascii() and sum(map(folded.__contains__, _ASCII_LANGUAGES)) < 2:
            return False
        return len(set(_LANGUAGE.findall(folded))) >= 2

    @fact
    def menu(self) -> bool:
        """Whether the line is several short entries side by side."""
        if self.width > 200 or self.ends_sentence or "\t" in self.text or not _SIDE_BY_SIDE.search(self.text):
            return False
        parts = [part for part in _MENU_SEPARATOR.split(self.text) if part]
        return len(parts) >= 3 and all(width(part) <= 25 for part in parts) and not self.dates and not self.byline

    @property
    def hashtags(self) -> bool:
        """Whether the line is nothing but hashtags, two or more."""
        words = self.text.split() if self.text[:1] in "#＃" else ()
        return len(words) >= 2 and all(len(word) > 1 and word[0] in "#＃" for word in words)

    @fact
    def name(self) -> bool:
        """Whether the line could be the names of people."""
        return looks_like_name(self.plain) and all(len(part.split()) <= 4 for part in _BYLINE_AND.split(self.plain))

    @fact
    def position(self) -> bool:
        """Whether the line names an organisation or a post in one."""
        return (
            self.width <= 90
            and not self.ends_sentence
            and bool(_ORG.search(self.plain) or _POSITION.search(self.plain))
        )

    @fact
    def symbols_only(self) -> bool:
        """Whether the line has no letter and no digit."""
        return not self.text[:1].isalnum() and not any(
            unicodedata.category(character)[0] in "LN" for character in self.text
        )


REMEMBERED: Final = Kept(Facts, most=1 << 13)
"""Short lines and their facts: those of about a hundred pages of different sites, of more pages of one."""


def read_cues(lines: Sequence[Facts]) -> list[Cue | None]:
    """Return the surest cue of each of a page's lines, those of remembered ones from memory."""
    fresh = [facts for facts in lines if "cue" not in facts.__dict__]
    for facts, cue in zip(fresh, cues.find_all([facts.folded for facts in fresh]), strict=True):
        facts.cue = cue
    return [facts.cue for facts in lines]


def facts_of(text: str) -> Facts:
    """Return the facts of a line, those of a short one from memory where it was asked about before."""
    return REMEMBERED[text] if len(text) <= _SHORT else Facts(text)
