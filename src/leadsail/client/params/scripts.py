"""Parameters of scripts. Generated from the API's reference by `make openapi`; do not edit."""

from typing import Any, Literal, Required

from pydantic import with_config
from typing_extensions import TypedDict

from leadsail.client.shapes import PARAMETERS


@with_config(PARAMETERS)
class NewPromptTemplate(TypedDict, total=False):
    """A prompt template to be stored."""

    name: Required[str]
    kind: Required[Literal["voice", "sms"]]
    """What it is a prompt for: calls or text messages"""
    body: Required[str]
    """Liquid; every fault is refused with its line and column when it is saved"""
    active: bool


@with_config(PARAMETERS)
class Trial(TypedDict, total=False):
    """A template to be tried out."""

    body: Required[str]
    """Liquid; every fault is refused with its line and column when it is saved"""
    variables: dict[str, Any]
    """Variables that replace the samples; objects merge one level, `null` takes a sample away"""


@with_config(PARAMETERS)
class PromptTemplateChange(TypedDict, total=False):
    """A change of a prompt template: absent leaves unchanged."""

    name: str | None
    kind: Literal["voice", "sms"] | None
    body: str | None
    active: bool | None


@with_config(PARAMETERS)
class NewFlow(TypedDict, total=False):
    """A flow to be stored."""

    name: Required[str]
    yaml: Required[str]
    """YAML with a mapping at the top; without anchors, aliases and directives"""


@with_config(PARAMETERS)
class FlowChange(TypedDict, total=False):
    """A change of a flow: absent leaves unchanged; another `yaml` makes a new version."""

    name: str | None
    yaml: str | None
