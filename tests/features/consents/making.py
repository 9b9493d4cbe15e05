"""What tests of consents start from."""

from typing import Any

import httpx2

PHONE = "+14155552671"
GIVEN = {
    "kind": "written",
    "text": "I agree that Sunny Solar may call me.",
    "givenAt": "2026-01-02T15:04:05.678Z",
}
FULL = GIVEN | {
    "channels": ["call"],
    "sellers": ["Sunny Solar", "Moonlight Roofs"],
    "pageUrl": "https://sunny.example/quote?x=%20",
    "ipAddress": "203.0.113.7",
    "trustedFormCertUrl": "https://cert.trustedform.example/abc",
    "jornayaLeadId": "0A1B-2C",
    "expiresAt": "2099-01-02T15:04:05.000Z",
}


async def recorded(api: httpx2.AsyncClient, **more: Any) -> dict[str, Any]:
    """A recorded consent as it is answered; for `PHONE` unless it says for whom."""
    whose = {} if "leadId" in more else {"phone": PHONE}
    answer = await api.post("/consents", json=GIVEN | whose | more)
    assert answer.status_code == 201, answer.text
    stored: dict[str, Any] = answer.json()["data"]
    return stored


async def listed(api: httpx2.AsyncClient, **filters: str) -> list[str]:
    """The ids that a list shows."""
    answer = await api.get("/consents", params=filters)
    assert answer.status_code == 200, answer.text
    return [consent["consentId"] for consent in answer.json()["data"]["consents"]]


async def in_force(api: httpx2.AsyncClient, lead_id: str) -> list[dict[str, Any]]:
    """What counts for a lead now."""
    answer = await api.get(f"/leads/{lead_id}/consents")
    assert answer.status_code == 200, answer.text
    consents: list[dict[str, Any]] = answer.json()["data"]["consents"]
    return consents
