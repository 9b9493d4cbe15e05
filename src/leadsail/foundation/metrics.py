"""Counters of this process in Prometheus' form; no label ever names a tenant, a lead or a number."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.registry import Collector

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """What one process counts. Labelled children are kept, since looking them up costs more than counting."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "leadsail_http_requests",
            "Requests answered",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self._seconds = Histogram(
            "leadsail_http_request_seconds", "Time to answer", ["method", "route"], registry=self.registry,
            buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
        )  # fmt: skip
        self.clock_drift = Gauge(
            "leadsail_clock_drift_seconds",
            "How far the database's clock is ahead of ours",
            registry=self.registry,
        )
        self._children: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def observe_request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answer. `route` is a template such as `/api/v1/leads/{leadId}`, never a path."""
        key = (method, route, status)
        children = self._children.get(key)
        if children is None:
            children = (self._requests.labels(method, route, status), self._seconds.labels(method, route))
            self._children[key] = children
        children[0].inc()
        children[1].observe(seconds)

    def add(self, collector: Collector) -> None:
        """Show what another part counts."""
        self.registry.register(collector)

    def render(self) -> bytes:
        """The text that a scraper reads."""
        return generate_latest(self.registry)
