"""What nobody but its owner should see: numbers of cards, accounts and identities, passwords, addresses of machines."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from shared.engines.entities.reading import ENDS, STARTS, Finding, Reading, fold
from shared.engines.entities.vocabulary import Vocabulary
from shared.models.analysis import EntityType

CREDIT_CARD = "credit_card"
SECURITY_CODE = "security_code"
IBAN = "iban"
NATIONAL_ID = "national_id"
IP_ADDRESS = "ip_address"
PASSWORD = "password"  # noqa: S105 - the name of a kind
DATE_OF_BIRTH = "date_of_birth"
BANK_ACCOUNT = "bank_account"
"""In the numbering of a country."""
KINDS = (CREDIT_CARD, SECURITY_CODE, IBAN, NATIONAL_ID, IP_ADDRESS, PASSWORD, DATE_OF_BIRTH, BANK_ACCOUNT)
"""What a finding of type `other` is; it stands as its value."""

_VOCABULARY = Vocabulary(Path(__file__).with_name("vocabulary.json"))

TAKEN = "\ue000"
"""Stands where something was taken out already; no pattern reads over it."""

_CARD = re.compile(rf"{STARTS}(?<![.,])\d(?:[ .-]?\d){{12,18}}{ENDS}(?![.,-]\d)")
_IS = r"(?:is|was|e|es|est|ist|lautet)(?!\w)"
_SECURITY_CODE = re.compile(
    rf"\b(?:{_VOCABULARY.either('security_codes')})\b(?:[ :=-]|{_IS}){{0,6}}(?P<code>\d{{3,4}})(?!\w)"
)
_ONE_TIME_CODE = re.compile(
    rf"\b(?:{_VOCABULARY.either('one_time_codes')})\b(?:[ :=-]|{_IS}){{0,6}}"
    r"(?P<code>\d{3}[ -]?\d{3,5}|\d{4})(?!\w)"
)
_IBAN = re.compile(r"(?<!\w)[a-z]{2}[ ]?\d{2}(?:[ -]?[a-z0-9]){11,30}(?!\w)", re.IGNORECASE | re.ASCII)
_IBAN_NAMED = re.compile(
    rf"\biban\b(?:[ :=.]|{_IS}){{0,6}}"
    r"(?P<iban>[a-z]{2}[ ]?\d{2}(?:[ ]?[a-z]{4})?(?:[ -]?\d){8,26})(?!\w)"
)
_IBAN_LEAST, _IBAN_MOST = 15, 34
"""Norway's is the shortest; ISO 13616 allows 34."""

