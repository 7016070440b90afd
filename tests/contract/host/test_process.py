"""The host as a process: starting, stopping, reloading, refusing."""

import shutil
import socket
from pathlib import Path

import pytest

from tests.contract.host.running import APP, Caller, a_host


@pytest.fixture
def app(tmp_path: Path) -> Path:
    return Path(shutil.copytree(APP, tmp_path / "app"))


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


async def answer(url: str, path: str) -> tuple[int, str]:
    async with Caller(url) as call:
        response = await call("GET", path)
        return response.status, response.text


async def test_changed_code_is_served_and_broken_code_is_waited_out(app: Path, tmp_path: Path) -> None:
    with a_host("--reload", app=app, data=tmp_path / "data") as host:
        replace(app / "catalogue.py", 'return "index"', 'return "changed"')
        host.wait_until_ready()
        assert await answer(host.url, "/api/files/index") == (200, "changed")

        replace(app / "catalogue.py", 'return "changed"', "return (")
        host.wait_for("SyntaxError")
        host.wait_for("waiting for a change")
        assert (await answer(host.url, "/api/files/index"))[0] == 503

        replace(app / "catalogue.py", "return (", 'return "mended"')
        host.wait_until_ready()
        assert await answer(host.url, "/api/files/index") == (200, "mended")


async def test_changed_settings_are_read_anew(app: Path, tmp_path: Path) -> None:
    with a_host("--reload", app=app, data=tmp_path / "data") as host:
        (app / "tests").mkdir()
        (app / "tests" / "test_app.py").write_text("")
        replace(app / "local.settings.json", "Hello", "Welcome")
        host.wait_until_ready()

        assert await answer(host.url, "/api/hello?name=Ada") == (200, "Welcome, Ada.")


async def test_a_variable_given_from_outside_wins_over_local_settings(tmp_path: Path) -> None:
    with a_host(data=tmp_path, environment={"GREETING": "Good day", "TICK_SCHEDULE": "0 0 0 1 1 *"}) as host:
        assert await answer(host.url, "/api/hello?name=Ada") == (200, "Good day, Ada.")


@pytest.mark.parametrize("options", [(), ("--reload",)])
def test_the_end_of_standard_input_ends_the_host(tmp_path: Path, options: tuple[str, ...]) -> None:
    with a_host(*options, data=tmp_path) as host:
        assert host.process.stdin is not None
        host.process.stdin.close()

        assert host.wait_until_ended() == 0


def test_a_worker_does_not_outlive_a_killed_supervisor(tmp_path: Path) -> None:
    with a_host("--reload", data=tmp_path) as host:
        host.process.kill()

        assert host.wait_until_silent()


def test_a_host_with_a_stuck_function_ends_when_told_to(tmp_path: Path) -> None:
    with a_host(data=tmp_path) as host:
        port = int(host.url.rsplit(":", 1)[1])
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(b"GET /api/stuck HTTP/1.1\r\nHost: x\r\n\r\n")
            host.wait_for("stuck and holding a thread")
            host.process.terminate()

            assert host.wait_until_ended() == 0


def test_a_taken_port_is_said_in_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with a_host("--port", str(port), data=tmp_path, ready=False) as host:
            assert f"port {port} on 127.0.0.1 is taken" in host.wait_for("port")
            assert host.wait_until_ended() == 1


def test_an_app_that_cannot_be_served_is_said_in_one_line(app: Path, tmp_path: Path) -> None:
    (app / "host.json").write_text('{"version": "1.0"}')

    with a_host(app=app, data=tmp_path / "data", ready=False) as host:
        assert host.wait_for("host.json") == 'host.json: "version" must be "2.0"'
        assert host.wait_until_ended() == 1


def test_an_app_that_cannot_be_served_while_changes_are_waited_for_says_why_to_whoever_makes_them(
    app: Path, tmp_path: Path
) -> None:
    (app / "host.json").write_text('{"version": "1.0"}')

    with a_host("--reload", app=app, data=tmp_path / "data", ready=False) as host:
        assert host.wait_for("host.json") == 'attention: host.json: "version" must be "2.0"'
        host.wait_for("waiting for a change")
