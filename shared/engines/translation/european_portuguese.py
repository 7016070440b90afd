"""Portuguese as it is written in Portugal and Africa, of Portuguese as it is written in Brazil.

A model and texts of ours write the latter. What is changed here are the words, the spellings and the turns by which a
reader in Portugal knows at once that a text was not written for him; what is left is understood.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_REGIONS = frozenset({"AO", "CH", "CV", "FR", "GQ", "GW", "LU", "MO", "MZ", "PT", "ST", "TL"})
"""Where CLDR takes Portugal's Portuguese for the regional one."""

_PHRASES = {
    "faça login em": "inicie sessão em", "faça login na": "inicie sessão na", "faça login": "inicie sessão",
    "fazer login": "iniciar sessão", "deixe-me saber": "diga-me", "entrar em contato": "entrar em contacto",
    "nota fiscal": "fatura", "notas fiscais": "faturas", "CNPJ ou CPF": "número de contribuinte",
    "café da manhã": "pequeno-almoço", "por nada": "de nada", "atenciosamente": "com os melhores cumprimentos",
    "caixa de spam": "pasta de spam", "janela anônima": "janela anónima", "ajudar você": "ajudar",
    "para o seu banco localizar": "para que o seu banco localize", "em uma": "numa", "em um": "num",
    "que bom ter você por aqui": "agradecemos a sua visita", "que isso causou a você": "que isto lhe causou",
    "ter certeza": "ter a certeza", "uma ligação": "uma chamada", "eu ligue para você": "eu lhe ligue",
    "tiver se perdido": "se tiver perdido", "de recebê-la": "de a receber", "item por item": "linha por linha",
}  # fmt: skip

_WORDS = {
    "senha": "palavra-passe", "senhas": "palavras-passe", "celular": "telemóvel", "celulares": "telemóveis",
    "arquivo": "ficheiro", "arquivos": "ficheiros", "ônibus": "autocarro", "trem": "comboio", "usuário": "utilizador",
    "usuários": "utilizadores", "contato": "contacto", "contatos": "contactos", "equipe": "equipa",
    "equipes": "equipas", "esporte": "desporto", "esportes": "desportos", "CEP": "código postal", "mouse": "rato",
    "fato": "facto", "fatos": "factos", "bebê": "bebé", "bebês": "bebés", "oi": "olá", "tchau": "adeus",
    "sobrenome": "apelido", "rastreamento": "rastreio", "geladeira": "frigorífico", "deletar": "eliminar",
    "salvar": "guardar", "salvo": "guardado", "salva": "guardada", "salvos": "guardados", "salvas": "guardadas",
    "baixar": "descarregar", "baixá-la": "descarregá-la", "baixá-lo": "descarregá-lo", "cadastro": "registo",
    "cadastrar": "registar", "cadastrada": "registada", "cadastrado": "registado", "cadastre": "registe",
    "registro": "registo", "registros": "registos", "registrar": "registar", "registrado": "registado",
    "registrada": "registada", "registre": "registe", "planejar": "planear", "gerenciar": "gerir",
    "conosco": "connosco", "transtorno": "incómodo", "assinar": "subscrever", "assine": "subscreva",
    "assinatura": "subscrição", "assinaturas": "subscrições", "umidade": "humidade", "estoque": "stock",
    "boleto": "referência de pagamento",
}  # fmt: skip

_OTHER_GENDER = {"aplicativo": "aplicação", "aplicativos": "aplicações", "tela": "ecrã", "telas": "ecrãs"}
_TURNED = {
    "o": "a", "os": "as", "no": "na", "nos": "nas", "do": "da", "dos": "das", "ao": "à", "aos": "às", "um": "uma",
    "pelo": "pela", "seu": "sua", "seus": "suas", "nosso": "nossa", "este": "esta", "esse": "essa", "novo": "nova",
}  # fmt: skip
_TURNED |= {feminine: masculine for masculine, feminine in _TURNED.items()}

# By the possessive without its first letter.
_ARTICLES = {"eu": "o", "ua": "a", "eus": "os", "uas": "as", "osso": "o", "ossa": "a", "ossos": "os", "ossas": "as"}
_CONTRACTED = {"em": "n", "de": "d", "por": "pel"}
_NEEDS_NO_ARTICLE = frozenset(
    {
        "o", "a", "os", "as", "no", "na", "nos", "nas", "do", "da", "dos", "das", "ao", "à", "aos", "às", "pelo",
        "pela", "pelos", "pelas", "um", "uma", "num", "numa", "este", "esta", "esse", "essa", "deste", "desta", "desse",
        "dessa", "neste", "nesta", "outro", "outra", "cada", "qualquer", "e", "ou", "é", "são", "foi",
    }
)  # fmt: skip

_ESTAR = r"est(?:ou|á|ão|amos|ava|avam|ávamos|ive|iver|eja|ejam|ar|aria)"
_MODAL = r"pode|poderia|podia|podemos|posso|vou|vai|vamos|quer|queremos|deve|gostaria de|preciso|consegue"

Change = Callable[[re.Match[str]], str]


