"""SMS agents: those who write with leads."""

import httpx2
import pytest

from leadsail.foundation.web.front_door import FrontDoor
from tests.conftest import NewTenant, client_of
from tests.features.campaigns.making import campaign, created, faults

_AGENT = {"name": "Ava", "provider": "twilio", "webhookUrl": "https://bot.example/sms"}


class TestCreatingAnSmsAgent:
    async def test_answers_the_stored_agent_with_defaults(self, api: httpx2.AsyncClient) -> None:
        answer = await api.post("/sms-agents", json=_AGENT)

        assert answer.status_code == 201
        assert answer.headers["etag"] == '"1"'
        stored = answer.json()["data"]
        assert stored.pop("agentId").startswith("smsagent_")
        assert stored.pop("createdAt") == stored.pop("updatedAt")
        assert stored == _AGENT | {
            "batchWindowMs": 7000,
            "inbound": {"enabled": False, "campaignIds": []},
            "isTest": False,
            "active": True,
        }

    async def test_needs_no_webhook_when_it_has_an_engine(self, api: httpx2.AsyncClient) -> None:
        template = await created(api, "/prompt-templates", name="Texting", kind="sms", body="Be brief.")
        engine = {"promptTemplateId": template["promptTemplateId"]}

        stored = await created(api, "/sms-agents", name="Ava", provider="sandbox", engine=engine)

        assert stored["engine"] == engine
        assert "webhookUrl" not in stored

    async def test_takes_effect_once_for_one_idempotency_key(self, api: httpx2.AsyncClient) -> None:
        first = await api.post("/sms-agents", json=_AGENT, headers={"Idempotency-Key": "k1"})
        again = await api.post("/sms-agents", json=_AGENT, headers={"Idempotency-Key": "k1"})

        assert again.json() == first.json()

    @pytest.mark.parametrize(
        ("wrong", "line"),
        [
            ({"webhookUrl": None}, "webhookUrl: is required unless the agent has an engine"),
            ({"webhookUrl": "ftp://bot.example"}, "webhookUrl: must be an http or https URL"),
            ({"batchWindowMs": 999}, "batchWindowMs: input should be greater than or equal to 1000"),
            ({"batchWindowMs": 60001}, "batchWindowMs: input should be less than or equal to 60000"),
            ({"provider": "sip"}, "provider: input should be 'vonage', 'twilio' or 'sandbox'"),
            ({"phoneNumberId": "num_0"}, "phoneNumberId: no such phone number"),
            ({"engine": {"flowId": "flow_0"}}, "engine.flowId: no such flow"),
            ({"engine": {}}, "engine: name either flowId or promptTemplateId"),
            ({"inbound": {"campaignIds": ["ZZZ"]}}, "inbound.campaignIds.0: no such campaign"),
        ],
    )
    async def test_names_the_field_and_the_fault(
        self, api: httpx2.AsyncClient, wrong: dict[str, object], line: str
    ) -> None:
        answer = await api.post("/sms-agents", json=_AGENT | wrong)

        assert faults(answer) == [line]


class TestReadingSmsAgents:
    async def test_lists_the_newest_first_page_by_page(self, api: httpx2.AsyncClient) -> None:
        first = await created(api, "/sms-agents", **_AGENT)
        await created(api, "/sms-agents", **_AGENT)

        data = (await api.get("/sms-agents", params={"page": "2", "limit": "1"})).json()["data"]

        assert data == {"smsAgents": [first], "pagination": {"total": 2, "page": 2, "limit": 1}}

    async def test_finds_by_name_and_activity(self, api: httpx2.AsyncClient) -> None:
        await created(api, "/sms-agents", **_AGENT)
        ben = await created(api, "/sms-agents", **_AGENT | {"name": "Ben", "active": False})

        by_name = (await api.get("/sms-agents", params={"search": "BE"})).json()["data"]
        inactive = (await api.get("/sms-agents", params={"active": "false"})).json()["data"]

        assert by_name["smsAgents"] == inactive["smsAgents"] == [ben]

    async def test_tells_nothing_of_another_tenants_agent(
        self, api: httpx2.AsyncClient, app: FrontDoor, new_tenant: NewTenant
    ) -> None:
        async with client_of(app, (await new_tenant()).key) as other:
            theirs = await created(other, "/sms-agents", **_AGENT)

        foreign = await api.get(f"/sms-agents/{theirs['agentId']}")
        unknown = await api.get("/sms-agents/smsagent_0")

        assert foreign.status_code == 404
        assert foreign.content == unknown.content


class TestChangingAnSmsAgent:
    async def test_leaves_merges_and_clears(self, api: httpx2.AsyncClient) -> None:
        known = (await campaign(api))["campaignId"]
        stored = await created(
            api, "/sms-agents", **_AGENT, batchWindowMs=2000, inbound={"enabled": True, "campaignIds": [known]}
        )

        answer = await api.patch(
            f"/sms-agents/{stored['agentId']}", json={"batchWindowMs": None, "inbound": {"campaignIds": []}}
        )

        changed = answer.json()["data"]
        assert changed["batchWindowMs"] == 7000
        assert changed["inbound"] == {"enabled": True, "campaignIds": []}

    async def test_judges_the_whole_agent_after_the_change(self, api: httpx2.AsyncClient) -> None:
        stored = await created(api, "/sms-agents", **_AGENT)

        answer = await api.patch(f"/sms-agents/{stored['agentId']}", json={"webhookUrl": None})

        assert faults(answer) == ["webhookUrl: is required unless the agent has an engine"]

    async def test_refuses_a_version_that_has_passed(self, api: httpx2.AsyncClient) -> None:
        path = f"/sms-agents/{(await created(api, '/sms-agents', **_AGENT))['agentId']}"
        await api.patch(path, json={"active": False})

        answer = await api.patch(path, json={"active": True}, headers={"If-Match": '"1"'})

        assert answer.status_code == 409


class TestArchivingAnSmsAgent:
    async def test_hides_it_from_lists_until_it_is_back(self, api: httpx2.AsyncClient) -> None:
        path = f"/sms-agents/{(await created(api, '/sms-agents', **_AGENT))['agentId']}"

        archived = await api.post(f"{path}/archive")
        hidden = (await api.get("/sms-agents")).json()["data"]["smsAgents"]
        back = await api.post(f"{path}/unarchive")

        assert "archivedAt" in archived.json()["data"]
        assert hidden == []
        assert "archivedAt" not in back.json()["data"]
