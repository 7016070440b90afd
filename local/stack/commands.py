"""How each part of the local stack is started."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path

from local.stack.part import Command
from local.stack.ports import Ports
from local.stack.settings import DASHBOARD_SETTINGS, SEARCH_KEY, SettingsError, moved_settings

ROOT = Path(__file__).resolve().parent.parent.parent

PARTS = ("azurite", "cosmos", "pubsub", "search", "host", "site")
"""In the order in which they are asked to stop last."""


@dataclass(frozen=True)
class Plan:
    """What a stack is to be: where it listens, where it keeps its data, with which settings."""

    ports: Ports
    data: Path
    values: dict[str, str]
    """The app settings that the application sees."""
    environment: dict[str, str] = field(default_factory=dict)
    """What the functions host gets besides, before all else."""
    dist: Path = ROOT / "frontend" / "dist"
    """The built front end."""
    overrule: bool = False
    """Whether `values` go before those of a developer's local.settings.json."""
    reload: bool = False
    """Whether the functions host follows changes of the code."""
    core_tools: bool = False
    """Whether Azure Functions Core Tools run the application instead of our own host."""

    def command(self, part: str) -> Command:
        """The command of one of PARTS."""
        commands = {
            "azurite": self._azurite,
            "cosmos": self._cosmos,
            "pubsub": self._pubsub,
            "search": self._search,
            "host": self._host,
            "site": self._site,
        }
        return commands[part]()

    def _python(self, part: str, port: int, *options: str, environment: dict[str, str] | None = None) -> Command:
        arguments = (sys.executable, "-m", f"local.{part}", "--port", str(port), "--data", str(self.data.resolve()))
        return Command(
            part,
            (*arguments, "--exit-with-stdin", *options),
            {"PYTHONUNBUFFERED": "1", "PYTHONPATH": str(ROOT), **(environment or {})},
        )

    def _cosmos(self) -> Command:
        key = ("--key", self.values["COSMOS_KEY"]) if "COSMOS_KEY" in self.values else ()
        containers = ("--containers", str(ROOT / "infra" / "cosmos-containers.json"))
        return self._python("cosmos", self.ports.cosmos, *key, *containers)

    def _pubsub(self) -> Command:
        key = self.values.get("WEB_PUBSUB_ACCESS_KEY")
        handler = f"desk=http://127.0.0.1:{self.ports.host}/api/realtime/events"
        return self._python(
            "pubsub", self.ports.pubsub, *(("--access-key", key) if key else ()), "--hub-events", handler
        )

    def _search(self) -> Command:
        return self._python("search", self.ports.search, "--api-key", self.values.get("SEARCH_KEY", SEARCH_KEY))

    def _host(self) -> Command:
        environment = {
            # glibc keeps memory for each thread that once asked: two such pools are enough for what runs here.
            "MALLOC_ARENA_MAX": "2",
            # What loading the models leaves free goes back to the system instead of growing with the largest block.
            "MALLOC_TRIM_THRESHOLD_": "4194304",
            **(self.values if self.overrule else {}),
            **moved_settings(self.values, self.ports),
            **self.environment,
        }
        if self.core_tools:
            return self._core_tools(environment)
        reload = ("--reload",) if self.reload else ()
        return self._python("host", self.ports.host, "--app", str(ROOT), *reload, environment=environment)

    def _core_tools(self, environment: dict[str, str]) -> Command:
        func = shutil.which("func")
        if func is None:
            raise SettingsError("HOST=func needs Azure Functions Core Tools 4 (func): install them, or leave HOST out")
        follow = (sys.executable, "-m", "local.stack.follow", str(ROOT))
        worker = {
            "FUNCTIONS_CORE_TOOLS_TELEMETRY_OPTOUT": "1",
            "languageWorkers__python__defaultExecutablePath": sys.executable,
        }
        return Command(
            "host",
            (*follow, func, "start", "--port", str(self.ports.host)),
            {"PYTHONPATH": str(ROOT), **worker, **environment},
            ready=r"^Functions:",
        )

    def _site(self) -> Command:
        api = f"http://127.0.0.1:{self.ports.host}"
        search = {"SEARCH_ENDPOINT": f"http://127.0.0.1:{self.ports.search}", "SEARCH_KEY": SEARCH_KEY}
        settings = {**search, **self.values, **moved_settings(self.values, self.ports), **self.environment}
        needed = {name: settings[name] for name in DASHBOARD_SETTINGS if name in settings}
        return self._python("site", self.ports.site, "--dist", str(self.dist), "--api", api, environment=needed)

    def _azurite(self) -> Command:
        program = ROOT / "node_modules" / "azurite" / "dist" / "src" / "azurite.js"
        follow = Path(__file__).with_name("exit-with-stdin.cjs")
        # A small nursery: a quarter less memory, for a program that is mostly idle here.
        node = [shutil.which("node") or "node", "--max-semi-space-size=1"]
        arguments = [*node, "--require", str(follow), str(program)]
        arguments += ["--silent", "--disableTelemetry", "--skipApiVersionCheck"]
        data = self.data.resolve() / "azurite"
        arguments += ["--location", str(data)]
        for service in ("blob", "queue", "table"):
            port = getattr(self.ports, f"azurite_{service}")
            arguments += [f"--{service}Host", "127.0.0.1", f"--{service}Port", str(port)]
        return Command(
            "azurite",
            tuple(arguments),
            ready=r"successfully listening",
            ready_lines=3,
            unusable=r"Exit due to unhandled error:[\s\S]{0,300}? JSON.*",
            data=data,
        )
