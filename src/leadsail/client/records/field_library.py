"""Records of field library. Generated from the API's reference by `make openapi`; do not edit."""

from datetime import datetime

from leadsail.client.choices import (
    DataType,
    FieldCategory,
)
from leadsail.client.shapes import Record


class ValidationRules(Record):
    """What a value must be like; a rule that means nothing for the field's data type is kept and has no effect."""

    required: bool
    pattern: str | None = None
    """A regular expression that a text must contain a match of; begin with ^ and end with $ for the whole text.
    Syntax of Rust's `regex` (like RE2): no look-around, no back-references
    """
    min_length: int | None = None
    """Fewest characters of a text"""
    max_length: int | None = None
    """Most characters of a text"""
    min: float | None = None
    """Smallest number"""
    max: float | None = None
    """Largest number"""


class Field(Record):
    """An entry of the field library: a name for one piece of data, used by conditions, questions and deliveries."""

    label: str
    category: FieldCategory
    data_type: DataType
    """`date` is a day, `datetime` an instant; `array` and `object` hold several values; the value of a `file` is the
    file's key
    """
    validation_rules: ValidationRules
    active: bool
    key: str
    """Unique in the tenant, in snake_case, never changed"""
    is_standard: bool
    """Every tenant has it: its category and data type are fixed and it cannot be archived"""
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None = None


class ValueSet(Record):
    """A shared list of values that conditions ask whether something is in."""

    name: str
    values: list[str]
    """Each value once; spaces around it are dropped"""
    active: bool
    value_set_id: str
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None = None
