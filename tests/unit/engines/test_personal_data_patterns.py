"""Personal data leaves a text, all of it, and what is left stays as it is."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.engines.personal_data.patterns import PatternPersonalData, redact_for_log
from shared.models.analysis import EntityType

ENGINE = PatternPersonalData()


async def redacted(text: str, language: str | None = "en") -> str:
    return (await ENGINE.redact(text, language=language)).redacted_text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("write to a.b@example.com!", "write to [EMAIL]!"),
        ("call +44 20 7946 0018 now", "call [PHONE] now"),
        ("my name is Anna Lee, yes, Anna.", "my name is [PERSON], yes, [PERSON]."),
        ("to 12 Baker Street, London NW1 6XE", "to [ADDRESS]"),
        ("card 4111 1111 1111 1111, cvv 123", "card [CREDIT_CARD], cvv [SECURITY_CODE]"),
        ("IBAN DE89 3704 0044 0532 0130 00 and more", "IBAN [IBAN] and more"),
        ("IBAN: DE89 3704 0044 0532 0130 01, mistyped", "IBAN: [IBAN], mistyped"),
        ("4111 1111 1111 1112, mistyped", "[PHONE], mistyped"),
        ("cpf 529.982.247-25", "cpf [NATIONAL_ID]"),
        ("I am 12345678Z", "I am [NATIONAL_ID]"),
        ("ssn: 078-05-1120", "ssn: [NATIONAL_ID]"),
        ("NIF 123456789 obrigado", "NIF [NATIONAL_ID] obrigado"),
        ("from 192.168.1.20 and 2001:db8::1", "from [IP_ADDRESS] and [IP_ADDRESS]"),
        ("my password is hunter2", "my password is [PASSWORD]"),
        ("my password is sunshine", "my password is [PASSWORD]"),
        ('password: "wrong"', 'password: "[PASSWORD]"'),
        ("a minha palavra-passe é abc123", "a minha palavra-passe é [PASSWORD]"),
        ("mein Passwort lautet Sonne99", "mein Passwort lautet [PASSWORD]"),
        ("born on 12/03/1980", "born on [DATE_OF_BIRTH]"),
        ("https://example.com/?mail=a@b.co", "https://example.com/?mail=[EMAIL]"),
        ("https://example.com/?mail=a%40b.co", "https://example.com/?mail=[EMAIL]"),
        ("jane at example dot com", "[EMAIL]"),
        ("カード番号は４１１１１１１１１１１１１１１１です", "カード番号は[CREDIT_CARD]です"),
        ("卡号4111111111111111可以吗", "卡号[CREDIT_CARD]可以吗"),
        ("بطاقتي ٤١١١ ١١١١ ١١١١ ١١١١", "بطاقتي [CREDIT_CARD]"),
        ("jo\u200bhn@exa\u00admple.com", "[EMAIL]"),
        ("mi DNI es 12345678Z", "mi DNI es [NATIONAL_ID]"),
        ("身份证号 11010519491231002X", "身份证号 [NATIONAL_ID]"),
        ("मेरा आधार नंबर 2345 6789 0124", "मेरा आधार नंबर [NATIONAL_ID]"),
        ("driver's license D1234567", "driver's license [NATIONAL_ID]"),
        ("マイナンバー 123456789018", "マイナンバー [NATIONAL_ID]"),
        ("sort code 12-34-56, account 12345678", "sort code [BANK_ACCOUNT], account [BANK_ACCOUNT]"),
        ("my OTP is 482913", "my OTP is [SECURITY_CODE]"),
        ("my password's hunter2", "my password's [PASSWORD]"),
        ("мой пароль qwerty123", "мой пароль [PASSWORD]"),
        ("パスワードはabc123です", "パスワードは[PASSWORD]です"),
        ("Authorization: Bearer abc123.def456", "Authorization: Bearer [PASSWORD]"),
        ("key eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-def_ghi", "key [PASSWORD]"),
        ("postgres://app:pa55@db.example.com/x", "postgres://[PASSWORD]@db.example.com/x"),
        ("-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----", "[PASSWORD]"),
        ("我叫王小明", "我叫[PERSON]"),
        ('{"password": "hun ter2", "api_key": "abcd1234"}', '{"password": "[PASSWORD]", "api_key": "[PASSWORD]"}'),
        (
            "DB_PASSWORD=changeme AWS_SECRET_ACCESS_KEY=wJalr/K7",
            "DB_PASSWORD=[PASSWORD] AWS_SECRET_ACCESS_KEY=[PASSWORD]",
        ),
        ("user=joe&password=hunter2&next=/home", "user=joe&password=[PASSWORD]&next=/home"),
        ("Cookie: session=abc123def; theme=dark\nHost: x", "Cookie: [PASSWORD]\nHost: x"),
        ("curl -u joe:secretpw https://x.org", "curl -u [PASSWORD] https://x.org"),
        ("permis de conduire 123456789012", "permis de conduire [NATIONAL_ID]"),
        ("生年月日 1985年3月12日", "生年月日 [DATE_OF_BIRTH]"),
        ("родился 12 марта 1985", "родился [DATE_OF_BIRTH]"),
        ("تاريخ الميلاد ١٢/٠٣/١٩٨٥", "تاريخ الميلاد [DATE_OF_BIRTH]"),
        ("IFSC HDFC0001234 account no 50100012345678", "IFSC [BANK_ACCOUNT] account no [BANK_ACCOUNT]"),
    ],
)
async def test_each_kind_is_taken_out_and_named(text: str, expected: str) -> None:
    assert await redacted(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "order 123456789 of 2026-03-18 for $1,299.99",
        "code 4111111111111112x was refused",
        "I forgot my password, my password is wrong, password reset please",
        "12345678A",
        "version 300.1.2.3 at 10:30:45",
        "my account 12345678 is locked, the code 482913 does not work",
        "I forgot my password twice, the password reset page fails",
        "order 234567890124 of Bearer Electronics",
        "दो बार पासवर्ड भूल गया",
        "the secret santa2 gift, the pin 2 of the plug",
        "max_tokens=2000, password_reset: true, token: null, secret = ${SECRET}",
        "the cookie that crumbled",
        "invoice dated 12/03/1985",
        "I'm Very Upset, 24/7",
        "",
    ],
)
async def test_what_is_nobodys_stays(text: str) -> None:
    result = await ENGINE.redact(text, language="en")

    assert (result.redacted_text, result.entities) == (text, [])


async def test_findings_stand_where_they_stood_and_say_what_they_are() -> None:
    text = "👍 e\u0301 card 4111111111111111, mail A@b.co"

    result = await ENGINE.redact(text, language=None)

    assert [(each.type, each.value) for each in result.entities] == [
        (EntityType.OTHER, "credit_card"),
        (EntityType.EMAIL, "a@b.co"),
    ]
    assert all(text[each.start : each.end] == each.text for each in result.entities)


async def test_a_lone_surrogate_is_no_reason_to_fail() -> None:
    assert await redacted("\ud800 a@b.co") == "\ufffd [EMAIL]"


SENSITIVE = (
    "a.b@example.com", "+351 912 345 678", "4111 1111 1111 1111", "DE89370400440532013000", "529.982.247-25",
    "192.168.1.20", "2001:db8::1", "12 Baker Street, London NW1 6XE",
)  # fmt: skip
PLAIN = (
    "and",
    "order 12345",
    "é",
    "e\u0301",
    "👍🏽",
    "password",
    "is",
    "my name is",
    "Anna",
    "[EMAIL]",
    "[",
    "]",
    "call",
    "\n",
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from([*SENSITIVE, *PLAIN]), max_size=10), st.sampled_from([None, "en", "pt", "de"]))
def test_no_sensitive_span_is_left_and_nothing_more_is_found(pieces: list[str], language: str | None) -> None:
    text = " ; ".join(pieces)

    result = asyncio.run(ENGINE.redact(text, language=language))

    assert not any(secret in result.redacted_text for secret in SENSITIVE)
    assert all(text[each.start : each.end] == each.text for each in result.entities)
    assert asyncio.run(ENGINE.redact(result.redacted_text, language=language)).redacted_text == result.redacted_text


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from([*SENSITIVE, *PLAIN]), max_size=8).map("".join)))
def test_to_redact_twice_changes_nothing(text: str) -> None:
    once = redact_for_log(text)

    assert redact_for_log(once) == once


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("user a@b.co from 10.0.0.1", "user [EMAIL] from [IP_ADDRESS]"),
        ("called 912 345 678 and 020 7946 0018", "called [PHONE] and [PHONE]"),
        ("2026-03-18 07:34:01 took 12 ms", "2026-03-18 07:34:01 took 12 ms"),
        ("id 3f2b8c1e-7a64-4d0e-9c55-0d6f3b1a2e47", "id 3f2b8c1e-7a64-4d0e-9c55-0d6f3b1a2e47"),
        ("api_key=abc.def-123", "api_key=[PASSWORD]"),
    ],
)
def test_log_lines_keep_their_times_and_ids(line: str, expected: str) -> None:
    assert redact_for_log(line) == expected
