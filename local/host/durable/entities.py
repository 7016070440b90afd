"""Entities: their operations run in order, one batch at a time for each entity."""

from __future__ import annotations

import json
from typing import Any

from azure.functions import EntityContext

from local.host.durable.events import EventType, dump, event, now
from local.host.durable.functions import ENTITY, Functions
from local.host.durable.pools import logger
from local.host.durable.records import Message
from local.host.durable.store import Store
from local.host.worker import Worker


def entity_id(name: str, key: str) -> str:
    """How an entity is addressed; its name knows no case."""
    return f"@{name.lower()}@{key}"


def request(operation: str, input_text: str | None) -> str:
    """An operation sent by a client: a signal, which gets no reply. `input_text` is JSON."""
    return dump({"op": operation, "signal": True, "input": input_text})


class Entities:
    """Runs batches; never two at once for one entity."""

    def __init__(self, worker: Worker, functions: Functions, store: Store, batch_size: int) -> None:
        self._worker = worker
        self._functions = functions
        self._store = store
        self._batch_size = batch_size

    async def batch(self, identity: str) -> tuple[list[str], list[str]]:
        """Run what waits for the entity. Gives the instances that got replies and the entities that got signals."""
        requests = self._store.requests(identity, self._batch_size)
        if not requests:
            return [], []
        state = self._store.entity_state(identity)
        operations = [operation for _, operation in requests]
        try:
            answer = await self._run(identity, state, operations)
        except Exception as error:
            # The function as a whole failed, not one operation: callers learn it, the state stays as it was.
            logger.warning("entity %s failed: %s", identity, type(error).__name__)
            failed = {"isError": True, "result": dump(f"{type(error).__name__}: {error}")}
            answer = {"results": [failed] * len(operations), "entityExists": state is not None, "entityState": state}
        replies = [
            _reply(operation, result)
            for operation, result in zip(operations, answer["results"], strict=True)
            if not operation["signal"]
        ]
        signals = [
            (entity_id(signal["target"]["name"], signal["target"]["key"]), request(signal["name"], signal["input"]))
            for signal in answer.get("signals", [])
        ]
        new_state = answer["entityState"] if answer["entityExists"] else None
        taken = [number for number, _ in requests]
        reached = self._store.commit_batch(identity, new_state, taken, replies, signals)
        return reached, [target for target, _ in signals]

    async def _run(self, identity: str, state: str | None, operations: list[dict[str, Any]]) -> dict[str, Any]:
        name, key = identity[1:].split("@", 1)
        function = self._functions.find(ENTITY, name)
        if function is None:
            raise LookupError(self._functions.missing(ENTITY, name))
        payload = {
            "self": {"name": name, "key": key},
            "exists": state is not None,
            "state": state,
            "batch": [
                {"name": operation["op"], "input": operation["input"], "isSignal": operation["signal"]}
                for operation in operations
            ],
        }
        text = await self._worker.invoke(function.name, EntityContext(dump(payload)))
        answer: dict[str, Any] = json.loads(text)
        if len(answer["results"]) != len(operations):
            raise ValueError(f"{len(operations)} operations gave {len(answer['results'])} results")
        return answer


def _reply(operation: dict[str, Any], result: dict[str, Any]) -> Message:
    content = {"result": result["result"]}
    if result["isError"]:
        content["exceptionType"] = "Error"
    answer = event(EventType.EVENT_RAISED, at=now(), Name=operation["id"], Input=dump(content))
    return Message(operation["parent"], operation["parentExecution"], answer)
