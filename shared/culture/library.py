"""The files of this folder, read when they are first asked for, and what they say of a language and a region."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from pydantic import TypeAdapter

from shared.culture.formats import Place, formats, native_name, place, region_name
from shared.culture.model import (
    CulturalContext,
    Formats,
    NamedSources,
    Profile,
    Region,
    RegionalRemarks,
    Source,
    Variant,
)
from shared.engines.language.offered import OFFERED
from shared.errors import NotFound

FOLDER = Path(__file__).parent

_CLDR = ("cldr",)
_SCRIPT_LETTERS = 4
"""ISO 15924: what tells a script's code from a region's."""


def described_languages() -> list[str]:
    """The languages that have a file, by code."""
    return sorted(path.stem for path in (FOLDER / "languages").glob("*.json"))


@lru_cache(maxsize=128)
def cultural_context(code: str) -> CulturalContext:
    """What is known of a language, and of its region or script when the code has one: `es`, `es-MX`, `sr-Latn`.

    Raises NotFound for a language that is not described, and for a region or script that does not exist.
    """
    where = place(code)
    if where is None or where.language not in described_languages():
        raise NotFound(f"Nothing is known of the language {code}; GET /api/languages/supported lists those described.")
    profile, region = read_profile(where.language), read_regions().get(where.region)
    varied = _with_variants(profile, where)
    return CulturalContext(
        code=where.code,
        language=where.language,
        region=where.region,
        region_name=region_name(where.region),
        english_name=OFFERED[where.language].english_name,
        native_name=native_name(where),
        greetings=varied.greetings or profile.expressions.greetings,
        closings=varied.closings or profile.expressions.closings,
        apology=varied.apology or profile.expressions.apology,
        address=varied.address or profile.address,
        names=profile.names,
        communication=profile.communication,
        formats=_formats(where, region),
        regional=RegionalRemarks(
            business_hours=region.business_hours if region else None,
            holidays=region.holidays if region else None,
            calendar=region.calendar if region else None,
            language=varied.remark,
        ),
        regions_with_remarks=sorted(
            key for key in profile.variants if key != where.region and len(key) != _SCRIPT_LETTERS
        ),
        sources=_sources(profile, region),
    )


@lru_cache(maxsize=128)
def read_profile(language: str) -> Profile:
    """The language's file. Raises FileNotFoundError, and pydantic's ValidationError when it is not as it should be."""
    return Profile.model_validate_json((FOLDER / "languages" / f"{language}.json").read_bytes())


@lru_cache(maxsize=1)
def read_regions() -> dict[str, Region]:
    """All regions by their code. Raises pydantic's ValidationError, and ValueError for a region in two files."""
    regions: dict[str, Region] = {}
    reader = TypeAdapter(dict[str, Region])
    for path in sorted((FOLDER / "regions").glob("*.json")):
        found = reader.validate_json(path.read_bytes())
        twice = regions.keys() & found.keys()
        if twice:
            raise ValueError(f"{path.name} repeats {', '.join(sorted(twice))}")
        regions |= found
    return regions


@lru_cache(maxsize=1)
def read_sources() -> dict[str, Source]:
    """All sources by their id. Raises pydantic's ValidationError."""
    return TypeAdapter(dict[str, Source]).validate_json((FOLDER / "sources.json").read_bytes())


def _formats(where: Place, region: Region | None) -> Formats:
    found = formats(where)
    return found.model_copy(update={"weekend": region.weekend}) if region and region.weekend else found


def _with_variants(profile: Profile, where: Place) -> Variant:
    """What differs there: the script's variant with the region's over it."""
    merged = Variant()
    for key in (where.script, where.region):
        variant = profile.variants.get(key) if key else None
        if variant is not None:
            merged = merged.model_copy(
                update={name: value for name in Variant.model_fields if (value := getattr(variant, name))}
            )
    return merged


def _sources(profile: Profile, region: Region | None) -> list[NamedSources]:
    named: list[NamedSources] = [NamedSources(claims="formats", sources=_named(_CLDR))]
    named += [NamedSources(claims=group, sources=_named(ids)) for group, ids in profile.sources.items()]
    if region is not None:
        named.append(NamedSources(claims="region", sources=_named(region.sources)))
    return named


def _named(ids: Iterable[str]) -> list[Source]:
    return [read_sources()[one] for one in ids]
