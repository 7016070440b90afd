"""`make reset`: forgets what a stack stored, but no other stack's data and none that are in use."""

from __future__ import annotations

import argparse
import shutil
from contextlib import ExitStack
from pathlib import Path

from local.stack.claim import FILE, FolderInUse, claimed_folders, hold_folder


def reset(data: Path, *, everything: bool = False) -> list[Path]:
    """Delete what the stack of this folder stored. The folders of other stacks below it stay, and are returned.

    `everything` deletes these too. Raises FolderInUse, with all as it was, while a stack runs whose data would go.
    """
    if not data.is_dir():
        return []
    others = sorted(claimed_folders(data))
    with ExitStack() as held:
        for folder in [data, *others] if everything else [data]:
            held.enter_context(hold_folder(folder, "stop that one first"))
        kept = [] if everything else others
        _empty(data, kept)
        # Last, so that a stack which starts meanwhile finds the folder taken.
        (data / FILE).unlink()
        if not kept:
            data.rmdir()
    return kept


def _empty(folder: Path, kept: list[Path]) -> None:
    """Delete what the folder holds, but its claim, `kept` and what leads there."""
    for entry in folder.iterdir():
        if entry in kept or entry == folder / FILE:
            continue
        if entry.is_symlink() or not entry.is_dir():
            entry.unlink()
        elif any(entry in other.parents for other in kept):
            _empty(entry, kept)
        else:
            shutil.rmtree(entry)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="make reset", description="Forget the data of a local stack.")
    parser.add_argument("--data", type=Path, default=Path(".local"), help="folder of the stack (default .local)")
    parser.add_argument("--everything", action="store_true", help="also the data of other stacks in this folder")
    options = parser.parse_args()
    try:
        kept = reset(options.data, everything=options.everything)
    except (FolderInUse, OSError) as error:
        raise SystemExit(f"reset: {error}") from None
    print(f"reset: {options.data} holds no data of this stack any more")
    if kept:
        others = ", ".join(str(folder) for folder in kept)
        print(f"reset: left for other stacks: {others}; make reset EVERYTHING=yes forgets them too")


if __name__ == "__main__":
    main()
