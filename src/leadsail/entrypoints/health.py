"""Is it alive, is it ready, what does it count: for supervisors, load balancers and scrapers. No key is needed."""

import asyncio
import platform as machine
from collections.abc import Iterable
from dataclasses import dataclass

import asyncpg
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from leadsail import __version__
from leadsail.entrypoints.wiring import Platform
from leadsail.foundation.database import Database
from leadsail.foundation.errors import Unavailable
from leadsail.foundation.job_queue import QueueStats
from leadsail.foundation.metrics import CONTENT_TYPE, Metrics
from leadsail.foundation.web.answers import JsonAnswer, failure, success_json
from leadsail.foundation.web.front_door import name_route
from leadsail.migrations.newest import NEWEST

_PATIENCE_SECONDS = 3


@dataclass(frozen=True, slots=True)
class Readiness:
    """What the database says of itself; None where it does not answer."""

    postgresql: str | None = None
    schema: str | None = None

    @property
    def ready(self) -> bool:
        """Whether requests can be served."""
        return self.schema == NEWEST

    def in_words(self) -> str:
        """What is, and what to do about it."""
        if self.postgresql is None:
            return "The database does not answer"
        if not self.ready:
            return f"The database is at schema {self.schema}, not {NEWEST}; run: leadsail db migrate"
        return f"PostgreSQL {self.postgresql}"


async def look(platform: Platform) -> Readiness:
    """Ask the database, with little patience."""
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            postgresql = await platform.database.fetchval("show server_version")
            schema = await platform.database.fetchval("select version_num from schema_version")
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return Readiness()
    return Readiness(postgresql, schema)


class QueueMetrics(Collector):
    """The job queue as it was when last asked."""

    def __init__(self) -> None:
        self.stats = QueueStats(names=())

    def collect(self) -> Iterable[Metric]:
        """See `prometheus_client`."""
        jobs = GaugeMetricFamily("leadsail_jobs", "Jobs by name and state", labels=["job", "state"])
        late = GaugeMetricFamily("leadsail_jobs_oldest_due_seconds", "How late the oldest due job is", labels=["job"])
        for name in self.stats.names:
            for state, count in (("queued", name.queued), ("running", name.running), ("held", name.held)):
                jobs.add_metric([name.name, state], count)
            late.add_metric([name.name], name.oldest_due_seconds)
        return [jobs, late]


class GateMetrics(Collector):
    """Holds and unsealed decisions as they were when last asked; None where nobody answered."""

    def __init__(self) -> None:
        self.holds: dict[str, int] = {}
        self.unsealed: int | None = None

    async def ask(self, database: Database) -> None:
        """Count anew; raises what the database raises."""
        self.holds, self.unsealed = {}, None
        rows = await database.fetch("select scope, count from count_holds()")
        self.holds = {row["scope"]: row["count"] for row in rows}
        self.unsealed = await database.fetchval("select count(*) from decisions_unsealed()")

    def collect(self) -> Iterable[Metric]:
        """See `prometheus_client`."""
        holds = GaugeMetricFamily("leadsail_holds", "Holds in force", labels=["scope"])
        for scope, count in self.holds.items():
            holds.add_metric([scope], count)
        unsealed = GaugeMetricFamily("leadsail_decisions_unsealed", "Decisions that no seal covers yet")
        if self.unsealed is not None:
            unsealed.add_metric([], self.unsealed)
        return [holds, unsealed]


def health_routes(platform: Platform, metrics: Metrics) -> list[Route]:
    """`/healthz`, `/readyz` and `/metrics`."""
    queue, gate = QueueMetrics(), GateMetrics()
    metrics.add(queue)
    metrics.add(gate)

    async def healthz(request: Request) -> Response:
        """This process answers, whatever else is wrong."""
        name_route(request.scope, "/healthz")
        return JsonAnswer(success_json({"status": "alive", "version": __version__, "python": machine.python_version()}))

    async def readyz(request: Request) -> Response:
        """The database answers too, at the schema that this release needs."""
        name_route(request.scope, "/readyz")
        readiness = await look(platform)
        if not readiness.ready:
            return failure(Unavailable(readiness.in_words()))
        return JsonAnswer(
            success_json({"status": "ready", "postgresql": readiness.postgresql, "schema": readiness.schema})
        )

    async def show_metrics(request: Request) -> Response:
        """For Prometheus."""
        name_route(request.scope, "/metrics")
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS), platform.database.pool.acquire() as connection:
                queue.stats = await platform.queue.stats(connection)
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await gate.ask(platform.database)
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
            queue.stats = QueueStats(names=())
        return Response(metrics.render(), media_type=CONTENT_TYPE)

    return [
        Route("/healthz", healthz, methods=["GET"]),
        Route("/readyz", readyz, methods=["GET"]),
        Route("/metrics", show_metrics, methods=["GET"]),
    ]
