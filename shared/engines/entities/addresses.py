"""Postal addresses: a street with its number, as in the main European countries, Brazil, the UK and the US."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shared.engines.entities.reading import Finding, Reading
from shared.engines.entities.vocabulary import either
from shared.models.analysis import EntityType

_UP = r"[A-ZÀ-ÖØ-ÞĀ-ŽА-ЯЁІЇЄŞĞİ]"
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
    r"\d{4}[ ]?[A-Z]{2}|\d{3}[ ]\d{2}|\d{5}(?:-\d{4})?|\d{4})(?!\w)"
)
_SEPARATOR = r"[ ]?(?:,|;|\n|[ ]-)[ ]?"

_FLAT = (
    r"(?i:apt|apartment|flat|unit|suite|floor|apto|apartamento|andar|bloco|piso|puerta|portal|esc|wohnung|etage|appartement|appt|bât|"
    r"batiment|interno|int|scala|m|kv|кв|lok)\.?[ ]?(?:n\.?[º°][ ]?)?[\dA-Za-z]{1,4}[º°ª]?"
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
    rf"(?:,?[ ]{_FLAT})?{_REST_AFTER_CITY}",
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
    for pattern in _STREET:
        for match in pattern.finditer(reading.text):
            end = match.start() + len(match[0].rstrip(" ,;.\n"))
            yield Finding(EntityType.ADDRESS, match.start(), end, 0.85, rank=1)
    for pattern, confidence in ((_UNMISTAKABLE, 0.85), (_WITH_CITY, 0.7)):
        for match in pattern.finditer(reading.text):
            yield Finding(EntityType.ADDRESS, *match.span(), confidence, rank=2)
    for match in _NAMED_CODE.finditer(reading.folded):
        yield Finding(EntityType.ADDRESS, *match.span("code"), 0.85, rank=2)
