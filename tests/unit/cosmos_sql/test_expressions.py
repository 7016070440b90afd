"""Expressions: three-valued logic, comparison, arithmetic, functions."""

from __future__ import annotations

import pytest

from local.cosmos.sql.parser import QueryError
from tests.unit.cosmos_sql.support import results, value

ITEM = {
    "null": None,
    "yes": True,
    "five": 5,
    "text": "Olá",
    "wave": "a👋b",
    "list": [1, "a", {"k": 1, "m": 2}],
    "object": {"b": {"c": 1}},
}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("false AND c.absent", False),
        ("c.absent AND false", False),
        ("true AND c.absent", "undefined"),
        ("true AND 5", "undefined"),
        ("true OR c.absent", True),
        ("c.absent OR true", True),
        ("false OR c.absent", "undefined"),
        ("NOT true", False),
        ("NOT c.absent", "undefined"),
        ("NOT (NOT true)", True),
        ("NOT NOT true", True),
        ("false OR true AND false", False),
    ],
)
def test_logic_has_three_values(expression: str, expected: object) -> None:
    assert value(expression, ITEM) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("c.absent = c.absent", "undefined"),
        ("c.absent != 1", "undefined"),
        ('c["null"] = null', True),
        ("c.five = '5'", False),
        ("c.five != '5'", True),
        ("c.five = 5.0", True),
        ("1 = true", False),
        ("[1] = [true]", False),
        ('c.object = {"b": {"c": 1.0}}', True),
        ("{'a': 1, 'b': 2} = {'b': 2, 'a': 1}", True),
        ("[1, 2] = [2, 1]", False),
        ("9007199254740993 = 9007199254740992", True),
        ("c.five IN (4, 5)", True),
        ("c.five IN ('5', 4)", False),
        ("c.five NOT IN (4)", True),
        ("c.absent IN (1)", "undefined"),
        ("1 IN (c.absent, 1)", True),
        ("c.five < 6", True),
        ("c.five < '6'", "undefined"),
        ("'a' < 'B'", False),
        ("false < true", True),
        ("null <= null", True),
        ("[1] < [2]", "undefined"),
        ("c.absent >= 1", "undefined"),
        ("5 BETWEEN 5 AND 5", True),
        ("NOT (5 BETWEEN 6 AND 7)", True),
        ("5 NOT BETWEEN 6 AND 7", True),
        ("5 BETWEEN 'a' AND 7", "undefined"),
        ("'\ud83d\udc4b' < '\uffee'", True),
        ("1 <> 2", True),
    ],
)
def test_comparison(expression: str, expected: object) -> None:
    assert value(expression, ITEM) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("7 % 4", 3),
        ("-7 % 4", -3),
        ("1 / 2", 0.5),
        ("4 / 2", 2),
        ("-c.five", -5),
        ("1 + '1'", "undefined"),
        ("1 + null", "undefined"),
        ("'a' || 'b' || 'c'", "abc"),
        ("'a' || 1", "undefined"),
        ("c.absent ?? 'x'", "x"),
        ("c['null'] ?? 'x'", None),
        ("c.yes ? 1 : 2", 1),
        ("c.absent ? 1 : 2", 2),
        ("c.five ? 1 : 2", 2),
        ("[1, c.absent, null]", [1, None]),
        ("{'a': c.absent, b: 1}", {"b": 1}),
        ("c.object.b.c", 1),
        ("c.list[1]", "a"),
        ("c.list[9]", "undefined"),
        ("c.text.b", "undefined"),
        ("c['object']['b']", {"c": 1}),
        ("'it\\'s \\u00e9 \\n'", "it's é \n"),
    ],
)
def test_arithmetic_texts_and_paths(expression: str, expected: object) -> None:
    assert value(expression, ITEM) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("IS_DEFINED(c.absent)", False),
        ("IS_DEFINED(c['null'])", True),
        ("IS_NULL(c.absent)", False),
        ("IS_NULL(c['null'])", True),
        ("IS_NUMBER(c.yes)", False),
        ("IS_BOOL(c.yes)", True),
        ("IS_STRING(c.text)", True),
        ("IS_ARRAY(c.list)", True),
        ("IS_OBJECT(c.object)", True),
        ("IS_PRIMITIVE(c['null'])", True),
        ("CONTAINS(c.text, 'l')", True),
        ("CONTAINS(c.text, '')", True),
        ("CONTAINS(c.text, 'LÁ')", False),
        ("contains(c.text, 'LÁ', true)", True),
        ("CONTAINS(5, '5')", "undefined"),
        ("NOT CONTAINS(5, '5')", "undefined"),
        ("STARTSWITH(c.text, 'Ol')", True),
        ("ENDSWITH(c.text, 'Á', true)", True),
        ("STRINGEQUALS('abc', 'ABC', true)", True),
        ("STRINGEQUALS('straße', 'STRASSE', true)", False),
        ("LENGTH(c.wave)", 4),
        ("INDEX_OF(c.wave, 'b')", 3),
        ("INDEX_OF('abc', 'x')", -1),
        ("SUBSTRING('hello', 1, 3)", "ell"),
        ("SUBSTRING('hello', 4, 9)", "o"),
        ("LEFT('hello', 2)", "he"),
        ("RIGHT('hello', 2)", "lo"),
        ("RIGHT('hello', 9)", "hello"),
        ("REPLACE('aXbX', 'X', '-')", "a-b-"),
        ("REPLACE('a', '', '-')", "undefined"),
        ("LOWER('ÀΣ')", "àσ"),
        ("UPPER('straße')", "STRAßE"),
        ("CONCAT('a', 'b', 'c')", "abc"),
        ("ABS(-2.5)", 2.5),
        ("ROUND(2.5)", 3),
        ("ROUND(-2.5)", -3),
        ("ROUND(0.49999999999999994)", 0),
        ("CEILING(1.1)", 2),
        ("FLOOR(-1.1)", -2),
        ("FLOOR('1')", "undefined"),
        ("ARRAY_CONTAINS(c.list, 'a')", True),
        ("ARRAY_CONTAINS(c.list, 1.0)", True),
        ("ARRAY_CONTAINS(c.list, true)", False),
        ("ARRAY_CONTAINS(c.list, {'k': 1})", False),
        ("ARRAY_CONTAINS(c.list, {'k': 1}, true)", True),
        ("ARRAY_CONTAINS(c.list, c.absent)", "undefined"),
        ("ARRAY_CONTAINS(c.text, 'a')", "undefined"),
        ("ARRAY_LENGTH(c.list)", 3),
        ("ARRAY_LENGTH(c.text)", "undefined"),
        ("ARRAY_SLICE([1,2,3,4], -2)", [3, 4]),
        ("ARRAY_SLICE([1,2,3,4], 1, 2)", [2, 3]),
        ("ARRAY_SLICE([1,2,3,4], 1, null)", "undefined"),
        ("ARRAY_CONCAT([1], [2])", [1, 2]),
    ],
)
def test_functions(expression: str, expected: object) -> None:
    assert value(expression, ITEM) == expected


