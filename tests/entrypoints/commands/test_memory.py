"""A backup that is put back has forgotten opt-outs: nobody is contacted until the journal was replayed."""

import shutil
from pathlib import Path

import httpx2
import pytest

from tests.entrypoints.commands.running import Operator, Up, run

SANDBOX = "+15002550100"


def asked(up: Up, phone: str = SANDBOX) -> tuple[str, str | None]:
    """What the gate would say to a text now, and its code."""
    with up.client() as api:
        answer = api.post("/contact-check", json={"phone": phone, "channel": "sms"})
        data = answer.json()["data"]
    return data["decision"], data.get("code")


def opt_out(up: Up, phone: str = SANDBOX) -> httpx2.Response:
    """A number asks to be left alone."""
    with up.client() as api:
        return api.post("/do-not-call", json={"phone": phone, "reason": "asked by letter"})


class TestABackupThatIsPutBack:
    def test_is_held_until_the_journal_was_replayed(self, operator: Operator, data_dir: Path, folder: Path) -> None:
        up = operator.up(data_dir, "--demo")
        copy = folder / "copy.dump"
        assert run("db", "backup", str(copy), "--data-dir", str(data_dir)).returncode == 0
        before = asked(up)
        assert opt_out(up).status_code in (200, 201)
        after = asked(up)
        operator.down(up)

        restored = run("db", "restore", str(copy), "--replace", "--yes", "--data-dir", str(data_dir))
        up = operator.up(data_dir, "--demo")
        forgotten = asked(up)
        told = run("doctor", "--data-dir", str(data_dir), "--port", up.base_url.rpartition(":")[2])
        refused = run("release", "--platform", "--reason", "go on", "--data-dir", str(data_dir))
        still = asked(up)
        replayed = run("journal", "replay", "--data-dir", str(data_dir))
        remembered = asked(up)

        assert (before, after) == (("allow", None), ("deny", "DO_NOT_CALL"))
        assert "until you have run: leadsail journal replay" in restored.stdout
        assert forgotten[1] == still[1] == "PLATFORM_ON_HOLD"
        assert told.returncode == 1
        assert "WRONG nobody is called or texted: A backup was put back" in told.stdout
        assert "nothing was held" in refused.stdout
        assert "1 opt-outs were missing and are in force\ncontacts may go on\n" in replayed.stdout
        assert remembered == ("deny", "DO_NOT_CALL")

    def test_elsewhere_says_that_its_journal_is_missing(self, data_dir: Path, folder: Path) -> None:
        copy, elsewhere = folder / "copy.dump", folder / "elsewhere"
        run("db", "backup", str(copy), "--data-dir", str(data_dir))
        run("db", "restore", str(copy), "--data-dir", str(elsewhere))
        shutil.copy2(data_dir / "master.key", elsewhere / "master.key")

        refused = run("journal", "replay", "--data-dir", str(elsewhere))
        given_up = run("journal", "replay", "--give-up-journal", "--data-dir", str(elsewhere))

        assert refused.returncode == 1
        assert "bring that one back" in refused.stderr
        assert "contacts may go on" in given_up.stdout


class TestTheEmergencyStop:
    def test_stops_everybody_and_lets_them_go_on(self, up: Up) -> None:
        held = run("hold", "--platform", "--reason", "runaway", "--data-dir", str(up.data_dir))
        during = asked(up)
        released = run("release", "--platform", "--reason", "stopped it", "--data-dir", str(up.data_dir))

        assert "held: everybody, since" in held.stdout
        assert during[1] == "PLATFORM_ON_HOLD"
        assert "released: everybody, since" in released.stdout
        assert asked(up) == ("allow", None)

    def test_stops_one_campaign(self, up: Up) -> None:
        whose = ("--tenant", up.demo["tenantId"], "--data-dir", str(up.data_dir))
        campaign = up.demo["campaignIds"][0]

        held = run("hold", "--campaign", campaign, "--reason", "wrong list", *whose)
        released = run("release", "--campaign", campaign, "--reason", "cleaned", *whose)

        assert f"held: campaign {campaign}, since" in held.stdout
        assert f"released: campaign {campaign}, since" in released.stdout

    def test_of_a_campaign_that_does_not_exist_is_refused(self, up: Up) -> None:
        whose = ("--tenant", up.demo["tenantId"], "--data-dir", str(up.data_dir))

        refused = run("hold", "--campaign", "NONE", "--reason", "why", *whose)

        assert refused.returncode == 1
        assert "campaignId: no such campaign" in refused.stderr

    @pytest.mark.parametrize(
        ("words", "fault"),
        [
            (["--tenant", "org_nobody"], "There is no organisation org_nobody"),
            (["--platform", "--campaign", "HXZ"], "--platform means everybody"),
        ],
    )
    def test_of_what_does_not_exist_is_refused(self, up: Up, words: list[str], fault: str) -> None:
        refused = run("hold", *words, "--reason", "why", "--data-dir", str(up.data_dir))

        assert refused.returncode == 1
        assert fault in refused.stderr


class TestProof:
    def test_of_a_well_installation_finds_nothing(self, up: Up) -> None:
        proven = run("audit", "verify", "--data-dir", str(up.data_dir))

        assert proven.returncode == 0, proven.stdout
        assert "nothing was changed, taken away or slipped in" in proven.stdout

    def test_shows_the_journal(self, up: Up) -> None:
        shown = run("journal", "show", "--data-dir", str(up.data_dir))

        assert shown.returncode == 0
        assert shown.stdout.startswith("journal jrn_")
