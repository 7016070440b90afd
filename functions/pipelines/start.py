"""Starting pipelines from the triggers that need them."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from azure.durable_functions import DurableOrchestrationClient

    from shared.models.message import Message

log = logging.getLogger(__name__)

START_SECONDS = 5.0
"""How long a caller waits for the start; what was not started the sweep starts later."""


class Pipelines:
    """Starts orchestrations. An id of a running one is refused by the host, so nothing runs twice at once."""

    def __init__(self, client: DurableOrchestrationClient) -> None:
        self._client = client

    async def start_message(self, message: Message) -> None:
        """Starts the deep analysis of a stored message. A failure is logged: the sweep finds the message."""
        work = {"conversation_id": message.conversation_id, "message_id": message.id}
        await self._start("message", message.id, work)

    async def restart_message(self, message: Message) -> bool:
        """Starts the analysis again unless it is on its way; tells whether it did."""
        lost = not await self._is_under_way(message.id)
        if lost:
            await self.start_message(message)
        return lost

    async def start_intent_training(self, version: str) -> None:
        """Starts the training of an intent model. A failure is logged: the sweep finds the model."""
        await self._start("intent_training", version, version)

    async def restart_intent_training(self, version: str) -> bool:
        """Starts the training again unless it is on its way; tells whether it did."""
        lost = not await self._is_under_way(version)
        if lost:
            await self.start_intent_training(version)
        return lost

    async def _start(self, pipeline: str, instance_id: str, given: object) -> None:
        try:
            async with asyncio.timeout(START_SECONDS):
                await self._client.start_new(pipeline, instance_id=instance_id, client_input=given)
        except Exception as error:  # the client raises plain Exception for every refusal
            log.warning("the pipeline %s of %s was not started: %s", pipeline, instance_id, type(error).__name__)

    async def _is_under_way(self, instance_id: str) -> bool:
        async with asyncio.timeout(START_SECONDS):
            status = await self._client.get_status(instance_id)
        return status is not None and status.runtime_status is not None and status.runtime_status.name in _UNDER_WAY


_UNDER_WAY = {"Running", "Pending", "ContinuedAsNew", "Suspended"}
