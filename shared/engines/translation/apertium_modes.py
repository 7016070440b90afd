"""The translation modes that Apertium's packages have put on this machine."""

from __future__ import annotations

import re
import shlex
import shutil
from dataclasses import dataclass
from pathlib import Path

from shared.engines.language.offered import OFFERED
from shared.engines.translation import Pair, Quality
from shared.models.base import base_language

FOLDER = Path("/usr/share/apertium/modes")
"""Where Debian's packages put them."""

_NAME = re.compile(r"([a-z]{2,3})-([a-z]{2,3})(?:_([A-Z]{2}))?")
"""Source and target, and a region of the target; other variants (`spa-cat_valencia`) are not offered."""

_CODES = {
    "afr": "af", "bul": "bg", "cat": "ca", "dan": "da", "eng": "en", "eus": "eu", "fra": "fr", "glg": "gl",
    "hbs": "hr", "hin": "hi", "ind": "id", "isl": "is", "ita": "it", "mkd": "mk", "mlt": "mt", "nld": "nl",
    "nob": "no", "pol": "pl", "por": "pt", "ron": "ro", "rus": "ru", "slv": "sl", "spa": "es", "swe": "sv",
    "ukr": "uk", "urd": "ur", "zlm": "ms",
}  # fmt: skip
"""ISO 639-3, which newer packages use, to the codes of the offered languages."""

GOOD: frozenset[frozenset[str]] = frozenset(
    frozenset(pair) for pair in (("es", "ca"), ("es", "gl"), ("es", "pt"), ("pt", "gl"), ("da", "no"), ("sv", "no"))
)
"""Close relatives whose sentences go over word by word, and whose packages are the best kept: docs/translation.md says
what they were found to do. Every other pair is a gist, Spanish with French and Italian among them."""


@dataclass(frozen=True)
class Mode:
    """The programs that a text goes through, one after the other, each with its arguments."""

    name: str
    stages: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Modes:
    """Every mode that can run here, by source, target and the target's region, if the mode is for one."""

    found: dict[tuple[str, str, str | None], Mode]

    def of(self, source: str, target: str) -> Mode | None:
        """The mode for the pair, that for the target's region first; null when there is none."""
        pair, region = (base_language(source), base_language(target)), target.partition("-")[2]
        return self.found.get((*pair, region.upper())) or self.found.get((*pair, None))

    def pairs(self) -> dict[Pair, Quality]:
        """The pairs, each with how well it does."""
        return {
            (source, target): "good" if {source, target} in GOOD else "gist"
            for source, target, region in self.found
            if region is None
        }


def installed(folder: Path = FOLDER) -> Modes:
    """The modes in the folder whose programs are on this machine too; none when there is no such folder."""
    found: dict[tuple[str, str, str | None], Mode] = {}
    for path in sorted(folder.glob("*.mode")):
        name = _NAME.fullmatch(path.stem)
        if name is None:
            continue
        source, target = (_CODES.get(code, code) for code in (name[1], name[2]))
        stages = _stages(path.read_text("utf-8"))
        if {source, target} <= OFFERED.keys() and stages and all(shutil.which(stage[0]) for stage in stages):
            found[source, target, name[3]] = Mode(path.stem, stages)
    return Modes(found)


def _stages(line: str) -> tuple[tuple[str, ...], ...]:
    """The commands of a mode file, each told to answer when a null character comes; none when it is no pipeline."""
    try:
        # $1 is for the marks of unknown words, which -n leaves out; $2 for those of what the tagger doubts.
        commands = [
            ["-n" if word == "$1" else word for word in shlex.split(command) if word != "$2"]
            for command in line.strip().split("|")
        ]
    except ValueError:
        return ()
    if not all(commands):
        return ()
    return tuple((program, *(() if "-z" in rest else ("-z",)), *rest) for program, *rest in commands)
