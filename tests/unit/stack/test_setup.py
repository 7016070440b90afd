"""Setup does a step when its inputs changed or its result is gone, and says in one line what is missing."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from local.setup import ROOT, Setup, SetupError, Step, contents, node_version, sources


def a_step(folder: Path, done: list[str], *inputs: str) -> Step:
    result = folder / "result"

    def work() -> None:
        done.append(" ".join(inputs))
        result.write_text("made")

    return Step("a step", inputs, result, work)


def a_program(folder: Path, name: str, prints: str) -> None:
    program = folder / name
    program.write_text(f"#!/bin/sh\necho {prints}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)


def test_step_is_done_once_while_its_inputs_stay(tmp_path: Path) -> None:
    done: list[str] = []
    setup = Setup(tmp_path)

    assert setup.do(a_step(tmp_path, done, "one"))
    assert not setup.do(a_step(tmp_path, done, "one"))
    assert setup.do(a_step(tmp_path, done, "two"))
    assert done == ["one", "two"]


def test_step_is_done_again_when_its_result_is_gone(tmp_path: Path) -> None:
    done: list[str] = []
    setup = Setup(tmp_path)
    setup.do(a_step(tmp_path, done, "one"))
    (tmp_path / "result").unlink()

    assert setup.do(a_step(tmp_path, done, "one"))


def test_failed_step_is_tried_again(tmp_path: Path) -> None:
    def fail() -> None:
        raise SetupError("the network is down")

    done: list[str] = []
    setup = Setup(tmp_path)
    setup.do(a_step(tmp_path, done, "one"))
    with pytest.raises(SetupError):
        setup.do(Step("a step", ("two",), tmp_path / "result", fail))

    assert setup.do(a_step(tmp_path, done, "one"))


def test_changed_source_changes_the_digest_and_made_files_do_not(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "dist").mkdir()
    (tmp_path / "src" / "page.tsx").write_text("one")
    first = contents(sources(tmp_path))

    (tmp_path / "dist" / "page.js").write_text("made")
    assert contents(sources(tmp_path)) == first
    (tmp_path / "src" / "page.tsx").write_text("two")
    assert contents(sources(tmp_path)) != first


def test_missing_lock_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"package-lock\.json is missing"):
        contents([tmp_path / "package-lock.json"])


def test_missing_node_is_said_with_the_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(SetupError, match=r"Node is missing: install Node 20\.19 or newer"):
        node_version()


@pytest.mark.parametrize(
    ("version", "is_enough"), [("v18.20.1", False), ("v20.18.3", False), ("v20.19.0", True), ("v24.1.0", True)]
)
def test_old_node_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, is_enough: bool) -> None:
    a_program(tmp_path, "node", version)
    a_program(tmp_path, "npm", "11")
    monkeypatch.setenv("PATH", str(tmp_path))

    if is_enough:
        assert node_version() == version
    else:
        with pytest.raises(SetupError, match=f"Node {version} is too old"):
            node_version()


def test_virtual_environment_of_this_python_is_kept(tmp_path: Path) -> None:
    setup = Setup(tmp_path)
    setup.python.parent.mkdir(parents=True)
    os.symlink(sys.executable, setup.python)
    version = ".".join(str(number) for number in sys.version_info[:3])
    (setup.environment / "pyvenv.cfg").write_text(f"home = /usr/bin\nversion = {version}\n")
    (setup.environment / "kept").write_text("")

    setup.create_environment()

    assert (setup.environment / "kept").exists()


def test_setup_whose_output_nobody_reads_ends_without_a_traceback() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    saying = "import local.setup as it; it.Setup.run = lambda *_, tests: it.announce('npm packages …'); it.main()"

    done = subprocess.run([sys.executable, "-c", saying], cwd=ROOT, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)

    assert (done.returncode, done.stderr) == (1, b"")
