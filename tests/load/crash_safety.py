"""The host dies again and again, and no message may be lost, doubled or left half read."""

from __future__ import annotations

import asyncio
import itertools
import random
import uuid
from collections.abc import Callable
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
EARLY_SHARE = 0.2
"""Share of the kills that come before it is known that the message is stored."""

EARLY_KILL = 0.5
"""Seconds after sending within which those come."""

LATE_KILL = 0.5
"""Seconds after the message was stored within which the others come, or just when its analysis is announced."""

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
    account = next(one for one in demo_accounts(sample_settings(ROOT)) if one.role == "agent")
    async with running_stack(environment=SWEEP_OFTEN) as stack, aiohttp.ClientSession() as http:
        agent = await Agent.log_in(http, stack.site_url, account.username, account.password)
        await agent.connect()
        attack = Attack(stack, http, agent, random.Random(options.seed))
        for number in range(options.kills):
            await attack.one_message(number)
        faults = [await _settled(agent, each) for each in attack.written]
        await agent.disconnect()
    messages = sum(len(each.sent) for each in attack.written)
    lines = {name: [line for each in faults for line in getattr(each, name)] for name in Faults.__annotations__}
    for line in itertools.chain(*lines.values()):
        print(line, flush=True)
    return [
        Row.of_count("messages lost, doubled or out of order", len(lines["stored"]), messages),
        Row.of_count("messages without a whole analysis", len(lines["analysis"]), messages),
        Row.of_count("conversations with a missing or doubled ticket", len(lines["tickets"]), len(attack.written)),
        *(Row(f"kills {stage}", str(count), "", "", options.kills) for stage, count in attack.stages.items()),
    ]


class Attack:
    """Writes messages and kills the host while it works on them."""

    def __init__(self, stack: Stack, http: aiohttp.ClientSession, agent: Agent, moments: random.Random) -> None:
        self.written: list[Written] = []
        self.stages = {"before the message was stored": 0, "between storing and finishing": 0, "after finishing": 0}
        self._stack = stack
        self._http = http
        self._agent = agent
        self._moments = moments

    async def one_message(self, number: int) -> None:
        """Send one, kill the host at a random moment, start it again, and see the message answered."""
        if number % KILLS_A_CONVERSATION == 0:
            await self._new_conversation()
        current = self.written[-1]
        texts = PORTUGUESE if len(self.written) % 2 == 0 else ENGLISH
        asks = number % KILLS_A_CONVERSATION == KILLS_A_CONVERSATION // 2
        text = ASKS_FOR_PERSON.format(number=number) if asks else message(texts, number)
        identifier = str(uuid.uuid4())
        current.sent.append(identifier)
        sending = asyncio.create_task(_write_until_stored(current.customer, text, identifier))
        await self._random_moment(identifier, sending)
        self._count_stage(identifier)
        await self._stack.part("host").kill()
        await self._stack.part("host").start()
        await sending

    async def _new_conversation(self) -> None:
        language = "pt" if len(self.written) % 2 else "en"
        customer = await Customer.arrive(self._http, self._stack.site_url, "Customer of the benchmark", language)
        self.written.append(Written(customer))
        await self._agent.watch(customer.conversation_id)

    async def _random_moment(self, identifier: str, sending: asyncio.Task[None]) -> None:
        if self._moments.random() < EARLY_SHARE:
            await asyncio.sleep(self._moments.uniform(0, EARLY_KILL))
            return
        created = asyncio.create_task(self._agent.arrival("message.created", is_about(identifier)))
        analysed = asyncio.create_task(self._agent.arrival("message.analyzed", is_about(identifier)))
        await asyncio.wait({created, sending}, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.wait({analysed}, timeout=self._moments.uniform(0, LATE_KILL))
        for waiting in (created, analysed):
            waiting.cancel()
        await asyncio.gather(created, analysed, return_exceptions=True)

    def _count_stage(self, identifier: str) -> None:
        told = {
            one.event["type"]
            for one in self._agent.arrivals
            if one.event["type"] in {"message.created", "message.analyzed"} and is_about(identifier)(one.event)
        }
        before, between, after = self.stages
        self.stages[after if "message.analyzed" in told else between if told else before] += 1


def is_about(identifier: str) -> Callable[[Json], bool]:
    """Whether an event tells of the message with this client's id."""
    return lambda event: event["message"]["client_message_id"] == identifier


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
