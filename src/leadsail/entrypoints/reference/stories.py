"""The story that all examples tell: Sunny Solar wants leads for rooftop solar, and Ann Lee has a roof."""

from typing import Any

Json = dict[str, Any]

_CLIENT = "client_0199f3c2d4e57a1b8c9d0e1f2a3b4c5d"
_OFFER = "offer_0199f3c2d4e57a1b8c9d0e1f2a3b4c5d"
_AGENT = "agent_0199f3c2d4e57a1b8c9d0e1f2a3b4c5d"
_SMS_AGENT = "smsagent_0199f3c2d4e57a1b8c9d0e1f2a3b4c5d"
_NUMBER = "num_0199f3c2d4e57a1b8c9d0e1f2a3b4c5d"
_TEMPLATE = "tmpl_0199f3c2d4e57a1b8c9d0e1f2a3b4c5d"

_OPEN = {"active": True, "start": "09:00", "end": "20:00"}
_CLOSED = _OPEN | {"active": False}
_PROMPT = "Hello {{ lead.firstName }}, this is {{ agent.name }} from {{ client.name }}."
_FLOW = "start: greeting\nsteps:\n  greeting:\n    say: Hello!\n"
_CONSENT: Json = {
    "phone": "+14155552671",
    "kind": "written",
    "text": "I agree that Sunny Solar may call me about rooftop solar.",
    "givenAt": "2026-01-02T03:04:05.678Z",
    "channels": ["call"],
    "sellers": ["Sunny Solar"],
    "pageUrl": "https://sunny.example/quote",
    "ipAddress": "203.0.113.7",
}

_BARRED: Json = {
    "phone": "+14155552671",
    "source": "sms",
    "channel": "sms",
    "evidence": {"words": "STOP"},
    "sender": "+15125550100",
    "timesAsked": 1,
}

_RULE: Json = {
    "ruleId": "us.federal.hours",
    "version": "2026-01-01-b51af23c8c34",
    "text": "Calls and texts reach people between 8 in the morning and 9 in the evening by the clock where they are.",
}
_TOO_EARLY: Json = _RULE | {
    "code": "OUTSIDE_LEGAL_HOURS",
    "source": "natlawreview.com 14 Mar 2025, fedsoc.org",
    "nextAllowedAt": "2026-01-02T14:00:00.000Z",
}
_DECISION: Json = {
    "decisionId": "dec_0199f3c2d4e57a1b8c9d0e1f2a3b4c5d",
    "stage": "commit",
    "outcome": "allow",
    "at": "2026-01-02T15:04:00.000Z",
    "localTimes": {"America/Chicago": "2026-01-02T09:04-06:00"},
    "listAgesInDays": {"us_dnc": 4},
    "earlierAttempts": 0,
    "rules": [_RULE | {"said": "agreed"}],
    "seal": 42,
    "erased": False,
}
_FIRST_WORDS = "Hello Ann, this is Ava, the virtual assistant of Sunny Solar. How old is your roof?"
_DOSSIER: Json = {
    "interactionId": "int_0199f3c2d4e57a1b8c9d0e1f2a3b4c5d",
    "person": "Ann Lee",
    "leadId": "lead_0199f3c2d4e57a1b8c9d0e1f2a3b4c5d",
    "business": "Sunny Solar",
    "campaignId": "HXZ",
    "channel": "call",
    "status": "qualified",
    "phone": "+14155552671",
    "ourNumber": "+15125550100",
    "contactedAt": "2026-01-02T15:04:00.000Z",
    "beganBy": "us",
    "summary": [
        "Ann Lee was called at +14155552671 by Sunny Solar, from +15125550100, on 2 January 2026 at 15:04 UTC."
    ],
    "consents": [
        {
            "kind": "written",
            "source": "campaign",
            "givenAt": _CONSENT["givenAt"],
            "channels": ["call"],
            "sellers": ["Sunny Solar"],
            "evidence": {name: _CONSENT[name] for name in ("text", "pageUrl", "ipAddress")},
        }
    ],
    "attempts": [
        {
            "attemptId": "att_0199f3c2d4e57a1b8c9d0e1f2a3b4c5d",
            "channel": "call",
            "purpose": "marketing",
            "state": "ended",
            "plannedAt": "2026-01-02T15:03:58.000Z",
            "committedAt": "2026-01-02T15:04:00.000Z",
            "endedAt": "2026-01-02T15:05:19.012Z",
            "decisions": [_DECISION],
        }
    ],
    "disclosure": {"said": _FIRST_WORDS, "at": "2026-01-02T15:04:05.678Z", "byAi": True, "namesAi": True},
    "recording": {},
    "doNotCall": [],
    "madeAt": "2026-02-03T09:00:00.000Z",
}

