"""Errors as problem details."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from functions.endpoint import problem
from shared.engines.chain import Chain, NoEngineAnswered
from shared.engines.embedding.minilm import MiniLmEmbedding
from shared.engines.intent import IntentEngine
from shared.engines.intent.catalogue import INTENTS
from shared.engines.intent.linear import SHIPPED_MODEL, LinearIntent
from shared.engines.intent.model import ModelFileError, load
from shared.errors import (
    AlreadyAssigned,
    DomainError,
    InvalidRequest,
    NoRoom,
    NotFound,
    TooLarge,
    Unauthenticated,
    Unavailable,
)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (InvalidRequest.of("text_content", "must not be empty"), 400),
        (Unauthenticated("no"), 401),
        (NotFound("no"), 404),
        (AlreadyAssigned("no", assigned_agent="a", assigned_agent_name="Demo Agent"), 409),
        (TooLarge("no"), 413),
        (Unavailable("no"), 503),
        (NoRoom("no"), 507),
    ],
)
def test_every_domain_error_has_its_status_and_code(error: DomainError, status: int) -> None:
    response = problem(error)
    body = json.loads(response.get_body())

    assert response.mimetype == "application/problem+json"
    assert (response.status_code, body["status"], body["code"]) == (status, status, error.code)
    assert body["detail"] == error.detail


def a_model_with_an_intent_nobody_knows(folder: Path) -> Path:
    path = folder / "model.npz"
    with np.load(SHIPPED_MODEL) as shipped:
        arrays = dict(shipped)
    manifest = arrays["manifest"].tobytes().replace(b'"track_order"', b'"read_minds"')
    np.savez(path, allow_pickle=False, **(arrays | {"manifest": np.frombuffer(manifest, dtype=np.uint8)}))
    return path


def test_a_model_file_with_an_unknown_intent_is_a_problem_that_names_the_field(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError) as refused:
        load(a_model_with_an_intent_nobody_knows(tmp_path), embedding=MiniLmEmbedding.name, known=INTENTS)

    body = json.loads(problem(refused.value).get_body())
    assert (body["status"], body["code"]) == (400, "validation")
    assert body["errors"] == [{"field": "manifest.intents", "message": "unknown: read_minds"}]


async def test_the_health_page_says_what_is_wrong_with_a_model_file(tmp_path: Path) -> None:
    engine = LinearIntent(MiniLmEmbedding(), a_model_with_an_intent_nobody_knows(tmp_path))
    chain: Chain[IntentEngine] = Chain("intent", [engine], limit=30, engine_limit=30)

    with pytest.raises(NoEngineAnswered):
        await chain.ask(lambda asked: asked.classify("Where is my order?"))

    assert "read_minds" in (chain.states()[0].problem or "")
