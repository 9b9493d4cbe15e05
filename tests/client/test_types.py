"""What the type checker promises users: right calls pass, and each wrong one is named. `mypy` judges this file."""

from leadsail.client import AsyncLeadSail, LeadSail, records


def right_calls_pass(client: LeadSail) -> None:
    lead: records.Lead = client.leads.get("lead_1")
    client.leads.update(lead.lead_id, status="contacted", address={"city": "Austin"}, detail=None)
    for campaign in client.campaigns.list(active=True):
        client.campaigns.update(campaign.campaign_id, auto_dialer={"active": False}, if_match=campaign.meta.etag)
    for event in client.interactions.follow("int_1"):
        said: str | None = event.turn.message if event.turn else None
        del said


async def right_calls_pass_with_await(client: AsyncLeadSail) -> None:
    made: records.CreatedLead = await client.leads.create(
        campaign_id="HXZ", first_name="Ann", last_name="Lee", email="ann@example.com", phone="(415) 555-2671"
    )
    async for interaction in client.interactions.of_lead(made.lead_id):
        duration: int | None = interaction.call.duration if interaction.call else None
        del duration


def wrong_calls_are_named(client: LeadSail) -> None:
    client.offers.create(name="Solar")  # type: ignore[call-arg]  # the abbreviation is missing
    client.offers.update("offer_1", colour="red")  # type: ignore[call-arg]  # there is no colour
    client.offers.update("offer_1", name=7)  # type: ignore[arg-type]  # a name is text
    client.leads.update("lead_1", status="lost")  # type: ignore[arg-type]  # there is no such status
    client.clients.update("client_1", settings={"maxLeads": 5})  # type: ignore[arg-type]  # misspelled
    client.leads.list(state="new")  # type: ignore[call-arg]  # there is no such filter


def test_the_checker_has_something_to_judge() -> None:
    assert all((right_calls_pass, right_calls_pass_with_await, wrong_calls_are_named))
