"""The use cases of interactions: open, append, change, close, seal; and the reads that everybody waits for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from leadsail.features.interactions.events import InteractionEnded
from leadsail.features.interactions.repository import COLUMNS, InteractionRepository
from leadsail.features.interactions.rules import Row, sealed_text, told_turn
from leadsail.features.interactions.schemas import InteractionChange, NewInteraction, NewTurn
from leadsail.features.leads.events import LeadErased
from leadsail.features.leads.service import LeadService
from leadsail.foundation.clock import Clock
from leadsail.foundation.database import Database, Work
from leadsail.foundation.encryption import KeyedHash
from leadsail.foundation.errors import Conflict, InvalidInput, NotFound
from leadsail.foundation.event_bus import EventBus
from leadsail.foundation.ids import is_possible_id, new_id
from leadsail.foundation.records import merged
from leadsail.foundation.web.pagination import Period
from leadsail.foundation.web.schemas import timestamp

_ALWAYS = Period(None, None)
_EXTRA = ("isTest", "dialState", "analysis")
_READ = "select sequence, sealed from read_interaction($1, $2)"
_HEADER = ", ".join(f"(header).{name}" for name in COLUMNS.split(", "))


@dataclass(frozen=True, slots=True)
class Sealed:
    """An interaction as JSON text, ready to be sent, and the sequence of its latest change."""

    text: str
    sequence: int


@dataclass(frozen=True, slots=True)
class Appended:
    """Where a turn went: its number in the transcript and the sequence of its event, both from 1."""

    number: int
    sequence: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which interactions a list shows; None does not filter."""

    lead_id: str | None = None
    campaigns: Sequence[str] | None = None
    clients: Sequence[str] | None = None
    offers: Sequence[str] | None = None
    type: str | None = None
    status: str | None = None
    period: Period = _ALWAYS


@dataclass(frozen=True, slots=True)
class State:
    """How far an interaction is: the sequence of its latest change, and whether it is over."""

    sequence: int
    ended: bool


