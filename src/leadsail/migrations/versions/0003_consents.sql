-- What people agreed to beyond what stands on their lead: recorded by the API or by import, never changed.
-- Of an erased person the hashes stay and the body goes.

set local lock_timeout = '2s';
set local statement_timeout = '60s';

set search_path = leadsail;

create table consent (
    tenant_id text collate "C" not null references tenant,
    consent_id text collate "C" not null,
    phone_hash bytea not null,
    evidence_hash bytea not null,
    source text not null check (source in ('api', 'import')),
    body jsonb,
    lead_id text collate "C" generated always as (body ->> 'leadId') stored,
    given_at timestamptz not null,
    withdrawn_at timestamptz,
    withdrawal jsonb,
    created_by text not null,
    created_at timestamptz not null,
    primary key (tenant_id, consent_id)
);
create index consent_by_number on consent (tenant_id, phone_hash, given_at);
create index consent_by_lead on consent (tenant_id, lead_id) where lead_id is not null;
-- Once withdrawn, the same agreement cannot come back by being sent again, not even after its person was erased.
create unique index consent_by_evidence on consent (tenant_id, evidence_hash)
    where body is not null or withdrawn_at is not null;
create index consent_by_age on consent (tenant_id, created_at, consent_id);
select protect('consent');
revoke update, delete on consent from leadsail_app;
grant update (body, withdrawn_at, withdrawal) on consent to leadsail_app;
