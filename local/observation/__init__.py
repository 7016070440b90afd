"""What a developer may see of a part, and do to it: its recent requests, and faults on demand, at /_local."""

from local.observation.middleware import observe

__all__ = ["observe"]
