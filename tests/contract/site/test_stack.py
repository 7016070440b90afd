"""The whole stack as `make run` starts it: ready when it says so, the host killed and back, nothing left behind."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from dataclasses import astuple
from pathlib import Path

import aiohttp

from local.stack import Ports, running_stack
from local.stack.commands import ROOT
from local.stack.ports import claim_free_span, is_free
from local.stack.state import read_state


async def make_run(port_base: int, data: Path) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "local.stack", "--port-base", str(port_base), "--data", str(data)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )


async def lines_until(process: asyncio.subprocess.Process, start: str) -> list[str]:
    """What a process prints up to the line that starts so. Raises AssertionError when it never does."""
    assert process.stdout is not None
    lines = []
    async for line in process.stdout:
        lines.append(line.decode().rstrip())
        if lines[-1].startswith(start):
            return lines
    raise AssertionError(f"no line starts with {start!r}:\n" + "\n".join(lines))


async def test_killed_host_is_a_problem_until_it_is_back(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<h1>the application</h1>")
    async with (
        running_stack(dist=tmp_path) as stack,
        aiohttp.ClientSession(stack.site_url) as http,
    ):
        host = stack.part("host")

        await host.kill()
        async with http.get("/api/health/live") as while_down:
            assert (while_down.status, while_down.content_type) == (502, "application/problem+json")
        await host.start()

        async with http.get("/api/health/live") as afterwards:
            assert afterwards.status == 200


async def test_run_says_when_it_is_ready_and_leaves_nothing_behind(tmp_path: Path) -> None:
    base, claim = claim_free_span()
    with claim:
        # Given a stack that is starting
        process = await make_run(base, tmp_path)
        try:
            # When it says that it is ready, then everything answers
            output = await lines_until(process, "ready: ")
            assert output == [f"ready: http://localhost:{base}"]
            async with aiohttp.ClientSession(f"http://127.0.0.1:{base}") as http:
                async with http.get("/api/health/ready") as ready:
                    assert ready.status == 200
                async with http.get("/desk") as page:
                    assert "<html" in await page.text()
            assert any("demo-agent" in line for line in await lines_until(process, "  stop with"))
        finally:
            # And when it is told to stop
            process.send_signal(signal.SIGTERM)
            await process.communicate()
        # Then it ends well, and no part still holds its port
        assert process.returncode == 0
        assert [port for port in astuple(Ports.from_base(base)) if not is_free(port)] == []


async def test_run_names_the_port_that_is_taken(tmp_path: Path) -> None:
    base, claim = claim_free_span()
    with claim:
        server = await asyncio.start_server(lambda *_: None, "127.0.0.1", base + 2)
        async with server:
            process = await make_run(base, tmp_path)
            output, _ = await process.communicate()

    assert process.returncode == 1
    assert output.decode().splitlines() == [
        f"run: port {base + 2} (for cosmos) is taken: stop what uses it, or move all ports with PORT_BASE=5000"
    ]


async def test_a_second_run_leaves_the_first_and_what_is_noted_of_it_alone() -> None:
    async with running_stack(without=("search",)) as stack:
        noted = read_state(stack.plan.data)
        base, claim = claim_free_span()
        with claim:
            on_its_ports = await make_run(stack.plan.ports.site, stack.plan.data)
            taken, _ = await on_its_ports.communicate()
            on_its_data = await make_run(base, stack.plan.data)
            shared, _ = await on_its_data.communicate()

        assert (on_its_ports.returncode, on_its_data.returncode) == (1, 1)
        assert f"port {stack.plan.ports.site} (for site) is taken" in taken.decode()
        assert shared.decode().splitlines() == [
            f"run: {stack.plan.data} holds the data of the stack at {stack.site_url}: "
            "stop that one, or give this one a folder of its own with DATA=.local/second"
        ]
        assert read_state(stack.plan.data) == noted
        assert {f"{part.name}.log" for part in noted} <= set(os.listdir(stack.logs))


async def test_run_whose_output_nobody_reads_any_more_ends_quietly(tmp_path: Path) -> None:
    base, claim = claim_free_span()
    reading, writing = os.pipe()
    with claim:
        # Given a reader that has gone, as `head` has after its lines
        os.close(reading)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "local.stack", "--port-base", str(base), "--data", str(tmp_path)),
            cwd=ROOT,
            stdout=writing,
            stderr=asyncio.subprocess.PIPE,
        )
        os.close(writing)
        try:
            # When there is something to say
            _, complaint = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
        # Then it stops as if it was told to, and no part still holds its port
        assert (process.returncode, complaint.decode()) == (0, "")
        assert [port for port in astuple(Ports.from_base(base)) if not is_free(port)] == []
