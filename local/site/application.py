"""The site as one aiohttp application."""

from __future__ import annotations

from pathlib import Path

from aiohttp import web

from local.site.forward import Forward
from local.site.pages import Pages
from local.site.rules import read_rules


async def build(dist: Path, api: str) -> web.Application:
    """The pages of `dist`, and /api forwarded to `api`. Raises RulesError for a configuration it cannot honour."""
    pages = Pages(dist, read_rules(dist))
    forward = Forward(api)
    application = web.Application()
    application.on_startup.append(forward.open)
    application.on_cleanup.append(forward.close)
    application.router.add_route("*", "/api", forward.answer)
    application.router.add_route("*", "/api/{rest:.*}", forward.answer)
    application.router.add_route("*", "/{rest:.*}", pages.answer)
    return application
