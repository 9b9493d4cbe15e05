"""Examples of request bodies, as somebody would really send them; one for each operation that takes a body."""

from typing import Any

from leadsail.entrypoints.reference.examples import Examples
from leadsail.entrypoints.reference.stories import REQUESTS

Json = dict[str, Any]


def describe_request(operation: Json, examples: Examples) -> None:
    """Give the operation's body its example, in place."""
    if "requestBody" in operation:
        content = operation["requestBody"]["content"]["application/json"]
        content["example"] = REQUESTS.get(operation["operationId"]) or examples.of(content["schema"])
