"""What is known of a culture: the form of the files in this folder, and of the answer made from them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from shared.models.base import LanguageCode, Model

Text = Annotated[str, Field(min_length=1, pattern=r"^\S(.*\S)?$")]
"""One line without space around it."""

Formality = Literal["formal", "neutral", "informal"]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
Claims = Literal["expressions", "address", "names", "communication", "region", "formats"]
"""The groups of statements that sources are named for."""

SourceId = Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
RegionCode = Annotated[str, Field(pattern=r"^([A-Z]{2}|[0-9]{3})$")]
"""ISO 3166-1 alpha-2, or UN M.49 for a larger area such as 419, Latin America."""


class Greeting(Model):
    text: Text
    """In the language itself."""
    formality: Formality
    when: Literal["any", "morning", "afternoon", "evening"]
    """The customer's time of day at which it is said."""


class Closing(Model):
    text: Text
    """In the language itself."""
    formality: Formality


class Address(Model):
    recommended: Literal["formal", "informal", "either"]
    """How to address a customer who has not shown a preference."""
    formal: Text | None
    """The polite word for `you`, null where the language has none."""
    informal: Text | None
    advice: Text


class Names(Model):
    order: Literal["given_first", "family_first", "varies", "no_family_name"]
    honorifics: list[Text]
    """In the language itself."""
    advice: Text


class Apology(Model):
    text: Text
    """In the language itself."""
    advice: Text


class Communication(Model):
    directness: Literal["direct", "balanced", "indirect"]
    advice: Text
    avoid: Annotated[list[Text], Field(min_length=1)]
    """What not to do in customer service."""


class Expressions(Model):
    """What is said first, last and when something went wrong."""

    greetings: Annotated[list[Greeting], Field(min_length=1)]
    closings: Annotated[list[Closing], Field(min_length=1)]
    apology: Apology


class Variant(Model):
    """What differs in a region or script; null or empty is as in the language's own file."""

    remark: Text | None = None
    greetings: list[Greeting] = []
    closings: list[Closing] = []
    apology: Apology | None = None
    address: Address | None = None


class Profile(Model):
    """A file of languages/."""

    language: LanguageCode
    expressions: Expressions
    address: Address
    names: Names
    communication: Communication
    variants: dict[str, Variant] = {}
    """By region (`BR`) or script (`Latn`)."""
    sources: dict[Literal["expressions", "address", "names", "communication"], list[SourceId]]

    @model_validator(mode="after")
    def _every_group_has_a_source(self) -> Profile:
        missing = {"expressions", "address", "names", "communication"} - {
            group for group, named in self.sources.items() if named
        }
        if missing:
            raise ValueError(f"no source is named for: {', '.join(sorted(missing))}")
        return self


class Region(Model):
    """An entry of regions/: what holds in a region whatever language is spoken."""

    business_hours: Text
    holidays: Text
    calendar: Text | None = None
    """Where another calendar than the Gregorian is in use."""
    weekend: list[Weekday] = []
    """The days of rest where CLDR has others; empty as in CLDR."""
    sources: Annotated[list[SourceId], Field(min_length=1)]


class Source(Model):
    """Where a reader can check and read on."""

    title: Text
    by: Text
    """Author or publisher, with the year of a book."""


class Formats(Model):
    """Examples made with CLDR: 5 March 2026 at 14:05, the number 1,234,567.89 and the sum of 1,234.50."""

    locale: str
    """The locale that the examples are of; another region's when CLDR has none for the one asked for."""
    date_short: str
    date_long: str
    time: str
    number: str
    percent: str
    """Of 12.5 per cent."""
    currency: str | None
    """ISO 4217 code of the region's currency; null for an area with several."""
    amount: str | None
    first_day_of_week: Weekday
    weekend: list[Weekday]
    direction: Literal["ltr", "rtl"]
    calendar: Literal["gregorian"]
    """The calendar of the examples."""


class RegionalRemarks(Model):
    business_hours: str | None
    holidays: str | None
    calendar: str | None
    language: str | None
    """What is particular about the language there."""


class NamedSources(Model):
    claims: Claims
    sources: list[Source]


class CulturalContext(Model):
    """All that an agent needs to know to write to a customer of a language and a region."""

    code: LanguageCode
    """As asked for, in its usual spelling."""
    language: LanguageCode
    region: RegionCode
    """The one asked for, or where most speakers of the language live."""
    region_name: str
    english_name: str
    native_name: str
    greetings: list[Greeting]
    closings: list[Closing]
    apology: Apology
    address: Address
    names: Names
    communication: Communication
    formats: Formats
    regional: RegionalRemarks
    regions_with_remarks: list[RegionCode]
    """Other regions of the language that something particular is known of."""
    sources: list[NamedSources]
