"""Installs and builds what the project needs, each step only when its inputs changed. Needs nothing but Python itself.

python local/setup.py           the virtual environment, the npm packages, the front end
python local/setup.py --tests   besides these what only tests need: Chromium, the npm packages of contract tests
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST_NODE = (20, 19)
"""The oldest release that the front end's tools declare; Azurite 3.35.0 is content with any 20."""

NOT_SOURCES = {"node_modules", "dist", "coverage", ".vite"}
"""Folders of a front end that are made, not written."""


class SetupError(Exception):
    """Something is missing; the message is one line with the remedy."""


@dataclass(frozen=True)
class Step:
    """Work that is done again only when `inputs` changed or `result` is gone."""

    name: str
    inputs: tuple[str, ...]
    result: Path
    work: Callable[[], None]


class Setup:
    """The steps for one copy of the project; `marks` holds a small file for each step that is done."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.environment = root / ".venv"
        self.marks = self.environment / "setup"
        self.python = self.environment / "bin" / "python"

    def run(self, *, tests: bool) -> None:
        """Do what is left to do. Raises SetupError."""
        node = node_version()
        self.create_environment()
        with self._alone(), ThreadPoolExecutor() as lanes:
            lane_of_python = lanes.submit(self._do_all, self.python_steps(tests=tests))
            lane_of_node = lanes.submit(self._do_all, self.node_steps(node, tests=tests))
            for lane in (lane_of_python, lane_of_node):
                lane.result()

    def create_environment(self) -> None:
        """The virtual environment, anew when it is of another Python than the one asked for with PYTHON."""
        wanted = f"{sys.version_info.major}.{sys.version_info.minor}"
        configuration = self.environment / "pyvenv.cfg"
        present = configuration.read_text() if configuration.exists() and self.python.exists() else ""
        if re.search(rf"^version(_info)? *= *{re.escape(wanted)}\b", present, re.MULTILINE):
            return
        try:
            import ensurepip  # noqa: F401 - Debian ships Python without it
        except ImportError:
            raise SetupError(
                f"Python {wanted} cannot make virtual environments: apt-get install python{wanted}-venv"
            ) from None
        announce(f"virtual environment with Python {wanted}")
        call([sys.executable, "-m", "venv", "--clear", str(self.environment)], self.root)

    def python_steps(self, *, tests: bool) -> Iterator[Step]:
        """The Python packages and, for tests, a browser that Playwright can drive."""
        requirements = [self.root / "requirements.txt", self.root / "requirements-dev.txt"]
        install = [str(self.python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        yield Step(
            "Python packages",
            (sys.version, *contents(requirements)),
            self.python,
            lambda: call([*install, "-r", str(requirements[-1])], self.root),
        )
        if tests and shutil.which("chromium") is None:
            yield Step("Chromium", contents(requirements), self.python, self.install_chromium)

    def node_steps(self, node: str, *, tests: bool) -> Iterator[Step]:
        """The npm packages of every folder that has some, and the built front end."""
        frontend = self.root / "frontend"
        folders = [self.root, frontend]
        if tests:
            tests_of_clients = (self.root / "tests").rglob("package-lock.json")
            folders += sorted(lock.parent for lock in tests_of_clients if "node_modules" not in lock.parts)
        for folder in folders:
            name = folder.relative_to(self.root).as_posix()
            yield Step(
                "npm packages" if folder == self.root else f"npm packages of {name}",
                (node, *contents([folder / "package.json", folder / "package-lock.json"])),
                folder / "node_modules",
                lambda folder=folder: call(["npm", "ci", "--no-audit", "--no-fund"], folder),  # type: ignore[misc]
            )
        build_settings = [f"{key}={value}" for key, value in sorted(os.environ.items()) if key.startswith("VITE_")]
        yield Step(
            "front end",
            (*build_settings, *contents(sources(frontend))),
            frontend / "dist" / "index.html",
            lambda: call(["npm", "run", "build"], frontend),
        )

    def install_chromium(self) -> None:
        """Debian's own package where we may install it, else the build that Playwright brings."""
        if os.geteuid() == 0 and shutil.which("apt-get") and is_debian():
            quiet = {"DEBIAN_FRONTEND": "noninteractive"}
            call(["apt-get", "update", "-qq"], self.root, quiet)
            call(["apt-get", "install", "-qq", "-y", "--no-install-recommends", "chromium"], self.root, quiet)
        else:
            call([str(self.python), "-m", "playwright", "install", "chromium"], self.root)

    def _do_all(self, steps: Iterable[Step]) -> None:
        for step in steps:
            self.do(step)

    def do(self, step: Step) -> bool:
        """Do the step unless its mark says it is done with these inputs; whether there was something to do."""
        mark = self.marks / re.sub(r"\W+", "-", step.name.lower())
        digest = hashlib.sha256("\x1f".join(step.inputs).encode()).hexdigest()
        if step.result.exists() and mark.exists() and mark.read_text() == digest:
            return False
        began = time.monotonic()
        announce(f"{step.name} …")
        mark.unlink(missing_ok=True)
        step.work()
        self.marks.mkdir(parents=True, exist_ok=True)
        mark.write_text(digest)
        announce(f"{step.name}: done in {time.monotonic() - began:.0f} s")
        return True

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """One setup at a time: `make run` beside `make test` waits instead of installing into the same folders."""
        self.marks.mkdir(parents=True, exist_ok=True)
        with (self.marks / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def contents(files: Iterable[Path]) -> tuple[str, ...]:
    """A digest for each file, by its content. Raises SetupError when one is missing."""
    digests = []
    for file in files:
        try:
            digests.append(f"{file.name}:{hashlib.sha256(file.read_bytes()).hexdigest()}")
        except FileNotFoundError:
            raise SetupError(f"{file} is missing: get it back with git checkout -- {file}") from None
    return tuple(digests)


def sources(folder: Path) -> list[Path]:
    """The files below a folder that a person wrote, in a fixed order."""
    found = []
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in NOT_SOURCES)
        found += [Path(parent, name) for name in sorted(files) if not name.endswith(".tsbuildinfo")]
    return found


