"""The Gemini API: generateContent, streamGenerateContent, countTokens, batchEmbedContents, models."""

from __future__ import annotations

import json
import re

from tests.fakes.core import Answer, Fake, Json, Recorded

_PATH = re.compile(r"(?:/[^/]+)*?/(?:v1|v1beta)/models(?:/(?P<model>[^/:]+)(?::(?P<verb>\w+))?)?")

MODEL = "gemini-fake"


class FakeGemini(Fake):
    """Says what it is told to say."""

    def __init__(self) -> None:
        super().__init__()
        self.says: str = "ok"
        """The text of the next answers."""
        self.says_in_turn: list[str] = []
        """Texts that are said first, one each."""
        self.says_when_asked_for: dict[str, str] = {}
        """Texts for questions whose answer is to have that field, such as `replies`."""
        self.blocked: bool = False
        """Whether the prompt is refused for safety."""
        self.finish_reason = "STOP"
        """With `SAFETY` the answer has no content."""
        self.usage: Json = {"promptTokenCount": 7, "candidatesTokenCount": 3, "totalTokenCount": 10}
        """What each answer is said to cost; null tells nothing."""

    def answer(self, request: Recorded) -> Answer:
        """The answer to the verb, or 404."""
        match = _PATH.fullmatch(request.path)
        verb = match["verb"] if match else None
        if match and match["model"] is None:
            return Answer.of({"models": [{"name": f"models/{MODEL}", "displayName": "Fake"}]})
        if verb == "generateContent":
            return Answer.of(self._generated(self._said(request.body)))
        if verb == "streamGenerateContent":
            words = re.findall(r"\s*\S+|\s+$", self._said(request.body))
            chunks = [self._generated(word) for word in words]
            body = "".join(f"data: {json.dumps(chunk)}\r\n\r\n" for chunk in chunks)
            return Answer(body.encode(), content_type="text/event-stream")
        if verb == "countTokens":
            return Answer.of({"totalTokens": len(_words(request.body))})
        if verb == "batchEmbedContents":
            return Answer.of({"embeddings": [_embedding(each) for each in request.body["requests"]]})
        error = {"code": 404, "message": f"{request.path} is not found", "status": "NOT_FOUND"}
        return Answer.of({"error": error}, 404)

    def _said(self, body: Json) -> str:
        if self.says_in_turn:
            return self.says_in_turn.pop(0)
        asked_for = body.get("generationConfig", {}).get("responseSchema", {}).get("properties", {})
        return next((text for field, text in self.says_when_asked_for.items() if field in asked_for), self.says)

    def _generated(self, text: str) -> Json:
        usage = {} if self.usage is None else {"usageMetadata": self.usage}
        if self.blocked:
            return {"promptFeedback": {"blockReason": "SAFETY", "safetyRatings": []}, **usage}
        content = {} if self.finish_reason == "SAFETY" else {"content": {"role": "model", "parts": [{"text": text}]}}
        candidate = content | {"finishReason": self.finish_reason, "index": 0, "safetyRatings": []}
        return {"candidates": [candidate], **usage, "modelVersion": MODEL, "responseId": "fake"}


def data_of(request: Recorded) -> Json:
    """The data that the model was given: the only place where a customer's words may stand."""
    return json.loads(request.body["contents"][0]["parts"][0]["text"])


def _words(body: Json) -> list[str]:
    return [word for content in body["contents"] for part in content["parts"] for word in part["text"].split()]


def _embedding(request: Json) -> Json:
    """The same numbers for the same text."""
    text = "".join(part["text"] for part in request["content"]["parts"])
    size = request.get("outputDimensionality", 768)
    return {"values": [(hash_of(text) >> (place % 32) & 1) - 0.5 for place in range(size)]}


def hash_of(text: str) -> int:
    """A number that is the same in every process."""
    total = 0
    for character in text:
        total = (total * 31 + ord(character)) % 2**32
    return total
