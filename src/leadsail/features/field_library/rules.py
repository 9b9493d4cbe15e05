"""What makes a field's validation rules or a value set's values usable; pure decisions, no storage."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from pydantic_core import SchemaError, SchemaValidator, core_schema

_MOST_FAULTS = 20


def faults_of_rules(rules: Mapping[str, Any]) -> list[str]:
    """One line for each fault of a field's `validationRules`."""
    faults = [
        f"validationRules.{least}: must not be larger than {most}"
        for least, most in (("minLength", "maxLength"), ("min", "max"))
        if least in rules and most in rules and rules[least] > rules[most]
    ]
    unusable = _fault_of_pattern(rules["pattern"]) if "pattern" in rules else None
    return [*faults, f"validationRules.pattern: {unusable}"] if unusable else faults


def _fault_of_pattern(pattern: str) -> str | None:
    """Why `pattern` cannot be used, asked of the engine that will match it.

    That engine is Rust's `regex`, as pydantic brings it: it matches in linear time whatever the pattern, which is why
    it has no look-around and no back-references.
    """
    try:
        SchemaValidator(core_schema.str_schema(pattern=pattern))
    except SchemaError as error:
        reason = str(error).rpartition("error: ")[2].rpartition("SchemaError: ")[2]
        return f"cannot be used as a regular expression: {reason.strip().rstrip('.')}"
    return None


def repeated_values(values: Sequence[str]) -> list[str]:
    """One line for each value that stands in a value set more than once, at most 20."""
    return list(islice(_repeated(values), _MOST_FAULTS))


def _repeated(values: Sequence[str]) -> Iterator[str]:
    first_index: dict[str, int] = {}
    for index, value in enumerate(values):
        first = first_index.setdefault(value, index)
        if first != index:
            yield f"values.{index}: is the same as values.{first}; name each value once"
