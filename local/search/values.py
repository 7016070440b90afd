"""Values of fields: what each type admits, how it is stored, compared and shown."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from local.search.errors import bad_request

SCALARS = frozenset({"Edm.String", "Edm.Int32", "Edm.Int64", "Edm.Double", "Edm.Boolean", "Edm.DateTimeOffset"})
VECTOR = "Collection(Edm.Single)"
NUMBERS = frozenset({"Edm.Int32", "Edm.Int64", "Edm.Double"})

_BOUNDS = {"Edm.Int32": 2**31, "Edm.Int64": 2**63}
_DATE = re.compile(
    r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:\d\d)", re.IGNORECASE | re.ASCII
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def element_type(declared: str) -> str:
    """The type of a collection's elements, or the type itself."""
    return declared.removeprefix("Collection(").removesuffix(")")


def microseconds(text: str) -> int | None:
    """A date and time with offset, as microseconds since 1970 in UTC; None when it is not one."""
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    day, minute, second, fraction, offset = match.groups()
    whole = f"{day}T{minute}:{second or '00'}.{(fraction or '0')[:6].ljust(6, '0')}"
    try:
        moment = datetime.fromisoformat(whole + ("+00:00" if offset in "Zz" else offset))
        return (moment - _EPOCH) // timedelta(microseconds=1)
    except (ValueError, OverflowError):
        return None


def date_text(value: int) -> str:
    """Microseconds since 1970 as Azure writes a date: UTC, no fraction where there is none."""
    moment = _EPOCH + timedelta(microseconds=value)
    fraction = f".{moment.microsecond:06d}".rstrip("0") if moment.microsecond else ""
    return f"{moment.replace(tzinfo=None).isoformat(timespec='seconds')}{fraction}Z"


def checked(value: Any, declared: str, field: str) -> Any:
    """The value as it is stored. Raises SearchError 400 naming the field when the type does not admit it."""
    if declared.startswith("Collection("):
        if value is None:
            return []
        if not isinstance(value, list):
            raise _mismatch(value, declared, field)
        inner = element_type(declared)
        if any(item is None for item in value):
            raise bad_request(f"Field '{field}': a collection holds no null.")
        return [checked(item, inner, field) for item in value]
    if value is None:
        return None
    if declared == "Edm.DateTimeOffset":
        moment = microseconds(value) if isinstance(value, str) else None
        if moment is None:
            raise _mismatch(value, declared, field)
        return date_text(moment)
    if not _admits(value, declared):
        raise _mismatch(value, declared, field)
    return float(value) if declared == "Edm.Double" else value


def _admits(value: Any, declared: str) -> bool:
    if declared == "Edm.String":
        return isinstance(value, str)
    if declared == "Edm.Boolean":
        return isinstance(value, bool)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    if declared == "Edm.Double":
        return math.isfinite(value)
    return isinstance(value, int) and -_BOUNDS[declared] <= value < _BOUNDS[declared]


def _mismatch(value: Any, declared: str, field: str) -> Exception:
    shown = repr(value)
    shown = shown if len(shown) <= 60 else f"{shown[:57]}..."
    return bad_request(f"Field '{field}': cannot convert the value {shown} to the expected type '{declared}'.")


def comparable(value: Any, declared: str) -> Any:
    """A stored value as something that sorts: dates as microseconds, everything else as it is."""
    if element_type(declared) == "Edm.DateTimeOffset":
        return microseconds(value)
    return value


def shown(value: Any, declared: str) -> Any:
    """The reverse of `comparable`."""
    return date_text(value) if element_type(declared) == "Edm.DateTimeOffset" else value


def checked_vector(value: Any, dimensions: int, field: str) -> list[float]:
    """A vector of the right length. Raises SearchError 400 naming the field."""
    if not isinstance(value, list) or any(isinstance(x, bool) or not isinstance(x, int | float) for x in value):
        raise bad_request(f"The vector field '{field}' takes an array of {dimensions} numbers.")
    if len(value) != dimensions:
        raise bad_request(
            f"The vector field '{field}', with dimension of '{dimensions}', expects a length of '{dimensions}'. "
            f"However, the provided vector has a length of '{len(value)}'. "
            "Please ensure that the vector length matches the expected length of the vector field."
        )
    if not all(math.isfinite(x) and abs(x) < 3.4e38 for x in value):
        raise bad_request(f"The vector field '{field}' holds a number that is not a finite single-precision one.")
    return value
