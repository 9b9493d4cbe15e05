"""Which numbers may be reached at all: by kind, by country, and by what the tenant has acknowledged."""

from leadsail.features.contact_gate.models import Reason
from leadsail.features.contact_gate.rules.reasons import Case
from leadsail.features.contact_gate.rules.rule import Declaration, Destination


def judge(case: Case) -> list[Reason]:
    """What stands against the number itself. The sandbox's numbers reach nobody, so anybody may use them."""
    if case.law.is_sandbox:
        return []
    reasons = [_kind(case, rule) for rule in case.law.destinations]
    reasons.append(_country(case))
    reasons += [_declared(case, rule) for rule in case.law.declarations]
    if case.terms.test_key:
        detail = "a test key reaches +1 500 [2-9]xx xxxx only"
        reasons.append(case.fails("key.test", "DESTINATION_NOT_ALLOWED", detail))
    return reasons


def _kind(case: Case, rule: Destination) -> Reason:
    kind = case.contact.number.kind
    if kind in rule.values.never:
        return case.fails(rule.id, "DESTINATION_NOT_ALLOWED", f"the number is of the kind {kind.lower()}")
    return case.passes(rule.id, kind.lower())


def _country(case: Case) -> Reason:
    tenant, own = case.terms.tenant, case.contact.number.country
    allowed = tenant.allowed_countries or frozenset({tenant.country})
    found = {own} if own else {one.place.country for one in case.contact.places}
    if found and found <= allowed:
        return case.passes("tenant.countries", ", ".join(sorted(found)))
    where = ", ".join(sorted(found - allowed)) or "a country that is not known"
    detail = f"the number belongs to {where}; allowed are {', '.join(sorted(allowed))}"
    return case.fails("tenant.countries", "DESTINATION_NOT_ALLOWED", detail)


def _declared(case: Case, rule: Declaration) -> Reason:
    if getattr(case.terms.tenant, rule.values.declared):
        return case.passes(rule.id, "acknowledged by the tenant")
    detail = f"the tenant has not acknowledged the duty for {rule.place} (`{rule.values.declared}`)"
    return case.fails(rule.id, "DESTINATION_NOT_ALLOWED", detail)
