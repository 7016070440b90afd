"""The intent model that is active now: looked for in the background, and exchanged while requests are served."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from typing import Protocol

from shared.engines.chain import NotServed
from shared.engines.embedding import EmbeddingEngine
from shared.engines.intent.catalogue import INTENTS
from shared.engines.intent.linear import LinearIntent
from shared.engines.intent.model import IntentModel, from_bytes
from shared.engines.intent.multilingual import MultilingualIntent
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

    async def multilingual(self, active: ActiveIntentModel) -> bytes | None:
        """The file of its part for other languages; None when it has none."""


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
        multilingual: EmbeddingEngine,
        refresh_seconds: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`multilingual` embeds what nothing translates."""
        self._embedding, self._multilingual = embedding, multilingual
        self._models = models
        self._refresh_seconds = refresh_seconds
        self._clock = clock
        self._shipped = LinearIntent(embedding)
        self._shipped_foreign = MultilingualIntent(multilingual)
        self._serving = self._shipped
        self._foreign: MultilingualIntent | None = self._shipped_foreign
        self._version = SHIPPED
        self._known: Mapping[str, str] = INTENTS
        self._due_at = clock()
        self._looking: asyncio.Task[None] | None = None
        self._problem: str | None = None

    @property
    def name(self) -> str:
        """`linear` for the shipped model, else `linear:VERSION`."""
        return self._serving.name

    def foreign(self) -> MultilingualIntent | None:
        """What tells the same intents of texts that nothing translates; None when the model has no part for them."""
        return self._foreign

    def intents(self) -> Mapping[str, str]:
        """The intents of the model that serves now, with what each means as far as its name tells."""
        return self._known

    async def classify(self, text: str) -> IntentResult:
        """The intent of an English text. Raises as LinearIntent does."""
        self.look_when_due()
        return await self._serving.classify(text)

    def look_when_due(self) -> None:
        """Starts a look when the last is old enough; nobody waits for it."""
        if self._clock() >= self._due_at and (self._looking is None or self._looking.done()):
            self._due_at = self._clock() + self._refresh_seconds
            self._looking = asyncio.create_task(self.look())

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
        if active is None or version == SHIPPED:
            self._serving, self._foreign, self._known = self._shipped, self._shipped_foreign, INTENTS
        else:
            self._serving, self._foreign, self._known = await self._loaded(active)
        self._version = version
        log.info("intents are told by model %s", version)

    async def _loaded(
        self, active: ActiveIntentModel
    ) -> tuple[LinearIntent, MultilingualIntent | None, dict[str, str]]:
        model = await _read(await self._models.model(active), active.version, self._embedding)
        engine = LinearIntent(self._embedding, known=None, model=model)
        engine.name = f"{LinearIntent.name}:{active.version}"
        other, foreign = await self._models.multilingual(active), None
        if other is not None:
            other_model = await _read(other, active.version, self._multilingual)
            foreign = MultilingualIntent(self._multilingual, model=other_model, version=active.version)
        known = {each: INTENTS.get(each, each.replace("_", " ")) for each in model.manifest.intents}
        return engine, foreign, known

    def _failed(self, problem: str) -> None:
        if problem != self._problem:
            log.warning("the active intent model could not be taken over, %s goes on serving: %s", self.name, problem)
        self._problem = problem


async def _read(content: bytes, version: str, embedding: EmbeddingEngine) -> IntentModel:
    return await asyncio.to_thread(from_bytes, content, name=version, embedding=embedding.name, known=None)


class ForeignIntent:
    """The part of the active model that tells intents of texts which nothing translates."""

    def __init__(self, active: ActiveIntent) -> None:
        self._active = active

    @property
    def name(self) -> str:
        """`linear-multilingual` for the shipped model, else with its version."""
        foreign = self._active.foreign()
        return MultilingualIntent.name if foreign is None else foreign.name

    async def classify(self, text: str) -> IntentResult:
        """The intent of a text in any language. Raises NotServed when the active model has no part for them."""
        # A shop may have no English-speaking customers: these texts too find out which model is active.
        self._active.look_when_due()
        foreign = self._active.foreign()
        if foreign is None:
            raise NotServed("intents of one's own in this language")
        return await foreign.classify(text)
