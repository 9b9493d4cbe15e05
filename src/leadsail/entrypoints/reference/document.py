"""The OpenAPI document as a whole: what the framework derives from the routes, completed operation by operation.

Nothing here is written by hand that the routes and shapes can tell.
"""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from leadsail.entrypoints.reference.answers import SHARED_REFUSALS, describe_answers
from leadsail.entrypoints.reference.examples import Examples
from leadsail.entrypoints.reference.headers import HEADERS
from leadsail.entrypoints.reference.health import HEALTH_PATHS
from leadsail.entrypoints.reference.parameters import PARAMETERS, describe_parameters
from leadsail.entrypoints.reference.prose import DESCRIPTION, TAGS
from leadsail.entrypoints.reference.requests import describe_request
from leadsail.entrypoints.reference.samples import code_samples
from leadsail.entrypoints.reference.schemas import tidied

Json = dict[str, Any]

_METHODS = ("get", "post", "patch", "put", "delete")


def operation_id(route: APIRoute) -> str:
    """The stable name of an operation: its function's name in camelCase."""
    first, *rest = route.name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def describe(app: FastAPI, base_url: str) -> Json:
    """The whole reference of `app`, reached at `base_url`."""
    document = tidied(app.openapi())
    app.openapi_schema = None  # Else the framework would keep its version in memory, which nobody asks for again.
    components = document["components"]
    components["headers"] = HEADERS
    components["parameters"] = PARAMETERS
    components["responses"] = SHARED_REFUSALS
    examples = Examples(components["schemas"])
    for _, method, operation in operations(document["paths"]):
        _tell_scope(operation)
        describe_parameters(method, operation, examples)
        describe_request(operation, examples)
        describe_answers(method, operation, examples)
    paths = document["paths"] | deepcopy(HEALTH_PATHS)
    for path, method, operation in operations(paths):
        operation["x-codeSamples"] = code_samples(path, method, operation, examples, base_url)
    return {
        "openapi": document["openapi"],
        "info": _info(app),
        "servers": [{"url": base_url, "description": "This installation"}],
        "tags": [{"name": name, "description": text} for name, text in TAGS.items()],
        "paths": paths,
        "components": components,
    }


def _tell_scope(operation: Json) -> None:
    """Say which scope the key needs; an operation that names none reads."""
    [scope] = operation.setdefault("security", [{"ApiKeyAuth": ["read"]}])[0]["ApiKeyAuth"]
    if f"scope `{scope}`" not in operation["description"]:
        operation["description"] += f"\n\nNeeds the scope `{scope}`."


def operations(paths: Json) -> Iterator[tuple[str, str, Json]]:
    """Every operation of a document's paths, with its path and its method in lower case."""
    for path, methods in paths.items():
        for method, operation in methods.items():
            if method in _METHODS:
                yield path, method, operation


def _info(app: FastAPI) -> Json:
    return {
        "title": app.title,
        "version": app.version,
        "summary": "Calls and texts leads, keeps every conversation, delivers the good ones",
        "description": DESCRIPTION,
        "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
    }
