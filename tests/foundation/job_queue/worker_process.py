"""A worker in a process of its own, so that a test can kill it: `worker_process.py URL`.

A job of the name `work` writes a line when it ends; a job of the name `deadly` kills the process that runs it.
"""

import asyncio
import os
import signal
import sys
from datetime import timedelta

import asyncpg
import structlog

from leadsail.foundation.job_queue import Job, JobHandlers, JobSpec
from leadsail.foundation.job_queue.pgqueuer_worker import PgQueuerWorker, WorkerLimits


async def main(url: str) -> None:
    """Work until killed."""
    pool = await asyncpg.create_pool(url, min_size=1, max_size=4)

    async def work(job: Job) -> None:
        await asyncio.sleep(0.05)
        await pool.execute("insert into done (job_id, attempt) values ($1, $2)", job.id, job.attempt)

    async def die(_: Job) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    limits = WorkerLimits(heartbeat_timeout=timedelta(seconds=1), poll=timedelta(seconds=0.2))
    worker = PgQueuerWorker(url, structlog.get_logger(), limits=limits)
    await worker.run(JobHandlers([JobSpec("work", work), JobSpec("deadly", die)]), asyncio.Event())


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
