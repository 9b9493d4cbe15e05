"""Code samples for every operation, made from the operation and its examples: curl, Python, JavaScript."""

import json
import re
import shlex
from typing import Any
from urllib.parse import quote, urlencode

from leadsail.entrypoints.reference.examples import Examples

Json = dict[str, Any]

_VERBS = {"list": "list", "create": "create", "read": "get", "change": "update"}
_NAMED = {
    "checkContact": "check",
    "eraseLead": "erase",
    "listLeadInteractions": "of_lead",
    "importConsents": "import_many",
    "importDoNotCall": "import_many",
    "importRegistryFile": "import_file",
    "placeHold": "place",
    "previewPromptTemplate": "preview",
    "streamEvents": "follow",
    "readFlowVersion": "version",
    "releaseHold": "release",
    "removeDoNotCall": "remove",
}
"""Methods of the Python client that the path does not tell."""

_PARTS = {
    "contact-check": "contacts",
    "hold": "holds",
    "prompt-template-previews": "prompt_templates",
    "release": "holds",
}
"""Parts of the Python client that are not named like the path."""

_PYTHON_HEAD = """\
import os

from leadsail.client import LeadSail

client = LeadSail("{base_url}", api_key=os.environ["LEADSAIL_API_KEY"])
"""
_JAVASCRIPT_STREAM = """\
const text = response.body.pipeThrough(new TextDecoderStream());
for await (const piece of text) console.log(piece);"""
_SHORT = 72


def code_samples(path: str, method: str, operation: Json, examples: Examples, base_url: str) -> list[Json]:
    """The operation's `x-codeSamples`."""
    arguments = _needed(operation, "path")
    asked = _needed(operation, "query")
    url = path
    for name, example in arguments.items():
        url = url.replace(f"{{{name}}}", quote(example, safe=""))
    address = base_url.rstrip("/") + url + (f"?{urlencode(asked)}" if asked else "")
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    body = content.get("example")
    if not operation["security"]:
        return [_sample("Shell", "curl", f'curl "{address}"')]
    given = [json.dumps(argument) for argument in arguments.values()]
    if body is not None:
        spelled = _pythonic(body, content["schema"], examples)
        spelled |= {_snake(name): value for name, value in asked.items()}
        given += [f"\n    {name}={_literal(value, 1)}," for name, value in spelled.items()]
    kinds = operation["responses"]["200"]["content"] if method == "get" else {}
    streams = "text/event-stream" in kinds
    return [
        _sample("Shell", "curl", _curl(method, address, body, streams=streams)),
        _sample("Python", "Python", _python(path, operation, base_url, given)),
        _sample("JavaScript", "JavaScript", _javascript(method, address, body, _ending(kinds))),
    ]


def _needed(operation: Json, place: str) -> dict[str, Any]:
    """The parameters that an operation cannot do without, with their examples."""
    return {
        parameter["name"]: parameter["example"]
        for parameter in operation.get("parameters", ())
        if parameter.get("in") == place and parameter["required"]
    }


def _ending(kinds: Json) -> str:
    """What JavaScript does with an answer of one of these content types."""
    if "text/event-stream" in kinds:
        return _JAVASCRIPT_STREAM
    return (
        "console.log(await response.text());"
        if kinds.keys() & {"text/csv", "text/html"}
        else "const { data } = await response.json();"
    )


def _sample(lang: str, label: str, source: str) -> Json:
    return {"lang": lang, "label": label, "source": source}


def _curl(method: str, address: str, body: Json | None, *, streams: bool) -> str:
    verb = "" if method == "get" else f"-X {method.upper()} "
    lines = [f'curl {"-N " if streams else ""}{verb}"{address}"', '-H "X-API-Key: $LEADSAIL_API_KEY"']
    if body is not None:
        lines += ["-H 'Content-Type: application/json'", f"-d {shlex.quote(_json(body))}"]
    return " \\\n  ".join(lines)


def _json(body: Json) -> str:
    return json.dumps(body, indent=2, ensure_ascii=False)


def _python(path: str, operation: Json, base_url: str, given: list[str]) -> str:
    resource = path.removeprefix("/api/v1/").partition("/")[0]
    part = _PARTS.get(resource, resource.replace("-", "_"))
    call = f"client.{part}.{_python_method(path, operation['operationId'])}"
    inside = _arguments(given)
    head = _PYTHON_HEAD.format(base_url=base_url)
    if _iterates(operation):
        return f"{head}for item in {call}({inside}):\n    print(item)"
    return f"{head}{_result(operation)} = {call}({inside})"


def _arguments(given: list[str]) -> str:
    """On one line without a body, else one line each, as the fields of a body begin with a line break."""
    if not any(argument.startswith("\n") for argument in given):
        return ", ".join(given)
    return "".join(line if line.startswith("\n") else f"\n    {line}," for line in given) + "\n"


def _pythonic(value: Any, schema: Json, examples: Examples) -> Any:
    """`value` with the fields of shapes spelled as in Python; the keys of free maps stay."""
    options = [examples.resolved(option) for option in schema.get("anyOf", [schema])]
    if isinstance(value, list):
        items: Json = next((option["items"] for option in options if "items" in option), {})
        return [_pythonic(item, items, examples) for item in value]
    shape = next((option["properties"] for option in options if "properties" in option), None)
    if not isinstance(value, dict) or shape is None:
        return value
    return {_snake(name): _pythonic(item, shape.get(name, {}), examples) for name, item in value.items()}


def _python_method(path: str, operation_id: str) -> str:
    if operation_id in _NAMED:
        return _NAMED[operation_id]
    _, _, deeper = path.removeprefix("/api/v1/").partition("/")
    words = [part.replace("-", "_") for part in deeper.split("/") if part and not part.startswith("{")]
    return "_".join(words) or _VERBS[re.sub(r"[A-Z].*", "", operation_id)]


def _iterates(operation: Json) -> bool:
    name: str = operation["operationId"]
    return name.startswith(("list", "stream"))


def _result(operation: Json) -> str:
    name = _snake(re.sub(r"^[a-z]+", "", operation["operationId"]))
    return "buyer" if name == "client" else name


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=.)(?=[A-Z][a-z])", "_", name).lower()


def _literal(value: Any, depth: int) -> str:
    """`value` as Python spells it: on one line where it is short, else one line for each item."""
    if isinstance(value, dict):
        items = [f"{json.dumps(key)}: {_literal(item, depth + 1)}" for key, item in value.items()]
        return _wrapped("{", items, "}", depth)
    if isinstance(value, list):
        return _wrapped("[", [_literal(item, depth + 1) for item in value], "]", depth)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def _wrapped(opening: str, items: list[str], closing: str, depth: int) -> str:
    line = opening + ", ".join(items) + closing
    if len(line) <= _SHORT and "\n" not in line:
        return line
    indent = "\n" + "    " * (depth + 1)
    return opening + "".join(f"{indent}{item}," for item in items) + "\n" + "    " * depth + closing


def _javascript(method: str, address: str, body: Json | None, ending: str) -> str:
    headers = {"X-API-Key": "process.env.LEADSAIL_API_KEY"}
    options = [] if method == "get" else [f'method: "{method.upper()}"']
    if body is not None:
        headers["Content-Type"] = '"application/json"'
    options.append("headers: { " + ", ".join(f'"{name}": {value}' for name, value in headers.items()) + " }")
    if body is not None:
        options.append("body: JSON.stringify(" + _json(body).replace("\n", "\n  ") + ")")
    inside = "".join(f"  {option},\n" for option in options)
    return f'const response = await fetch("{address}", {{\n{inside}}});\n{ending}'
