"""What makes an agent wrong beyond the shape of its fields. Pure; the agents come in wire form."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any


def voice_agent_faults(body: Mapping[str, Any]) -> Iterator[str]:
    """One line for each fault of a voice agent."""
    if body["provider"] != "builtin" and "providerAgentId" not in body:
        yield f"providerAgentId: is required for the provider {body['provider']}"


def sms_agent_faults(body: Mapping[str, Any]) -> Iterator[str]:
    """One line for each fault of an SMS agent."""
    if "engine" not in body and "webhookUrl" not in body:
        yield "webhookUrl: is required unless the agent has an engine"


def inbound_faults(campaign_ids: list[str], existing: Collection[str]) -> Iterator[str]:
    """One line for each campaign that is named twice or is not among the `existing` ones."""
    for index, campaign_id in enumerate(campaign_ids):
        if campaign_id in campaign_ids[:index]:
            yield f"inbound.campaignIds.{index}: stands in this list already"
        elif campaign_id not in existing:
            yield f"inbound.campaignIds.{index}: no such campaign"


def capability_faults(capabilities: list[str]) -> Iterator[str]:
    """One line when a phone number's abilities are named twice."""
    if len(set(capabilities)) < len(capabilities):
        yield "capabilities: name each one once"