def is_european(language: str) -> bool:
    """Whether readers of that language, such as `pt-PT`, write as in Portugal."""
    base, _, region = language.partition("-")
    return base.lower() == "pt" and region.upper() in _REGIONS


def european(text: str) -> str:
    """The text as it would be written in Portugal."""
    for pattern, change in _RULES:
        text = pattern.sub(change, text)
    return text


def _as_begun(original: str, replacement: str) -> str:
    return replacement[:1].upper() + replacement[1:] if original[:1].isupper() else replacement


def _of(table: dict[str, str]) -> tuple[re.Pattern[str], Change]:
    keys = sorted(table, key=len, reverse=True)
    lowered = {key.lower(): value for key, value in table.items()}
    # What stands for an acronym begins with a small letter wherever it stands.
    as_they_are = {value for key, value in table.items() if key[:2].isupper()}

    def change(match: re.Match[str]) -> str:
        found = lowered[match[0].lower()]
        return found if found in as_they_are else _as_begun(match[0], found)

    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, keys))})(?![\w-])", re.IGNORECASE), change


def _turned(match: re.Match[str]) -> str:
    before = [
        _as_begun(word, _TURNED.get(word.lower(), word)) if word.strip() else word
        for word in re.split(r"(\s+)", match["before"])
    ]
    return "".join(before) + _as_begun(match["noun"], _OTHER_GENDER[match["noun"].lower()])


def _infinitive(match: re.Match[str]) -> str:
    return f"{match['estar']} a {match['stem']}{match['vowel']}r"


def _possessive(match: re.Match[str]) -> str:
    before, space, own = match["before"] or "", match["space"] or "", match["own"]
    article = _ARTICLES[own[1:].lower()]
    if before.lower() in _NEEDS_NO_ARTICLE:
        return match[0]
    if before.lower() in _CONTRACTED:
        return f"{_as_begun(before, _CONTRACTED[before.lower()] + article)} {own}"
    return f"{before}{space}{_as_begun(own, article)} {own.lower()}"


def _second_verb(match: re.Match[str]) -> str:
    return f"{match['modal']} {match['verb']}-{match['pronoun']}"


def _in_the_middle(match: re.Match[str]) -> str:
    return f"{_as_begun(match[0], match['verb'])}-{match['pronoun'].lower()}-{match['ending']}"


_ASKED_FOR = "aparelho|e-mail|etapa|forma|item|navegador|parte|país|produto"
_DETERMINERS = "|".join(_TURNED)
_RULES: tuple[tuple[re.Pattern[str], Change], ...] = (
    _of(_PHRASES),
    (
        re.compile(
            rf"(?P<before>(?:\b(?:{_DETERMINERS})\s+){{0,2}})\b(?P<noun>{'|'.join(_OTHER_GENDER)})\b", re.IGNORECASE
        ),
        _turned,
    ),
    (
        re.compile(
            rf"\b(?P<estar>{_ESTAR})\s+(?P<stem>\w*)(?P<vowel>[aei])ndo\b",
            re.IGNORECASE,
        ),
        _infinitive,
    ),
    _of(_WORDS),
    (re.compile(r"[ôÔ](?=n[aeio]|m[aei])"), lambda match: "ó" if match[0] == "ô" else "Ó"),
    (re.compile(r"[êÊ](?=n[aeio]|m[aei])"), lambda match: "é" if match[0] == "ê" else "É"),
    (re.compile(r"\bcom você\b", re.IGNORECASE), lambda match: _as_begun(match[0], "consigo")),
    (re.compile(r"\b(para|por|de|a|em) você\b(?!\s+\w+r\b)", re.IGNORECASE), lambda match: f"{match[1]} si"),
    (re.compile(rf"\bqual(?= (?:{_ASKED_FOR})\b)", re.IGNORECASE), lambda match: _as_begun(match[0], "que")),
    # Dropped: the verb tells the person, and the word can sound rude.
    (re.compile(r"(^|[.!?…:]\s+)Você\s+(\w)"), lambda match: match[1] + match[2].upper()),
    (re.compile(r"(?<![aei]r )\bvocê\s+"), lambda match: ""),
    (
        re.compile(rf"\b(?P<modal>{_MODAL}) (?P<pronoun>me|lhe|nos|lhes) (?P<verb>\w+r)\b", re.IGNORECASE),
        _second_verb,
    ),
    (
        re.compile(r"\b(?:eu )?(?P<pronoun>lhes?) (?P<verb>\w+[aei]r)(?P<ending>ei|emos)\b", re.IGNORECASE),
        _in_the_middle,
    ),
    (re.compile(r"\be (me|lhe|nos) (\w+)\b(?!-)"), lambda match: f"e {match[2]}-{match[1]}"),
    (
        re.compile(r"(^|[.!?…]\s+)(Me|Lhe|Nos) (\w+)"),
        lambda match: f"{match[1]}{match[3].capitalize()}-{match[2].lower()}",
    ),
    (
        re.compile(r"(?:\b(?P<before>\w+)(?P<space>\s+))?\b(?P<own>[Ss](?:eus?|uas?)|[Nn]oss[oa]s?)\b(?=\s+\w)"),
        _possessive,
    ),
)
