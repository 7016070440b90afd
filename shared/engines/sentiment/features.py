"""What the sentiment head looks at: the embedding of a text, VADER's reading of it, and how it is written."""

from __future__ import annotations

import re
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from shared.engines.sentiment.tone import TONE, clauses, tone

Vector = NDArray[np.float64]

EMBEDDING_SCALE = 3.0
"""An embedding has length 1, so each of its 384 numbers is small beside the others."""

SURFACE = (
    "vader_compound", "vader_positive", "vader_negative", "vader_neutral",
    "vader_lowest_sentence", "vader_highest_sentence", "vader_first_sentence", "vader_last_sentence",
    "asks", "exclaims", "exclamations", "shouting", "length", "thanks", "negates", "begins_as_question",
    "questions", "complaint_words", "praise_words", "trails_off", "counts_time",
    "vader_lowest_clause", "vader_highest_clause", "vader_of_two_minds", *TONE,
)  # fmt: skip
"""Names of the numbers beside the embedding, in their order."""

_EMOJI_WORDS = {
    "angry": "😡😠🤬😤👿💢", "sad": "😭😢😞😔☹😥😩😫💔😿", "annoyed": "🙄😒😑🤦😣😖", "bad": "👎💩🤮🤢",
    "happy": "😊😀😃😄😁🙂😺☺🤗😎", "love": "😍❤💕🥰😘💖💙💚💛🧡💜♥", "great": "👍👏🙌💯🔥👌💪⭐🌟",
    "thank you": "🙏", "hooray": "🎉🥳🎊", "haha": "😂🤣😆😅",
}  # fmt: skip
_EMOJI = {emoji: words for words, emojis in _EMOJI_WORDS.items() for emoji in emojis}
_ANY_EMOJI = re.compile("[" + "".join(_EMOJI) + "]")

_LINK = re.compile(r"https?://\S+|www\.\S+")
_MENTION = re.compile(r"(?<!\w)@\w+")
_HASHTAG = re.compile(r"(?<!\w)#([^\W\d]\w*)")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_ENTITIES = (("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"))
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")

_THANKS = {"thanks", "thank", "thx", "ty", "tks", "cheers"}
_NEGATIONS = {
    "not", "no", "never", "nobody", "nothing", "none", "without", "cannot", "can't", "won't", "don't", "didn't",
    "isn't", "wasn't", "doesn't", "aren't", "haven't", "hasn't", "couldn't", "wouldn't", "still",
}  # fmt: skip
_QUESTION_WORDS = {
    "how", "what", "when", "where", "which", "can", "could", "do", "does", "is", "are", "will", "who", "any",
    "please", "may",
}  # fmt: skip
_COMPLAINT_WORDS = {
    "again", "broken", "cancel", "cancelled", "charged", "day", "days", "delay", "delayed", "error", "fail", "hold",
    "hour", "hours", "late", "lost", "missing", "never", "nobody", "nothing", "refund", "ridiculous", "rude", "still",
    "stop", "stuck", "unacceptable", "useless", "wait", "waited", "waiting", "weeks", "why", "wrong",
}  # fmt: skip
_PRAISE_WORDS = {
    "amazing", "appreciate", "awesome", "beautiful", "best", "enjoyed", "excellent", "excited", "fantastic", "glad",
    "good", "great", "happy", "helpful", "kudos", "love", "loved", "nice", "perfect", "thank", "thanks", "wonderful",
}  # fmt: skip
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n")
_TIME_COUNTED = re.compile(r"\d\s*(?:hours?|hrs?|days?|weeks?|min)", re.IGNORECASE)
_LONG = 30.0
"""Words from which on a text counts as long."""

_MOST_PARTS = 24
"""Sentences or clauses: what a writer feels is told by then."""


class Lexicon(Protocol):
    def polarity_scores(self, text: str) -> dict[str, float]: ...


def readable(text: str) -> str:
    """The text without links and mentions, hashtags and emoji as words; unchanged when it has none of them."""
    text = text.encode("utf-8", "replace").decode()  # half of a surrogate pair cannot be embedded
    for entity, character in _ENTITIES:
        text = text.replace(entity, character)
    text = _LINK.sub(" ", text)
    text = _MENTION.sub(" ", text)
    text = _HASHTAG.sub(lambda tag: _HUMP.sub(" ", tag[1]), text)
    text = _ANY_EMOJI.sub(lambda emoji: f" {_EMOJI[emoji[0]]} ", text)
    return text.strip()


def surface(text: str, lexicon: Lexicon) -> list[float]:
    """The numbers named in SURFACE, each within -1..1, for a readable text."""
    vader = lexicon.polarity_scores(text)
    sentences = [sentence for sentence in _SENTENCE_END.split(text) if sentence.strip()][:_MOST_PARTS] or [text]
    feelings = [lexicon.polarity_scores(sentence)["compound"] for sentence in sentences]
    parts = [lexicon.polarity_scores(clause)["compound"] for clause in clauses(text)[:_MOST_PARTS]]
    words = _WORD.findall(text)
    lowered = [word.lower().replace("’", "'") for word in words]
    return [
        vader["compound"],
        vader["pos"],
        vader["neg"],
        vader["neu"],
        min(feelings),
        max(feelings),
        feelings[0],
        feelings[-1],
        float("?" in text),
        float("!" in text),
        _up_to_three(text.count("!")),
        sum(word.isupper() and len(word) > 1 for word in words) / max(1, len(words)),
        min(1.0, len(words) / _LONG),
        float(not _THANKS.isdisjoint(lowered)),
        float(not _NEGATIONS.isdisjoint(lowered)),
        float(bool(lowered) and lowered[0] in _QUESTION_WORDS),
        sum(sentence.rstrip().endswith("?") for sentence in sentences) / len(sentences),
        _up_to_three(sum(word in _COMPLAINT_WORDS for word in lowered)),
        _up_to_three(sum(word in _PRAISE_WORDS for word in lowered)),
        float("..." in text),
        float(_TIME_COUNTED.search(text) is not None),
        min(parts),
        max(parts),
        min(max(0.0, max(parts)), max(0.0, -min(parts))),
        *tone(text),
    ]


def _up_to_three(count: int) -> float:
    return min(3, count) / 3


def joined(embedding: NDArray[np.float32], surfaces: list[list[float]]) -> Vector:
    """One row of features for each text."""
    return np.hstack([embedding.astype(np.float64) * EMBEDDING_SCALE, np.array(surfaces, dtype=np.float64)])
