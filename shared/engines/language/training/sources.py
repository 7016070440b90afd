"""The texts and word counts that the model is trained on, read from unpacked packages. docs/languages.md lists them."""

from __future__ import annotations

import gzip
import importlib
import json
import lzma
import re
import sys
import zipfile
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from shared.engines.language.words import words_of

_VARIANTS = {
    "firefox": {
        "en": ["en-gb"],
        "es": ["es-es", "es-mx"],
        "ga": ["ga-ie"],
        "gu": ["gu-in"],
        "hi": ["hi-in"],
        "hy": ["hy-am"],
        "ne": ["ne-np"],
        "no": ["nb-no", "nn-no"],
        "pa": ["pa-in"],
        "pt": ["pt-br", "pt-pt"],
        "sv": ["sv-se"],
        "zh": ["zh-cn", "zh-tw"],
    },
    "interface": {
        "en": ["en", "en-GB"],
        "es": ["es", "es-419"],
        "no": ["nb", "nn"],
        "pt": ["pt", "pt-BR"],
        "zh": ["zh-Hans", "zh-Hant"],
    },
    "answers": {"no": ["nb"], "pt": ["pt", "pt-BR"], "zh": ["zh-CN", "zh-TW", "zh-HK"], "de": ["de", "de-CH"]},
    "django": {
        "ar": ["ar", "ar_DZ"],
        "es": ["es", "es_AR", "es_MX", "es_CO"],
        "no": ["nb", "nn"],
        "pt": ["pt", "pt_BR"],
        "sr-Latn": ["sr_Latn"],
        "zh": ["zh_Hans", "zh_Hant"],
    },
}
"""What the sources call a language, where it is not our code alone."""

_COUNTED_AS = {"no": "nb", "tl": "fil", "hr": "sh"}

_MARKUP = re.compile(
    r"<[^>]+>|\{%.*?%\}|\{\{.*?\}\}|\{[^}]*\}|%\(?\w*\)?[sd]?|%\d?\$?[SsdD]|&\w+;|https?://\S+"
    r"|\S*[@/\\_=]\S*|\$\w+|\[\w*\]|-brand-\S+",
    re.DOTALL,
)
_FLUENT = re.compile(r"\s*[\w.\-]+\s*=\s*(.*)")
_CATALOGUE = re.compile(r'^msgstr(?:\[\d\])? ((?:"(?:[^"\\]|\\.)*"\s*)+)', re.MULTILINE)
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')


class Sources:
    """A folder with the unpacked packages."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @lru_cache  # noqa: B019 - one object for one run
    def english(self) -> frozenset[str]:
        """English strings: found in another language they are untranslated."""
        return frozenset(self._strings("en"))

    def sentences(self, code: str) -> list[list[str]]:
        """The words of every translated string of a language, each string once."""
        found = dict.fromkeys(self._strings(code))
        kept = found if code == "en" else (text for text in found if text not in self.english())
        return [words for words in map(words_of, kept) if words]

    def frequencies(self, code: str) -> dict[str, float]:
        """How often words are used, each as a share of all; empty for languages that were not counted."""
        path = self._folder / "wordfreq/data" / f"small_{_COUNTED_AS.get(code, code)}.msgpack.gz"
        if not path.exists():
            return {}
        # The n-th list holds the words that are used 10 ** (-n / 100) times in all.
        msgpack = importlib.import_module("msgpack")
        with gzip.open(path) as file:
            lists = msgpack.load(file, raw=False)[1:]
        return {word: 10 ** (-rank / 100) for rank, words in enumerate(lists) for word in words}

    def forms(self, code: str) -> list[str]:
        """Inflected forms, without a count."""
        path = self._folder / "simplemma/strategies/dictionaries/data" / f"{code}.plzma"
        if not path.exists():
            return []
        sys.path.insert(0, str(self._folder))
        packed = importlib.import_module("simplemma.strategies.dictionaries.frontcode")
        return [form.decode() for form in packed._decode_stream(lzma.open(path).read())]

    def _strings(self, code: str) -> Iterator[str]:
        for text in (*self._firefox(code), *self._interface(code), *self._answers(code), *self._django(code)):
            plain = " ".join(_MARKUP.sub(" ", text).split())
            if len(plain) > 3:
                yield plain

    def _firefox(self, code: str) -> Iterator[str]:
        for name in _VARIANTS["firefox"].get(code, [code]):
            path = self._folder / "firefox" / f"{name}.xpi"
            if not path.exists():
                continue
            with zipfile.ZipFile(path) as archive:
                for member in archive.namelist():
                    lines = archive.read(member).decode("utf-8", "replace").splitlines()
                    if member.endswith(".ftl"):
                        yield from _fluent(lines)
                    elif member.endswith(".properties"):
                        yield from (line.split("=", 1)[1] for line in lines if "=" in line and line[0] != "#")

    def _interface(self, code: str) -> Iterator[str]:
        folder = self._folder / "hass_frontend/static/translations"
        for name in _VARIANTS["interface"].get(code, [code]):
            for path in sorted(folder.rglob(f"{name}-{'[0-9a-f]' * 32}.json")):
                yield from _texts(json.loads(path.read_text(encoding="utf-8")))

    def _answers(self, code: str) -> Iterator[str]:
        for name in _VARIANTS["answers"].get(code, [code]):
            path = self._folder / "home_assistant_intents/data" / f"{name}.json"
            if path.exists():
                yield from _texts(json.loads(path.read_text(encoding="utf-8")).get("responses", {}))

    def _django(self, code: str) -> Iterator[str]:
        for name in _VARIANTS["django"].get(code, [code]):
            for path in sorted((self._folder / "django").rglob(f"locale/{name}/LC_MESSAGES/*.po")):
                for catalogued in _CATALOGUE.finditer(path.read_text(encoding="utf-8")):
                    text = "".join(_QUOTED.findall(catalogued[1])).replace("\\n", " ").replace('\\"', '"')
                    if "Content-Type" not in text:
                        yield text


def _fluent(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        if not line.startswith(("#", "-")):
            named = _FLUENT.match(line)
            yield named[1] if named else re.sub(r"^\s*\*?\[[^\]]*\]", "", line)


def _texts(tree: Any) -> Iterator[str]:
    if isinstance(tree, str):
        yield tree
    elif isinstance(tree, dict | list):
        for branch in tree.values() if isinstance(tree, dict) else tree:
            yield from _texts(branch)
