"""Takes the demo's calls and texts through the contact gate, as every other call and text."""

from leadsail.entrypoints.demo.script import Conversation
from leadsail.entrypoints.refusals import Refusal
from leadsail.entrypoints.wiring import Platform
from leadsail.features.contact_gate.models import Allow
from leadsail.features.contact_gate.service.gate import ContactGate
from leadsail.features.contact_gate.service.requests import ContactRequest, Judgement, Refused
from leadsail.features.do_not_call.models import OptOut
from leadsail.features.do_not_call.service import DoNotCallService
from leadsail.foundation.database import Work

_CALLED_OFF = "canceled"
_NEVER_RANG = "failed"


class Asking:
    """The gate as the demo's story needs it, in the story's unit of work."""

    def __init__(self, platform: Platform, work: Work) -> None:
        self._gate = platform.service(ContactGate)
        self._do_not_call = platform.service(DoNotCallService)
        self._work = work

    async def begin(self, lead_id: str, conversation: Conversation) -> str | None:
        """Ask for a conversation that we begin; the attempt that came of it, None where the lead began.

        Raises `Refusal` when the gate says no.
        """
        if not conversation.is_ours:
            return None
        request = ContactRequest(conversation.channel, conversation.purpose, lead_id=lead_id)
        if conversation.facts["status"] == _CALLED_OFF:
            return (await self._gate.plan(self._work, request)).attempt_id
        planned, answer = await self._gate.plan_and_commit(self._work, request)
        if answer is None or isinstance(answer, Refused):
            raise _refusal(answer.judgement if answer else planned.judgement)
        return planned.attempt_id

    async def attach(self, attempt_id: str, interaction_id: str, conversation: Conversation) -> None:
        """Say which conversation the attempt became; somebody answered it, unless it was called off."""
        await self._gate.attach(self._work, attempt_id, interaction_id)
        if conversation.facts["status"] != _CALLED_OFF:
            await self._gate.follow(self._work, attempt_id, "answered" if conversation.turns else "accepted")

    async def end(self, attempt_id: str, conversation: Conversation) -> None:
        """The attempt is over, in the way the conversation ended."""
        facts = conversation.facts
        ends = {_CALLED_OFF: "canceled", _NEVER_RANG: "refused"}
        outcome = facts["ends"] if conversation.is_call else "delivered"
        await self._gate.follow(self._work, attempt_id, ends.get(facts["status"], "ended"), outcome=outcome)

    async def opt_out(self, opt_out: OptOut) -> None:
        """The lead asked to be left alone. A text thread holds the confirmation, so that goes through the gate, too."""
        await self._do_not_call.opt_out(self._work, opt_out)
        if opt_out.source != "sms" or opt_out.interaction_id is None:
            return
        for attempt_id in await self._gate.planned_confirmations(self._work, opt_out.phone):
            answer = await self._gate.commit(self._work, attempt_id)
            if isinstance(answer, Refused):
                raise _refusal(answer.judgement)
            await self._gate.attach(self._work, attempt_id, opt_out.interaction_id)
            await self._gate.follow(self._work, attempt_id, "ended", outcome="delivered")


def _refusal(judgement: Judgement) -> Refusal:
    decision = judgement.decision
    code = "nothing" if isinstance(decision, Allow) else decision.code
    against = "; ".join(reason.detail or reason.rule_id for reason in decision.reasons if reason.code)
    return Refusal(f"The demo cannot be told, because the contact gate refuses its calls with {code}: {against}")