REQUESTS: dict[str, Json] = {
    "changeTenant": {"name": "Sunny Solar", "timezone": "America/Chicago"},
    "createKey": {"name": "CRM sync", "kind": "live", "scopes": ["read", "write"]},
    "createClient": {
        "name": "Sunny Solar",
        "abbrev": "SUN",
        "contactName": "Maria Diaz",
        "contactEmail": "maria.diaz@example.com",
        "settings": {"maxLeadsPerDay": 50, "timezone": "America/Chicago"},
        "tags": ["solar"],
    },
    "changeClient": {"contactName": "Maria Diaz", "settings": {"maxLeadsPerDay": 80}},
    "createOffer": {"name": "Rooftop solar", "abbrev": "ROOF"},
    "changeOffer": {"description": "Panels on family homes"},
    "createField": {
        "key": "roof_age",
        "label": "Age of the roof",
        "category": "question",
        "dataType": "number",
        "validationRules": {"required": True, "min": 0, "max": 100},
    },
    "changeField": {"label": "Age of the roof in years"},
    "createValueSet": {"name": "States we serve", "values": ["Texas", "Florida"]},
    "changeValueSet": {"values": ["Texas", "Florida", "Nevada"]},
    "createPromptTemplate": {"name": "First call", "kind": "voice", "body": _PROMPT},
    "changePromptTemplate": {"body": _PROMPT},
    "previewPromptTemplate": {"body": _PROMPT, "variables": {"lead": {"firstName": "Zoë"}}},
    "createFlow": {"name": "Solar, first call", "yaml": _FLOW},
    "changeFlow": {"yaml": _FLOW},
    "createCampaign": {
        "campaignId": "HXZ",
        "name": "Rooftop solar, Texas",
        "clientId": _CLIENT,
        "offerId": _OFFER,
        "voice": {"agentId": _AGENT, "phoneNumberId": _NUMBER},
        "questionnaire": [{"key": "roof_age", "question": "How old is your roof?", "required": True, "order": 1}],
        "autoDialer": {"active": True, "operatingHours": {"mon": _OPEN, "tue": _OPEN}, "maxAttempts": 4},
    },
    "changeCampaign": {"autoDialer": {"active": False}},
    "createPhoneNumber": {"number": "+14155552671", "provider": "twilio", "capabilities": ["voice", "sms"]},
    "changePhoneNumber": {"registration": {"status": "registered"}},
    "createVoiceAgent": {"name": "Ava", "engine": {"promptTemplateId": _TEMPLATE}, "phoneNumberId": _NUMBER},
    "changeVoiceAgent": {"inbound": {"enabled": True, "campaignIds": ["HXZ"]}},
    "createSmsAgent": {
        "name": "Texting Ava",
        "provider": "twilio",
        "engine": {"promptTemplateId": _TEMPLATE},
        "phoneNumberId": _NUMBER,
    },
    "changeSmsAgent": {"batchWindowMs": 5000},
    "createLead": {
        "campaignId": "HXZ",
        "firstName": "Ann",
        "lastName": "Lee",
        "email": "ann.lee@example.com",
        "phone": "(415) 555-2671",
        "country": "US",
        "address": {"city": "Austin", "state": "TX", "zip": "78701"},
        "questionnaire": {"roof_age": 12},
        "compliance": {"tcpaConsent": True},
    },
    "checkContact": {
        "phone": "(415) 555-2671",
        "campaignId": "HXZ",
        "channel": "call",
        "at": "2026-01-02T13:30:00.000Z",
    },
    "placeHold": {"campaignId": "HXZ", "reason": "Wrong list was imported"},
    "releaseHold": {"campaignId": "HXZ", "reason": "The list was cleaned"},
    "changeLead": {
        "status": "contacted",
        "questionnaire": [{"key": "roof_age", "answer": 13}],
        "notes": [{"text": "Prefers to be called in the evening"}],
    },
    "createDoNotCall": {
        "phone": "(415) 555-2671",
        "reason": "Asked our office by telephone",
        "evidence": {"words": "Please never call me again", "takenBy": "Maria Diaz"},
        "channel": "call",
    },
    "removeDoNotCall": {
        "reason": "Asked for a new offer in our shop",
        "evidence": {"consentId": "consent_0199f3c2d4e57a1b8c9d0e1f2a3b4c5d"},
    },
    "importDoNotCall": {"numbers": ["+14155552671", "(512) 555-0100"], "reason": "List of the former dialer"},
    "importRegistryFile": {"lines": ["4155552671", "512,5550100"]},
    "createConsent": _CONSENT,
    "importConsents": {"items": [_CONSENT]},
    "withdrawConsent": {"reason": "Asked by e-mail not to be called"},
    "changeContactPolicy": {
        "hours": {"mon": _OPEN, "sun": _CLOSED},
        "maxAttemptsPerDay": 2,
        "closedDays": ["2026-12-24"],
        "sellerNames": ["Sunny Solar LLC"],
    },
}
"""A body for every operation that takes one, by operation id."""

_ANSWERS = [{"key": "roof_age", "question": "How old is your roof?", "answer": 12}]
_CAMPAIGN = REQUESTS["createCampaign"] | {
    "clientName": "Sunny Solar",
    "clientAbbrev": "SUN",
    "offerName": "Rooftop solar",
    "offerAbbrev": "ROOF",
}

