"""HOST=func: Azure Functions Core Tools in the place of our host."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from local.stack.commands import ROOT, Plan
from local.stack.part import Part
from local.stack.ports import Ports
from local.stack.settings import SettingsError, sample_settings


def a_plan(data: Path) -> Plan:
    return Plan(ports=Ports.from_base(21000), data=data, values=sample_settings(ROOT), core_tools=True)


def install_func(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program of that name which says what it was given, and then waits as the real one does."""
    script = folder / "func"
    script.write_text(
        '#!/bin/sh\necho "$PWD $*"\necho "$COSMOS_ENDPOINT $languageWorkers__python__defaultExecutablePath"\n'
        'echo "Functions:"\nexec sleep 600\n'
    )
    script.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=":")


async def test_core_tools_run_the_application_with_the_settings_of_the_stack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_func(tmp_path, monkeypatch)
    host = Part(a_plan(tmp_path).command("host"), tmp_path / "host.log")

    await host.start()
    await host.stop()

    said = (tmp_path / "host.log").read_text().splitlines()
    assert said[0] == f"{ROOT} start --port 21001"
    assert said[1] == f"http://127.0.0.1:21002/ {sys.executable}"


def test_without_core_tools_one_line_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(SettingsError, match="install them, or leave HOST out"):
        a_plan(tmp_path).command("host")
