"""The health pages in the reference; the framework does not know them, since they are plain routes."""

from typing import Any

from leadsail.entrypoints.reference.answers import refusal
from leadsail.entrypoints.reference.headers import referred
from leadsail.foundation.errors import Unavailable
from leadsail.migrations.newest import NEWEST

Json = dict[str, Any]


def _page(name: str, summary: str, description: str, **responses: Json) -> Json:
    operation = {
        "operationId": name,
        "tags": ["Health"],
        "summary": summary,
        "description": description,
        "security": [],
        "responses": {status.removeprefix("on_"): answer for status, answer in responses.items()},
    }
    return {"get": operation}


def _says(example: Json) -> Json:
    data = {
        "type": "object",
        "properties": {key: {"type": "string"} for key in example},
        "required": list(example),
        "additionalProperties": False,
    }
    schema = {
        "type": "object",
        "properties": {"success": {"const": True}, "data": data},
        "required": ["success", "data"],
        "additionalProperties": False,
    }
    content = {"application/json": {"schema": schema, "example": {"success": True, "data": example}}}
    return {"description": "Yes", "headers": referred("X-Request-Id"), "content": content}


_NOT_READY = refusal("Not yet", Unavailable("The database does not answer"), headers=("X-Request-Id",))
_METRICS = {
    "description": "All counters, in the text format of Prometheus",
    "headers": referred("X-Request-Id"),
    "content": {"text/plain": {"schema": {"type": "string"}, "example": "# TYPE leadsail_requests_total counter\n"}},
}
_ALIVE = {"status": "alive", "version": "0.1.0", "python": "3.11.9"}
_READY = {"status": "ready", "postgresql": "18.1", "schema": NEWEST}

HEALTH_PATHS: Json = {
    "/healthz": _page("isAlive", "Is it alive?", "This process answers, whatever else is wrong.", on_200=_says(_ALIVE)),
    "/readyz": _page(
        "isReady",
        "Is it ready?",
        "The database answers too, at the schema that this release needs.",
        on_200=_says(_READY),
        on_503=_NOT_READY,
    ),
    "/metrics": _page(
        "readMetrics", "What does it count?", "For Prometheus and what reads its format.", on_200=_METRICS
    ),
}
