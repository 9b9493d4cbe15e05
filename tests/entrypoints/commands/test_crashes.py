"""kill -9 of anything: what was acknowledged is there, and the platform is well again by itself."""

import signal
from pathlib import Path

import httpx2
import psutil
import pytest

from tests.entrypoints.commands.running import Operator, Up, alive, until


def _store_a_lead(up: Up) -> str:
    new = {
        "campaignId": "SOLAR", "firstName": "Ida", "lastName": "Berg", "email": "ida@example.com",
        "phone": "+15005550199",
    }  # fmt: skip
    with up.client() as client:
        lead_id: str = client.post("/leads", json=new).json()["data"]["leadId"]
    return lead_id


def _reads(up: Up, lead_id: str) -> bool:
    try:
        with up.client() as client:
            return client.get(f"/leads/{lead_id}").status_code == 200
    except httpx2.HTTPError:
        return False


class TestKillingAPart:
    @pytest.mark.parametrize("part", ["api", "worker", "postgres"])
    def test_loses_nothing_and_heals_by_itself(self, up: Up, part: str) -> None:
        victim = up.child(part)
        lead_id = _store_a_lead(up)

        victim.kill()

        until(lambda: not victim.is_running() or victim.status() == psutil.STATUS_ZOMBIE or not alive([victim]))
        until(lambda: _has_another(up, part, victim.pid))
        until(lambda: _reads(up, lead_id))
        assert up.process.poll() is None

    def test_of_the_api_refuses_no_connection(self, up: Up) -> None:
        """The port belongs to the supervisor, so requests wait for the next api."""
        up.child("api").kill()

        answer = httpx2.get(f"{up.base_url}/healthz", timeout=30)

        assert answer.status_code == 200


class TestKillingTheSupervisor:
    def test_takes_everything_down_and_the_next_one_takes_over(self, operator: Operator, data_dir: Path) -> None:
        up = operator.up(data_dir, "--demo")
        port = int(up.base_url.rpartition(":")[2])
        lead_id = _store_a_lead(up)
        family = up.family()

        operator.down(up, signal.SIGKILL)
        again = operator.up(data_dir, "--demo", port=port)

        assert again.base_url == up.base_url
        assert _reads(again, lead_id)
        until(lambda: alive(family) == [])


def _has_another(up: Up, part: str, pid: int) -> bool:
    try:
        return up.child(part).pid != pid
    except (StopIteration, psutil.Error):
        return False
