"""`/phone-numbers`, `/voice-agents` and `/sms-agents`."""

from typing import Annotated

from fastapi import Response

from leadsail.features.agents.schemas import (
    NewPhoneNumber,
    NewSmsAgent,
    NewVoiceAgent,
    PhoneNumber,
    PhoneNumberChange,
    PhoneNumberList,
    SmsAgent,
    SmsAgentChange,
    SmsAgentList,
    VoiceAgent,
    VoiceAgentChange,
    VoiceAgentList,
)
from leadsail.features.agents.service import PhoneNumberService, SmsAgentService, VoiceAgentService
from leadsail.foundation.records.routes import ACTS, CHANGES, CREATES, LISTS, READS, IfMatch, ListFilter, one
from leadsail.foundation.web.answers import Success
from leadsail.foundation.web.pagination import PageOf
from leadsail.foundation.web.routes import ReadWork, WriteWork, router, service

routes = router("Agents and phone numbers")

PhoneNumbers = Annotated[PhoneNumberService, service(PhoneNumberService)]
VoiceAgents = Annotated[VoiceAgentService, service(VoiceAgentService)]
SmsAgents = Annotated[SmsAgentService, service(SmsAgentService)]


@routes.get("/phone-numbers", summary="List phone numbers", responses=LISTS)
async def list_phone_numbers(
    work: ReadWork, phone_numbers: PhoneNumbers, page: PageOf, wanted: ListFilter
) -> Success[PhoneNumberList]:
    """One page of phone numbers, newest first. `search` looks into the number."""
    found, total = await phone_numbers.page(work, wanted, page)
    return Success(data=PhoneNumberList(phone_numbers=found, pagination=page.of(total)))


@routes.post("/phone-numbers", status_code=201, summary="Create a phone number", responses=CREATES)
async def create_phone_number(
    new: NewPhoneNumber, work: WriteWork, phone_numbers: PhoneNumbers, response: Response
) -> Success[PhoneNumber]:
    """Store a number that the tenant calls or texts from."""
    return one(response, await phone_numbers.create(work, new))


@routes.get("/phone-numbers/{phoneNumberId}", summary="Read a phone number", responses=READS)
async def read_phone_number(
    phoneNumberId: str, work: ReadWork, phone_numbers: PhoneNumbers, response: Response
) -> Success[PhoneNumber]:
    """One phone number, archived or not."""
    return one(response, await phone_numbers.read(work, phoneNumberId))


@routes.patch("/phone-numbers/{phoneNumberId}", summary="Change a phone number", responses=CHANGES)
async def change_phone_number(
    phoneNumberId: str,
    change: PhoneNumberChange,
    work: WriteWork,
    phone_numbers: PhoneNumbers,
    response: Response,
    if_match: IfMatch = None,
) -> Success[PhoneNumber]:
    """Absent fields stay, `null` clears, objects merge one level deep."""
    return one(response, await phone_numbers.change(work, phoneNumberId, change, if_match=if_match))


@routes.post("/phone-numbers/{phoneNumberId}/archive", summary="Archive a phone number", responses=ACTS)
async def archive_phone_number(
    phoneNumberId: str, work: WriteWork, phone_numbers: PhoneNumbers, response: Response
) -> Success[PhoneNumber]:
    """Put a phone number away: hidden from lists, kept for what refers to it."""
    return one(response, await phone_numbers.archive(work, phoneNumberId))


@routes.post("/phone-numbers/{phoneNumberId}/unarchive", summary="Unarchive a phone number", responses=ACTS)
async def unarchive_phone_number(
    phoneNumberId: str, work: WriteWork, phone_numbers: PhoneNumbers, response: Response
) -> Success[PhoneNumber]:
    """Fetch a phone number back."""
    return one(response, await phone_numbers.archive(work, phoneNumberId, archived=False))


@routes.get("/voice-agents", summary="List voice agents", responses=LISTS)
async def list_voice_agents(
    work: ReadWork, voice_agents: VoiceAgents, page: PageOf, wanted: ListFilter
) -> Success[VoiceAgentList]:
    """One page of voice agents, newest first. `search` looks into the name."""
    found, total = await voice_agents.page(work, wanted, page)
    return Success(data=VoiceAgentList(voice_agents=found, pagination=page.of(total)))


