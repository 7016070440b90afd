"""What the stand-in is started with: access keys and the event handlers of each hub."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

_SAMPLE_SETTINGS = Path(__file__).parents[2] / "local.settings.sample.json"
_KEY_LENGTH_MINIMUM_BYTES = 32
_PARAMETER = re.compile(r"\{([^{}]*)\}")

SYSTEM_EVENTS = frozenset({"connect", "connected", "disconnected"})
DEFAULT_SYSTEM_EVENTS = frozenset({"connected", "disconnected"})


class SettingsError(Exception):
    """A setting that cannot work; the message names it."""


@dataclass(frozen=True, slots=True)
class EventHandler:
    """Where events of a hub go, and which: system events by name, user events by `*`, a name or a comma list."""

    url_template: str
    system_events: frozenset[str] = DEFAULT_SYSTEM_EVENTS
    event_pattern: str = "*"

    def takes_system_event(self, event: str) -> bool:
        """Whether the handler wants this system event."""
        return event in self.system_events

    def takes_user_event(self, event: str) -> bool:
        """Whether the handler's pattern covers this user event; case does not matter."""
        names = [name.strip().lower() for name in self.event_pattern.split(",")]
        return names == ["*"] or event.lower() in names

    def url(self, hub: str, event: str) -> str:
        """The template with its parameters filled in."""
        values = {"hub": quote(hub, safe=""), "event": quote(event, safe="")}
        return _PARAMETER.sub(lambda match: values[match[1].lower()], self.url_template)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be chosen. Hub names are in lower case."""

    access_keys: tuple[str, ...]
    handlers: Mapping[str, Sequence[EventHandler]] = field(default_factory=dict)
    allow_unvalidated_entra_tokens: bool = False
    recovery_seconds: float = 30.0

    def __post_init__(self) -> None:
        for key in self.access_keys:
            if (
                len(key.encode()) < _KEY_LENGTH_MINIMUM_BYTES
                or not key.isprintable()
                or ";" in key
                or key != key.strip()
            ):
                raise SettingsError("an access key must be printable, 32 bytes or longer, without ; or outer blanks")


def sample_access_key() -> str:
    """The key that local.settings.sample.json gives to the application, so that both agree unasked."""
    values = json.loads(_SAMPLE_SETTINGS.read_text())["Values"]
    return str(values["WEB_PUBSUB_ACCESS_KEY"])


def checked_handler(url_template: str, system_events: frozenset[str], event_pattern: str) -> EventHandler:
    """The handler, if it can work. Raises SettingsError."""
    if urlsplit(url_template).scheme not in {"http", "https"}:
        raise SettingsError(f"UrlTemplate must be an http or https address: {url_template}")
    if unknown := {name.lower() for name in _PARAMETER.findall(url_template)} - {"hub", "event"}:
        raise SettingsError(f"UrlTemplate knows only {{hub}} and {{event}}, not {sorted(unknown)}")
    if not system_events <= SYSTEM_EVENTS:
        raise SettingsError(f"SystemEvents are {sorted(SYSTEM_EVENTS)}, not {sorted(system_events)}")
    return EventHandler(url_template, system_events, event_pattern)


def handler_from_option(option: str) -> tuple[str, EventHandler]:
    """`HUB=URL` as that hub's handler of all user events, of connected and of disconnected. Raises SettingsError."""
    hub, separator, url = option.partition("=")
    if not hub or not separator:
        raise SettingsError(f"--hub-events takes HUB=URL, not {option}")
    return hub.lower(), checked_handler(url, DEFAULT_SYSTEM_EVENTS, "*")


def handlers_from_file(path: Path) -> dict[str, list[EventHandler]]:
    """The event handlers in a file laid out like the settings of Microsoft's emulator.

    `{"WebPubSub": {"Hubs": {"<hub>": {"EventHandlers": [{"UrlTemplate", "SystemEvents", "EventPattern"}]}}}}`;
    names are read without regard to case. Raises SettingsError for anything else.
    """
    try:
        content = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path}: {error}") from error
    service = _section(_section(content, "the file", {"webpubsub"}).get("webpubsub", {}), "WebPubSub", {"hubs"})
    hubs = service.get("hubs", {})
    if not isinstance(hubs, dict):
        raise SettingsError("Hubs must be an object")
    handlers: dict[str, list[EventHandler]] = {}
    for hub, section in hubs.items():
        entries = _section(section, f"hub {hub}", {"eventhandlers"}).get("eventhandlers", [])
        if not isinstance(entries, list):
            raise SettingsError(f"EventHandlers of hub {hub} must be a list")
        handlers[hub.lower()] = [_handler(entry, hub) for entry in entries]
    return handlers


def _handler(entry: object, hub: str) -> EventHandler:
    known = {"urltemplate", "systemevents", "eventpattern"}
    section = _section(entry, f"an event handler of hub {hub}", known)
    system_events = section.get("systemevents", [])
    if not isinstance(system_events, list) or not all(isinstance(name, str) for name in system_events):
        raise SettingsError(f"SystemEvents of hub {hub} must be a list of names")
    event_pattern = section.get("eventpattern", "")
    if not isinstance(event_pattern, str):
        raise SettingsError(f"EventPattern of hub {hub} must be text")
    names = frozenset(name.lower() for name in system_events)
    return checked_handler(str(section.get("urltemplate", "")), names, event_pattern)


def _section(value: object, place: str, known: set[str]) -> dict[str, object]:
    if not isinstance(value, dict):
        raise SettingsError(f"{place} must be an object")
    section = {str(name).lower(): entry for name, entry in value.items()}
    if unknown := set(section) - known:
        raise SettingsError(f"{place} has settings that are not known here: {sorted(unknown)}")
    return section
