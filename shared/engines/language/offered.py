"""The languages offered to customers: the ones that detection tells apart."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True)
class Language:
    """A language with its ISO 639-1 code and its names."""

    code: str
    english_name: str
    native_name: str
    right_to_left: bool = False


_NAMES = """
af Afrikaans Afrikaans
am Amharic አማርኛ
ar Arabic العربية
bg Bulgarian Български
bn Bengali বাংলা
ca Catalan Català
cs Czech Čeština
cy Welsh Cymraeg
da Danish Dansk
de German Deutsch
el Greek Ελληνικά
en English English
es Spanish Español
et Estonian Eesti
eu Basque Euskara
fa Persian فارسی
fi Finnish Suomi
fr French Français
ga Irish Gaeilge
gl Galician Galego
gu Gujarati ગુજરાતી
he Hebrew עברית
hi Hindi हिन्दी
hr Croatian Hrvatski
hu Hungarian Magyar
hy Armenian Հայերեն
id Indonesian Indonesia
is Icelandic Íslenska
it Italian Italiano
ja Japanese 日本語
ka Georgian ქართული
kk Kazakh Қазақша
km Khmer ខ្មែរ
kn Kannada ಕನ್ನಡ
ko Korean 한국어
lo Lao ລາວ
lt Lithuanian Lietuvių
lv Latvian Latviešu
mk Macedonian Македонски
ml Malayalam മലയാളം
mr Marathi मराठी
ms Malay Melayu
my Burmese မြန်မာ
ne Nepali नेपाली
nl Dutch Nederlands
no Norwegian Norsk
pa Punjabi ਪੰਜਾਬੀ
pl Polish Polski
pt Portuguese Português
ro Romanian Română
ru Russian Русский
si Sinhala සිංහල
sk Slovak Slovenčina
sl Slovenian Slovenščina
sq Albanian Shqip
sr Serbian Српски
sv Swedish Svenska
sw Swahili Kiswahili
ta Tamil தமிழ்
te Telugu తెలుగు
th Thai ไทย
tl Filipino Filipino
tr Turkish Türkçe
uk Ukrainian Українська
ur Urdu اردو
vi Vietnamese Tiếng_Việt
zh Chinese 中文
"""

_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})

OFFERED: dict[str, Language] = {
    code: Language(code, english_name, native_name.replace("_", " "), code in _RIGHT_TO_LEFT)
    for code, english_name, native_name in (line.split() for line in _NAMES.strip().splitlines())
}
"""Every offered language by its code."""


def checked(codes: Collection[str]) -> tuple[str, ...]:
    """The codes, each once, in the order of OFFERED. Raises ValueError naming those that nobody can tell."""
    unknown = sorted(set(codes) - OFFERED.keys())
    if unknown or not codes:
        raise ValueError(f"cannot be told: {', '.join(unknown)}" if unknown else "name at least one language")
    return tuple(code for code in OFFERED if code in codes)
