"""Azure AI Language, `POST /language/:analyze-text`: finds in the texts what the test says is in them."""

from __future__ import annotations

import re
from typing import Any

from tests.fakes.core import Answer, Fake, Json, Recorded

_RESULTS = {
    "LanguageDetection": "LanguageDetectionResults",
    "SentimentAnalysis": "SentimentAnalysisResults",
    "EntityRecognition": "EntityRecognitionResults",
    "PiiEntityRecognition": "PiiEntityRecognitionResults",
    "KeyPhraseExtraction": "KeyPhraseExtractionResults",
}


class FakeLanguage(Fake):
    """Knows the words it is given; everything else is plain English and neutral."""

    def __init__(self) -> None:
        super().__init__()
        self.languages: dict[str, tuple[str, float]] = {}
        """Code and confidence of each text that is not English beyond doubt."""
        self.sentiments: dict[str, tuple[str, tuple[float, float, float]]] = {}
        """Label, and scores for positive, neutral and negative, of each text that is not neutral."""
        self.names: dict[str, str] = {}
        """The `Category` or `Category.Subcategory` of each word or phrase that is an entity."""
        self.refused: dict[str, str] = {}
        """The error code of each language whose documents are refused."""

    def answer(self, request: Recorded) -> Answer:
        """The results of the kind asked for, or the error of a wrong request."""
        if request.path != "/language/:analyze-text" or request.query.get("api-version") != "2023-04-01":
            return Answer.of({"error": {"code": "NotFound", "message": "no such resource"}}, 404)
        kind = request.body["kind"]
        documents: list[Json] = []
        errors: list[Json] = []
        for document in request.body["analysisInput"]["documents"]:
            code = self.refused.get(document.get("language", ""))
            if code is None:
                documents.append({"id": document["id"], "warnings": [], **self._read(kind, document["text"])})
            else:
                inner = {"code": code, "message": f"refused: {document['text']}"}
                error = {"code": "InvalidArgument", "message": "Invalid document.", "innererror": inner}
                errors.append({"id": document["id"], "error": error})
        results = {"documents": documents, "errors": errors, "modelVersion": "2022-11-01"}
        return Answer.of({"kind": _RESULTS[kind], "results": results})

    def _read(self, kind: str, text: str) -> dict[str, Any]:
        if kind == "LanguageDetection":
            code, confidence = self.languages.get(text, ("en", 0.99))
            return {"detectedLanguage": {"name": code, "iso6391Name": code, "confidenceScore": confidence}}
        if kind == "SentimentAnalysis":
            return self._sentiment(text)
        if kind == "KeyPhraseExtraction":
            return {"keyPhrases": [name for name in self.names if name in text]}
        entities = self._entities(text)
        if kind == "PiiEntityRecognition":
            redacted = text
            for each in entities:
                end = each["offset"] + each["length"]
                redacted = redacted[: each["offset"]] + "*" * each["length"] + redacted[end:]
            return {"redactedText": redacted, "entities": entities}
        return {"entities": entities}

    def _sentiment(self, text: str) -> dict[str, Any]:
        label, (positive, neutral, negative) = self.sentiments.get(text, ("neutral", (0.01, 0.98, 0.01)))
        scores = {"positive": positive, "neutral": neutral, "negative": negative}
        sentence = {"sentiment": label, "confidenceScores": scores, "offset": 0, "length": len(text), "text": text}
        return {"sentiment": label, "confidenceScores": scores, "sentences": [sentence]}

    def _entities(self, text: str) -> list[dict[str, Any]]:
        found = []
        for name, kind in self.names.items():
            category, _, subcategory = kind.partition(".")
            for match in re.finditer(re.escape(name), text):
                entity = {
                    "text": match[0],
                    "category": category,
                    "offset": match.start(),
                    "length": len(match[0]),
                    "confidenceScore": 0.9,
                }
                found.append(entity | ({"subcategory": subcategory} if subcategory else {}))
        return sorted(found, key=lambda each: int(each["offset"]))
