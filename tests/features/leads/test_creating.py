"""Creating leads directly, without the engine."""

import json
import httpx2

from tests.features.leads.leads import lead_of, new_campaign, new_lead, person


async def test_smoke(api: httpx2.AsyncClient) -> None:
    c = await api.post("/clients", json={"name": "Sunny Solar", "abbrev": "SUN"})
    o = await api.post("/offers", json={"name": "Sunny Solar", "abbrev": "SUN"})
    x = await api.post("/campaigns", json={"name":"a","clientId":c.json()["data"]["clientId"],"offerId":o.json()["data"]["offerId"]})
    print(x.text[:300])
    campaign = await new_campaign(api)
    a = await api.post("/leads", json=person(campaign, notes=[{"text":"hi","x":1}], questionnaire={"roof":3,"first_name":"a"}, colour="red", tenant_id="x", compliance={"tcpaConsent":True,"more":{"a":1},"consentAt":"2026-01-01T00:00:00+02:00"}, address={"city":"X","bad":1}, **{"é\n":1}))
    print(a.status_code, a.text, a.headers)
    lid=a.json()["data"]["leadId"]
    b = await api.get(f"/leads/{lid}")
    print(json.dumps(b.json(), indent=1), b.headers["etag"])
    a = await api.patch(f"/leads/{lid}", json={"compliance":{"consentAt":None,"more":None,"b":2},"status":"dnc","questionnaire":[{"key":"roof","answer":None}],"deleteQuestionnaireKeys":["first_name"],"approval":{"status":"approved"},"email":"b@example.com","campaign":{"campaignId":campaign,"name":"x"}, "detail":"x","lastActivityAt":"2026-01-01T00:00:00+02:00", "dateOfBirth":"1980-02-29"})
    print(a.status_code, json.dumps(a.json(), indent=1), a.headers)
    print((await api.get("/leads?search=4155552671")).text)
    print((await api.get("/leads?limit=1&cursor=x")).text)
    print((await api.get(f"/leads/{lid}/submissions")).text)
    print((await api.delete(f"/leads/{lid}")).text)
    print((await api.delete(f"/leads/{lid}")).text)
    print((await api.post(f"/leads", json={"campaignId":"X","questionnaire":[{"key":1}, 3], "phone":"abc"})).text)
    print((await api.post(f"/leads", json=person("XXX"))).text)
    assert False
