"""What the service accepts as names, identifiers and metadata, wherever they come from."""

from __future__ import annotations

import re
from collections.abc import Iterable

_HUB = re.compile(r"[A-Za-z][A-Za-z0-9_`,.\[\]]{0,127}")
_EVENT = re.compile(r"[A-Za-z][A-Za-z0-9_.\-]{0,127}")
_METADATA_KEY = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,256}")
_METADATA_VALUE = re.compile(r"[\t\x20-\x7e]{0,1024}")
_METADATA_LIMIT_BYTES = 8192
GROUP_LIMIT = 1024

METADATA_HEADER_PREFIX = "x-webpubsub-metadata-"


def is_hub(name: str) -> bool:
    """Whether the service would route REST calls for a hub of this name."""
    return _HUB.fullmatch(name) is not None


def is_group(name: object) -> bool:
    """Whether this is a group name: 1 to 1024 characters that UTF-8 can carry, not all of them blank."""
    return isinstance(name, str) and len(name) <= GROUP_LIMIT and is_identifier(name)


def is_identifier(name: str) -> bool:
    """Whether this can be a user or connection id: not blank, and free of lone surrogates."""
    return bool(name.strip()) and is_text(name)


def is_event(name: object) -> bool:
    """Whether a client may send a user event of this name."""
    return isinstance(name, str) and _EVENT.fullmatch(name) is not None


def is_text(value: str) -> bool:
    """Whether UTF-8 can carry the string; JSON escapes can smuggle in halves of surrogate pairs."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def checked_metadata(pairs: Iterable[tuple[str, object]]) -> dict[str, str]:
    """The pairs as message metadata. Raises ValueError with the rule that is broken."""
    metadata: dict[str, str] = {}
    size = 0
    for key, value in pairs:
        if not _METADATA_KEY.fullmatch(key):
            raise ValueError("a metadata key must be 1 to 256 characters of an HTTP token")
        if not isinstance(value, str) or not _METADATA_VALUE.fullmatch(value):
            raise ValueError("a metadata value must be a string of at most 1024 printable ASCII characters")
        if key in metadata:
            raise ValueError("a metadata key is given twice")
        metadata[key] = value
        size += len(key) + len(value)
    if size > _METADATA_LIMIT_BYTES:
        raise ValueError(f"metadata may hold at most {_METADATA_LIMIT_BYTES} bytes in all")
    return metadata


def metadata_from_headers(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The metadata that X-WebPubSub-Metadata-* headers carry; of repeated ones the last part counts.

    Raises ValueError with the rule that is broken.
    """
    found: dict[str, object] = {}
    for name, value in headers:
        if name.lower().startswith(METADATA_HEADER_PREFIX):
            found[name.lower().removeprefix(METADATA_HEADER_PREFIX)] = value.rsplit(",", 1)[-1].strip()
    return checked_metadata(found.items())
