"""Lines that pages put around articles, with their kinds, to be strewn into training pages.

Cut-down copies of pages keep odd bits of front matter and tail matter, and the few thousand labelled pages show each
bit only as their own sites word it.  The wordings here are typical ones; names, numbers and dates are drawn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from corpuskit.model import Kind, Role

if TYPE_CHECKING:
    from random import Random

_FIRST: Final = (
    "Anna James Maria David Yuki Wei Fatima Omar Elena Pierre Lucía Jan Olga Carlos Ingrid Kofi Priya Ahmed Sofia Min-jun"
).split()
_LAST: Final = (
    "Okafor Lindqvist Moreau Tanaka Novak Alvarez Fischer Rossi Petrov Haddad Nguyen Sharma Kowalski Jensen Silva Park Murphy"
).split()
_PLACES: Final = (
    "the Institute for Regional Studies", "the University of Northfield", "the Centre for Energy Policy", "the Maritime Research Council",
    "the School of Public Health", "the Foundation for Economic Research", "Lakeside University", "the Asia Policy Forum",
)  # fmt: skip
_JOBS: Final = (
    "a senior fellow", "a professor of history", "a research fellow", "the director", "an associate professor", "an analyst",
    "a visiting scholar", "a columnist", "a freelance journalist", "a former diplomat", "the editor", "an economist",
)  # fmt: skip
_PAPERS: Final = ("Morning Courier", "The Daily Ledger", "Northern Times", "Evening Gazette", "Capital Post", "City Herald", "Metro Tribune")
_SECTIONS: Final = ("World", "Politics", "Business", "Opinion", "Asia", "Sports", "Science", "Culture", "Europe", "Economy", "Health", "Local")
_DATES: Final = (
    "{y}-{m:02d}-{d:02d}", "{d} {month} {y}", "{month} {d}, {y}", "{d}.{m:02d}.{y}", "{d}/{m}/{y}", "{y}.{m:02d}.{d:02d} {h:02d}:{n:02d}",
    "{month} {d}, {y} {h}:{n:02d} am", "{y}/{m:02d}/{d:02d}", "{y}年{m}月{d}日", "{d}. {month} {y}, {h:02d}:{n:02d} Uhr",
)  # fmt: skip
_MONTHS: Final = "January February March April May June July August September October November December".split()

_FRONT: Final[tuple[tuple[Role, Kind, str], ...]] = tuple(
    (role, kind, text)
    for role, kind, texts in (
        (Role.METADATA, Kind.DATE, "{date}|Published {date}|Updated: {date}|Date {date} Views {count}|Last updated {date}|Posted on {date}"
         "|Published: {date} | Updated: {date}|Veröffentlicht am {date}|Publié le {date}|Actualizado: {date}|입력 {date}|发布时间：{date}"
         "|date : {date} hit : {count}|{date} | {count} views|Release date {date}|By {paper} {date}"),
        (Role.METADATA, Kind.BYLINE, "By {name}|{name}|By {name}, {paper}|{name} and {name2}|Written by {name}|By {name} | {paper} | Updated: {date}"
         "|Von {name}|Par {name}|Por {name}|{name} | {date}|By {name} Published {date}|{name}, {paper}|Text: {name}|By {name} in {place}"
         "|Source: {paper} | {date}|Author: {name}|{name} 기자|记者 {name}|Reported by {name}"),
        (Role.METADATA, Kind.CONTACT, "{mail}|E-mail: {mail}|Contact: {mail}|{name} ({mail})"),
        (Role.METADATA, Kind.AFFILIATION, "{Job}|{Place}|{Job}, {place}|{Job} at {place}|{Place}, {section} Programme"),
        (Role.METADATA, Kind.SECTION, "Home / {section} / {section2}|Home > {section} > {section2}|{section} » {section2}|{section}|Home | {section}"
         "|You are here: Home > {section}|{section} News|{section} Brief|{section} Focus|Startseite > {section}|Accueil » {section}|首页 > {section}"),
        (Role.METADATA, Kind.PUBLISHER, "{paper}|Source: {paper}"),
        (Role.METADATA, Kind.CAPTION, "Photo: {paper}|{name} speaks to reporters in {place}. Photo by {name2}|File photo|[Photo/Agencies]|(Image: {paper})"
         "|A view of {place} on {date}. ({paper})|Photo credit: {name}/{paper}|{name}, {job} at {place}. Courtesy of {paper}"),
        (Role.BOILERPLATE, Kind.NAVIGATION, "Skip to main content|Menu|Home|Search|Log in|Sign up|Close|Text size|Font size A A A|Toggle navigation|Top|Print|Back"
         "|Go to content|Open menu|Zum Inhalt springen|Aller au contenu|Saltar al contenido|본문으로 이동|메뉴|跳到正文|メニュー|Перейти к содержанию"
         "|progress_bar|Global edition English 中文 Français|English | Español | Deutsch|{section} {section2} More|Listen to this page|Site map"
         "|International Edition|US EditionUKAustralia|Languages العربية Русский 日本語|icon_search|btn_close|loading"),
        (Role.BOILERPLATE, Kind.SHARE, "Share|Share this article|Share on Facebook Tweet|Share - WhatsApp|Email this page|Copy link|Teilen|Partager|Compartir|공유하기|分享"
         "|Share via email Share on X Share on LinkedIn|Save Share|Facebook Twitter LinkedIn Email|Share to Weibo"),
    )
    for text in texts.split("|")
    if text
)  # fmt: skip

_BACK: Final[tuple[tuple[Role, Kind, str], ...]] = tuple(
    (role, kind, text)
    for role, kind, texts in (
        (Role.METADATA, Kind.AUTHOR_BIO, "{name} is {job} at {place}.~{name} is {job} at {place} and a contributor to {paper}. Follow {name} at {mail}."
         "~The writer is {job} at {place}.~About the author: {name} is {job} and lives in the north with two dogs.~{name}, {job} at {place}, writes on {section}."
         "~{name} covers {section} for {paper}. Before joining in {y}, {name} worked for {paper2}.~The author, {name}, is {job} at {place}."
         "~Der Autor ist Professor an der Universität.~L'auteur est chercheur à l'université.~El autor es profesor de la universidad."
         "~{name} is {job} at {place}. This is the first part of a series. -- Ed.~About {name}~The author is {job} with {place}, and a member of the advisory board."),
        (Role.METADATA, Kind.CONTACT, "{mail}~Contact the writer at {mail}~{name} can be reached at {mail}."),
        (Role.METADATA, Kind.RIGHTS, "© {y} {paper}. All rights reserved.~Copyright © {y} {paper}. All Rights Reserved~©{y} {paper}~Copyright {y} {paper} Ltd. No part of this"
         " publication may be reproduced without permission.~© {paper} (www.{site}). All rights reserved. Unauthorized copying and redistribution prohibited."
         "~Copyright {y} - {y2}. All rights reserved. The material on this site (text, photographs, multimedia and more) belongs to {paper}. Without its written consent it may not be republished."
         "~Alle Rechte vorbehalten.~Tous droits réservés.~저작권자 © {paper} 무단전재 및 재배포 금지~版权所有 {paper}~Todos los derechos reservados."),
        (Role.BOILERPLATE, Kind.LEGAL, "Terms of use | Privacy policy~Privacy Policy~Registration No. {count}~Broadcast licence {count}~Business registration number: {count}"
         "~Publishing permit {count}-{d}~Impressum~Terms and Conditions~ICP {count}~Internet news service permit No. {count}~Company number {count}, registered office in {place}"),
        (Role.BOILERPLATE, Kind.DISCLAIMER, "The views expressed here are the author's own.~The opinions in this column do not represent those of {paper}."
         "~Opinions expressed by contributors are their own and need not be shared by {paper}.~This article is for information only and is no investment advice."
         "~The views in this article do not necessarily represent the position of {place}.~Die Meinung der Autorin gibt nicht unbedingt die der Redaktion wieder."
         "~This material may not be published, broadcast or redistributed.~Readers should not treat this as professional advice.~Disclaimer: views are personal"),
        (Role.BOILERPLATE, Kind.TAGS, "Tags~Tags: {section}, {section2}~Hashtags~#{section} #{section2}~Topics~Filed under: {section}~Keywords: {section}, {section2}"
         "~Schlagworte: {section}~Étiquettes : {section}~Etiquetas~标签：{section}~Labels: {section}~More on: {section}~Read more about {section}"),
        (Role.BOILERPLATE, Kind.COMMENTS, "Comments~{n} Comments~No comments~No comments yet~Be the first to comment~Post a comment~Leave a reply~Add a comment"
         "~Join the conversation~Show comments~Log in to comment~Comments are closed.~Kommentar schreiben~Laisser un commentaire~Deja un comentario~댓글 {n}~发表评论"
         "~Your email address will not be published. Required fields are marked *~There are no comments on this article.~View comments ({n})~Write a comment..."),
        (Role.BOILERPLATE, Kind.NAVIGATION, "Previous post Next post~Previous article Next article~Older posts Newer posts~Back to top~Top~Previous~Next~Go back~Nach oben~Site search"
         "~Search this site~Search the news here~To the list~목록~上一篇 下一篇~Return to homepage~Newer Post Older Post Home~Go to top~Prev Next~Page 1 of {n}"),
        (Role.BOILERPLATE, Kind.SHARE, "Share this:~Follow us on Facebook~Follow us on social media~Connect with us~Like us on Facebook and follow us on Twitter~Join our Telegram channel"
         "~Follow {paper} on Instagram~Find us on social media!~Folgen Sie uns~Suivez-nous~Síguenos en redes~Tweet Share Pin~Join the {paper} WhatsApp group"),
        (Role.BOILERPLATE, Kind.PROMOTION, "Advertisement~Subscribe to our newsletter~Sign up for our daily newsletter and get the best stories in your inbox every morning."
         "~Support independent journalism. Our reporting is free for everyone, but it is not free to make. A gift of any size helps us keep going."
         "~Good reporting takes time and money. If you value what you read here, please consider becoming a member today, for as little as {n} a month."
         "~You have {n} free articles left. Subscribe now for unlimited access.~Try our new app~Discover what our assistant can do for you:~Download the {paper} app"
         "~We need your help. In these times a free press matters more than ever, and readers like you make our newsroom possible. Will you contribute?"
         "~Already a member? Log in to hide these messages.~Special report~Most read in {section}~Most viewed this week~{section} views~Special features~Trending"
         "~Get {paper} delivered to your door.~Want more stories like this? Sign up to get our weekly digest.~Do you have a story for us? Write to {mail}."
         "~Send tips to {mail}~Test our AI tools~Jetzt abonnieren~Abonnez-vous~Suscríbete a nuestro boletín~광고~Get the {paper} newsletter: what to know, each weekday"
         "~This story was produced with support from {place}.~When you buy through links on our site, we may earn a commission.~Special coverage~Editor's choice"),
        (Role.BOILERPLATE, Kind.COOKIE, "This site uses cookies. By continuing you agree to their use.~We use cookies to improve your experience.~Accept all~Wir verwenden Cookies."),
        (Role.BOILERPLATE, Kind.FORM, "Enter your email~Submit~Name *~Email *~Save my name and email in this browser for the next time I comment.~Forgot your password?~Subscribe"),
    )
    for text in texts.split("~")
    if text
)  # fmt: skip


def draw(dice: Random, *, front: bool, number: int) -> list[tuple[Role, Kind, str]]:
    """Return ``number`` lines of front matter or tail matter; kinds are equally likely, not wordings."""
    pool = _FRONT if front else _BACK
    kinds = sorted({(role, kind) for role, kind, _ in pool})
    found = []
    for _ in range(number):
        chosen = dice.choice(kinds)
        role, kind, text = dice.choice([entry for entry in pool if entry[:2] == chosen])
        found.append((role, kind, _fill(text, dice)))
    return found


def _fill(text: str, dice: Random) -> str:
    name, other = (f"{dice.choice(_FIRST)} {dice.choice(_LAST)}" for _ in range(2))
    place, job, paper = dice.choice(_PLACES), dice.choice(_JOBS), dice.choice(_PAPERS)
    when = {
        "y": dice.randint(2005, 2026), "m": dice.randint(1, 12), "d": dice.randint(1, 28), "h": dice.randint(1, 12),
        "n": dice.randint(0, 59), "month": dice.choice(_MONTHS),
    }  # fmt: skip
    site = paper.lower().replace("the ", "").replace(" ", "") + dice.choice((".com", ".org", ".co.uk", ".net"))
    return text.format(
        **when,
        y2=when["y"] + 1,
        date=dice.choice(_DATES).format(**when),
        count=f"{dice.randint(100, 99999):,}" if dice.random() < 0.5 else dice.randint(10000, 9999999),  # noqa: PLR2004
        name=name, name2=other, place=place, Place=place.removeprefix("the ").capitalize() if place[0].islower() else place,
        job=job, Job=job.split(" ", 1)[1].title(), paper=paper, paper2=dice.choice(_PAPERS), site=site,
        mail=f"{name.split()[0].lower()}@{site}", section=dice.choice(_SECTIONS), section2=dice.choice(_SECTIONS),
    )  # fmt: skip
