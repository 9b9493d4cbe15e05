-- Why each contact was allowed or not and how that is sealed, what is held, and which journal belongs to this database.

set local lock_timeout = '2s';
set local statement_timeout = '60s';

set search_path = leadsail;


-- The journal ---------------------------------------------------------------------------------------------------------

-- Which journal this database writes to, and how far the two were last seen to agree. A copy that is put back elsewhere,
-- or at an earlier point of its life, is told from the original by what stands here.
-- Transaction numbers mean something in one such life only: `era` counts the lives.
create table journal_link (
    only_row boolean primary key default true check (only_row),
    era integer not null default 1,
    system_identifier bigint,
    timeline integer,
    journal_id text,
    -- Everything in the journal up to this entry is known to be in the database.
    position bigint not null default 0,
    -- The heads of the chain up to this number are known to be in the journal.
    journaled bigint not null default 0,
    linked_at timestamptz,
    constraint whole_link check (num_nonnulls(system_identifier, timeline, journal_id, linked_at) in (0, 4))
);
insert into journal_link default values;
grant select, update on journal_link to leadsail_app;

-- The first eight digits of the write-ahead log's file name are the timeline; the control file tells it a checkpoint later.
create function this_database() returns table (system_identifier bigint, timeline integer)
language sql volatile set search_path = leadsail, pg_temp as $$
    select s.system_identifier, ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::integer
    from pg_control_system() s
$$;
grant execute on function this_database to leadsail_app, leadsail_system;


-- Decisions -----------------------------------------------------------------------------------------------------------

-- What the gate decided, and all that it knew. `body` is kept to the letter, since `body_digest` is made of its letters.
-- When its lead is erased the body goes; `digest`, made of the columns and of `body_digest`, still proves the rest.
create table contact_decision (
    tenant_id text collate "C" not null references tenant,
    decision_id text collate "C" not null,
    attempt_id text collate "C",
    lead_id text collate "C",
    interaction_id text collate "C",
    phone_hash bytea not null,
    stage text not null check (stage in ('plan', 'commit')),
    outcome text not null check (outcome in ('allow', 'hold', 'deny')),
    code text,
    at timestamptz not null,
    body json,
    body_digest bytea not null,
    digest bytea not null,
    era integer not null,
    transaction xid8 not null default pg_current_xact_id(),
    created_at timestamptz not null,
    primary key (tenant_id, decision_id),
    constraint refusal_has_a_code check ((outcome = 'allow') = (code is null))
);
create index contact_decision_by_transaction on contact_decision (era, transaction);
create index contact_decision_by_attempt on contact_decision (tenant_id, attempt_id) where attempt_id is not null;
create index contact_decision_by_interaction on contact_decision (tenant_id, interaction_id)
    where interaction_id is not null;
create index contact_decision_by_lead on contact_decision (tenant_id, lead_id) where lead_id is not null;
select protect('contact_decision');
revoke update, delete on contact_decision from leadsail_app;

create policy system on contact_decision to leadsail_system using (true);
grant select, update on contact_decision to leadsail_system;
create policy system on erasure for select to leadsail_system using (true);
grant select on erasure to leadsail_system;

-- What a lead's decisions tell of the person; the tenant is the one of the unit of work.
create function empty_decisions(of_lead text) returns void
language sql volatile security definer set search_path = leadsail, pg_temp as $$
    update contact_decision set body = null
    where tenant_id = current_setting('app.tenant') and lead_id = of_lead and body is not null
$$;
grant execute on function empty_decisions to leadsail_app;
alter function empty_decisions owner to leadsail_system;


-- Seals ---------------------------------------------------------------------------------------------------------------

-- A chain over all decisions. A seal covers the transactions of its era after one and up to another, in their order,
-- and lists what it covers, so that a later check can name what was changed, taken away or slipped in.
create table decision_seal (
    number bigint primary key,
    era integer not null,
    after_transaction xid8 not null,
    up_to_transaction xid8 not null,
    decisions text[] not null,
    digests bytea[] not null,
    head bytea not null,
    sealed_at timestamptz not null
);
create unique index decision_seal_by_transaction on decision_seal (era, up_to_transaction);
grant select on decision_seal to leadsail_app;
grant select, insert on decision_seal to leadsail_system;
grant select, update on journal_link to leadsail_system;

-- Covers what comes next in the era, before `horizon` where one is given; answers how many decisions that were.
-- What came from a transaction that was under way while its lead was erased is emptied here.
create function seal_before(horizon xid8, at timestamptz) returns integer
language plpgsql volatile set search_path = leadsail, pg_temp as $$
declare
    this_era integer := (select era from journal_link);
    previous decision_seal;
    after xid8 := '0';
    up_to xid8;
    names text[];
    proofs bytea[];
    content bytea;
begin
    select * into previous from decision_seal order by number desc limit 1;
    if previous.era = this_era then after := previous.up_to_transaction; end if;
    select max(next.transaction) into up_to from (
        select d.transaction from contact_decision d
        where d.era = this_era and d.transaction > after and (horizon is null or d.transaction < horizon)
        order by d.transaction limit 5000
    ) next;
    if up_to is null then return 0; end if;

    update contact_decision d set body = null from erasure e
        where d.era = this_era and d.transaction > after and d.transaction <= up_to and d.body is not null
          and e.tenant_id = d.tenant_id and e.lead_id = d.lead_id;
    select array_agg(c.name order by c.transaction, c.name), array_agg(c.digest order by c.transaction, c.name),
           string_agg(convert_to(c.name, 'UTF8') || c.digest, ''::bytea order by c.transaction, c.name)
        into names, proofs, content
        from (
            select (d.tenant_id || '/' || d.decision_id) collate "C" as name, d.digest, d.transaction
            from contact_decision d where d.era = this_era and d.transaction > after and d.transaction <= up_to
        ) c;
    insert into decision_seal (
        number, era, after_transaction, up_to_transaction, decisions, digests, head, sealed_at
    ) values (
        coalesce(previous.number, 0) + 1, this_era, after, up_to, names, proofs,
        sha256(coalesce(previous.head, ''::bytea) || content), at
    );
    return cardinality(names);