class InteractionService:
    """Every call and thread. Writes take a unit of work; reads name the tenant and go straight to guarded functions."""

    def __init__(
        self, database: Database, clock: Clock, bus: EventBus, leads: LeadService, keyed_hash: KeyedHash
    ) -> None:
        self._database = database
        self._clock = clock
        self._bus = bus
        self._leads = leads
        self._hash = keyed_hash

    async def open(self, work: Work, new: NewInteraction) -> str:
        """Begin an interaction; answers its id."""
        interaction_id = new_id("int")
        now = self._clock.now()
        body = new.model_dump(mode="json", by_alias=True)
        values = {
            "interaction_id": interaction_id,
            "lead_id": new.lead_id,
            "campaign_id": new.campaign_id,
            "client_id": new.client_id,
            "offer_id": new.offer_id,
            "type": new.type,
            "status": new.status,
            "phone": new.phone,
            "telephony": body["telephony"],
            "call": body.get("call"),
            "sms": body.get("sms"),
            "extra": {name: body[name] for name in _EXTRA if name in body},
            "sequence": 1,
            "created_at": now,
            "updated_at": now,
        }
        repository = InteractionRepository(work)
        await repository.add(values)
        await repository.add_event(interaction_id, 1, "interaction.started", {"status": new.status}, now)
        return interaction_id

    async def append(self, work: Work, interaction_id: str, turn: NewTurn) -> Appended:
        """Add what was said. It shows in every read once the unit of work has committed. Raises `NotFound`."""
        now = self._clock.now()
        extra = {"interrupted": True} if turn.interrupted else {}
        values = turn.model_dump(include={"role", "source", "speaker", "message"})
        values |= {"at": turn.timestamp or now, "extra": extra}
        row = await InteractionRepository(work).append(interaction_id, values, now)
        if row is None:
            raise NotFound
        if row["ended"]:
            await self._bus.publish(work, InteractionEnded(interaction_id))
        return Appended(row["number"], row["sequence"])

    async def change(self, work: Work, interaction_id: str, change: InteractionChange) -> None:
        """Note what became known, before or after the end. Raises `NotFound`."""
        await self._change(work, interaction_id, change, ending=False)

    async def close(self, work: Work, interaction_id: str, outcome: InteractionChange) -> None:
        """End an interaction with its outcome. Raises `NotFound`, or `Conflict` when it is over already."""
        if outcome.status in (None, "in_progress"):
            raise InvalidInput("status: an ended interaction needs a final status")
        await self._change(work, interaction_id, outcome, ending=True)

    async def seal(self, work: Work, interaction_id: str) -> None:
        """Write the finished document down, so that from now on it is read as it is. Does nothing while it runs."""
        repository = InteractionRepository(work)
        # The lock comes first, so that the transcript read after it holds every turn that came before.
        header = await repository.lock(interaction_id)
        if header is None or header["ended_at"] is None or header["sealed"] is not None:
            return
        turns = await repository.transcript(interaction_id)
        await repository.seal(interaction_id, sealed_text(header, turns))

    async def prove(self, work: Work, lead: LeadErased) -> None:
        """Before a lead is erased with all that was said: leave a keyed hash of each interaction's document."""
        repository = InteractionRepository(work)
        lead.proof["interactions"] = [
            {
                "interactionId": header["interaction_id"],
                "type": header["type"],
                "status": header["status"],
                "createdAt": timestamp(header["created_at"]),
                "documentHash": await self._document_hash(repository, header),
            }
            for header in await repository.of_lead(lead.lead_id)
        ]

    async def read(self, tenant_id: str, interaction_id: str) -> Sealed:
        """One interaction: the sealed text where there is one, else assembled. Raises `NotFound`."""
        if not is_possible_id(interaction_id):
            raise NotFound
        row = await self._database.hot(_READ, tenant_id, interaction_id)
        if row is None:
            raise NotFound
        if row["sealed"] is not None:
            return Sealed(row["sealed"], row["sequence"])
        return await self._read_open(tenant_id, interaction_id)

    async def of_lead(self, tenant_id: str, work: Work, lead_id: str) -> list[str]:
        """All interactions of a lead as JSON texts, newest first. Raises `NotFound` when there is no such lead."""
        await self._leads.read(work, lead_id)
        return await self._texts(tenant_id, Wanted(lead_id=lead_id), None, None)

    async def page(
        self, tenant_id: str, wanted: Wanted, cursor: str | None, limit: int
    ) -> tuple[list[str], str | None]:
        """One page as JSON texts, newest first, and the cursor of the next page, None on the last."""
        rows = await self._rows(tenant_id, wanted, cursor, limit + 1)
        more = len(rows) > limit
        rows = rows[:limit]
        return [_text(row) for row in rows], _cursor_after(rows[-1]) if more else None

    async def state(self, tenant_id: str, interaction_id: str) -> State:
        """How far an interaction is. Raises `NotFound`."""
        query = "select sequence, ended from interaction_state($1, $2)"
        row = (
            await self._database.fetchrow(query, tenant_id, interaction_id) if is_possible_id(interaction_id) else None
        )
        if row is None:
            raise NotFound
        return State(row["sequence"], row["ended"])

    async def events(self, tenant_id: str, interaction_id: str, after: int) -> list[dict[str, Any]]:
        """What changed after the event numbered `after`, in order; at most 500 at once."""
        rows = await self._database.fetch(
            "select sequence, type, at, data, turn from read_interaction_events($1, $2, $3)",
            tenant_id,
            interaction_id,
            after,
        )
        return [_event(interaction_id, row) for row in rows]

    async def _change(self, work: Work, interaction_id: str, change: InteractionChange, *, ending: bool) -> None:
        repository = InteractionRepository(work)
        lead_id = await repository.lead_of(interaction_id) if is_possible_id(interaction_id) else None
        if lead_id is None:
            raise NotFound
        # Whoever needs both locks takes the lead's first, as erasure does; else the two could wait for each other.
        await self._leads.hold(work, lead_id, with_person=change.status == "dnc")
        header = await repository.lock(interaction_id)
        if header is None:
            raise NotFound
        if ending and header["ended_at"] is not None:
            raise Conflict("This interaction is over already")
        now = self._clock.now()
        sent = change.model_dump(mode="json", by_alias=True, exclude_unset=True)
        values = _changed(dict(header), sent)
        values |= {"sequence": header["sequence"] + 1, "updated_at": now}
        if ending:
            values["ended_at"] = now
        await repository.save(interaction_id, values)
        kind = "interaction.completed" if ending else "interaction.updated"
        await repository.add_event(interaction_id, values["sequence"], kind, sent, now)
        if change.status is not None and change.status != header["status"]:
            await self._leads.follow_interaction(work, header["lead_id"], change.status)
        if ending or header["ended_at"] is not None:
            await self._bus.publish(work, InteractionEnded(interaction_id))

    async def _document_hash(self, repository: InteractionRepository, header: Row) -> str:
        text = sealed_text(header, await repository.transcript(header["interaction_id"]))
        return self._hash.of("erased-interaction", text).hex()

    async def _read_open(self, tenant_id: str, interaction_id: str) -> Sealed:
        row = await self._database.fetchrow(
            f"select {_HEADER}, transcript from read_open_interaction($1, $2)",  # noqa: S608 - constant column names
            tenant_id,
            interaction_id,
        )
        if row is None:
            raise NotFound
        return Sealed(sealed_text(row, row["transcript"]), row["sequence"])

    async def _texts(self, tenant_id: str, wanted: Wanted, cursor: str | None, limit: int | None) -> list[str]:
        return [_text(row) for row in await self._rows(tenant_id, wanted, cursor, limit)]

    async def _rows(self, tenant_id: str, wanted: Wanted, cursor: str | None, limit: int | None) -> list[Any]:
        after_at, after_id = _after(cursor) if cursor else (None, None)
        return await self._database.fetch(
            f"select {_HEADER}, transcript"  # noqa: S608 - constant column names
            " from list_interactions($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            tenant_id,
            wanted.lead_id,
            wanted.campaigns,
            wanted.clients,
            wanted.offers,
            wanted.type,
            wanted.status,
            wanted.period.since,
            wanted.period.until,
            after_at,
            after_id,
            limit,
        )


