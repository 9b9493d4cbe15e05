"""What a process counts."""

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector

from leadsail.foundation.metrics import Metrics


def samples(metrics: Metrics) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    families = text_string_to_metric_families(metrics.render().decode())
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in families
        for sample in family.samples
    }


class TestCountingAnswers:
    def test_counts_by_method_route_and_status(self) -> None:
        metrics = Metrics()

        for status in (200, 200, 404):
            metrics.observe_request("GET", "/api/v1/leads/{leadId}", status, 0.002)

        labels = (("method", "GET"), ("route", "/api/v1/leads/{leadId}"))
        counted = samples(metrics)
        assert counted["leadsail_http_requests_total", (*labels, ("status", "200"))] == 2
        assert counted["leadsail_http_requests_total", (*labels, ("status", "404"))] == 1

    def test_measures_the_time_to_answer(self) -> None:
        metrics = Metrics()

        metrics.observe_request("GET", "/healthz", 200, 0.002)
        metrics.observe_request("GET", "/healthz", 200, 4)

        labels = (("method", "GET"), ("route", "/healthz"))
        counted = samples(metrics)
        assert counted["leadsail_http_request_seconds_count", labels] == 2
        assert counted["leadsail_http_request_seconds_sum", labels] == 4.002
        assert counted["leadsail_http_request_seconds_bucket", (("le", "0.0025"), *labels)] == 1


class TestWhatAnotherPartCounts:
    def test_stands_among_the_rest(self) -> None:
        class Jobs(Collector):
            def collect(self) -> list[Metric]:
                return [GaugeMetricFamily("leadsail_jobs", "Jobs", value=3)]

        metrics = Metrics()

        metrics.add(Jobs())

        assert samples(metrics)["leadsail_jobs", ()] == 3


class TestTwoProcessesInOne:
    def test_count_for_themselves(self) -> None:
        one, other = Metrics(), Metrics()

        one.observe_request("GET", "/healthz", 200, 0.001)

        assert b'route="/healthz"' in one.render()
        assert b'route="/healthz"' not in other.render()
