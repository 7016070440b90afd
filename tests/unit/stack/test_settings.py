"""How settings follow the ports, and stay as they are when they name something else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from local.stack.ports import Ports
from local.stack.settings import (
    SettingsError,
    demo_accounts,
    developer_settings,
    moved_settings,
    sample_settings,
    values_of,
)

ROOT = Path(__file__).resolve().parents[3]


def a_project(folder: Path, **values: object) -> Path:
    (folder / "local.settings.sample.json").write_text(json.dumps({"IsEncrypted": False, "Values": values}))
    return folder


def test_sample_follows_moved_ports() -> None:
    moved = moved_settings(sample_settings(ROOT), Ports.from_base(5000))

    assert moved["COSMOS_ENDPOINT"] == "http://127.0.0.1:5002/"
    assert moved["WEB_PUBSUB_ENDPOINT"] == "http://127.0.0.1:5003"
    assert "BlobEndpoint=http://127.0.0.1:5010/devstoreaccount1;" in moved["AzureWebJobsStorage"]


def test_sample_stays_on_the_usual_ports() -> None:
    values = sample_settings(ROOT)

    assert {**values, **moved_settings(values, Ports())} == values


def test_real_accounts_are_left_alone() -> None:
    values = {
        "COSMOS_ENDPOINT": "https://mine.documents.example:443/",
        "WEB_PUBSUB_ENDPOINT": "http://127.0.0.1:9999",
        "AzureWebJobsStorage": "AccountName=mine",
    }

    assert moved_settings(values, Ports.from_base(5000)) == {}


def test_first_start_copies_the_sample_and_later_ones_keep_it(tmp_path: Path) -> None:
    project = a_project(tmp_path, NAME="sample")

    assert developer_settings(project) == {"NAME": "sample"}
    a_project(tmp_path, NAME="changed sample")
    assert developer_settings(project) == {"NAME": "sample"}


@pytest.mark.parametrize("content", ["", "[]", '{"Values": 3}', '{"Values": {"A": 1}}'])
def test_broken_settings_are_refused_by_name(tmp_path: Path, content: str) -> None:
    file = tmp_path / "local.settings.json"
    file.write_text(content)

    with pytest.raises(SettingsError, match=r"local\.settings\.json"):
        values_of(file)


def test_demo_accounts_come_from_the_sample() -> None:
    accounts = demo_accounts(sample_settings(ROOT))

    assert {account.role for account in accounts} == {"agent", "supervisor", "admin"}


def test_broken_demo_accounts_are_refused_by_name() -> None:
    with pytest.raises(SettingsError, match="SEED_ACCOUNTS"):
        demo_accounts({"SEED_ACCOUNTS": '[{"username": "agent"}]'})
