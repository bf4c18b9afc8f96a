"""Words that stand in the furniture of web pages, by language, as evidence for the labeller.

Not rules: each group becomes one number per line (how many of its words the line has), and the trained weights say
what that means where it stands.  The lists cover the languages of the training pages only thinly; their purpose is
that a page in a language that training hardly saw still shows its share buttons, datelines and comment sections.
Compiled by hand from the interface texts of common content management systems.
"""

from __future__ import annotations

from typing import Final

GROUPS: Final[dict[str, str]] = {
    "related": """related recommended recommend recommendations similar popular trending latest further stories articles
        headlines coverage most viewed mehr verwandte ähnliche ähnlich empfohlen empfehlungen meistgelesen weitere artikel
        connexes similaires recommandés lus articles voir aussi lire relacionados relacionadas relacionado recomendados vistos
        leídas noticias también além veja mais lidas leia correlati leggi anche simili articoli gerelateerd gerelateerde
        lees ook aanbevolen relaterade relaterte liknande läs også læs powiązane podobne czytaj także zobacz související
        čtěte podobné похожие читайте также популярное похожие материалы новости benzer ilgili haberler kapcsolódó cikkek
        σχετικά διαβάστε επίσης 相关 推荐 阅读 热门 更多 関連 記事 おすすめ 人気 관련 기사 추천 인기 많이 본 مقالات ذات صلة اقرأ أيضا""",
    "comments": """comment comments commented reply replies respond discussion upvote downvote likes liked commenter commenting
        kommentar kommentare kommentieren antworten antwort commentaire commentaires répondre réponse comentario comentarios
        comentar responder respuesta comentário comentários resposta commenti commento rispondi reactie reacties reageer
        antwoord kommentarer svar svara komentarz komentarze odpowiedz komentáře odpovědět комментарии комментарий ответить
        yorum yorumlar yanıtla hozzászólás σχόλια 评论 回复 コメント 返信 댓글 답글 تعليق تعليقات رد""",
    "share": """share shares sharing tweet twitter facebook whatsapp linkedin pinterest reddit telegram instagram youtube tiktok
        email mail print bookmark follow copy link teilen drucken merken folgen partager imprimer suivre compartir
        imprimir seguir compartilhar condividi stampa segui delen dela skriv udostępnij sdílet поделиться paylaş megosztás
        κοινοποίηση 分享 微信 微博 共有 シェア 공유 مشاركة 페이스북 트위터 카카오톡""",
    "byline": """by author written reporter correspondent editor editorial staff von autor redaktion redakteur par auteur
        journaliste rédaction por redacción autora redação di redazione autore door redactie av tekst przez redakcja autor
        автор редакция yazar szerző συντάκτης 作者 编辑 记者 責編 記者 기자 편집 كتب بقلم""",
    "dated": """published updated posted modified am pm edt est gmt utc ist monday tuesday wednesday thursday friday saturday
        sunday january february march april may june july august september october november december jan feb mar apr jun jul
        aug sep sept oct nov dec uhr veröffentlicht aktualisiert januar februar märz mai juni juli oktober dezember montag
        dienstag mittwoch donnerstag freitag samstag sonntag publié mis jour janvier février mars avril juin juillet août
        septembre octobre novembre décembre publicado actualizado enero febrero marzo abril mayo junio julio agosto
        septiembre octubre noviembre diciembre janeiro fevereiro março maio junho julho setembro outubro novembro dezembro
        pubblicato gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre gepubliceerd januari februari
        maart mei augustus publicerad stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października
        listopada grudnia ledna února března dubna května června července srpna září října prosince января февраля марта
        апреля мая июня июля августа сентября октября ноября декабря опубликовано ocak şubat mart nisan mayıs haziran
        temmuz ağustos eylül ekim kasım aralık 发布 时间 公開 更新 입력 수정 등록""",
    "age": """ago hour hours minute minutes min mins day days week weeks month months yesterday today vor stunde stunden
        minuten tag tagen gestern heute il heure heures jour jours hier hace hora horas día días ayer há dias ontem fa ore
        giorni ieri geleden uur dagen sedan timmar temu godzin dni назад часов часа вчера önce saat gün órája πριν
        小时前 分钟前 昨天 時間前 日前 시간 분전 일전 전 منذ""",
    "more": """read more see view click here continue show load all weiterlesen lesen mehr anzeigen alle lire suite voir
        plus tous leer ver más todos leia ler ver leggi tutto tutti vedi lees meer bekijk läs mer alla więcej wszystkie více
        všechny читать далее подробнее все devamı tümü tovább összes 查看 全部 详情 もっと 見る 더보기 المزيد""",
    "subscribe": """subscribe subscription subscriber subscribers newsletter newsletters sign signup join membership member premium
        free trial inbox unsubscribe notifications alerts donate support app download abonnieren abonnement abo anmelden
        jetzt kostenlos abonner abonnez inscrivez suscríbete suscribirse suscripción boletín assine assinar iscriviti
        abbonati abonneer nieuwsbrief prenumerera zapisz prenumerata předplatné odběr подписаться подписка рассылка abone
        bülten hírlevél feliratkozás εγγραφείτε 订阅 下载 客户端 関注 登録 구독 اشترك النشرة""",
    "legal": """copyright rights reserved terms conditions privacy policy legal disclaimer trademark license imprint ltd llc inc
        impressum datenschutz agb rechte vorbehalten nutzungsbedingungen droits réservés mentions légales confidentialité
        derechos reservados aviso privacidad términos direitos política diritti riservati note legali voorwaarden
        rechten voorbehouden integritetspolicy rättigheter prawa zastrzeżone regulamin práva vyhrazena права защищены
        конфиденциальности hakları saklıdır gizlilik jogok fenntartva δικαιώματα 版权 所有 备案 隐私 著作権 規約 무단 전재 재배포 금지
        저작권자 حقوق محفوظة""",
    "cookie": """cookie cookies consent accept preferences gdpr tracking einwilligung akzeptieren ablehnen zustimmen accepter
        refuser aceptar rechazar aceitar accetta rifiuta accepteren godkänn akceptuj souhlas принять çerez 同意 동의""",
    "nav": """home menu search skip content navigation main login log logout register account profile contact about help faq
        sitemap back top toggle close open startseite suche suchen zum inhalt springen kontakt über hilfe nach oben accueil
        recherche rechercher connexion aller contenu inicio buscar iniciar sesión acceder contacto saltar contenido início
        pesquisar entrar contato cerca accedi contatti vai contenuto zoeken inloggen sök logga szukaj zaloguj strona główna
        hledat přihlásit домой главная поиск войти меню контакты ara giriş anasayfa iletişim keresés belépés αναζήτηση
        首页 登录 注册 搜索 联系 关于 导航 返回 ホーム 検索 ログイン 홈 검색 로그인 메뉴 바로가기 本文 본문 الرئيسية بحث""",
    "paging": """next previous prev older newer page post posts nächste nächster vorherige vorheriger zurück weiter seite
        suivant précédent siguiente anterior próximo seguinte successivo precedente volgende vorige nästa föregående
        następny poprzedni další předchozí следующая предыдущая sonraki önceki következő előző 上一篇 下一篇 下一页 上一页
        前 次 다음 이전 التالي السابق""",
    "tags": """tags tag topics topic filed under categories category keywords hashtags hashtag schlagwörter schlagworte themen
        thema kategorie kategorien étiquettes sujets catégorie mots clés etiquetas temas categoría archivado argomenti
        etichette trefwoorden onderwerpen taggar ämnen tagi tagy štítky témata теги метки темы рубрика etiketler címkék
        ετικέτες 标签 分类 タグ カテゴリ 태그 카테고리 وسوم""",
    "caption": """photo photos image images picture credit caption illustration getty reuters afp file courtesy via screenshot
        shutterstock alamy bild bilder foto fotos quelle imago dpa bildquelle crédit photographie imagen fotografía cortesía
        imagem crédito fonte immagine beeld fot zdjęcie źródło фото источник fotoğraf kép forrás φωτογραφία 图 图片 来源 摄
        写真 画像 사진 제공 صورة""",
    "promotion": """advertisement advertisements advertising sponsored sponsor ad ads promo offer sale discount deal shop buy
        cart checkout price anzeige werbung gesponsert angebot kaufen warenkorb publicité sponsorisé offre acheter panier
        publicidad patrocinado oferta comprar carrito anúncio publicidade pubblicità offerta acquista advertentie annons
        reklama kup koszyk reklama koupit реклама купить reklam satın hirdetés διαφήμιση 广告 购买 広告 購入 광고 구매 إعلان""",
    "bio": """professor fellow researcher director founder journalist columnist contributor freelance writes covers lives
        views opinions expressed necessarily reflect author's kolumnist ansichten journaliste chercheur professeur profesor
        investigador opiniones periodista professora jornalista ricercatore giornalista hoogleraar profesör 教授 研究员""",
    "form": """name email password username submit required enter your message send fields captcha passwort benutzername
        absenden pflichtfelder nom mot passe envoyer obligatoire nombre contraseña enviar correo senha obrigatórios nome
        invia obbligatori wachtwoord verzenden lösenord skicka hasło wyślij heslo odeslat пароль отправить şifre gönder
        jelszó küldés κωδικός 密码 提交 パスワード 送信 비밀번호 كلمة المرور إرسال""",
    "media": """watch video videos listen podcast audio live gallery slideshow play pause mute replay playlist ansehen hören
        regarder écouter vidéo ver vídeo escuchar ouvir guarda ascolta bekijk luister titta lyssna oglądaj sledujte
        смотреть видео izle dinle videó 视频 動画 영상 동영상""",
}
"""Group name to its words, separated by white space; a word may be in several groups."""


def word_groups() -> dict[str, tuple[int, ...]]:
    """Return for each case-folded word the numbers of the groups it is in."""
    table: dict[str, tuple[int, ...]] = {}
    for number, words in enumerate(GROUPS.values()):
        for word in dict.fromkeys(words.casefold().split()):
            table[word] = (*table.get(word, ()), number)
    return table
