"""Customers' messages, each different from all before, so that nothing is answered from memory."""

from __future__ import annotations

ENGLISH = (
    "Hello, where is order {number}? It should have been here {days} days ago.",
    "I was charged twice for invoice {number}, please send {days} euros back.",
    "Can I change the delivery address of parcel {number} within {days} days?",
    "My account {number} has been locked for {days} days and nobody answers.",
    "The lamp from order {number} broke after {days} days, I want to return it.",
)
PORTUGUESE = (
    "Olá, onde está a encomenda {number}? Já devia ter chegado há {days} dias.",
    "Fui cobrado duas vezes pela fatura {number}, quero {days} euros de volta.",
    "Posso alterar a morada de entrega da encomenda {number} nos próximos {days} dias?",
    "A minha conta {number} está bloqueada há {days} dias e ninguém responde.",
    "O candeeiro da encomenda {number} avariou ao fim de {days} dias, quero devolvê-lo.",
)


def message(texts: tuple[str, ...], number: int) -> str:
    """The message with this number."""
    return texts[number % len(texts)].format(number=100_000 + number, days=2 + number % 27)
