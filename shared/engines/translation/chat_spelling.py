"""What people write in a chat and a model trained on edited text does not know: short spellings, set phrases."""

from __future__ import annotations

import re

_ENGLISH = {
    "u": "you", "ur": "your", "r": "are", "pls": "please", "plz": "please", "thx": "thanks", "tks": "thanks",
    "ty": "thank you", "dont": "don't", "doesnt": "doesn't", "didnt": "didn't", "cant": "can't", "wont": "won't",
    "isnt": "isn't", "wasnt": "wasn't", "havent": "haven't", "im": "I'm", "ive": "I've", "asap": "as soon as possible",
    "bc": "because", "cuz": "because", "msg": "message", "gonna": "going to", "wanna": "want to", "hv": "have",
    "acct": "account", "addr": "address", "tmrw": "tomorrow", "idk": "I don't know", "btw": "by the way",
}  # fmt: skip

_PORTUGUESE = {
    "vc": "você", "vcs": "vocês", "voce": "você", "voces": "vocês", "nao": "não", "ñ": "não", "n": "não",
    "tb": "também", "tbm": "também", "tambem": "também", "pq": "porque", "q": "que", "oq": "o que", "td": "tudo",
    "blz": "tudo bem", "obg": "obrigado", "brigado": "obrigado", "vlw": "obrigado", "msm": "mesmo", "hj": "hoje",
    "qdo": "quando", "qnd": "quando", "qto": "quanto", "qnt": "quanto", "mt": "muito", "mto": "muito",
    "mta": "muita", "dps": "depois", "aki": "aqui", "eh": "é", "cade": "onde está", "cadê": "onde está",
    "kd": "onde está", "ta": "está", "tá": "está", "to": "estou", "tô": "estou", "pra": "para", "pro": "para o",
    "amanha": "amanhã", "ja": "já", "ate": "até", "codigo": "código", "cartao": "cartão", "endereco": "endereço",
    "servico": "serviço", "preco": "preço", "numero": "número", "credito": "crédito", "pessimo": "péssimo",
    "pessimos": "péssimos", "pessima": "péssima", "horrivel": "horrível", "otimo": "ótimo", "otima": "ótima",
    "informacao": "informação", "devolucao": "devolução", "reclamacao": "reclamação", "estao": "estão",
    "sao": "são", "alguem": "alguém", "ninguem": "ninguém", "tava": "estava", "fds": "fim de semana",
    "msg": "mensagem", "vdd": "verdade", "add": "adicionar", "atraves": "através", "so": "só", "ola": "olá",
}  # fmt: skip

_PHRASES = {
    "en": {
        "hi": "oi", "hi there": "olá", "hello there": "olá", "hey": "oi", "thanks": "obrigado",
        "thank you": "obrigado", "you're welcome": "de nada", "you are welcome": "de nada",
        "no problem": "sem problemas",
        "regards": "atenciosamente", "kind regards": "atenciosamente", "best regards": "atenciosamente",
        "warm regards": "atenciosamente", "sincerely": "atenciosamente", "yours sincerely": "atenciosamente",
        "best wishes": "um abraço", "all the best": "tudo de bom", "take care": "cuide-se",
        "have a nice day": "tenha um bom dia", "have a great day": "tenha um ótimo dia", "ok": "ok", "okay": "ok",
    },
    "pt": {
        "oi": "hi", "opa": "hi", "olá": "hello", "ola": "hello", "bom dia": "good morning",
        "boa tarde": "good afternoon", "boa noite": "good evening", "sim": "yes", "não": "no", "nao": "no",
        "obrigado": "thank you", "obrigada": "thank you", "muito obrigado": "thank you very much",
        "muito obrigada": "thank you very much", "valeu": "thanks", "vlw": "thanks", "obg": "thanks",
        "de nada": "you're welcome", "por nada": "you're welcome", "atenciosamente": "kind regards",
        "att": "kind regards", "abraços": "best wishes", "um abraço": "best wishes", "abs": "best wishes",
        "tudo bem": "how are you", "tudo bom": "how are you", "blz": "all right", "beleza": "all right",
    },
}  # fmt: skip

_ORDERED = re.compile(r"\bpedidos?\b(?! d[eo]\b)", re.IGNORECASE)
_REQUEST = re.compile(r"\b(r)equest(?=s?\b)", re.IGNORECASE)

_SPELLINGS = {"en": _ENGLISH, "pt": _PORTUGUESE}
_STRAIGHT = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'"})
_WORD = re.compile(r"(?<![\w'’@#-])[^\W\d_]+(?![\w'’-])")
_SHOUTING = 3
"""So many words in capitals, and none in small letters, are shouting and not initials."""


def set_phrase(sentence: str, language: str) -> str | None:
    """The translation, in small letters, of a sentence that is nothing but a set phrase. Sources: `en`, `pt`."""
    return _PHRASES[language].get(" ".join(sentence.replace("’", "'").lower().split()))


def in_shop_terms(translated: str, sentence: str, language: str) -> str:
    """The translation with an order called one: `pedido` is a request elsewhere, and an order to a shop's customer."""
    if language != "pt" or not _ORDERED.search(sentence) or "order" in translated.lower():
        return translated
    return _REQUEST.sub(lambda word: "Order" if word[1] == "R" else "order", translated)


def edited(sentence: str, language: str) -> str:
    """The sentence spelt out, begun with a capital, in small letters when it was shouted. Sources: `en`, `pt`."""
    sentence = sentence.translate(_STRAIGHT)
    words = _WORD.findall(sentence)
    if len(words) >= _SHOUTING and all(word.isupper() for word in words):
        sentence = _WORD.sub(lambda word: word[0].lower(), sentence)
    spellings = _SPELLINGS[language]
    sentence = _WORD.sub(lambda word: _spelt(word[0], spellings), sentence)
    return sentence[:1].upper() + sentence[1:]


def _spelt(word: str, spellings: dict[str, str]) -> str:
    spelt = spellings.get(word.lower())
    if spelt is None or (word.isupper() and len(word) > 1):
        return word
    return spelt[:1].upper() + spelt[1:] if word[0].isupper() and len(word) > 1 else spelt
