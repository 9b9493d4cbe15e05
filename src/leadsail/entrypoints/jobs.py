"""Everything a worker does: the features' jobs, and the work that the calendar asks for."""

from datetime import timedelta

from leadsail.entrypoints.wiring import Platform
from leadsail.features.interactions.jobs import jobs as interaction_jobs
from leadsail.features.interactions.service import InteractionService
from leadsail.foundation.job_queue import JobHandlers, every
from leadsail.foundation.web.idempotency import forget_old_keys


def handlers(platform: Platform) -> JobHandlers:
    """The same for every worker of one database."""

    async def forget_idempotency_keys() -> None:
        await forget_old_keys(platform.database, platform.clock.now())

    return JobHandlers(
        jobs=interaction_jobs(platform.database, platform.service(InteractionService)),
        periodic=[every("idempotency.forget", timedelta(hours=1), forget_idempotency_keys)],
    )
