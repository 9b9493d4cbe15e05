"""The parameters of operations: types as the contract has them, examples, and the headers that every POST takes."""

from typing import Any

from leadsail.entrypoints.reference.examples import Examples

Json = dict[str, Any]

PARAMETERS: Json = {
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "required": False,
        "description": "1-255 visible characters of your choice."
        " The same key with the same body takes effect once and is answered the same for seven days",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
        "example": "5f0c6b1e-order-1042",
    },
    "IfMatch": {
        "name": "If-Match",
        "in": "header",
        "required": False,
        "description": "Change the record only if it still has this entity tag, else 409",
        "schema": {"type": "string"},
        "example": '"1"',
    },
}
_SHARED = {"If-Match": "IfMatch"}


def describe_parameters(method: str, operation: Json, examples: Examples) -> None:
    """Complete the operation's parameters in place."""
    parameters = [_described(parameter, operation, examples) for parameter in operation.get("parameters", ())]
    if method == "post":
        parameters.append({"$ref": "#/components/parameters/IdempotencyKey"})
    if parameters:
        operation["parameters"] = parameters


def _described(parameter: Json, operation: Json, examples: Examples) -> Json:
    name = parameter["name"]
    if name in _SHARED:
        return {"$ref": f"#/components/parameters/{_SHARED[name]}"}
    schema = _without_null(parameter["schema"])
    told = {"description": parameter.get("description") or schema.pop("description", None)}
    if parameter["in"] == "path":
        told["example"] = examples.path_parameter(name, operation)
        told["description"] = told["description"] or f"Which one: its `{name}`"
    elif "examples" in schema:
        told["example"] = schema["examples"][0]
    schema.pop("description", None)
    described = {"name": name, "in": parameter["in"], "required": parameter["required"], "schema": schema}
    return described | {key: value for key, value in told.items() if value is not None}


def _without_null(schema: Json) -> Json:
    """A parameter is there or it is not; it is never `null`."""
    options: list[Json] = [option for option in schema.get("anyOf", ()) if option != {"type": "null"}]
    if len(options) != 1:
        return dict(schema)
    return {key: value for key, value in schema.items() if key != "anyOf"} | options[0]
