"""What an operation may answer: its success with headers and an example, and every refusal as it really reads."""

from typing import Any

from leadsail.entrypoints.reference.examples import Examples
from leadsail.entrypoints.reference.headers import referred
from leadsail.foundation.errors import (
    Conflict,
    Forbidden,
    IdempotencyInProgress,
    IdempotencyKeyReused,
    InvalidInput,
    NotFound,
    PayloadTooLarge,
    PlatformError,
    RateLimited,
    RequestTimedOut,
    Unauthorized,
    Unavailable,
    UnsupportedMediaType,
)

Json = dict[str, Any]

_JSON = "application/json"
_EVERYWHERE = ("X-Request-Id",)
_ADMITTED = ("X-Request-Id", "RateLimit", "RateLimit-Policy")
_UNCHANGED = "304"
_SUCCESSES = {"200": "Done", "201": "Created"}


def refusal(description: str, *errors: PlatformError, headers: tuple[str, ...] = _ADMITTED) -> Json:
    """A response that tells one of `errors`, with each as an example."""
    examples = {error.code: {"summary": error.message, "value": _body(error)} for error in errors}
    if any(error.retry_after is not None for error in errors):
        headers = (*headers, "Retry-After")
    content = {_JSON: {"schema": {"$ref": "#/components/schemas/Failure"}, "examples": examples}}
    return {"description": description, "headers": referred(*headers), "content": content}


def _body(error: PlatformError) -> Json:
    details = {"details": error.details} if error.details else {}
    return {"success": False, "error": {"code": error.code, "message": error.message} | details}


_TOO_LARGE = PayloadTooLarge("The body is larger than 1,048,576 bytes; send less at once")

SHARED_REFUSALS: Json = {
    "Unauthorized": refusal("No key, an unknown key or a revoked one", Unauthorized(), headers=_EVERYWHERE),
    "NotFound": refusal("No such record in this tenant", NotFound()),
    "RequestTimedOut": refusal("The body did not arrive in time", RequestTimedOut()),
    "PayloadTooLarge": refusal("The body is too large", _TOO_LARGE, headers=_EVERYWHERE),
    "UnsupportedMediaType": refusal("The body is not JSON", UnsupportedMediaType()),
    "IdempotencyKeyReused": refusal("The Idempotency-Key was used with another request", IdempotencyKeyReused()),
    "RateLimited": refusal("Too many requests", RateLimited(retry_after=1)),
    "Unavailable": refusal("We cannot serve now; trying again later helps", Unavailable()),
}

_SHARED = {
    "401": "Unauthorized",
    "404": "NotFound",
    "408": "RequestTimedOut",
    "413": "PayloadTooLarge",
    "415": "UnsupportedMediaType",
    "422": "IdempotencyKeyReused",
    "429": "RateLimited",
    "503": "Unavailable",
}


def describe_answers(method: str, operation: Json, examples: Examples) -> None:
    """Complete the operation's responses in place."""
    told = dict.fromkeys(_always(method, operation)) | operation["responses"]
    operation["responses"] = {
        status: _answer(status, told[status], method, operation, examples) for status in sorted(told)
    }


def _always(method: str, operation: Json) -> set[str]:
    """The refusals that need no route to name them."""
    statuses = {"400", "401", "403", "429", "503"}
    if method == "post":
        statuses |= {"409", "413", "422"}
    if "requestBody" in operation:
        statuses |= {"408", "413", "415"}
    return statuses


def _answer(status: str, declared: Json | None, method: str, operation: Json, examples: Examples) -> Json:
    if status in _SHARED:
        return {"$ref": f"#/components/responses/{_SHARED[status]}"}
    if status == "400":
        return refusal("Malformed or invalid input; `details` has one line a fault", _invalid(operation, examples))
    if status == "403":
        return refusal("The key lacks the scope", _forbidden(operation))
    if status == "409":
        return _conflict(method)
    return _success(status, declared or {}, method, operation, examples)


def _conflict(method: str) -> Json:
    if method == "post":
        text = "The present state forbids it, or the first request with this Idempotency-Key is still running"
        return _replayable(refusal(text, Conflict(), IdempotencyInProgress()))
    stale = Conflict("The record has changed since it was read; read it again and repeat the change")
    return refusal("The present state forbids it, or `If-Match` names another version", stale)


def _replayable(answer: Json) -> Json:
    answer["headers"] |= referred("Idempotent-Replayed")
    return answer


def _success(status: str, declared: Json, method: str, operation: Json, examples: Examples) -> Json:
    description = declared["description"]
    if description == "Successful Response":
        description = _SUCCESSES[status]
    answer: Json = {"description": description, "headers": referred(*_ADMITTED)}
    if "content" in declared:
        answer["content"] = {
            kind: body | {"example": examples.answer(kind, body["schema"])}
            for kind, body in declared["content"].items()
        }
    if status == _UNCHANGED or _is_versioned(declared, examples):
        answer["headers"] |= referred("ETag")
    if _body_schema(operation, examples).get("additionalProperties") is True:
        answer["headers"] |= referred("X-Ignored-Fields")
    return _replayable(answer) if method == "post" else answer


def _is_versioned(declared: Json, examples: Examples) -> bool:
    """Whether the answer shows one record that can be changed, and so carries its entity tag."""
    schema = declared.get("content", {}).get("application/json", {}).get("schema", {})
    fields = examples.data_schema(schema)["properties"] if "data" in schema.get("properties", {}) else {}
    return "updatedAt" in fields or "version" in fields


def _body_schema(operation: Json, examples: Examples) -> Json:
    body = operation.get("requestBody")
    return examples.resolved(body["content"]["application/json"]["schema"]) if body else {}


def _forbidden(operation: Json) -> Forbidden:
    [scope] = operation["security"][0]["ApiKeyAuth"]
    return Forbidden(f"This key lacks the scope `{scope}`")


def _invalid(operation: Json, examples: Examples) -> InvalidInput:
    """The fault that a newcomer is likeliest to meet."""
    body = _body_schema(operation, examples)
    if body:
        required = body.get("required")
        return InvalidInput(f"{required[0]}: is required" if required else "body: send a JSON object")
    names = [parameter.get("name") for parameter in operation.get("parameters", ())]
    if "limit" in names:
        return InvalidInput("limit: must be a whole number from 1 on")
    return InvalidInput("query: not valid UTF-8")
