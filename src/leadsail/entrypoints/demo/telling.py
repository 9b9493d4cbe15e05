"""Writes the demo through the platform's services, each thing at the time when it would have happened."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from leadsail.entrypoints.demo.asking import Asking
from leadsail.entrypoints.demo.script import Conversation, Person, Said, business, conversations, people
from leadsail.entrypoints.wiring import Platform
from leadsail.features.agents.schemas import (
    NewPhoneNumber,
    NewSmsAgent,
    NewVoiceAgent,
    PhoneNumberChange,
    SmsAgentChange,
    VoiceAgentChange,
)
from leadsail.features.agents.service import PhoneNumberService, SmsAgentService, VoiceAgentService
from leadsail.features.campaigns.schemas import CampaignChange, NewCampaign
from leadsail.features.campaigns.service import CampaignService
from leadsail.features.clients.schemas import ClientChange, NewClient, NewOffer, OfferChange
from leadsail.features.clients.service import ClientService, OfferService
from leadsail.features.do_not_call.models import OptOut
from leadsail.features.interactions.schemas import InteractionChange, NewInteraction, NewTurn
from leadsail.features.interactions.service import InteractionService
from leadsail.features.leads.schemas import LeadChange, NewLead
from leadsail.features.leads.service import LeadService
from leadsail.features.scripts.schemas import FlowChange, NewFlow, NewPromptTemplate, PromptTemplateChange
from leadsail.features.scripts.service import FlowService, PromptTemplateService
from leadsail.foundation.clock import ManualClock
from leadsail.foundation.database import Work
from leadsail.foundation.ids import new_id
from leadsail.foundation.records.repository import Filter
from leadsail.foundation.web.schemas import Shape

_SET_UP_BEFORE = timedelta(days=15)
_LIVE = "in_progress"

_ALL = Filter(include_archived=True)
_FIXED = ("campaignId", "number")


class _Shelf(NamedTuple):
    """One kind of record: who keeps it, its shapes, and the field by which one is found again."""

    service: type[Any]
    new: type[Shape]
    change: type[Shape]
    known_by: str = "name"


# Later kinds refer to earlier ones.
_SHELVES: Mapping[str, _Shelf] = {
    "clients": _Shelf(ClientService, NewClient, ClientChange),
    "offers": _Shelf(OfferService, NewOffer, OfferChange),
    "phone_numbers": _Shelf(PhoneNumberService, NewPhoneNumber, PhoneNumberChange, "number"),
    "prompt_templates": _Shelf(PromptTemplateService, NewPromptTemplate, PromptTemplateChange),
    "flows": _Shelf(FlowService, NewFlow, FlowChange),
    "voice_agents": _Shelf(VoiceAgentService, NewVoiceAgent, VoiceAgentChange),
    "sms_agents": _Shelf(SmsAgentService, NewSmsAgent, SmsAgentChange),
    "campaigns": _Shelf(CampaignService, NewCampaign, CampaignChange, "campaignId"),
}
_SPEAKERS = {
    ("call", "A"): ("agent", "system", "voice_agent"),
    ("call", "L"): ("user", "inbound", "lead"),
    ("sms", "A"): ("agent", "sms_agent", "sms_agent"),
    ("sms", "H"): ("agent", "manual", "human"),
    ("sms", "L"): ("user", "inbound", "lead"),
}


class Setting(NamedTuple):
    """A campaign as its conversations refer to it: ids, and our own number."""

    campaign_id: str
    client_id: str
    offer_id: str
    voice_agent_id: str
    our_number: str


async def set_up(platform: Platform, clock: ManualClock, work: Work) -> None:
    """Store what the agency has set up; what is there already gets its first settings back."""
    _go_to(clock, clock.now() - _SET_UP_BEFORE)
    ids: dict[str, str] = {}
    for kind, records in business().items():
        shelf = _SHELVES[kind]
        service = platform.service(shelf.service)
        known = {_dumped(record)[shelf.known_by]: record for record in await service.everything(work, _ALL)}
        for name, wire in records.items():
            clock.advance(timedelta(minutes=1))
            body = _resolved(wire, ids)
            record = known.get(body[shelf.known_by])
            if record is None:
                record = (await service.create(work, shelf.new.model_validate(body))).value
            else:
                await _put_back(service, shelf, work, _dumped(record)[service.table.id_field], body)
            ids[name] = _dumped(record)[service.table.id_field]


async def _put_back(service: Any, shelf: "_Shelf", work: Work, record_id: str, body: Mapping[str, Any]) -> None:
    changeable = {name: value for name, value in body.items() if name not in _FIXED}
    await service.archive(work, record_id, archived=False)
    await service.change(work, record_id, shelf.change.model_validate(changeable))


def _dumped(record: Any) -> dict[str, Any]:
    dumped: dict[str, Any] = record.model_dump(by_alias=True)
    return dumped


class Story:
    """Two weeks of conversations, told to one tenant in one unit of work."""

    def __init__(self, platform: Platform, clock: ManualClock, work: Work) -> None:
        self._leads = platform.service(LeadService)
        self._interactions = platform.service(InteractionService)
        self._campaigns = platform.service(CampaignService)
        self._numbers = platform.service(PhoneNumberService)
        self._asking = Asking(platform, work)
        self._clock = clock
        self._work = work
        self._settings: dict[str, Setting] = {}

    async def tell(self, now: datetime) -> None:
        """Everything up to `now`, in the order in which it happened; one call is left running."""
        everybody = sorted(people(now), key=lambda person: person.came)
        leads = {person.facts["phone"]: await self._come(person) for person in everybody}
        spoken = conversations()
        talks = [(at, person, name) for person in everybody for at, name in person.talks]
        for at, person, name in sorted(talks, key=lambda talk: talk[0]):
            _go_to(self._clock, at)
            await self._talk(person, leads[person.facts["phone"]], spoken[name])

    async def _come(self, person: Person) -> str:
        _go_to(self._clock, person.came)
        facts = person.facts
        address = {name: facts[name] for name in ("city", "state", "zip")} | {"country": "US"}
        consent = {"tcpaConsent": True, "consentAt": person.came.isoformat(), "ipAddress": facts["ip"]}
        new = NewLead.model_validate({
            "campaignId": facts["campaign"], "firstName": person.first, "lastName": person.last,
            "email": f"{person.first}.{person.last}@example.com".lower(), "phone": facts["phone"],
            "country": "US", "address": address, "timezone": facts["zone"], "timezoneSource": "user_input",
            "questionnaire": facts.get("answers", {}), "compliance": consent,
        })  # fmt: skip
        lead_id = (await self._leads.create(self._work, new)).lead_id
        if "tags" in facts:
            await self._leads.change(self._work, lead_id, LeadChange(tags=facts["tags"]))
        return lead_id

    async def _talk(self, person: Person, lead_id: str, conversation: Conversation) -> None:
        began = self._clock.now()
        setting = await self._setting(person.facts["campaign"])
        attempt_id = await self._asking.begin(lead_id, conversation)
        interaction_id = await self._interactions.open(self._work, _opening(person, lead_id, conversation, setting))
        if attempt_id is not None:
            await self._asking.attach(attempt_id, interaction_id, conversation)
        for place, turn in enumerate(conversation.turns):
            self._clock.advance(turn.wait)
            await self._interactions.append(self._work, interaction_id, _turn(person, conversation, turn))
            if conversation.facts["status"] == "dnc" and place == conversation.last_word:
                await self._asking.opt_out(_opt_out(person, lead_id, interaction_id, conversation, setting.our_number))
        if conversation.facts["status"] == _LIVE:
            return
        self._clock.advance(timedelta(seconds=2))
        outcome = _outcome(person, conversation, self._clock.now() - began)
        await self._interactions.close(self._work, interaction_id, outcome)
        await self._interactions.seal(self._work, interaction_id)
        if attempt_id is not None:
            await self._asking.end(attempt_id, conversation)

    async def _setting(self, campaign_id: str) -> Setting:
        if campaign_id not in self._settings:
            campaign = (await self._campaigns.read(self._work, campaign_id)).value
            if campaign.voice is None or campaign.voice.phone_number_id is None:
                raise LookupError(f"the demo's campaign {campaign_id} has lost its voice agent or number")
            number = (await self._numbers.read(self._work, campaign.voice.phone_number_id)).value.number
            self._settings[campaign_id] = Setting(
                campaign_id, campaign.client_id, campaign.offer_id, campaign.voice.agent_id, number
            )
        return self._settings[campaign_id]


def _opening(person: Person, lead_id: str, conversation: Conversation, setting: Setting) -> NewInteraction:
    facts = conversation.facts
    direction = facts.get("direction", "outbound")
    medium: dict[str, Any]
    if conversation.is_call:
        agent = {"provider": "builtin", "agentId": setting.voice_agent_id, "conversationId": new_id("conv")}
        medium = {"call": {"source": facts.get("source", "phone"), "direction": direction, "voiceAI": agent}}
    else:
        medium = {"sms": {"agentMode": facts.get("agent_mode", True), "direction": direction}}
    return NewInteraction.model_validate({
        "leadId": lead_id, "campaignId": setting.campaign_id, "clientId": setting.client_id,
        "offerId": setting.offer_id, "type": facts["type"], "phone": person.facts["phone"],
        "telephony": {"provider": "sandbox", "messageId": new_id("sbx"), "phoneNumber": setting.our_number},
    } | medium)  # fmt: skip


def _turn(person: Person, conversation: Conversation, said: Said) -> NewTurn:
    role, source, speaker = _SPEAKERS[conversation.facts["type"], said.who]
    turn = {"role": role, "source": source, "speaker": speaker, "message": person.fill(said.text)}
    return NewTurn.model_validate(turn | ({"interrupted": True} if said.cut_off else {}))


def _opt_out(person: Person, lead_id: str, interaction_id: str, conversation: Conversation, our_number: str) -> OptOut:
    return OptOut(
        phone=person.facts["phone"],
        source="speech" if conversation.is_call else "sms",
        channel=conversation.channel,
        evidence={"words": person.fill(conversation.turns[conversation.last_word].text)},
        sender=our_number,
        lead_id=lead_id,
        interaction_id=interaction_id,
    )


def _outcome(person: Person, conversation: Conversation, lasted: timedelta) -> InteractionChange:
    facts = conversation.facts
    outcome: dict[str, Any] = {"status": facts["status"]}
    if "summary" in facts:
        outcome["summary"] = person.fill(facts["summary"])
    if "analysis" in facts:
        outcome["analysis"] = facts["analysis"]
    if "error" in facts:
        outcome["errorCode"], outcome["errorMessage"] = facts["error"]
    if conversation.is_call:
        spoken = any(turn.who == "L" for turn in conversation.turns)
        outcome["call"] = {
            "duration": round(lasted.total_seconds()) if conversation.turns else 0,
            "terminationReason": facts["ends"],
            "spokenTo": spoken,
        }
        if conversation.turns:
            outcome["call"]["answeredBy"] = facts.get("answered_by", "human")
    return InteractionChange.model_validate(outcome)


def _resolved(value: Any, ids: Mapping[str, str]) -> Any:
    """A record of the file with the ids of those it names."""
    if isinstance(value, str) and value.startswith("$"):
        return ids[value[1:]]
    if isinstance(value, dict):
        return {name: _resolved(item, ids) for name, item in value.items()}
    if isinstance(value, list):
        return [_resolved(item, ids) for item in value]
    return value


def _go_to(clock: ManualClock, instant: datetime) -> None:
    clock.advance(instant - clock.now())