RECORDS: dict[str, Json] = {
    "Tenant": {"name": "Sunny Solar", "country": "US", "timezone": "America/Chicago"},
    "ApiKey": REQUESTS["createKey"],
    "MintedKey": REQUESTS["createKey"],
    "Client": REQUESTS["createClient"],
    "Offer": REQUESTS["createOffer"],
    "Field": REQUESTS["createField"],
    "ValueSet": REQUESTS["createValueSet"],
    "PromptTemplate": REQUESTS["createPromptTemplate"],
    "Flow": REQUESTS["createFlow"],
    "Campaign": _CAMPAIGN,
    "OperatingHours": dict.fromkeys(("wed", "thu", "fri", "sat", "sun"), _CLOSED),
    "PhoneNumber": REQUESTS["createPhoneNumber"],
    "Registration": {"status": "pending"},
    "VoiceAgent": REQUESTS["createVoiceAgent"],
    "SmsAgent": REQUESTS["createSmsAgent"],
    "DoNotCallEntry": _BARRED,
    "DoNotCallRecord": _BARRED | {"events": [{"kind": "opt_out", "source": "sms", "evidence": {"words": "STOP"}}]},
    "RecordedConsent": _CONSENT | {"source": "api"},
    "ConsentInForce": {
        "kind": "written",
        "source": "api",
        "givenAt": _CONSENT["givenAt"],
        "channels": ["call"],
        "sellers": ["Sunny Solar"],
        "evidence": {name: _CONSENT[name] for name in ("text", "pageUrl", "ipAddress")},
    },
    "ContactPolicy": REQUESTS["changeContactPolicy"],
    "ContactHold": REQUESTS["placeHold"] | {"scope": "campaign"},
    "ContactAnswer": {
        "decision": "hold",
        "code": "OUTSIDE_LEGAL_HOURS",
        "nextAllowedAt": "2026-01-02T14:00:00.000Z",
        "phone": "+14155552671",
        "at": "2026-01-02T13:30:00.000Z",
        "localTimes": [
            {
                "zone": "America/Chicago",
                "country": "US",
                "region": "TX",
                "foundBy": "zip",
                "time": "2026-01-02T07:30:00-06:00",
            }
        ],
        "decisions": [_TOO_EARLY],
    },
    "Dossier": _DOSSIER,
    "CampaignReference": {name: _CAMPAIGN[name] for name in ("clientId", "offerId", "name")},
    "Lead": {
        "phone": "+14155552671",
        "country": "US",
        "address": {"city": "Austin", "state": "TX", "zip": "78701"},
        "timezone": "America/Chicago",
        "timezoneSource": "zip",
        "questionnaire": _ANSWERS,
        "compliance": {"tcpaConsent": True},
    },
    "Interaction": {
        "campaignId": "HXZ",
        "type": "call",
        "status": "qualified",
        "phone": "+14155552671",
        "telephony": {"provider": "twilio", "phoneNumber": "+15125550100"},
        "call": {
            "source": "phone",
            "direction": "outbound",
            "duration": 74,
            "terminationReason": "agent_hangup",
            "voiceAI": {"provider": "builtin", "agentId": _AGENT},
            "spokenTo": True,
        },
        "summary": "Ann owns her home, and the roof is twelve years old.",
        "transcript": [
            {
                "timestamp": "2026-01-02T15:04:05.678Z",
                "role": "agent",
                "message": "Hello Ann, this is Ava from Sunny Solar. How old is your roof?",
                "source": "system",
                "speaker": "voice_agent",
            },
            {
                "timestamp": "2026-01-02T15:04:12.345Z",
                "role": "user",
                "message": "About twelve years.",
                "source": "inbound",
                "speaker": "lead",
            },
        ],
        "sequence": 5,
    },
}
"""What is told of each kind of record; the shape adds ids and times."""

VALUES: Json = {
    "clientName": "Sunny Solar",
    "clientAbbrev": "SUN",
    "offerName": "Rooftop solar",
    "offerAbbrev": "ROOF",
    "createdBy": "key_0199f3c2d4e57a1b8c9d0e1f2a3b4c5d",
    "submissionCount": 1,
    "leadId": "lead_0199f3c2d4e57a1b8c9d0e1f2a3b4c5d",
    "latestSubmittedAt": "2026-01-02T03:04:05.678Z",
    "lastActivityAt": "2026-01-02T15:05:19.012Z",
    "deliveredAt": None,
}
"""Values by field, wherever it stands."""

EVENT: Json = {
    "id": "4",
    "event": "turn.added",
    "data": '{"event":"turn.added","interactionId":"int_0199f3c2d4e57a1b8c9d0e1f2a3b4c5d","sequence":4,'
    '"timestamp":"2026-01-02T15:04:12.345Z","data":{"role":"user","message":"About twelve years."}}',
}
"""One event of a live interaction."""

TABLE = (
    "entryId,phone,phoneHash,source,channel,reason,liftedFor,addedBy,createdAt\r\n"
    "dnc_0199f3c2d4e57a1b8c9d0e1f2a3b4c5d,'+14155552671,,sms,sms,,,worker,2026-01-02T03:04:05.678Z\r\n"
)
"""A list as comma-separated values."""

PAGE = "<!doctype html>\n<title>Why +14155552671 was contacted</title>\n"
"""The beginning of a page for people."""
