"""The developer's view of the local stack, at /_local of the site: what runs, what was asked, what is kept."""

from local.dashboard.access import Access
from local.dashboard.application import Dashboard

__all__ = ["Access", "Dashboard"]
