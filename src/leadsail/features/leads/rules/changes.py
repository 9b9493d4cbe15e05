"""What a change does to a lead's body, which is its wire form without ids, campaign names and times."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from leadsail.foundation.geography import classify, zone_of
from leadsail.foundation.records.merge import merged

Body = dict[str, Any]

REQUIRED = ("firstName", "lastName", "email", "phone", "status", "campaign", "submissionCount")
_APART = ("campaign", "notes", "questionnaire", "deleteQuestionnaireKeys", "approval", "flags")
_OBJECTS = frozenset({"address", "attribution", "compliance", "customFields"})
_GUESSES = frozenset({"zip", "area_code"})
_MOST = {
    "notes": 1_000,
    "questionnaire": 500,
    "customFields": 500,
    "compliance": 100,
}


@dataclass(frozen=True, slots=True)
class Moment:
    """When and on whose behalf something is written; `new_note_id` makes the id of a note that came without."""

    at: str
    by: str
    new_note_id: Callable[[], str]


def new_body(sent: Body, moment: Moment) -> Body:
    """The body of a lead that was just created, with its first submission, which is `moment.at`."""
    body = {name: value for name, value in sent.items() if value is not None and name not in _APART}
    body["notes"] = with_notes([], sent.get("notes") or [], moment)
    body["questionnaire"] = with_answers([], sent.get("questionnaire") or [])
    body["flags"] = _without_nulls(sent.get("flags") or {})
    for name in _OBJECTS & body.keys():
        body[name] = _without_nulls(body[name])
    body |= {"status": "new", "submissionCount": 1, "latestSubmittedAt": moment.at}
    return _tidy(with_zone(body, body))


def changed(body: Body, sent: Body, moment: Moment) -> Body:
    """`body` after a PATCH: absent stays, `null` clears, objects merge one level, lists of items by their key."""
    result = merged(body, {name: value for name, value in sent.items() if name not in _APART})
    result["flags"] = _flags({} if _cleared(sent, "flags") else body["flags"], sent)
    result["notes"] = [] if _cleared(sent, "notes") else with_notes(body["notes"], sent.get("notes", []), moment)
    old = [] if _cleared(sent, "questionnaire") else body["questionnaire"]
    result["questionnaire"] = with_answers(
        old, sent.get("questionnaire") or [], deleted=sent.get("deleteQuestionnaireKeys") or []
    )
    if sent.get("campaign"):
        result["campaignId"] = sent["campaign"]["campaignId"]
    if "approval" in sent:
        result = _with_approval(result, sent, moment)
    return _tidy(with_zone(result, sent, before=body))


def with_notes(notes: Iterable[Body], sent: Iterable[Body], moment: Moment) -> list[Body]:
    """The notes after `sent`: one with a known id replaces what it says, every other is appended."""
    result = {note["id"]: note for note in notes}
    for note in sent:
        note_id = note.get("id") or moment.new_note_id()
        known = result.get(note_id, {"createdAt": moment.at, "createdBy": moment.by})
        result[note_id] = known | _without_nulls(note) | {"id": note_id}
    return list(result.values())


def with_answers(answers: Iterable[Body], sent: Iterable[Body], *, deleted: Iterable[str] = ()) -> list[Body]:
    """The questionnaire after `sent`, merged by key; `deleted` keys go first, so that one may be asked anew."""
    result = {answer["key"]: answer for answer in answers}
    for key in deleted:
        result.pop(key, None)
    for answer in sent:
        key = answer["key"]
        told = {name: value for name, value in answer.items() if value is not None or name == "answer"}
        result[key] = {"answer": None} | result.get(key, {}) | told
    return list(result.values())


def with_zone(body: Body, sent: Mapping[str, Any], *, before: Mapping[str, Any] | None = None) -> Body:
    """The body with the best known time zone and where it is from: the user, the address's zip, the area of the phone.

    A zone that only zip or area told follows the address and the phone; one that somebody stated stays.
    """
    if sent.get("timezone"):
        source = sent.get("timezoneSource") or "user_input"
        return body | {"timezoneSource": source}
    result = dict(body)
    if not result.get("timezone"):
        result.pop("timezoneSource", None)
    guessed = "timezone" not in result or result.get("timezoneSource") in _GUESSES
    if guessed and (before is None or _whereabouts(before) != _whereabouts(body)):
        result.pop("timezone", None)
        result.pop("timezoneSource", None)
        phone, zip_code, country = _whereabouts(body)
        found = zone_of(classify(phone), zip=zip_code, country=country)
        return result | (dict(zip(("timezone", "timezoneSource"), found, strict=True)) if found else {})
    return result


def _whereabouts(body: Mapping[str, Any]) -> tuple[str, str | None, str | None]:
    """What tells a lead's zone: phone, zip, and the country in which both are read."""
    address = body.get("address") or {}
    return body["phone"], address.get("zip"), address.get("country") or body.get("country")


def opted_out(before: Mapping[str, Any], sent: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether a change asks that the number be left alone: status or flag say so now, or it is another number."""
    if not after["flags"].get("isDnc"):
        return False
    newly = not before["flags"].get("isDnc") or sent.get("status") == "dnc"
    return newly or before["phone"] != after["phone"]


def excesses(body: Mapping[str, Any]) -> list[str]:
    """One line for each part of a body that grew, change by change, larger than a lead may be."""
    return [f"{name}: a lead holds at most {most}" for name, most in _MOST.items() if len(body.get(name, ())) > most]


def _tidy(body: Body) -> Body:
    """The body without objects that hold nothing, which is how the wire tells that there is none."""
    return {name: value for name, value in body.items() if value or name not in _OBJECTS}


def _cleared(sent: Mapping[str, Any], name: str) -> bool:
    return name in sent and sent[name] is None


def _flags(flags: Body, sent: Mapping[str, Any]) -> Body:
    opted_out_now = {"isDnc": True} if sent.get("status") == "dnc" else {}
    return _without_nulls(flags | (sent.get("flags") or {}) | opted_out_now)


def _with_approval(body: Body, sent: Body, moment: Moment) -> Body:
    """A decision with who took it and when; `pending` takes a decision back, `rejected` rejects the lead as well."""
    result = dict(body)
    old = result.pop("approval", {})
    if sent["approval"] is None:
        return result
    status = sent["approval"].get("status") or old.get("status")
    approval = {"status": status, "campaignId": result["campaignId"]}
    approval |= {"decidedBy": moment.by, "decidedAt": moment.at} if status != "pending" else {}
    # A reason belongs to its decision, so another decision does not inherit it.
    kept = {"reason": old.get("reason")} if status == old.get("status") else {}
    approval |= kept | ({"reason": sent["approval"]["reason"]} if "reason" in sent["approval"] else {})
    if sent["approval"].get("status") == "rejected" and "status" not in sent:
        result["status"] = "rejected"
    return result | {"approval": _without_nulls(approval)}


def _without_nulls(values: Mapping[str, Any]) -> Body:
    return {name: value for name, value in values.items() if value is not None}
