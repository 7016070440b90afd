"""staticwebapp.config.json: what is read from it, and what is refused by name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from local.site.rules import CONFIG_FILE, Rules, RulesError, parse_rules, path_pattern, read_rules


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("/desk", "/desk", True),
        ("/desk", "/desk/1", False),
        ("/assets/*", "/assets/a/b.js", True),
        ("/assets/*", "/assetsa", False),
        ("/img/*.{png,jpg}", "/img/a.jpg", True),
        ("/img/*.{png,jpg}", "/img/a.svg", False),
        ("/a.b", "/aXb", False),
    ],
)
def test_path_patterns(pattern: str, path: str, matches: bool) -> None:
    assert (path_pattern(pattern).fullmatch(path) is not None) is matches


def test_first_route_that_matches_method_and_path_counts() -> None:
    rules = parse_rules(
        {
            "routes": [
                {"route": "/x", "methods": ["HEAD"], "statusCode": 404},
                {"route": "/*", "redirect": "/first"},
                {"route": "/x", "redirect": "/second"},
            ]
        }
    )

    route = rules.route_for("GET", "/x")

    assert route is not None
    assert route.redirect == "/first"


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ([], "configuration must be an object"),
        ({"navigationFalback": {}}, "navigationFalback"),
        ({"routes": {}}, "routes must be a list"),
        ({"routes": [{"route": "x"}]}, r"routes\[0\]\.route"),
        ({"routes": [{"route": "/x", "status": 404}]}, r"routes\[0\]\.status"),
        ({"routes": [{"route": "/x", "statusCode": "404"}]}, r"routes\[0\]\.statusCode"),
        ({"routes": [{"route": "/x", "allowedRoles": ["authenticated"]}]}, r"routes\[0\]\.allowedRoles"),
        ({"globalHeaders": {"A": 1}}, r"globalHeaders\.A"),
        ({"responseOverrides": {"500": {}}}, r"responseOverrides\.500"),
        ({"trailingSlash": "never"}, "trailingSlash"),
    ],
)
def test_what_cannot_be_honoured_is_refused_by_name(content: Any, named: str) -> None:
    with pytest.raises(RulesError, match=named):
        parse_rules(content)


def test_front_end_without_configuration_has_no_rules(tmp_path: Path) -> None:
    assert read_rules(tmp_path) == Rules()


def test_configuration_that_is_not_json_is_refused(tmp_path: Path) -> None:
    (tmp_path / CONFIG_FILE).write_text("{")

    with pytest.raises(RulesError, match="is not JSON"):
        read_rules(tmp_path)
