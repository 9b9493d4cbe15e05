"""Who asked to be left alone: the do-not-call list, registries, and the one text that may confirm an opt-out."""

from datetime import timedelta

from leadsail.features.contact_gate.models import Code, Reason, RegistryFact, Suppression
from leadsail.features.contact_gate.rules.consent import counting
from leadsail.features.contact_gate.rules.reasons import Case, utc
from leadsail.features.contact_gate.rules.rule import Confirmation, RegistryRule
from leadsail.features.contact_gate.rules.rule import Suppression as SuppressionRule


def judge(case: Case) -> list[Reason]:
    """What stands against contact at all. An opt-out's own confirmation is the one thing that passes the list."""
    if case.intent.purpose == "opt_out_confirmation":
        return _confirmations(case)
    listed = [_listed(case, rule) for rule in case.law.suppressions]
    return listed + [_registered(case, rule) for rule in case.law.registries if _is_of_its_country(case, rule)]


def _listed(case: Case, rule: SuppressionRule) -> Reason:
    standing = [one for one in case.contact.suppressions if case.terms.sender.number not in one.lifted_for]
    if standing:
        return case.fails(rule.id, "DO_NOT_CALL", _said(standing))
    lifted = f"; lifted for {case.terms.sender.number} from the handset" if case.contact.suppressions else ""
    return case.passes(rule.id, f"no entry stands{lifted}")


def _said(standing: list[Suppression]) -> str:
    entry = next((one for one in standing if one.number_is_dialed_one), standing[0])
    who = "This number" if entry.number_is_dialed_one else "Another number of the same person"
    return f"{who} is on the do-not-call list since {utc(entry.since)} ({entry.source})"


_REMEDY = "; or tell of an agreement in writing: `compliance` on the lead, `consentBasis` on the campaign"
_COUNTRY_OF = {"us_dnc": "US", "ca_dncl": "CA", "gb_tps": "GB"}


def _is_of_its_country(case: Case, rule: RegistryRule) -> bool:
    """A registry knows the numbers of its own country; nobody can be asked to look up others in it."""
    return case.contact.number.country in {None, _COUNTRY_OF[rule.values.registry]}


def _registered(case: Case, rule: RegistryRule) -> Reason:
    values = rule.values
    if values.exempt != "none" and counting(case, values.exempt):
        return case.passes(rule.id, f"lifted by an agreement ({values.exempt})")
    facts = [fact for fact in case.contact.registries if fact.registry == values.registry]
    against = _against(case, facts, values.max_age_days)
    if against:
        # A list that is missing says nothing against the number; it only cannot stand in for the agreement that would
        # lift it. Where nothing lifts the list, not knowing it is as good as being on it.
        unknown = values.exempt != "none" and not any(fact.listed for fact in facts)
        code: Code = "CONSENT_MISSING" if unknown else "DO_NOT_CALL"
        return case.fails(rule.id, code, f"{values.registry}: {against}{_REMEDY if unknown else ''}")
    return case.passes(rule.id, f"{values.registry}: not listed{_warning(case, facts, values.warn_age_days)}")


def _against(case: Case, facts: list[RegistryFact], max_age_days: int) -> str:
    if any(fact.listed for fact in facts):
        return "the number is listed"
    scrubs = [fact.scrubbed_at for fact in facts if fact.scrubbed_at and fact.scrubbed_at <= case.intent.at]
    if not scrubs:
        return "the registry was never imported for this number; import it"
    if case.intent.at - max(scrubs) > timedelta(days=max_age_days):
        return f"imported on {utc(max(scrubs))}, more than {max_age_days} days before; import it again"
    return ""


def _warning(case: Case, facts: list[RegistryFact], warn_age_days: int) -> str:
    newest = max(fact.scrubbed_at for fact in facts if fact.scrubbed_at)
    days = (case.intent.at - newest).days
    return f", imported {days} days ago; import it again soon" if days >= warn_age_days else ""


def _confirmations(case: Case) -> list[Reason]:
    if not case.law.confirmations:
        return [case.fails("platform.confirmation", "DO_NOT_CALL", "An opt-out is confirmed by text only")]
    return [_confirmed(case, rule) for rule in case.law.confirmations]


def _confirmed(case: Case, rule: Confirmation) -> Reason:
    history, values = case.history, rule.values
    if history.opted_out_at is None:
        return case.fails(rule.id, "DO_NOT_CALL", "There is no opt-out to confirm")
    if history.confirmations >= values.at_most:
        return case.fails(rule.id, "DO_NOT_CALL", "The opt-out was confirmed before")
    if case.intent.at - history.opted_out_at > timedelta(minutes=values.within_minutes):
        return case.fails(
            rule.id, "DO_NOT_CALL", f"The opt-out of {utc(history.opted_out_at)} is too old to be confirmed"
        )
    return case.passes(rule.id, f"confirms the opt-out of {utc(history.opted_out_at)}")
