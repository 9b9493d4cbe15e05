"""Jobs of interactions."""

from leadsail.features.interactions.service import InteractionService
from leadsail.foundation.database import Database
from leadsail.foundation.job_queue import Job, JobSpec

SEAL = "interactions.seal"


def jobs(database: Database, interactions: InteractionService) -> list[JobSpec]:
    """What a worker can do for interactions."""

    async def seal(job: Job) -> None:
        """Write a finished interaction's document down."""
        async with database.work(job.text("tenant_id"), "worker") as work:
            await interactions.seal(work, job.text("interaction_id"))

    return [JobSpec(SEAL, seal)]
