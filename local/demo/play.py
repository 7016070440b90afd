"""The play: two customers, one agent, two languages, a lost connection, and a look at whether all came through."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass, field

import aiohttp

from local.demo.checks import problems_of
from local.demo.people import Agent, CallFailed, Customer, Json
from local.demo.screen import Screen, Stopwatch, stopwatch
from local.stack.settings import DemoAccount

ENGLISH = (
    "Hello! I was charged twice for order A-1042 and I would like my money back, please.",
    "Thank you. When will the refund arrive on my card? I am really annoyed about this.",
)
PORTUGUESE = (
    "Olá! Onde está a minha encomenda? Já devia ter chegado na segunda-feira.",
    "Está bem, muito obrigado pela ajuda!",
)
COLOURS = {"en": "green", "pt": "magenta"}
REPLY_WHILE_AWAY = "I have asked the carrier where your parcel is and will tell you as soon as I know."


@dataclass
class Scene:
    """One customer's conversation, with the ids of all that was sent in it."""

    customer: Customer
    name: str
    colour: str
    sent: list[str] = field(default_factory=list)
    clicked: dict[str, Stopwatch] = field(default_factory=dict)
    """Runs since the customer sent the message."""

    @property
    def conversation_id(self) -> str:
        """The conversation's id."""
        return self.customer.conversation_id


