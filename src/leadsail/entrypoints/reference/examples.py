"""Examples made from schemas: what a shape says of itself, filled in with the story that is told of it.

An example holds what the schema requires, what the story tells, and nothing else.
"""

from typing import Any

from leadsail.entrypoints.reference.stories import EVENT, PAGE, RECORDS, TABLE, VALUES

Json = dict[str, Any]

_SCHEMAS = "#/components/schemas/"


class Examples:
    """Makes examples for one document; `schemas` are its components."""

    def __init__(self, schemas: Json) -> None:
        self._schemas = schemas

    def resolved(self, schema: Json) -> Json:
        """The schema itself, where `schema` refers to one."""
        reference = schema.get("$ref")
        found: Json = self._schemas[reference.removeprefix(_SCHEMAS)] if reference else schema
        return found

    def data_schema(self, schema: Json) -> Json:
        """What the envelope `schema` holds."""
        return self.resolved(schema["properties"]["data"])

    def of(self, schema: Json, told: Any = None, name: str = "") -> Any:
        """A value of `schema`; `told` is what is known of it already, `name` the field that it stands in."""
        shape = self.resolved(schema)
        if shape.get("type") == "object" and "properties" in shape:
            return self._object(shape, (told or {}) if isinstance(told, dict) else {})
        if shape.get("type") == "array" and isinstance(told, list):
            return [self.of(shape["items"], item) for item in told]
        return self._value(shape, name) if told is None else told

    def answer(self, kind: str, schema: Json) -> Any:
        """The body of a success of content type `kind`."""
        if kind != "application/json":
            return {"text/csv": TABLE, "text/html": PAGE}.get(kind, EVENT)
        return {"success": True, "data": self.of(schema["properties"]["data"])}

    def path_parameter(self, name: str, operation: Json) -> str:
        """An id that could stand in the path: as the answer spells it, else as any shape does."""
        for shape in (*self._answered(operation), *self._schemas.values()):
            examples = shape.get("properties", {}).get(name, {}).get("examples")
            if examples:
                return str(examples[0])
        raise LookupError(f"no shape gives an example of {name}; add `examples` to that field")

    def _answered(self, operation: Json) -> list[Json]:
        contents = [answer.get("content", {}) for answer in operation["responses"].values()]
        schemas = [content["application/json"]["schema"] for content in contents if "application/json" in content]
        return [self.data_schema(schema) for schema in schemas if "data" in schema.get("properties", {})]

    def _object(self, shape: Json, told: Json) -> Json:
        known = RECORDS.get(shape.get("title", ""), {}) | told
        wanted = [name for name in shape["properties"] if name in known or name in shape.get("required", ())]
        further = {name: value for name, value in known.items() if name not in shape["properties"]}
        values = {name: self.of(shape["properties"][name], known.get(name), name) for name in wanted}
        return values | (further if shape.get("additionalProperties") else {})

    def _value(self, shape: Json, name: str) -> Any:
        if name in VALUES:
            return VALUES[name]
        for key in ("examples", "enum"):
            if shape.get(key):
                return shape[key][0]
        for key in ("const", "default"):
            if key in shape:
                return shape[key]
        if "anyOf" in shape:
            return self.of(shape["anyOf"][0], None, name)
        return self._plain(shape)

    def _plain(self, shape: Json) -> Any:
        if shape.get("type") == "array":
            item = self.resolved(shape["items"])
            return [self.of(item)] if "properties" in item else []
        if shape.get("type") in ("integer", "number"):
            return shape.get("minimum", 1)
        return {"boolean": False, "object": {}}.get(shape.get("type", ""), "…")
