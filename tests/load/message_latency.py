"""From the customer's request to the agent's socket."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, field

import aiohttp

from local.demo.people import Agent, Customer
from local.stack import running_stack
from local.stack.commands import ROOT
from local.stack.settings import demo_accounts, sample_settings
from tests.load.options import Options
from tests.load.report import Row
from tests.load.texts import ENGLISH, PORTUGUESE, message

WARM_UP = 20
"""Messages before the measuring starts: models are loaded, connections open, code compiled."""

GOAL_EVENT = 60.0
GOAL_ANALYSED = 400.0


@dataclass
class Times:
    """In milliseconds, one of each for every message."""

    answered: list[float] = field(default_factory=list)
    on_screen: list[float] = field(default_factory=list)
    analysed: list[float] = field(default_factory=list)


async def measure(options: Options) -> list[Row]:
    """English first, for which the goals stand; then Portuguese, which is translated too."""
    account = next(one for one in demo_accounts(sample_settings(ROOT)) if one.role == "agent")
    async with running_stack() as stack, aiohttp.ClientSession() as http:
        agent = await Agent.log_in(http, stack.site_url, account.username, account.password)
        await agent.connect()
        english = await _conversation(http, stack.site_url, agent, "en", ENGLISH, options.messages)
        portuguese = await _conversation(http, stack.site_url, agent, "pt", PORTUGUESE, options.messages)
        await agent.disconnect()
    return [
        Row.of_times("request to message.created, English", english.on_screen, GOAL_EVENT),
        Row.of_times("request to message.analyzed, English", english.analysed, GOAL_ANALYSED),
        Row.of_times("request to its own answer, English", english.answered),
        Row.of_times("request to message.created, Portuguese", portuguese.on_screen),
        Row.of_times("request to message.analyzed, Portuguese", portuguese.analysed),
        Row.of_times("request to its own answer, Portuguese", portuguese.answered),
    ]


async def _conversation(
    http: aiohttp.ClientSession, site_url: str, agent: Agent, language: str, texts: tuple[str, ...], count: int
) -> Times:
    customer = await Customer.arrive(http, site_url, "Customer of the benchmark", language)
    await agent.watch(customer.conversation_id)
    await agent.claim(customer.conversation_id)
    for number in range(WARM_UP):
        await _one_message(customer, agent, message(texts, number), Times())
    times = Times()
    for number in range(WARM_UP, WARM_UP + count):
        await _one_message(customer, agent, message(texts, number), times)
    return times


async def _one_message(customer: Customer, agent: Agent, text: str, times: Times) -> None:
    identifier = str(uuid.uuid4())
    since = len(agent.arrivals)

    def is_it(event: dict[str, dict[str, object]]) -> bool:
        return event["message"]["client_message_id"] == identifier

    began = time.perf_counter()
    await customer.write(text, identifier)
    answered = time.perf_counter()
    created = await agent.arrival("message.created", is_it, since=since)
    analysed = await agent.arrival("message.analyzed", is_it, since=since)
    times.answered.append((answered - began) * 1000)
    times.on_screen.append((created.at - began) * 1000)
    times.analysed.append((analysed.at - began) * 1000)
