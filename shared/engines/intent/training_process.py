"""Training in a process of its own: it takes seconds to minutes of a whole core, and requests must not wait for that.

The process gets its work and leaves its results in a folder. It knows nothing of Azure and has no secrets.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from shared.models.intents import IntentReport, LabelledText, MultilingualScores

if TYPE_CHECKING:
    from shared.engines.intent.examples import Example

log = logging.getLogger(__name__)

PATIENCE = 10
"""Niceness of the process: whoever serves customers goes first."""

_SECRET_FREE = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "HOME", "TMPDIR", "PYTHONHOME")
_EXAMPLES, _REPORT, _PROBLEM = "examples.json", "report.json", "problem.txt"
_MODEL, _MULTILINGUAL = "model.npz", "multilingual.npz"

_ALL = TypeAdapter(list[LabelledText])


class TrainingRefused(Exception):
    """These examples make no model; the message says why and may be shown."""


class TrainingInterrupted(Exception):
    """The process ended before it was done; trying again may help. The message may be shown."""


@dataclass(frozen=True)
class TrainedModel:
    """A model of English texts and one of texts in other languages, as files, and the report on both."""

    model: bytes
    multilingual: bytes
    report: IntentReport


async def train_apart(examples: Sequence[LabelledText], seconds: float) -> TrainedModel:
    """Both models of the examples with their report, made in another process within `seconds`.

    Raises TrainingRefused and TrainingInterrupted.
    """
    folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="intent-training-"))
    try:
        await asyncio.to_thread((folder / _EXAMPLES).write_bytes, _ALL.dump_json(list(examples)))
        await _run(folder, seconds)
        return await asyncio.to_thread(_results, folder)
    finally:
        await asyncio.to_thread(_remove, folder)


async def _run(folder: Path, seconds: float) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "shared.engines.intent.training_process",
        str(folder),
        env=_environment(),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(seconds):
            assert process.stderr is not None
            said = await process.stderr.read()
            await process.wait()
    except TimeoutError:
        raise TrainingRefused(f"The training took longer than {seconds:g} seconds: give fewer examples.") from None
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        assert process.stdin is not None
        process.stdin.close()
    if process.returncode != 0:
        # The last line names the error; its message might quote an example.
        name = said.decode(errors="replace").strip().rpartition("\n")[2].partition(":")[0]
        log.error("the training process ended with %s %s", process.returncode, name[:80])
        raise TrainingInterrupted("The training was interrupted; there may be too little memory for it.")


def _environment() -> dict[str, str]:
    """What the process needs of ours: where to find packages, and no more than one thread."""
    kept = {name: os.environ[name] for name in _SECRET_FREE if name in os.environ}
    paths = os.pathsep.join(path or os.getcwd() for path in sys.path)
    return kept | {"PYTHONPATH": paths, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def _results(folder: Path) -> TrainedModel:
    problem = folder / _PROBLEM
    if problem.exists():
        raise TrainingRefused(problem.read_text(encoding="utf-8"))
    report = IntentReport.model_validate_json((folder / _REPORT).read_bytes())
    return TrainedModel((folder / _MODEL).read_bytes(), (folder / _MULTILINGUAL).read_bytes(), report)


def _remove(folder: Path) -> None:
    for file in folder.iterdir():
        file.unlink(missing_ok=True)
    folder.rmdir()


async def _train(folder: Path, examples: Sequence[Example]) -> None:
    """Leaves both models in the folder, with the report. Raises ValueError and ModelFileError."""
    from shared.engines.embedding.minilm import MiniLmEmbedding
    from shared.engines.intent.model import from_bytes, to_bytes
    from shared.engines.intent.report import report_of
    from shared.engines.intent.training import embedded, train_validated

    began, embedding = time.perf_counter(), MiniLmEmbedding()
    embeddings = await embedded(examples, embedding)
    trained = await train_validated(examples, embedding, embeddings=embeddings)
    model = to_bytes(trained.model)
    # What serving would refuse must not be called ready.
    from_bytes(model, name=_MODEL, embedding=embedding.name)
    multilingual, scores = await _multilingual(examples)
    report = report_of(examples, trained.readings, embeddings, trained_in_seconds=time.perf_counter() - began)
    (folder / _MODEL).write_bytes(model)
    (folder / _MULTILINGUAL).write_bytes(multilingual)
    whole = report.model_copy(update={"multilingual": scores})
    (folder / _REPORT).write_text(whole.model_dump_json(), encoding="utf-8")


async def _multilingual(examples: Sequence[Example]) -> tuple[bytes, MultilingualScores]:
    """The model of texts that nothing translates, and how its like reads the examples in their own language."""
    from shared.engines.embedding.multilingual import MultilingualEmbedding
    from shared.engines.intent.model import from_bytes, to_bytes
    from shared.engines.intent.multilingual_training import train_multilingual
    from shared.engines.intent.report import scores_of

    found = await train_multilingual(examples)
    model = to_bytes(found.model)
    from_bytes(model, name=_MULTILINGUAL, embedding=MultilingualEmbedding.name)
    return model, scores_of(found.examples, found.readings)


def _work(folder: Path) -> None:
    """Train on the folder's examples and leave there what came of it."""
    from shared.engines.intent.examples import Example
    from shared.engines.intent.model import ModelFileError

    given = _ALL.validate_json((folder / _EXAMPLES).read_bytes())
    examples = [Example(each.text, each.intent, each.origin) for each in given]
    try:
        asyncio.run(_train(folder, examples))
    except ModelFileError as error:
        (folder / _PROBLEM).write_text(f"The model cannot be used: {error.detail}", encoding="utf-8")
    except ValueError as error:
        (folder / _PROBLEM).write_text(f"No model can be made of these examples: {error}", encoding="utf-8")


def _end_with_parent() -> None:
    # Not through sys.stdin: its lock, held by a thread that waits, would keep the process from ending.
    os.read(0, 1)
    os._exit(1)


def main() -> None:
    """Runs in the other process."""
    os.nice(PATIENCE)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _work(Path(sys.argv[1]))


if __name__ == "__main__":
    main()
