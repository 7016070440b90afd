"""Personal data by Azure AI Language."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

from shared.engines.azure_language import DOCUMENTS_WITH_SPANS, NAME, AzureLanguage
from shared.engines.azure_service import service_failures
from shared.engines.azure_spans import entities
from shared.engines.documents import Piece
from shared.engines.personal_data import PersonalDataEngine, secrets
from shared.models.analysis import Entity, EntityType, PersonalDataResult

KINDS = {
    "CreditCardNumber": secrets.CREDIT_CARD,
    "InternationalBankingAccountNumber": secrets.IBAN,
    "IPAddress": secrets.IP_ADDRESS,
    "BRNationalIDRG": secrets.NATIONAL_ID,
    "ESDNI": secrets.NATIONAL_ID,
    "PTCitizenCardNumber": secrets.NATIONAL_ID,
}
"""What findings without a type of their own are, in the embedded engine's words."""

FAMILIES = (
    ("BankAccountNumber", secrets.BANK_ACCOUNT),
    ("RoutingNumber", secrets.BANK_ACCOUNT),
    ("SWIFTCode", secrets.BANK_ACCOUNT),
    ("AuthKey", secrets.PASSWORD),
    ("ConnectionString", secrets.PASSWORD),
    ("StorageAccountKey", secrets.PASSWORD),
    ("PublishSetting", secrets.PASSWORD),
    ("SharedAccess", secrets.PASSWORD),
    ("Passport", secrets.NATIONAL_ID),
    ("DriversLicense", secrets.NATIONAL_ID),
    ("DriverLicense", secrets.NATIONAL_ID),
    ("Identi", secrets.NATIONAL_ID),
    ("NationalID", secrets.NATIONAL_ID),
    ("SocialSecurity", secrets.NATIONAL_ID),
    ("INSEE", secrets.NATIONAL_ID),
    ("Insurance", secrets.NATIONAL_ID),
    ("Tax", secrets.NATIONAL_ID),
    ("Fiscal", secrets.NATIONAL_ID),
    ("Resident", secrets.NATIONAL_ID),
    ("CPFNumber", secrets.NATIONAL_ID),
    ("HealthService", secrets.NATIONAL_ID),
    ("MedicalAccount", secrets.NATIONAL_ID),
)
"""The same for the many categories that a country has its own of, by a part of their name; the first that fits counts.
What is in neither is `other` alone."""

NOT_PERSONAL = frozenset({"PersonType", "Organization", "DateTime", "Quantity"})
"""Categories that the service lists beside personal data. Without the dates and the names of shops and carriers nobody
could answer the text any more. A person's age, a Quantity too, counts as personal."""


class AzurePersonalData:
    """Every kind of the service's that points to a person; each finding is replaced by its type in brackets."""

    name = NAME
    embedded = False

    def __init__(self, service: AzureLanguage, *, beside: PersonalDataEngine | None = None) -> None:
        """`beside`: an embedded engine whose findings are taken out too."""
        self._service = service
        self._beside = beside

    async def redact(self, text: str, *, language: str | None) -> PersonalDataResult:
        """The text without personal data, and what was found. Raises NotServed, EngineFailed."""
        found, own = await asyncio.gather(self._found(text, language), self._own(text, language))
        apart = _apart(text, [*own, *found])
        redacted, cursor = "", 0
        for each in apart:
            kind = each.value if each.type is EntityType.OTHER else None
            redacted += f"{text[cursor : each.start]}[{(kind or each.type).upper()}]"
            cursor = each.end
        return PersonalDataResult(engine=NAME, redacted_text=redacted + text[cursor:], entities=apart)

    async def _found(self, text: str, language: str | None) -> list[Entity]:
        results = await self._service.read(
            text,
            language,
            lambda client, documents: client.recognize_pii_entities(documents),
            documents=DOCUMENTS_WITH_SPANS,
        )
        with service_failures():
            return [each for piece, result in results for each in _personal(piece, result.entities)]

    async def _own(self, text: str, language: str | None) -> list[Entity]:
        if self._beside is None:
            return []
        return (await self._beside.redact(text, language=language)).entities


def _personal(piece: Piece, found: Iterable[Any]) -> list[Entity]:
    """Those of the service's findings that point to a person."""
    kept = [each for each in found if _is_personal(each.category, each.subcategory)]
    return [
        entity.model_copy(update={"value": kind_of(each.category)})
        for each, entity in zip(kept, entities(piece, kept), strict=True)
    ]


def kind_of(category: str) -> str | None:
    """What a category of the service is in the embedded engine's words; null when those have none."""
    by_part = (kind for part, kind in FAMILIES if part in category)
    return KINDS.get(category) or next(by_part, None)


def _is_personal(category: str, subcategory: str | None) -> bool:
    return category not in NOT_PERSONAL or subcategory == "Age"


def _apart(text: str, found: list[Entity]) -> list[Entity]:
    """The findings in the order of the text; those that overlap become one that covers them all."""
    apart: list[Entity] = []
    for each in sorted(found, key=lambda one: (one.start, one.start - one.end)):
        if apart and each.start < apart[-1].end:
            before = apart[-1]
            end = max(before.end, each.end)
            # Of two names for the same place the one that says what it is.
            telling = each if before.type is EntityType.OTHER and before.value is None else before
            covered = {"start": before.start, "end": end, "text": text[before.start : end]}
            apart[-1] = telling.model_copy(update=covered)
        else:
            apart.append(each)
    return apart
