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
    "USSocialSecurityNumber": secrets.NATIONAL_ID,
    "BRCPFNumber": secrets.NATIONAL_ID,
    "BRNationalIDRG": secrets.NATIONAL_ID,
    "ESDNI": secrets.NATIONAL_ID,
    "FRINSEENumber": secrets.NATIONAL_ID,
    "ITFiscalCode": secrets.NATIONAL_ID,
    "PTCitizenCardNumber": secrets.NATIONAL_ID,
    "UKNationalInsuranceNumber": secrets.NATIONAL_ID,
}
"""What findings without a type of their own are, in the embedded engine's words; others are `other` alone."""

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
        entity.model_copy(update={"value": KINDS.get(each.category)})
        for each, entity in zip(kept, entities(piece, kept), strict=True)
    ]


def _is_personal(category: str, subcategory: str | None) -> bool:
    return category not in NOT_PERSONAL or subcategory == "Age"


def _apart(text: str, found: list[Entity]) -> list[Entity]:
    """The findings in the order of the text; those that overlap become one that covers them all."""
    apart: list[Entity] = []
    for each in sorted(found, key=lambda one: (one.start, one.start - one.end)):
        if apart and each.start < apart[-1].end:
            before = apart[-1]
            end = max(before.end, each.end)
            apart[-1] = before.model_copy(update={"end": end, "text": text[before.start : end]})
        else:
            apart.append(each)
    return apart
