"""Records of scripts. Generated from the API's reference by `make openapi`; do not edit."""

from datetime import datetime
from typing import Literal

from leadsail.client.shapes import Record


class PromptTemplate(Record):
    """What an agent is told before it talks, with variables for the lead at hand."""

    name: str
    kind: Literal["voice", "sms"]
    """What it is a prompt for: calls or text messages"""
    body: str
    """Liquid; every fault is refused with its line and column when it is saved"""
    active: bool
    prompt_template_id: str
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None = None


class Rendered(Record):
    """What a template makes of its variables."""

    text: str


class Flow(Record):
    """How a conversation runs, step by step."""

    name: str
    yaml: str
    """YAML with a mapping at the top; without anchors, aliases and directives"""
    version: int
    """Grows by one with every change of `yaml`"""
    flow_id: str
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None = None


class FlowVersionEntry(Record):
    """One version of a flow in its history."""

    version: int
    """Grows by one with every change of `yaml`"""
    created_at: datetime


class FlowVersion(Record):
    """What a flow said at one of its versions; it never changes."""

    version: int
    """Grows by one with every change of `yaml`"""
    created_at: datetime
    flow_id: str
    yaml: str
    """YAML with a mapping at the top; without anchors, aliases and directives"""
