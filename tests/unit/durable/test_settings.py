from __future__ import annotations

from typing import Any

import pytest

from local.host.durable.settings import read_settings
from local.host.errors import AppError


def host_json(**durable_task: Any) -> dict[str, Any]:
    return {"version": "2.0", "extensions": {"durableTask": durable_task}}


def test_what_is_not_said_has_the_extensions_defaults() -> None:
    settings = read_settings({"version": "2.0"})
    assert (settings.hub_name, settings.replaces_running, settings.default_version) == ("TestHubName", False, "")
    assert settings.activities_at_once == settings.orchestrators_at_once >= 10


def test_what_is_said_holds() -> None:
    settings = read_settings(
        host_json(
            hubName="Hub1",
            maxConcurrentActivityFunctions=3,
            maxConcurrentOrchestratorFunctions=2,
            overridableExistingInstanceStates="AnyState",
        )
    )
    assert (settings.hub_name, settings.activities_at_once, settings.orchestrators_at_once) == ("Hub1", 3, 2)
    assert settings.replaces_running


def test_a_hub_name_may_come_from_the_apps_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TASK_HUB", "FromSettings")
    assert read_settings(host_json(hubName="%TASK_HUB%")).hub_name == "FromSettings"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("hubName", "no-dashes"),
        ("hubName", "ab"),
        ("hubName", "%NOT_SET%"),
        ("maxConcurrentActivityFunctions", 0),
        ("maxConcurrentOrchestratorFunctions", "many"),
        ("overridableExistingInstanceStates", "Sometimes"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(name: str, value: Any) -> None:
    with pytest.raises(AppError, match=f"extensions.durableTask.{name}"):
        read_settings(host_json(**{name: value}))
