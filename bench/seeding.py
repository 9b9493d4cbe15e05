"""A thousand tenants with leads and finished calls: realistic documents, stored by SQL because there are a million."""

import random
from datetime import UTC, datetime, timedelta

import asyncpg

from bench.installation import Installation
from leadsail.entrypoints.wiring import Platform
from leadsail.features.interactions.rules import sealed_text
from leadsail.features.tenants.schemas import NewKey
from leadsail.features.tenants.service import KeyService

TENANTS = 1_000
TURNS = 40
_VARIANTS = 500
_BATCH = 20_000
_START = datetime(2026, 11, 1, 9, tzinfo=UTC)
_WORDS = [
    "please",
    "call",
    "me",
    "back",
    "about",
    "the",
    "solar",
    "quote",
    "we",
    "discussed",
    "on",
    "tuesday",
    "morning",
    "because",
    "my",
    "roof",
    "is",
    "ready",
    "and",
    "the",
    "price",
    "matters",
    "a",
    "lot",
    "to",
    "us",
    "right",
    "now",
    "so",
    "tell",
    "your",
    "colleague",
    "that",
    "we",
    "own",
    "the",
    "house",
    "since",
    "nineteen",
    "ninety",
    "eight",
]

_TENANT_ROWS = """
insert into tenant (tenant_id, name, country, timezone, created_at, updated_at)
    select 'org_bench' || i, 'Bench ' || i, 'US', 'America/Chicago', $1, $1 from generate_series(0, $2 - 1) i
"""
_OWNED_ROWS = (
    (
        "insert into client (tenant_id, client_id, body, created_at, updated_at)"
        ' select tenant_id, \'client_1\', \'{"name":"Sunny Solar","abbrev":"SUN","active":true,"tags":[]}\', $1, $1'
        " from tenant where tenant_id like 'org_bench%'"
    ),
    (
        "insert into offer (tenant_id, offer_id, body, created_at, updated_at)"
        ' select tenant_id, \'offer_1\', \'{"name":"Rooftop","abbrev":"ROOF","active":true}\', $1, $1'
        " from tenant where tenant_id like 'org_bench%'"
    ),
    (
        "insert into campaign (tenant_id, campaign_id, body, created_at, updated_at)"
        ' select tenant_id, \'SUN\', \'{"name":"Solar","clientId":"client_1","offerId":"offer_1","active":true}\','
        " $1, $1 from tenant where tenant_id like 'org_bench%'"
    ),
    (
        "insert into lead (tenant_id, lead_id, body, created_at, updated_at)"
        ' select tenant_id, \'lead_1\', \'{"campaignId":"SUN","status":"contacted","firstName":"Ann",'
        '"lastName":"Lee","phone":"+15002550123","email":"ann@example.com"}\', $1, $1'
        " from tenant where tenant_id like 'org_bench%'"
    ),
)
_INTERACTIONS = """
insert into interaction (tenant_id, interaction_id, lead_id, campaign_id, client_id, offer_id, type, status, phone,
    telephony, call, summary, sequence, turns, sealed, ended_at, created_at, updated_at)
select 'org_bench' || (i % $4), 'int_bench' || i, 'lead_1', 'SUN', 'client_1', 'offer_1', 'call', 'completed',
    '+15002550123', '{"provider":"sandbox","phoneNumber":"+15002550100"}', '{}', 'Wants a quote', 42, 40,
    replace(($3::text[])[1 + i % array_length($3::text[], 1)], 'INTERACTION', 'int_bench' || i),
    $5, $5::timestamptz + i * interval '1 second', $5
from generate_series($1::bigint, $2::bigint - 1) i
"""


async def seed_tenants(it: Installation, platform: Platform) -> list[str]:
    """The tenants, each with one campaign, one lead and one API key; the keys, in order."""
    connection = await _owner(it)
    await connection.execute(_TENANT_ROWS, _START, TENANTS)
    for statement in _OWNED_ROWS:
        await connection.execute(statement, _START)
    await connection.close()
    keys = []
    for number in range(TENANTS):
        async with platform.database.work(f"org_bench{number}", "bench") as work:
            keys.append((await platform.service(KeyService).mint(work, NewKey(name="bench"))).key)
    return keys


async def seed_interactions(it: Installation, number: int) -> None:
    """Finished calls, spread over all tenants, stored, indexed and loaded into memory."""
    connection = await _owner(it)
    documents = [_document(random.Random(variant)) for variant in range(_VARIANTS)]
    for start in range(0, number, _BATCH):
        end = min(start + _BATCH, number)
        await connection.execute(_INTERACTIONS, start, end, documents, TENANTS, _START, timeout=600)
        print(f"\r  {end:,} interactions stored", end="", flush=True)
    print()
    await connection.execute("vacuum (analyze) interaction", timeout=1800)
    await connection.close()
    await _load_into_memory(it)


async def _load_into_memory(it: Installation) -> None:
    """What has been read for a while is in memory; nobody measures the disk here."""
    connection = await asyncpg.connect(it.superuser_url)
    await connection.execute("create extension if not exists pg_prewarm")
    for relation in ("interaction", "interaction_pkey"):
        await connection.execute(f"select pg_prewarm('leadsail.{relation}')", timeout=600)
    await connection.close()


def _document(draw: random.Random) -> str:
    at = _START
    turns: list[tuple[object, ...]] = []
    for number in range(TURNS):
        agent = number % 2 == 0
        at += timedelta(seconds=4)
        said = " ".join(draw.choices(_WORDS, k=draw.randint(4, 9)))
        turns.append(
            (
                f"{at:%Y-%m-%dT%H:%M:%S}.{draw.randint(0, 999):03d}+00:00",
                "agent" if agent else "user",
                said,
                "system" if agent else "inbound",
                "voice_agent" if agent else "lead",
                {},
            )
        )
    return sealed_text(_header(), turns)


def _header() -> dict[str, object]:
    voice = {"provider": "builtin", "agentId": "agent_1", "conversationId": "conv_1"}
    return {
        "interaction_id": "INTERACTION", "lead_id": "lead_1", "campaign_id": "SUN", "client_id": "client_1",
        "offer_id": "offer_1", "type": "call", "status": "completed", "phone": "+15002550123",
        "telephony": {"provider": "sandbox", "messageId": "m1", "phoneNumber": "+15002550100"},
        "call": {"source": "phone", "direction": "outbound", "duration": 180, "terminationReason": "agent_hangup",
                 "voiceAI": voice, "spokenTo": True},
        "sms": None, "summary": "Wants a quote", "error_code": None, "error_message": None, "extra": {},
        "created_at": _START, "updated_at": _START, "sequence": 42,
    }  # fmt: skip


async def _owner(it: Installation) -> "asyncpg.Connection[asyncpg.Record]":
    return await asyncpg.connect(it.server.url("leadsail_owner"), server_settings={"search_path": "leadsail"})
