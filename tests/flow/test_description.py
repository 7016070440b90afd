"""Health and the description of the API."""

from __future__ import annotations

import aiohttp
import pytest

from local.stack.stack import Stack

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_health_names_every_dependency_and_engine(http: aiohttp.ClientSession, stack: Stack) -> None:
    async with http.get(f"{stack.site_url}/api/health/ready") as response:
        ready = await response.json()

    assert (response.status, ready["status"]) == (200, "ok")
    dependencies = {each["name"]: each["state"] for each in ready["dependencies"]}
    assert dependencies == {"cosmos-db": "ok", "web-pubsub": "ok", "blob-storage": "ok"}
    assert all(each["latency_ms"] >= 0 for each in ready["dependencies"])
    capabilities = {each["capability"] for each in ready["engines"]}
    expected = {
        "language",
        "intent",
        "sentiment",
        "entities",
        "foreign_intent",
        "comprehension",
        "personal_data",
        "key_phrases",
        "translation",
        "reasoning",
    }
    assert capabilities == expected


async def test_the_description_has_a_page_with_all_its_parts(http: aiohttp.ClientSession, stack: Stack) -> None:
    api = f"{stack.site_url}/api"
    for part in (
        "docs",
        "docs/swagger-ui.css",
        "docs/swagger-ui-bundle.js",
        "docs/start.js",
        "docs/style.css",
        "docs/favicon-32x32.png",
        "openapi.json",
    ):
        async with http.get(f"{api}/{part}") as response:
            assert (part, response.status) == (part, 200)
    async with http.get(f"{api}/docs/secrets.txt") as unknown:
        assert unknown.status == 404
