"""host.json, local.settings.json and the placeholders of bindings."""

import json
import logging
from pathlib import Path
from typing import Any

import pytest

from local.host.app_settings import apply_values, fill_in, is_disabled, read_local_settings, whole_number
from local.host.errors import AppError
from local.host.host_json import function_timeout, http_options, read_host_json


def a_host_json(folder: Path, **content: Any) -> Path:
    (folder / "host.json").write_text(json.dumps({"version": "2.0"} | content))
    return folder


def test_unset_options_have_the_defaults_of_the_cloud(tmp_path: Path) -> None:
    settings = read_host_json(a_host_json(tmp_path), {})

    assert http_options(settings).route_prefix == "api"
    assert http_options(settings).max_outstanding_requests == -1
    assert function_timeout(settings) == 1800


def test_the_environment_overrides_the_file_whatever_its_case(tmp_path: Path) -> None:
    folder = a_host_json(tmp_path, Extensions={"HTTP": {"RoutePrefix": "old", "customHeaders": {"X-A": "1"}}})

    settings = read_host_json(
        folder,
        {
            "AzureFunctionsJobHost__extensions__http__routePrefix": "new",
            "AzureFunctionsJobHost__extensions__http__customHeaders__X-B": "2",
            "AzureFunctionsJobHost__extensions__http__MaxOutstandingRequests": "5",
            "AzureFunctionsJobHost__extensions__durabletask__hubname": "Hub",
            "AzureFunctionsJobHost__functionTimeout": "-1",
        },
    )

    http = http_options(settings)
    assert (http.route_prefix, http.max_outstanding_requests) == ("new", 5)
    assert http.custom_headers == {"X-A": "1", "X-B": "2"}
    assert settings["extensions"]["durableTask"] == {"hubName": "Hub"}
    assert function_timeout(settings) is None


def test_unknown_keys_are_named_in_one_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder = a_host_json(tmp_path, colour="red", extensions={"http": {"prefix": "x"}}, logging={"any": 1})

    with caplog.at_level(logging.WARNING):
        read_host_json(folder, {})

    assert [record.getMessage() for record in caplog.records] == [
        "attention: host.json: unknown and ignored: colour, extensions.http.prefix"
    ]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (None, "host.json is missing"),
        ("{", "is not JSON"),
        ("[]", "a JSON object"),
        ("{}", '"version" must be "2.0"'),
        ('{"version": "3.0"}', '"version" must be "2.0"'),
    ],
)
def test_a_host_json_that_is_none_is_refused(tmp_path: Path, text: str | None, complaint: str) -> None:
    if text is not None:
        (tmp_path / "host.json").write_text(text)

    with pytest.raises(AppError, match=complaint):
        read_host_json(tmp_path, {})


@pytest.mark.parametrize(
    ("http", "complaint"),
    [
        ([], "extensions.http"),
        ({"routePrefix": {}}, "routePrefix"),
        ({"maxConcurrentRequests": 0}, "maxConcurrentRequests"),
        ({"maxOutstandingRequests": "many"}, "maxOutstandingRequests"),
        ({"customHeaders": {"X-A": []}}, "customHeaders"),
    ],
)
def test_a_bad_http_option_is_refused_by_name(http: Any, complaint: str) -> None:
    with pytest.raises(AppError, match=complaint):
        http_options({"extensions": {"http": http}})


@pytest.mark.parametrize("timeout", ["soon", "00:00:00", 5])
def test_a_bad_function_timeout_is_refused(timeout: Any) -> None:
    with pytest.raises(AppError, match="functionTimeout"):
        function_timeout({"functionTimeout": timeout})


def test_local_settings_fill_what_the_environment_lacks(tmp_path: Path) -> None:
    content = {"Values": {"A": "file", "B": "file", "C": 1, "D": True}, "Host": {"LocalHttpPort": 7072, "CORS": "*"}}
    (tmp_path / "local.settings.json").write_text(json.dumps(content))
    environment = {"A": "outside"}

    settings = read_local_settings(tmp_path)
    apply_values(settings.values, environment)

    assert environment == {"A": "outside", "B": "file", "C": "1", "D": "true"}
    assert (settings.port, settings.cors, settings.cors_credentials) == (7072, "*", False)


def test_local_settings_may_be_absent(tmp_path: Path) -> None:
    assert read_local_settings(tmp_path).values == {}


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ({"IsEncrypted": True}, "IsEncrypted"),
        ({"Values": []}, None),
        ({"Values": ["A"]}, "Values"),
        ({"Values": {"A": {}}}, "Values.A"),
        ({"Host": {"LocalHttpPort": "7071"}}, "LocalHttpPort"),
    ],
)
def test_bad_local_settings_are_refused_by_name(tmp_path: Path, content: Any, complaint: str | None) -> None:
    (tmp_path / "local.settings.json").write_text(json.dumps(content))

    if complaint is None:
        assert read_local_settings(tmp_path).values == {}
    else:
        with pytest.raises(AppError, match=complaint):
            read_local_settings(tmp_path)


def test_placeholders_of_bindings_are_filled_in() -> None:
    binding = {"schedule": "%WHEN%", "path": "%BOX%/{name}", "methods": ["GET"], "count": 1, "rate": "5% of 10%"}

    filled = fill_in(binding, {"WHEN": "0 * * * * *", "BOX": "in"}, "function 'f'")

    assert filled == {
        "schedule": "0 * * * * *",
        "path": "in/{name}",
        "methods": ["GET"],
        "count": 1,
        "rate": "5% of 10%",
    }


def test_a_missing_setting_is_named_with_its_place() -> None:
    with pytest.raises(AppError, match=r"function 'f', 'schedule': the app setting 'WHEN' is not set"):
        fill_in({"schedule": "%WHEN%"}, {}, "function 'f'")


def test_a_number_setting_is_checked() -> None:
    assert whole_number({}, "THREADS") is None
    assert whole_number({"THREADS": "4"}, "THREADS") == 4
    with pytest.raises(AppError, match="THREADS"):
        whole_number({"THREADS": "0"}, "THREADS")


@pytest.mark.parametrize(("value", "disabled"), [("1", True), ("True", True), ("0", False), ("", False)])
def test_a_function_is_disabled_by_a_setting(value: str, disabled: bool) -> None:
    assert is_disabled("f", {"AzureWebJobs.f.Disabled": value}) is disabled
    assert is_disabled("f", {"AzureWebJobs_f_Disabled": value}) is disabled
