"""What the engines' contract tests share."""

from __future__ import annotations

from shared.engines.chain import NotServed
from shared.engines.sentiment import SentimentEngine
from shared.models.analysis import SentimentLabel, SentimentResult
from tests.fakes.core import Answer, Behaviour, Json, answers, breaks_off, fails, hangs, resets, truncates
from tests.fakes.language import FakeLanguage

KEY = "key-that-must-not-be-told"
SECRET = "My card 4111 1111 1111 1111 was charged twice"

TIMEOUT = 30.0
"""Seconds an SDK may take for a call; only what hangs takes them, and what hangs is called with less."""

NOT_RETRIED = {
    "an HTTP 401": (fails(401), "HTTP 401"),
    "an HTTP 400": (fails(400), "HTTP 400"),
    "truncated JSON": (truncates, "unreadable answer"),
    "another shape": (answers(Answer.of({"greeting": "hello"})), "unreadable answer"),
    "a list for an object": (answers(Answer.of([1, 2, 3])), "unreadable answer"),
    "an empty body": (answers(Answer(b"")), "unreadable answer"),
    "nesting without an end": (answers(Answer(b"[" * 100_000)), "unreadable answer"),
    "bytes that are no text": (answers(Answer(b"\xff\xfe\x00\x9f")), "unreadable answer"),
}

RETRIED = {
    "an HTTP 408": (fails(408), "HTTP 408"),
    "an HTTP 429": (fails(429), "HTTP 429"),
    "an HTTP 500": (fails(500), "HTTP 500"),
    "an HTTP 503": (fails(503), "HTTP 503"),
    "a connection reset": (resets, "connection lost"),
    "an answer that breaks off": (breaks_off, "connection lost"),
}

FAILURES: dict[str, tuple[Behaviour, str]] = NOT_RETRIED | RETRIED
"""Each way to fail, with the reason that is told of it."""

__all__ = ["FAILURES", "KEY", "NOT_RETRIED", "RETRIED", "SECRET", "TIMEOUT", "LastResort", "hangs"]


class LastResort:
    """An embedded engine that finds everything neutral."""

    name = "last-resort"

    def __init__(self) -> None:
        self.asked = 0

    async def score(self, text: str, *, language: str | None) -> SentimentResult:
        self.asked += 1
        if language == "tlh":
            raise NotServed
        scores = {label: float(label is SentimentLabel.NEUTRAL) for label in SentimentLabel}
        return SentimentResult(engine=self.name, sentiment=SentimentLabel.NEUTRAL, confidence=1.0, scores=scores)


_: SentimentEngine = LastResort()


def sent_texts(fake: FakeLanguage) -> list[str]:
    """The text of every document, in the order in which they came."""
    return [document["text"] for request in fake.requests for document in request.body["analysisInput"]["documents"]]


def an_answer(kind: str, document: Json) -> Answer:
    """An answer for the only document of a request."""
    results = {"documents": [{"id": "0", "warnings": [], **document}], "errors": [], "modelVersion": "2022-11-01"}
    return Answer.of({"kind": kind, "results": results})
