-- Who a person is, what was attempted with them, and what a tenant sets for all its contacts.

set local lock_timeout = '2s';
set local statement_timeout = '60s';

set search_path = leadsail;


-- People --------------------------------------------------------------------------------------------------------------

-- The numbers of each person: a person is the tenant's leads that share an E.164 number or an e-mail, whatever the
-- number of steps between them. An e-mail that more than twenty numbers share is a placeholder and identifies nobody.
-- The joins follow the indexes, whatever a planner without statistics of an array would prefer.
create function people_of(for_tenant text, phones text[]) returns table (phone text, numbers text[])
language sql stable security definer set search_path = leadsail, pg_temp
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
    with recursive known (start, number) as (
        select given, given collate "C" from unnest(phones) as given
        union
        select k.start, other.phone
        from known k
        join lead own on own.tenant_id = for_tenant and own.phone = k.number
        join lead other on other.tenant_id = for_tenant and other.email = own.email
        where k.number like '+%' and other.phone like '+%' and other.phone <> k.number
          and (select count(distinct few.phone)
               from (select l.phone from lead l where l.tenant_id = for_tenant and l.email = own.email limit 1000) few
              ) <= 20
    )
    select k.start, array_agg(k.number order by k.number collate "C") from known k group by k.start
$$;
grant execute on function people_of to leadsail_app;
alter function people_of owner to leadsail_reader;

-- Takes the lock of every number of the people behind these numbers, in one order for everybody, until the commit.
-- Who became known to belong to them while we waited is waited for as well.
create function hold_people(for_tenant text, phones text[]) returns text[]
language plpgsql volatile set search_path = leadsail, pg_temp as $$
declare
    held text[] := '{}';
    wanted text[];
begin
    loop
        select array_agg(distinct number) into wanted
            from people_of(for_tenant, phones || held) p, unnest(p.numbers) as number;
        exit when wanted <@ held;
        perform pg_advisory_xact_lock(key) from (
            select distinct hashtextextended('number ' || for_tenant || ' ' || number, 0) as key
            from unnest(wanted) as number where number <> all (held) order by 1
        ) as keys;
        held := wanted;
    end loop;
    return held;
end $$;
grant execute on function hold_people to leadsail_app;


-- Attempts ------------------------------------------------------------------------------------------------------------

-- What the gate let through, planned or done. The number outlives its lead as a keyed hash, so that caps still count it.
-- A rehearsal with sandbox numbers is cleared when it is over: its attempts stay, and count no more.
create table contact_attempt (
    tenant_id text collate "C" not null references tenant,
    attempt_id text collate "C" not null,
    phone_hash bytea not null,
    phone text,
    sandbox boolean not null default false,
    lead_id text collate "C",
    campaign_id text collate "C",
    interaction_id text collate "C",
    channel text not null check (channel in ('call', 'sms')),
    purpose text not null check (purpose in (
        'marketing', 'informational', 'callback', 'reply', 'opt_out_confirmation')),
    sender text,
    state text not null check (state in (
        'planned', 'claimed', 'dialing', 'accepted', 'ringing', 'answered', 'ended',
        'refused', 'unknown', 'blocked', 'canceled')),
    outcome text,
    code text,
    planned_at timestamptz not null,
    committed_at timestamptz,
    latest_start timestamptz,
    lock_order bigint,
    ended_at timestamptz,
    cleared_at timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (tenant_id, attempt_id),
    constraint committed_in_order check ((committed_at is null) = (lock_order is null)),
    constraint the_sandbox_alone_is_cleared check (
        (cleared_at is null or sandbox) and (not sandbox or phone is null or phone ~ '^[+]1500[2-9][0-9]{6}$'))
);
create index contact_attempt_by_number on contact_attempt (tenant_id, phone_hash, committed_at);
create index contact_attempt_planned on contact_attempt (tenant_id, phone_hash) where state in ('planned', 'claimed');
create index contact_attempt_by_lead on contact_attempt (tenant_id, lead_id);
create index contact_attempt_by_interaction on contact_attempt (tenant_id, interaction_id);
select protect('contact_attempt');
revoke delete on contact_attempt from leadsail_app;


-- What a tenant sets for all its contacts -------------------------------------------------------------------------------

create table contact_policy (
    tenant_id text collate "C" primary key references tenant,
    body jsonb not null,
    version integer not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
select protect('contact_policy');
