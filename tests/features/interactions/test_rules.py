"""How a stored row becomes the document: every field from its own column, in the contract's order and spelling."""

from datetime import UTC, datetime
from typing import Any

import pytest

from leadsail.features.interactions.rules import document, instant, told_turn

# Every column with a value of its own, so that no two can be mistaken for each other.
ROW: dict[str, Any] = {
    "interaction_id": "int_1",
    "lead_id": "lead_1",
    "campaign_id": "SUN",
    "client_id": "client_1",
    "offer_id": "offer_1",
    "type": "call",
    "status": "qualified",
    "phone": "+15002550123",
    "telephony": {"provider": "sandbox", "messageId": "m1", "phoneNumber": "+15002550100"},
    "call": {"source": "phone", "direction": "inbound", "duration": 7, "voiceAI": {"provider": "builtin"}},
    "sms": None,
    "summary": "Wants a quote",
    "error_code": "E1",
    "error_message": "The line was bad",
    "extra": {"isTest": True, "dialState": "ringing", "analysis": {"budget": 3}},
    "sequence": 9,
    "turns": 4,
    "created_at": datetime(2026, 1, 2, 3, 4, 5, 678_000, UTC),
    "updated_at": datetime(2026, 1, 2, 3, 5, 6, 789_000, UTC),
}
TURN = ["2026-01-02T03:04:06.5+00:00", "user", "Hello?", "inbound", "lead", {"interrupted": True}]


class TestTheDocument:
    def test_tells_every_column_under_its_own_name(self) -> None:
        assert document(ROW, [TURN]) == {
            "interactionId": "int_1",
            "leadId": "lead_1",
            "campaignId": "SUN",
            "clientId": "client_1",
            "offerId": "offer_1",
            "type": "call",
            "status": "qualified",
            "phone": "+15002550123",
            "telephony": {"provider": "sandbox", "messageId": "m1", "phoneNumber": "+15002550100"},
            "call": {"source": "phone", "direction": "inbound", "duration": 7, "voiceAI": {"provider": "builtin"}},
            "summary": "Wants a quote",
            "transcript": [told_turn(TURN)],
            "errorCode": "E1",
            "errorMessage": "The line was bad",
            "createdAt": "2026-01-02T03:04:05.678Z",
            "updatedAt": "2026-01-02T03:05:06.789Z",
            "isTest": True,
            "dialState": "ringing",
            "analysis": {"budget": 3},
            "sequence": 9,
        }

    def test_orders_its_objects_like_the_contract_and_unknown_fields_last(self) -> None:
        """PostgreSQL stores the keys of an object by length, so their order has to be made again."""
        agent = {"agentId": "a", "conversationId": "c", "provider": "builtin"}
        call = {"latency": 800, "voiceAI": agent, "duration": 7, "source": "phone", "direction": "inbound"}
        telephony = {"phoneNumber": "+15002550100", "messageId": "m1", "provider": "sandbox"}

        told = document(ROW | {"call": call, "telephony": telephony}, [])

        assert list(told["telephony"]) == ["provider", "messageId", "phoneNumber"]
        assert list(told["call"]) == ["source", "direction", "duration", "voiceAI", "latency"]
        assert list(told["call"]["voiceAI"]) == ["provider", "agentId", "conversationId"]

    def test_leaves_out_what_is_null_in_its_objects(self) -> None:
        call = {"source": "phone", "recordingUrl": None, "latency": None, "voiceAI": {"conversationId": None}}

        assert document(ROW | {"call": call}, [])["call"] == {"source": "phone", "voiceAI": {}}


class TestATurn:
    def test_tells_when_who_said_what_and_how_it_came(self) -> None:
        assert told_turn(TURN) == {
            "timestamp": "2026-01-02T03:04:06.500Z",
            "role": "user",
            "message": "Hello?",
            "source": "inbound",
            "speaker": "lead",
            "interrupted": True,
        }


class TestAnInstant:
    @pytest.mark.parametrize(
        ("stored", "told"),
        [
            ("2026-01-02T03:04:05+00:00", "2026-01-02T03:04:05.000Z"),
            ("2026-01-02T03:04:05.6+00:00", "2026-01-02T03:04:05.600Z"),
            ("2026-01-02T03:04:05.078+00:00", "2026-01-02T03:04:05.078Z"),
            ("2026-01-02T03:04:05.678912+00:00", "2026-01-02T03:04:05.678Z"),
        ],
    )
    def test_always_has_three_digits_after_the_second(self, stored: str, told: str) -> None:
        assert instant(stored) == told
