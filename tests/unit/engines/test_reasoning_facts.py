"""What a message and a name tell."""

from __future__ import annotations

import pytest

from shared.engines.reasoning.facts import first_name, holds_email, order_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("where is order 4471902?", "4471902"),
        ("My order number is A-1207, where is it", "A-1207"),
        ("order #1207 please", "1207"),
        ("meu pedido nº 88-1234 não chegou", "88-1234"),
        ("o pedido de número 7788123 veio errado", "7788123"),
        ("it's #A1207", "A1207"),
        ("58213 is late", "58213"),
        ("100-2345-AB never came", "100-2345-AB"),
    ],
)
def test_an_order_number_is_found(text: str, number: str) -> None:
    assert order_number(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "where is my order?",
        "I ordered 2 lamps in 2024",
        "I paid $12345.00 for order",
        "order placed on 12/05/2024",
        "call me at +55 11 98765-4321",
        "see https://example.com/orders/4471902",
        "write to me99999@example.com",
        "paguei R$ 1.234,50 pelo pedido",
        "order 2 of 3 came",
        "my order is 100% wrong",
    ],
)
def test_other_numbers_are_no_order_numbers(text: str) -> None:
    assert order_number(text) is None


def test_an_email_address_is_noticed() -> None:
    assert holds_email("it is first.last@example.com.br, thanks")
    assert not holds_email("write to @shop")


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("ana souza", "Ana"),
        ("JOÃO LIMA", "João"),
        ("Anne-Marie", "Anne-Marie"),
        ("O'Neil Fox", "O'Neil"),
        ("李雷", "李雷"),
    ],
)
def test_a_first_name_is_taken(typed: str, name: str) -> None:
    assert first_name(typed) == name


@pytest.mark.parametrize(
    "typed", ["", "  ", "x", "Guest", "cliente 42", "Dr. Lima", "user77", "a@b.com", "-ana", "z" * 21]
)
def test_what_is_hardly_a_name_is_not(typed: str) -> None:
    assert first_name(typed) is None
