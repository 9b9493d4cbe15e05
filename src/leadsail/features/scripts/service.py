"""The use cases of prompt templates, which are checked when saved and can be tried out, and of flows with versions."""

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from leadsail.features.scripts.models import PROMPT_VOCABULARY, sample_variables
from leadsail.features.scripts.repository import FlowVersionRepository
from leadsail.features.scripts.rules import fault_of_flow
from leadsail.features.scripts.schemas import (
    Flow,
    FlowChange,
    FlowVersion,
    FlowVersionEntry,
    NewFlow,
    NewPromptTemplate,
    PromptTemplate,
    PromptTemplateChange,
    StoredFlow,
    Trial,
)
from leadsail.foundation.clock import Clock
from leadsail.foundation.database import Work
from leadsail.foundation.errors import InvalidInput, NotFound
from leadsail.foundation.liquid import TemplateError, Templates
from leadsail.foundation.liquid.vocabulary import UnknownName
from leadsail.foundation.records import Record, RecordService, RecordTable, Stored, merged
from leadsail.foundation.web.pagination import Page

_MOST_FAULTS = 20
_VERSION = re.compile(r"[1-9][0-9]{0,8}")


class PromptTemplateService(RecordService[NewPromptTemplate, PromptTemplateChange, PromptTemplate]):
    """What agents are told before they talk."""

    table = RecordTable(
        "prompt_template", "prompt_template_id", "promptTemplateId", "tmpl", fields={"kind": "body ->> 'kind'"}
    )
    new_shape = NewPromptTemplate
    shape = PromptTemplate

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self._templates = Templates(PROMPT_VOCABULARY, clock.monotonic)

    async def check(self, work: Work, record_id: str, body: Mapping[str, Any]) -> None:
        """Refuse a template that could fail when the phone rings; one line a fault, with line and column."""
        del work, record_id
        self._require_sound(body["body"])

    def preview(self, trial: Trial) -> str:
        """The text a template makes of the samples and the given variables. Raises `InvalidInput`; stores nothing."""
        self._require_sound(trial.body)
        if faults := list(islice(_unknown_names(trial.variables, ()), _MOST_FAULTS)):
            raise InvalidInput(*faults)
        variables = merged(sample_variables(self.clock.now()), trial.variables)
        try:
            return self._templates.render(trial.body, variables)
        except TemplateError as error:
            raise InvalidInput(*(f"body: {fault}" for fault in error.faults)) from None

    def _require_sound(self, source: str) -> None:
        if faults := self._templates.check(source):
            raise InvalidInput(*(f"body: {fault}" for fault in faults))


def _unknown_names(variables: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    """A line for each variable that no template could name, since a slip there would go unnoticed."""
    for name, value in variables.items():
        inner = (*path, name)
        try:
            PROMPT_VOCABULARY.shape_at(inner, {})
        except UnknownName as unknown:
            yield f"variables.{'.'.join(inner)}: {unknown}"
        else:
            if isinstance(value, Mapping):
                yield from _unknown_names(value, inner)


class FlowService(RecordService[NewFlow, FlowChange, Flow]):
    """How conversations run; every text a flow ever had is kept under its version."""

    table = RecordTable("flow", "flow_id", "flowId", "flow")
    new_shape = StoredFlow
    shape = Flow

    async def create(self, work: Work, new: NewFlow) -> Stored[Flow]:
        """Store a flow as its version 1."""
        return await super().create(work, StoredFlow(name=new.name, yaml=new.yaml))

    async def check(self, work: Work, record_id: str, body: Mapping[str, Any]) -> None:
        """Refuse a text that is not a mapping in YAML."""
        del work, record_id
        if fault := fault_of_flow(body["yaml"]):
            raise InvalidInput(f"yaml: {fault}")

    def merge(self, body: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
        """The body after a PATCH: another text is another version."""
        result = super().merge(body, change)
        if result.get("yaml") != body["yaml"]:
            result["version"] = body["version"] + 1
        return result

    async def saved(self, work: Work, record: Record) -> None:
        """Keep what the flow says now under its version."""
        await FlowVersionRepository(work).keep(
            record.id, record.body["version"], {"yaml": record.body["yaml"]}, record.updated_at
        )

    async def versions(self, work: Work, flow_id: str, page: Page) -> tuple[list[FlowVersionEntry], int]:
        """One page of a flow's history, newest first, and how many versions there are. Raises `NotFound`."""
        newest = (await self.read(work, flow_id)).value.version
        rows = await FlowVersionRepository(work).page(flow_id, limit=page.limit, offset=page.offset)
        return [FlowVersionEntry(**dict(row)) for row in rows], newest

    async def version(self, work: Work, flow_id: str, version: str) -> Stored[FlowVersion]:
        """What a flow said at `version`, which is a number as it stands in a path. Raises `NotFound`."""
        number = int(version) if _VERSION.fullmatch(version) else 0
        row = await FlowVersionRepository(work).get(flow_id, number)
        if row is None:
            raise NotFound
        return Stored(FlowVersion(**dict(row)), number)
