-- The database's own guard: no attempt goes ahead without the gate's decision, none goes ahead twice, and none that was
-- called off comes back.

set local lock_timeout = '2s';
set local statement_timeout = '60s';

set search_path = leadsail;

create function attempt_goes_through_the_gate() returns trigger
language plpgsql set search_path = leadsail, pg_temp as $$
begin
    if tg_op = 'UPDATE' and old.committed_at is not null and new.committed_at is distinct from old.committed_at then
        raise exception 'the attempt % went ahead before', new.attempt_id using errcode = 'LS010';
    end if;
    if tg_op = 'UPDATE' and old.committed_at is null and old.state not in ('planned', 'claimed')
        and new.committed_at is not null then
        raise exception 'the attempt % is %', new.attempt_id, old.state using errcode = 'LS010';
    end if;
    if new.committed_at is null then
        if new.state not in ('planned', 'claimed', 'blocked', 'canceled') then
            raise exception 'the attempt % was not committed', new.attempt_id using errcode = 'LS010';
        end if;
    elsif (tg_op = 'INSERT' or old.committed_at is null) and not exists (
        select from contact_decision d
        where d.tenant_id = new.tenant_id and d.attempt_id = new.attempt_id and d.stage = 'commit'
          and d.outcome = 'allow' and d.transaction = pg_current_xact_id()
    ) then
        raise exception 'the gate did not allow the attempt %', new.attempt_id using errcode = 'LS010';
    end if;
    return new;
end $$;

create trigger through_the_gate
    before insert or update on contact_attempt
    for each row execute function attempt_goes_through_the_gate();
