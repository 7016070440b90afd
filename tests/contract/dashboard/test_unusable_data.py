"""Damaged data, a newer format, a full disk: one clear line with the way out, and nothing lost."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from azure.cosmos import PartitionKey
from azure.cosmos.aio import CosmosClient
from azure.cosmos.exceptions import CosmosHttpResponseError

from local.cosmos.__main__ import EMULATOR_KEY
from local.cosmos.server import CosmosServer
from local.host.durable.store import Store
from local.observation import observe
from local.search.catalog import open_data
from local.serve import DATA_EXIT
from local.stack.commands import ROOT
from local.stack.ports import claim_free_span

HOST_APP = ROOT / "tests" / "contract" / "durable" / "app"


def damage(path: Path) -> None:
    path.write_bytes(b"this was\na database " * 400)


def damage_inside(path: Path) -> None:
    """Leave a database that opens as ever, for its first page is whole, and whose every other page is lost."""
    match path.name:
        case "cosmos.db":
            CosmosServer(path, EMULATOR_KEY).catalog.connection.close()
        case "search.db":
            open_data(path).close()
        case _:
            Store(path, "PatternsHub").close()
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (path.stat().st_size - 4096))


def make_newer(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version=99")
    connection.close()


async def ends_with(*command: str) -> tuple[int | None, str]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", *command),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert process.stdout is not None
    async with asyncio.timeout(180):
        output = await process.stdout.read()
        return await process.wait(), output.decode()


@pytest.mark.parametrize("part", ["cosmos", "search"])
@pytest.mark.parametrize(
    ("spoil", "said"), [(damage, "is damaged"), (damage_inside, "is damaged"), (make_newer, "is in format 99")]
)
async def test_part_says_in_one_line_what_is_wrong(
    tmp_path: Path, part: str, spoil: Callable[[Path], None], said: str
) -> None:
    spoil(tmp_path / f"{part}.db")

    code, output = await ends_with(f"local.{part}", "--port", "0", "--data", str(tmp_path), "--exit-with-stdin")

    assert code == DATA_EXIT
    (line,) = output.splitlines()
    assert said in line
    assert "`make reset`" in line


@pytest.mark.parametrize("spoil", [damage, damage_inside])
@pytest.mark.parametrize("options", [(), ("--reload",)])
async def test_host_says_in_one_line_what_is_wrong(
    tmp_path: Path, options: tuple[str, ...], spoil: Callable[[Path], None]
) -> None:
    spoil(tmp_path / "durable.db")

    arguments = ("--app", str(HOST_APP), "--port", "0", "--data", str(tmp_path), "--exit-with-stdin", *options)
    code, output = await ends_with("local.host", *arguments)

    assert code == DATA_EXIT
    assert "durable.db is damaged" in output.splitlines()[-1]
    assert "Traceback" not in output


@pytest.mark.parametrize("file", ["cosmos.db", "durable.db", "azurite/__azurite_db_queue__.json"])
async def test_run_ends_and_names_the_damaged_data(tmp_path: Path, file: str) -> None:
    (tmp_path / "azurite").mkdir()
    damage(tmp_path / file)
    base, claim = claim_free_span()
    with claim:
        code, output = await ends_with("local.stack", "--port-base", str(base), "--data", str(tmp_path))

    assert code == 1
    last = output.splitlines()[-1]
    assert last.startswith("run: ")
    assert "damaged" in last
    assert "`make reset`" in last
    assert (tmp_path / file).exists()


async def test_full_disk_is_told_to_the_caller_and_passes(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    # Given an account with an item, and no room for more
    cosmos = CosmosServer(tmp_path / "cosmos.db", EMULATOR_KEY)
    application: web.Application = observe(cosmos.application(), "cosmos")
    async with TestServer(application) as server, CosmosClient(str(server.make_url("/")), EMULATOR_KEY) as client:
        database = await client.create_database("assistant")
        container = await database.create_container("notes", PartitionKey("/id"))
        await container.create_item({"id": "kept"})
        cosmos.catalog.connection.execute("PRAGMA max_page_count=1")

        # When an item comes for which there is none
        with pytest.raises(CosmosHttpResponseError, match="no room on the disk") as refused:
            await container.create_item({"id": "large", "text": "x" * 200_000})

        # Then it is refused, what was there can be read, and with room again writing works
        assert refused.value.status_code == 507
        assert (await container.read_item("kept", "kept"))["id"] == "kept"
        cosmos.catalog.connection.execute("PRAGMA max_page_count=1000000")
        await container.create_item({"id": "large", "text": "x" * 200_000})
    assert "attention: " in caplog.text