def _changed(header: Mapping[str, Any], sent: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that a change sets."""
    values: dict[str, Any] = {}
    for column, name in (("status", "status"), ("summary", "summary"),
                         ("error_code", "errorCode"), ("error_message", "errorMessage")):  # fmt: skip
        if name in sent:
            values[column] = sent[name]
    if "call" in sent:
        values["call"] = merged(header["call"] or {}, sent["call"])
    if "messageId" in sent:
        values["telephony"] = merged(header["telephony"], {"messageId": sent["messageId"]})
    extra = {name: sent[name] for name in _EXTRA if name in sent}
    if extra:
        values["extra"] = merged(header["extra"], extra)
    return values


def _text(row: Row) -> str:
    sealed: str | None = row["sealed"]
    return sealed if sealed is not None else sealed_text(row, row["transcript"])


def _event(interaction_id: str, row: Row) -> dict[str, Any]:
    data = {"turn": told_turn(row["turn"])} if row["turn"] else row["data"]
    return {
        "event": row["type"],
        "interactionId": interaction_id,
        "sequence": row["sequence"],
        "timestamp": timestamp(row["at"]),
        "data": data,
    }


def _cursor_after(row: Row) -> str:
    created: datetime = row["created_at"]
    return f"{int(created.timestamp() * 1000)}.{row['interaction_id']}"


def _after(cursor: str) -> tuple[datetime, str]:
    milliseconds, dot, interaction_id = cursor.partition(".")
    if not (dot and milliseconds.isascii() and milliseconds.isdigit() and len(milliseconds) <= 14):
        raise InvalidInput("cursor: must be the `nextCursor` of an earlier page")
    return datetime.fromtimestamp(int(milliseconds) / 1000, UTC), interaction_id
