"""`leadsail tenants` and `leadsail keys`, on a platform that is up."""

import re

from tests.entrypoints.commands.running import Up, run, until


def _made(words: str, text: str) -> str:
    found = re.search(words, text)
    assert found is not None, text
    return found[0]


class TestANewOrganisation:
    def test_gets_an_id_and_a_key_that_makes_further_keys(self, up: Up) -> None:
        made = run("tenants", "create", "Blue Door Realty", "--country", "CA", "--data-dir", str(up.data_dir))

        tenant_id, key = _made("org_[a-z0-9]+", made.stdout), _made("ls_live_[A-Za-z0-9]+", made.stdout)
        with up.client(key) as client:
            tenant = client.get("/tenant").json()["data"]
            further = client.post("/api-keys", json={"name": "CRM"})
        assert (tenant["tenantId"], tenant["name"], tenant["country"]) == (tenant_id, "Blue Door Realty", "CA")
        assert further.status_code == 201
        assert tenant_id in run("tenants", "list", "--data-dir", str(up.data_dir)).stdout

    def test_in_an_unknown_zone_is_refused_in_one_line(self, up: Up) -> None:
        refused = run("tenants", "create", "X", "--timezone", "Mars/Base", "--data-dir", str(up.data_dir))

        assert refused.returncode == 1
        assert refused.stderr == "leadsail: timezone: Value error, must be an IANA time zone such as America/Chicago\n"


class TestAKey:
    def test_opens_until_it_is_revoked(self, up: Up) -> None:
        place = ("--data-dir", str(up.data_dir), "--tenant", up.demo["tenantId"])
        made = run("keys", "create", "--name", "reports", "--scopes", "read", *place).stdout
        key, key_id = _made("ls_live_[A-Za-z0-9]+", made), _made("key_[a-z0-9]+", made)
        with up.client(key) as client:
            before = client.get("/tenant").status_code

            revoked = run("keys", "revoke", key_id, *place)

            assert (before, revoked.returncode) == (200, 0)
            until(lambda: client.get("/tenant").status_code == 401)
        listed = next(line for line in run("keys", "list", *place).stdout.splitlines() if key_id in line)
        assert "revoked" in listed
        assert key not in listed

    def test_of_an_unknown_organisation_is_refused(self, up: Up) -> None:
        refused = run("keys", "create", "--name", "x", "--tenant", "org_nobody", "--data-dir", str(up.data_dir))

        assert refused.returncode == 1
        assert refused.stderr == (
            "leadsail: There is no organisation org_nobody; leadsail tenants list shows the ones there are\n"
        )
