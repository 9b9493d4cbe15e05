"""Short ways to the records that campaigns and agents hang on."""

from typing import Any

import httpx2


async def created(api: httpx2.AsyncClient, path: str, **body: Any) -> dict[str, Any]:
    """What the API stored; fails when it refused."""
    answer = await api.post(path, json=body)
    assert answer.status_code == 201, answer.text
    data: dict[str, Any] = answer.json()["data"]
    return data


async def owners(api: httpx2.AsyncClient) -> dict[str, Any]:
    """A fresh client and offer, as a campaign names them."""
    client = await created(api, "/clients", name="Sunny Solar", abbrev="SUN")
    offer = await created(api, "/offers", name="Rooftop panels", abbrev="ROOF")
    return {"clientId": client["clientId"], "offerId": offer["offerId"]}


async def campaign(api: httpx2.AsyncClient, **body: Any) -> dict[str, Any]:
    """A stored campaign, with owners of its own unless `body` names them."""
    if "clientId" not in body:
        body |= await owners(api)
    return await created(api, "/campaigns", **{"name": "Texas", **body})


def faults(answer: httpx2.Response) -> list[str]:
    """The lines of a refusal of invalid input."""
    assert answer.status_code == 400, answer.text
    error = answer.json()["error"]
    assert error["code"] == "VALIDATION_ERROR"
    lines: list[str] = error["details"]
    return lines
