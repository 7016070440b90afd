"""Pasted code, logs and stack traces: recognised, named by their error, quoted word for word; words are left alone."""

from __future__ import annotations

import pytest

from shared.engines.reasoning.diagnosis import CAUSES, diagnose, diagnosis_texts
from shared.engines.reasoning.pasted import find_pasted
from shared.models.analysis import DiagnosisResult

PYTHON = """It stops here:
Traceback (most recent call last):
  File "/srv/run.py", line 3, in <module>
    main()
  File "/srv/orders.py", line 12, in main
    total = prices["shipping"]
KeyError: 'shipping'
What now?"""
JAVA = """Exception in thread "main" java.lang.RuntimeException: boom
\tat com.shop.Cart.add(Cart.java:10)
Caused by: java.lang.NullPointerException: price is null
\tat com.shop.Price.of(Price.java:42)
\t... 3 more"""
JAVASCRIPT = """Uncaught TypeError: Cannot read properties of undefined (reading 'id')
    at loadCart (https://shop.example/app.js:120:15)
    at async main.js:3:1"""
DOTNET = r"""Unhandled exception. System.NullReferenceException: Object reference not set to an instance of an object.
   at Shop.Cart.Total(Int32 id) in C:\src\Cart.cs:line 42"""
GO = """panic: runtime error: index out of range [3] with length 3

goroutine 1 [running]:
main.main()
\t/srv/main.go:8 +0x1d"""
PHP = "PHP Fatal error:  Uncaught TypeError: total(): Argument #1 must be of type int in /var/www/cart.php:12"
RUBY = """cart.rb:3:in `total': undefined method `price' for nil:NilClass (NoMethodError)
\tfrom cart.rb:7:in `<main>'"""
RUST = "thread 'main' panicked at src/main.rs:4:5:\nindex out of bounds: the len is 3 but the index is 7"
ACCESS_LOG = '10.0.0.7 - - [18/Mar/2026:12:00:01 +0000] "GET /api/cart HTTP/1.1" 502 123 "-" "curl/8"'
LOG = """2026-03-18 12:00:01,123 INFO starting
2026-03-18 12:00:02,124 ERROR could not connect: Connection refused (db:5432)
2026-03-18 12:00:03,125 INFO retrying"""


@pytest.mark.parametrize(
    ("text", "language", "exception", "place"),
    [
        (PYTHON, "Python", "KeyError", "orders.py:12"),
        (JAVA, "Java", "NullPointerException", "Price.java:42"),
        (JAVASCRIPT, "JavaScript", "TypeError", "app.js:120"),
        (DOTNET, ".NET", "NullReferenceException", "Cart.cs:42"),
        (GO, "Go", "panic", "main.go:8"),
        (PHP, "PHP", "TypeError", "cart.php:12"),
        (RUBY, "Ruby", "NoMethodError", "cart.rb:3"),
        (RUST, "Rust", "panicked", "main.rs:4"),
    ],
    ids=lambda each: each[:12],
)
def test_a_stack_trace_is_named_by_its_error_and_its_place(
    text: str, language: str, exception: str, place: str
) -> None:
    found = find_pasted(text)

    assert found is not None
    assert (found.material, found.language, found.exception, found.place) == ("stack_trace", language, exception, place)
    assert found.quotes
    assert all(quote in text for quote in found.quotes)


@pytest.mark.parametrize(
    ("text", "material", "quotes"),
    [
        (ACCESS_LOG, "log", [ACCESS_LOG]),
        (LOG, "log", ["2026-03-18 12:00:02,124 ERROR could not connect: Connection refused (db:5432)"]),
        ("HTTP/1.1 401 Unauthorized", "log", ["HTTP/1.1 401 Unauthorized"]),
        ("It says\nTypeError: x is not a function", "log", ["TypeError: x is not a function"]),
        ("```python\ndef total(x):\n    return x\n```", "code", ["def total(x):"]),
        ("```\nsome thing\n```", "code", ["some thing"]),
        ("const x = 1;\nfetch(u).then(r => {\n  console.log(r)\n})", "code", ["const x = 1;"]),
        ('{\n  "a": 1\n  "b": 2\n}', "configuration", ['"a": 1', '"b": 2']),
        ("```json\n{}\n```", "configuration", ["{}"]),
        ("[server]\nport = 80", "configuration", ["[server]"]),
        ("DB_HOST=localhost\nDB_PORT=5432", "configuration", ["DB_HOST=localhost"]),
        ('<?xml version="1.0"?>\n<a/>', "configuration", ['<?xml version="1.0"?>']),
    ],
    ids=lambda each: str(each)[:12],
)
def test_logs_code_and_configuration_are_told_apart(text: str, material: str, quotes: list[str]) -> None:
    found = find_pasted(text)

    assert found is not None
    assert (found.material, found.quotes) == (material, quotes)


