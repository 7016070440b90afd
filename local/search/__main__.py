"""`python -m local.search`: the Azure AI Search stand-in on the loopback address."""

from __future__ import annotations

import os

from aiohttp import web

from local.database import first_reading
from local.search.application import SearchApplication
from local.search.catalog import open_data
from local.search.service import SearchService
from local.serve import part_arguments, run_part

API_KEY = "local-development-only-search-key"
"""Protects nothing: the stand-in answers on the loopback address only."""


def main() -> None:
    """Read the options and serve until told to stop."""
    parser = part_arguments("Stands in for Azure AI Search.", default_port=8082)
    parser.add_argument("--api-key", default=API_KEY, help="the key that callers must send")
    options = parser.parse_args()
    # A matrix times one vector waits for memory, not for cores: more threads only wait for each other as well.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

    async def build() -> web.Application:
        path = options.data / "search.db"
        with first_reading(path):
            service = SearchService(open_data(path))
        return SearchApplication(service, options.api_key).application()

    run_part(build, options.port, exit_with_stdin=options.exit_with_stdin)


if __name__ == "__main__":
    main()
