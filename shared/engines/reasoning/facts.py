"""What a message itself tells that a reply would otherwise ask for."""

from __future__ import annotations

import re
from collections.abc import Iterable

from shared.engines.reasoning import Culture, Turn

_ORDER_WORDS = (
    r"orders?|pedidos?|encomendas?|compra|purchase|parcel|package|tracking|nota fiscal|invoice|refund|reembolso"
)
_NUMBER_WORDS = r"number|no\.?|nr\.?|id|code|n\.?[º°]|número|numero|código|num\.?"
_CODE = r"#?(?:[A-Za-z]{1,5}[-/]?)?\d[\dA-Za-z]*(?:[-/][\dA-Za-z]+)*"

_NAMED = re.compile(
    rf"\b(?:{_ORDER_WORDS})\b(?:\s+(?:is|was|é|foi|com o|of|with|do|de))*\s*(?:(?:{_NUMBER_WORDS})\s*)?"
    rf"(?:is\s+|é\s+)?[:#]?\s*(?P<code>{_CODE})(?![\w%])",
    re.IGNORECASE,
)
_MARKED = re.compile(rf"(?<![\w/#])(?P<code>#{_CODE[2:]})(?!\w)")
_BARE = re.compile(rf"(?<![\w/.,@+$€£#-])(?P<code>{_CODE[2:]})(?![\w@%€$£]|[.,/-]\d)")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LINK = re.compile(r"https?://\S+|www\.\S+")
_MONEY = re.compile(
    r"(?:US\$|R\$|[$€£¥])\s?\d[\d.,]*|\d[\d.,]*\s?(?:€|£|\$|%|usd\b|eur\b|brl\b|gbp\b|reais\b|euros?\b|dollars?\b|dólares\b)",
    re.IGNORECASE,
)
_DATE = re.compile(r"\b\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\b|\b\d{1,2}/\d{1,2}\b")
_PHONE = re.compile(r"(?<!\w)(?:\+\d[\d ().-]{6,}\d|\(\d{2,4}\)[\d .-]{6,}\d)")

_DIGITS_NAMED = 3
_DIGITS_BARE = 5
"""A number that nothing calls an order must be longer: four digits may be a year or a time."""

_LONGEST_CODE = 30
_LONGEST_NAME = 20
_MOST_NAMES = 4

_TITLES = {"mr", "mrs", "ms", "miss", "dr", "prof", "sr", "sra", "srta", "dra", "herr", "frau", "señor", "señora"}
_NOT_NAMES = {
    "admin", "anonymous", "anon", "anônimo", "buyer", "client", "cliente", "company", "customer", "demo", "guest",
    "me", "na", "nome", "name", "nobody", "none", "null", "someone", "test", "teste", "tester", "undefined",
    "unknown", "user", "usuario", "usuário", "visitante", "visitor", "the", "hello", "hi",
}  # fmt: skip


def order_number(text: str) -> str | None:
    """The order number that the text holds, as it is written but for a leading #; null when there is none."""
    for pattern in (_EMAIL, _LINK, _MONEY, _DATE, _PHONE):
        text = pattern.sub(" ", text)
    for pattern, least in ((_NAMED, _DIGITS_NAMED), (_MARKED, _DIGITS_NAMED), (_BARE, _DIGITS_BARE)):
        for match in pattern.finditer(text):
            code = match["code"].lstrip("#")
            if sum(character.isdigit() for character in code) >= least and len(code) <= _LONGEST_CODE:
                return code
    return None


def holds_email(text: str) -> bool:
    """Whether the text gives an e-mail address."""
    return _EMAIL.search(text) is not None


def first_name(full_name: str) -> str | None:
    """How to address the customer, or null when what was typed is hardly a name."""
    words = full_name.split()
    if not words or words[0].rstrip(".").lower() in _TITLES | _NOT_NAMES:
        return None
    first = words[0]
    letters = first.replace("-", "").replace("'", "").replace("’", "")
    if not (2 <= len(first) <= _LONGEST_NAME and letters.isalpha() and first[0].isalpha() and first[-1].isalpha()):
        return None
    return first.capitalize() if first.islower() or (first.isupper() and len(first) > 2) else first


def form_of_address(full_name: str, culture: Culture | None = None) -> str | None:
    """What to call the customer in a greeting, or null when what was typed is hardly a name.

    Where the family name comes first, that is the whole name: it is right in whichever order it was typed.
    """
    first = first_name(full_name)
    if first is None or culture is None or culture.name_order != "family_first":
        return first
    words = [first_name(word) for word in full_name.split()]
    whole = [word for word in words if word is not None]
    return " ".join(whole) if len(whole) == len(words) <= _MOST_NAMES else first


def of_customer(text: str, history: Iterable[Turn]) -> list[str]:
    """What the customer has written, the latest first."""
    return [text, *reversed([turn.text for turn in history if turn.sender == "customer"])]


def known_order_number(texts: Iterable[str]) -> str | None:
    """The order number that the first of the texts with one holds."""
    return next((number for text in texts if (number := order_number(text))), None)
