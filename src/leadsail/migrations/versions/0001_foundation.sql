-- The ground of the platform: tenants, keys, configuration records, leads and interactions.
--
-- Every table with a tenant begins its keys with tenant_id and is put under `protect`, which forces row-level security.
-- Ids are text in byte order ("C"), whatever the server's own collation is.
-- Configuration records and leads keep their wire form in `body`; the generated columns beside it only index it.

-- A migration gives up rather than make live requests queue behind its locks.
set local lock_timeout = '2s';
set local statement_timeout = '60s';

create schema if not exists leadsail;
create extension if not exists pg_trgm with schema leadsail;
create extension if not exists btree_gin with schema leadsail;

set search_path = leadsail;

alter default privileges for role leadsail_owner revoke execute on functions from public;
grant usage on schema leadsail to leadsail_app, leadsail_reader, leadsail_system;
-- A function can only be given to a role that may create in the schema; both roles cannot log in.
grant create on schema leadsail to leadsail_reader, leadsail_system;

-- Puts a table under the tenant guard. The application sees the rows of the tenant it named, and none without a name.
create function protect(target regclass) returns void
language plpgsql set search_path = leadsail, pg_temp as $$
begin
    execute format('alter table %s enable row level security', target);
    execute format('alter table %s force row level security', target);
    execute format(
        'create policy tenant on %s to leadsail_app
            using (tenant_id = current_setting(''app.tenant'', true))
            with check (tenant_id = current_setting(''app.tenant'', true))', target);
    execute format('create policy owner on %s to leadsail_owner using (true) with check (true)', target);
    execute format('create policy reader on %s for select to leadsail_reader using (true)', target);
    execute format('grant select, insert, update, delete on %s to leadsail_app', target);
    execute format('grant select on %s to leadsail_reader', target);
end $$;


-- This installation ---------------------------------------------------------------------------------------------

create table installation (
    only_row boolean primary key default true check (only_row),
    master_key_check text not null,
    queue_version text,
    created_at timestamptz not null
);
grant select on installation, schema_version to leadsail_app;


-- Tenants and their keys ----------------------------------------------------------------------------------------

create table tenant (
    tenant_id text collate "C" primary key check (tenant_id ~ '^org_[a-z0-9]+$'),
    name text not null,
    country text not null,
    timezone text not null,
    version integer not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
select protect('tenant');

create table api_key (
    tenant_id text collate "C" not null references tenant,
    key_id text collate "C" not null,
    name text not null,
    kind text not null check (kind in ('live', 'test')),
    hint text not null,
    key_hash bytea not null,
    scopes text[] not null,
    created_by text not null,
    created_at timestamptz not null,
    expires_at timestamptz,
    revoked_at timestamptz,
    last_used_at timestamptz,
    primary key (tenant_id, key_id)
);
create index api_key_by_hash on api_key (key_hash);
select protect('api_key');

-- Grows with every change of a key, so that a process with keys in memory can ask cheaply whether they still hold.
create table api_key_epoch (
    only_row boolean primary key default true check (only_row),
    epoch bigint not null
);
insert into api_key_epoch (epoch) values (0);

create function advance_api_key_epoch() returns trigger
language plpgsql security definer set search_path = leadsail, pg_temp as $$
begin
    update api_key_epoch set epoch = epoch + 1;
    return null;
end $$;
create trigger api_key_changed
    after insert or delete or update of key_hash, scopes, expires_at, revoked_at on api_key
    for each statement execute function advance_api_key_epoch();
grant select, update on api_key_epoch to leadsail_system;
alter function advance_api_key_epoch owner to leadsail_system;

-- A key in hand tells its tenant; there is no tenant yet to guard by, so this is one of the few doors of leadsail_system.
create policy system on api_key for select to leadsail_system using (true);
grant select on api_key to leadsail_system;
create function identify_key(hash bytea)
    returns table (tenant_id text, key_id text, kind text, scopes text[], expires_at timestamptz, revoked_at timestamptz)
language sql stable security definer set search_path = leadsail, pg_temp as $$
    select k.tenant_id, k.key_id, k.kind, k.scopes, k.expires_at, k.revoked_at from api_key k where k.key_hash = hash
$$;
grant execute on function identify_key to leadsail_app;
alter function identify_key owner to leadsail_system;

create function database_heartbeat() returns table (now timestamptz, key_epoch bigint)
language sql volatile security definer set search_path = leadsail, pg_temp as $$
    select clock_timestamp(), epoch from api_key_epoch
$$;
grant execute on function database_heartbeat to leadsail_app;
alter function database_heartbeat owner to leadsail_system;

create policy system on tenant for select to leadsail_system using (true);
grant select on tenant to leadsail_system;
create function all_tenants() returns table (tenant_id text, name text, created_at timestamptz)
language sql stable security definer set search_path = leadsail, pg_temp as $$
    select t.tenant_id, t.name, t.created_at from tenant t order by t.created_at, t.tenant_id
$$;
grant execute on function all_tenants to leadsail_app;
alter function all_tenants owner to leadsail_system;


-- Answers kept for repeated requests ----------------------------------------------------------------------------

create table idempotency_key (
    tenant_id text collate "C" not null references tenant,
    key_hash bytea not null,
    request_hash bytea not null,
    status smallint,
    headers jsonb,
    answer text,
    created_at timestamptz not null,
    primary key (tenant_id, key_hash)
);
create index idempotency_key_by_age on idempotency_key (created_at);
select protect('idempotency_key');

create policy system on idempotency_key to leadsail_system using (true);
grant select, delete on idempotency_key to leadsail_system;
create function forget_idempotency_keys(before timestamptz) returns bigint
language sql volatile security definer set search_path = leadsail, pg_temp as $$
    with gone as (delete from idempotency_key where created_at < before returning 1) select count(*) from gone
$$;
grant execute on function forget_idempotency_keys to leadsail_app;
alter function forget_idempotency_keys owner to leadsail_system;


-- Configuration records -----------------------------------------------------------------------------------------

create table client (
    tenant_id text collate "C" not null references tenant,
    client_id text collate "C" not null,
    body jsonb not null,
    version integer not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    archived_at timestamptz,
    primary key (tenant_id, client_id)
);
select protect('client');

create table offer (
    tenant_id text collate "C" not null references tenant,
    offer_id text collate "C" not null,
    body jsonb not null,
    version integer not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    archived_at timestamptz,
    primary key (tenant_id, offer_id)
);
select protect('offer');

create table field (
    tenant_id text collate "C" not null references tenant,
    key text collate "C" not null,
    body jsonb not null,
    version integer not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    archived_at timestamptz,
    primary key (tenant_id, key)
);
select protect('field');

create table value_set (
    tenant_id text collate "C" not null references tenant,
    value_set_id text collate "C" not null,
    body jsonb not null,
    version integer not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    archived_at timestamptz,
    primary key (tenant_id, value_set_id)
);
select protect('value_set');

create table prompt_template (
    tenant_id text collate "C" not null references tenant,
    prompt_template_id text collate "C" not null,
    body jsonb not null,
    version integer not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    archived_at timestamptz,
    primary key (tenant_id, prompt_template_id)
);
select protect('prompt_template');

create table flow (
    tenant_id text collate "C" not null references tenant,
    flow_id text collate "C" not null,
    body jsonb not null,
    version integer not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    archived_at timestamptz,
    primary key (tenant_id, flow_id)
);
select protect('flow');

-- What a flow said at each of its versions; written once, never changed.
create table flow_version (
    tenant_id text collate "C" not null,
    flow_id text collate "C" not null,
    flow_version integer not null,
    body jsonb not null,
    created_at timestamptz not null,
    primary key (tenant_id, flow_id, flow_version),
    foreign key (tenant_id, flow_id) references flow
);
select protect('flow_version');
revoke update, delete on flow_version from leadsail_app;

create table phone_number (
    tenant_id text collate "C" not null references tenant,
    phone_number_id text collate "C" not null,
    body jsonb not null,
    number text collate "C" not null generated always as (body ->> 'number') stored,
    version integer not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    archived_at timestamptz,
    primary key (tenant_id, phone_number_id),
    constraint phone_number_is_unique unique (tenant_id, number)
);
select protect('phone_number');

create table voice_agent (
    tenant_id text collate "C" not null references tenant,
    agent_id text collate "C" not null,
    body jsonb not null,
    phone_number_id text collate "C" generated always as (body ->> 'phoneNumberId') stored,
    flow_id text collate "C" generated always as (body #>> '{engine,flowId}') stored,
    prompt_template_id text collate "C" generated always as (body #>> '{engine,promptTemplateId}') stored,
    version integer not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    archived_at timestamptz,
    primary key (tenant_id, agent_id),
    constraint voice_agent_phone_number foreign key (tenant_id, phone_number_id) references phone_number,
    constraint voice_agent_flow foreign key (tenant_id, flow_id) references flow,
    constraint voice_agent_prompt_template foreign key (tenant_id, prompt_template_id) references prompt_template
);
select protect('voice_agent');

create table sms_agent (
    tenant_id text collate "C" not null references tenant,
    agent_id text collate "C" not null,
    body jsonb not null,
    phone_number_id text collate "C" generated always as (body ->> 'phoneNumberId') stored,
    flow_id text collate "C" generated always as (body #>> '{engine,flowId}') stored,
    prompt_template_id text collate "C" generated always as (body #>> '{engine,promptTemplateId}') stored,
    version integer not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    archived_at timestamptz,
    primary key (tenant_id, agent_id),
    constraint sms_agent_phone_number foreign key (tenant_id, phone_number_id) references phone_number,
    constraint sms_agent_flow foreign key (tenant_id, flow_id) references flow,
    constraint sms_agent_prompt_template foreign key (tenant_id, prompt_template_id) references prompt_template
);
select protect('sms_agent');

create table campaign (
    tenant_id text collate "C" not null references tenant,
    campaign_id text collate "C" not null check (campaign_id ~ '^[A-Z0-9]{2,5}$'),
    body jsonb not null,
    client_id text collate "C" not null generated always as (body ->> 'clientId') stored,
    offer_id text collate "C" not null generated always as (body ->> 'offerId') stored,
    voice_agent_id text collate "C" generated always as (body #>> '{voice,agentId}') stored,
    voice_test_agent_id text collate "C" generated always as (body #>> '{voice,testAgentId}') stored,
    voice_prompt_template_id text collate "C" generated always as (body #>> '{voice,promptTemplateId}') stored,
    voice_phone_number_id text collate "C" generated always as (body #>> '{voice,phoneNumberId}') stored,
    sms_agent_id text collate "C" generated always as (body #>> '{sms,agentId}') stored,
    sms_test_agent_id text collate "C" generated always as (body #>> '{sms,testAgentId}') stored,
    sms_prompt_template_id text collate "C" generated always as (body #>> '{sms,promptTemplateId}') stored,
    sms_phone_number_id text collate "C" generated always as (body #>> '{sms,phoneNumberId}') stored,
    version integer not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    archived_at timestamptz,
    primary key (tenant_id, campaign_id),
    constraint campaign_client foreign key (tenant_id, client_id) references client,
    constraint campaign_offer foreign key (tenant_id, offer_id) references offer,
    constraint campaign_voice_agent foreign key (tenant_id, voice_agent_id) references voice_agent,
    constraint campaign_voice_test_agent foreign key (tenant_id, voice_test_agent_id) references voice_agent,
    constraint campaign_voice_prompt_template foreign key (tenant_id, voice_prompt_template_id) references prompt_template,
    constraint campaign_voice_phone_number foreign key (tenant_id, voice_phone_number_id) references phone_number,
    constraint campaign_sms_agent foreign key (tenant_id, sms_agent_id) references sms_agent,
    constraint campaign_sms_test_agent foreign key (tenant_id, sms_test_agent_id) references sms_agent,
    constraint campaign_sms_prompt_template foreign key (tenant_id, sms_prompt_template_id) references prompt_template,
    constraint campaign_sms_phone_number foreign key (tenant_id, sms_phone_number_id) references phone_number
);
create index campaign_by_client on campaign (tenant_id, client_id);
create index campaign_by_offer on campaign (tenant_id, offer_id);
select protect('campaign');


-- Leads ---------------------------------------------------------------------------------------------------------

create function lead_search_text(lead_id text, body jsonb) returns text
language sql immutable parallel safe
return lower(
    coalesce(body ->> 'firstName', '') || ' ' || coalesce(body ->> 'lastName', '') || ' '
    || coalesce(body ->> 'email', '') || ' ' || coalesce(body ->> 'phone', '') || ' '
    || regexp_replace(coalesce(body ->> 'phone', ''), '[^0-9]', '', 'g') || ' ' || lead_id
);

create table lead (
    tenant_id text collate "C" not null references tenant,
    lead_id text collate "C" not null,
    body jsonb not null,
    campaign_id text collate "C" not null generated always as (body ->> 'campaignId') stored,
    status text not null generated always as (body ->> 'status') stored,
    phone text collate "C" not null generated always as (body ->> 'phone') stored,
    email text collate "C" not null generated always as (lower(body ->> 'email')) stored,
    search_text text not null generated always as (lead_search_text(lead_id, body)) stored,
    version integer not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (tenant_id, lead_id),
    constraint lead_campaign foreign key (tenant_id, campaign_id) references campaign
);
create index lead_by_age on lead (tenant_id, created_at, lead_id);
create index lead_by_campaign on lead (tenant_id, campaign_id, created_at, lead_id);
create index lead_by_phone on lead (tenant_id, phone);
create index lead_by_email on lead (tenant_id, email);
create index lead_by_text on lead using gin (tenant_id, search_text gin_trgm_ops);
select protect('lead');

-- One attempt to sell a lead, numbered within the lead, with the campaign as it was then.
create table submission (
    tenant_id text collate "C" not null references tenant,
    submission_id text collate "C" not null,
    lead_id text collate "C" not null,
    number integer not null,
    type text not null check (type in ('standard', 'manual_delivery', 'repost')),
    status text not null,
    campaign jsonb not null,
    body jsonb not null default '{}',
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (tenant_id, submission_id),
    constraint submission_number unique (tenant_id, lead_id, number),
    constraint submission_lead foreign key (tenant_id, lead_id) references lead on delete cascade
);
select protect('submission');

-- What is left of an erased person: keyed hashes that suppress and prove, and nothing that names anybody.
create table erasure (
    tenant_id text collate "C" not null references tenant,
    lead_id text collate "C" not null,
    phone_hash bytea not null,
    email_hash bytea not null,
    proof jsonb not null,
    erased_by text not null,
    lead_created_at timestamptz not null,
    erased_at timestamptz not null,
    primary key (tenant_id, lead_id)
);
create index erasure_by_phone on erasure (tenant_id, phone_hash);
select protect('erasure');
revoke update, delete on erasure from leadsail_app;

create function campaign_reference(c campaign, client_body jsonb, offer_body jsonb) returns jsonb
language sql immutable parallel safe
return jsonb_strip_nulls(jsonb_build_object(
    'campaignId', c.campaign_id, 'name', c.body ->> 'name',
    'clientId', c.client_id, 'clientName', client_body ->> 'name', 'clientAbbrev', client_body ->> 'abbrev',
    'offerId', c.offer_id, 'offerName', offer_body ->> 'name', 'offerAbbrev', offer_body ->> 'abbrev'
));
grant execute on function campaign_reference to leadsail_app, leadsail_reader;
grant execute on function lead_search_text to leadsail_app, leadsail_reader;

-- A lead's body with the question beside every answer: its own, else the label of its field, else its key.
create function lead_with_questions(for_tenant text, lead_body jsonb) returns jsonb
language sql stable set search_path = leadsail, pg_temp as $$
    select case when lead_body @? '$.questionnaire[*] ? (!exists(@.question))' then
        lead_body || jsonb_build_object('questionnaire', (
            select jsonb_agg(
                jsonb_build_object('question', coalesce(f.body ->> 'label', given.answer ->> 'key')) || given.answer
                order by given.place)
            from jsonb_array_elements(lead_body -> 'questionnaire') with ordinality as given (answer, place)
            left join field f on f.tenant_id = for_tenant and f.key = given.answer ->> 'key'))
    else lead_body end
$$;
grant execute on function lead_with_questions to leadsail_app;

-- Whether a lead other than `besides` has this phone or e-mail in the campaign. Two who ask for one person at the same
-- moment take turns until they commit, so that the second sees the first; the locks are taken in one order.
create function is_known_contact(
    for_tenant text, of_campaign text, with_phone text, with_email text, besides text
) returns boolean
language plpgsql volatile set search_path = leadsail, pg_temp as $$
begin
    perform pg_advisory_xact_lock(key) from (
        select distinct hashtextextended(for_tenant || ' ' || of_campaign || ' ' || contact, 0) as key
        from unnest(array[with_phone, lower(with_email)]) as contact
        order by 1
    ) as keys;
    return exists (
        select from lead l where l.tenant_id = for_tenant and l.phone = with_phone
            and l.campaign_id = of_campaign and l.lead_id <> besides
    ) or exists (
        select from lead l where l.tenant_id = for_tenant and l.email = lower(with_email)
            and l.campaign_id = of_campaign and l.lead_id <> besides
    );
end $$;
grant execute on function is_known_contact to leadsail_app;

-- Stores a lead with its first submission in one round trip, as the tenant it is given; the caller's guard applies.
-- Answers `created`, `unknown_campaign` or `archived_campaign`.
create function create_lead(
    for_tenant text, new_lead_id text, new_submission_id text, lead_body jsonb, at timestamptz
) returns text
language plpgsql set search_path = leadsail, pg_temp as $$
declare
    target campaign;
    reference jsonb;
    stored jsonb;
begin
    perform set_config('app.tenant', for_tenant, true);
    select * into target from campaign c
        where c.tenant_id = for_tenant and c.campaign_id = lead_body ->> 'campaignId';
    if not found then return 'unknown_campaign'; end if;
    if target.archived_at is not null then return 'archived_campaign'; end if;
    select campaign_reference(target, cl.body, o.body) into reference
        from client cl, offer o
        where cl.tenant_id = for_tenant and cl.client_id = target.client_id
          and o.tenant_id = for_tenant and o.offer_id = target.offer_id;

    stored := lead_with_questions(for_tenant, lead_body);
    if is_known_contact(for_tenant, target.campaign_id, stored ->> 'phone', stored ->> 'email', new_lead_id) then
        stored := jsonb_set(stored, '{flags,isDuplicate}', 'true');
    end if;
    insert into lead (tenant_id, lead_id, body, created_at, updated_at)
        values (for_tenant, new_lead_id, stored, at, at);
    insert into submission (tenant_id, submission_id, lead_id, number, type, status, campaign, created_at, updated_at)
        values (for_tenant, new_submission_id, new_lead_id, 1, 'standard', stored ->> 'status', reference, at, at);
    return 'created';
end $$;
grant execute on function create_lead to leadsail_app;

create function read_lead(for_tenant text, id text) returns table (
    lead_id text, version integer, body jsonb, campaign jsonb, created_at timestamptz, updated_at timestamptz
)
language sql stable security definer set search_path = leadsail, pg_temp as $$
    select l.lead_id, l.version, l.body, campaign_reference(c, cl.body, o.body), l.created_at, l.updated_at
    from lead l
    join campaign c on c.tenant_id = l.tenant_id and c.campaign_id = l.campaign_id
    join client cl on cl.tenant_id = c.tenant_id and cl.client_id = c.client_id
    join offer o on o.tenant_id = c.tenant_id and o.offer_id = c.offer_id
    where l.tenant_id = for_tenant and l.lead_id = id
$$;
grant execute on function read_lead to leadsail_app;
alter function read_lead owner to leadsail_reader;

-- One page of leads, newest first. An empty filter is null; `pattern` and `digits` are the two ways to spell a search.
-- `after_id` may name a lead that was erased meanwhile. Planned for each call, since every filter may be absent.
create function list_leads(
    for_tenant text, campaigns text[], clients text[], offers text[], with_status text, pattern text, digits text,
    since timestamptz, until timestamptz, after_id text, page_size integer
) returns table (
    lead_id text, version integer, body jsonb, campaign jsonb, created_at timestamptz, updated_at timestamptz
)
language plpgsql stable security definer
set search_path = leadsail, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
    after_at timestamptz;
begin
    if after_id is not null then
        select l.created_at into after_at from lead l where l.tenant_id = for_tenant and l.lead_id = after_id;
        if not found then
            select e.lead_created_at into after_at from erasure e where e.tenant_id = for_tenant and e.lead_id = after_id;
        end if;
        if after_at is null then
            raise exception using errcode = 'LS001', message = 'unknown cursor';
        end if;
    end if;
    return query
        select l.lead_id, l.version, l.body, campaign_reference(c, cl.body, o.body), l.created_at, l.updated_at
        from lead l
        join campaign c on c.tenant_id = l.tenant_id and c.campaign_id = l.campaign_id
        join client cl on cl.tenant_id = c.tenant_id and cl.client_id = c.client_id
        join offer o on o.tenant_id = c.tenant_id and o.offer_id = c.offer_id
        where l.tenant_id = for_tenant
          and (campaigns is null or l.campaign_id = any (campaigns))
          and (clients is null or c.client_id = any (clients))
          and (offers is null or c.offer_id = any (offers))
          and (with_status is null or l.status = with_status)
          and (pattern is null or l.search_text like pattern or l.search_text like digits)
          and (since is null or l.created_at >= since)
          and (until is null or l.created_at < until)
          and (after_at is null or (l.created_at, l.lead_id) < (after_at, after_id collate "C"))
        order by l.created_at desc, l.lead_id desc
        limit page_size;
end $$;
grant execute on function list_leads to leadsail_app;
alter function list_leads owner to leadsail_reader;


-- Interactions --------------------------------------------------------------------------------------------------

create table interaction (
    tenant_id text collate "C" not null references tenant,
    interaction_id text collate "C" not null,
    lead_id text collate "C" not null,
    campaign_id text collate "C" not null,
    client_id text collate "C" not null,
    offer_id text collate "C" not null,
    type text not null check (type in ('call', 'sms', 'email')),
    status text not null check (status in (
        'in_progress', 'completed', 'incomplete', 'voicemail', 'no_answer', 'busy', 'no_contact', 'scheduled_callback',
        'follow_up', 'qualified', 'disqualified', 'dnc', 'failed', 'canceled')),
    phone text not null,
    telephony jsonb not null,
    call jsonb,
    sms jsonb,
    summary text,
    error_code text,
    error_message text,
    extra jsonb not null default '{}',
    sequence integer not null default 0,
    turns integer not null default 0,
    sealed text,
    ended_at timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (tenant_id, interaction_id),
    constraint interaction_lead foreign key (tenant_id, lead_id) references lead on delete cascade,
    constraint interaction_campaign foreign key (tenant_id, campaign_id) references campaign,
    constraint call_or_sms check ((type = 'call') = (call is not null) and (type = 'sms') = (sms is not null))
) with (fillfactor = 80);
create index interaction_by_age on interaction (tenant_id, created_at, interaction_id);
create index interaction_by_lead on interaction (tenant_id, lead_id, created_at, interaction_id);
create index interaction_by_campaign on interaction (tenant_id, campaign_id, created_at, interaction_id);
select protect('interaction');

create table turn (
    tenant_id text collate "C" not null,
    interaction_id text collate "C" not null,
    number integer not null,
    at timestamptz not null,
    role text not null check (role in ('agent', 'user')),
    source text not null check (source in ('manual', 'api', 'inbound', 'sms_agent', 'system')),
    speaker text not null check (speaker in ('voice_agent', 'sms_agent', 'human', 'lead')),
    message text not null,
    extra jsonb not null default '{}',
    primary key (tenant_id, interaction_id, number),
    constraint turn_interaction foreign key (tenant_id, interaction_id) references interaction on delete cascade
);
select protect('turn');

-- What changed, numbered within the interaction; a turn is named by its number, so that it is stored once.
create table interaction_event (
    tenant_id text collate "C" not null,
    interaction_id text collate "C" not null,
    sequence integer not null,
    type text not null,
    turn_number integer,
    data jsonb not null default '{}',
    at timestamptz not null,
    primary key (tenant_id, interaction_id, sequence),
    constraint interaction_event_interaction foreign key (tenant_id, interaction_id) references interaction on delete cascade
);
select protect('interaction_event');

-- The read that the product is named after: one indexed look-up.
create function read_interaction(for_tenant text, id text) returns table (sequence integer, sealed text)
language sql stable security definer set search_path = leadsail, pg_temp as $$
    select i.sequence, i.sealed from interaction i where i.tenant_id = for_tenant and i.interaction_id = id
$$;
grant execute on function read_interaction to leadsail_app;
alter function read_interaction owner to leadsail_reader;

create function interaction_state(for_tenant text, id text) returns table (sequence integer, ended boolean)
language sql stable security definer set search_path = leadsail, pg_temp as $$
    select i.sequence, i.ended_at is not null from interaction i where i.tenant_id = for_tenant and i.interaction_id = id
$$;
grant execute on function interaction_state to leadsail_app;
alter function interaction_state owner to leadsail_reader;

create function transcript_of(for_tenant text, id text) returns json
language sql stable set search_path = leadsail, pg_temp as $$
    select coalesce(json_agg(json_build_array(t.at, t.role, t.message, t.source, t.speaker, t.extra) order by t.number), '[]')
    from turn t where t.tenant_id = for_tenant and t.interaction_id = id
$$;
grant execute on function transcript_of to leadsail_app, leadsail_reader;

-- An interaction with its turns, both of one moment.
create function read_open_interaction(for_tenant text, id text) returns table (header interaction, transcript json)
language sql stable security definer set search_path = leadsail, pg_temp as $$
    select i, transcript_of(i.tenant_id, i.interaction_id)
    from interaction i where i.tenant_id = for_tenant and i.interaction_id = id
$$;
grant execute on function read_open_interaction to leadsail_app;
alter function read_open_interaction owner to leadsail_reader;

create function list_interactions(
    for_tenant text, of_lead text, campaigns text[], clients text[], offers text[], with_type text, with_status text,
    since timestamptz, until timestamptz, after_at timestamptz, after_id text, page_size integer
) returns table (header interaction, transcript json)
language sql stable security definer set search_path = leadsail, pg_temp as $$
    with page as materialized (
        select i from interaction i
        where i.tenant_id = for_tenant
          and (of_lead is null or i.lead_id = of_lead)
          and (campaigns is null or i.campaign_id = any (campaigns))
          and (clients is null or i.client_id = any (clients))
          and (offers is null or i.offer_id = any (offers))
          and (with_type is null or i.type = with_type)
          and (with_status is null or i.status = with_status)
          and (since is null or i.created_at >= since)
          and (until is null or i.created_at < until)
          and (after_at is null or (i.created_at, i.interaction_id) < (after_at, after_id collate "C"))
        order by i.created_at desc, i.interaction_id desc
        limit page_size
    )
    select p.i, case when (p.i).sealed is null then transcript_of((p.i).tenant_id, (p.i).interaction_id) end
    from page p order by (p.i).created_at desc, (p.i).interaction_id desc
$$;
grant execute on function list_interactions to leadsail_app;
alter function list_interactions owner to leadsail_reader;

create function read_interaction_events(for_tenant text, id text, after_sequence integer)
    returns table (sequence integer, type text, at timestamptz, data jsonb, turn json)
language sql stable security definer set search_path = leadsail, pg_temp as $$
    select e.sequence, e.type, e.at, e.data,
           case when t.number is not null then json_build_array(t.at, t.role, t.message, t.source, t.speaker, t.extra) end
    from interaction_event e
    left join turn t on t.tenant_id = e.tenant_id and t.interaction_id = e.interaction_id and t.number = e.turn_number
    where e.tenant_id = for_tenant and e.interaction_id = id and e.sequence > after_sequence
    order by e.sequence
    limit 500
$$;
grant execute on function read_interaction_events to leadsail_app;
alter function read_interaction_events owner to leadsail_reader;

-- Adds what was said, the event that tells it, and wakes whoever follows the interaction; one round trip, whatever its length.
-- Answers the turn's number, the event's sequence and whether the interaction is over; nothing when there is none.
create function append_turn(
    for_tenant text, id text, said_at timestamptz, said_role text, said_source text, said_speaker text,
    said text, said_extra jsonb, at timestamptz
) returns table (number integer, sequence integer, ended boolean)
language plpgsql set search_path = leadsail, pg_temp as $$
declare
    next_turn integer;
    next_sequence integer;
    is_over boolean;
begin
    perform set_config('app.tenant', for_tenant, true);
    update interaction i
        set turns = i.turns + 1, sequence = i.sequence + 1, updated_at = at, sealed = null
        where i.tenant_id = for_tenant and i.interaction_id = id
        returning i.turns, i.sequence, i.ended_at is not null into next_turn, next_sequence, is_over;
    if not found then return; end if;
    insert into turn (tenant_id, interaction_id, number, at, role, source, speaker, message, extra)
        values (for_tenant, id, next_turn, said_at, said_role, said_source, said_speaker, said, said_extra);
    insert into interaction_event (tenant_id, interaction_id, sequence, type, turn_number, at)
        values (for_tenant, id, next_sequence, 'turn.added', next_turn, at);
    perform pg_notify('interaction', id);
    return query select next_turn, next_sequence, is_over;
end $$;
grant execute on function append_turn to leadsail_app;
