"""A file of texts that is not whole is refused, and the message says where."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shared.engines.reasoning.texts import FOLDER, TextsError, load_texts

Change = Callable[[dict[str, Any]], object]


def a_file(folder: Path, change: Change) -> Path:
    content = json.loads((FOLDER / "en.json").read_text(encoding="utf-8"))
    change(content)
    path = folder / "en.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_every_language_answers_the_same_with_the_same_keys() -> None:
    english, portuguese = (load_texts(FOLDER / f"{language}.json") for language in ("en", "pt"))

    for intent, texts in english.intents.items():
        assert list(texts.replies) == list(portuguese.intents[intent].replies)
        assert list(texts.actions) == list(portuguese.intents[intent].actions)
        assert texts.acknowledge == portuguese.intents[intent].acknowledge


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda all_: all_["intents"].update(rent_a_boat=all_["intents"]["thanks"]), "intents.rent_a_boat: unknown"),
        (lambda all_: all_["intents"].pop("get_refund"), "intents.get_refund: missing"),
        (lambda all_: all_["intents"]["thanks"]["replies"].update(glad="Hi {nick}"), "thanks.replies.glad: .*{nick}"),
        (lambda all_: all_["intents"]["thanks"]["replies"].update(glad="Hi {order"), "thanks.replies.glad: "),
        (lambda all_: all_["intents"]["thanks"]["actions"].update(resolve="{ask_email}"), "thanks.actions.resolve: "),
        (lambda all_: all_["intents"]["thanks"]["replies"].pop("glad"), "thanks.replies"),
        (lambda all_: all_["intents"]["thanks"].update(tone="warm"), "intents.thanks.tone"),
        (lambda all_: all_["greeting"].update(named="Hi {first},"), "greeting.named: .*{first}"),
        (lambda all_: all_["clarify"].update(one="{second_topic}?"), "clarify.one: .*{second_topic}"),
        (lambda all_: all_.pop("escalation"), "escalation"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, change: Change, named: str) -> None:
    with pytest.raises(TextsError, match=rf"en\.json: .*{named}"):
        load_texts(a_file(tmp_path, change))


@pytest.mark.parametrize("content", ["", "[]", '{"a": 1, "a": 2}'])
def test_a_file_that_is_something_else_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "en.json").write_text(content)

    with pytest.raises(TextsError, match=r"en\.json: "):
        load_texts(tmp_path / "en.json")
    with pytest.raises(TextsError, match="cannot be read"):
        load_texts(tmp_path / "xx.json")
