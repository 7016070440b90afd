"""What `make quality` asks, and what is to be reached. A new question is a line here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class FigureMissing(LookupError):
    """A command did not tell a figure that the page shows."""


@dataclass(frozen=True)
class Goal:
    """A figure of a command's JSON and what is wanted of it."""

    figure: str
    """Names on the way to it, with dots between them."""
    at_least: float | None = None
    at_most: float | None = None

    def is_met(self, value: float) -> bool:
        """Whether the value is good enough."""
        above = self.at_least is None or value >= self.at_least
        return above and (self.at_most is None or value <= self.at_most)

    def wanted(self) -> str:
        """The limit in words."""
        return f"≥ {self.at_least:g}" if self.at_least is not None else f"≤ {self.at_most:g}"


@dataclass(frozen=True)
class Question:
    """One measurement: a command of this folder, on files of the data folder."""

    what: str
    command: str
    options: tuple[str, ...] = ()
    """Names of files are relative to the data folder."""
    figures: tuple[str, ...] = ()
    """Shown without a goal."""
    goals: tuple[Goal, ...] = ()
    texts: str | None = "texts"
    """The figure that says how many texts were asked; null when the command has none."""
    slow: bool = False


def figure_at(found: Mapping[str, Any], path: str) -> Any:
    """The figure at the end of a path. Raises FigureMissing."""
    value: Any = found
    for name in path.split("."):
        if not isinstance(value, Mapping) or name not in value:
            raise FigureMissing(f"no figure {path}")
        value = value[name]
    return value


SENTIMENT = ("accuracy", "calibration_error", "ms_per_text")
_FOREIGN_TONES = ("accuracy", "anger.precision", "anger.recall", "urgency.precision", "urgency.recall")

QUESTIONS = (
    Question(
        "intent: shipped model, 27 intents of customer service",
        "intent",
        ("--default", "--test", "intent/support_dev.csv"),
        ("macro_f1", "answered", "calibration_error", "ms_per_text"),
        (Goal("accuracy", at_least=0.95), Goal("p95_ms", at_most=12)),
    ),
    Question(
        "intent: trained and tested on banking77",
        "intent",
        ("--train", "intent/banking77_train.csv", "--test", "intent/banking77_test.csv"),
        ("macro_f1", "ms_per_text"),
        (Goal("accuracy", at_least=0.95), Goal("trained_in_seconds", at_most=60)),
        slow=True,
    ),
    Question(
        "intent: trained and tested on clinc150",
        "intent",
        ("--train", "intent/clinc150_train.csv", "--test", "intent/clinc150_test.csv"),
        ("accuracy_of_answered", "ms_per_text", "trained_in_seconds"),
        (
            Goal("in_scope_accuracy_forced", at_least=0.965),
            Goal("in_scope_answered", at_least=0.95),
            Goal("oos_recall", at_least=0.85),
        ),
        slow=True,
    ),
    Question(
        "intent: other languages, our own messages",
        "intent_languages",
        figures=("accuracy", "through_english.pt", "ms_per_text"),
    ),
    Question(
        "language: Tatoeba, its 39 languages offered",
        "language",
        ("--test", "language/tatoeba_dev.csv"),
        ("all_possible.accuracy", "all_possible.accuracy_of_short", "right_prior.accuracy"),
        (
            Goal("accuracy", at_least=0.98),
            Goal("accuracy_of_short", at_least=0.96),
            Goal("ms_per_text", at_most=1),
        ),
    ),
    Question(
        "sentiment: messages to airlines",
        "sentiment",
        ("--test", "sentiment/airline_dev.csv"),
        SENTIMENT,
        (Goal("macro_f1", at_least=0.70),),
    ),
    Question(
        "sentiment: UMSAB English",
        "sentiment",
        ("--test", "sentiment/umsab_english_dev.csv"),
        SENTIMENT,
        (Goal("macro_f1", at_least=0.55),),
    ),
    Question(
        "sentiment: UMSAB Portuguese, through English",
        "sentiment",
        ("--test", "sentiment/umsab_portuguese_dev.csv", "--language", "pt"),
        SENTIMENT,
        (Goal("macro_f1", at_least=0.55),),
    ),
    *(
        Question(
            f"sentiment: UMSAB {name}, as it is",
            "sentiment",
            ("--test", f"sentiment/umsab_{name.lower()}_dev.csv", "--language", language),
            SENTIMENT,
            (Goal("macro_f1", at_least=0.55),),
        )
        for name, language in (("German", "de"), ("Spanish", "es"), ("French", "fr"), ("Italian", "it"))
    ),
    Question(
        "sentiment: our own messages in languages read as they are",
        "sentiment",
        ("--foreign-tones",),
        tuple(f"{language}.{figure}" for language in ("de", "es", "fr", "it") for figure in _FOREIGN_TONES),
    ),
    Question(
        "sentiment: mixed, anger and urgency, our own messages",
        "sentiment",
        ("--tones",),
        ("macro_f1", "mixed.auc", "anger.auc", "anger.precision", "anger.recall", "urgency.auc", "urgency.precision"),
    ),
    Question(
        "sentiment: anger and urgency, messages written before the latest training sentences",
        "sentiment",
        ("--unseen-tones",),
        ("anger.auc", "anger.precision", "anger.recall", "urgency.auc", "urgency.precision", "urgency.recall"),
    ),
    Question(
        "entities: messages written after the rules",
        "entities",
        figures=("held_out.all.precision", "held_out.all.recall", "held_out.all.f1", "held_out.ms_per_text"),
        texts="held_out.texts",
    ),
    Question(
        "translation: Portuguese to English",
        "translation",
        ("--test", "translation/pt_en_dev.csv", "--source", "pt", "--target", "en"),
        ("engines.bergamot.chrf", "engines.bergamot.ms_p95"),
    ),
    Question(
        "translation: English to Portuguese",
        "translation",
        ("--test", "translation/pt_en_dev.csv", "--source", "en", "--target", "pt"),
        ("engines.bergamot.chrf", "engines.bergamot.ms_p95"),
    ),
    Question(
        "embedded engines, one core",
        "engines",
        goals=(
            Goal("whole.languages.en.ms_p95", at_most=30),
            Goal("whole.languages.pt.ms_p95", at_most=30),
            Goal("whole.added_mb", at_most=350),
            Goal("whole.loaded_in_seconds", at_most=1),
            Goal("intent, with its embedding.languages.en.ms_p95", at_most=12),
            Goal("language.languages.en.ms_p95", at_most=1),
        ),
        texts=None,
    ),
)
