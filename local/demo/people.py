"""People as the system meets them: they call the API, hold a live connection, and see what arrives."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Self, TypeVar

import aiohttp
from azure.messaging.webpubsubclient.aio import WebPubSubClient, WebPubSubClientCredential
from azure.messaging.webpubsubclient.models import (
    CallbackType,
    OnGroupDataMessageArgs,
    OnServerDataMessageArgs,
    WebPubSubDataType,
)

ARRIVAL_LIMIT = 60.0
"""Seconds to wait for an event; the first message of a fresh stack loads every model."""

CALL_LIMIT = 60.0
"""Seconds for one call of the API."""

Json = dict[str, Any]
Found = TypeVar("Found")


class CallFailed(Exception):
    """The API refused; `problem` is its answer."""

    def __init__(self, call: str, status: int, problem: Json) -> None:
        super().__init__(f"{call} answered {status}: {problem.get('detail') or problem.get('title') or problem}")
        self.status = status
        self.problem = problem


class NothingArrived(Exception):
    """An event that was waited for did not come."""


@dataclass(frozen=True)
class Arrival:
    """An event and when it came."""

    event: Json
    at: float
    """Reading of time.perf_counter()."""


@dataclass
class Thread:
    """A conversation as one person sees it: events and answers merged by id, in whatever order they came."""

    messages: dict[str, Json] = field(default_factory=dict)
    announced: dict[str, int] = field(default_factory=dict)
    """How often each message was announced by an event."""

    def merge(self, message: Json) -> None:
        """Take a message in; one that is analysed is never replaced by an earlier copy of itself."""
        known = self.messages.get(message["id"])
        if known is None or known.get("analysis_state") != "complete":
            self.messages[message["id"]] = message

    @property
    def in_order(self) -> list[Json]:
        """The messages by their number."""
        return sorted(self.messages.values(), key=lambda message: message["seq"])

    @property
    def last_seq(self) -> int:
        """The number up to which nothing is missing."""
        numbers = {message["seq"] for message in self.messages.values()}
        last = 0
        while last + 1 in numbers:
            last += 1
        return last


class Person:
    """Someone with a session."""

    def __init__(self, http: aiohttp.ClientSession, site_url: str) -> None:
        self.arrivals: list[Arrival] = []
        self.threads: dict[str, Thread] = {}
        self._http = http
        self._api = f"{site_url}/api/"
        self._token: str | None = None
        self._negotiation: Json = {}
        self._socket: WebPubSubClient | None = None
        self._arrived = asyncio.Condition()

    async def call(self, method: str, path: str, body: Json | None = None, **query: str | int) -> Json:
        """The answer of the API. Raises CallFailed."""
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        limit = aiohttp.ClientTimeout(total=CALL_LIMIT)
        async with self._http.request(
            method, self._api + path, json=body, params=query, headers=headers, timeout=limit
        ) as response:
            answer: Json = await response.json(content_type=None)
            if response.status >= 400:
                raise CallFailed(f"{method} {path}", response.status, answer)
            return answer

    async def connect(self) -> None:
        """Open the live connection; return once it is established."""
        connected = asyncio.Event()

        async def address() -> str:
            return str((await self.call("POST", "realtime/negotiate", self._negotiation))["url"])

        async def established(_: object) -> None:
            connected.set()

        socket = WebPubSubClient(WebPubSubClientCredential(address), reconnect_retry_total=10)
        await socket.subscribe(CallbackType.CONNECTED, established)
        await socket.subscribe(CallbackType.GROUP_MESSAGE, self._receive)
        await socket.subscribe(CallbackType.SERVER_MESSAGE, self._receive)
        self._socket = socket
        await socket.open()
        async with asyncio.timeout(ARRIVAL_LIMIT):
            await connected.wait()

    async def disconnect(self) -> None:
        """Close the live connection."""
        socket, self._socket = self._socket, None
        if socket is not None:
            await socket.close()

    async def tell(self, event: str, content: Json) -> None:
        """Send an event through the live connection; return when the system has handled it."""
        assert self._socket is not None, "connect() comes first"
        await self._socket.send_event(event, content, WebPubSubDataType.JSON)

    async def arrival(
        self, kind: str | Sequence[str], where: Callable[[Json], bool] = lambda _: True, *, since: int = 0
    ) -> Arrival:
        """The first event of one of these types that fits, among those from number `since` on.

        Raises NothingArrived when none comes in time.
        """
        kinds = {kind} if isinstance(kind, str) else set(kind)

        def found() -> Arrival | None:
            fitting = (one for one in self.arrivals[since:] if one.event.get("type") in kinds and where(one.event))
            return next(fitting, None)

        return await self._wait(found, f"no {' or '.join(sorted(kinds))}")

    async def message(self, conversation_id: str, fits: Callable[[Json], bool], what: str) -> Json:
        """The first message of a thread that fits, now or as soon as there is one. Raises NothingArrived."""
        thread = self.thread(conversation_id)
        return await self._wait(lambda: next((one for one in thread.in_order if fits(one)), None), f"no {what}")

    async def catch_up(self, conversation_id: str) -> list[Json]:
        """Ask for what comes after the last message held, merge it, and return it."""
        thread = self.thread(conversation_id)
        missed: list[Json] = []
        more = True
        while more:
            path = f"chat/conversations/{conversation_id}/messages"
            page = await self.call("GET", path, after_seq=missed[-1]["seq"] if missed else thread.last_seq)
            missed += page["messages"]
            more = page["more"]
        for message in missed:
            thread.merge(message)
        async with self._arrived:
            self._arrived.notify_all()
        return missed

    def thread(self, conversation_id: str) -> Thread:
        """A conversation as this person sees it."""
        return self.threads.setdefault(conversation_id, Thread())

    async def _wait(self, found: Callable[[], Found | None], otherwise: str) -> Found:
        try:
            async with asyncio.timeout(ARRIVAL_LIMIT), self._arrived:
                while (result := found()) is None:
                    await self._arrived.wait()
                return result
        except TimeoutError:
            seen = ", ".join(str(one.event.get("type")) for one in self.arrivals[-10:]) or "nothing"
            raise NothingArrived(f"{otherwise} within {ARRIVAL_LIMIT:g} s; the latest events were: {seen}") from None

    async def _receive(self, arrived: OnGroupDataMessageArgs | OnServerDataMessageArgs) -> None:
        event = arrived.data
        self.arrivals.append(Arrival(event, time.perf_counter()))
        message = event.get("message")
        if message is not None:
            thread = self.thread(message["conversation_id"])
            thread.merge(message)
            if event["type"] == "message.created":
                thread.announced[message["id"]] = thread.announced.get(message["id"], 0) + 1
        async with self._arrived:
            self._arrived.notify_all()


class Customer(Person):
    """Someone who writes in."""

    conversation_id: str

    @classmethod
    async def arrive(cls, http: aiohttp.ClientSession, site_url: str, full_name: str, language: str) -> Self:
        """Begin a session, as the page does on the first visit."""
        customer = cls(http, site_url)
        body = {"full_name": full_name, "preferred_lang": language, "source": "web"}
        session = await customer.call("POST", "chat/sessions", body)
        customer._token = session["token"]
        customer.conversation_id = session["conversation"]["id"]
        customer._negotiation = {"conversation_id": customer.conversation_id}
        return customer

    async def write(self, text: str, client_message_id: str | None = None) -> Json:
        """Send a message; the answer holds it with its quick analysis."""
        body = {
            "conversation_id": self.conversation_id,
            "client_message_id": client_message_id or str(uuid.uuid4()),
            "text_content": text,
        }
        return await self.call("POST", "chat/analyze-message", body)


class Agent(Person):
    """Someone at the desk."""

    account: Json

    @classmethod
    async def log_in(cls, http: aiohttp.ClientSession, site_url: str, username: str, password: str) -> Self:
        """Begin a shift. Raises CallFailed for a wrong password."""
        agent = cls(http, site_url)
        session = await agent.call("POST", "accounts/login", {"username": username, "password": password})
        agent._token = session["token"]
        agent.account = session["account"]
        return agent

    async def watch(self, conversation_id: str) -> None:
        """Look at a conversation: receive what happens in it, and fetch what happened before."""
        await self.tell("watch", {"conversation_id": conversation_id, "watching": True})
        await self.catch_up(conversation_id)

    async def claim(self, conversation_id: str) -> Json:
        """Take a conversation. Raises CallFailed (409) when another agent has it."""
        return await self.call("POST", "chat/assign-conversation", {"conversation_id": conversation_id})

    async def reply(self, conversation_id: str, text: str, suggestion_id: str | None = None) -> Json:
        """Answer the customer; the answer holds the message as stored."""
        body: Json = {
            "conversation_id": conversation_id,
            "client_message_id": str(uuid.uuid4()),
            "text_content": text,
        }
        if suggestion_id is not None:
            body["suggestion_id"] = suggestion_id
        return await self.call("POST", "chat/send-agent-message", body)

    async def resolve(self, conversation_id: str) -> Json:
        """Say that the customer has been helped."""
        return await self.call("POST", "chat/resolve-conversation", {"conversation_id": conversation_id})
