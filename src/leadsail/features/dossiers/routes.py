"""`/interactions/{interactionId}/dossier`: the proof behind one conversation, as data and as a page to print."""

from typing import Annotated

from fastapi.responses import HTMLResponse

from leadsail.features.dossiers.schemas import Dossier
from leadsail.features.dossiers.service import DossierService
from leadsail.foundation.records.routes import READS
from leadsail.foundation.web.answers import Success
from leadsail.foundation.web.routes import ReadWork, router, service

routes = router("Contact gate")

Dossiers = Annotated[DossierService, service(DossierService)]
_NOTHING_FROM_ELSEWHERE = "default-src 'none'; style-src 'unsafe-inline'"


@routes.get("/interactions/{interactionId}/dossier", summary="Why was this person contacted?", responses=READS)
async def read_dossier(interactionId: str, work: ReadWork, dossiers: Dossiers) -> Success[Dossier]:
    """Consent with its evidence, every decision with the rules behind it, the first words, and the recording's hash."""
    return Success(data=await dossiers.of(work, interactionId))


@routes.get(
    "/interactions/{interactionId}/dossier/page",
    summary="The dossier as a page to print",
    responses=READS | {200: {"content": {"text/html": {"schema": {"type": "string"}}}}},
    response_class=HTMLResponse,
)
async def read_dossier_page(interactionId: str, work: ReadWork, dossiers: Dossiers) -> HTMLResponse:
    """The same dossier for somebody who has never seen the product: a page that needs nothing from elsewhere."""
    page = await dossiers.page(work, interactionId)
    return HTMLResponse(page, headers={"Content-Security-Policy": _NOTHING_FROM_ELSEWHERE, "Cache-Control": "no-store"})
