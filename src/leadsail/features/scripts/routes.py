"""`/prompt-templates`, `/prompt-template-previews` and `/flows`."""

from dataclasses import replace
from typing import Annotated

from fastapi import Path, Query, Response

from leadsail.features.scripts.schemas import (
    Flow,
    FlowChange,
    FlowList,
    FlowVersion,
    FlowVersionList,
    Kind,
    NewFlow,
    NewPromptTemplate,
    PromptTemplate,
    PromptTemplateChange,
    PromptTemplateList,
    Rendered,
    Trial,
)
from leadsail.features.scripts.service import FlowService, PromptTemplateService
from leadsail.foundation.records.routes import (
    ACTS,
    CHANGES,
    CREATES,
    LISTS,
    READS,
    IfMatch,
    ListFilter,
    SearchFilter,
    one,
)
from leadsail.foundation.web.answers import Success
from leadsail.foundation.web.pagination import PageOf
from leadsail.foundation.web.routes import ReadWork, WriteWork, router, service

routes = router("Prompt templates and flows")

Templates = Annotated[PromptTemplateService, service(PromptTemplateService)]
Flows = Annotated[FlowService, service(FlowService)]


@routes.get("/prompt-templates", summary="List prompt templates", responses=LISTS)
async def list_prompt_templates(
    work: ReadWork,
    templates: Templates,
    page: PageOf,
    wanted: ListFilter,
    kind: Annotated[Kind | None, Query(description="Only templates of this kind")] = None,
) -> Success[PromptTemplateList]:
    """One page of prompt templates, newest first. `search` looks into the name."""
    found, total = await templates.page(work, replace(wanted, equal={"kind": kind}), page)
    return Success(data=PromptTemplateList(prompt_templates=found, pagination=page.of(total)))


@routes.post("/prompt-templates", status_code=201, summary="Create a prompt template", responses=CREATES)
async def create_prompt_template(
    new: NewPromptTemplate, work: WriteWork, templates: Templates, response: Response
) -> Success[PromptTemplate]:
    """Check a template and store it; a fault in it is refused with line and column."""
    return one(response, await templates.create(work, new))


@routes.post("/prompt-template-previews", summary="Try a prompt template", responses=CREATES)
async def preview_prompt_template(trial: Trial, work: ReadWork, templates: Templates) -> Success[Rendered]:
    """Render a template with sample variables, or say everything that is wrong with it. Stores nothing."""
    del work
    return Success(data=Rendered(text=templates.preview(trial)))


@routes.get("/prompt-templates/{promptTemplateId}", summary="Read a prompt template", responses=READS)
async def read_prompt_template(
    promptTemplateId: str, work: ReadWork, templates: Templates, response: Response
) -> Success[PromptTemplate]:
    """One prompt template, archived or not."""
    return one(response, await templates.read(work, promptTemplateId))


@routes.patch("/prompt-templates/{promptTemplateId}", summary="Change a prompt template", responses=CHANGES)
async def change_prompt_template(
    promptTemplateId: str,
    change: PromptTemplateChange,
    work: WriteWork,
    templates: Templates,
    response: Response,
    if_match: IfMatch = None,
) -> Success[PromptTemplate]:
    """Absent fields stay; the template is checked again."""
    return one(response, await templates.change(work, promptTemplateId, change, if_match=if_match))


@routes.post("/prompt-templates/{promptTemplateId}/archive", summary="Archive a prompt template", responses=ACTS)
async def archive_prompt_template(
    promptTemplateId: str, work: WriteWork, templates: Templates, response: Response
) -> Success[PromptTemplate]:
    """Put a prompt template away: hidden from lists, kept for what refers to it."""
    return one(response, await templates.archive(work, promptTemplateId))


@routes.post("/prompt-templates/{promptTemplateId}/unarchive", summary="Unarchive a prompt template", responses=ACTS)
async def unarchive_prompt_template(
    promptTemplateId: str, work: WriteWork, templates: Templates, response: Response
) -> Success[PromptTemplate]:
    """Fetch a prompt template back."""
    return one(response, await templates.archive(work, promptTemplateId, archived=False))


@routes.get("/flows", summary="List flows", responses=LISTS)
async def list_flows(work: ReadWork, flows: Flows, page: PageOf, wanted: SearchFilter) -> Success[FlowList]:
    """One page of flows, newest first. `search` looks into the name."""
    found, total = await flows.page(work, wanted, page)
    return Success(data=FlowList(flows=found, pagination=page.of(total)))


@routes.post("/flows", status_code=201, summary="Create a flow", responses=CREATES)
async def create_flow(new: NewFlow, work: WriteWork, flows: Flows, response: Response) -> Success[Flow]:
    """Store a flow as its version 1. Its YAML must hold a mapping; the steps themselves are not judged yet."""
    return one(response, await flows.create(work, new))


@routes.get("/flows/{flowId}", summary="Read a flow", responses=READS)
async def read_flow(flowId: str, work: ReadWork, flows: Flows, response: Response) -> Success[Flow]:
    """One flow as it is now, archived or not."""
    return one(response, await flows.read(work, flowId))


@routes.patch("/flows/{flowId}", summary="Change a flow", responses=CHANGES)
async def change_flow(
    flowId: str,
    change: FlowChange,
    work: WriteWork,
    flows: Flows,
    response: Response,
    if_match: IfMatch = None,
) -> Success[Flow]:
    """Absent fields stay; another `yaml` makes a new version, and the old one is kept."""
    return one(response, await flows.change(work, flowId, change, if_match=if_match))


@routes.post("/flows/{flowId}/archive", summary="Archive a flow", responses=ACTS)
async def archive_flow(flowId: str, work: WriteWork, flows: Flows, response: Response) -> Success[Flow]:
    """Put a flow away: hidden from lists, kept for what refers to it."""
    return one(response, await flows.archive(work, flowId))


@routes.post("/flows/{flowId}/unarchive", summary="Unarchive a flow", responses=ACTS)
async def unarchive_flow(flowId: str, work: WriteWork, flows: Flows, response: Response) -> Success[Flow]:
    """Fetch a flow back."""
    return one(response, await flows.archive(work, flowId, archived=False))


@routes.get("/flows/{flowId}/versions", summary="List a flow's versions", responses=READS)
async def list_flow_versions(flowId: str, work: ReadWork, flows: Flows, page: PageOf) -> Success[FlowVersionList]:
    """One page of a flow's history, newest first."""
    found, total = await flows.versions(work, flowId, page)
    return Success(data=FlowVersionList(versions=found, pagination=page.of(total)))


@routes.get("/flows/{flowId}/versions/{version}", summary="Read a flow's version", responses=READS)
async def read_flow_version(
    flowId: str,
    version: Annotated[str, Path(description="The version's number", examples=["1"])],
    work: ReadWork,
    flows: Flows,
    response: Response,
) -> Success[FlowVersion]:
    """What a flow said at one of its versions."""
    return one(response, await flows.version(work, flowId, version))
