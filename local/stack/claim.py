"""One stack a data folder: two that kept their data in the same files would do each other's work, or half of it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from local.stack.part import PartError

FILE = "in-use"


class FolderInUse(PartError):
    """A running stack has the folder; the message is one line with the remedy."""


def claim_folder(data: Path, address: str) -> TextIO:
    """Keep other stacks off the folder until what is returned is closed, or this process ends however it may.

    `address` tells the others whose it is. Raises FolderInUse when another stack has it.
    """
    claim = hold_folder(data, "stop that one, or give this one a folder of its own with DATA=.local/second")
    claim.truncate(0)
    claim.write(address)
    claim.flush()
    return claim


def hold_folder(data: Path, remedy: str) -> TextIO:
    """As `claim_folder` for a moment in which no stack may start: what the folder says of its last one stays.

    `remedy` is what whoever asked can do when a stack has it, which FolderInUse then says.
    """
    while True:
        claim = (data / FILE).open("a+", encoding="utf-8")
        try:
            fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            claim.seek(0)
            owner = claim.read().strip() or "another address"
            claim.close()
            raise FolderInUse(f"{data} holds the data of the stack at {owner}: {remedy}") from None
        if _is_still_there(claim, data / FILE):
            return claim
        claim.close()


def claimed_folders(data: Path) -> Iterator[Path]:
    """The folders somewhere below `data` that are, or were, a stack's own."""
    for parent, _, files in os.walk(data):
        if FILE in files and Path(parent) != data:
            yield Path(parent)


def _is_still_there(claim: TextIO, path: Path) -> bool:
    """False when a reset took the file away between our opening it and its lock: the lock would keep nobody off."""
    try:
        return os.path.samestat(os.fstat(claim.fileno()), path.stat())
    except FileNotFoundError:
        return False
