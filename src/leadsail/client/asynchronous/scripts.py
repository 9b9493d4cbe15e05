"""Prompt templates and flows."""

from typing import Unpack

from leadsail.client import params
from leadsail.client.asynchronous.lists import AsyncList
from leadsail.client.asynchronous.records import Records
from leadsail.client.filters import FlowFilters, PageFilters, PromptTemplateFilters
from leadsail.client.records import Flow, FlowVersion, FlowVersionEntry, PromptTemplate, Rendered
from leadsail.client.requests import post, read
from leadsail.client.shapes import body_of


class PromptTemplates(Records[PromptTemplate]):
    """What agents are told before they talk."""

    _path = "prompt-templates"
    _kind = PromptTemplate

    async def create(
        self, *, idempotency_key: str | None = None, **new: Unpack[params.NewPromptTemplate]
    ) -> PromptTemplate:
        """Check a template and store it; faults raise `InvalidInputError` with line and column."""
        return await self._create(params.NewPromptTemplate, new, idempotency_key)

    def list(self, **filters: Unpack[PromptTemplateFilters]) -> AsyncList[PromptTemplate]:
        """All prompt templates. `search` looks into the name."""
        return self._list(PromptTemplate, "promptTemplates", self._path, filters=filters)

    async def update(
        self, prompt_template_id: str, /, *, if_match: str | None = None, **change: Unpack[params.PromptTemplateChange]
    ) -> PromptTemplate:
        """What is not given stays; the template is checked again."""
        return await self._update(prompt_template_id, params.PromptTemplateChange, change, if_match)

    async def preview(self, *, idempotency_key: str | None = None, **trial: Unpack[params.Trial]) -> Rendered:
        """Render a template with sample variables, or say everything that is wrong with it. Stores nothing."""
        body = body_of(params.Trial, trial)
        return await self._send(post("prompt-template-previews", body=body, idempotency_key=idempotency_key), Rendered)


class Flows(Records[Flow]):
    """How conversations run, step by step."""

    _path = "flows"
    _kind = Flow

    async def create(self, *, idempotency_key: str | None = None, **new: Unpack[params.NewFlow]) -> Flow:
        """Store a flow as its version 1."""
        return await self._create(params.NewFlow, new, idempotency_key)

    def list(self, **filters: Unpack[FlowFilters]) -> AsyncList[Flow]:
        """All flows. `search` looks into the name."""
        return self._list(Flow, "flows", self._path, filters=filters)

    async def update(
        self, flow_id: str, /, *, if_match: str | None = None, **change: Unpack[params.FlowChange]
    ) -> Flow:
        """What is not given stays; another `yaml` makes a new version."""
        return await self._update(flow_id, params.FlowChange, change, if_match)

    def versions(self, flow_id: str, /, **filters: Unpack[PageFilters]) -> AsyncList[FlowVersionEntry]:
        """The history of a flow, newest first."""
        return self._list(FlowVersionEntry, "versions", self._path, flow_id, "versions", filters=filters)

    async def version(self, flow_id: str, version: int | str, /) -> FlowVersion:
        """What a flow said at one of its versions."""
        return await self._send(read(self._path, flow_id, "versions", str(version)), FlowVersion)
