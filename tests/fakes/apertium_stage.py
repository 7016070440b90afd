"""A stage of a pipeline in Apertium's protocol: text and a null character in, the same out. Run as a program."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

END = "[][\n]"

# What engines of rules do to what they do not know.
BEHAVIOURS: dict[str, Callable[[str], str]] = {
    "pass": lambda text: text,
    "shouts": lambda text: text.upper(),
    "whispers": lambda text: text.lower(),
    "marks_unknown": lambda text: re.sub(r"\b(?=[a-z])", "*", text),
    "turns_round": lambda text: " ".join(reversed(text.split(" "))),
    "drops_marks": lambda text: re.sub(r"[A-Z]{2}\d+", "", text),
    "doubles_marks": lambda text: re.sub(r"([A-Z]{2}\d+)", r"\1 \1", text),
    "parts_marks": lambda text: re.sub(r"([A-Z]{2})(\d+)", r"\1 \2", text),
    "counts_on": lambda text: re.sub(r"\d+", lambda number: str(int(number[0]) + 1), text),
    "adds_escapes": lambda text: re.sub(r"([.,])", r"\\\1", text) + "[<b>]",
}


def translated(text: str, behaviour: str, folder: Path) -> str | None:
    """The stage's answer; null when it is to say nothing."""
    if behaviour == "dies" and "die" in text:
        raise SystemExit(1)
    if behaviour == "hangs" and "hang" in text:
        return None
    if behaviour == "waits" and "wait" in text:
        # Blocks until somebody opens the other end.
        (folder / "go").read_text()
    if behaviour == "babbles":
        return f"{text}\0{text}"
    if behaviour == "breaks_off":
        return ""
    if behaviour == "floods":
        return text * 100_000
    body, end, rest = text.partition(END)
    return BEHAVIOURS.get(behaviour, BEHAVIOURS["shouts"])(body) + end + rest


def main() -> None:
    """Answers until its input ends."""
    flag, behaviour, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    assert flag == "-z", sys.argv
    with (folder / "pids").open("a") as pids:
        pids.write(f"{behaviour} {os.getpid()}\n")
    waiting = b""
    while read := os.read(0, 65536):
        *texts, waiting = (waiting + read).split(b"\0")
        for text in texts:
            with (folder / "received").open("a") as received:
                received.write(text.decode() + "\0")
            answer = translated(text.decode(), behaviour, folder)
            if answer is not None:
                sys.stdout.buffer.write(answer.encode() + b"\0")
                sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
