"""The site as one aiohttp application."""

from __future__ import annotations

from pathlib import Path

from aiohttp import web

from local.dashboard import Dashboard
from local.site.forward import Forward
from local.site.pages import Pages
from local.site.rules import read_rules


async def build(dist: Path, api: str, dashboard: Dashboard | None = None) -> web.Application:
    """The pages of `dist`, /api forwarded to `api`, and the dashboard of the stack where there is one.

    Raises RulesError for a configuration it cannot honour.
    """
    pages = Pages(dist, read_rules(dist))
    forward = Forward(api)
    application = web.Application()
    application.on_startup.append(forward.open)
    application.on_cleanup.append(forward.close)
    application.router.add_route("*", "/api", forward.answer)
    application.router.add_route("*", "/api/{rest:.*}", forward.answer)
    if dashboard is not None:
        dashboard.add_to(application)
    application.router.add_route("*", "/{rest:.*}", pages.answer)
    return application
