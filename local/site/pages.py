"""Files of the built front end, answered by the rules of its staticwebapp.config.json."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from aiohttp import web

from local.site.rules import CONFIG_FILE, Rules

REDIRECTS = frozenset({301, 302, 303, 307, 308})


class Pages:
    """Answers every request that is not for the API."""

    def __init__(self, dist: Path, rules: Rules) -> None:
        self._dist = dist.resolve()
        self._rules = rules

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """A file, a redirect, or what the rules say about a status."""
        path = request.path
        if request.method not in {"GET", "HEAD"}:
            return self._status(405, {"Allow": "GET, HEAD"})
        route = self._rules.route_for(request.method, path)
        headers = dict(self._rules.global_headers)
        if route is not None:
            headers |= route.headers
            if route.redirect is not None:
                status = route.status if route.status in REDIRECTS else 302
                return web.Response(status=status, headers={**headers, "Location": route.redirect})
            if route.status is not None and route.status >= 400:
                return self._status(route.status, headers)
            path = route.rewrite or path
        file = self._file(path)
        if file is None and self._rules.falls_back(path):
            file = self._file(self._rules.fallback or "")
        if file is None:
            return self._status(404, headers)
        status = route.status if route is not None and route.status is not None else 200
        return web.FileResponse(file, status=status, headers=self._with_type(file, headers))

    def _file(self, path: str) -> Path | None:
        """The file for a path: itself, the page without its ending, or the folder's own page."""
        relative = path.lstrip("/")
        if "\0" in relative or relative == CONFIG_FILE:
            return None
        for name in (relative, f"{relative.rstrip('/')}.html", f"{relative.rstrip('/')}/index.html".lstrip("/")):
            file = (self._dist / name).resolve()
            if file.is_file() and file.is_relative_to(self._dist):
                return file
        return None

    def _status(self, status: int, headers: dict[str, str]) -> web.StreamResponse:
        """What `responseOverrides` says about the status, else the bare status."""
        override = self._rules.overrides.get(status)
        if override is not None and override.redirect is not None:
            redirect = override.status if override.status in REDIRECTS else 302
            return web.Response(status=redirect, headers={**headers, "Location": override.redirect})
        file = self._file(override.rewrite) if override is not None and override.rewrite else None
        if file is None:
            return web.Response(status=status, headers=headers, text=f"{status}\n")
        shown = override.status if override is not None and override.status is not None else status
        return web.Response(status=shown, headers=self._with_type(file, headers), body=file.read_bytes())

    def _with_type(self, file: Path, headers: dict[str, str]) -> dict[str, str]:
        """The headers, with the content type and a caching rule where none is given."""
        guessed = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        kind = self._rules.media_types.get(file.suffix, guessed)
        if kind.startswith("text/") or kind in {"application/javascript", "application/json"}:
            kind = f"{kind}; charset=utf-8" if "charset" not in kind else kind
        # Always asked again, and answered with 304 while unchanged: a rebuilt page is seen at once.
        defaults = {"Content-Type": kind, "Cache-Control": "no-cache"}
        given = {name.lower() for name in headers}
        return {**{name: value for name, value in defaults.items() if name.lower() not in given}, **headers}
