"""The functions host: `python -m local.host --port N --data DIR --app DIR [--reload]`."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import socket
import sys
from pathlib import Path

from local.database import DataError
from local.host.app_settings import LocalSettings, apply_values, read_local_settings
from local.host.errors import AppError
from local.host.host import HostOptions
from local.host.serving import address, bind, serve
from local.host.supervisor import supervise
from local.serve import give_up, part_arguments

DEFAULT_PORT = 7071


def main() -> None:
    """Serve the app; with --reload in a child process that is replaced when the app's files change."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    logging.getLogger("watchfiles").setLevel(logging.WARNING)
    arguments = _arguments()
    try:
        settings = read_local_settings(arguments.app)
        bound = _socket(arguments, settings)
        if arguments.reload and arguments.inherited_socket is None:
            with_stdin = arguments.exit_with_stdin
            sys.exit(
                asyncio.run(supervise(sys.argv[1:], bound, arguments.app, arguments.data, exit_with_stdin=with_stdin))
            )
        apply_values(settings.values, os.environ)
        os.environ.setdefault("AZURE_FUNCTIONS_ENVIRONMENT", "Development")
        os.environ.setdefault("WEBSITE_HOSTNAME", address(bound).removeprefix("http://"))
        os.chdir(arguments.app)
        serve(_options(arguments, settings, bound), bound, exit_with_stdin=arguments.exit_with_stdin)
    except DataError as error:
        give_up(error)
    except AppError as error:
        if error.__cause__ is not None:
            logging.getLogger("host").error("the app failed to load", exc_info=error.__cause__)
        # A supervisor waits for a change then: whoever has to make it is told why.
        sys.exit(str(error) if arguments.inherited_socket is None else f"attention: {error}")


def _arguments() -> argparse.Namespace:
    parser = part_arguments("Runs an Azure Functions app on this machine.", DEFAULT_PORT)
    parser.set_defaults(port=None)
    parser.add_argument("--app", type=Path, default=Path(), help="folder of the app: function_app.py and host.json")
    parser.add_argument("--reload", action="store_true", help="load the app anew when its files change")
    parser.add_argument("--enable-auth", action="store_true", help="ask for the keys kept in DATA/host-keys.json")
    parser.add_argument("--cors", help="origins that may call, separated by commas; instead of Host.CORS")
    parser.add_argument("--cors-credentials", action="store_true", help="let those origins send credentials")
    parser.add_argument("--inherited-socket", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    arguments.app = arguments.app.resolve()
    arguments.data = arguments.data.resolve()
    return arguments


def _socket(arguments: argparse.Namespace, settings: LocalSettings) -> socket.socket:
    if arguments.inherited_socket is not None:
        return socket.socket(fileno=arguments.inherited_socket)
    port = arguments.port if arguments.port is not None else settings.port
    return bind(DEFAULT_PORT if port is None else port)


def _options(arguments: argparse.Namespace, settings: LocalSettings, bound: socket.socket) -> HostOptions:
    return HostOptions(
        app=arguments.app,
        data=arguments.data,
        base_url=address(bound),
        enable_auth=arguments.enable_auth,
        cors=settings.cors if arguments.cors is None else arguments.cors,
        cors_credentials=settings.cors_credentials or arguments.cors_credentials,
    )


if __name__ == "__main__":
    main()
