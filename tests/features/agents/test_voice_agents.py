"""Voice agents: those who speak with leads."""

import httpx2
import pytest

from leadsail.foundation.web.front_door import FrontDoor
from tests.conftest import NewTenant, client_of
from tests.features.campaigns.making import campaign, created, faults


class TestCreatingAVoiceAgent:
    async def test_answers_the_stored_agent_with_defaults(self, api: httpx2.AsyncClient) -> None:
        answer = await api.post("/voice-agents", json={"name": " Ava "})

        assert answer.status_code == 201
        assert answer.headers["etag"] == '"1"'
        stored = answer.json()["data"]
        assert stored.pop("agentId").startswith("agent_")
        assert stored.pop("createdAt") == stored.pop("updatedAt")
        assert stored == {
            "name": "Ava",
            "provider": "builtin",
            "inbound": {"enabled": False, "campaignIds": []},
            "isTest": False,
            "active": True,
        }

    async def test_keeps_everything_that_it_is_told(self, api: httpx2.AsyncClient) -> None:
        number = await created(api, "/phone-numbers", number="+15005550006", provider="sandbox", capabilities=["voice"])
        template = await created(api, "/prompt-templates", name="Opening", kind="voice", body="Say hello.")
        first, second = await campaign(api), await campaign(api)
        told = {
            "name": "Ava",
            "description": "Calls about roofs",
            "provider": "elevenlabs",
            "providerAgentId": "el_123",
            "engine": {"promptTemplateId": template["promptTemplateId"], "model": "small"},
            "phoneNumberId": number["phoneNumberId"],
            "inbound": {"enabled": True, "campaignIds": [second["campaignId"], first["campaignId"]]},
            "isTest": True,
            "active": False,
        }

        stored = await created(api, "/voice-agents", **told)

        assert {name: stored[name] for name in told} == told

    async def test_takes_effect_once_for_one_idempotency_key(self, api: httpx2.AsyncClient) -> None:
        first = await api.post("/voice-agents", json={"name": "Ava"}, headers={"Idempotency-Key": "k1"})
        again = await api.post("/voice-agents", json={"name": "Ava"}, headers={"Idempotency-Key": "k1"})

        assert again.json() == first.json()

    @pytest.mark.parametrize(
        ("wrong", "lines"),
        [
            ({"provider": "elevenlabs"}, ["providerAgentId: is required for the provider elevenlabs"]),
            ({"engine": {"model": "small"}}, ["engine: name either flowId or promptTemplateId"]),
            (
                {"engine": {"flowId": "flow_0", "promptTemplateId": "tmpl_0"}},
                ["engine: name either flowId or promptTemplateId"],
            ),
            ({"engine": {"flowId": "flow_0"}}, ["engine.flowId: no such flow"]),
            (
                {"engine": {"promptTemplateId": "tmpl_0"}},
                ["engine.promptTemplateId: no such prompt template"],
            ),
            ({"phoneNumberId": "num_0"}, ["phoneNumberId: no such phone number"]),
            ({"inbound": {"campaignIds": ["ZZZ"]}}, ["inbound.campaignIds.0: no such campaign"]),
            ({"inbound": {"campaignIds": "HXZ"}}, ["inbound.campaignIds: input should be a valid list"]),
            ({"colour": "red"}, ["colour: is not a field of this request"]),
        ],
    )
    async def test_names_the_field_and_the_fault(
        self, api: httpx2.AsyncClient, wrong: dict[str, object], lines: list[str]
    ) -> None:
        answer = await api.post("/voice-agents", json={"name": "Ava"} | wrong)

        assert faults(answer) == lines

    async def test_names_each_campaign_that_is_unknown_or_repeated(self, api: httpx2.AsyncClient) -> None:
        known = (await campaign(api))["campaignId"]
        inbound = {"enabled": True, "campaignIds": [known, "ZZZZZ", known]}

        answer = await api.post("/voice-agents", json={"name": "Ava", "inbound": inbound})

        assert faults(answer) == [
            "inbound.campaignIds.1: no such campaign",
            "inbound.campaignIds.2: stands in this list already",
        ]

    async def test_treats_another_tenants_campaign_like_an_unknown_one(
        self, api: httpx2.AsyncClient, app: FrontDoor, new_tenant: NewTenant
    ) -> None:
        async with client_of(app, (await new_tenant()).key) as other:
            await campaign(other, campaignId="HXZ")

        answer = await api.post("/voice-agents", json={"name": "Ava", "inbound": {"campaignIds": ["HXZ"]}})

        assert faults(answer) == ["inbound.campaignIds.0: no such campaign"]


