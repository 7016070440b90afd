"""Pasted code that nobody marked as such: it stays line by line, and words beside it do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.engines.translation.bergamot import BergamotTranslation
from shared.engines.translation.code import code_lines
from shared.engines.translation.protection import Protection

PASTED = {
    "a trace of Python": (
        'Traceback (most recent call last):\n  File "/srv/orders.py", line 12, in <module>\n'
        "    total = prices[\"shipping\"]\nKeyError: 'shipping'"
    ),
    "a trace of Java": (
        "java.lang.IllegalStateException: no order\nat com.shop.Orders.load(Orders.java:42)\n"
        "Caused by: com.shop.NoOrderException: 4471902"
    ),
    "a log": "2026-03-05 14:05:11,123 ERROR [main] com.shop.Orders - Connection refused: db01:5432",
    "a loop": 'for item in cart:\n    if item.price > 100:\n        print("desconto")\nreturn total',
    "calls": "fetch('/api/orders').then(r => r.json()).catch(e => console.log(e))",
    "JSON": '{\n  "order": "4471902",\n  "status": "lost"\n}',
    "JSON in a line": '{"order": "4471902", "status": "lost", "error": null}',
    "JavaScript": "const total = prices.shipping;\nif (total > 5) {\n  alert('caro');\n}",
    "settings": "SHOP_URL=https://shop.example\nSHOP_LIMIT=5",
    "SQL": "SELECT id FROM orders WHERE status = 'lost';",
}

WORDS = [
    "Error: my parcel is late",
    "The parcel(s): two of them",
    "Name: Ana",
    "for delivery in London:",
    "import duties are due",
    "return the item;",
    "- first (red)\n- second (blue)",
    "class is over:",
    "let me know (please);",
    "Paid = yes",
    "We (my wife and I) wait...\n\n  Kind regards",
    "if you can:",
    "$ 50 was charged",
    "done deal",
    "and/or, 24/7, he/she",
    '"Great": that is what you said',
]


@pytest.mark.parametrize("name", PASTED)
async def test_pasted_code_stays_and_the_words_around_it_are_translated(name: str) -> None:
    text = f"Não funciona:\n{PASTED[name]}\nO que devo fazer?"

    translated = (await BergamotTranslation().translate(text, source="pt", target="en")).text or ""

    assert PASTED[name] in translated
    assert "work" in translated.splitlines()[0]
    assert translated.splitlines()[-1].endswith("do?")


@pytest.mark.parametrize("text", WORDS)
def test_words_are_not_taken_for_code(text: str) -> None:
    assert list(code_lines(text)) == []
    assert [text[start:end] for start, end in Protection().spans(text, "pt")] in ([], ["$ 50"])


@given(st.text(alphabet="aA1 \n\t(){}[]=:;.'\"/\\_#$", max_size=200))
def test_lines_are_found_in_their_order_and_never_across_a_line_end(text: str) -> None:
    spans = list(code_lines(text))

    assert spans == sorted(spans)
    assert all(text[start:end].strip() == text[start:end] != "" for start, end in spans)
    assert not any("\n" in text[start:end] for start, end in spans)
