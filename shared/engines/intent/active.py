"""The intent model that is active now: looked for in the background, and exchanged while requests are served."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from typing import Protocol

from shared.engines.embedding import EmbeddingEngine
from shared.engines.intent.catalogue import INTENTS
from shared.engines.intent.linear import LinearIntent
from shared.engines.intent.model import from_bytes
from shared.errors import DomainError
from shared.models.analysis import IntentResult
from shared.models.intents import SHIPPED, ActiveIntentModel

log = logging.getLogger(__name__)

LOOK_SECONDS = 60.0
"""Time limit of one look, with the download of a model."""


class ActiveModels(Protocol):
    """Where the active model is found."""

    async def active(self) -> ActiveIntentModel | None:
        """Which model is active; None when nobody ever chose one."""

    async def model(self, active: ActiveIntentModel) -> bytes:
        """Its file."""


class ActiveIntent:
    """Classifies with the active model. Until it is known and loaded, and when it cannot be, the one before serves;
    the first is the shipped one.

    A request never waits for the look: it starts one when the last is `refresh_seconds` old, so that an idle worker
    asks for nothing.
    """

    def __init__(
        self,
        embedding: EmbeddingEngine,
        models: ActiveModels,
        *,
        refresh_seconds: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._embedding = embedding
        self._models = models
        self._refresh_seconds = refresh_seconds
        self._clock = clock
        self._shipped = LinearIntent(embedding)
        self._serving = self._shipped
        self._version = SHIPPED
        self._known: Mapping[str, str] = INTENTS
        self._due_at = clock()
        self._looking: asyncio.Task[None] | None = None
        self._problem: str | None = None

    @property
    def name(self) -> str:
        """`linear` for the shipped model, else `linear:VERSION`."""
        return self._serving.name

    @property
    def is_shipped(self) -> bool:
        """Whether the shipped model serves now."""
        return self._version == SHIPPED

    def intents(self) -> Mapping[str, str]:
        """The intents of the model that serves now, with what each means as far as its name tells."""
        return self._known

    async def classify(self, text: str) -> IntentResult:
        """The intent of an English text. Raises as LinearIntent does."""
        if self._clock() >= self._due_at and (self._looking is None or self._looking.done()):
            self._due_at = self._clock() + self._refresh_seconds
            self._looking = asyncio.create_task(self.look())
        return await self._serving.classify(text)

    async def look(self) -> None:
        """Serve what is active from now on. Raises nothing: what fails leaves everything as it was."""
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                await self._follow(await self._models.active())
        except DomainError as error:
            self._failed(error.detail)
        except Exception as error:  # whatever it is, the model at hand goes on serving
            self._failed(type(error).__name__)
        else:
            self._problem = None

    async def _follow(self, active: ActiveIntentModel | None) -> None:
        version = SHIPPED if active is None else active.version
        if version == self._version:
            return
        engine, known = self._shipped, INTENTS
        if active is not None and version != SHIPPED:
            engine, known = await self._loaded(active)
        self._serving, self._version, self._known = engine, version, known
        log.info("intents are told by model %s", version)

    async def _loaded(self, active: ActiveIntentModel) -> tuple[LinearIntent, dict[str, str]]:
        content = await self._models.model(active)
        model = await asyncio.to_thread(
            from_bytes, content, name=active.version, embedding=self._embedding.name, known=None
        )
        engine = LinearIntent(self._embedding, known=None, model=model)
        engine.name = f"{LinearIntent.name}:{active.version}"
        return engine, {each: INTENTS.get(each, each.replace("_", " ")) for each in model.manifest.intents}

    def _failed(self, problem: str) -> None:
        if problem != self._problem:
            log.warning("the active intent model could not be taken over, %s goes on serving: %s", self.name, problem)
        self._problem = problem
