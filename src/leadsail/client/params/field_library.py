"""Parameters of field library. Generated from the API's reference by `make openapi`; do not edit."""

from typing import Required

from pydantic import with_config
from typing_extensions import TypedDict

from leadsail.client.choices import DataType, FieldCategory
from leadsail.client.shapes import PARAMETERS


@with_config(PARAMETERS)
class ValidationRules(TypedDict, total=False):
    """What a value must be like; a rule that means nothing for the field's data type is kept and has no effect."""

    required: bool
    pattern: str | None
    """A regular expression that a text must contain a match of; begin with ^ and end with $ for the whole text.
    Syntax of Rust's `regex` (like RE2): no look-around, no back-references
    """
    min_length: int | None
    """Fewest characters of a text"""
    max_length: int | None
    """Most characters of a text"""
    min: float | None
    """Smallest number"""
    max: float | None
    """Largest number"""


@with_config(PARAMETERS)
class NewField(TypedDict, total=False):
    """A field of the tenant's own."""

    label: Required[str]
    category: FieldCategory
    data_type: DataType
    """`date` is a day, `datetime` an instant; `array` and `object` hold several values; the value of a `file` is the
    file's key
    """
    validation_rules: ValidationRules
    active: bool
    key: Required[str]
    """Unique in the tenant, in snake_case, never changed"""


@with_config(PARAMETERS)
class ValidationRulesChange(TypedDict, total=False):
    """A change of a field's rules: absent leaves unchanged, `null` lifts a rule."""

    required: bool | None
    pattern: str | None
    """A regular expression that a text must contain a match of; begin with ^ and end with $ for the whole text.
    Syntax of Rust's `regex` (like RE2): no look-around, no back-references
    """
    min_length: int | None
    """Fewest characters of a text"""
    max_length: int | None
    """Most characters of a text"""
    min: float | None
    """Smallest number"""
    max: float | None
    """Largest number"""


@with_config(PARAMETERS)
class FieldChange(TypedDict, total=False):
    """A change of a field: absent leaves unchanged, `null` clears, objects merge one level."""

    label: str | None
    category: FieldCategory | None
    data_type: DataType | None
    validation_rules: ValidationRulesChange | None
    active: bool | None


@with_config(PARAMETERS)
class NewValueSet(TypedDict, total=False):
    """A value set to be stored."""

    name: Required[str]
    values: list[str]
    """Each value once; spaces around it are dropped"""
    active: bool


@with_config(PARAMETERS)
class ValueSetChange(TypedDict, total=False):
    """A change of a value set: absent leaves unchanged; `values` replaces all values."""

    name: str | None
    values: list[str] | None
    active: bool | None
