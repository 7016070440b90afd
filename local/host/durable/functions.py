"""The app's durable functions by the names under which orchestrations and clients know them."""

from __future__ import annotations

from collections.abc import Mapping

from local.host.durable.replay import OrchestrationFault
from local.host.worker import LoadedFunction

ORCHESTRATOR, ACTIVITY, ENTITY = "orchestrationTrigger", "activityTrigger", "entityTrigger"

_NAME_FIELD = {ORCHESTRATOR: "orchestration", ACTIVITY: "activity", ENTITY: "entityName"}
_SPOKEN = {ORCHESTRATOR: "orchestrator", ACTIVITY: "activity", ENTITY: "entity"}


class Functions:
    """Looks functions up as the extension does: without regard to case, a trigger's own name before the function's."""

    def __init__(self, functions: Mapping[str, LoadedFunction]) -> None:
        self._known: dict[str, dict[str, LoadedFunction]] = {kind: {} for kind in _NAME_FIELD}
        for function in functions.values():
            if function.trigger_type in _NAME_FIELD:
                name = function.trigger.get(_NAME_FIELD[function.trigger_type]) or function.name
                self._known[function.trigger_type][name.lower()] = function

    def find(self, kind: str, name: str) -> LoadedFunction | None:
        """The function with this trigger type and name, or None."""
        return self._known[kind].get(name.lower())

    def require(self, kind: str, name: str) -> None:
        """Raises OrchestrationFault, naming those that exist, when there is no such function."""
        if name.lower() not in self._known[kind]:
            raise OrchestrationFault(self.missing(kind, name))

    def missing(self, kind: str, name: str) -> str:
        """What is said of a function that does not exist."""
        spoken = _SPOKEN[kind]
        known = ", ".join(f"'{other}'" for other in sorted(function.name for function in self._known[kind].values()))
        listed = f"The following are the known {spoken} functions: {known}." if known else f"No {spoken} is known."
        return (
            f"The function '{name}' doesn't exist, is disabled, or is not an {spoken} function. "
            f"Additional info: {listed}"
        )
