"""The report on the shipped model: `python -m shared.engines.intent.shipped_report` writes it anew.

It takes as long as a training, and the model changes only with the product: so it is made beforehand.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from pathlib import Path

from pydantic import ValidationError

from shared.engines.intent.linear import SHIPPED_MODEL
from shared.engines.intent.multilingual import SHIPPED_MODEL as MULTILINGUAL_MODEL
from shared.models.base import Model
from shared.models.intents import IntentReport, MultilingualScores

FILE = Path(__file__).with_name("report.json")


class ShippedReport(Model):
    """A report with the models that it is about."""

    models: str
    """SHA-256 of both files, one after the other: a report on other models is none on these."""
    report: IntentReport


def shipped_report(file: Path = FILE) -> IntentReport | None:
    """The report on the shipped models; None when there is none on them as they are now."""
    try:
        found = ShippedReport.model_validate_json(file.read_bytes())
    except (OSError, ValidationError):
        return None
    return found.report if found.models == _digest() else None


def _digest() -> str:
    return hashlib.sha256(SHIPPED_MODEL.read_bytes() + MULTILINGUAL_MODEL.read_bytes()).hexdigest()


async def make_report() -> IntentReport:
    """What models of the same examples, which had not seen them, make of them."""
    from shared.engines.embedding.minilm import MiniLmEmbedding
    from shared.engines.intent.examples import shipped_examples
    from shared.engines.intent.report import report_of
    from shared.engines.intent.training import embedded, train_validated

    began, examples, embedding = time.perf_counter(), shipped_examples(), MiniLmEmbedding()
    embeddings = await embedded(examples, embedding)
    trained = await train_validated(examples, embedding, embeddings=embeddings)
    report = report_of(examples, trained.readings, embeddings, trained_in_seconds=time.perf_counter() - began)
    return report.model_copy(update={"multilingual": await _multilingual_scores()})


async def _multilingual_scores() -> MultilingualScores:
    from shared.engines.intent.examples import shipped_examples
    from shared.engines.intent.multilingual_training import train_multilingual
    from shared.engines.intent.report import scores_of

    found = await train_multilingual(shipped_examples())
    return scores_of(found.examples, found.readings)


def main() -> None:
    """Writes the file."""
    made = ShippedReport(models=_digest(), report=asyncio.run(make_report()))
    FILE.write_text(made.model_dump_json(indent=1) + "\n", encoding="utf-8")
    print(f"{FILE.name}: accuracy {made.report.accuracy}, macro F1 {made.report.macro_f1}, {made.report.multilingual}")


if __name__ == "__main__":
    main()
