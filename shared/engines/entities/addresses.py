"""Postal addresses: a street with its number, as in Europe, the Americas, India, Turkey, Arabia and East Asia."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shared.engines.entities.reading import Finding, Reading
from shared.engines.entities.vocabulary import either
from shared.models.analysis import EntityType

_UP = r"[A-ZÀ-ÖØ-ÞĀ-ŽА-ЯЁІЇЄŞĞİΑ-ΩΆΈΉΊΌΎΏ]"
_WORD = rf"{_UP}(?:[^\W\d_]|['’-](?=[^\W\d_])){{0,25}}\.?"
_LINK = (
    r"(?:de|da|do|dos|das|del|della|dei|di|la|las|los|le|les|l['’]|d['’]|du|des|van|von|der|den|zur|am|of|the|el|e|y)"
)
_WORDS = rf"(?:{_LINK}[ ]){{0,3}}(?:[dlDL]['’])?{_WORD}(?:[ ](?:{_LINK}[ ]){{0,3}}(?:[dlDL]['’])?{_WORD}){{0,4}}"
_NUMBER = r"\d{1,5}(?:[ ]?[-/][ ]?\d{1,4})?(?:[ ]?[a-zA-Z](?![\w]))?"
_TOWN = rf"(?:{_UP}(?:[^\W\d_]|['’-](?=[^\W\d_])){{1,25}}|St\.)"
_CITY = rf"{_TOWN}(?:[ -](?:(?:de|do|da|of|upon|am|an|der|la|le|los|las|del|sur|aan|den)[ -]){{0,2}}{_TOWN}){{0,2}}"
_GB = r"[A-Z]{1,2}\d[A-Z\d]?[ ]?\d[A-Z]{2}"
_CODE = (
    rf"(?:{_GB}|\d{{4}}-\d{{3}}|\d{{5}}-\d{{3}}|\d{{2}}-\d{{3}}|"
    r"\d{4}[ ]?[A-Z]{2}|\d{3}[ ]\d{2}|\d{6}|\d{3}[ ]\d{3}|\d{5}(?:-\d{4})?|\d{4})(?!\w)"
)
_SEPARATOR = r"[ ]?(?:,|;|\n|[ ]-)[ ]?"

_FLAT = (
    r"(?i:apt|apartment|flat|unit|suite|floor|apto|apartamento|andar|bloco|piso|puerta|portal|esc|wohnung|etage|appartement|appt|bât|"
    r"batiment|interno|int|scala|m|kv|кв|lok)(?![^\W\d_])\.?[ ]?(?:n\.?[º°][ ]?)?[\dA-Za-z]{1,4}[º°ª]?"
)
_FLOOR = (
    r"\d{1,3}(?:[.]?[º°ª][ ]?|[ ]?(?=[A-Za-z]))"
    r"(?i:andar|dto|esq|fte|frente|direito|esquerdo|izq|dcha|[A-F](?!\w)|floor)?\.?"
)
_REST = (
    rf"(?:(?:{_SEPARATOR}|[ ])(?:{_FLAT}|(?<=,[ ]){_FLOOR})(?!\w))?"
    rf"(?:(?:{_SEPARATOR}|[ ])(?:{_CODE}(?:[ ]{_CITY})?)|{_SEPARATOR}{_CITY}(?:,?[ ](?:[A-Z]{{2}}[ ])?{_CODE})?)?"
)
_REST_AFTER_CITY = rf"(?:{_SEPARATOR}{_CITY}){{0,1}}(?:(?:,[ ]?|[ ]|[ ]?\n)(?:[A-Z]{{2}}[ ])?{_CODE})?"

_ENGLISH = (
    r"(?i:street|st|road|rd|avenue|ave|lane|ln|drive|dr|boulevard|blvd|court|ct|way|place|pl|close|crescent|terrace|square|sq|"
    r"gardens|parkway|pkwy|highway|hwy|hill|row|mews|grove|circle|cir|trail)(?!\w)\.?"
)
_STREETS = (
    # 12 Baker Street, Flat 3, London NW1 6XE / 500 Main St, Springfield, IL 62701
    rf"(?:{_FLAT},?[ ])?\d{{1,5}}[A-Za-z]?,?[ ](?:[NSEW]\.?[ ])?"
    rf"(?:{_WORD}[ ]|\d{{1,3}}(?:st|nd|rd|th)[ ]){{1,3}}{_ENGLISH}"
    rf"(?:[ ](?:[NS][EW]?|[EW])(?!\w))?(?:,?[ ]{_FLAT})?{_REST_AFTER_CITY}",
    # Flat 12, MG Road, Bengaluru 560001
    rf"{_FLAT},?[ ](?:{_WORD}[ ]){{1,3}}{_ENGLISH}{_REST_AFTER_CITY}",
    # PO Box 123, Dublin 2
    rf"(?i:p\.?[ ]?o\.?[ ]?box|postfach|apartado(?: postal| de correos)?|caixa postal|casella postale|postbus|"
    rf"boîte postale|skrytka(?: pocztowa)?)[ ]\d{{1,6}}{_REST}",
    # Rua Augusta, 1500 - Consolação, São Paulo - SP, 01304-001
    rf"(?i:rua|r\.|avenida|av\.?|travessa|praça|alameda|rodovia|estrada)[ ]{_WORDS},?[ ](?:n\.?[º°]?[ ]?)?{_NUMBER}"
    rf"(?:,[ ]{_FLAT})?(?:[ ]?[-–,][ ]{_CITY}){{1,3}}[ ]?[-–/,][ ]?[A-Z]{{2}}(?:,?[ ](?:CEP:?[ ])?\d{{5}}-?\d{{3}})?",
    # Atatürk Caddesi No:12 Kadıköy/İstanbul
    rf"(?:{_WORD}[ ]){{1,3}}(?:Caddesi|Cad\.|Sokağı|Sokak|Sok\.|Sk\.|Bulvarı|Bulv\.),?[ ](?i:no)?[ ]?[.:]?[ ]?"
    rf"{_NUMBER}(?:,?[ ](?:\d{{5}}[ ])?{_CITY}(?:/{_CITY})?)?",
    # Тверская улица, 7
    rf"(?:{_WORD}[ ]){{1,2}}(?:улица|проспект|переулок|шоссе|бульвар|набережная|площадь),?[ ]"
    rf"(?:д\.?[ ]?)?{_NUMBER}{_REST}",
    # 15 bis rue de la Paix, 75002 Paris
    rf"\d{{1,4}}(?:[ ]?(?:bis|ter))?,?[ ]"
    rf"(?i:rue|avenue|av\.|boulevard|bd|place|chemin|allée|impasse|quai|cours|route|square)[ ]"
    rf"{_WORDS}{_REST}",
    # Rua das Flores, n.º 12, 3º Esq., 4000-123 Porto / Calle Mayor 5, 28013 Madrid / Via Roma 10, 00184 Roma
    r"(?i:rua|r\.|avenida|av\.?|travessa|tv\.|praça|largo|estrada|alameda|rodovia|calle|c/|avda\.?|paseo|plaza|camino|carrer|"
    r"ronda|via|viale|corso|piazza|vicolo|strada|ul\.|ulica|ulicy|al\.|aleja|os\.|ул\.|улица|вул\.|str\.|strada)[ ]?"
    rf"{_WORDS},?[ ](?:(?i:n\.?[º°]?|nº|nr\.?|no\.?|núm\.?|número|numero|д\.)[ ]?)?{_NUMBER}{_REST}",
    # Hauptstraße 12a, 10115 Berlin / Keizersgracht 123, 1015 CJ Amsterdam / Storgatan 5
    rf"(?:{_UP}[^\W\d_]{{0,25}}[ -]){{0,3}}"
    rf"{_UP}[^\W\d_]{{1,25}}(?:straße|strasse|str\.|weg|platz|allee|gasse|ufer|damm|"
    rf"straat|laan|plein|gracht|kade|singel|dijk|gatan|vägen|vej|gade|veien|gata|katu|utca)[ ]{_NUMBER}{_REST}",
    # Am Ring 5
    rf"(?:{_UP}[^\W\d_]{{0,25}}[ -]){{1,3}}"
    rf"(?:Straße|Strasse|Str\.|Platz|Allee|Weg|Ring|Damm|Ufer|utca)[ ]{_NUMBER}{_REST}",
)
_STREET = [re.compile(rf"(?<![\w/.-])(?:{street})(?!\w)") for street in _STREETS]
_STREET_HINT = re.compile(r"\d")

_ANY_STREET = re.compile(
    rf"(?<![\w/.-]){_WORD}(?:[ ](?:{_LINK}[ ]){{0,2}}{_WORD}){{0,3}}(?:[ ][^\W\d_]{{2,25}})?[ ]{_NUMBER}"
    rf"(?:[ ][A-Z]?[ ]?\d{{1,3}})?,[ ](?!(?:19|20)\d\d(?!\d)){_CODE}[ ]{_CITY}(?!\w)"
)
"""`Václavské náměstí 12, 110 00 Praha`: a number and a postcode with its town follow a street of any language."""
_LOWER_STREETS = [
    re.compile(rf"(?<![\w/.-]){street}(?!\w)")
    for street in (
        r"(?:[^\W\d_]{3,25}(?:strasse|straße|gasse|straat|gracht)|[^\W\d_]{3,25}str\.)[ ]\d{1,4}[ ]?[a-z]?"
        r"(?:,?[ ]\d{4,5}[ ][^\W\d_]{3,25})?",
        r"(?<=at[ ]|to[ ]|is[ ]|s:[ ])\d{1,5}[a-z]?[ ](?:[a-z]{2,20}[ ]){1,3}"
        r"(?:street|road|avenue|ave|lane|drive|boulevard|blvd|court|crescent|terrace)(?:,[ ][a-z]{3,20}){0,2}",
    )
]
"""Streets typed without capitals, where they can hardly be anything else."""
_EASTERN = [
    re.compile(street)
    for street in (
        # 〒150-0041 東京都渋谷区神南1-2-3
        r"(?:〒?\d{3}-\d{4}[ ]?)?(?:東京都|北海道|京都府|大阪府|[\u4e00-\u9fff]{2,3}県)"
        r"[\u4e00-\u9fff\u3041-\u30fcヶ]{2,25}(?:\d{1,4}(?:(?:丁目|番地?|号|-|の){1,2}\d{0,4}){0,4}(?:号室?)?)?",
        r"〒[ ]?\d{3}-\d{4}",
        # 北京市朝阳区建国路88号
        r"(?:(?:(?![到在是于至送寄住我的])[\u4e00-\u9fff]){2,8}[省市区县州镇]){1,4}[\u4e00-\u9fff]{1,12}[路街道巷弄村][\u4e00-\u9fff]{0,6}\d{1,5}[号弄]"
        r"(?:[\u4e00-\u9fff\dA-Z-]{0,12}[室楼栋座层])?",
        # 서울특별시 강남구 테헤란로 123
        r"[가-힣]{2,6}(?:특별시|광역시|특별자치시|특별자치도|도|시)?[ ](?:[가-힣]{1,6}[구군시읍면][ ]){1,3}"
        r"[가-힣\d]{1,12}[로길][ ]?\d{1,4}(?:-\d{1,4})?(?:,?[ ]\d{1,4}[동호층]){0,3}",
        # شارع الملك فهد 12، الرياض
        r"(?<!\w)شارع (?:[\u0621-\u064a]{2,15} ){1,3}(?:رقم )?\d{1,5}(?:، ?[\u0621-\u064a]{2,15}){0,2}",
    )
]
"""Addresses of scripts without capitals, most of them from the large to the small."""

_UNMISTAKABLE = re.compile(
    r"(?<![\w-])(?:(?:GIR 0AA|[A-PR-UWYZ](?:\d{1,2}|[A-HK-Y]\d{1,2}|\d[A-HJKPSTUW]|"
    r"[A-HK-Y]\d[ABEHMNPRVWXY])[ ]\d[ABD-HJLNP-UW-Z]{2})"
    r"|[ABCEGHJ-NPRSTVXY]\d[A-Z][ ]\d[A-Z]\d)(?![\w-])"
)
_WITH_CITY = re.compile(rf"(?<![\w.,/-])(?:\d{{4}}-\d{{3}}|\d{{4}}[ ][A-Z]{{2}})[ ]{_CITY}(?!\w)")
_NAMED_CODE = re.compile(
    rf"\b(?:{either('postcode_words')})(?:[ :]|is|e|es|ist|est|lautet|nr\.?){{0,6}}"
    r"(?P<code>\d{4}[ ][a-z]{2}|[a-z]{1,2}\d[a-z\d]?[ ]?\d[a-z]{2}|"
    r"\d{2}-\d{3}|\d{4,5}(?:-\d{3,4})?|\d{3}[ ]\d{2})(?![\w-])"
)


def find_addresses(reading: Reading) -> Iterator[Finding]:
    """Streets with their number, with the flat, postcode and town that follow, and postcodes by themselves."""
    if _STREET_HINT.search(reading.text) is None:
        return
    taken: list[range] = []
    for pattern in (*_STREET, _ANY_STREET):
        for match in pattern.finditer(reading.text):
            start, end = match.start(), match.start() + len(match[0].rstrip(" ,;.\n"))
            if pattern is not _ANY_STREET or not any(start < known.stop and known.start < end for known in taken):
                taken.append(range(start, end))
                yield Finding(EntityType.ADDRESS, start, end, 0.85, rank=1)
    for text, patterns in ((reading.folded, _LOWER_STREETS), (reading.text, _EASTERN)):
        for pattern in patterns:
            for match in pattern.finditer(text):
                yield Finding(EntityType.ADDRESS, *match.span(), 0.75, rank=2)
    for pattern, confidence in ((_UNMISTAKABLE, 0.85), (_WITH_CITY, 0.7)):
        for match in pattern.finditer(reading.text):
            yield Finding(EntityType.ADDRESS, *match.span(), confidence, rank=2)
    for match in _NAMED_CODE.finditer(reading.folded):
        yield Finding(EntityType.ADDRESS, *match.span("code"), 0.85, rank=2)
