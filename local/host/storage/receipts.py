"""Which blobs a function was already told of: a small blob for each, beside the host's other notes in the account."""

from __future__ import annotations

from azure.core.exceptions import ResourceNotFoundError

from local.host.storage.blob_trigger import BlobTrigger, ControlQueue, FoundBlob
from local.host.storage.connections import Connection
from local.host.storage.writing import put_blob

CONTAINER = "azure-webjobs-hosts"


class Receipts:
    """The receipts of one function; a blob that is written again has a new ETag, and so no receipt."""

    def __init__(self, connection: Connection, host_id: str, trigger: BlobTrigger, control: ControlQueue) -> None:
        self._connection = connection
        self._prefix = f"blobreceipts/{host_id}/{trigger.id}/"
        self._function_id = trigger.id
        self._control = control
        self._known: set[str] = set()

    async def load(self) -> None:
        """Read which there are, once, instead of asking for each blob."""
        container = self._connection.blobs.get_container_client(CONTAINER)
        try:
            names = [name async for name in container.list_blob_names(name_starts_with=self._prefix)]
        except ResourceNotFoundError:
            names = []
        self._known = {name.removeprefix(self._prefix) for name in names}

    def has(self, container: str, name: str, etag: str) -> bool:
        """Whether the function was told of this state of the blob."""
        return _key(container, name, etag) in self._known

    async def tell(self, container: str, name: str, etag: str) -> bool:
        """Tell the function of the blob, and keep a receipt. False when it was told before.

        A host that is killed between the two tells it again: at least once, as in the cloud.
        """
        key = _key(container, name, etag)
        if key in self._known:
            return False
        self._known.add(key)
        try:
            await self._control.add(FoundBlob(self._function_id, container, name, etag))
            await put_blob(self._connection, CONTAINER, self._prefix + key, b"")
        except BaseException:
            self._known.discard(key)
            raise
        return True


def _key(container: str, name: str, etag: str) -> str:
    return f"{etag}/{container}/{name}"