_ACCOUNT_NAMED = re.compile(
    rf"\b(?:{_VOCABULARY.either('bank_accounts')})\b"
    rf"(?:[ :=#.,]|n\.?[º°]|(?:number|nummer|nr|no)(?!\w)|{_IS}){{0,8}}"
    rf"(?P<code>[a-z]{{4}}0[a-z0-9]{{6}}|\d(?:[ -]?\d){{5,19}}){ENDS}"
)
_ACCOUNT_BESIDE = re.compile(
    rf"(?:\b(?:{_VOCABULARY.either('accounts')})\b)[^\d\n]{{0,20}}(?P<code>\d(?:[ -]?\d){{5,19}}){ENDS}"
)
"""A number of an account; the bank's only where the text gives a bank's code too."""
_IDENTITY_NAMED = re.compile(
    rf"(?:\b(?:{_VOCABULARY.either('identities')})\b|(?:{fold(_VOCABULARY.either('identities_together'))}))"
    rf"(?:[ :=#.,]|n\.?[º°]|(?:{_VOCABULARY.either('identity_links')})(?!\w)|[はが是号號码碼번호는은이が]){{0,8}}"
    rf"(?P<code>(?<![a-z])[a-z]{{0,5}}[ ]?\d(?:(?:[ ](?=\d)|[./-])?[a-z0-9]){{4,17}}){ENDS}"
)
_IDENTITY_SHAPES = re.compile(
    rf"{STARTS}(?<![.,/-])(?:"
    r"(?P<ric>\d{17}[\dXx])|(?P<rrn>\d{6}-[1-8]\d{6})|(?P<aadhaar>[2-9]\d{3}[ ]\d{4}[ ]\d{4})|"
    r"(?P<cnpj>\d{2}\.\d{3}\.\d{3}/\d{4}-\d{2})|(?P<pan>[A-Z]{3}[ABCFGHJLPT][A-Z]\d{4}[A-Z])|"
    r"(?P<cpf>\d{3}\.?\d{3}\.?\d{3}-?\d{2})|(?P<dni>(?:\d{8}|\d{1,2}\.\d{3}\.\d{3})[ -]?[A-Za-z])|"
    r"(?P<cc>\d{8}[ ]?\d[ ]?[A-Za-z]{2}\d)|(?P<nie>[XYZxyz]-?\d{7}-?[A-Za-z])|"
    r"(?P<fiscal>[A-Za-z]{6}\d{2}[A-Za-z]\d{2}[A-Za-z]\d{3}[A-Za-z])|(?P<ssn>\d{3}-\d{2}-\d{4})|"
    r"(?P<nir>[12][ ]?\d{2}[ ]?\d{2}[ ]?(?:\d{2}|2[AB])[ ]?\d{3}[ ]?\d{3}[ ]?\d{2})|(?P<pesel>\d{11})|"
    rf"(?P<insurance>[A-CEGHJ-PR-TW-Z]{{2}}[ ]?\d{{2}}[ ]?\d{{2}}[ ]?\d{{2}}[ ]?[A-D])){ENDS}(?!-)"
)

_IPV4 = re.compile(rf"{STARTS}(?<!\.)\d{{1,3}}(?:\.\d{{1,3}}){{3}}{ENDS}(?!\.\d)")
_IPV6 = re.compile(r"(?<![\w:.])[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){2,7}(?![\w:])")
_IPV6_LEAST = 5

_KEY_BLOCK = re.compile(
    r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----.{0,8000}?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|\Z)", re.DOTALL
)
_KEYS = re.compile(
    r"(?<![\w-])(?:eyJ[\w-]{8,2000}\.[\w-]{8,4000}(?:\.[\w-]{0,2000})?"
    r"|(?:AKIA|ASIA)[0-9A-Z]{16}|gh[pousr]_\w{30,100}|github_pat_\w{30,100}|glpat-[\w-]{20,50}|xox[abeprs]-[\w-]{10,200}"
    r"|(?:sk|rk|pk|whsec)_(?:live_|test_)?[0-9A-Za-z]{16,200}|sk-[\w-]{20,200}|AIza[\w-]{35}"
    r"|SG\.[\w-]{16,64}\.[\w-]{16,64})(?!\w)"
)
"""Keys that are known by how they begin: signed tokens, and those of AWS, GitHub, GitLab, Slack, Stripe, Google."""
_AUTHORIZATION = re.compile(
    r"(?<!\w)(?:authorization[ ]?:[ ]?)?(?:bearer|basic)[ ]{1,2}(?P<secret>(?=\S{0,200}[\d=_.])[\w.~+/=-]{12,4000})"
)
_NO_VALUE = r"(?:(?:true|false|null|none|nil|undefined)(?!\w)|\$\{|\{\{|%\(|\*{3}|<)"
"""What stands in code where there is no secret, or another place holds it."""
_SETTING = re.compile(
    r"(?<![a-z0-9])[\w.-]{0,40}"
    r"(?:password|passwd|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credential)"
    rf"[\w.-]{{0,20}}[\"']?[ ]{{0,2}}(?:[:=]|=>)[ ]{{0,2}}"
    rf"(?P<secret>\"[^\"\n{TAKEN}]{{4,200}}\"|'[^'\n{TAKEN}]{{4,200}}'"
    rf"|(?!{_NO_VALUE}|[\d.,]{{1,5}}(?!\w))[^\s\"',;{TAKEN}]{{4,200}})"
)
"""A setting in code or configuration whose name says that it is secret, such as `DB_PASSWORD=` or `"api_key":`."""
_COOKIE = re.compile(rf"(?<![\w-])(?:set-)?cookie[ ]?:[ ]?(?P<secret>[^\n{TAKEN}]{{4,4000}})")
_COMMAND = re.compile(rf"(?<!\S)(?:-u|--user)[ =]{{1,2}}[\"']?(?P<secret>[^\s:\"']{{1,64}}:[^\s\"'{TAKEN}]{{1,128}})")
_NEXT_PARAMETER = re.compile(r"&[\w.-]{1,40}=")
_USER_OF_LINK = re.compile(r"://(?P<secret>[^\s/@:]{1,128}:[^\s/@]{1,256})@")
_SECRET_TOGETHER = re.compile(
    rf"(?:{_VOCABULARY.either('secrets_together')})[ ]?(?:は|が|是|为|為|는|은|를|이|है|هي|هو|:|：|=)?[ ]?"
    r"(?P<secret>(?=[!-~]{0,40}\d)[!-~]{4,64})"
)
_SECRET_NAMED = re.compile(
    rf"(?<!\w)(?:{_VOCABULARY.either('secrets')})"
    r"(?P<link>(?:[ ]?(?:for|of|da|do|de|para|fur|van|dla)[ ][^\s:=]{1,20}){0,2}"
    r"[ ]{0,2}(?:(?::|=|->|→)[ ]{0,2}"
    r"|(?:['’]s|is|was|e|era|es|ist|lautet|war|est|etait|is het|jest|(?:i )?used (?:is|was))(?::|[ ])"
    r"[ ]{0,2}(?:[:=][ ]?)?))"
    rf"(?P<secret>(?!{_NO_VALUE})[^\s{TAKEN}]{{1,128}})"
)
_QUOTES = "\"'“”„«»‘’`"
_NOT_A_SECRET = _VOCABULARY.words("not_a_secret")
"""Beginnings of what people say about a password."""
_SHORTEST_STEM = 4