class TestReadingVoiceAgents:
    async def test_lists_the_newest_first_page_by_page(self, api: httpx2.AsyncClient) -> None:
        first = await created(api, "/voice-agents", name="Ava")
        await created(api, "/voice-agents", name="Ben")

        data = (await api.get("/voice-agents", params={"page": "2", "limit": "1"})).json()["data"]

        assert data == {"voiceAgents": [first], "pagination": {"total": 2, "page": 2, "limit": 1}}

    async def test_finds_by_name_and_activity(self, api: httpx2.AsyncClient) -> None:
        await created(api, "/voice-agents", name="Ava")
        ben = await created(api, "/voice-agents", name="Ben", active=False)

        by_name = (await api.get("/voice-agents", params={"search": "BE"})).json()["data"]
        inactive = (await api.get("/voice-agents", params={"active": "false"})).json()["data"]

        assert by_name["voiceAgents"] == inactive["voiceAgents"] == [ben]

    async def test_tells_nothing_of_another_tenants_agent(
        self, api: httpx2.AsyncClient, app: FrontDoor, new_tenant: NewTenant
    ) -> None:
        async with client_of(app, (await new_tenant()).key) as other:
            theirs = await created(other, "/voice-agents", name="Ava")

        foreign = await api.get(f"/voice-agents/{theirs['agentId']}")
        unknown = await api.get("/voice-agents/agent_0")

        assert foreign.status_code == 404
        assert foreign.content == unknown.content


class TestChangingAVoiceAgent:
    async def test_leaves_merges_and_clears(self, api: httpx2.AsyncClient) -> None:
        known = (await campaign(api))["campaignId"]
        stored = await created(api, "/voice-agents", name="Ava", description="Roofs", inbound={"campaignIds": [known]})

        answer = await api.patch(
            f"/voice-agents/{stored['agentId']}", json={"description": None, "inbound": {"enabled": True}}
        )

        changed = answer.json()["data"]
        assert answer.headers["etag"] == '"2"'
        assert "description" not in changed
        assert (changed["name"], changed["inbound"]) == ("Ava", {"enabled": True, "campaignIds": [known]})

    async def test_judges_the_whole_agent_after_the_change(self, api: httpx2.AsyncClient) -> None:
        stored = await created(api, "/voice-agents", name="Ava")

        answer = await api.patch(f"/voice-agents/{stored['agentId']}", json={"provider": "elevenlabs"})

        assert faults(answer) == ["providerAgentId: is required for the provider elevenlabs"]

    async def test_refuses_a_version_that_has_passed(self, api: httpx2.AsyncClient) -> None:
        path = f"/voice-agents/{(await created(api, '/voice-agents', name='Ava'))['agentId']}"
        await api.patch(path, json={"active": False})

        answer = await api.patch(path, json={"active": True}, headers={"If-Match": '"1"'})

        assert answer.status_code == 409


class TestArchivingAVoiceAgent:
    async def test_hides_it_from_lists_until_it_is_back(self, api: httpx2.AsyncClient) -> None:
        path = f"/voice-agents/{(await created(api, '/voice-agents', name='Ava'))['agentId']}"

        archived = await api.post(f"{path}/archive")
        hidden = (await api.get("/voice-agents")).json()["data"]["voiceAgents"]
        back = await api.post(f"{path}/unarchive")

        assert "archivedAt" in archived.json()["data"]
        assert hidden == []
        assert "archivedAt" not in back.json()["data"]
