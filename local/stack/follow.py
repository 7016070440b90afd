"""`python -m local.stack.follow FOLDER PROGRAM …`: runs a program of others, and takes it along when we end.

Programs of our own stop when their standard input closes; this does the same for others, so that nothing outlives a
stack that was killed.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading


def main() -> int:
    """The program's exit status."""
    folder, *command = sys.argv[1:]
    program = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: program.terminate())
    threading.Thread(target=_end_with_input, args=(program,), daemon=True).start()
    return program.wait()


def _end_with_input(program: subprocess.Popen[bytes]) -> None:
    while os.read(sys.stdin.fileno(), 1024):
        pass
    program.terminate()


if __name__ == "__main__":
    sys.exit(main())