@pytest.mark.parametrize(
    ("text", "pattern", "expected"),
    [
        ("hello", "h%", True),
        ("hello", "H%", False),
        ("hello", "h_llo", True),
        ("hello", "h_lo", False),
        ("hello", "[a-h]ello", True),
        ("hello", "[^a-h]ello", False),
        ("a.b", "a.b", True),
        ("axb", "a.b", False),
        ("two\nlines", "two%lines", True),
    ],
)
def test_like(text: str, pattern: str, expected: bool) -> None:
    assert value("@text LIKE @pattern", text=text, pattern=pattern) is expected
    assert value("@text NOT LIKE @pattern", text=text, pattern=pattern) is not expected


def test_like_with_an_escape_and_without_a_text() -> None:
    assert value("'50%' LIKE '50!%' ESCAPE '!'") is True
    assert value("'501' LIKE '50!%' ESCAPE '!'") is False
    assert value("5 LIKE '5'") == "undefined"


@pytest.mark.parametrize(
    ("expression", "named"),
    [
        ("c.order", "order"),
        ("NOT c.a = 1", "="),
        ("c.a || 'x' = 'y'", "="),
        ("c.a ?? 1 ? 2 : 3", "?"),
        ("c.a = 1 = 2", "="),
        ("c.a & 1", "&"),
        ("c[@name]", "@name"),
        ("NULL", "NULL"),
        ("udf.f(1)", "udf"),
        ("REGEXMATCH(c.a, 'x')", "REGEXMATCH"),
        ("DateTimeAdd('dd', 1, c.a)", "DATETIMEADD"),
        ("LENGTH()", "LENGTH"),
        ("other.a", "other"),
        ("1 / 0", "zero"),
        ("'x' LIKE '[a'", "LIKE"),
        ("'\\q'", "escape"),
        ("COUNT(1) + COUNT(*)", "*"),
        ("{'a': 1, 'a': 2}", "twice"),
        ("1e999", "double"),
    ],
)
def test_what_is_not_supported_is_refused_by_name(expression: str, named: str) -> None:
    with pytest.raises(QueryError) as refusal:
        results(f"SELECT VALUE {expression} FROM c", {"a": "x"}, name="a")
    assert named in str(refusal.value)
    assert '"severity": "Error"' in str(refusal.value)
