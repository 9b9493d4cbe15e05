"""What makes a text usable as a flow: YAML that means plain data, and cannot cost more to read than it says.

Whether the flow makes sense is not judged here. Refused beyond plain YAML are anchors and aliases, with which a few
lines stand for gigabytes, and directives, which a flow has no use for.
"""

import re
from typing import Any

import yaml

MOST_ITEMS = 20_000
DEEPEST = 50
_LONGEST_NUMBER = 100
_DIRECTIVE = re.compile(r"^%", re.MULTILINE)
_NUMBERS = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")
# PyYAML's constructors let these through for scalars that are tagged or shaped like what they are not.
_MISREAD = (ValueError, LookupError, AttributeError, ArithmeticError)


class _Refused(yaml.MarkedYAMLError):
    """Valid YAML that a flow may not hold."""


class _FlowLoader(yaml.CSafeLoader):
    """The safe loader, which also says where a scalar stands that it cannot read."""

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:  # noqa: FBT001, FBT002 - PyYAML's signature
        if isinstance(node, yaml.ScalarNode) and node.tag in _NUMBERS and len(node.value) > _LONGEST_NUMBER:
            # PyYAML adds up numbers of base 60 in quadratic time.
            raise _refused(f"a number has at most {_LONGEST_NUMBER} signs", node.start_mark)
        try:
            return super().construct_object(node, deep)
        except _MISREAD:
            raise _refused(
                f"this is no {node.tag.rpartition(':')[2]}; put quotes around a text", node.start_mark
            ) from None


def fault_of_flow(text: str) -> str | None:
    """Why `text` cannot be a flow, with line and column (counted from 1); None when it can."""
    try:
        _refuse_directives(text)
        _refuse_bombs(text)
        # The loader is PyYAML's safe one, narrowed further.
        document = yaml.load(text, _FlowLoader)  # noqa: S506 - see above
    except yaml.MarkedYAMLError as error:
        return _told(error)
    except yaml.reader.ReaderError as error:
        before = text.encode()[: error.position].decode(errors="ignore")
        return f"{_place(before.count(chr(10)), len(before.rpartition(chr(10))[2]))}: {error.reason}"
    if not isinstance(document, dict):
        return f"{_place(0, 0)}: must be a mapping of names to values, such as `start: greeting`"
    return None


def _refuse_directives(text: str) -> None:
    if found := _DIRECTIVE.search(text):
        line = text.count("\n", 0, found.start())
        raise _refused("directives (%) are not supported", yaml.Mark("flow", found.start(), line, 0, None, 0))


def _refuse_bombs(text: str) -> None:
    """Read `text` without building anything; raise for what would be dear to build."""
    depth = 0
    for count, event in enumerate(yaml.parse(text, _FlowLoader)):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if getattr(event, "anchor", None) is not None:
            raise _refused("anchors (&) and aliases (*) are not supported; write the value out", event.start_mark)
        if depth > DEEPEST:
            raise _refused(f"nested deeper than {DEEPEST} levels", event.start_mark)
        if count > MOST_ITEMS:
            raise _refused(f"more than {MOST_ITEMS:,} names and values; split the flow", event.start_mark)


def _refused(problem: str, mark: Any) -> _Refused:
    return _Refused(problem=problem, problem_mark=mark)


def _told(error: yaml.MarkedYAMLError) -> str:
    mark = error.problem_mark or error.context_mark
    said = ", ".join(part for part in (error.context, error.problem) if part)
    return f"{_place(mark.line, mark.column)}: {said}" if mark else said


def _place(line: int, column: int) -> str:
    return f"line {line + 1}, column {column + 1}"
