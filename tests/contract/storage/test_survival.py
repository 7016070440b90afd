"""What becomes of messages and blobs when the host, or the account, goes away in the middle."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.contract.host.running import RunningHost
from tests.contract.storage.world import REAL, World, an_azurite, eventually

pytestmark = pytest.mark.asyncio(loop_scope="session")

MANY = [f"number {number}" for number in range(20)]
FILES = [f"reports/{number}.txt" for number in range(20)]


def kill(host: RunningHost) -> None:
    host.process.kill()
    host.close()


async def until_settled(world: World, blobs: int) -> None:
    """Wait until so many blobs have their receipts and none is worked on: what is cut before that may come twice."""
    receipts = world.blobs.get_container_client("azure-webjobs-hosts")
    prefix = f"blobreceipts/{world.name('contract')}/"

    async def look() -> bool | None:
        names = [name async for name in receipts.list_blob_names(name_starts_with=prefix)]
        return True if len(names) == blobs else None

    await eventually(look, f"the receipts of {blobs} blobs")
    await world.until_empty("azure-webjobs-blobtrigger-contract")


async def test_messages_that_a_killed_host_held_are_worked_on_after_its_restart(own_world: World) -> None:
    own_world.set_sign("gate")
    host = own_world.host()
    host.wait_until_ready()
    await own_world.send("plain", *MANY)
    await own_world.until("plain.begun", lambda lines: len(lines) >= 10)
    kill(host)
    assert own_world.effects("plain") == []

    own_world.set_sign("open")
    again = own_world.host()
    try:
        again.wait_until_ready()

        lines = await own_world.until("plain", lambda lines: len(lines) >= len(MANY))

        assert all(any(f'"{text}"' in line for line in lines) for text in MANY)
        await own_world.until_empty("plain")
    finally:
        again.close()


async def test_blobs_that_a_killed_host_worked_on_are_worked_on_after_its_restart(own_world: World) -> None:
    own_world.set_sign("gate")
    host = own_world.host()
    host.wait_until_ready()
    for name in FILES:
        await own_world.put("in", name, "content")
    await own_world.until("reports.begun", lambda lines: len(lines) >= 5)
    kill(host)
    assert own_world.effects("reports") == []

    own_world.set_sign("open")
    again = own_world.host()
    try:
        again.wait_until_ready()

        wanted = {f"{own_world.name('in')}/{name}" for name in FILES}
        await own_world.until("reports", lambda lines: set(lines) == wanted)
    finally:
        again.close()


async def test_after_a_restart_only_blobs_that_changed_meanwhile_trigger(own_world: World) -> None:
    host = own_world.host()
    host.wait_until_ready()
    await own_world.put("in", "reports/same.txt", "content")
    await own_world.put("in", "reports/changed.txt", "content")
    await own_world.put("events", "event.txt", "event")
    await own_world.until("reports", lambda lines: len(lines) == 2)
    await own_world.until("events", lambda lines: len(lines) == 1)
    await until_settled(own_world, blobs=3)
    host.close()
    await own_world.put("in", "reports/changed.txt", "other content")
    await own_world.put("events", "later.txt", "later")

    again = own_world.host()
    try:
        again.wait_until_ready()

        await own_world.until("reports", lambda lines: sum("changed" in line for line in lines) == 2)
        await own_world.until("events", lambda lines: "later" in lines)
        await own_world.put("in", "reports/witness.txt", "content")
        lines = await own_world.until("reports", lambda lines: any("witness" in line for line in lines))
        assert sum("same" in line for line in lines) == 1
        assert own_world.effects("events") == ["event", "later"]
    finally:
        again.close()


async def test_a_host_that_is_stopped_gives_its_messages_back(own_world: World) -> None:
    own_world.set_sign("gate")
    host = own_world.host()
    host.wait_until_ready()
    await own_world.send("plain", "held")
    await own_world.until("plain.begun", lambda lines: len(lines) == 1)

    host.close()

    assert await own_world.taken("plain") == ["held"]


@pytest.mark.skipif(REAL is not None, reason="a real account is not switched off")
async def test_an_account_that_comes_up_late_is_waited_for_with_one_line(tmp_path: Path) -> None:
    async with an_azurite(tmp_path / "azurite") as (azurite, connection):
        world = World(connection, tmp_path / "world")
        host = world.host()
        try:
            host.wait_until_ready()
            assert "does not answer, trying again" in host.wait_for("the storage of")
            await azurite.start()
            # The next line about it: there is none for each attempt in between.
            assert "answers" in host.wait_for("the storage of")

            await world.send("plain", "late")
            await world.put("events", "late.txt", "late")

            await world.until("plain", lambda lines: len(lines) == 1)
            await world.until("events", lambda lines: lines == ["late"])
        finally:
            host.close()
            await world.close()