def node_version() -> str:
    """Version of Node, such as v20.20.2. Raises SetupError when it or npm is missing or too old."""
    oldest = ".".join(map(str, OLDEST_NODE))
    remedy = f"install Node {oldest} or newer with npm (Debian: apt-get install nodejs npm; else nodejs.org)"
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise SetupError(f"Node is missing: {remedy}")
    version = subprocess.run(
        ["node", "--version"], capture_output=True, text=True, check=False, timeout=30
    ).stdout.strip()
    numbers = re.match(r"v(\d+)\.(\d+)\.", version)
    if numbers is None or (int(numbers[1]), int(numbers[2])) < OLDEST_NODE:
        raise SetupError(f"Node {version or 'of unknown version'} is too old: {remedy}")
    return version


def is_debian() -> bool:
    """Whether this is Debian itself: its descendants may hold an empty package under the name chromium."""
    release = Path("/etc/os-release")
    return release.exists() and re.search(r"^ID=\"?debian\"?$", release.read_text(), re.MULTILINE) is not None


def call(command: list[str], folder: Path, environment: dict[str, str] | None = None) -> None:
    """Run a program quietly. Raises SetupError with the end of its output when it fails."""
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        lines = done.stdout.strip().splitlines()
        shown = lines if len(lines) <= 40 else [*lines[:20], "…", *lines[-20:]]
        raise SetupError("\n".join([f"`{' '.join(command)}` failed in {folder}:", *shown]))


def announce(text: str) -> None:
    """One line of progress."""
    print(f"setup: {text}", flush=True)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Install and build what the project needs.")
    parser.add_argument("--tests", action="store_true", help="also what only tests need")
    options = parser.parse_args()
    try:
        Setup(ROOT).run(tests=options.tests)
    except SetupError as error:
        raise SystemExit(f"setup: {error}") from None
    except BrokenPipeError:
        # Whoever read the output has gone, as `head` does: end like any program in a pipe, and without a traceback
        # for what the buffer still holds.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
