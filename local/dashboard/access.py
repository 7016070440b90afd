"""Where the data are and which keys open them; they stay in this process, the page never sees them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

EMULATOR = (
    "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;"
    "AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;"
    "BlobEndpoint=http://127.0.0.1:10000/devstoreaccount1;QueueEndpoint=http://127.0.0.1:10001/devstoreaccount1;"
)
"""What `UseDevelopmentStorage=true` stands for, as Microsoft documents it."""


@dataclass(frozen=True, repr=False)
class Access:
    """Empty where something is not set."""

    cosmos_endpoint: str = ""
    cosmos_key: str = ""
    storage: str = ""
    search_endpoint: str = ""
    search_key: str = ""

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Access:
        """What the environment says by the names of the app's settings."""
        storage = environment.get("AzureWebJobsStorage", "")
        return cls(
            cosmos_endpoint=environment.get("COSMOS_ENDPOINT", ""),
            cosmos_key=environment.get("COSMOS_KEY", ""),
            storage=EMULATOR if storage == "UseDevelopmentStorage=true" else storage,
            search_endpoint=environment.get("SEARCH_ENDPOINT", "").rstrip("/"),
            search_key=environment.get("SEARCH_KEY", ""),
        )
