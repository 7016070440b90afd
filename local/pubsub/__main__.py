"""`python -m local.pubsub`: Azure Web PubSub on this machine."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from local.pubsub.application import build_application
from local.pubsub.settings import (
    EventHandler,
    Settings,
    SettingsError,
    handler_from_option,
    handlers_from_file,
    sample_access_key,
)
from local.serve import part_arguments, run_part

_DEFAULT_PORT = 8080


def main() -> None:
    """Read the options and serve. Exits with one line when an option cannot work."""
    parser = part_arguments("Azure Web PubSub on this machine", _DEFAULT_PORT)
    parser.add_argument("--access-key", help="signs and verifies tokens; default: that of local.settings.sample.json")
    parser.add_argument("--secondary-access-key", help="verifies tokens as well, as the cloud's second key does")
    parser.add_argument(
        "--hub-events",
        action="append",
        default=[],
        metavar="HUB=URL",
        help="send all user events of the hub, connected and disconnected to this address; may be repeated",
    )
    parser.add_argument(
        "--event-handlers", type=Path, metavar="FILE", help="event handlers as a file: docs/local-pubsub.md"
    )
    parser.add_argument(
        "--recovery-seconds", type=float, default=30.0, help="how long a lost connection can be recovered"
    )
    parser.add_argument(
        "--allow-unvalidated-entra-tokens",
        action="store_true",
        help="accept Microsoft Entra tokens by their lifetime alone",
    )
    options = parser.parse_args()
    try:
        settings = Settings(
            access_keys=tuple(filter(None, (options.access_key or sample_access_key(), options.secondary_access_key))),
            handlers=_handlers(options.event_handlers, options.hub_events),
            allow_unvalidated_entra_tokens=options.allow_unvalidated_entra_tokens,
            recovery_seconds=options.recovery_seconds,
        )
    except SettingsError as error:
        raise SystemExit(str(error)) from error
    run_part(lambda: build_application(settings), options.port, exit_with_stdin=options.exit_with_stdin)


def _handlers(file: Path | None, options: Sequence[str]) -> dict[str, list[EventHandler]]:
    handlers = handlers_from_file(file) if file else {}
    for option in options:
        hub, handler = handler_from_option(option)
        handlers.setdefault(hub, []).append(handler)
    return handlers


if __name__ == "__main__":
    main()
