"""Partition keys: what an item's key is, how it is stored, and where it lies among the hashed ranges."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from local.cosmos.errors import PARTITION_KEY_MISMATCH, bad_request
from local.cosmos.sql.rules import Steps
from local.cosmos.sql.values import UNDEFINED
from local.cosmos.strict_json import read_json, write_json

KEY_BYTES = 2048
"""Longest value of a partition key (Cosmos DB service limits)."""

Components: TypeAlias = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class PartitionKey:
    """The key of one logical partition: `text` names it uniquely, `effective` is its place in hash order."""

    text: str
    effective: str


@dataclass(frozen=True, slots=True)
class KeyDefinition:
    """The paths of a container's partition key."""

    paths: tuple[tuple[str, ...], ...]
    hierarchical: bool

    @classmethod
    def from_json(cls, definition: object) -> KeyDefinition:
        """Read `{"paths":["/a"],"kind":"Hash"|"MultiHash"}`. Raises CosmosError 400."""
        if not isinstance(definition, dict):
            raise bad_request("A container needs a partitionKey with paths and kind.")
        paths, kind = definition.get("paths"), definition.get("kind", "Hash")
        if kind not in ("Hash", "MultiHash"):
            raise bad_request(f"The partition key kind {kind!r} is not supported; use Hash or MultiHash.")
        if definition.get("version", 2) != 2:
            raise bad_request("Only version 2 of the partition key definition is supported by this stand-in.")
        most = 3 if kind == "MultiHash" else 1
        if not isinstance(paths, list) or not 1 <= len(paths) <= most:
            raise bad_request(f"A {kind} partition key has 1 to {most} paths.")
        return cls(tuple(split_path(path) for path in paths), kind == "MultiHash")

    def of_item(self, item: dict[str, object]) -> PartitionKey:
        """The key that the item's own properties spell. Raises CosmosError 400 for an object or array there."""
        return self.key(tuple(value_at(item, path) for path in self.paths))

    def of_header(self, header: str) -> PartitionKey:
        """The key of an `x-ms-documentdb-partitionkey` header. Raises CosmosError 400."""
        values = read_json(header, "partition key header")
        if not isinstance(values, list):
            raise bad_request("The partition key header must be a JSON array.")
        components = tuple(UNDEFINED if value == {} else value for value in values)
        if len(components) != len(self.paths):
            raise bad_request(
                f"The partition key header has {len(components)} component(s), the container {len(self.paths)}.",
                PARTITION_KEY_MISMATCH,
            )
        return self.key(components)

    def of_pinned(self, pinned: dict[Steps, object]) -> PartitionKey | None:
        """The key that equalities fix by themselves; None if they leave a component open."""
        values = [pinned.get(path, UNDEFINED) for path in self.paths]
        if any(value is UNDEFINED or isinstance(value, list | dict) for value in values):
            return None
        return self.key(tuple(values))

    def touches(self, path: list[str]) -> bool:
        """True if a change at this path would change the key."""
        return any(list(own[: len(path)]) == path or path[: len(own)] == list(own) for own in self.paths)

    def key(self, components: Components) -> PartitionKey:
        """The key of these typed values; UNDEFINED stands for a missing one. Raises CosmosError 400."""
        normal = tuple(self._normal(component) for component in components)
        text = write_json([{} if component is UNDEFINED else component for component in normal])
        return _key(text, self.hierarchical)

    def _normal(self, value: object) -> object:
        if isinstance(value, list | dict):
            raise bad_request("A partition key value must be a string, a number, a boolean or null.")
        if value is UNDEFINED and self.hierarchical:
            return None
        if isinstance(value, str) and len(value.encode("utf-8", "surrogatepass")) > KEY_BYTES:
            raise bad_request(f"A partition key value is longer than {KEY_BYTES} bytes.")
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value) + 0.0
        return value


def split_path(path: object) -> tuple[str, ...]:
    """`/a/"b c"` → ("a", "b c"). Raises CosmosError 400."""
    if not isinstance(path, str) or not path.startswith("/") or len(path) < 2:
        raise bad_request(f"{path!r} is not a property path; it must start with '/'.")
    steps = path[1:].split("/")
    steps = [step[1:-1] if len(step) > 1 and step[0] == step[-1] and step[0] in "\"'" else step for step in steps]
    if not all(steps):
        raise bad_request(f"{path!r} is not a property path; a part of it is empty.")
    return tuple(steps)


def value_at(item: object, path: tuple[str, ...]) -> object:
    """What an item holds at a path of property names; UNDEFINED when there is nothing."""
    for step in path:
        if not isinstance(item, dict) or step not in item:
            return UNDEFINED
        item = item[step]
    return item


@lru_cache(maxsize=4096)
def _key(text: str, hierarchical: bool) -> PartitionKey:
    components = [UNDEFINED if value == {} else value for value in json.loads(text)]
    encoded = [_encode(component) for component in components]
    if hierarchical:
        return PartitionKey(text, "".join(_effective(component) for component in encoded))
    return PartitionKey(text, _effective(encoded[0]))


def _encode(value: object) -> bytes:
    if value is UNDEFINED:
        return b"\x00"
    if value is None:
        return b"\x01"
    if isinstance(value, bool):
        return b"\x03" if value else b"\x02"
    if isinstance(value, int | float):
        return b"\x05" + struct.pack("<d", value)
    assert isinstance(value, str)
    return b"\x08" + value.encode("utf-8", "surrogatepass") + b"\xff"


def _effective(encoded: bytes) -> str:
    low, high = _murmur(encoded)
    digest = bytearray(struct.pack(">QQ", high, low))
    digest[0] &= 0x3F
    return digest.hex().upper()


_MASK = 0xFFFFFFFFFFFFFFFF
_FACTOR_1, _FACTOR_2 = 0x87C37B91114253D5, 0x4CF5AD432745937F


def _murmur(data: bytes) -> tuple[int, int]:
    """MurmurHash3, 128 bits for 64-bit machines, seed 0 (Austin Appleby's public domain algorithm)."""
    first = second = 0
    whole = len(data) - len(data) % 16
    for low, high in struct.iter_unpack("<QQ", data[:whole]):
        first ^= _mix(low, _FACTOR_1, 31, _FACTOR_2)
        first = (_rotate(first, 27) + second) * 5 + 0x52DCE729 & _MASK
        second ^= _mix(high, _FACTOR_2, 33, _FACTOR_1)
        second = (_rotate(second, 31) + first) * 5 + 0x38495AB5 & _MASK
    low, high = struct.unpack("<QQ", data[whole:].ljust(16, b"\0"))
    second ^= _mix(high, _FACTOR_2, 33, _FACTOR_1)
    first ^= _mix(low, _FACTOR_1, 31, _FACTOR_2)
    first, second = first ^ len(data), second ^ len(data)
    first = first + second & _MASK
    second = second + first & _MASK
    first, second = _finish(first), _finish(second)
    first = first + second & _MASK
    return first, second + first & _MASK


def _rotate(value: int, bits: int) -> int:
    return (value << bits | value >> 64 - bits) & _MASK


def _mix(value: int, before: int, bits: int, after: int) -> int:
    return _rotate(value * before & _MASK, bits) * after & _MASK


def _finish(value: int) -> int:
    value = (value ^ value >> 33) * 0xFF51AFD7ED558CCD & _MASK
    value = (value ^ value >> 33) * 0xC4CEB9FE1A85EC53 & _MASK
    return value ^ value >> 33
