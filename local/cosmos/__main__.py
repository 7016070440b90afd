"""`python -m local.cosmos`: the Cosmos DB stand-in on the loopback address."""

from __future__ import annotations

import sys
from pathlib import Path

from aiohttp import web

from local.cosmos.server import CosmosServer
from local.cosmos.startup import create_missing
from local.database import first_reading
from local.serve import part_arguments, run_part

EMULATOR_KEY = "C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw/Jw=="
"""The key that Microsoft's own emulator publishes; it protects nothing."""


def main() -> None:
    """Read the options and serve until told to stop."""
    parser = part_arguments("Stands in for Azure Cosmos DB for NoSQL.", default_port=8081)
    parser.add_argument("--key", default=EMULATOR_KEY, help="account key, base64")
    parser.add_argument("--containers", type=Path, help="JSON file of the database and containers to create if absent")
    options = parser.parse_args()

    async def build() -> web.Application:
        path = options.data / "cosmos.db"
        with first_reading(path):
            server = CosmosServer(path, options.key)
            if options.containers is not None:
                create_missing(server.catalog, options.containers)
        return server.application()

    # A long query gives way to point reads after a tenth of Python's usual five milliseconds.
    sys.setswitchinterval(0.0005)
    try:
        run_part(build, options.port, exit_with_stdin=options.exit_with_stdin)
    except ValueError as error:
        raise SystemExit(str(error)) from error


if __name__ == "__main__":
    main()