_SECRET_BESIDE = re.compile(
    rf"(?<!\w)(?:(?!secret|token|bearer|pin|clave)(?:{_VOCABULARY.either('secrets')})[ ]|pass[ ]?[:=][ ]?)"
    rf"(?P<secret>(?=[^\s{TAKEN}]{{0,40}}\d)(?=[^\s{TAKEN}]{{0,40}}[^\W\d_])[^\s{TAKEN}]{{5,64}})"
)
"""A word with digits right behind the name, with nothing between: `пароль qwerty123`."""
_BIRTH = re.compile(
    rf"(?:\b(?:{_VOCABULARY.either('births')})|(?:{fold(_VOCABULARY.either('births_together'))}))"
    rf"(?:[ :]|is|e|es|est|ist|am|em|on|הוא|هو|है|[はが是은는]){{0,6}}"
    r"(?P<day>\d{4}[年년][ ]?\d{1,2}[月월][ ]?\d{1,2}[日일]|\d{1,4}[-/. ]\d{1,2}[-/. ]\d{2,4}"
    r"|\d{1,2}(?:st|nd|rd|th|\.|er)?[ ](?:de[ ]|of[ ])?[^\W\d_]{3,12}[ ,]{1,2}(?:de[ ])?\d{4}"
    rf"|[^\W\d_]{{3,12}}[ ]\d{{1,2}}(?:st|nd|rd|th)?,?[ ]\d{{4}}){ENDS}"
)

_LIKELY_PHONE = re.compile(rf"{STARTS}(?<![.:/@#-])(?:\+|\(\+?)?\d(?:[ ().\-]{{0,3}}\d){{7,40}}{ENDS}(?![:@]|[-/.,]\d)")
"""Longer than any telephone number: two in a row, or a card with a slip of the finger, are no reason to leave them."""
_PHONE_BARE = range(9, 12)
_PHONE_LEAST = 8
_CLOCK = re.compile(r"(?:19|20)\d\d[-./]?\d\d[-./]?\d\d|\d\d[-./]\d\d[-./](?:19|20)\d\d")


