"""A part is started, watched, restarted when asked for, and never outlives whoever started it."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from local.serve import DATA_EXIT
from local.stack.part import Command, Part, PartError

SERVES = "import sys; print('ready http://127.0.0.1:1', flush=True); sys.stdin.read()"
HOLDS_LIFE = f"import sys; life = open(sys.argv[1], 'w'); {SERVES}"
CRASHES = "raise SystemExit('no such table: messages')"
CRASHES_ONCE_READY = "print('ready http://127.0.0.1:1', flush=True); raise SystemExit('out of memory')"


ROOT = Path(__file__).resolve().parents[3]


class Life:
    """A pipe with a name that a process holds open: its end is the process's end, whoever its parent was."""

    def __init__(self, path: Path) -> None:
        os.mkfifo(path)
        self.path = path
        self._end = os.open(path, os.O_RDONLY | os.O_NONBLOCK)

    async def ended(self) -> None:
        """Return when the process that opened the pipe is gone. Raises TimeoutError when it lives on."""
        reader = asyncio.StreamReader()
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(self._end, "rb", 0)
        )
        async with asyncio.timeout(60):
            assert await reader.read() == b""
        transport.close()


def python(code: str, *arguments: str) -> Command:
    return Command("clerk", (sys.executable, "-c", code, *arguments))


@asynccontextmanager
async def a_part(code: str, folder: Path, *arguments: str, **options: object) -> AsyncIterator[Part]:
    part = Part(python(code, *arguments), folder / "clerk.log", **options)  # type: ignore[arg-type]
    try:
        yield part
    finally:
        await part.kill()


async def test_part_is_up_once_it_says_so_and_gone_after_stop(tmp_path: Path) -> None:
    async with a_part(SERVES, tmp_path) as part:
        await part.start()
        process_id = part.process_id
        assert process_id is not None

        await part.stop()

        assert part.process_id is None
        assert part.crash is None
        with pytest.raises(ProcessLookupError):
            os.kill(process_id, 0)


async def test_part_that_ends_before_it_is_ready_says_why(tmp_path: Path) -> None:
    async with a_part(CRASHES, tmp_path) as part:
        with pytest.raises(PartError, match=r"clerk ended with exit code 1(.|\n)*no such table: messages"):
            await part.start()


async def test_missing_program_is_an_error(tmp_path: Path) -> None:
    part = Part(Command("clerk", (str(tmp_path / "nothing"),)), tmp_path / "clerk.log")

    with pytest.raises(PartError, match="clerk cannot be started"):
        await part.start()


async def test_killed_part_can_be_started_again(tmp_path: Path) -> None:
    async with a_part(SERVES, tmp_path) as part:
        await part.start()
        first = part.process_id
        await part.kill()
        assert part.process_id is None

        await part.start()

        assert part.process_id not in (None, first)
        assert part.crash is None


async def test_crash_is_kept_and_the_part_stays_down(tmp_path: Path) -> None:
    async with a_part(CRASHES_ONCE_READY, tmp_path) as part:
        await part.start()

        await part.ended()

        assert (part.process_id, part.up_since) == (None, None)
        assert "out of memory" in str(part.crash)


async def test_crashed_part_is_reported_and_restarted(tmp_path: Path) -> None:
    # Given a part that crashes the first two times and then runs
    code = f"""
import pathlib, sys
counter = pathlib.Path(sys.argv[1])
count = int(counter.read_text()) if counter.exists() else 0
counter.write_text(str(count + 1))
if count < 2: raise SystemExit(f'crash number {{count + 1}}')
{SERVES}
"""
    reports: list[str] = []
    async with a_part(
        code, tmp_path, str(tmp_path / "counter"), report=reports.append, restart=True, back_off=(0.0,)
    ) as part:
        # When it is started
        await part.start()

        # Then each crash was told with its last lines, and it is up
        assert ["crash number 1" in reports[0], "crash number 2" in reports[1]] == [True, True]
        assert len(reports) == 2
        assert part.process_id is not None


