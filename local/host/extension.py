"""What a kind of trigger or binding brings to the host: its routes, its input values, its life."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from aiohttp import web

if TYPE_CHECKING:
    from local.host.worker import Worker


class Extension(Protocol):
    """Serves the triggers and bindings of some types; built once, when a function uses one of them."""

    trigger_types: frozenset[str]
    binding_types: frozenset[str]

    def __init__(self, worker: Worker, host_json: dict[str, Any], data: Path, base_url: str) -> None:
        """`data` is the folder that outlives the process; `base_url` is http://127.0.0.1:PORT without a slash."""

    def routes(self) -> list[web.RouteDef]:
        """Routes served beside the functions' own; those under /runtime/webhooks/NAME are guarded by NAME's key."""

    def input_value(self, binding: dict[str, Any]) -> Any:
        """What an input binding of one of `binding_types` gives to its parameter. Must not block."""

    async def start(self) -> None:
        """Begin to invoke functions; the server answers only after this returned."""

    async def stop(self) -> None:
        """Stop within a second; what was not finished is taken up by the next start."""


@dataclass(frozen=True, slots=True)
class Given:
    """What an invocation starts from: its function, the trigger's value, and values that bindings may name."""

    function: str
    value: Any
    data: dict[str, Any] = field(default_factory=dict)


@runtime_checkable
class MovesData(Protocol):
    """An extension whose bindings fetch and store: `read` is asked instead of `input_value`."""

    async def read(self, binding: dict[str, Any], given: Given) -> Any:
        """What an input binding gives to its parameter. Raising it fails the invocation."""

    async def write(self, binding: dict[str, Any], value: Any, given: Given) -> None:
        """Store what an output was set to, once the function has succeeded. Raising it fails the invocation."""


@runtime_checkable
class RunsByHand(Protocol):
    """An extension whose functions POST /admin/functions/NAME can start."""

    async def run_by_hand(self, name: str, value: str | None) -> None:
        """Run the function once with the given input. Raises what the function raises."""
