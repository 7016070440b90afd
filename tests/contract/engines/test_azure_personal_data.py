"""What Azure AI Language takes out of a text is called as our own engine calls it."""

from __future__ import annotations

import pytest

from shared.engines.azure_language import AzureLanguage
from shared.engines.personal_data.azure import AzurePersonalData
from shared.models.analysis import EntityType
from tests.contract.engines.test_azure_language import Patterns, an_entity
from tests.fakes.language import FakeLanguage


@pytest.mark.parametrize(
    ("category", "label"),
    [
        ("CreditCardNumber", "[CREDIT_CARD]"),
        ("InternationalBankingAccountNumber", "[IBAN]"),
        ("USBankAccountNumber", "[BANK_ACCOUNT]"),
        ("SWIFTCode", "[BANK_ACCOUNT]"),
        ("DEPassportNumber", "[NATIONAL_ID]"),
        ("FRDriversLicenseNumber", "[NATIONAL_ID]"),
        ("BRCPFNumber", "[NATIONAL_ID]"),
        ("AzureStorageAccountKey", "[PASSWORD]"),
        ("SomethingNew", "[OTHER]"),
    ],
)
async def test_what_is_taken_out_is_called_as_our_own_engine_calls_it(
    language: FakeLanguage, resource: AzureLanguage, category: str, label: str
) -> None:
    language.names = {"X-123": category}

    assert (await AzurePersonalData(resource).redact("It is X-123.", language="en")).redacted_text == f"It is {label}."


async def test_of_two_names_for_a_place_the_telling_one_counts(language: FakeLanguage, resource: AzureLanguage) -> None:
    language.names = {"no 4111 1111": "SomethingNew"}
    own = an_entity("4111 1111", 8, EntityType.OTHER, value="credit_card")

    result = await AzurePersonalData(resource, beside=Patterns(own)).redact("Card no 4111 1111.", language="en")

    assert result.redacted_text == "Card [CREDIT_CARD]."
