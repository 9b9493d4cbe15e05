"""The one door to calling and texting people: asked when work is planned, and again in the moment it is done."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from leadsail.features.contact_gate.errors import AttemptNotPlanned
from leadsail.features.contact_gate.models import Allow, Decision, Hold
from leadsail.features.contact_gate.repository.attempts import AttemptRepository
from leadsail.features.contact_gate.rules.decision import decide
from leadsail.features.contact_gate.service.audit import AuditService, Entry, Stage
from leadsail.features.contact_gate.service.knowledge import KnowledgeService
from leadsail.features.contact_gate.service.requests import ContactRequest, Judgement, Knowledge, Planned, Refused
from leadsail.features.contact_gate.service.rule_books import RuleBooks
from leadsail.features.do_not_call.events import NumberOptedOut
from leadsail.features.leads.events import LeadErased
from leadsail.features.leads.service import LeadService
from leadsail.foundation.clock import Clock
from leadsail.foundation.database import Work
from leadsail.foundation.encryption import KeyedHash
from leadsail.foundation.errors import NotFound
from leadsail.foundation.geography import NumberKind
from leadsail.foundation.ids import new_id
from leadsail.ports.contact_permit import Permit

PHONE_HASH = "contact-phone"
"""The purpose under which numbers are hashed in attempts and decisions."""

_LOOK_AGAIN = timedelta(minutes=1)
_PASSES = frozenset({"CALL_IN_PROGRESS", "PLATFORM_ON_HOLD", "RULES_UNAVAILABLE"})
"""What somebody ends, though nobody can say when: an attempt waits for it instead of being given up."""
_OVER = frozenset({"ended", "refused", "unknown", "canceled"})


class ContactGate:
    """Decides, plans and commits attempts. A permit to ring or text comes out of `commit`, and from nowhere else."""

    def __init__(
        self, clock: Clock, keyed_hash: KeyedHash, leads: LeadService, knowledge: KnowledgeService, books: RuleBooks,
        audit: AuditService,
    ) -> None:  # fmt: skip
        self._clock = clock
        self._hash = keyed_hash
        self._leads = leads
        self._knowledge = knowledge
        self._books = books
        self._audit = audit

    async def check(self, work: Work, request: ContactRequest) -> Judgement:
        """What the gate would say, with nothing planned and nothing stored.

        Raises `NotFound` for a lead that does not exist, `InvalidInput` for a campaign that does not.
        """
        return (await self._judge(work, [request]))[0]

    async def plan(self, work: Work, request: ContactRequest) -> Planned:
        """Store an attempt to be made, or one that is blocked, with the decision. Raises what `check` raises."""
        return (await self.plan_many(work, [request]))[0]

    async def plan_many(self, work: Work, requests: Sequence[ContactRequest]) -> list[Planned]:
        """`plan` for many at once, in as many statements as for one."""
        return await self._store(work, await self._judge(work, requests), may_wait=True)

    async def commit(self, work: Work, attempt_id: str) -> Permit | Refused:
        """Ask again under the lock of the person's numbers, and let the attempt go ahead or not.

        Nobody can opt out between this answer and the commit of the unit of work, which follows at once; the vendor is
        asked after it. A refusal that time cures leaves the attempt planned for later; any other blocks it.
        Raises `NotFound`, or `AttemptNotPlanned` when it was committed, canceled or blocked before.
        """
        repository = AttemptRepository(work)
        number = await self._number_of(repository, attempt_id)
        await self._leads.hold_person(work, [number])
        row = await repository.get(attempt_id, lock=True)
        if row is None or row["state"] not in {"planned", "claimed"}:
            raise AttemptNotPlanned(attempt_id, row["state"] if row else "gone")
        judgement = (await self._judge(work, [_request_of(row)]))[0]
        await self._audit.append(work, [self._entry(attempt_id, "commit", judgement)])
        decision = judgement.decision
        if isinstance(decision, Allow):
            order = await repository.commit(attempt_id, self._clock.now(), decision.latest_start)
            sender = judgement.knowledge.terms.sender.number
            return Permit(work.tenant_id, attempt_id, row["channel"], number, sender, decision.latest_start, order)
        return await self._refuse(repository, attempt_id, judgement)

    async def plan_and_commit(self, work: Work, request: ContactRequest) -> tuple[Planned, Permit | Refused | None]:
        """Both at once, for what is asked for now: it goes ahead or is blocked; nothing is left to be done later."""
        [planned] = await self._store(work, await self._judge(work, [request]), may_wait=False)
        if not isinstance(planned.judgement.decision, Allow):
            return planned, None
        return planned, await self.commit(work, planned.attempt_id)

    async def follow(self, work: Work, attempt_id: str, state: str, *, outcome: str | None = None) -> None:
        """Note how far a committed attempt is; `outcome` says how it ended. Raises `NotFound`."""
        repository, now = AttemptRepository(work), self._clock.now()
        if await repository.get(attempt_id, lock=True) is None:
            raise NotFound
        over = {"ended_at": now} if state in _OVER else {}
        await repository.change(attempt_id, {"state": state, "outcome": outcome, "updated_at": now} | over)

    async def attach(self, work: Work, attempt_id: str, interaction_id: str) -> None:
        """Say which conversation an attempt became."""
        await AttemptRepository(work).change(attempt_id, {"interaction_id": interaction_id})

    async def attempts_of(self, work: Work, interaction_id: str) -> list[dict[str, Any]]:
        """The attempts behind one conversation, in order."""
        return [dict(row) for row in await AttemptRepository(work).of_interaction(interaction_id)]

    async def clear_sandbox(self, work: Work) -> int:
        """End a rehearsal: no attempt with a sandbox number counts any more; answers how many those were."""
        return await AttemptRepository(work).clear_sandbox(self._clock.now())

    async def planned_confirmations(self, work: Work, phone: str) -> list[str]:
        """The attempts that are planned to confirm opt-outs of this number, which is E.164."""
        return await AttemptRepository(work).planned_confirmations(self._hash.candidates(PHONE_HASH, phone))

    async def hear_opt_out(self, work: Work, event: NumberOptedOut) -> None:
        """Somebody asked to be left alone: what is planned for the number is off; one confirmation is planned."""
        repository, now = AttemptRepository(work), self._clock.now()
        await repository.cancel_planned(self._hash.candidates(PHONE_HASH, event.phone), now)
        if event.confirm_channel is not None:
            request = ContactRequest(
                event.confirm_channel, "opt_out_confirmation", phone=event.phone, sender=event.sender
            )
            await self.plan(work, request)

    async def hear_erasure(self, work: Work, event: LeadErased) -> None:
        """A lead is erased: its plain number goes, what was attempted stays under the keyed hash."""
        await AttemptRepository(work).forget(event.lead_id)

    async def _judge(self, work: Work, requests: Sequence[ContactRequest]) -> list[Judgement]:
        rules = self._books.current()
        known = await self._knowledge.of(work, requests, self._clock.now())
        return [Judgement(_decided(one, rules), one) for one in known]

    async def _store(self, work: Work, judgements: Sequence[Judgement], *, may_wait: bool) -> list[Planned]:
        now = self._clock.now()
        planned = [Planned(new_id("att"), judgement) for judgement in judgements]
        await AttemptRepository(work).add([self._attempt(one, now, may_wait=may_wait) for one in planned])
        await self._audit.append(work, [self._entry(one.attempt_id, "plan", one.judgement) for one in planned])
        return planned

    async def _number_of(self, repository: AttemptRepository, attempt_id: str) -> str:
        row = await repository.get(attempt_id)
        if row is None:
            raise NotFound
        if row["phone"] is None:
            raise AttemptNotPlanned(attempt_id, "erased")
        return str(row["phone"])

    async def _refuse(self, repository: AttemptRepository, attempt_id: str, judgement: Judgement) -> Refused:
        now = self._clock.now()
        state, at, code = _plan_for(judgement.decision, now + _LOOK_AGAIN)
        ended = {"ended_at": now} if state == "blocked" else {"planned_at": at}
        await repository.change(attempt_id, {"state": state, "code": code, "updated_at": now} | ended)
        return Refused(attempt_id, judgement, None if state == "blocked" else at)

    def _attempt(self, planned: Planned, now: datetime, *, may_wait: bool) -> dict[str, Any]:
        known, decision = planned.judgement.knowledge, planned.judgement.decision
        state, at, code = _plan_for(decision, known.intent.at)
        if not may_wait and not isinstance(decision, Allow):
            state = "blocked"
        return {
            "attempt_id": planned.attempt_id,
            "phone_hash": self._hash.of(PHONE_HASH, planned.number),
            "phone": planned.number,
            "lead_id": known.lead_id,
            "campaign_id": known.terms.campaign.campaign_id if known.terms.campaign else None,
            "interaction_id": known.request.interaction_id,
            "channel": known.intent.channel,
            "purpose": known.intent.purpose,
            "sender": known.request.sender,
            "state": state,
            "code": code,
            "sandbox": known.contact.number.kind is NumberKind.SANDBOX,
            "planned_at": at,
            "created_at": now,
            "updated_at": now,
        }

    def _entry(self, attempt_id: str, stage: Stage, judgement: Judgement) -> Entry:
        return self._audit.entry(attempt_id, stage, judgement)


def _decided(known: Knowledge, rules: Any) -> Decision:
    return decide(known.contact, known.intent, known.history, known.terms, rules)


def _plan_for(decision: Decision, at: datetime) -> tuple[str, datetime, str | None]:
    """What becomes of a planned attempt: its state, when it is due, and what stands against it for now."""
    if isinstance(decision, Allow):
        return "planned", at, None
    if isinstance(decision, Hold):
        return "planned", decision.until, decision.code
    against = [reason for reason in decision.reasons if reason.code]
    passes = all(reason.code in _PASSES or reason.until for reason in against)
    return "planned" if passes else "blocked", at, decision.code


def _request_of(row: Any) -> ContactRequest:
    return ContactRequest(
        row["channel"], row["purpose"], lead_id=row["lead_id"], phone=row["phone"], campaign_id=row["campaign_id"],
        sender=row["sender"], interaction_id=row["interaction_id"],
    )  # fmt: skip
