"""The live processes of an Apertium mode: a text and a null character go in, its translation and one come out."""

from __future__ import annotations

import os
import resource
import select
import subprocess
import time
from contextlib import suppress

from shared.engines.chain import EngineFailed
from shared.engines.translation.apertium_modes import Mode

STAGE_BYTES = 1 << 30
"""Address space of one process. The largest seen here took 38 MB of memory; dictionaries are mapped besides."""

STAGE_CPU_SECONDS = 600
"""CPU time of one process, at the end of which it is started anew: one caught in a loop ends also without us."""

ANSWER_BYTES = 1 << 16
"""More is no translation of a sentence."""

_END = "[][\n]"
"""What must stand before the null character: without it, programs lose the last word or wait for ever."""


class Pipeline:
    """One process per stage. Not for two threads at once, except `kill`.

    The processes end when this one does, whatever ends it: each reads from a pipe that nobody else holds.
    """

    def __init__(self, mode: Mode) -> None:
        """Starts the processes. Raises EngineFailed when one cannot be started."""
        self._mode = mode
        self._processes: list[subprocess.Popen[bytes]] = []
        environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"}
        source: int | None = None
        try:
            for stage in mode.stages:
                process = subprocess.Popen(  # noqa: S603 - what the operator installed, without a shell
                    stage,
                    stdin=subprocess.PIPE if source is None else source,
                    stdout=subprocess.PIPE,
                    # What they complain about quotes the text.
                    stderr=subprocess.DEVNULL,
                    bufsize=0,
                    env=environment,
                    cwd="/",
                )
                self._processes.append(process)
                _bound(process.pid)
                source = _descriptor(process.stdout)
        except OSError as error:
            self.kill()
            raise EngineFailed(f"{mode.name} could not be started: {type(error).__name__}") from None
        for process in self._processes[:-1]:
            # The next stage has its own copy, and only that may keep it open.
            assert process.stdout is not None
            process.stdout.close()

    def translate(self, text: str, seconds: float) -> str:
        """The translation of a text that holds no character of the stream's own. Raises EngineFailed, after which
        the pipeline is of no more use."""
        deadline = time.monotonic() + seconds
        # Dictionaries know a sentence by its end; the deformatters of Apertium add one in the same way.
        ended = text[-1:] in ".?!…"
        try:
            os.write(_descriptor(self._processes[0].stdin), f"{text}{'' if ended else '.'}{_END}\0".encode())
            answer = self._answer(deadline)
        except (OSError, ValueError) as error:
            self.kill()
            raise EngineFailed(f"{self._mode.name} ended: {type(error).__name__}", retriable=True) from None
        except EngineFailed:
            self.kill()
            raise
        body, end, _ = answer.rpartition(_END)
        if not end:
            # A stage that dies closes its pipe, and those after it end their work as if the text had ended.
            self.kill()
            raise EngineFailed(f"{self._mode.name} broke off", retriable=True)
        plain = _plain(body)
        return plain if ended else plain.removesuffix(".").rstrip()

    def alive(self) -> bool:
        """Whether every process runs."""
        return all(process.poll() is None for process in self._processes)

    def kill(self) -> None:
        """Ends the processes at once; who waits for an answer is told."""
        for process in self._processes:
            process.kill()
        for process in self._processes:
            process.wait()
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    stream.close()

    def _answer(self, deadline: float) -> str:
        descriptor = _descriptor(self._processes[-1].stdout)
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        answer = b""
        while not answer.endswith(b"\0"):
            remaining = deadline - time.monotonic()
            if remaining <= 0 or not poll.poll(remaining * 1000):
                raise EngineFailed("time limit")
            read = os.read(descriptor, 1 << 16)
            answer += read
            if not read:
                raise EngineFailed(f"{self._mode.name} ended", retriable=True)
            if len(answer) > ANSWER_BYTES or b"\0" in answer[:-1]:
                raise EngineFailed(f"{self._mode.name} answered out of step")
        return answer[:-1].decode("utf-8", "replace")


def _plain(answer: str) -> str:
    """The words of an answer, out of the stream's own notation."""
    plain: list[str] = []
    blank = escaped = False
    for character in answer:
        if escaped or character not in "\\[]":
            escaped = False
            plain.append("" if blank else character)
        elif character == "\\":
            escaped = True
        else:
            blank = character == "["
    return "".join(plain).strip()


def _bound(pid: int) -> None:
    """Bounds a process in memory and CPU time, where the system can."""
    if hasattr(resource, "prlimit"):
        # It may have ended already; reading its answer will tell.
        with suppress(ProcessLookupError):
            resource.prlimit(pid, resource.RLIMIT_AS, (STAGE_BYTES, STAGE_BYTES))
            resource.prlimit(pid, resource.RLIMIT_CPU, (STAGE_CPU_SECONDS, STAGE_CPU_SECONDS))


def _descriptor(stream: object) -> int:
    assert stream is not None
    return int(stream.fileno())  # type: ignore[attr-defined]
