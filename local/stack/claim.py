"""One stack a data folder: two that kept their data in the same files would do each other's work, or half of it."""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import TextIO

from local.stack.part import PartError

FILE = "in-use"


def claim_folder(data: Path, address: str) -> TextIO:
    """Keep other stacks off the folder until what is returned is closed, or this process ends however it may.

    `address` tells the others whose it is. Raises PartError, in one line with the remedy, when another stack has it.
    """
    claim = (data / FILE).open("a+", encoding="utf-8")
    try:
        fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        claim.seek(0)
        owner = claim.read().strip() or "another address"
        claim.close()
        raise PartError(
            f"{data} holds the data of the stack at {owner}: "
            "stop that one, or give this one a folder of its own with DATA=.local/second"
        ) from None
    claim.truncate(0)
    claim.write(address)
    claim.flush()
    return claim
