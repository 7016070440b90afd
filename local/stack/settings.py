"""The app settings that the parts share, and how they follow when ports move."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from local.stack.ports import Ports

STORAGE_ACCOUNT = "devstoreaccount1"
STORAGE_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
"""The account that Azurite documents for everyone; it opens nothing but a local emulator."""

SEARCH_KEY = "local-development-only-search-key"
"""Of the search stand-in, where the settings name no other; it opens nothing but that."""

DASHBOARD_SETTINGS = ("COSMOS_ENDPOINT", "COSMOS_KEY", "AzureWebJobsStorage", "SEARCH_ENDPOINT", "SEARCH_KEY")
"""The app settings that the dashboard needs, and no others."""


class SettingsError(Exception):
    """local.settings.json cannot be used; the message is one line that says why."""


@dataclass(frozen=True)
class DemoAccount:
    """Someone who can log in on a fresh local stack."""

    username: str
    password: str
    role: str


def developer_settings(root: Path) -> dict[str, str]:
    """The values of local.settings.json, which is copied from the sample when absent. Raises SettingsError."""
    own = root / "local.settings.json"
    if not own.exists():
        shutil.copyfile(root / "local.settings.sample.json", own)
    return values_of(own)


def sample_settings(root: Path) -> dict[str, str]:
    """The values of local.settings.sample.json: what tests run with, whatever a developer has set."""
    return values_of(root / "local.settings.sample.json")


def values_of(file: Path) -> dict[str, str]:
    """The Values of a settings file. Raises SettingsError."""
    try:
        values = json.loads(file.read_text(encoding="utf-8"))["Values"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SettingsError(f"{file} is no settings file with Values ({error}): remove it to start afresh") from error
    if not isinstance(values, dict) or not all(isinstance(value, str) for value in values.values()):
        raise SettingsError(f"{file}: every one of Values must be a text in quotes")
    return values


def moved_settings(values: dict[str, str], ports: Ports) -> dict[str, str]:
    """The settings that name a part of this stack by its usual address, with the address it has now.

    A setting that names anything else, such as a real account in the cloud, is left alone.
    """
    usual = Ports()
    moved = {}
    for name, before, now in (
        ("COSMOS_ENDPOINT", usual.cosmos, ports.cosmos),
        ("WEB_PUBSUB_ENDPOINT", usual.pubsub, ports.pubsub),
        ("SEARCH_ENDPOINT", usual.search, ports.search),
    ):
        address = urlsplit(values.get(name, ""))
        if address.hostname in {"127.0.0.1", "localhost"} and address.port == before:
            moved[name] = address._replace(netloc=f"127.0.0.1:{now}").geturl()
    if values.get("AzureWebJobsStorage") == "UseDevelopmentStorage=true" and ports != usual:
        moved["AzureWebJobsStorage"] = storage_connection(ports)
    return moved


def storage_connection(ports: Ports) -> str:
    """The connection string for Azurite on these ports."""
    endpoints = (("Blob", ports.azurite_blob), ("Queue", ports.azurite_queue), ("Table", ports.azurite_table))
    parts = [f"AccountName={STORAGE_ACCOUNT}", f"AccountKey={STORAGE_KEY}", "DefaultEndpointsProtocol=http"]
    parts += [f"{service}Endpoint=http://127.0.0.1:{port}/{STORAGE_ACCOUNT}" for service, port in endpoints]
    return ";".join(parts) + ";"


def demo_accounts(values: dict[str, str]) -> list[DemoAccount]:
    """The accounts of SEED_ACCOUNTS. Raises SettingsError when it is not a list of accounts."""
    try:
        return [
            DemoAccount(seed["username"], seed["password"], seed["role"])
            for seed in json.loads(values.get("SEED_ACCOUNTS") or "[]")
        ]
    except (ValueError, KeyError, TypeError) as error:
        raise SettingsError(f"SEED_ACCOUNTS must be a list of username, password, role as JSON ({error})") from error
