"""Route templates and their order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.host.constraints import constraint
from local.host.errors import AppError
from local.host.routes import RouteTable, compile_template


@pytest.mark.parametrize(
    ("template", "path", "values"),
    [
        ("products", "products", {}),
        ("products", "PRODUCTS/", {}),
        ("products/{id}", "products/7", {"id": "7"}),
        ("products/{id}", "products/", None),
        ("products/{id}", "products/7/8", None),
        ("products/{id?}", "products", {}),
        ("products/{a?}/{b?}", "products/1", {"a": "1"}),
        ("products/{kind=all}", "products", {"kind": "all"}),
        ("products/{kind=all}", "products/new", {"kind": "new"}),
        ("files/{*path}", "files/a/b", {"path": "a/b"}),
        ("files/{**path}", "files/a/b/", {"path": "a/b/"}),
        ("files/{*path}", "files", {}),
        ("files/{*path}", "filesystem", None),
        ("{*path}", "", {}),
        ("v{version}/{name}", "v2/x", {"version": "2", "name": "x"}),
        ("{name}.{extension}", "a.b.c", {"name": "a.b", "extension": "c"}),
        ("{name}.{extension?}", "a.b.c", {"name": "a.b", "extension": "c"}),
        ("{name}.{extension?}", "a", {"name": "a"}),
        ("a.b", "axb", None),
        ("{x:int}/{y:alpha}", "1/b", {"x": "1", "y": "b"}),
        ("{x:int:min(5)}", "4", None),
        ("{x:int?}", "", {}),
        ("{x:int=3}", "", {"x": "3"}),
        (r"{x:regex(^\d{{2}}/?$)}", "12", {"x": "12"}),
        (r"{x:regex(^\d{{2}}/?$)}", "123", None),
    ],
)
def test_a_template_matches_as_in_asp_net_core(template: str, path: str, values: dict[str, str] | None) -> None:
    assert compile_template(template).match(path) == values


@pytest.mark.parametrize(
    ("template", "complaint"),
    [
        ("a/{id", "braces"),
        ("a/id}", "braces"),
        ("a//b", "empty segment"),
        ("{}", "proper name"),
        ("{a}/{A}", "twice"),
        ("{a}{b}", "literal between"),
        ("{*rest}/more", "last segment"),
        ("x{*rest}", "segment of its own"),
        ("{a?}/more", "must be the last"),
        ("{a?=1}", "proper name|default"),
        ("{a:int=1?}", "default"),
        ("{a:number}", "unknown constraint 'number'"),
        ("{a:length(x)}", "whole numbers"),
        ("{a:length(1}", "closing parenthesis"),
        ("{a:range(1)}", "unknown constraint"),
        ("{a:regex(()}", "regular expression|parenthesis"),
    ],
)
def test_a_malformed_template_is_refused(template: str, complaint: str) -> None:
    with pytest.raises(AppError, match=complaint):
        compile_template(template)


@pytest.mark.parametrize(
    ("text", "fits", "does_not"),
    [
        ("int", ["0", "-12", "2147483647"], ["2147483648", "1.5", "one"]),
        ("long", ["9223372036854775807"], ["9223372036854775808"]),
        ("bool", ["true", "FALSE"], ["1", "yes"]),
        ("datetime", ["2026-05-06", "2026-05-06T07:08:09Z", "12/31/2026", "12/31/2026 4:32 PM"], ["31/12/2026", "x"]),
        ("decimal", ["1.50", "-3"], ["1e5", "x", "1" * 40]),
        ("double", ["1.5", "-1e5", "NaN"], ["one", "."]),
        ("float", ["1,234.5"], ["1-2"]),
        ("guid", ["cd2c1638-1638-72d5-1638-deadbeef1638", "CD2C1638163872D51638DEADBEEF1638"], ["cd2c1638"]),
        ("alpha", ["abcXYZ"], ["ab1", "é"]),
        ("length(2)", ["ab"], ["a", "abc"]),
        ("length(2,3)", ["ab", "abc"], ["a", "abcd"]),
        ("minlength(2)", ["ab", "abc"], ["a"]),
        ("maxlength(2)", ["a", "ab"], ["abc"]),
        ("min(3)", ["3", "4"], ["2", "x"]),
        ("max(3)", ["3", "-4"], ["4"]),
        ("range(3,5)", ["3", "5"], ["2", "6"]),
        ("required", ["x"], []),
        ("file", ["a.txt"], ["a", "a."]),
        ("nonfile", ["a"], ["a.txt"]),
        ("regex(^a+$)", ["a", "AAA"], ["ab"]),
    ],
)
def test_a_constraint_decides_whether_a_value_fits(text: str, fits: list[str], does_not: list[str]) -> None:
    check = constraint(text)

    assert [value for value in fits if not check(value)] == []
    assert [value for value in does_not if check(value)] == []


def test_the_most_specific_route_comes_first_whatever_the_order_of_registration() -> None:
    table: RouteTable[str] = RouteTable()
    for template in ("{*rest}", "a/{b}", "a/{b:int}", "a/{*rest}", "{a}/b", "a/b", "a/x{b}"):
        table.add(template, None, template)

    found = {path: table.find("GET", path) for path in ("/a/b", "/a/1", "/a/c", "/a/xy", "/z/b", "/a/b/c", "/z")}

    assert {path: one[0] for path, one in found.items() if one} == {
        "/a/b": "a/b",
        "/a/1": "a/{b:int}",
        "/a/c": "a/{b}",
        "/a/xy": "a/x{b}",
        "/z/b": "{a}/b",
        "/a/b/c": "a/{*rest}",
        "/z": "{*rest}",
    }


def test_the_method_is_part_of_the_route() -> None:
    table: RouteTable[str] = RouteTable()
    table.add("a", ["get"], "literal")
    table.add("{any}", ["POST"], "parameter")

    assert table.find("GET", "/a") == ("literal", {})
    assert table.find("POST", "/a") == ("parameter", {"any": "a"})
    assert table.find("DELETE", "/a") is None


def test_of_routes_that_weigh_the_same_the_first_registered_wins() -> None:
    table: RouteTable[str] = RouteTable()
    table.add("{first}", None, "first")
    table.add("{second}", None, "second")

    assert table.find("GET", "/x") == ("first", {"first": "x"})


def test_values_are_decoded_but_for_an_encoded_slash() -> None:
    table: RouteTable[str] = RouteTable()
    table.add("a/{value}", None, "target")

    assert table.find("GET", "/%61/x%20%C3%A9") == ("target", {"value": "x é"})
    assert table.find("GET", "/a/x%2Fy") == ("target", {"value": "x%2Fy"})


@given(st.text(st.characters(exclude_characters="/", exclude_categories=["Cs"]), min_size=1))
def test_any_segment_reaches_the_function_unchanged(segment: str) -> None:
    assert compile_template("a/{value}").match(f"a/{segment}") == {"value": segment}