end $$;
grant execute on function seal_before to leadsail_system;

-- One at a time, and nothing that a running transaction could still precede; so nobody who dials waits for the chain.
create function seal_decisions(at timestamptz) returns integer
language plpgsql volatile security definer set search_path = leadsail, pg_temp as $$
begin
    if not pg_try_advisory_xact_lock(hashtextextended('decision seal', 0)) then return 0; end if;
    return seal_before(pg_snapshot_xmin(pg_current_snapshot()), at);
end $$;
grant execute on function seal_decisions to leadsail_app;
alter function seal_decisions owner to leadsail_system;

-- Another life begins: what was decided in the last one is sealed to its end, and transactions are counted anew.
create function begin_era(at timestamptz) returns void
language plpgsql volatile security definer set search_path = leadsail, pg_temp as $$
begin
    perform pg_advisory_xact_lock(hashtextextended('decision seal', 0));
    lock table contact_decision in share row exclusive mode;
    while seal_before(null, at) > 0 loop end loop;
    update journal_link l set era = l.era + 1, system_identifier = d.system_identifier, timeline = d.timeline
        from this_database() d where l.system_identifier is not null;
end $$;
grant execute on function begin_era to leadsail_app;
alter function begin_era owner to leadsail_system;

-- What really stands where a seal stands, told by ids and hashes alone.
create function decisions_under(of_seal bigint) returns table (decision text, digest bytea)
language sql stable security definer set search_path = leadsail, pg_temp as $$
    select d.tenant_id || '/' || d.decision_id, d.digest
    from decision_seal s
    join contact_decision d
        on d.era = s.era and d.transaction > s.after_transaction and d.transaction <= s.up_to_transaction
    where s.number = of_seal
$$;
grant execute on function decisions_under to leadsail_app;
alter function decisions_under owner to leadsail_system;

-- What no seal covers: the tail that the next one will, and in an earlier era what cannot be there.
create function decisions_unsealed() returns table (decision text, created_at timestamptz, slipped_in boolean)
language sql stable security definer set search_path = leadsail, pg_temp as $$
    with reach as (
        select e.era, coalesce(max(s.up_to_transaction), '0'::xid8) as up_to
        from (select generate_series(1, l.era) as era from journal_link l) e left join decision_seal s on s.era = e.era
        group by e.era
    )
    select d.tenant_id || '/' || d.decision_id, d.created_at, r.era < (select l.era from journal_link l)
    from reach r join contact_decision d on d.era = r.era and d.transaction > r.up_to
$$;
grant execute on function decisions_unsealed to leadsail_app;
alter function decisions_unsealed owner to leadsail_system;


-- Holds ---------------------------------------------------------------------------------------------------------------

-- An emergency stop of a tenant, or of one of its campaigns. Only the first of several in force counts.
create table contact_hold (
    tenant_id text collate "C" not null references tenant,
    hold_id text collate "C" not null,
    campaign_id text collate "C",
    reason text not null,
    placed_by text not null,
    placed_at timestamptz not null,
    lifted_by text,
    lifted_at timestamptz,
    lift_reason text,
    primary key (tenant_id, hold_id),
    constraint contact_hold_campaign foreign key (tenant_id, campaign_id) references campaign,
    constraint whole_lift check (num_nonnulls(lifted_by, lifted_at, lift_reason) in (0, 3))
);
create unique index contact_hold_in_force on contact_hold (tenant_id, campaign_id) nulls not distinct
    where lifted_at is null;
select protect('contact_hold');
revoke update, delete on contact_hold from leadsail_app;
grant update (lifted_by, lifted_at, lift_reason) on contact_hold to leadsail_app;

-- A stop of the whole installation: by its operator, or because it cannot trust its memory.
create table platform_hold (
    hold_id text collate "C" primary key,
    code text not null check (code in ('operator', 'restored_backup', 'journal_missing')),
    reason text not null,
    placed_by text not null,
    placed_at timestamptz not null,
    lifted_by text,
    lifted_at timestamptz,
    lift_reason text,
    constraint whole_lift check (num_nonnulls(lifted_by, lifted_at, lift_reason) in (0, 3))
);
create unique index platform_hold_in_force on platform_hold (code) where lifted_at is null;
grant select, insert, update (lifted_by, lifted_at, lift_reason) on platform_hold to leadsail_app;

create policy system on contact_hold for select to leadsail_system using (true);
grant select on contact_hold, platform_hold to leadsail_system;
create function count_holds() returns table (scope text, count bigint)
language sql stable security definer set search_path = leadsail, pg_temp as $$
    select 'platform', count(*) from platform_hold p where p.lifted_at is null
    union all
    select 'tenant', count(*) from contact_hold t where t.lifted_at is null and t.campaign_id is null
    union all
    select 'campaign', count(*) from contact_hold c where c.lifted_at is null and c.campaign_id is not null
$$;
grant execute on function count_holds to leadsail_app;
alter function count_holds owner to leadsail_system;
