-- Who must not be contacted: the list, the registries, and the order in which numbers were held.

set local lock_timeout = '2s';
set local statement_timeout = '60s';

set search_path = leadsail;

-- Drawn under a number's lock by whoever decides about it, so that opt-outs and attempts can be put in one order.
create sequence contact_order as bigint;
grant usage on sequence contact_order to leadsail_app;


-- The list --------------------------------------------------------------------------------------------------------------

-- One row for a number that asked to be left alone. It outlives the person: when a lead with this number is erased,
-- only the keyed hash stays. A removed row stays too; a number that asks again gets a new one.
create table do_not_call (
    tenant_id text collate "C" not null references tenant,
    entry_id text collate "C" not null,
    phone_hash bytea not null,
    phone text collate "C",
    sandbox boolean not null default false,
    source text not null check (source in ('sms', 'speech', 'key_press', 'api', 'import', 'manual', 'buyer')),
    channel text check (channel in ('call', 'sms', 'email', 'web', 'other')),
    reason text,
    evidence jsonb not null,
    sender text collate "C",
    lead_id text collate "C",
    interaction_id text collate "C",
    lifted_for text[] not null default '{}',
    times_asked integer not null default 1,
    last_asked_at timestamptz not null,
    journal_sequence bigint not null,
    lock_order bigint not null,
    added_by text not null,
    created_at timestamptz not null,
    removed_by text,
    removed_at timestamptz,
    removed_reason text,
    removed_evidence jsonb,
    version integer not null default 1,
    updated_at timestamptz not null,
    primary key (tenant_id, entry_id),
    constraint sandbox_or_person check (not sandbox or phone is null or phone ~ '^[+]1500[2-9][0-9]{6}$'),
    constraint removed_on_record check (
        (removed_at is null) = (removed_by is null) and (removed_at is null) = (removed_evidence is null))
);
create unique index do_not_call_live on do_not_call (tenant_id, phone_hash) where removed_at is null;
create index do_not_call_by_number on do_not_call (tenant_id, phone_hash);
create index do_not_call_by_age on do_not_call (tenant_id, created_at, entry_id);
select protect('do_not_call');
revoke delete on do_not_call from leadsail_app;

-- What happened to an entry, numbered within it; only evidence is ever taken away, when a person is erased.
-- `journal_sequence` is the line of the journal that was written first; a repetition that changes nothing has none.
create table do_not_call_event (
    tenant_id text collate "C" not null,
    entry_id text collate "C" not null,
    number integer not null,
    kind text not null check (kind in ('opt_out', 'repeated', 'lifted', 'removed')),
    source text not null,
    channel text,
    sender text collate "C",
    evidence jsonb not null,
    lead_id text collate "C",
    interaction_id text collate "C",
    journal_sequence bigint,
    lock_order bigint not null,
    actor text not null,
    at timestamptz not null,
    primary key (tenant_id, entry_id, number),
    constraint do_not_call_event_entry foreign key (tenant_id, entry_id) references do_not_call
);
create index do_not_call_event_by_line on do_not_call_event (tenant_id, journal_sequence);
select protect('do_not_call_event');
revoke update, delete on do_not_call_event from leadsail_app;
grant update (evidence) on do_not_call_event to leadsail_app;


-- Registries ------------------------------------------------------------------------------------------------------------

-- One imported file. It counts once it is complete; the newest complete one that covers a number's area speaks for it.
create table registry_file (
    tenant_id text collate "C" not null references tenant,
    file_id text collate "C" not null,
    registry text not null check (registry in ('us_dnc', 'ca_dncl', 'gb_tps', 'us_reassigned')),
    as_of date not null,
    area_codes text[],
    lines integer not null default 0,
    numbers integer not null default 0,
    faults integer not null default 0,
    imported_by text not null,
    created_at timestamptz not null,
    completed_at timestamptz,
    primary key (tenant_id, file_id)
);
create index registry_file_by_age on registry_file (tenant_id, registry, as_of, completed_at);
select protect('registry_file');
revoke delete on registry_file from leadsail_app;

-- The numbers of the files that still speak for any, as E.164 without its plus.
create table registry_number (
    tenant_id text collate "C" not null,
    file_id text collate "C" not null,
    number bigint not null,
    primary key (tenant_id, file_id, number),
    constraint registry_number_file foreign key (tenant_id, file_id) references registry_file
);
select protect('registry_number');
revoke update on registry_number from leadsail_app;

-- What the reassigned-numbers database said of a number when it was asked last. These are our own leads' numbers.
create table reassignment (
    tenant_id text collate "C" not null references tenant,
    phone_hash bytea not null,
    answer text not null check (answer in ('yes', 'no', 'no_data')),
    asked_at timestamptz not null,
    file_id text collate "C" not null,
    primary key (tenant_id, phone_hash),
    constraint reassignment_file foreign key (tenant_id, file_id) references registry_file
);
select protect('reassignment');
revoke delete on reassignment from leadsail_app;
