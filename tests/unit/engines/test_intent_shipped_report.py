"""The report on the shipped model: it is on that one, and on no other."""

from __future__ import annotations

import json
from pathlib import Path

from shared.engines.intent.catalogue import INTENTS
from shared.engines.intent.shipped_report import FILE, shipped_report


def test_the_shipped_models_have_their_report() -> None:
    report = shipped_report()

    assert report is not None, "the models were made anew: run python -m shared.engines.intent.shipped_report"
    assert {each.intent for each in report.per_intent} == set(INTENTS)
    assert report.multilingual is not None


def test_a_report_on_other_models_or_none_is_no_report(tmp_path: Path) -> None:
    on_others, torn = tmp_path / "others.json", tmp_path / "torn.json"
    on_others.write_text(json.dumps(json.loads(FILE.read_text("utf-8")) | {"models": "0" * 64}), "utf-8")
    torn.write_text(FILE.read_text("utf-8")[:100], "utf-8")

    assert [shipped_report(each) for each in (on_others, torn, tmp_path / "nowhere.json")] == [None, None, None]