@routes.post("/voice-agents", status_code=201, summary="Create a voice agent", responses=CREATES)
async def create_voice_agent(
    new: NewVoiceAgent, work: WriteWork, voice_agents: VoiceAgents, response: Response
) -> Success[VoiceAgent]:
    """Store someone who speaks with leads."""
    return one(response, await voice_agents.create(work, new))


@routes.get("/voice-agents/{agentId}", summary="Read a voice agent", responses=READS)
async def read_voice_agent(
    agentId: str, work: ReadWork, voice_agents: VoiceAgents, response: Response
) -> Success[VoiceAgent]:
    """One voice agent, archived or not."""
    return one(response, await voice_agents.read(work, agentId))


@routes.patch("/voice-agents/{agentId}", summary="Change a voice agent", responses=CHANGES)
async def change_voice_agent(
    agentId: str,
    change: VoiceAgentChange,
    work: WriteWork,
    voice_agents: VoiceAgents,
    response: Response,
    if_match: IfMatch = None,
) -> Success[VoiceAgent]:
    """Absent fields stay, `null` clears, objects merge one level deep."""
    return one(response, await voice_agents.change(work, agentId, change, if_match=if_match))


@routes.post("/voice-agents/{agentId}/archive", summary="Archive a voice agent", responses=ACTS)
async def archive_voice_agent(
    agentId: str, work: WriteWork, voice_agents: VoiceAgents, response: Response
) -> Success[VoiceAgent]:
    """Put a voice agent away: hidden from lists, kept for what refers to it."""
    return one(response, await voice_agents.archive(work, agentId))


@routes.post("/voice-agents/{agentId}/unarchive", summary="Unarchive a voice agent", responses=ACTS)
async def unarchive_voice_agent(
    agentId: str, work: WriteWork, voice_agents: VoiceAgents, response: Response
) -> Success[VoiceAgent]:
    """Fetch a voice agent back."""
    return one(response, await voice_agents.archive(work, agentId, archived=False))


@routes.get("/sms-agents", summary="List SMS agents", responses=LISTS)
async def list_sms_agents(
    work: ReadWork, sms_agents: SmsAgents, page: PageOf, wanted: ListFilter
) -> Success[SmsAgentList]:
    """One page of SMS agents, newest first. `search` looks into the name."""
    found, total = await sms_agents.page(work, wanted, page)
    return Success(data=SmsAgentList(sms_agents=found, pagination=page.of(total)))


@routes.post("/sms-agents", status_code=201, summary="Create an SMS agent", responses=CREATES)
async def create_sms_agent(
    new: NewSmsAgent, work: WriteWork, sms_agents: SmsAgents, response: Response
) -> Success[SmsAgent]:
    """Store someone who writes with leads."""
    return one(response, await sms_agents.create(work, new))


@routes.get("/sms-agents/{agentId}", summary="Read an SMS agent", responses=READS)
async def read_sms_agent(agentId: str, work: ReadWork, sms_agents: SmsAgents, response: Response) -> Success[SmsAgent]:
    """One SMS agent, archived or not."""
    return one(response, await sms_agents.read(work, agentId))


@routes.patch("/sms-agents/{agentId}", summary="Change an SMS agent", responses=CHANGES)
async def change_sms_agent(
    agentId: str,
    change: SmsAgentChange,
    work: WriteWork,
    sms_agents: SmsAgents,
    response: Response,
    if_match: IfMatch = None,
) -> Success[SmsAgent]:
    """Absent fields stay, `null` clears, objects merge one level deep."""
    return one(response, await sms_agents.change(work, agentId, change, if_match=if_match))


@routes.post("/sms-agents/{agentId}/archive", summary="Archive an SMS agent", responses=ACTS)
async def archive_sms_agent(
    agentId: str, work: WriteWork, sms_agents: SmsAgents, response: Response
) -> Success[SmsAgent]:
    """Put an SMS agent away: hidden from lists, kept for what refers to it."""
    return one(response, await sms_agents.archive(work, agentId))


@routes.post("/sms-agents/{agentId}/unarchive", summary="Unarchive an SMS agent", responses=ACTS)
async def unarchive_sms_agent(
    agentId: str, work: WriteWork, sms_agents: SmsAgents, response: Response
) -> Success[SmsAgent]:
    """Fetch an SMS agent back."""
    return one(response, await sms_agents.archive(work, agentId, archived=False))