@pytest.mark.parametrize(
    "text",
    [
        "Where is my order? I paid 12; and waited (really) {long}.",
        "Name: Rita\nAddress: Street 5\nPhone: 123",
        "I got Error 500 on your site at 12:00:01 on 2026-03-18. ERROR! It failed",
        "Dear team,\nPlease cancel my order; I changed my mind;\nthanks",
        "Select one from the list, update it, or import it.\nLet me know",
        "```\n```",
        "👋",
        "",
    ],
)
def test_words_are_no_code(text: str) -> None:
    assert find_pasted(text) is None


@pytest.mark.parametrize(
    "text",
    ['{"a":' * 1000 + "\n}", "[" * 5000, "at " * 1600 + "(a.js:1:2)", "```" * 1600, '" 500 ' * 1000, "{\n" * 2500],
)
def test_a_message_that_means_harm_is_read_too(text: str) -> None:
    found = find_pasted(text)

    assert found is None or all(quote in text for quote in found.quotes)


def test_a_diagnosis_says_what_happened_where_and_what_may_help() -> None:
    found = diagnose(PYTHON, "en", "rules")

    assert found == DiagnosisResult(
        engine="rules",
        material="stack_trace",
        programming_language="Python",
        summary="A Python program ended with KeyError at orders.py:12.",
        likely_cause="The program asked for a name or a position that does not exist in its data.",
        steps=[
            "Ask which data was used; compare the name in the quoted line with what the data holds",
            "Ask what the customer did just before, and for the whole output if this is only a part of it",
        ],
        quotes=["KeyError: 'shipping'", 'File "/srv/orders.py", line 12, in main'],
    )


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        (JAVA, "null_reference"),
        (JAVASCRIPT, "null_reference"),
        (GO, "missing_key"),
        (PHP, "wrong_type"),
        (ACCESS_LOG, "server"),
        (LOG, "refused"),
        ("HTTP/1.1 401 Unauthorized", "unauthorised"),
        ("HTTP/1.1 403 Forbidden", "permission"),
        ("HTTP/2 429 Too Many Requests", "too_many"),
        ("HTTP/1.1 404 Not Found", "not_found"),
        ("curl: (6) Could not resolve host: shop.example", "name_resolution"),
        ("12:00:00.1 ERROR certificate has expired", "certificate"),
        ("12:00:00.1 ERROR write: No space left on device", "disk"),
        ("ModuleNotFoundError: No module named 'shop'", "missing_module"),
    ],
    ids=lambda each: each[:12],
)
def test_the_cause_is_told_by_the_quoted_lines(text: str, cause: str) -> None:
    for language in ("en", "pt-BR"):
        found = diagnose(text, language, "rules")

        assert found is not None
        assert found.likely_cause == diagnosis_texts()[language[:2]].causes[cause].cause


def test_what_is_not_known_is_not_guessed() -> None:
    log = diagnose("2026-03-18 12:00:01 INFO all is well", "en", "rules")
    code = diagnose("```sql\nSELECT a FROM b\n```", "en", "rules")

    assert log is not None
    assert code is not None
    assert (log.likely_cause, log.summary) == (None, "The message holds log lines, none of which tells of a failure.")
    assert (code.likely_cause, code.summary) == (None, "The message holds SQL code without an error message.")


def test_without_code_or_without_texts_there_is_no_diagnosis() -> None:
    assert diagnose("Where is my order?", "en", "rules") is None
    assert diagnose(PYTHON, "fi", "rules") is None


def test_every_language_has_a_text_for_every_cause() -> None:
    assert {"en", "pt"} <= diagnosis_texts().keys()
    assert all(texts.causes.keys() == CAUSES.keys() for texts in diagnosis_texts().values())
