"""Opt-outs race dials: two groups of processes act on the same people at the same moments.

Half of the people opt out by another of their numbers than the one that is dialed. What PostgreSQL itself noted about
its commits is the judge: no attempt may have committed after the opt-out of its person did.
"""

import asyncio
import multiprocessing
import random
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier

import asyncpg

from chaos.ground import Ground, ground
from leadsail.features.contact_gate.errors import AttemptNotPlanned
from leadsail.features.contact_gate.service.gate import ContactGate
from leadsail.features.contact_gate.service.requests import ContactRequest
from leadsail.features.do_not_call.models import OptOut
from leadsail.features.do_not_call.service import DoNotCallService
from leadsail.features.leads.schemas import NewLead
from leadsail.features.leads.service import LeadService
from leadsail.ports.contact_permit import Permit

_AT_ONCE = 16
_LATEST_SECONDS = 0.012
_PATIENCE_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Pair:
    """One person: the attempt that is planned for the first number, and the number by which they opt out."""

    attempt_id: str
    dialed: str
    opted_out: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the races ended. `late` are attempts that committed after the opt-out of their person."""

    permits: int
    refusals: int
    late: list[str]
    deadlocks: int


async def race(pairs: int, *, processes: int, seed: int = 1) -> Outcome:
    """Run `pairs` races on a ground of their own, `processes` of each kind."""
    async with ground() as own:
        people = await _people(own, pairs)
        shares = [people[start::processes] for start in range(processes)]
        context = multiprocessing.get_context("spawn")
        barriers = [context.Barrier(2) for _ in shares]
        queue = context.Queue()
        running = [
            context.Process(target=_run, args=(kind, own.address, share, barrier, seed + place, queue))
            for place, (share, barrier) in enumerate(zip(shares, barriers, strict=True))
            for kind in ("opt_out", "dial")
        ]
        for process in running:
            process.start()
        told = [await asyncio.to_thread(queue.get, timeout=_PATIENCE_SECONDS + pairs) for _ in running]
        for process in running:
            process.join(_PATIENCE_SECONDS)
        return Outcome(
            permits=sum(one["permits"] for one in told),
            refusals=sum(one["refusals"] for one in told),
            late=await _late(own, people),
            deadlocks=sum(one["deadlocks"] for one in told),
        )


async def _people(own: Ground, number: int) -> list[Pair]:
    """Leads with planned attempts: every second person has two numbers, linked by an e-mail."""
    pairs: list[Pair] = []
    for start in range(0, number, _AT_ONCE):
        places = range(start, min(start + _AT_ONCE, number))
        pairs += await asyncio.gather(*(_person(own, place) for place in places))
    return pairs


async def _person(own: Ground, place: int) -> Pair:
    dialed = f"+1500{2_000_000 + 2 * place}"
    other = f"+1500{2_000_000 + 2 * place + 1}" if place % 2 else dialed
    for phone in {dialed, other}:
        async with own.platform.database.work(own.tenant_id, "race") as work:
            lead = _lead(own.campaign_id, phone, f"person{place}@example.com")
            await own.platform.service(LeadService).create(work, lead)
    async with own.platform.database.work(own.tenant_id, "race") as work:
        planned = await own.platform.service(ContactGate).plan(work, ContactRequest("call", phone=dialed))
    return Pair(planned.attempt_id, dialed, other)


def _lead(campaign_id: str, phone: str, email: str) -> NewLead:
    return NewLead.model_validate(
        {"campaignId": campaign_id, "firstName": "Ann", "lastName": "Lee", "email": email, "phone": phone}
    )


def _run(
    kind: str, address: dict[str, str], pairs: Sequence[Pair], barrier: Barrier, seed: int,
    queue: "multiprocessing.Queue[dict[str, int]]",
) -> None:  # fmt: skip
    queue.put(asyncio.run(_act(kind, address, pairs, barrier, seed)))


async def _act(
    kind: str, address: dict[str, str], pairs: Sequence[Pair], barrier: Barrier, seed: int
) -> dict[str, int]:
    """Act on the pairs, some at once; both kinds begin each batch together."""
    draw = random.Random(f"{kind} {seed}")
    counts = {"permits": 0, "refusals": 0, "deadlocks": 0}
    async with Ground.joined(address) as own:
        for start in range(0, len(pairs), _AT_ONCE):
            await asyncio.to_thread(barrier.wait, _PATIENCE_SECONDS)
            batch = pairs[start : start + _AT_ONCE]
            act = _opt_out if kind == "opt_out" else _dial
            results = await asyncio.gather(
                *(act(own, pair, draw.uniform(0, _LATEST_SECONDS)) for pair in batch), return_exceptions=True
            )
            for result in results:
                _count(counts, result)
    return counts


def _count(counts: dict[str, int], result: object) -> None:
    if isinstance(result, asyncpg.DeadlockDetectedError):
        counts["deadlocks"] += 1
    elif isinstance(result, BaseException):
        raise result
    elif isinstance(result, str):
        counts[result] += 1


async def _opt_out(own: Ground, pair: Pair, delay: float) -> None:
    await asyncio.sleep(delay)
    async with own.platform.database.work(own.tenant_id, "race") as work:
        await own.platform.service(DoNotCallService).opt_out(work, OptOut(pair.opted_out, "sms", "sms"))


async def _dial(own: Ground, pair: Pair, delay: float) -> str:
    await asyncio.sleep(delay)
    try:
        async with own.platform.database.work(own.tenant_id, "race") as work:
            answer = await own.platform.service(ContactGate).commit(work, pair.attempt_id)
    except AttemptNotPlanned:
        return "refusals"
    return "permits" if isinstance(answer, Permit) else "refusals"


async def _late(own: Ground, pairs: Sequence[Pair]) -> list[str]:
    """The attempts that PostgreSQL committed after it had committed the opt-out of the same person."""
    connection = await asyncpg.connect(own.superuser_url, server_settings={"search_path": "leadsail"})
    attempts = {
        row["attempt_id"]: row["committed"]
        for row in await connection.fetch(
            "select attempt_id, pg_xact_commit_timestamp(d.transaction::xid) as committed from contact_attempt"
            " join contact_decision d using (tenant_id, attempt_id)"
            " where committed_at is not null and d.stage = 'commit' and d.outcome = 'allow'"
        )
    }
    opt_outs = {
        row["phone"]: row["committed"]
        for row in await connection.fetch("select phone, pg_xact_commit_timestamp(xmin) as committed from do_not_call")
    }
    await connection.close()
    if missing := [pair.opted_out for pair in pairs if pair.opted_out not in opt_outs]:
        raise RuntimeError(f"{len(missing)} opt-outs are not on the list, the first one {missing[0]}")
    return [
        pair.attempt_id
        for pair in pairs
        if pair.attempt_id in attempts and attempts[pair.attempt_id] > opt_outs[pair.opted_out]
    ]


def check_opt_out_race(processes: int, pairs: int = 10_000) -> bool:
    """The whole race, told on the terminal."""
    outcome = asyncio.run(race(pairs, processes=processes))
    print(
        f"opt-outs against dials: {pairs:,} pairs in {2 * processes} processes: {outcome.permits:,} dialed before the"
        f" opt-out, {outcome.refusals:,} refused, {outcome.deadlocks} deadlocks,"
        f" {len(outcome.late)} committed after the opt-out"
    )
    return not outcome.late and outcome.deadlocks == 0
