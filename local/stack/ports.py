"""Which part of the local stack listens where."""

from __future__ import annotations

import random
import socket
from collections.abc import Collection
from dataclasses import dataclass, fields

FREE_RANGE = (20000, 32000)
"""Where free ports are looked for: below the range from which Linux (32768 up) and other systems (49152 up) take the
ports of outgoing connections, so that a part which is restarted finds its port still free."""

SPAN = 20
"""Ports that one stack keeps for itself, from its base; the last one is held to mark the span as taken."""


class PortsError(Exception):
    """A port is taken; the message is one line with the remedy."""


@dataclass(frozen=True)
class Ports:
    """A port on 127.0.0.1 for each part; the defaults are those of `make run`."""

    site: int = 4280
    host: int = 7071
    cosmos: int = 8081
    pubsub: int = 8080
    search: int = 8082
    azurite_blob: int = 10000
    azurite_queue: int = 10001
    azurite_table: int = 10002

    @classmethod
    def from_base(cls, base: int) -> Ports:
        """The layout that PORT_BASE gives. Raises PortsError when it leaves no room below 65536."""
        if not 1024 <= base <= 65535 - SPAN:
            raise PortsError(f"PORT_BASE={base} is out of range: choose one from 1024 to {65535 - SPAN}")
        return cls(base, base + 1, base + 2, base + 3, base + 4, base + 10, base + 11, base + 12)

    @classmethod
    def from_text(cls, base: str) -> Ports:
        """The layout for PORT_BASE as it was typed. Raises PortsError also when it is no number."""
        if not (base.isascii() and base.isdigit()):
            raise PortsError(f"PORT_BASE={base} is no number: choose one from 1024 to {65535 - SPAN}")
        return cls.from_base(int(base))

    def of(self, part: str) -> tuple[int, ...]:
        """The ports of one part, such as the three of `azurite`."""
        return tuple(getattr(self, field.name) for field in fields(self) if field.name.split("_")[0] == part)

    def check_free(self, parts: Collection[str]) -> None:
        """Raise PortsError when a port that one of `parts` needs is taken."""
        for field in fields(self):
            port = getattr(self, field.name)
            if field.name.split("_")[0] in parts and not is_free(port):
                raise PortsError(
                    f"port {port} (for {field.name.replace('_', ' ')}) is taken: "
                    "stop what uses it, or move all ports with PORT_BASE=5000"
                )


def is_free(port: int) -> bool:
    """Whether a server could listen on the port of 127.0.0.1 now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def claim_free_span() -> tuple[int, socket.socket]:
    """A base with a whole span free, and the socket that keeps other stacks off it until it is closed.

    Raises PortsError when there is none.
    """
    bases = list(range(FREE_RANGE[0], FREE_RANGE[1] - SPAN, SPAN))
    random.shuffle(bases)
    for base in bases:
        claim = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            claim.bind(("127.0.0.1", base + SPAN - 1))
        except OSError:
            claim.close()
            continue
        if all(is_free(port) for port in range(base, base + SPAN - 1)):
            return base, claim
        claim.close()
    raise PortsError(f"no {SPAN} free ports in a row from {FREE_RANGE[0]} to {FREE_RANGE[1]}: stop some servers")
