"""Words in Latin letters as people type them who have no other keyboard at hand: by sound, each in their own way."""

from __future__ import annotations

import importlib
import unicodedata
from collections.abc import Callable, Mapping
from random import Random

Romanise = Callable[[str, Random], str | None]
"""A word in Latin letters, by chance in one of the usual ways; null when it cannot be written so."""

_CYRILLIC = {
    **dict(zip("абвгдезийклмнопрстуф", "abvgdeziyklmnoprstuf", strict=True)),
    "ё": "e yo",
    "ж": "zh j",
    "й": "y i j",
    "х": "h kh x",
    "ц": "c ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "sch shch sh",
    "ъ": "",
    "ы": "y i",
    "ь": "",
    "э": "e",
    "ю": "yu u ju",
    "я": "ya ja ia",
}
_UKRAINIAN = {**_CYRILLIC, "г": "h g", "ґ": "g", "є": "ye ie", "і": "i", "ї": "yi i", "и": "y", "й": "y i"}
_BULGARIAN = {**_CYRILLIC, "ъ": "a u y", "щ": "sht", "ч": "ch 4", "ш": "sh 6", "я": "ya q", "ю": "yu u", "в": "v w"}
_GREEK = {
    **dict(zip("αγδεζικλμνοπρσςτάέίόϊΐ", "agdeziklmnoprsstaeioii", strict=True)),
    **dict.fromkeys("υύϋΰ", "u y"),
    **dict.fromkeys("ηή", "i h"),
    **dict.fromkeys("ωώ", "w o"),
    "β": "v b",
    "θ": "th 8",
    "ξ": "x ks",
    "φ": "f",
    "χ": "x h ch",
    "ψ": "ps",
}
_CONSONANTS = {
    **dict(zip("कगजटडणतदनपबमयरलसळ", "kgjtdntdnpbmyrlsl", strict=True)),
    **dict(zip("खघझठढथधभशष", ["kh", "gh", "jh", "th", "dh", "th", "dh", "bh", "sh", "sh"], strict=True)),
    "ङ": "n",
    "च": "ch",
    "छ": "ch chh",
    "ञ": "n",
    "फ": "f ph",
    "व": "v w",
    "ह": "h",
}
_SIGNS = dict(zip("ािीुूेैोौृॉॅ", ["a aa", "i", "i ee", "u", "u oo", "e", "ai", "o", "au", "ri", "o", "e"], strict=True))
_VOWELS = dict(
    zip("अआइईउऊएऐओऔऋऑ", ["a", "a aa", "i", "i ee", "u", "u oo", "e", "ai", "o", "au", "ri", "o"], strict=True)
)
_SILENT, _DOT = "\u094d", "\u093c"
_ARABIC = {
    **dict(zip("ابتدزسفكلمنه", "abtdzsfklmnh", strict=True)),
    "أ": "a 2a",
    "إ": "i",
    "آ": "aa",
    "ث": "th s",
    "ج": "j g",
    "ح": "7 h",
    "خ": "5 kh",
    "ذ": "z th",
    "ر": "r",
    "ش": "sh ch",
    "ص": "s 9",
    "ض": "d",
    "ط": "t 6",
    "ظ": "z",
    "ع": "3 a",
    "غ": "gh",
    "ق": "q 9 k",
    "و": "w o ou",
    "ي": "y i ee",
    "ى": "a",
    "ة": "a ah eh",
}
_LONG_VOWELS = frozenset("اأإآويىة")
_KANA_ROWS = {
    **dict(zip("あかさたなはまら", ["", "k", "s", "t", "n", "h", "m", "r"], strict=True)),
    **dict(zip("がざだばぱ", "gzdbp", strict=True)),
}
_KANA_LETTERS = (
    "あいうえお かきくけこ さしすせそ たちつてと なにぬねの はひふへほ まみむめも "
    "らりるれろ がぎぐげご ざじずぜぞ だぢづでど ばびぶべぼ ぱぴぷぺぽ"
)
_KANA = {
    **{
        letter: _KANA_ROWS[row[0]] + vowel
        for row in _KANA_LETTERS.split()
        for letter, vowel in zip(row, "aiueo", strict=True)
    },
    "し": "shi si",
    "ち": "chi ti",
    "つ": "tsu tu",
    "ふ": "fu hu",
    "じ": "ji zi",
    "ぢ": "ji",
    "づ": "zu",
    "ん": "n",
    "を": "wo o",
    "や": "ya",
    "ゆ": "yu",
    "よ": "yo",
    "わ": "wa",
}
_SMALL = {"ゃ": "a", "ゅ": "u", "ょ": "o"}


