"""Prompt templates and flows as they are sent and read (contract 7.3, 7.6)."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from leadsail.foundation.web.fields import Name
from leadsail.foundation.web.pagination import Pagination
from leadsail.foundation.web.schemas import Maybe, Shape, Timestamp

Kind = Annotated[Literal["voice", "sms"], Field(description="What it is a prompt for: calls or text messages")]
Source = Annotated[
    str,
    StringConstraints(max_length=65_536),
    Field(
        description="Liquid; every fault is refused with its line and column when it is saved",
        examples=["Hello {{ lead.firstName }}, this is {{ agent.name }} from {{ client.name }}."],
    ),
]


class PromptTemplateChange(Shape):
    """A change of a prompt template: absent leaves unchanged."""

    name: Maybe[Name] = None
    kind: Maybe[Kind] = None
    body: Maybe[Source] = None
    active: Maybe[bool] = None


class NewPromptTemplate(PromptTemplateChange):
    """A prompt template to be stored."""

    name: Name = Field(examples=["First call"])
    kind: Kind
    body: Source
    active: bool = True


class PromptTemplate(NewPromptTemplate):
    """What an agent is told before it talks, with variables for the lead at hand."""

    prompt_template_id: str = Field(examples=["tmpl_0199f3c2d4e57a1b8c9d0e1f2a3b4c5d"])
    created_at: Timestamp
    updated_at: Timestamp
    archived_at: Maybe[Timestamp] = None


class PromptTemplateList(Shape):
    """One page of prompt templates."""

    prompt_templates: list[PromptTemplate]
    pagination: Pagination


class Trial(Shape):
    """A template to be tried out."""

    body: Source
    variables: dict[str, Any] = Field(
        default={},
        description="Variables that replace the samples; objects merge one level, `null` takes a sample away",
        examples=[{"lead": {"firstName": "Zoë"}, "contact_type": "returning"}],
    )


class Rendered(Shape):
    """What a template makes of its variables."""

    text: str = Field(examples=["Hello Zoë, this is Sam from Sunny Solar."])


Yaml = Annotated[
    str,
    StringConstraints(max_length=200_000),
    Field(
        description="YAML with a mapping at the top; without anchors, aliases and directives",
        examples=["start: greeting\nsteps:\n  greeting:\n    say: Hello!\n"],
    ),
]
FlowNumber = Annotated[int, Field(description="Grows by one with every change of `yaml`", examples=[1])]


class FlowChange(Shape):
    """A change of a flow: absent leaves unchanged; another `yaml` makes a new version."""

    name: Maybe[Name] = None
    yaml: Maybe[Yaml] = None


class NewFlow(FlowChange):
    """A flow to be stored."""

    name: Name = Field(examples=["Solar, first call"])
    yaml: Yaml


class StoredFlow(NewFlow):
    """A flow as it is kept."""

    version: FlowNumber = 1


class Flow(StoredFlow):
    """How a conversation runs, step by step."""

    flow_id: str = Field(examples=["flow_0199f3c2d4e57a1b8c9d0e1f2a3b4c5d"])
    created_at: Timestamp
    updated_at: Timestamp
    archived_at: Maybe[Timestamp] = None


class FlowList(Shape):
    """One page of flows."""

    flows: list[Flow]
    pagination: Pagination


class FlowVersionEntry(Shape):
    """One version of a flow in its history."""

    version: FlowNumber
    created_at: Timestamp


class FlowVersion(FlowVersionEntry):
    """What a flow said at one of its versions; it never changes."""

    flow_id: str = Field(examples=["flow_0199f3c2d4e57a1b8c9d0e1f2a3b4c5d"])
    yaml: Yaml


class FlowVersionList(Shape):
    """One page of a flow's history, newest first."""

    versions: list[FlowVersionEntry]
    pagination: Pagination
