"""Search indexes and queries on them, through the REST interface of Azure AI Search."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import quote

import aiohttp

from local.dashboard.access import Access
from local.dashboard.problem import Unavailable

API_VERSION = "2026-04-01"

LIMIT = aiohttp.ClientTimeout(total=20.0)
"""Seconds for all that one click asks."""


class NotRunning(Unavailable):
    """Nothing answers where the search service should be."""


class Indexes:
    """One search service."""

    def __init__(self, access: Access) -> None:
        self._access = access

    async def overview(self) -> dict[str, Any]:
        """Every index with its fields and its number of documents; `notRunning` says why there is no service.

        Raises Unavailable.
        """
        try:
            listed = await self._ask("GET", "/indexes")
        except NotRunning as error:
            return {"endpoint": self._access.search_endpoint, "indexes": [], "notRunning": str(error)}
        shown = []
        for index in listed["value"]:
            count = await self._ask("GET", f"/indexes({_literal(index['name'])})/docs/$count")
            fields = [{name: field.get(name) for name in ("name", "type", "key")} for field in index["fields"]]
            shown.append({"name": index["name"], "documents": count, "fields": fields})
        return {"endpoint": self._access.search_endpoint, "indexes": shown}

    async def query(self, question: Any) -> dict[str, Any]:
        """What a search finds: `question` names `index` and `body`, the search as the service takes it.

        Raises Unavailable.
        """
        if not isinstance(question, dict) or not isinstance(question.get("index"), str):
            raise Unavailable("index: must be a text", 400)
        if not isinstance(question.get("body"), dict):
            raise Unavailable("body: must be an object", 400)
        began = time.perf_counter()
        path = f"/indexes({_literal(question['index'])})/docs/search.post.search"
        answer = await self._ask("POST", path, question["body"])
        return {"answer": answer, "milliseconds": (time.perf_counter() - began) * 1000}

    async def _ask(self, method: str, path: str, body: Any = None) -> Any:
        if not self._access.search_endpoint:
            raise NotRunning("SEARCH_ENDPOINT is not set")
        headers = {"api-key": self._access.search_key, "Accept": "application/json"}
        address = f"{self._access.search_endpoint}{path}?api-version={API_VERSION}"
        try:
            async with (
                aiohttp.ClientSession(timeout=LIMIT) as session,
                session.request(method, address, json=body, headers=headers) as response,
            ):
                text = await response.text()
                content = await response.json(content_type=None) if text else None
        except (aiohttp.ClientConnectionError, TimeoutError) as error:
            raise NotRunning(str(error) or "no answer in time") from error
        except ValueError:
            raise Unavailable(f"{response.status} {text[:500]}", response.status) from None
        if response.status >= 400:
            problem = content.get("error") if isinstance(content, dict) else None
            message = problem.get("message") if isinstance(problem, dict) else None
            raise Unavailable(f"{response.status} {message or text[:500]}", response.status)
        return content


def _literal(name: str) -> str:
    return "'" + quote(name, safe="") + "'"
