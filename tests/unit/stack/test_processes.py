"""What processes use is counted by the group they belong to."""

from __future__ import annotations

import os

import pytest

from local.stack.processes import clock_seconds, usage_by_group


def test_own_group_holds_this_process_with_its_memory() -> None:
    used = usage_by_group()[os.getpgrp()]

    assert os.getpid() in used.members
    assert used.memory > 5_000_000
    assert used.cpu_seconds > 0


@pytest.mark.parametrize(
    ("text", "seconds"), [("0:00.50", 0.5), ("01:02", 62), ("01:01:01", 3661), ("2-00:00:01", 172_801)]
)
def test_processor_time_of_ps_is_read(text: str, seconds: float) -> None:
    assert clock_seconds(text) == seconds
