"""Cross-origin requests, answered as Core Tools does from local.settings.json's Host.CORS."""

from __future__ import annotations

from aiohttp import web


class Cors:
    """Which origins may call: a comma-separated list, `*` for any, empty for no cross-origin answers at all."""

    def __init__(self, origins: str, *, credentials: bool) -> None:
        listed = [origin.strip().rstrip("/").lower() for origin in origins.split(",") if origin.strip()]
        self.enabled = bool(listed)
        self._any = "*" in listed
        self._several = len(listed) > 1
        self._origins = frozenset(listed)
        self._credentials = credentials

    def preflight(self, request: web.Request) -> web.Response | None:
        """The answer to a preflight request, or None when this is none. `mark` adds who may call."""
        if not self.enabled or request.method != "OPTIONS" or "Origin" not in request.headers:
            return None
        method = request.headers.get("Access-Control-Request-Method")
        if method is None:
            return None
        response = web.Response(status=204)
        if self._allows(request.headers["Origin"]):
            response.headers["Access-Control-Allow-Methods"] = method
            wanted = request.headers.get("Access-Control-Request-Headers")
            if wanted:
                response.headers["Access-Control-Allow-Headers"] = wanted
        return response

    def mark(self, request: web.BaseRequest, response: web.StreamResponse) -> None:
        """Add the headers that let the caller's origin read the response, if it may."""
        origin = request.headers.get("Origin")
        if origin is None or not self._allows(origin):
            return
        anyone = self._any and not self._credentials
        response.headers["Access-Control-Allow-Origin"] = "*" if anyone else origin
        if self._credentials:
            response.headers["Access-Control-Allow-Credentials"] = "true"
        if self._several or (self._any and self._credentials):
            response.headers.add("Vary", "Origin")

    def _allows(self, origin: str) -> bool:
        return self._any or origin.lower() in self._origins
