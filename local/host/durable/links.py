"""The addresses under which clients reach the task hub, and the durableClient binding that carries them."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from local.host.durable.events import dump

WEBHOOKS = "/runtime/webhooks/durabletask"
RPC = "/durabletask"


@dataclass(frozen=True, slots=True)
class Links:
    """Builds the addresses; `code` is the system key, empty when the host asks for none."""

    base_url: str
    hub_name: str
    code: str

    @property
    def query(self) -> str:
        """What every address carries."""
        required = f"taskHub={self.hub_name}&connection=Storage"
        return f"{required}&code={quote(self.code)}" if self.code else required

    def of_instance(self, instance_id: str, origin: str | None = None) -> dict[str, str]:
        """The management addresses of one instance, on the origin the caller used when it is given."""
        base = f"{origin or self.base_url}{WEBHOOKS}/instances/{instance_id}"
        return {
            "id": instance_id,
            "statusQueryGetUri": f"{base}?{self.query}",
            "sendEventPostUri": f"{base}/raiseEvent/{{eventName}}?{self.query}",
            "terminatePostUri": f"{base}/terminate?reason={{text}}&{self.query}",
            "rewindPostUri": f"{base}/rewind?reason={{text}}&{self.query}",
            "purgeHistoryDeleteUri": f"{base}?{self.query}",
            "restartPostUri": f"{base}/restart?{self.query}",
            "suspendPostUri": f"{base}/suspend?reason={{text}}&{self.query}",
            "resumePostUri": f"{base}/resume?reason={{text}}&{self.query}",
        }

    def binding(self, rpc_origin: str) -> str:
        """The value of a durableClient binding: JSON text."""
        start = f"{self.base_url}{WEBHOOKS}/orchestrators/{{functionName}}[/{{instanceId}}]"
        waiting = "timeout={timeoutInSeconds}&pollingInterval={intervalInSeconds}"
        return dump(
            {
                "taskHubName": self.hub_name,
                "creationUrls": {
                    "createNewInstancePostUri": f"{start}?{self.query}",
                    "createAndWaitOnNewInstancePostUri": f"{start}?{waiting}&{self.query}",
                },
                "managementUrls": self.of_instance("INSTANCEID"),
                "baseUrl": f"{self.base_url}{WEBHOOKS}",
                "requiredQueryStringParameters": self.query,
                "rpcBaseUrl": f"{rpc_origin}{RPC}/",
            }
        )