class Play:
    """Plays on a running stack and shows what happens."""

    def __init__(self, http: aiohttp.ClientSession, site_url: str, accounts: list[DemoAccount], screen: Screen) -> None:
        self._http = http
        self._site_url = site_url
        self._agents = [account for account in accounts if account.role == "agent"]
        self._screen = screen
        self._agent: Agent
        self._problems: list[str] = []

    async def run(self) -> list[str]:
        """Play it all; what went wrong, a line each. Raises CallFailed or NothingArrived where it cannot go on."""
        screen = self._screen
        screen.heading("The agent takes a seat")
        first = self._agents[0]
        with screen.timed(f"{first.username} logs in"):
            self._agent = await Agent.log_in(self._http, self._site_url, first.username, first.password)
        with screen.timed("the desk opens its live connection"):
            await self._agent.connect()
        people: list[Customer] = []
        try:
            english = await self._conversation("English-speaking customer", "Customer", "en", ENGLISH)
            people.append(english.customer)
            await self._second_claim(english)
            portuguese = await self._conversation("Portuguese-speaking customer", "Cliente", "pt", PORTUGUESE)
            people.append(portuguese.customer)
            await self._lost_connection(portuguese)
            screen.heading("Both are helped")
            for scene in (english, portuguese):
                await self._resolve(scene)
            await self._look_back(english, portuguese)
        finally:
            await asyncio.gather(*(person.disconnect() for person in (self._agent, *people)))
        return self._problems

    async def _conversation(self, name: str, full_name: str, language: str, texts: tuple[str, str]) -> Scene:
        """A customer writes, the agent claims and answers with a suggestion, the customer writes again."""
        self._screen.heading(f"The {name}")
        with self._screen.timed(f"{name} begins a session"):
            customer = await Customer.arrive(self._http, self._site_url, full_name, language)
        scene = Scene(customer, name, COLOURS[language])
        with self._screen.timed("the page opens its live connection"):
            await customer.connect()
        await self._write(scene, texts[0])
        await self._claim(scene)
        await self._answer_with_suggestion(scene, language)
        await self._write(scene, texts[1], watched=True)
        await self._analysed(scene, scene.sent[-1])
        return scene

    async def _write(self, scene: Scene, text: str, *, watched: bool = False) -> None:
        """The customer writes, twice the same as after a lost answer, and the agent's screen shows it once."""
        since = len(self._agent.arrivals)
        identifier = str(uuid.uuid4())
        scene.sent.append(identifier)
        watch = scene.clicked[identifier] = stopwatch()
        answer = await scene.customer.write(text, identifier)
        self._screen.step("stored and quickly read", watch.milliseconds())
        self._screen.said(scene.name, text, scene.colour)
        self._screen.understood(answer["analysis"])
        if watched:
            arrival = await self._agent.arrival(
                "message.created", lambda event: event["message"]["client_message_id"] == identifier, since=since
            )
            self._screen.step(
                "on the agent's screen, counted from the customer's click", watch.milliseconds(arrival.at)
            )
        else:
            queue = ("conversation.updated", "conversation.reopened", "conversation.escalated")
            arrival = await self._agent.arrival(
                queue, lambda event: event["conversation"]["id"] == scene.conversation_id, since=since
            )
            self._screen.step("in the agents' queue, counted from the customer's click", watch.milliseconds(arrival.at))
        again = await scene.customer.write(text, identifier)
        if again["message"]["seq"] != answer["message"]["seq"]:
            self._problems.append(f"a repeated request stored message {identifier} a second time")

    async def _claim(self, scene: Scene) -> None:
        with self._screen.timed("the agent looks at the conversation"):
            await self._agent.watch(scene.conversation_id)
        await self._analysed(scene, scene.sent[0])
        watch = stopwatch()
        await self._agent.claim(scene.conversation_id)
        self._screen.step("the agent claims it", watch.milliseconds())
        arrival = await scene.customer.arrival("conversation.assigned")
        who = arrival.event["conversation"]["assigned_agent_name"]
        self._screen.step(f"the customer sees that {who} is there", watch.milliseconds(arrival.at))

    async def _analysed(self, scene: Scene, identifier: str) -> None:
        """Wait until the agent has the whole analysis of a message, and show it."""
        message = await self._agent.message(
            scene.conversation_id,
            lambda one: one["client_message_id"] == identifier and one["analysis_state"] == "complete",
            f"complete analysis of message {identifier}",
        )
        told = (one for one in self._agent.arrivals if one.event["type"] == "message.analyzed")
        at = next((one.at for one in told if one.event["message"]["id"] == message["id"]), None)
        text = "the whole analysis on the agent's screen" if at else "the whole analysis was there already"
        self._screen.step(f"{text}, counted from the customer's click", scene.clicked[identifier].milliseconds(at))
        self._screen.understood(message)
        self._screen.suggestions(message["suggestions"])

    async def _answer_with_suggestion(self, scene: Scene, language: str) -> None:
        message = await self._agent.message(
            scene.conversation_id,
            lambda one: any(suggestion["kind"] == "reply" for suggestion in one["suggestions"]),
            "suggested reply",
        )
        suggestion = next(one for one in message["suggestions"] if one["kind"] == "reply")
        await self._reply(scene, suggestion["text"], suggestion["id"])
        read = await self._arrived_reply(scene)
        translation = read.get("translation") or {}
        if language != "en" and translation.get("state") != "translated":
            self._problems.append(f"the {scene.name} did not get the reply in their language: {translation or 'none'}")

    async def _reply(self, scene: Scene, text: str, suggestion_id: str | None = None) -> None:
        watch = stopwatch()
        reply = (await self._agent.reply(scene.conversation_id, text, suggestion_id))["message"]
        scene.sent.append(reply["client_message_id"])
        self._screen.step("the agent sends a reply", watch.milliseconds())
        self._screen.said("Agent", text, "yellow")

    async def _arrived_reply(self, scene: Scene) -> Json:
        """The customer's copy of the latest reply, shown as the customer reads it."""
        identifier = scene.sent[-1]
        message = await scene.customer.message(
            scene.conversation_id, lambda one: one["client_message_id"] == identifier, "reply on the customer's screen"
        )
        translation = message.get("translation") or {}
        if translation.get("state") == "translated":
            self._screen.said(f"{scene.name} reads", translation["text"], scene.colour)
            self._screen.note(f"translated by {translation['engine']} in {translation['latency_ms']:.1f} ms")
        else:
            self._screen.said(f"{scene.name} reads", message["text_content"], scene.colour)
        return message

    async def _second_claim(self, scene: Scene) -> None:
        """Another agent claims what is taken, and is told who has it."""
        if len(self._agents) < 2:
            return
        other = self._agents[1]
        agent = await Agent.log_in(self._http, self._site_url, other.username, other.password)
        watch = stopwatch()
        try:
            await agent.claim(scene.conversation_id)
        except CallFailed as refused:
            self._screen.step(
                f"{other.username} claims it too and hears: {refused.problem.get('detail')}", watch.milliseconds()
            )
            if refused.problem.get("assigned_agent") != self._agent.account["id"]:
                self._problems.append(f"the second claim was refused without naming who has it: {refused}")
        else:
            self._problems.append("two agents got the same conversation")

    async def _lost_connection(self, scene: Scene) -> None:
        """The customer's connection is lost, a reply is sent meanwhile, and the customer catches up."""
        self._screen.heading("The customer's connection is lost for a moment")
        await scene.customer.disconnect()
        self._screen.note("the live connection of the customer is closed")
        await self._reply(scene, REPLY_WHILE_AWAY)
        last = scene.customer.thread(scene.conversation_id).last_seq
        with self._screen.timed("the customer is back on the live connection"):
            await scene.customer.connect()
        with self._screen.timed(f"the customer asked for what came after message {last}"):
            missed = await scene.customer.catch_up(scene.conversation_id)
        if scene.sent[-1] not in [message["client_message_id"] for message in missed]:
            self._problems.append("the reply that was sent meanwhile is missing after the reconnect")
        await self._arrived_reply(scene)

    async def _resolve(self, scene: Scene) -> None:
        watch = stopwatch()
        await self._agent.resolve(scene.conversation_id)
        arrival = await scene.customer.arrival("conversation.resolved")
        self._screen.step(f"resolved, and the {scene.name} sees it", watch.milliseconds(arrival.at))

    async def _look_back(self, *scenes: Scene) -> None:
        """Compare what was sent with what is stored and with what each side saw."""
        for scene in scenes:
            for person, who in ((self._agent, "the agent"), (scene.customer, f"the {scene.name}")):
                missed = await person.catch_up(scene.conversation_id)
                self._problems += [f"{who} was not told of message {message['id']}" for message in missed]
            path = f"chat/conversations/{scene.conversation_id}/messages"
            stored = (await self._agent.call("GET", path, after_seq=0))["messages"]
            views = {
                f"the agent's view of the {scene.name}": self._agent.thread(scene.conversation_id),
                f"the {scene.name}'s own view": scene.customer.thread(scene.conversation_id),
            }
            self._problems += problems_of(scene.sent, stored, views)
            self._screen.note(f"{scene.name}: {len(scene.sent)} messages sent, {len(stored)} stored")
