"""Writes the client's records, parameters and choices into the folder named on the command line, from the reference."""

import re
import sys
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pydantic.alias_generators import to_camel

from leadsail.entrypoints.api import framework
from leadsail.entrypoints.reference.document import describe

Json = dict[str, Any]

MODULES = {
    "Tenant and API keys": "tenants",
    "Clients and offers": "clients",
    "Fields and value sets": "field_library",
    "Prompt templates and flows": "scripts",
    "Campaigns": "campaigns",
    "Agents and phone numbers": "agents",
    "Leads": "leads",
    "Do not call": "do_not_call",
    "Consents": "consents",
    "Contact policy": "contact_policy",
    "Holds": "holds",
    "Interactions": "interactions",
    "Contact gate": "contact_gate",
}
"""The module for the shapes of each tag. A shape stands in the first that needs it, so imports point upwards."""

CHOICES = {
    "ApiKey.scopes": "Scope",
    "Call.terminationReason": "TerminationReason",
    "Condition.operator": "ConditionOperator",
    "ConsentInForce.source": "ConsentSource",
    "ContactAnswer.code": "ContactCode",
    "ContactCheck.purpose": "ContactPurpose",
    "DoNotCallEntry.channel": "OptOutChannel",
    "DoNotCallEntry.source": "DoNotCallSource",
    "DoNotCallEvent.kind": "DoNotCallEventKind",
    "DossierConsent.kind": "ConsentKind",
    "Field.category": "FieldCategory",
    "Field.dataType": "DataType",
    "Interaction.status": "InteractionStatus",
    "Lead.status": "LeadStatus",
    "Lead.timezoneSource": "TimezoneSource",
    "PhoneNumber.provider": "NumberProvider",
    "Registration.status": "RegistrationStatus",
    "RegistryState.registry": "RegistryName",
    "RegistryState.state": "RegistryAge",
    "Turn.source": "TurnSource",
    "Turn.speaker": "Speaker",
    "Webhooks.events": "WebhookEvent",
}
"""Names for the enumerations with more than three members, by a place where each of them stands."""

_ENVELOPES = ("Failure", "ErrorBody", "Pagination")
_OF_LISTS = ("pagination", "hasMore")
_REFERENCE = "#/components/schemas/"
_HEADER = '"""{}. Generated from the API\'s reference by `make openapi`; do not edit."""\n\n'
_PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}


class Shapes:
    """The schemas of the reference as Python."""

    def __init__(self, document: Json) -> None:
        self.schemas: Json = document["components"]["schemas"]
        self.document = document
        self.choices = {self._members(place): name for place, name in CHOICES.items()}

    def _members(self, place: str) -> tuple[str, ...]:
        schema, _, name = place.partition(".")
        return next(_enumerations(self.schemas[schema]["properties"][name]))

    def names(self, module: str, *, sent: bool) -> list[str]:
        """The shapes that operations of this module read or send, each after those that it is made of."""
        found: dict[str, None] = {}
        for operation in self._operations(module):
            for name in _mentioned(operation.get("requestBody") if sent else operation["responses"]):
                self._collect(name, found)
        return [name for name in found if not self._is_wrapper(name)]

    def _operations(self, module: str) -> Iterator[Json]:
        for path in self.document["paths"].values():
            for operation in path.values():
                if isinstance(operation, dict) and MODULES.get(operation["tags"][0]) == module:
                    yield operation

    def _collect(self, name: str, found: dict[str, None]) -> None:
        for part in _mentioned(self.schemas[name]):
            if part not in found:
                self._collect(part, found)
        found.setdefault(name)

    def _is_wrapper(self, name: str) -> bool:
        """Whether this is no record of its own, but the envelope of a list or of a refusal."""
        properties = self.schemas[name].get("properties", {})
        bare_list = [schema.get("type") for schema in properties.values()] == ["array"]
        return bare_list or name in _ENVELOPES or not properties or not properties.keys().isdisjoint(_OF_LISTS)

    def type_of(self, schema: Json, *, sent: bool) -> str:
        """The annotation for one schema."""
        if "$ref" in schema:
            name = schema["$ref"].removeprefix(_REFERENCE)
            return "Any" if name == "JsonValue" else python_name(name)
        if "anyOf" in schema:
            return " | ".join(dict.fromkeys(self.type_of(option, sent=sent) for option in schema["anyOf"]))
        if "enum" in schema or "const" in schema:
            return self._choice(tuple(schema.get("enum", [schema.get("const")])))
        return self._plain(schema, sent=sent)

    def _plain(self, schema: Json, *, sent: bool) -> str:
        kind = schema.get("type")
        if kind == "array":
            return f"list[{self.type_of(schema['items'], sent=sent)}]"
        if kind == "object":
            keys, values = schema.get("propertyNames", {}), schema.get("additionalProperties")
            key = self._choice(tuple(keys["enum"])) if "enum" in keys else "str"
            return f"dict[{key}, {self.type_of(values, sent=sent) if isinstance(values, dict) and values else 'Any'}]"
        if schema.get("format") == "date-time":
            return "datetime | str" if sent else "datetime"
        return _PLAIN[kind] if kind else "Any"

    def _choice(self, members: tuple[str, ...]) -> str:
        if len(members) > 3 and members not in self.choices:
            raise SystemExit(f"name these members in CHOICES of {Path(__file__).name}: {members}")
        return self.choices.get(members) or f"Literal[{', '.join(map(repr, members))}]"

    def record(self, name: str) -> str:
        """The class of something that is read."""
        return self._class(name, f"class {python_name(name)}(Record)", sent=False)

    def parameters(self, name: str) -> str:
        """The class of something that is sent."""
        head = f"@with_config(PARAMETERS)\nclass {python_name(name)}(TypedDict, total=False)"
        return self._class(name, head, sent=True)

    def _class(self, name: str, head: str, *, sent: bool) -> str:
        schema = self.schemas[name]
        lines = [f"{head}:", *_docstring(schema["description"])]
        for wire, property_ in schema["properties"].items():
            lines += self._field(wire, property_, required=wire in schema.get("required", ()), sent=sent)
        return "\n".join(lines)

    def _field(self, wire: str, schema: Json, *, required: bool, sent: bool) -> Iterator[str]:
        annotation = self.type_of(schema, sent=sent)
        if sent and required:
            annotation = f"Required[{annotation}]"
        elif not sent and not required:
            annotation = f"{annotation} | None = None"
        yield f"    {snake(wire)}: {annotation}"
        if "description" in schema:
            yield from _docstring(schema["description"], gap=False)