def find_cards(reading: Reading) -> Iterator[Finding]:
    """Payment cards whose check digit is right, and the security codes that are called so."""
    from stdnum import luhn

    if not reading.has_digits:
        return
    for match in _CARD.finditer(reading.text):
        digits = re.sub(r"\D", "", match[0])
        if digits[0] in "23456" and len(set(digits)) > 1 and luhn.is_valid(digits):
            yield _secret(CREDIT_CARD, *match.span(), rank=1)
    for pattern in (_SECURITY_CODE, _ONE_TIME_CODE):
        for match in pattern.finditer(reading.folded):
            yield _secret(SECURITY_CODE, *match.span("code"), rank=2)


def find_ibans(reading: Reading) -> Iterator[Finding]:
    """International bank account numbers whose check digits are right, or that are called so."""
    if not reading.has_digits:
        return
    for match in _IBAN_NAMED.finditer(reading.folded):
        yield _secret(IBAN, *match.span("iban"), rank=0)
    for match in _IBAN.finditer(reading.text):
        end = _end_of_iban(match[0])
        if end:
            yield _secret(IBAN, match.start(), match.start() + end, rank=0)


def find_accounts(reading: Reading) -> Iterator[Finding]:
    """Bank accounts in the numbering of a country: called so, with the bank's own number."""
    if not reading.has_digits:
        return
    named = list(_ACCOUNT_NAMED.finditer(reading.folded))
    for match in named:
        yield _secret(BANK_ACCOUNT, *match.span("code"), rank=1)
    for match in _ACCOUNT_BESIDE.finditer(reading.folded) if named else ():
        yield _secret(BANK_ACCOUNT, *match.span("code"), rank=1)


def _end_of_iban(written: str) -> int:
    """How many characters of a text are an IBAN, the longest reading first; 0 when none are."""
    from stdnum import iban

    ends = [place + 1 for place, character in enumerate(written) if character.isalnum()]
    compact = "".join(character for character in written if character.isalnum()).upper()
    for length in range(min(_IBAN_MOST, len(compact)), _IBAN_LEAST - 1, -1):
        turned = compact[4:length] + compact[:4]
        whole_words = length == len(compact) or not written[ends[length - 1]].isalnum()
        if whole_words and int("".join(str(int(c, 36)) for c in turned)) % 97 == 1 and iban.is_valid(compact[:length]):
            return ends[length - 1]
    return 0


def find_identities(reading: Reading) -> Iterator[Finding]:
    """Numbers of persons given by a state: those called so, and those whose shape and check digits are right."""
    if not reading.has_digits:
        return
    for match in _IDENTITY_NAMED.finditer(reading.folded):
        yield _secret(NATIONAL_ID, *match.span("code"), rank=1)
    for match in _IDENTITY_SHAPES.finditer(reading.text):
        kind = str(match.lastgroup)
        if kind == "insurance" or _checks()[kind](match[0]):
            yield _secret(NATIONAL_ID, *match.span(), rank=2)


def _checks() -> dict[str, Callable[[str], bool]]:
    from stdnum.br import cnpj, cpf
    from stdnum.cn import ric
    from stdnum.es import dni, nie
    from stdnum.fr import nir
    from stdnum.in_ import aadhaar, pan
    from stdnum.it import codicefiscale
    from stdnum.kr import rrn
    from stdnum.pl import pesel
    from stdnum.pt import cc
    from stdnum.us import ssn

    modules: dict[str, Any] = {
        "cpf": cpf, "dni": dni, "nie": nie, "fiscal": codicefiscale, "ssn": ssn, "nir": nir, "pesel": pesel,
        "ric": ric, "rrn": rrn, "aadhaar": aadhaar, "cnpj": cnpj, "pan": pan, "cc": cc,
    }  # fmt: skip
    return {name: module.is_valid for name, module in modules.items()}


def find_machines(reading: Reading) -> Iterator[Finding]:
    """IP addresses, of both versions."""
    for pattern, shortest in ((_IPV4, 0), (_IPV6, _IPV6_LEAST)):
        for match in pattern.finditer(reading.text):
            if len(match[0]) >= shortest and _is_address(match[0]):
                yield _secret(IP_ADDRESS, *match.span(), rank=2)


