"""`POST /leads` against pgbench making the same two inserts in one transaction."""

from collections.abc import Sequence

from bench.installation import Api, Installation
from bench.loads import Comparison, Load, compare
from bench.seeding import TENANTS

_SETTLE_SECONDS = 3
_SCRIPT = """\\set t random(0, {tenants} - 1)
\\set n random(1, 1000000000)
\\set p random(2000000, 9999999)
begin;
insert into leadsail.lead (tenant_id, lead_id, body, created_at, updated_at) values ('org_bench' || :t,
    'lead_' || gen_random_uuid(), jsonb_build_object('campaignId', 'SUN', 'status', 'new', 'firstName', 'Ann',
    'lastName', 'Lee', 'email', 'ann' || :n || '@example.com', 'phone', '+1415' || :p, 'country', 'US',
    'timezone', 'America/Chicago', 'timezoneSource', 'user_input', 'flags', '{{}}'::jsonb,
    'address', '{{"street":"1 Main St","city":"Chicago","state":"IL","zip":"60601"}}'::jsonb,
    'questionnaire', '[{{"key":"roof","question":"roof","answer":"slate"}}]'::jsonb,
    'compliance', '{{"tcpaConsent": true}}'::jsonb, 'notes', '[]'::jsonb, 'tags', '[]'::jsonb), now(), now())
    returning lead_id as lead
\\gset
insert into leadsail.submission (tenant_id, submission_id, lead_id, number, type, status, campaign, created_at,
    updated_at) values ('org_bench' || :t, 'sub_' || gen_random_uuid(), :lead, 1, 'standard', 'new',
    '{{"campaignId":"SUN","name":"Solar","clientId":"client_1","offerId":"offer_1"}}'::jsonb, now(), now());
commit;
"""
_LUA = """local keys = {{{keys}}}
local n = 0
request = function()
  n = n + 1
  local body = string.format('{{"campaignId":"SUN","firstName":"Ann","lastName":"Lee",'
    .. '"email":"ann%d.%d@example.com","phone":"+1415%07d","country":"US","timezone":"America/Chicago",'
    .. '"address":{{"street":"1 Main St","city":"Chicago","state":"IL","zip":"60601"}},'
    .. '"questionnaire":{{"roof":"slate"}},"compliance":{{"tcpaConsent": true}}}}',
    n, math.random(0, 999999999), math.random(2000000, 9999999))
  return wrk.format("POST", "/api/v1/leads", {{
    ["X-API-Key"] = keys[math.random(1, {tenants})], ["Content-Type"] = "application/json"}}, body)
end
"""


def compare_writes(it: Installation, api: Api, keys: Sequence[str], *, seconds: int, rounds: int) -> Comparison:
    """Creating leads, each validated, normalised, checked for duplicates and stored with its first submission."""
    script, lua = it.folder / "write.sql", it.folder / "write.lua"
    script.write_text(_SCRIPT.format(tenants=TENANTS))
    lua.write_text(_LUA.format(keys=",".join(f'"{key}"' for key in keys), tenants=len(keys)))
    [both] = compare([Load(it, api, script, lua)], seconds=seconds, rounds=rounds, settle=_SETTLE_SECONDS)
    return both