def _one(ways: str, random: Random) -> str:
    return random.choice(ways.split(" "))


def by_letter(table: Mapping[str, str]) -> Romanise:
    """Letter by letter."""
    return lambda word, random: "".join(_one(table.get(letter, letter), random) for letter in word)


def hindi(word: str, random: Random) -> str:
    """With the unspoken vowels left out at the end, and between two spoken ones."""
    letters = [letter for letter in unicodedata.normalize("NFD", word) if letter != _DOT]
    syllables: list[tuple[str, str | None]] = []
    for letter in letters:
        if letter in _CONSONANTS:
            syllables.append((_one(_CONSONANTS[letter], random), None))
        elif letter in _SIGNS or letter == _SILENT:
            start = syllables.pop()[0] if syllables else ""
            syllables.append((start, _one(_SIGNS[letter], random) if letter in _SIGNS else ""))
        else:
            syllables.append(({"ं": "n", "ँ": "n", "ः": "h"}.get(letter) or _one(_VOWELS.get(letter, ""), random), ""))
    written = ""
    for at, (start, vowel) in enumerate(syllables):
        last = at == len(syllables) - 1
        before_spoken = 0 < at < len(syllables) - 1 and bool(syllables[at + 1][1]) and syllables[at - 1][1] != ""
        unspoken = (last and at > 0) or before_spoken
        written += start + (("" if unspoken else "a") if vowel is None else vowel)
    return written


def arabic(word: str, random: Random) -> str:
    """With digits for sounds that Latin letters lack, and short vowels by chance."""
    written, after_consonant = "", False
    for letter in word:
        consonant = letter not in _LONG_VOWELS
        if consonant and after_consonant and random.random() < 0.75:
            written += random.choice("aaaieiou")
        written += _one(_ARABIC.get(letter, ""), random)
        after_consonant = consonant
    return written


def japanese(word: str, random: Random) -> str | None:
    """Words in kana; null for those with other characters."""
    written = ""
    kana = "".join(chr(ord(letter) - 0x60) if "ァ" <= letter <= "ヶ" else letter for letter in word)
    for at, letter in enumerate(kana):
        if letter == "っ":
            written += _KANA.get(kana[at + 1], "")[:1] if at + 1 < len(kana) else ""
        elif letter in _SMALL and written:
            sound = written[:-1]
            written = sound + ("" if sound.endswith(("sh", "ch", "j")) else "y") + _SMALL[letter]
        elif letter in _KANA:
            written += _one(_KANA[letter], random)
        elif letter != "ー":
            return None
    return written


def chinese(word: str, random: Random) -> str:
    """Pinyin without tones, syllables together or apart."""
    syllables: list[str] = importlib.import_module("pypinyin").lazy_pinyin(word)
    return random.choice(["", " "]).join(syllables)


ROMANISED: list[tuple[str, str, Romanise, float]] = [
    ("ru-Latn", "ru", by_letter(_CYRILLIC), 0.75),
    ("ru-Latn", "uk", by_letter(_UKRAINIAN), 0.125),
    ("ru-Latn", "bg", by_letter(_BULGARIAN), 0.125),
    ("el-Latn", "el", by_letter(_GREEK), 1.0),
    ("hi-Latn", "hi", hindi, 1.0),
    ("ar-Latn", "ar", arabic, 1.0),
    ("zh-Latn", "zh", chinese, 1.0),
    ("ja-Latn", "ja", japanese, 1.0),
]
"""The class, the language that its words are taken from, how they are written, and their share in the class. Romanised
Slavic languages stand together: their words are as good as the same."""
