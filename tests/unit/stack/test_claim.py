"""A data folder is one stack's."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from local.stack.claim import claim_folder
from local.stack.part import PartError

FIRST, SECOND = "http://127.0.0.1:4280", "http://127.0.0.1:5000"


def test_the_second_is_told_whose_the_folder_is(tmp_path: Path) -> None:
    owner = rf"the stack at {FIRST}: .* DATA="
    with claim_folder(tmp_path, FIRST), pytest.raises(PartError, match=owner) as refused:
        claim_folder(tmp_path, SECOND)

    assert "\n" not in str(refused.value)


def test_a_folder_that_was_given_back_is_the_next_ones(tmp_path: Path) -> None:
    claim_folder(tmp_path, FIRST).close()

    with claim_folder(tmp_path, SECOND), pytest.raises(PartError, match=SECOND):
        claim_folder(tmp_path, FIRST)


def test_who_was_killed_holds_nothing(tmp_path: Path) -> None:
    holding = (
        "import pathlib, sys; from local.stack.claim import claim_folder;"
        f"claim = claim_folder(pathlib.Path({str(tmp_path)!r}), {FIRST!r}); print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen([sys.executable, "-c", holding], stdin=-1, stdout=-1) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(PartError):
            claim_folder(tmp_path, SECOND)
        holder.kill()
        holder.wait()

    claim_folder(tmp_path, SECOND).close()