def python_name(name: str) -> str:
    """What is sent stands in a module of its own, so `AddressInput` is plainly `Address` there."""
    return name.removesuffix("Input")


def snake(wire: str) -> str:
    """The Python name of a field."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", wire).lower()


def write_spelling(path: Path, shapes: Shapes) -> None:
    """The names that the rule of camelCase would not spell back."""
    wires = sorted({wire for schema in shapes.schemas.values() for wire in schema.get("properties", ())})
    odd = {snake(wire): wire for wire in wires if to_camel(snake(wire)) != wire}
    path.write_text(_HEADER.format("Names that are not plain camelCase on the wire") + f"SPELLED = {odd!r}\n")


def _mentioned(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from _mentioned(item)
    elif isinstance(node, dict):
        if str(node.get("$ref", "")).startswith(_REFERENCE):
            yield node["$ref"].removeprefix(_REFERENCE)
        for key, value in node.items():
            if key not in ("example", "examples", "default"):
                yield from _mentioned(value)


def _enumerations(node: Any) -> Iterator[tuple[str, ...]]:
    if isinstance(node, dict):
        if "enum" in node:
            yield tuple(node["enum"])
        for value in node.values():
            yield from _enumerations(value)
    elif isinstance(node, list):
        for item in node:
            yield from _enumerations(item)


def _docstring(text: str, *, gap: bool = True) -> list[str]:
    prefix = 'r"""' if "\\" in text else '"""'
    paragraphs = [textwrap.fill(" ".join(part.split()), 110) for part in text.split("\n\n")]
    body = "\n\n".join(paragraphs)
    closing = '\n"""' if "\n" in body else '"""'
    lines = textwrap.indent(prefix + body + closing, "    ").splitlines()
    return [*lines, ""] if gap else lines


def _imports(code: str, earlier: Iterable[tuple[str, list[str]]], folder: str, base: str) -> str:
    """Every import that the code may need; the linter takes away those that it does not."""
    lines = ["from datetime import datetime", "from typing import Any, Literal", "", base]
    lines += [f"from leadsail.client.choices import {', '.join(sorted(CHOICES.values()))}"]
    lines += [
        f"from leadsail.client.{folder}.{module} import {', '.join(sorted({python_name(name) for name in names}))}"
        for module, names in earlier
        if names
    ]
    return "\n".join(lines) + "\n\n\n" + code + "\n"


def write_folder(folder: Path, shapes: Shapes, *, sent: bool) -> None:
    """One module for each feature, and one that names them all."""
    folder.mkdir(parents=True, exist_ok=True)
    base = (
        "from typing import Required\n\nfrom pydantic import with_config\nfrom typing_extensions import TypedDict\n\n"
        "from leadsail.client.shapes import PARAMETERS"
        if sent
        else "from leadsail.client.shapes import Record"
    )
    kind = "Parameters" if sent else "Records"
    earlier: list[tuple[str, list[str]]] = []
    for module in MODULES.values():
        known = {name for _, names in earlier for name in names}
        names = [name for name in shapes.names(module, sent=sent) if name not in known]
        if not names:
            continue
        code = "\n\n\n".join(shapes.parameters(name) if sent else shapes.record(name) for name in names)
        header = _HEADER.format(f"{kind} of {module.replace('_', ' ')}")
        (folder / f"{module}.py").write_text(header + _imports(code, earlier, folder.name, base))
        earlier.append((module, names))
    _write_index(folder, earlier, sent=sent)


def _write_index(folder: Path, modules: list[tuple[str, list[str]]], *, sent: bool) -> None:
    header = _HEADER.format("What can be sent" if sent else "What the platform answers")
    package = f"leadsail.client.{folder.name}"
    lines = [f"from {package}.{module} import {', '.join(map(python_name, names))}" for module, names in modules]
    every = sorted(python_name(name) for _, names in modules for name in names)
    if len(set(every)) != len(every):
        raise SystemExit(f"two shapes share a name in {folder.name}: {every}")
    (folder / "__init__.py").write_text(header + "\n".join(lines) + f"\n\n__all__ = {every!r}\n")


def write_choices(path: Path, shapes: Shapes) -> None:
    """The named enumerations."""
    lines = [f"{name} = Literal[{', '.join(map(repr, members))}]" for members, name in shapes.choices.items()]
    path.write_text(_HEADER.format("Words to choose from") + "from typing import Literal\n\n" + "\n".join(lines) + "\n")


if __name__ == "__main__":
    target = Path(sys.argv[1])
    reference = Shapes(describe(framework(), "http://127.0.0.1:8000"))
    write_folder(target / "records", reference, sent=False)
    write_folder(target / "params", reference, sent=True)
    write_spelling(target / "spelling.py", reference)
    write_choices(target / "choices.py", reference)
