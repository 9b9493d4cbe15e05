"""How an interaction is told: from its row and its turns to the document that clients read. Pure.

The document's fields stand in the order of the contract. Times are the contract's; what has no value is left out.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import orjson

from leadsail.foundation.web.schemas import timestamp

Document = dict[str, Any]

_TELEPHONY = ("provider", "messageId", "phoneNumber")
_CALL = ("source", "direction", "duration", "recordingUrl", "terminationReason", "voiceAI", "spokenTo")
_VOICE_AI = ("provider", "agentId", "conversationId")
_SMS = ("agentMode", "direction")
_EXTRA = ("isTest", "dialState", "analysis")


class Row(Protocol):
    """Columns by name: a row of the database, or a mapping."""

    def __getitem__(self, name: str, /) -> Any:
        """One column."""
        ...


StoredTurn = Sequence[Any]
"""As `transcript_of` in the database writes it: at, role, message, source, speaker, extra."""


def document(header: Row, turns: Iterable[StoredTurn]) -> Document:
    """The interaction of `header`, a row of the table, with `turns` as its transcript."""
    extra = header["extra"]
    told: Document = {
        "interactionId": header["interaction_id"],
        "leadId": header["lead_id"],
        "campaignId": header["campaign_id"],
        "clientId": header["client_id"],
        "offerId": header["offer_id"],
        "type": header["type"],
        "status": header["status"],
        "phone": header["phone"],
        "telephony": _ordered(header["telephony"], _TELEPHONY),
        "call": _call(header["call"]),
        "sms": _ordered(header["sms"], _SMS),
        "summary": header["summary"],
        "transcript": [told_turn(turn) for turn in turns],
        "errorCode": header["error_code"],
        "errorMessage": header["error_message"],
        "createdAt": timestamp(header["created_at"]),
        "updatedAt": timestamp(header["updated_at"]),
        **{name: extra.get(name) for name in _EXTRA},
        "sequence": header["sequence"],
    }
    return {name: value for name, value in told.items() if value is not None}


def told_turn(turn: StoredTurn) -> Document:
    """One turn of a transcript."""
    at, role, message, source, speaker, extra = turn
    said = {"timestamp": instant(at), "role": role, "message": message, "source": source, "speaker": speaker}
    return {**said, **extra}


def instant(text: str) -> str:
    """An instant as PostgreSQL's JSON writes it (UTC, up to microseconds), in the contract's spelling."""
    moment, _, _ = text.partition("+")
    seconds, _, fraction = moment.partition(".")
    return f"{seconds}.{fraction[:3]:0<3}Z"


def sealed_text(header: Row, turns: Iterable[StoredTurn]) -> str:
    """The document as compact JSON: what is stored when an interaction is over, and sent as it is from then on."""
    return orjson.dumps(document(header, turns)).decode()


def _call(call: Document | None) -> Document | None:
    told = _ordered(call, _CALL)
    if told and "voiceAI" in told:
        told["voiceAI"] = _ordered(told["voiceAI"], _VOICE_AI)
    return told


def _ordered(value: Document | None, names: Sequence[str]) -> Document | None:
    if value is None:
        return None
    first = {name: value[name] for name in names if value.get(name) is not None}
    return first | {name: item for name, item in value.items() if name not in first and item is not None}
