"""Azure Translator in both of its contracts: 2026-06-06, which today's SDK speaks, and v3.0."""

from __future__ import annotations

from collections.abc import Callable

from tests.fakes.core import Answer, Fake, Json, Recorded

LANGUAGES = {
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fil": "Filipino",
    "nb": "Norwegian Bokmål",
    "pt": "Portuguese",
    "pt-pt": "Portuguese (Portugal)",
    "sr-Cyrl": "Serbian (Cyrillic)",
    "sr-Latn": "Serbian (Latin)",
    "zh-Hans": "Chinese Simplified",
    "zh-Hant": "Chinese Traditional",
}


def bracketed(text: str, target: str) -> str:
    """A translation in which everybody sees what was translated, and into what."""
    return f"({target}: {text})"


class FakeTranslator(Fake):
    """Translates with `translation`; what it detects is always English."""

    def __init__(self) -> None:
        super().__init__()
        self.translation: Callable[[str, str], str] = bracketed

    def answer(self, request: Recorded) -> Answer:
        """The answer of the contract that the request speaks."""
        path = request.path.removeprefix("/translator/text").removeprefix("/v2026-06-06")
        if path == "/languages":
            known = {code: {"name": name, "nativeName": name, "dir": "ltr"} for code, name in LANGUAGES.items()}
            return Answer.of({"translation": known, "transliteration": {}, "dictionary": {}})
        if path == "/transliterate":
            script = request.query["toScript"]
            return Answer.of(
                {
                    "value": [
                        {"text": bracketed(each["text"], script), "script": script} for each in request.body["inputs"]
                    ]
                }
            )
        if path != "/translate":
            return Answer.of({"error": {"code": 404000, "message": "no such resource"}}, 404)
        if request.query.get("api-version") == "3.0":
            return self._version_3(request)
        wrong = [item for item in request.body["inputs"] if "language" in item and item["language"] not in LANGUAGES]
        targets = {target["language"] for item in request.body["inputs"] for target in item["targets"]}
        if wrong:
            return _refusal(400035)
        if not targets <= LANGUAGES.keys():
            return _refusal(400036)
        return Answer.of({"value": [self._translated(item) for item in request.body["inputs"]]})

    def _translated(self, item: Json) -> Json:
        detected = {} if "language" in item else {"detectedLanguage": {"language": "en", "score": 1.0}}
        translations = [
            {
                "language": target["language"],
                "text": self.translation(item["text"], target["language"]),
                "sourceCharacters": len(item["text"]),
            }
            for target in item["targets"]
        ]
        return detected | {"translations": translations}

    def _version_3(self, request: Recorded) -> Answer:
        target = request.query.get("to", "")
        if target not in LANGUAGES:
            return _refusal(400036)
        return Answer.of(
            [
                {"translations": [{"to": target, "text": self.translation(item.get("Text", item.get("text")), target)}]}
                for item in request.body
            ]
        )


def _refusal(code: int) -> Answer:
    return Answer.of({"error": {"code": code, "message": "The language is not valid."}}, 400)
