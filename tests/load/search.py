"""Hybrid queries against the AI Search stand-in with as many chunks as a large knowledge base has."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
from azure.core.credentials import AzureKeyCredential
from azure.search.documents.aio import SearchClient
from azure.search.documents.indexes.aio import SearchIndexClient
from azure.search.documents.indexes.models import (
    HnswAlgorithmConfiguration,
    SearchableField,
    SearchField,
    SearchIndex,
    SimpleField,
    VectorSearch,
    VectorSearchProfile,
)
from azure.search.documents.models import VectorizedQuery

from local.search.__main__ import API_KEY
from local.stack.commands import ROOT
from tests.load.options import Options
from tests.load.report import Row

CHUNKS = 100_000
DIMENSIONS = 384
WORDS_OF_CHUNK = 120
VOCABULARY = 30_000
BATCH = 1_000
QUERIES = 200
WARM_UP = 5
GOAL = 100.0
MEMORY_GOAL = 500.0
"""MB of the whole process, at its peak as well."""

NAME = "chunks"


async def measure(options: Options) -> list[Row]:
    """Load, ask, look at the memory."""
    random = np.random.default_rng(options.seed)
    async with _stand_in() as (url, pid):
        credential = AzureKeyCredential(API_KEY)
        async with SearchIndexClient(url, credential) as indexes:
            await indexes.create_index(_definition())
        async with SearchClient(url, NAME, credential) as client:
            began = time.perf_counter()
            for first in range(0, CHUNKS, BATCH):
                await client.upload_documents(_chunks(first, random))
            loading = time.perf_counter() - began
            plain = [await _ask(client, random, None) for _ in range(WARM_UP + QUERIES)][WARM_UP:]
            narrowed = [await _ask(client, random, "tenant eq 't3'") for _ in range(WARM_UP + QUERIES)][WARM_UP:]
        now, peak = _megabytes(pid, "VmRSS"), _megabytes(pid, "VmHWM")
    return [
        Row.of_times(f"hybrid query, {CHUNKS:,} chunks of {DIMENSIONS} dimensions", plain, GOAL),
        Row.of_times("the same, filtered to a tenth", narrowed, GOAL),
        Row("memory of the process", f"{now:.0f} MB", "", "", 1, f"≤ {MEMORY_GOAL:.0f} MB", now <= MEMORY_GOAL),
        Row("memory at its peak", f"{peak:.0f} MB", "", "", 1, f"≤ {MEMORY_GOAL:.0f} MB", peak <= MEMORY_GOAL),
        Row("loading all chunks", f"{loading:.0f} s", "", "", 1),
    ]


def _definition() -> SearchIndex:
    return SearchIndex(
        name=NAME,
        fields=[
            SimpleField(name="id", type="Edm.String", key=True),
            SearchableField(name="content"),
            SimpleField(name="tenant", type="Edm.String", filterable=True, facetable=True),
            SearchField(
                name="embedding",
                type="Collection(Edm.Single)",
                searchable=True,
                vector_search_dimensions=DIMENSIONS,
                vector_search_profile_name="profile",
            ),
        ],
        vector_search=VectorSearch(
            algorithms=[HnswAlgorithmConfiguration(name="algorithm")],
            profiles=[VectorSearchProfile(name="profile", algorithm_configuration_name="algorithm")],
        ),
    )


def _text(words: int, random: np.random.Generator) -> str:
    """Words as often as in a language: the n-th with a share of 1/n."""
    ranks = np.exp(random.random(words) * np.log(VOCABULARY)).astype(int)
    return " ".join(f"w{rank}" for rank in ranks)


def _vector(random: np.random.Generator) -> list[float]:
    return [float(number) for number in random.standard_normal(DIMENSIONS).round(4)]


def _chunks(first: int, random: np.random.Generator) -> list[dict[str, Any]]:
    return [
        {
            "id": str(number),
            "content": _text(WORDS_OF_CHUNK, random),
            "tenant": f"t{number % 10}",
            "embedding": _vector(random),
        }
        for number in range(first, first + BATCH)
    ]


async def _ask(client: SearchClient, random: np.random.Generator, narrowed: str | None) -> float:
    """Milliseconds until five results of a question of eight words are there."""
    text, vector = _text(8, random), _vector(random)
    query = VectorizedQuery(vector=vector, k_nearest_neighbors=50, fields="embedding")
    began = time.perf_counter()
    results = await client.search(
        search_text=text, vector_queries=[query], filter=narrowed, top=5, select=["id", "content"]
    )
    found = [each async for each in results]
    taken = (time.perf_counter() - began) * 1000
    if len(found) != 5:
        raise RuntimeError(f"a query found {len(found)} chunks instead of 5")
    return taken


@asynccontextmanager
async def _stand_in() -> AsyncIterator[tuple[str, int]]:
    """The stand-in as a process of its own: its address and process id."""
    with tempfile.TemporaryDirectory() as data:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "local.search", "--port", "0", "--data", data, "--exit-with-stdin"),
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield (await process.stdout.readline()).split()[1].decode(), process.pid
        finally:
            process.stdin.close()
            await process.wait()


def _megabytes(pid: int, name: str) -> float:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith(name)).split()[1]) / 1000
