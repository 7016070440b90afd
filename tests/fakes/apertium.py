"""A folder of modes as Apertium's packages put them, whose stages are programs of ours."""

from __future__ import annotations

import sys
from pathlib import Path


class FakeApertium:
    """Modes in a folder, each doing something to the texts that go through it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        source = Path(__file__).with_name("apertium_stage.py").read_text("utf-8")
        self._program = folder / "stage"
        self._program.write_text(f"#!{sys.executable}\n{source}", "utf-8")
        self._program.chmod(0o700)

    def mode(self, name: str, behaviour: str) -> None:
        """A mode of two stages; the first passes texts on, the second does what `behaviour` says."""
        stages = [f"'{self._program}' {each} '{self.folder}'" for each in ("pass", behaviour)]
        (self.folder / f"{name}.mode").write_text(" | ".join(stages) + " $1 $2\n", "utf-8")

    def remove_modes(self) -> None:
        """Leave no mode, as where the packages were removed."""
        for mode in self.folder.glob("*.mode"):
            mode.unlink()

    def received(self) -> list[str]:
        """What the stages were given, as it arrived."""
        log = self.folder / "received"
        return log.read_text("utf-8").split("\0")[:-1] if log.exists() else []

    def processes(self, behaviour: str) -> list[int]:
        """The ids of the processes that were started for it, first to last."""
        lines = (self.folder / "pids").read_text().splitlines()
        return [int(line.split()[1]) for line in lines if line.split()[0] == behaviour]
