"""Whether somebody agreed to be contacted: which agreements count here and now, and why the others do not."""

from datetime import datetime, timedelta

from leadsail.features.contact_gate.models import Consent, ConsentKind, Reason
from leadsail.features.contact_gate.rules.reasons import Case, utc
from leadsail.features.contact_gate.rules.rule import ConsentRule, Reassigned

_STRENGTH: dict[ConsentKind, int] = {"none": 0, "express": 1, "written": 2, "automated_call": 3}
"""An agreement in writing to calls by a machine says all that the weaker ones say."""

_WORDS: dict[ConsentKind, str] = {
    "none": "no agreement at all",
    "express": "an express agreement",
    "written": "an agreement in writing",
    "automated_call": "an agreement to automated calls",
}
_REMEDY = "Put it into the lead's `compliance` or the campaign's `consentBasis`, or record it as a consent."


def judge(case: Case) -> list[Reason]:
    """What the rules on consent say, and the one on numbers that changed hands where an agreement is there at all."""
    reasons = [_asked(case, rule) for rule in case.law.consents]
    if all(reason.code is None for reason in reasons):
        reasons += [_still_theirs(case, rule) for rule in case.law.reassigned]
    return reasons


def counting(case: Case, needs: ConsentKind) -> list[Consent]:
    """The agreements that are at least as strong as this and count here and now."""
    return [
        consent
        for consent in case.contact.consents
        if _STRENGTH[consent.kind] >= _STRENGTH[needs] and not _faults(case, consent)
    ]


def _faults(case: Case, consent: Consent) -> list[str]:
    """Why an agreement does not count here and now, however strong it is; empty where it does."""
    at, found = case.intent.at, []
    if consent.channels and case.intent.channel not in consent.channels:
        found.append(f"it covers {', '.join(sorted(consent.channels))} and not {case.intent.channel}")
    if consent.given_at is not None and consent.given_at > at:
        found.append(f"it lies in the future ({utc(consent.given_at)})")
    if consent.expires_at is not None and consent.expires_at <= at:
        found.append(f"it expired on {utc(consent.expires_at)}")
    if _is_for_others(case, consent) and _sellers_bind(case):
        found.append(f"it was given to {', '.join(consent.sellers)} and not to this business")
    return found


def _asked(case: Case, rule: ConsentRule) -> Reason:
    needs = rule.values.needs
    if needs == "none":
        return case.passes(rule.id)
    found = counting(case, needs)
    if found:
        return case.passes(rule.id, _named(found[0]) + _warning(case, found[0]))
    return case.fails(rule.id, "CONSENT_MISSING", _missing(case, needs))


def _missing(case: Case, needs: ConsentKind) -> str:
    what = f"{case.intent.purpose.replace('_', ' ')} {'call' if case.intent.channel == 'call' else 'text'}"
    looked = "; ".join(
        f"{_named(one)}: {', '.join(_weakness(one, needs) + _faults(case, one))}" for one in case.contact.consents
    )
    return f"A {what} here needs {_WORDS[needs]}. Found: {looked or 'nothing'}. {_REMEDY}"


def _weakness(consent: Consent, needs: ConsentKind) -> list[str]:
    return [] if _STRENGTH[consent.kind] >= _STRENGTH[needs] else [f"it is {_WORDS[consent.kind]}"]


def _named(consent: Consent) -> str:
    given = f" of {utc(consent.given_at)}" if consent.given_at else ", undated"
    return f"{consent.kind} ({consent.source}){given}"


def _warning(case: Case, consent: Consent) -> str:
    return "; it names other sellers only" if _is_for_others(case, consent) else ""


def _sellers_bind(case: Case) -> bool:
    return any(rule.values.asked == "always" or case.terms.tenant.sellers_strict for rule in case.law.sellers)


def _is_for_others(case: Case, consent: Consent) -> bool:
    if not consent.sellers:
        return False
    ours = {_spelled(name) for name in case.terms.tenant.names}
    return not any(_spelled(seller) in ours for seller in consent.sellers)


def _spelled(name: str) -> str:
    """A name as people compare it: without case, spaces and punctuation."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def _still_theirs(case: Case, rule: Reassigned) -> Reason:
    needs = {asked.values.needs for asked in case.law.consents}
    found = [one for one in counting(case, "none") if all(not _weakness(one, kind) for kind in needs)]
    lost = [why for consent in found if (why := _lost(case, consent))]
    if found and len(lost) == len(found):
        return case.fails(rule.id, "CONSENT_MISSING", f"{lost[0]}. {_REMEDY}")
    return case.passes(rule.id, _answer(case))


def _lost(case: Case, consent: Consent) -> str:
    """Why an agreement that counts may be that of somebody who had the number before; empty where nothing says so."""
    check, days = case.contact.reassignment, case.terms.tenant.reassigned_check_days
    given, at = consent.given_at, case.intent.at
    if check and check.answer == "yes" and (given is None or given <= check.asked_at):
        return f"The number changed hands after the agreement, as the file of {utc(check.asked_at)} says"
    if case.intent.purpose == "informational" or days is None:
        return ""
    oldest = at - timedelta(days=days)
    if (given is None or given < oldest) and not _was_checked(case, oldest):
        return f"The agreement is older than {days} days and nobody checked since whether the number changed hands"
    return ""


def _was_checked(case: Case, oldest: datetime) -> bool:
    check = case.contact.reassignment
    return check is not None and check.answer != "no_data" and oldest <= check.asked_at <= case.intent.at


def _answer(case: Case) -> str:
    check = case.contact.reassignment
    return f"the file of {utc(check.asked_at)} says {check.answer}" if check else "not checked"
