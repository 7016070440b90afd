"""`python -m tests.contract`: the contract suites, against the stand-ins or (`--target azure`) the real services."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent

AZURE_SUITES = {
    "cosmos": ("COSMOS_CONTRACT_ENDPOINT", "COSMOS_CONTRACT_KEY"),
    "pubsub": ("WEB_PUBSUB_CONTRACT_CONNECTION_STRING",),
    "search": ("SEARCH_CONTRACT_ENDPOINT", "SEARCH_CONTRACT_KEY"),
    "storage": ("STORAGE_CONTRACT_CONNECTION_STRING",),
}
"""Suites that know a real service, and the environment variables that name it."""


def main() -> int:
    """pytest's exit code; 2 when a real service is asked for and none is named."""
    parser = argparse.ArgumentParser(prog="python -m tests.contract", description=__doc__)
    parser.add_argument("--target", choices=["local", "azure"], default="local")
    target, options = parser.parse_known_args()
    if target.target == "local":
        return pytest.main([str(HERE), *options])
    named = {suite: names for suite, names in AZURE_SUITES.items() if all(map(os.environ.get, names))}
    for suite in AZURE_SUITES.keys() - named.keys():
        print(f"left out: {suite} (set {' and '.join(AZURE_SUITES[suite])})")
    if not named:
        print("no real service is named in the environment", file=sys.stderr)
        return 2
    return pytest.main([*(str(HERE / suite) for suite in sorted(named)), *options])


if __name__ == "__main__":
    sys.exit(main())
