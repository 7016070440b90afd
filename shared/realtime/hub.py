"""Web PubSub: who may connect, who belongs to which group, and sending events."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from azure.core.exceptions import AzureError, ResourceNotFoundError
from azure.messaging.webpubsubservice.aio import WebPubSubServiceClient
from pydantic import BaseModel

from shared.errors import Unavailable
from shared.models.base import now
from shared.models.events import SocketAccess
from shared.realtime import groups

if TYPE_CHECKING:
    from azure.core.credentials import AzureKeyCredential
    from azure.core.credentials_async import AsyncTokenCredential

log = logging.getLogger(__name__)


class Hub:
    """One hub of a Web PubSub resource. Built on the event loop that uses it."""

    def __init__(
        self, endpoint: str, name: str, credential: AzureKeyCredential | AsyncTokenCredential, seconds: float
    ) -> None:
        self._client = WebPubSubServiceClient(
            endpoint, name, credential, connection_timeout=seconds, read_timeout=seconds
        )
        self._name = name
        self._seconds = seconds

    async def access(self, account_id: str, member_of: list[str], minutes: int) -> SocketAccess:
        """An address that one account can connect to; the connection begins in these groups and its own.

        It carries no role: a client can send events to us, and neither join a group nor publish to one.
        """
        ends: datetime = now() + timedelta(minutes=minutes)
        async with asyncio.timeout(self._seconds):
            token = await self._client.get_client_access_token(
                user_id=account_id, groups=[*member_of, groups.person(account_id)], minutes_to_expire=minutes
            )
        return SocketAccess(url=token["url"], hub=self._name, expires_at=ends)

    async def publish(self, event: BaseModel, *to: str) -> None:
        """Sends an event to groups. What is stored is stored: a failure is logged, and readers catch up by seq."""
        body = event.model_dump(mode="json")
        await self._attempt("publish", *(self._client.send_to_group(group, body) for group in to))

    async def watch(self, connection_id: str, conversation_id: str, watching: bool) -> None:
        """Lets one connection of an agent begin or end receiving what happens in a conversation."""
        group = groups.agent_side(conversation_id)
        if watching:
            call = self._client.add_connection_to_group(group, connection_id)
        else:
            call = self._client.remove_connection_from_group(group, connection_id)
        await self._attempt("watch", call)

    async def join(self, account_id: str, conversation_id: str) -> None:
        """Puts every connection of an agent into a conversation's group, as a claim does."""
        await self._attempt("join", self._client.add_user_to_group(groups.agent_side(conversation_id), account_id))

    async def leave(self, account_id: str, conversation_id: str) -> None:
        """Takes every connection of an agent out of a conversation's group."""
        await self._attempt(
            "leave", self._client.remove_user_from_group(groups.agent_side(conversation_id), account_id)
        )

    async def _attempt(self, purpose: str, *calls: Awaitable[Any]) -> None:
        try:
            async with asyncio.timeout(self._seconds):
                results = await asyncio.gather(*calls, return_exceptions=True)
        except TimeoutError:
            log.warning("web pubsub: %s took longer than %s s", purpose, self._seconds)
            return
        for result in results:
            if isinstance(result, ResourceNotFoundError):
                continue  # nobody of that name is connected, so there is nothing to be told
            if isinstance(result, AzureError):
                log.warning("web pubsub: %s failed: %s", purpose, type(result).__name__)
            elif isinstance(result, BaseException):
                raise result

    async def check(self) -> None:
        """Asks whether the hub answers. Raises Unavailable."""
        try:
            async with asyncio.timeout(self._seconds):
                await self._client.group_exists(groups.QUEUE)
        except (AzureError, TimeoutError) as error:
            raise Unavailable("Web PubSub does not answer.") from error

    async def close(self) -> None:
        """Gives the connections back."""
        await self._client.close()
