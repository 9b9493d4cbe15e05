"""`leadsail up`: from nothing, again, beside others, and to its end."""

import stat
import subprocess
from datetime import datetime, timedelta
from pathlib import Path

from leadsail.features.interactions.schemas import Interaction
from tests.entrypoints.commands.running import Operator, Up, alive, demo_of, run, until


class TestStartingFromNothing:
    def test_says_address_and_key_in_under_ten_lines(self, first_start: Up) -> None:
        said = "\n".join(first_start.said)

        assert len(first_start.said) < 10
        assert first_start.base_url in said
        assert first_start.demo["apiKey"] in said

    def test_offers_a_line_to_copy_that_works(self, up: Up) -> None:
        command = up.said[-1].removeprefix("try: ")

        answer = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True).stdout  # noqa: S603, S607 - just as a newcomer would

        assert '"success":true' in answer
        assert '"status":"qualified"' in answer

    def test_keeps_secrets_to_itself(self, up: Up) -> None:
        for name in ("master.key", "demo.json"):
            mode = (up.data_dir / name).stat().st_mode

            assert stat.S_IMODE(mode) == 0o600

    def test_listens_on_this_machine_alone(self, up: Up) -> None:
        listening = [one.laddr.ip for one in up.child("api").net_connections() if one.status == "LISTEN"]

        assert set(listening) <= {"127.0.0.1"}

    def test_logs_hold_no_key_number_or_word_that_was_said(self, up: Up) -> None:
        with up.client() as client:
            client.get(f"/interactions/{up.demo['interactionIds'][0]}")
        log = up.data_dir / "logs" / "api.log"
        until(lambda: "/api/v1/interactions/{interactionId}" in log.read_text())

        text = log.read_text()

        assert not [word for word in (up.demo["apiKey"], "+1500", "solar") if word in text]


class TestTheDemo:
    def test_file_tells_everything_a_script_needs(self, up: Up) -> None:
        demo = up.demo

        assert demo["baseUrl"] == up.base_url
        assert demo["apiKey"].startswith("ls_live_")
        assert demo["testApiKey"].startswith("ls_test_")
        assert demo["tenantId"].startswith("org_")
        counts = [len(demo[name]) for name in ("campaignIds", "leadIds", "interactionIds")]
        assert counts == [3, 25, 40]

    def test_every_id_reads_in_the_shape_of_the_contract(self, up: Up) -> None:
        demo = up.demo
        with up.client() as client:
            tenant = client.get("/tenant").json()["data"]
            answers = [client.get(f"/campaigns/{one}") for one in demo["campaignIds"]]
            answers += [client.get(f"/leads/{one}") for one in demo["leadIds"]]
            talks = [client.get(f"/interactions/{one}").json()["data"] for one in demo["interactionIds"]]

        assert tenant["tenantId"] == demo["tenantId"]
        assert {answer.status_code for answer in answers} == {200}
        assert [Interaction.model_validate(talk).interaction_id for talk in talks] == demo["interactionIds"]

    def test_shows_every_status_over_the_last_two_weeks(self, up: Up) -> None:
        with up.client() as client:
            talks = client.get("/interactions", params={"limit": 100}).json()["data"]["interactions"]

        assert len({talk["status"] for talk in talks}) == 14
        assert {talk["type"] for talk in talks} == {"call", "sms"}
        began = sorted(datetime.fromisoformat(talk["createdAt"]) for talk in talks)
        assert timedelta(days=13) < began[-1] - began[0] < timedelta(days=15)
        assert all(talk["createdAt"] <= talk["updatedAt"] for talk in talks)
        assert [talk["status"] for talk in talks if "duration" not in talk.get("call", {"duration": 0})] == []

    def test_campaigns_dial_at_all_hours_without_limits(self, up: Up) -> None:
        with up.client() as client:
            campaigns = client.get("/campaigns").json()["data"]["campaigns"]

        dialers = [campaign["autoDialer"] for campaign in campaigns]
        assert {(one["minGapMinutes"], one["maxAttempts"], one["maxAttemptsPerDay"]) for one in dialers} == {
            (0, 10_000, 10_000)
        }
        hours = [(day["start"], day["end"]) for one in dialers for day in one["operatingHours"].values()]
        assert set(hours) == {("00:00", "24:00")}

    def test_reaches_nobody_outside_the_sandbox(self, up: Up) -> None:
        with up.client() as client:
            leads = client.get("/leads", params={"limit": 100}).json()["data"]["leads"]
            numbers = client.get("/phone-numbers").json()["data"]["phoneNumbers"]

        assert {lead["phone"][:5] for lead in leads} == {"+1500"}
        assert {number["provider"] for number in numbers} == {"sandbox"}


