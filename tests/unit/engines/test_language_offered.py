"""Which languages are offered: a setting that only takes what engines can tell."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from shared.engines.language.offered import OFFERED
from shared.settings import Settings


def some_settings(**changed: Any) -> Settings:
    return Settings(
        cosmos_endpoint="http://127.0.0.1:1",
        web_pubsub_endpoint="http://127.0.0.1:1",
        web_pubsub_access_key=SecretStr("key"),
        token_secret=SecretStr("s" * 32),
        **changed,
    )


def test_all_languages_are_offered_unless_the_setting_names_some(monkeypatch: pytest.MonkeyPatch) -> None:
    assert some_settings().offered_languages == tuple(OFFERED)

    monkeypatch.setenv("OFFERED_LANGUAGES", '["pt", "en", "pt"]')
    assert some_settings().offered_languages == ("en", "pt")


@pytest.mark.parametrize(
    ("codes", "why"), [(["en", "tlh"], "tlh"), ([], "at least one"), (["Klingon"], "must be a language code")]
)
def test_a_language_that_cannot_be_told_is_refused_with_the_settings_name(codes: list[str], why: str) -> None:
    with pytest.raises(ValidationError, match=why) as refused:
        some_settings(offered_languages=codes)

    assert refused.value.errors()[0]["loc"][0] == "offered_languages"
