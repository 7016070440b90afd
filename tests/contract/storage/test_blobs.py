"""Blob triggers, spoken to through the storage SDK."""

from __future__ import annotations

import aiohttp
import pytest

from tests.contract.host.running import RunningHost
from tests.contract.storage.world import World, as_json

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.usefixtures("host")]


async def test_a_blob_reaches_its_function_with_its_facts_and_tokens(world: World) -> None:
    await world.put("in", "reports/2030/may.v1.csv", "a,b", {"origin": "test"})

    done = as_json(await world.text("done", "2030/may.v1-csv.json"))

    assert done["name"] == f"{world.name('in')}/reports/2030/may.v1.csv"
    assert str(done["uri"]).endswith(f"/{world.name('in')}/reports/2030/may.v1.csv")
    assert (done["content"], done["length"], done["metadata"]) == ("a,b", 3, {"origin": "test"})
    assert done["type"] == "application/octet-stream"


async def test_a_blob_written_again_triggers_again(world: World) -> None:
    name = f"{world.name('in')}/reports/twice.txt"
    await world.put("in", "reports/twice.txt", "first")
    await world.until("reports", lambda lines: lines.count(name) == 1)

    await world.put("in", "reports/twice.txt", "second")

    await world.text("done", "twice-txt.json", holding="second")
    assert world.effects("reports").count(name) == 2


async def test_a_blob_that_does_not_fit_the_path_triggers_nothing(world: World) -> None:
    await world.put("in", "elsewhere/one.txt", "x")
    await world.put("in", "reports/without-a-dot", "x")

    await world.put("in", "reports/witness.txt", "x")

    await world.until("reports", lambda lines: f"{world.name('in')}/reports/witness.txt" in lines)
    assert not any("elsewhere" in line or "without" in line for line in world.effects("reports.begun"))


async def test_a_blob_that_fails_too_often_is_told_of_in_the_poison_queue(world: World) -> None:
    await world.put("in", "reports/bad.txt", "fail this")

    lines = await world.until("poisoned", lambda lines: any("reports/bad.txt" in line for line in lines))

    told = as_json(next(line for line in lines if "reports/bad.txt" in line))
    assert (told["Type"], told["FunctionId"]) == ("BlobTrigger", "Host.Functions.reports")
    assert (told["ContainerName"], told["BlobName"]) == (world.name("in"), "reports/bad.txt")
    assert world.effects("reports.begun").count(f"{world.name('in')}/reports/bad.txt") == 3


async def test_a_receipt_is_kept_for_each_state_of_a_blob(world: World) -> None:
    await world.put("in", "reports/kept.txt", "x")
    await world.until("reports", lambda lines: any("kept.txt" in line for line in lines))
    blob = world.blobs.get_blob_client(world.name("in"), "reports/kept.txt")
    etag = (await blob.get_blob_properties()).etag.strip('"')

    receipts = world.blobs.get_container_client("azure-webjobs-hosts")
    prefix = f"blobreceipts/contract-{world.run}/Host.Functions.reports/{etag}/"
    names = [name async for name in receipts.list_blob_names(name_starts_with=prefix)]

    assert names == [f"{prefix}{world.name('in')}/reports/kept.txt"]


async def test_event_grid_tells_of_blobs_once_for_each_state(world: World) -> None:
    await world.put("events", "one.txt", "first")
    await world.until("events", lambda lines: lines.count("first") == 1)

    await world.put("events", "one.txt", "second")

    await world.until("events", lambda lines: "second" in lines)
    assert world.effects("events").count("first") == 1


WEBHOOK = "/runtime/webhooks/blobs?functionName=Host.Functions.{name}"


async def post(host: RunningHost, content: object, name: str = "events") -> tuple[int, str]:
    async with (
        aiohttp.ClientSession() as session,
        session.post(host.url + WEBHOOK.format(name=name), json=content) as response,
    ):
        return response.status, await response.text()


async def test_event_grid_may_validate_its_subscription(host: RunningHost) -> None:
    kind = "Microsoft.EventGrid.SubscriptionValidationEvent"
    status, text = await post(host, [{"eventType": kind, "data": {"validationCode": "a code"}}])

    assert (status, as_json(text)) == (200, {"validationResponse": "a code"})


async def test_events_that_are_repeated_or_not_meant_are_taken_and_nothing_runs(
    world: World, host: RunningHost
) -> None:
    await world.put("events", "again.txt", "again")
    await world.until("events", lambda lines: "again" in lines)
    url = world.blobs.get_blob_client(world.name("events"), "again.txt").url
    gone = world.blobs.get_blob_client(world.name("events"), "gone.txt").url
    created = "Microsoft.Storage.BlobCreated"

    events = [
        {"eventType": created, "data": {"url": url}},
        {"eventType": created, "data": {"url": gone}},
        {"eventType": created, "data": {"url": url.replace("/events-", "/others-")}},
        {"eventType": "Microsoft.Storage.BlobDeleted", "data": {"url": url}},
    ]

    assert (await post(host, events))[0] == 202
    await world.put("events", "witness.txt", "witness")
    await world.until("events", lambda lines: "witness" in lines)
    assert world.effects("events").count("again") == 1


@pytest.mark.parametrize(
    ("name", "content", "status"),
    [("reports", [], 404), ("nobody", [], 404), ("events", ["x"], 400), ("events", [{"data": 1}], 400)],
)
async def test_what_is_no_event_for_a_function_is_refused(
    host: RunningHost, name: str, content: object, status: int
) -> None:
    assert (await post(host, content, name))[0] == status