def _is_address(written: str) -> bool:
    try:
        ipaddress.ip_address(written)
    except ValueError:
        return False
    return True


def find_keys(reading: Reading) -> Iterator[Finding]:
    """Keys and tokens as they stand in code, configuration and logs."""
    for match in _KEY_BLOCK.finditer(reading.text):
        yield _secret(PASSWORD, *match.span(), rank=0)
    for match in _KEYS.finditer(reading.text):
        yield _secret(PASSWORD, *match.span(), rank=0)
    for match in (
        *_AUTHORIZATION.finditer(reading.folded),
        *_USER_OF_LINK.finditer(reading.text),
        *_COOKIE.finditer(reading.folded),
        *_COMMAND.finditer(reading.text),
    ):
        yield _secret(PASSWORD, *match.span("secret"), rank=0)


def find_passwords(reading: Reading) -> Iterator[Finding]:
    """Passwords, pins and keys that somebody gives in words."""
    for match in (*_SECRET_BESIDE.finditer(reading.folded), *_SECRET_TOGETHER.finditer(reading.text)):
        yield _secret(PASSWORD, *match.span("secret"), rank=2)
    for match in _SETTING.finditer(reading.folded):
        quotes = 1 if match["secret"][0] in "\"'" else 0
        start, end = match.span("secret")
        following = _NEXT_PARAMETER.search(reading.folded, start, end)
        yield _secret(PASSWORD, start + quotes, following.start() if following else end - quotes, rank=1)
    for match in _SECRET_NAMED.finditer(reading.folded):
        start, end = match.span("secret")
        following = _NEXT_PARAMETER.search(reading.folded, start, end)
        end = following.start() if following else end
        while end > start and reading.text[end - 1] in _QUOTES + ".,;!?)":
            end -= 1
        while start < end and reading.text[start] in _QUOTES + "(":
            start += 1
        said = not re.search(r"[:=>→]", match["link"])
        if start < end and not (said and _is_remark(reading, start, end)):
            yield _secret(PASSWORD, start, end, rank=1)


def _is_remark(reading: Reading, start: int, end: int) -> bool:
    """Whether what follows `my password is` says something about it: an ordinary word, as in `is wrong`."""
    word = reading.folded[start:end]
    if not word.isalpha() or (start > 0 and reading.text[start - 1] in _QUOTES):
        return False
    return any(word == stem or (len(stem) >= _SHORTEST_STEM and word.startswith(stem)) for stem in _NOT_A_SECRET)


def find_births(reading: Reading) -> Iterator[Finding]:
    """Dates that are called somebody's birth."""
    if not reading.has_digits:
        return
    for match in _BIRTH.finditer(reading.folded):
        yield _secret(DATE_OF_BIRTH, *match.span("day"), rank=2)


def find_likely_phones(reading: Reading) -> Iterator[Finding]:
    """Whatever may be a telephone number, of whichever country: rather one too many than one that stays."""
    if not reading.has_digits:
        return
    for match in _LIKELY_PHONE.finditer(reading.text):
        written = match[0]
        digits = sum(character.isdigit() for character in written)
        groups = len(re.findall(r"\d+", written))
        dialled = written[0] in "+(0" or (groups > 1 and digits > _PHONE_LEAST) or digits in _PHONE_BARE
        if dialled and digits >= _PHONE_LEAST and not _is_moment(written):
            yield Finding(EntityType.PHONE, *match.span(), 0.5, rank=5)


def _is_moment(written: str) -> bool:
    """Whether it begins with a day of the calendar, as log lines and file names do."""
    match = _CLOCK.match(written)
    if match is None:
        return False
    parts = [int(part) for part in re.findall(r"\d+", match[0])]
    if len(parts) == 1:
        return len(written) == len(match[0])
    year, month, day = parts if parts[0] > 31 else reversed(parts)
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _secret(kind: str, start: int, end: int, rank: int) -> Finding:
    return Finding(EntityType.OTHER, start, end, 0.95, kind, rank=rank)
