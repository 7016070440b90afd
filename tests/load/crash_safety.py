"""The host dies again and again, and no message may be lost, doubled or left half read."""

from __future__ import annotations

import asyncio
import random
import uuid
from dataclasses import dataclass, field

import aiohttp

from local.demo.checks import problems_of
from local.demo.people import Agent, CallFailed, Customer, Json
from local.stack import Stack, running_stack
from local.stack.commands import ROOT
from local.stack.settings import demo_accounts, sample_settings
from tests.load.options import Options
from tests.load.report import Row
from tests.load.texts import ENGLISH, PORTUGUESE, message

KILLS_A_CONVERSATION = 10
LATEST_KILL = 0.5
"""Seconds after sending; by then a warm host has finished with a message."""

REPEAT_AFTER = 0.2
"""Seconds before a customer's page repeats a request that failed."""

SETTLE_LIMIT = 120.0
"""Seconds after the last kill in which everything must be finished."""

ASKS_FOR_PERSON = "I want to speak to a human agent right now, not to a machine. My order number is {number}."

SWEEP_OFTEN = {"SWEEP_AFTER_SECONDS": "3", "SWEEP_SCHEDULE": "*/2 * * * * *"}
"""What takes a minute in production takes seconds here."""


@dataclass
class Written:
    """A conversation and the client's ids of what was written in it, in order."""

    customer: Customer
    sent: list[str] = field(default_factory=list)


async def measure(options: Options) -> list[Row]:
    """Kill, look, count."""
    moments = random.Random(options.seed)
    account = next(one for one in demo_accounts(sample_settings(ROOT)) if one.role == "agent")
    async with running_stack(environment=SWEEP_OFTEN, without=("azurite",)) as stack, aiohttp.ClientSession() as http:
        written = await _kill_again_and_again(stack, http, options.kills, moments)
        agent = await Agent.log_in(http, stack.site_url, account.username, account.password)
        faults = [await _settled(agent, each) for each in written]
    messages = sum(len(each.sent) for each in written)
    stored_wrong = [line for each in faults for line in each.stored]
    for line in stored_wrong + [line for each in faults for line in each.analysis + each.tickets]:
        print(line, flush=True)
    return [
        Row.of_count("messages lost, doubled or out of order", len(stored_wrong), messages),
        Row.of_count("messages without a whole analysis", sum(len(each.analysis) for each in faults), messages),
        Row.of_count(
            "conversations with a missing or doubled ticket", sum(len(each.tickets) for each in faults), len(written)
        ),
        Row("kills", str(options.kills), "", "", options.kills),
    ]


async def _kill_again_and_again(
    stack: Stack, http: aiohttp.ClientSession, kills: int, moments: random.Random
) -> list[Written]:
    written: list[Written] = []
    for number in range(kills):
        if number % KILLS_A_CONVERSATION == 0:
            language = "pt" if number // KILLS_A_CONVERSATION % 2 else "en"
            written.append(Written(await Customer.arrive(http, stack.site_url, "Customer of the benchmark", language)))
        current = written[-1]
        texts = PORTUGUESE if len(written) % 2 == 0 else ENGLISH
        asks = number % KILLS_A_CONVERSATION == KILLS_A_CONVERSATION // 2
        text = ASKS_FOR_PERSON.format(number=number) if asks else message(texts, number)
        identifier = str(uuid.uuid4())
        current.sent.append(identifier)
        sending = asyncio.create_task(_write_until_stored(current.customer, text, identifier))
        await asyncio.sleep(moments.uniform(0, LATEST_KILL))
        await stack.part("host").kill()
        await stack.part("host").start()
        await sending
    return written


async def _write_until_stored(customer: Customer, text: str, identifier: str) -> None:
    """What the customer's page does: the same request again, until it is answered. Raises CallFailed when refused."""
    while True:
        try:
            await customer.write(text, identifier)
        except CallFailed as failed:
            if failed.status < 500:
                raise
        except aiohttp.ClientError:
            pass
        else:
            return
        await asyncio.sleep(REPEAT_AFTER)


@dataclass
class Faults:
    """What is wrong with one conversation, a line each."""

    stored: list[str]
    analysis: list[str]
    tickets: list[str]


async def _settled(agent: Agent, written: Written) -> Faults:
    """Wait until every message is analysed, as long as it may take, and look at the whole."""
    identifier = written.customer.conversation_id
    messages: list[Json] = []
    try:
        async with asyncio.timeout(SETTLE_LIMIT):
            while True:
                path = f"chat/conversations/{identifier}/messages"
                messages = (await agent.call("GET", path, after_seq=0))["messages"]
                if all(each["analysis_state"] != "pending" for each in messages):
                    break
                await asyncio.sleep(REPEAT_AFTER)
    except TimeoutError:
        pass  # the messages that are still pending are counted below
    tickets = (await agent.call("GET", f"tickets/conversation/{identifier}"))["tickets"]
    asked = len(written.sent) > KILLS_A_CONVERSATION // 2
    return Faults(
        stored=problems_of(written.sent, messages, {}),
        analysis=[f"message {each['id']} is {each['analysis_state']}" for each in messages if not _is_whole(each)],
        tickets=[f"{identifier} has {len(tickets)} tickets"] if len(tickets) != (1 if asked else 0) else [],
    )


def _is_whole(message: Json) -> bool:
    read = all(message[name] is not None for name in ("language", "intent", "sentiment"))
    return message["analysis_state"] == "complete" and read and bool(message["suggestions"])
