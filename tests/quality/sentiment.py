"""How well the sentiment engine reads a labelled file: `python -m tests.quality.sentiment --test FILE.csv`.

The file has the columns text and label (positive, neutral, negative, mixed). Where no text is labelled mixed, a text
that is called mixed counts as the greater of positive and negative. With `--language pt` texts are translated into
English first, as the product does; German, Spanish, French and Italian ones are read as they are. `--tones` measures
mixed, anger and urgency on our own messages, or on a file with the further columns anger and urgency (0, 1), and
`--foreign-tones` on ours in those four languages. `--escalations` tells which messages of a file with the columns text
and label (any words) would raise a ticket, and why. Prints JSON.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from shared.engines.embedding.minilm import MiniLmEmbedding
from shared.engines.embedding.multilingual import MultilingualEmbedding
from shared.engines.intent.linear import LinearIntent
from shared.engines.reasoning import SuggestionRequest
from shared.engines.reasoning.escalation import ANGRY, URGENT, escalation_priority, escalation_reason
from shared.engines.sentiment.head import FOREIGN_LANGUAGES, HeadSentiment, foreign_sentiment
from shared.engines.translation.bergamot import BergamotTranslation
from shared.models.analysis import SentimentLabel, SentimentResult
from tests.quality.labelled import print_figures, read_rows, refuse_unknown
from tests.quality.measures import accuracy, calibration_error, macro_f1, recall, rounded

OWN = Path(__file__).with_name("data") / "sentiment_tones.csv"
"""Messages written and labelled by us, none of which trains anything."""

UNSEEN = OWN.with_name("sentiment_tones_unseen.csv")
"""The same, but for anger and urgency alone, and written before the latest training sentences were."""


def read(path: Path) -> list[tuple[str, SentimentLabel]]:
    """Texts and labels. Raises ValueError naming the column or the line that is wrong."""
    rows = read_rows(path, "text", "label")
    refuse_unknown(path, rows, [label.value for label in SentimentLabel])
    return [(row["text"], SentimentLabel(row["label"])) for row in rows]


def read_tones(path: Path) -> list[tuple[bool, bool]]:
    """Whether each text is angry, and urgent. Raises ValueError naming the column or the line that is wrong."""
    rows = read_rows(path, "text", "label", "anger", "urgency")
    for column in ("anger", "urgency"):
        refuse_unknown(path, rows, ("0", "1"), column=column)
    return [(row["anger"] == "1", row["urgency"] == "1") for row in rows]


def figures(truth: list[SentimentLabel], found: list[SentimentResult]) -> dict[str, object]:
    """Accuracy, mean F1 of the labels, expected calibration error, and how often mixed was said; all 0..1."""
    knows_mixed = SentimentLabel.MIXED in truth
    answers = [result.sentiment if knows_mixed else _of_three(result) for result in found]
    right = [said is true for said, true in zip(answers, truth, strict=True)]
    return {
        "texts": len(truth),
        "accuracy": accuracy(truth, answers),
        "macro_f1": macro_f1(truth, answers),
        "calibration_error": calibration_error([result.confidence for result in found], right),
        "mixed_said": rounded(sum(result.sentiment is SentimentLabel.MIXED for result in found), len(found)),
    }


def _of_three(result: SentimentResult) -> SentimentLabel:
    if result.sentiment is not SentimentLabel.MIXED:
        return result.sentiment
    return max((SentimentLabel.NEGATIVE, SentimentLabel.POSITIVE), key=lambda label: result.scores[label])


def sign_figures(truth: Sequence[bool], found: Sequence[float], threshold: float) -> dict[str, object]:
    """Of a yes-or-no question: the area under the curve, what `threshold` makes of it, and the calibration error."""
    said = [score >= threshold for score in found]
    right = sum(a and b for a, b in zip(said, truth, strict=True))
    likelier_right = [(score >= 0.5) == true for score, true in zip(found, truth, strict=True)]
    return {
        "texts": sum(truth),
        "auc": _area(truth, found),
        "threshold": threshold,
        "precision": rounded(right, sum(said)),
        "recall": rounded(right, sum(truth)),
        "calibration_error": calibration_error([max(score, 1 - score) for score in found], likelier_right),
    }


def _area(truth: Sequence[bool], found: Sequence[float]) -> float | None:
    """The chance that a text which has the sign scores higher than one which has not."""
    having = [score for score, true in zip(found, truth, strict=True) if true]
    lacking = [score for score, true in zip(found, truth, strict=True) if not true]
    wins = sum((one > other) + (one == other) / 2 for one in having for other in lacking)
    return rounded(wins, len(having) * len(lacking))


async def measure(path: Path, language: str) -> dict[str, object]:
    """Reads the whole file and gives the figures, with the milliseconds that a text took."""
    labelled = read(path)
    found, times = await _results([text for text, _ in labelled], language)
    return {
        "file": path.name,
        **figures([label for _, label in labelled], found),
        "ms_per_text": round(statistics.median(times), 2),
        "ms_per_text_p95": round(statistics.quantiles(times, n=20, method="inclusive")[-1], 2) if times[1:] else None,
    }


async def _results(texts: Sequence[str], language: str) -> tuple[list[SentimentResult], list[float]]:
    direct = language in FOREIGN_LANGUAGES
    engine = foreign_sentiment(MultilingualEmbedding()) if direct else HeadSentiment(MiniLmEmbedding())
    translation = BergamotTranslation()
    written_in = language if direct else "en"
    await engine.score("Where is my order?", language=written_in)
    found, times = [], []
    for text in texts:
        started = time.perf_counter()
        read_as = text
        if language != written_in:
            read_as = (await translation.translate(text, source=language, target=written_in)).text or ""
        found.append(await engine.score(read_as, language=written_in))
        times.append((time.perf_counter() - started) * 1000)
    return found, times


async def measure_foreign_tones() -> dict[str, object]:
    """What `measure_tones` tells of our own messages in each of the languages that are read without a translation."""
    files = {language: OWN.with_name(f"{OWN.stem}_{language}.csv") for language in sorted(FOREIGN_LANGUAGES)}
    found = {language: await measure_tones(file, language) for language, file in files.items()}
    return {"texts": sum(len(read(file)) for file in files.values()), **found}


async def measure_tones(path: Path, language: str = "en") -> dict[str, object]:
    """The four labels, and mixed, anger and urgency each as a question of its own."""
    labelled, tones = read(path), read_tones(path)
    found, _ = await _results([text for text, _ in labelled], language)
    truth, said = [label for _, label in labelled], [result.sentiment for result in found]
    mixed = SentimentLabel.MIXED
    return {
        "file": path.name,
        **figures(truth, found),
        "mixed": {
            "texts": truth.count(mixed),
            "auc": _area([label is mixed for label in truth], [result.scores[mixed] for result in found]),
            "precision": rounded(
                sum(a is b is mixed for a, b in zip(truth, said, strict=True)), sum(label is mixed for label in said)
            ),
            "recall": recall(truth, said, mixed),
        },
        "anger": sign_figures([angry for angry, _ in tones], [result.anger or 0.0 for result in found], ANGRY),
        "urgency": sign_figures([urgent for _, urgent in tones], [result.urgency or 0.0 for result in found], URGENT),
    }


async def measure_escalations(path: Path) -> dict[str, object]:
    """How many messages raise a ticket, for which reasons, with which priorities, and under which labels."""
    rows = read_rows(path, "text", "label")
    embedding = MiniLmEmbedding()
    intents, sentiments = LinearIntent(embedding), HeadSentiment(embedding)
    reasons: Counter[str] = Counter()
    priorities: Counter[str] = Counter()
    labels: dict[str, Counter[str]] = {}
    for row in rows:
        request = SuggestionRequest(
            message_id="message",
            text=row["text"],
            language="en",
            customer_name="",
            intent=await intents.classify(row["text"]),
            sentiment=await sentiments.score(row["text"], language="en"),
        )
        if reason := escalation_reason(request):
            reasons[reason] += 1
            priorities[escalation_priority(request, reason)] += 1
            labels.setdefault(reason, Counter())[row["label"]] += 1
    return {
        "file": path.name,
        "texts": len(rows),
        "escalated": rounded(reasons.total(), len(rows)),
        "reasons": reasons,
        "priorities": priorities,
        "labels": {reason: dict(found.most_common()) for reason, found in labels.items()},
    }


def main() -> int:
    parser = argparse.ArgumentParser(description="How well the sentiment engine reads a labelled file.")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--test", type=Path, help="CSV with the columns text and label")
    what.add_argument("--tones", type=Path, nargs="?", const=OWN, help="CSV that also has anger and urgency; ours")
    what.add_argument("--unseen-tones", dest="tones", action="store_const", const=UNSEEN, help="our second such file")
    what.add_argument("--foreign-tones", action="store_true", help="our messages in languages read untranslated")
    what.add_argument("--escalations", type=Path, help="CSV with the columns text and label, which may be any words")
    languages = ("en", "pt", *sorted(FOREIGN_LANGUAGES))
    parser.add_argument("--language", choices=languages, default="en", help="the language of the texts of --test")
    options = parser.parse_args()
    if options.test:
        asked = measure(options.test, options.language)
    elif options.foreign_tones:
        asked = measure_foreign_tones()
    else:
        asked = measure_tones(options.tones) if options.tones else measure_escalations(options.escalations)
    return print_figures(asked)


if __name__ == "__main__":
    sys.exit(main())