class TestStartingAgain:
    def test_finds_demo_and_keys_as_they_were(self, operator: Operator, data_dir: Path) -> None:
        before = demo_of(data_dir)

        again = operator.up(data_dir, "--demo")

        assert again.demo == before | {"baseUrl": again.base_url}
        with again.client() as client:
            assert client.get("/tenant").status_code == 200

    def test_makes_a_lost_demo_file_anew_for_the_same_tenant(self, operator: Operator, data_dir: Path) -> None:
        before = demo_of(data_dir)
        (data_dir / "demo.json").unlink()

        demo = operator.up(data_dir, "--demo").demo

        assert demo["tenantId"] == before["tenantId"]
        assert demo["interactionIds"] == before["interactionIds"]
        assert demo["apiKey"] != before["apiKey"]


class TestStopping:
    def test_leaves_no_process_and_exits_with_zero(self, operator: Operator, data_dir: Path) -> None:
        up = operator.up(data_dir)
        family = up.family()

        status = operator.down(up)

        assert status == 0
        assert len(family) > 4
        assert alive(family) == []

    def test_ends_open_streams_in_order(self, operator: Operator, data_dir: Path) -> None:
        up = operator.up(data_dir, "--demo")
        with up.client() as client:
            live = client.get("/interactions", params={"status": "in_progress"}).json()["data"]["interactions"][0]
            with client.stream("GET", f"/interactions/{live['interactionId']}/events") as stream:
                lines = stream.iter_lines()
                next(lines)

                status = operator.down(up)

                # A stream that was cut off instead of ended would raise here.
                list(lines)
        assert status == 0


class TestASecondOne:
    def test_is_told_that_the_folder_is_in_use(self, up: Up) -> None:
        second = run("up", "--port", "0", "--data-dir", str(up.data_dir))

        assert second.returncode == 1
        assert second.stderr.startswith("leadsail: Another LeadSail")
        assert "--data-dir" in second.stderr
        assert up.is_ready()

    def test_is_told_that_the_port_is_taken_before_anything_starts(self, up: Up, folder: Path) -> None:
        port = up.base_url.rpartition(":")[2]

        second = run("up", "--port", port, "--data-dir", str(folder / "other"))

        assert (second.returncode, second.stdout) == (1, "")
        assert second.stderr.startswith(f"leadsail: Port {port} on 127.0.0.1 is taken")
        assert "--port" in second.stderr
        assert not (folder / "other").exists()


class TestTheMasterKey:
    def test_of_another_installation_is_refused(self, data_dir: Path) -> None:
        other = "a8Zk2xV5bN0qLw3Rt7Yu1Io9Pp4Ss6DdFfGgHhJjKk8="

        refused = run("up", "--port", "0", "--data-dir", str(data_dir), LEADSAIL_MASTER_KEY=other)

        assert refused.returncode == 1
        assert "set up with another master key" in refused.stderr
        assert "Traceback" not in refused.stderr

    def test_that_was_lost_is_not_replaced(self, data_dir: Path) -> None:
        (data_dir / "master.key").unlink()

        refused = run("up", "--port", "0", "--data-dir", str(data_dir))

        assert refused.returncode == 1
        assert "restore that file from your backup" in refused.stderr
        assert not (data_dir / "master.key").exists()


class TestMistakes:
    def test_in_an_option_name_the_option(self, folder: Path) -> None:
        refused = run("up", "--port", "99999", "--data-dir", str(folder / "data"))

        assert refused.returncode == 1
        assert "port: Input should be less than or equal to 65535" in refused.stderr

    def test_of_half_a_certificate_ask_for_the_other_half(self, folder: Path) -> None:
        refused = run("up", "--tls-cert", "/nowhere.pem", "--data-dir", str(folder / "data"))

        assert (
            refused.stderr == "leadsail: TLS needs both --tls-cert and --tls-key; give the other one too, or neither.\n"
        )

    def test_in_the_command_line_end_with_two(self) -> None:
        assert run("up", "--no-such-option").returncode == 2
