"""Which parts run can be read while the stack runs, and is forgotten with it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from local.stack import Command, Part, Ports
from local.stack.state import FILE, forget_state, read_state, write_state

READY = "import sys; print('ready http://127.0.0.1:1', flush=True); sys.stdin.read()"


async def test_part_is_written_down_as_it_comes_and_goes(tmp_path: Path) -> None:
    def note() -> None:
        write_state(tmp_path, [part], Ports())

    part = Part(Command("cosmos", (sys.executable, "-c", READY)), tmp_path / "cosmos.log", changed=note)
    await part.start()
    (up,) = read_state(tmp_path)
    process_id = part.process_id
    await part.kill()
    (down,) = read_state(tmp_path)

    assert (up.process_id, up.address, up.up_since is None) == (process_id, "http://127.0.0.1:8081", False)
    assert (down.process_id, down.up_since) == (None, None)


def test_no_stack_has_no_parts(tmp_path: Path) -> None:
    write_state(tmp_path, [], Ports())
    forget_state(tmp_path)

    assert read_state(tmp_path) == []


def test_state_of_another_version_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('{"parts": [{"name": "cosmos", "colour": "green", "ports": []}]}')

    with pytest.raises(ValueError, match="written by another version"):
        read_state(tmp_path)
