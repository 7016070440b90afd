"""`make reset` forgets one stack's data: not another's unless asked to, and none that are in use."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from local.stack.claim import claim_folder
from local.stack.commands import ROOT


def a_stack_ran(data: Path) -> None:
    claim = claim_folder(a_folder(data), "http://127.0.0.1:4280")
    (a_folder(data / "azurite") / "blob").write_text("stored")
    (data / "cosmos.db").write_text("stored")
    claim.close()


def a_folder(path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    return path


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def make_reset(data: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "local.stack.reset", "--data", str(data), *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)


def test_another_stacks_data_below_stay(tmp_path: Path) -> None:
    data = tmp_path / ".local"
    for folder in (data, data / "5000", data / "mine" / "second"):
        a_stack_ran(folder)
    before = files(data / "5000")

    done = make_reset(data)

    assert done.returncode == 0
    assert {name.partition("/")[0] for name in files(data)} == {"5000", "mine"}
    assert files(data / "5000") == files(data / "mine" / "second") == before
    assert str(data / "5000") in done.stdout


def test_everything_goes_when_asked_for(tmp_path: Path) -> None:
    data = tmp_path / ".local"
    for folder in (data, data / "5000"):
        a_stack_ran(folder)

    assert make_reset(data, "--everything").returncode == 0

    assert not data.exists()


def test_nothing_to_forget_is_well(tmp_path: Path) -> None:
    assert make_reset(tmp_path / ".local").returncode == 0


def test_data_in_use_stay_and_the_line_says_whose(tmp_path: Path) -> None:
    data = tmp_path / ".local"
    a_stack_ran(data)
    before = files(data)
    with claim_folder(data, "http://127.0.0.1:4280"):
        refused = make_reset(data)

    assert refused.returncode == 1
    assert refused.stderr.splitlines() == [
        f"reset: {data} holds the data of the stack at http://127.0.0.1:4280: stop that one first"
    ]
    assert files(data) == before


def test_everything_stays_while_one_of_them_is_in_use(tmp_path: Path) -> None:
    data = tmp_path / ".local"
    for folder in (data, data / "5000"):
        a_stack_ran(folder)
    before = files(data)
    with claim_folder(data / "5000", "http://127.0.0.1:5000"):
        refused = make_reset(data, "--everything")
        assert files(data) == before
        assert make_reset(data).returncode == 0

    assert "the stack at http://127.0.0.1:5000: stop that one first" in refused.stderr
    assert files(data) == {f"5000/{name}" for name in ("azurite/blob", "cosmos.db", "in-use")}
