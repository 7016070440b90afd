"""What the writer of a message wrote: without quoted earlier messages, and without what a machine wrote."""

from __future__ import annotations

import re

from shared.engines.reasoning.pasted import without_pasted

_SEPARATORS = (
    "original message|forwarded message|ursprüngliche nachricht|weitergeleitete nachricht|message d['’]origine|"
    "message transféré|mensagem original|mensagem encaminhada|mensaje original|mensaje reenviado|messaggio originale|"
    "messaggio inoltrato|oorspronkelijk bericht|wiadomość oryginalna|originalmeddelande|исходное сообщение"
)
_SAID = (
    "wrote|schrieb|a écrit|escribió|escreveu|ha scritto|schreef|napisał|napisała|napisał\\(a\\)|skrev|kirjoitti|"
    "написал|написала|пишет|пише|yazdı|のメール|写道|寫道|님이 작성"
)
_FROM = "from|von|de|da|van|od|från|fra|от|від|kimden|发件人|差出人"
_SENT = (
    "sent|date|gesendet|datum|envoyé|enviado|enviada|fecha|data|inviato|verzonden|wysłano|skickat|sendt|дата|отправлено|"
    "відправлено|tarih|发送时间|送信日時"
)

_QUOTED_BELOW = re.compile(
    rf"^[ \t]*(?:[-_]{{2,20}}[ ]?(?:{_SEPARATORS})[ ]?[-_]{{2,20}}[ \t]*$"
    # A day stands in the line, which is what keeps `this is what he wrote:` apart.
    rf"|(?=[^\n]{{0,200}}\d)[^>\n][^\n]{{5,200}}(?:\n[^\n]{{1,120}})?\b(?:{_SAID})[^\n:]{{0,80}}[:：][ \t]*$"
    r"(?=\s*^[ \t]*>|\s*\n\s*\S)"
    rf"|\**(?:{_FROM})[ ]?:\**[ ][^\n]{{3,200}}\n\**(?:{_SENT})[ ]?:)",
    re.IGNORECASE | re.MULTILINE,
)
_QUOTED_LINE = re.compile(r"^[ \t]*>[^\n]*(?:\n|\Z)", re.MULTILINE)


def own_words(text: str) -> str:
    """The text without quoted messages, code, logs and the like; the whole text where nothing else would be left."""
    below = _QUOTED_BELOW.search(text)
    own = without_pasted(_QUOTED_LINE.sub("", text if below is None else text[: below.start()])).strip()
    return own if own != text.strip() and any(map(str.isalpha, own)) else text
