"""Durable jobs: work committed together with the fact that makes it necessary, and done later by a worker.

Features and providers use only what is exported here. The engine behind it lives in the `pgqueuer_*` modules,
which only the entrypoints import; `docs/decisions/0003-pgqueuer-behind-a-port.md` says why.
"""

from pydantic import JsonValue

from leadsail.foundation.job_queue.handlers import (
    Handler,
    JobHandlers,
    JobSpec,
    PeriodicHandler,
    PeriodicWork,
    RetryPolicy,
    every,
)
from leadsail.foundation.job_queue.interface import Connection, JobQueue, JobWorker, WorkerLostError
from leadsail.foundation.job_queue.jobs import (
    BadPayloadError,
    DeadLetter,
    Job,
    JobId,
    NameStats,
    NewJob,
    QueueStats,
)

__all__ = [
    "BadPayloadError",
    "Connection",
    "DeadLetter",
    "Handler",
    "Job",
    "JobHandlers",
    "JobId",
    "JobQueue",
    "JobSpec",
    "JobWorker",
    "JsonValue",
    "NameStats",
    "NewJob",
    "PeriodicHandler",
    "PeriodicWork",
    "QueueStats",
    "RetryPolicy",
    "WorkerLostError",
    "every",
]
