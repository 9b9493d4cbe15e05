"""Fields and value sets as they are sent and read (contract 3.15)."""

from typing import Annotated, Literal

from pydantic import Field as Described
from pydantic import StringConstraints

from leadsail.foundation.web.fields import Name
from leadsail.foundation.web.pagination import Pagination
from leadsail.foundation.web.schemas import Maybe, Shape, Timestamp

Category = Literal["question", "file", "system", "contact", "attribution", "compliance", "flags", "custom"]
DataType = Annotated[
    Literal["string", "number", "boolean", "date", "datetime", "array", "object", "file"],
    Described(
        description="`date` is a day, `datetime` an instant; `array` and `object` hold several values;"
        " the value of a `file` is the file's key"
    ),
]
Key = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$", max_length=100),
    Described(description="Unique in the tenant, in snake_case, never changed", examples=["roof_age"]),
]
Length = Annotated[int, Described(ge=0, le=1_000_000)]


class ValidationRulesChange(Shape):
    """A change of a field's rules: absent leaves unchanged, `null` lifts a rule."""

    required: Maybe[bool] = None
    pattern: Maybe[Annotated[str, StringConstraints(max_length=200)]] = Described(
        default=None,
        description="A regular expression that a text must contain a match of; begin with ^ and end with $ for"
        " the whole text. Syntax of Rust's `regex` (like RE2): no look-around, no back-references",
        examples=["^[0-9]{5}$"],
    )
    min_length: Maybe[Length] = Described(default=None, description="Fewest characters of a text")
    max_length: Maybe[Length] = Described(default=None, description="Most characters of a text")
    min: Maybe[float] = Described(default=None, description="Smallest number")
    max: Maybe[float] = Described(default=None, description="Largest number")


class ValidationRules(ValidationRulesChange):
    """What a value must be like; a rule that means nothing for the field's data type is kept and has no effect."""

    required: bool = False


class FieldChange(Shape):
    """A change of a field: absent leaves unchanged, `null` clears, objects merge one level."""

    label: Maybe[Name] = None
    category: Maybe[Category] = None
    data_type: Maybe[DataType] = None
    validation_rules: Maybe[ValidationRulesChange] = None
    active: Maybe[bool] = None


class NewField(FieldChange):
    """A field of the tenant's own."""

    key: Key
    label: Name = Described(examples=["Age of the roof"])
    category: Category = "custom"
    data_type: DataType = "string"
    validation_rules: ValidationRules = Described(default_factory=ValidationRules)
    active: bool = True


class StoredField(NewField):
    """A field as it is kept."""

    is_standard: bool = Described(
        default=False,
        description="Every tenant has it: its category and data type are fixed and it cannot be archived",
    )


class Field(StoredField):
    """An entry of the field library: a name for one piece of data, used by conditions, questions and deliveries."""

    created_at: Timestamp
    updated_at: Timestamp
    archived_at: Maybe[Timestamp] = None


class FieldList(Shape):
    """The whole library, or the part that was asked for."""

    fields: list[Field]


Value = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Values = Annotated[
    list[Value],
    Described(
        max_length=10_000,
        description="Each value once; spaces around it are dropped",
        examples=[["Texas", "Florida"]],
        json_schema_extra={"uniqueItems": True},
    ),
]


class ValueSetChange(Shape):
    """A change of a value set: absent leaves unchanged; `values` replaces all values."""

    name: Maybe[Name] = None
    values: Maybe[Values] = None
    active: Maybe[bool] = None


class NewValueSet(ValueSetChange):
    """A value set to be stored."""

    name: Name = Described(examples=["States we serve"])
    values: Values = Described(default=[])
    active: bool = True


class ValueSet(NewValueSet):
    """A shared list of values that conditions ask whether something is in."""

    value_set_id: str = Described(examples=["vs_0199f3c2d4e57a1b8c9d0e1f2a3b4c5d"])
    created_at: Timestamp
    updated_at: Timestamp
    archived_at: Maybe[Timestamp] = None


class ValueSetList(Shape):
    """One page of value sets."""

    value_sets: list[ValueSet]
    pagination: Pagination