async def test_kill_takes_what_the_part_started_too(tmp_path: Path) -> None:
    life = Life(tmp_path / "life")
    code = f"""
import subprocess, sys
command = [sys.executable, '-c', *sys.argv[1:3]]
child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
child.stdout.readline()
{SERVES}
"""
    async with a_part(code, tmp_path, HOLDS_LIFE, str(life.path)) as part:
        await part.start()

        await part.kill()

        await life.ended()


async def test_part_that_watches_standard_input_dies_with_its_supervisor(tmp_path: Path) -> None:
    # Given a supervisor in a process of its own, with one part
    life = Life(tmp_path / "life")
    code = """
import asyncio, pathlib, sys
from local.stack.part import Command, Part
async def supervise():
    part = Part(Command('clerk', (sys.executable, '-c', *sys.argv[1:3])), pathlib.Path(sys.argv[3]))
    await part.start()
    print('up', flush=True)
    await asyncio.Event().wait()
asyncio.run(supervise())
"""
    arguments = (HOLDS_LIFE, str(life.path), str(tmp_path / "clerk.log"))
    supervisor = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", code, *arguments), stdout=asyncio.subprocess.PIPE, cwd=ROOT
    )
    assert supervisor.stdout is not None
    assert await supervisor.stdout.readline() == b"up\n"

    # When the supervisor is killed without a chance to clean up
    supervisor.kill()
    await supervisor.wait()

    # Then the part is gone too
    await life.ended()


async def test_part_killed_by_hand_is_reported_and_started_again(tmp_path: Path) -> None:
    reports: list[str] = []
    came_up: asyncio.Queue[float] = asyncio.Queue()

    def changed() -> None:
        if part.up_since is not None:
            came_up.put_nowait(part.up_since)

    options = {"report": reports.append, "restart": True, "back_off": (0.0,), "changed": changed}
    async with a_part(SERVES, tmp_path, **options) as part:
        await part.start()
        await came_up.get()
        first = part.process_id
        assert first is not None

        os.kill(first, signal.SIGKILL)

        async with asyncio.timeout(60):
            await came_up.get()
        assert part.process_id not in (None, first)
    assert len(reports) == part.restart_count == 1
    assert reports[0].startswith("clerk was ended by signal 9 (SIGKILL); the end of ")
    assert "ready http://127.0.0.1:1" in reports[0]


@pytest.mark.parametrize("restart", [True, False])
async def test_part_whose_data_cannot_be_used_is_not_started_again(tmp_path: Path, restart: bool) -> None:
    code = f"import sys; print('clerk.db is damaged: `make reset`', file=sys.stderr); sys.exit({DATA_EXIT})"
    async with a_part(code, tmp_path, report=lambda _: None, restart=restart) as part:
        with pytest.raises(PartError) as refused:
            await part.start()

    assert str(refused.value) == "clerk: clerk.db is damaged: `make reset`"


async def test_program_of_others_with_damaged_data_is_known_by_what_it_says(tmp_path: Path) -> None:
    command = Command(
        "clerk",
        (sys.executable, "-c", "raise SystemExit('unhandled error: no JSON at all')"),
        unusable="unhandled error:.*JSON.*",
        data=tmp_path / "clerk",
    )
    part = Part(command, tmp_path / "clerk.log", report=lambda _: None, restart=True)

    with pytest.raises(PartError) as refused:
        await part.start()

    assert str(refused.value).startswith(f"clerk: {tmp_path / 'clerk'} is damaged (unhandled error: no JSON at all)")
    assert str(refused.value).endswith("begins afresh")


async def test_what_needs_attention_is_told_at_once(tmp_path: Path) -> None:
    reports: list[str] = []
    code = f"print('said aside'); print('12:00 ERROR data: attention: no room on the disk'); {SERVES}"
    async with a_part(code, tmp_path, report=reports.append) as part:
        await part.start()

    assert reports == ["clerk: no room on the disk"]
