"""A dossier in a few plain sentences, for a reader who has never seen the product. Pure."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from leadsail.features.dossiers.schemas import Dossier, DossierAttempt, DossierConsent, DossierDecision
from leadsail.foundation.geography import NumberKind, classify

_CONSENT = {
    "none": "no agreement",
    "express": "an agreement by word",
    "written": "an agreement in writing",
    "automated_call": "an agreement in writing to calls by a machine",
}
_TOLD_BY = {
    "lead": "the lead's own record",
    "campaign": "the lead's record, with the form of the campaign",
    "api": "a program of ours that recorded it",
    "import": "a file that was imported",
}


def summary_of(dossier: Dossier) -> list[str]:
    """The whole in plain sentences, in the order in which it happened."""
    return [
        _who(dossier),
        *_sandbox(dossier),
        *_agreed(dossier),
        *(line for attempt in dossier.attempts for line in _decided(attempt)),
        *_undecided(dossier),
        _first_words(dossier),
        *_opted_out(dossier),
    ]


def _who(dossier: Dossier) -> str:
    person, when = dossier.person or "The person", _on(dossier.contacted_at)
    call = dossier.channel == "call"
    if dossier.began_by == "lead":
        return f"{person} {'called' if call else 'texted'} {dossier.business} at {dossier.our_number} on {when}."
    tried = "called" if call else "texted"
    if not any(attempt.committed_at for attempt in dossier.attempts) and dossier.attempts:
        tried = "to be called" if call else "to be texted"
    return f"{person} was {tried} at {dossier.phone} by {dossier.business}, from {dossier.our_number}, on {when}."


def _sandbox(dossier: Dossier) -> Iterator[str]:
    if classify(dossier.phone).kind is NumberKind.SANDBOX:
        yield f"{dossier.phone} is a number for rehearsals that belongs to nobody: no real person was reached."


def _agreed(dossier: Dossier) -> list[str]:
    if dossier.consents:
        return [_agreement(consent) for consent in dossier.consents]
    if dossier.began_by == "lead":
        return []
    return ["No agreement of the person was on file; where one was needed, the decisions below say so."]


def _agreement(consent: DossierConsent) -> str:
    given = f", given on {_on(consent.given_at)}" if consent.given_at else ""
    sellers = f", to {', '.join(consent.sellers)}" if consent.sellers else ""
    told_by = _TOLD_BY.get(consent.source, consent.source)
    return f"On file was {_CONSENT[consent.kind]}{given}{sellers}. Source: {told_by}."


def _decided(attempt: DossierAttempt) -> Iterator[str]:
    """What was decided last, since nothing goes ahead without asking again."""
    if not attempt.decisions:
        return
    last = attempt.decisions[-1]
    what = "one text to confirm the opt-out" if attempt.purpose == "opt_out_confirmation" else "it"
    if last.outcome != "allow":
        yield f"The contact gate refused {what} on {_on(last.at)}: {_against(last)}"
    elif last.stage == "plan":
        yield f"The contact gate allowed {what} to be planned on {_on(last.at)}; it was not carried out."
    else:
        yield f"The contact gate allowed {what} on {_on(last.at)}{_clocks(last.local_times)}: {_none_against(last)}"


def _against(decision: DossierDecision) -> str:
    if decision.erased:
        return f"{decision.code}. What it knew of the person was erased since."
    rule = next((rule for rule in decision.rules if rule.said == decision.code), None)
    return f"{decision.code}. {rule.text if rule else ''}".rstrip()


def _none_against(decision: DossierDecision) -> str:
    if decision.erased:
        return "what it knew of the person was erased since."
    return f"{len(decision.rules)} rules had a say, and none was against it."


def _clocks(local_times: Mapping[str, str]) -> str:
    told = [f"{datetime.fromisoformat(time):%H:%M} in {zone}" for zone, time in sorted(local_times.items())]
    if not told:
        return ""
    more = f" and in {len(told) - 3} more time zones" if len(told) > 3 else ""
    return f", when it was {', '.join(told[:3])}{more}"


def _undecided(dossier: Dossier) -> Iterator[str]:
    if dossier.began_by == "us" and not any(attempt.decisions for attempt in dossier.attempts):
        yield "No decision of the contact gate was kept for it: another program, or a person, held it outside LeadSail."
    if dossier.began_by == "lead" and not dossier.attempts:
        yield "The person began the conversation, so the contact gate had nothing to decide."


def _first_words(dossier: Dossier) -> str:
    first = dossier.disclosure
    if first.said is None:
        return "Nothing was said from our side."
    if not first.by_ai:
        return "The first words from our side were written by a person."
    told = "They say" if first.names_ai else "They do not say"
    return f"The agent's first words were: “{first.said}” {told} that an artificial voice or assistant is speaking."


def _opted_out(dossier: Dossier) -> Iterator[str]:
    for entry in dossier.do_not_call:
        if entry.asked_here:
            words = f": “{entry.words}”" if entry.words else "."
            yield f"In this conversation the person asked to be left alone{words}"
        yield f"The number has been on the do-not-call list since {_on(entry.since)}."


def _on(instant: datetime) -> str:
    return f"{instant.day} {instant:%B %Y at %H:%M} UTC"
