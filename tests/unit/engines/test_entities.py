"""What a text names: found where it stands, with the value it means, and nothing that only looks like it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from shared.engines.entities.patterns import PatternEntities
from shared.models.analysis import EntityType

WRITTEN = datetime(2026, 3, 18, 10, tzinfo=UTC)
"""A Wednesday."""


async def found(text: str, language: str | None, kind: EntityType, *products: str) -> list[tuple[str, str | None]]:
    """The findings of one kind, each as written and with its value."""
    result = await PatternEntities(products).recognise(text, language=language, now=WRITTEN)
    return [(entity.text, entity.value) for entity in result.entities if entity.type is kind]


@pytest.mark.parametrize(
    ("text", "written", "value"),
    [
        ("my order #12345 is late", "#12345", "12345"),
        ("ORD-2024-0001 never came", "ORD-2024-0001", "ORD-2024-0001"),
        ("order ORD-2024-0001", "ORD-2024-0001", "ORD-2024-0001"),
        ("where is order 83921?", "83921", "83921"),
        ("my order number is ab-1203.", "ab-1203", "AB-1203"),
        ("a encomenda n.º 55410 não chegou", "55410", "55410"),
        ("Meine Bestellung 4711 fehlt", "4711", "4711"),
        ("Bestellnummer: DE-99187", "DE-99187", "DE-99187"),
        ("ma commande n° 98765", "98765", "98765"),
        ("12345 numaralı siparişim", "12345", "12345"),
        ("注文番号は12345です", "12345", "12345"),
        ("104482993", "104482993", "104482993"),
        ("order #7 please", "#7", "7"),
        ("order: 123 456 789", "123 456 789", "123456789"),
        ("order **55410** is late", "55410", "55410"),
        ("Order number:\nAB-1203-X", "AB-1203-X", "AB-1203-X"),
        (
            "order id 550e8400-e29b-41d4-a716-446655440000",
            "550e8400-e29b-41d4-a716-446655440000",
            "550E8400-E29B-41D4-A716-446655440000",
        ),
        ("طلبي رقم ١٢٣٤٥", "١٢٣٤٥", "12345"),
        ("मेरा ऑर्डर नंबर १२३४५", "१२३४५", "12345"),
        ("注文番号１２３４５", "１２３４５", "12345"),
        ("objednávka č. 12345", "12345", "12345"),
        ("order \u200e12345\u200f", "12345", "12345"),
    ],
)
@pytest.mark.parametrize("language", [None, "en"])
async def test_order_numbers_are_found_in_many_shapes_whatever_the_language(
    text: str, written: str, value: str, language: str | None
) -> None:
    assert await found(text, language, EntityType.ORDER_NUMBER) == [(written, value)]


@pytest.mark.parametrize(
    "text",
    [
        "I placed my order in 2024",
        "I want to order 1000 units",
        "my order 12.50 was wrong",
        "ticket 889912 was closed",
        "the code 482913 does not work",
        "24/7, 5 times, 100%",
        "#oscars2015 was great",
        "call me at +44 20 7946 0958",
        "order 12/03/2026",
        "o meu pedido no 5 de maio",
        "my BSN 111222333 and PESEL 44051401359",
        "身份证号 110105194912310021",
    ],
)
async def test_other_numbers_are_not_order_numbers(text: str) -> None:
    assert await found(text, "en", EntityType.ORDER_NUMBER) == []


async def test_every_number_of_a_list_of_orders_is_found() -> None:
    numbers = await found("orders 12345, 12346 and 12347, 12 pieces", "en", EntityType.ORDER_NUMBER)

    assert numbers == [("12345", "12345"), ("12346", "12346"), ("12347", "12347")]


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("paid $1,299.99", "en", "USD 1299.99"),
        ("Rs. 1,00,000", "en", "INR 100000.00"),
        ("₹12,34,567.89", "hi", "INR 1234567.89"),
        ("1.234,- EUR", "de", "EUR 1234.00"),
        ("¥5000を払いました", "ja", "JPY 5000"),
        ("5만원", "ko", "KRW 50000"),
        ("50,000원을", "ko", "KRW 50000"),
        ("$5k", "en", "USD 5000.00"),
        ("£3.50p", "en", "GBP 3.50"),
        ("99p", "en", "GBP 0.99"),
        ("12 euros e 50 cêntimos", "pt", "EUR 12.50"),
        ("1 500 руб. и 99 коп", "ru", "RUB 1500.99"),
        ("٥٠٠ ريال", "ar", "SAR 500.00"),
        ("١٬٢٣٤٫٥٦ د.إ", "ar", "AED 1234.56"),
        ("1.500 pesos", "es-MX", "MXN 1500.00"),
        ("1.500 pesos", "es", None),
        ("1.234,56 € bezahlt", "de", "EUR 1234.56"),
        ("R$ 89,90", "pt-BR", "BRL 89.90"),
        ("EUR 7,50", None, "EUR 7.50"),
        ("24€90", "fr", "EUR 24.90"),
        ("€ 15,-", "nl", "EUR 15.00"),
        ("2 500 руб", "ru", "RUB 2500.00"),
        ("1.234 EUR", "en", "EUR 1234.00"),
        ("5,000円", "ja", "JPY 5000"),
        ("299 kr", "da", "DKK 299.00"),
        ("$20", "en-CA", "CAD 20.00"),
        ("$1,500.00 MXN", "es", "MXN 1500.00"),
    ],
)
async def test_amounts_are_read_with_either_kind_of_separators(
    text: str, language: str | None, value: str | None
) -> None:
    assert [each for _, each in await found(text, language, EntityType.AMOUNT)] == [value]


@pytest.mark.parametrize(
    "text", ["5 stars", "10 out of 10", "version 1.234", "kr", "€", "100% sure", "I will try 2 times", "php 8", "1080p"]
)
async def test_numbers_without_a_currency_are_no_amounts(text: str) -> None:
    assert await found(text, "en", EntityType.AMOUNT) == []


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("call 020 7946 0018", "en", "+442079460018"),
        ("(415) 555-0132", "en", "+14155550132"),
        ("o meu é o 912 345 678", "pt", "+351912345678"),
        ("(11) 98765-4321", "pt-BR", "+5511987654321"),
        ("Tel. 030 1234567", "de", "+49301234567"),
        ("06 12 34 56 78", "fr", "+33612345678"),
        ("+48 22 123 45 67", None, "+48221234567"),
        ("رقمي ٠٥٠١٢٣٤٥٦٧", "ar", "+966501234567"),
        ("電話番号は０９０－１２３４－５６７８です", "ja", "+819012345678"),
        ("我的电话是13812345678", "zh", "+8613812345678"),
        ("제 번호는 010-1234-5678입니다", "ko", "+821012345678"),
        ("۰۹۱۲۳۴۵۶۷۸۹", "fa", "+989123456789"),
        ("+81-90-1234-5678", None, "+819012345678"),
        ("+1(415)555-2671x12", None, "+14155552671"),
        ("+351\u2011912\u2011345\u2011678", None, "+351912345678"),
    ],
)
async def test_telephone_numbers_become_e164_by_the_region_that_the_language_suggests(
    text: str, language: str | None, value: str
) -> None:
    assert [each for _, each in await found(text, language, EntityType.PHONE)] == [value]


@pytest.mark.parametrize(
    "text", ["order 912345678", "2026-03-12 10:00", "1/2/2026", "1234567890123456", "020 79460018"]
)
async def test_without_a_language_only_whole_numbers_with_their_country_are_telephones(text: str) -> None:
    assert await found(text, None, EntityType.PHONE) == []


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("write to A.B+c@Example.co.uk.", EntityType.EMAIL, [("A.B+c@Example.co.uk", "a.b+c@example.co.uk")]),
        (
            "see (https://example.com/a_(b)).",
            EntityType.URL,
            [("https://example.com/a_(b)", "https://example.com/a_(b)")],
        ),
        ("on example.com/faq, it says", EntityType.URL, [("example.com/faq", "http://example.com/faq")]),
        ("thanks.it was good", EntityType.EMAIL, []),
        ("メールはabc@example.comです", EntityType.EMAIL, [("abc@example.com", "abc@example.com")]),
        ("https://example.com/abcを見て", EntityType.URL, [("https://example.com/abc", "https://example.com/abc")]),
        ("https://ja.example.org/wiki/東京", EntityType.URL, [("https://ja.example.org/wiki/東京",) * 2]),
        ("jane (at) example (dot) com", EntityType.EMAIL, [("jane (at) example (dot) com", "jane@example.com")]),
        ("I looked at example.com", EntityType.EMAIL, []),
        ("looking at the dot on the map", EntityType.EMAIL, []),
        ("https://jane:pw1@shop.example/", EntityType.EMAIL, []),
        ("a@b", EntityType.EMAIL, []),
        ("www you", EntityType.URL, []),
        ("I waited.Then nothing", EntityType.URL, []),
    ],
)
async def test_contacts_end_where_they_end(text: str, kind: EntityType, expected: list[tuple[str, str | None]]) -> None:
    assert await found(text, "en", kind) == expected


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("ship to 221 Baker Street, London NW1 6XE please", "221 Baker Street, London NW1 6XE"),
        ("to 48 Rosewood Avenue, Apt 5B, Portland, OR 97205.", "48 Rosewood Avenue, Apt 5B, Portland, OR 97205"),
        ("na Rua das Flores, 12, 3º Esq., 4000-123 Porto", "Rua das Flores, 12, 3º Esq., 4000-123 Porto"),
        ("an Hauptstraße 12a, 10115 Berlin. Danke", "Hauptstraße 12a, 10115 Berlin"),
        ("au 15 rue de la Paix, 75002 Paris. Merci", "15 rue de la Paix, 75002 Paris"),
        ("en Calle Mayor 5, 28013 Madrid", "Calle Mayor 5, 28013 Madrid"),
        ("in Via Roma 10, 00184 Roma", "Via Roma 10, 00184 Roma"),
        ("in Keizersgracht 123, 1015 CJ Amsterdam", "Keizersgracht 123, 1015 CJ Amsterdam"),
        ("na ul. Długa 5, 00-238 Warszawa", "ul. Długa 5, 00-238 Warszawa"),
        ("my postcode is M4 1HQ", "M4 1HQ"),
        ("my zip code is 94107", "94107"),
        ("Unter den Linden 77, 10117 Berlin!", "Unter den Linden 77, 10117 Berlin"),
        ("na Václavské náměstí 12, 110 00 Praha", "Václavské náměstí 12, 110 00 Praha"),
        ("Ερμού 12, 105 63 Αθήνα", "Ερμού 12, 105 63 Αθήνα"),
        ("Flat 12, MG Road, Bengaluru 560001", "Flat 12, MG Road, Bengaluru 560001"),
        ("to P.O. Box 1234", "P.O. Box 1234"),
        ("Rua Augusta, 1500 - Centro, São Paulo - SP, 01304-001",) * 2,
        ("Atatürk Caddesi No:12 Kadıköy/İstanbul", "Atatürk Caddesi No:12 Kadıköy/İstanbul"),
        ("wohne in der hauptstraße 12", "hauptstraße 12"),
        ("〒150-0041 東京都渋谷区神南1-2-3です", "〒150-0041 東京都渋谷区神南1-2-3"),
        ("送到北京市朝阳区建国路88号", "北京市朝阳区建国路88号"),
        ("서울특별시 강남구 테헤란로 123", "서울특별시 강남구 테헤란로 123"),
        ("شارع الملك فهد 12", "شارع الملك فهد 12"),
    ],
)
async def test_addresses_are_found_whole(text: str, address: str) -> None:
    assert [written for written, _ in await found(text, None, EntityType.ADDRESS)] == [address]


@pytest.mark.parametrize(
    "text",
    [
        "Spring 16 internships",
        "I waited 3 Weeks In Line",
        "Winter Sale 20, 2026 Edition",
        "it took 10 minutes to drive",
    ],
)
async def test_capitals_beside_numbers_are_no_addresses(text: str) -> None:
    assert await found(text, "en", EntityType.ADDRESS) == []


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("Hi, my name is Ana de Souza and", "Ana de Souza"),
        ("me chamo joão pedro e quero", "joão pedro"),
        ("Ich heiße Anna Müller.", "Anna Müller"),
        ("Thanks,\nAnna Lee", "Anna Lee"),
        ("Please help. Cordialement, Anna Lee", "Anna Lee"),
        ("I spoke to Mrs. O'Hara about it", "O'Hara"),
        ("Hello, I'm Anna and I need help", "Anna"),
        ("ask for Mrs van der Berg", "van der Berg"),
        ("اسمي محمد علي", "محمد علي"),
        ("שמי דוד כהן", "דוד כהן"),
        ("मेरा नाम राहुल शर्मा है", "राहुल शर्मा"),
        ("私の名前は田中太郎です", "田中太郎"),
        ("我叫王小明，订单没到", "王小明"),
        ("제 이름은 김철수입니다", "김철수"),
    ],
)
async def test_people_are_found_where_they_are_introduced_or_sign(text: str, person: str) -> None:
    assert [written for written, _ in await found(text, "en", EntityType.PERSON)] == [person]


@pytest.mark.parametrize(
    "text",
    [
        "I'm Very Upset",
        "Thanks VP!",
        "Thanks Team",
        "Aurora Lamp is Broken",
        "I am German",
        "my name is",
        "Best regards,",
        "이름은 뭐예요?",
        "我叫你们退款",
        "اسمي غير موجود في القائمة",
        "मेरा नाम गलत है",
        "名前は間違っています",
    ],
)
async def test_capitals_alone_make_no_person(text: str) -> None:
    assert await found(text, "en", EntityType.PERSON) == []


async def test_products_are_found_as_whole_words_in_any_case_and_the_longest_wins() -> None:
    products = ("Galaxy S24", "Galaxy S24 Ultra", "東京タワー")
    text = "my GALAXY  s24 ultra, a galaxy s24 and galaxy s245; 昨日東京タワーを"

    assert await found(text, "en", EntityType.PRODUCT, *products) == [
        ("GALAXY  s24 ultra", "Galaxy S24 Ultra"),
        ("galaxy s24", "Galaxy S24"),
        ("東京タワー", "東京タワー"),
    ]


def test_a_product_without_a_name_is_refused_by_field() -> None:
    with pytest.raises(ValueError, match=r"^products: '--' holds no letter or digit$"):
        PatternEntities(["Lamp", "--"])
