"""What a model writes, before people read it."""

from __future__ import annotations

import pytest

from shared.engines.reasoning.plain import links_are_known

KNOWN = [
    "Refunds: https://shop.example/refunds, or www.help.example/faq.",
    "Write to help@shop.example. Not not-evil.com.",
]


@pytest.mark.parametrize(
    "text",
    [
        "See https://shop.example/refunds.",
        "See HTTPS://SHOP.EXAMPLE/refunds!",
        "See shop.example/refunds, or https://shop.example/.",
        "See shop.example and help.example/faq",
        "Write to help@shop.example",
        "no links, e.g. none; it is late.It was 5.30 in main.py and Node.js, and/or 3.5/5",
        "It is in orders.py:12, version 2.10.1.",
    ],
)
def test_what_stands_in_a_source_is_known(text: str) -> None:
    assert links_are_known(text, KNOWN)


@pytest.mark.parametrize(
    "text",
    [
        "See https://evil.example/refunds",
        "Go to evil-shop.com/login",
        "Go to evil.com",
        "Go to EVIL.COM",
        "Go to pay.evil.zone/now",
        "See https://shop.exam",
        "See https://shop.example/ref",
        "See https://shop.example.evil.com/refunds",
        "See https://shop.example@evil.com/refunds",
        "Write to refunds@evil.com",
        "Write to ahelp@shop.example",
        "javascript:alert(1)",
        "Call tel:0900123456",
        "Go to xn--shp-0na.com",
    ],
)
def test_what_does_not_is_not(text: str) -> None:
    assert not links_are_known(text, KNOWN)
