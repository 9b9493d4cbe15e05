"""Whether this database still knows all that happened: compared with the journal, which no backup takes back.

A copy that was put back has forgotten calls and opt-outs. It is told by the journal, which knows more, and then nobody
is called or texted until both were replayed. A crash between an opt-out's line in the journal and its commit is no such
thing: that opt-out is simply applied.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from leadsail.features.contact_gate.repository.decisions import SealRepository
from leadsail.features.contact_gate.repository.memory import Life, Link, MemoryRepository
from leadsail.features.contact_gate.service.heads import Heads, head_entry, released_entry
from leadsail.features.contact_gate.service.holds import HoldService, PlatformCause
from leadsail.features.do_not_call.service import DoNotCallService
from leadsail.foundation.clock import Clock
from leadsail.foundation.database import Database
from leadsail.foundation.errors import StateRefusal
from leadsail.ports.journal import Journal, JournalError

Say: TypeAlias = Callable[[str], None]

_HEADS_AT_ONCE = 500
_REPLAY = "run leadsail journal replay, which applies the opt-outs that it has forgotten and then lets contacts go on"


class ProviderHistory(Protocol):
    """Asks a carrier what it did for us, for what a restored database has forgotten."""

    name: str

    async def replay(self) -> int:
        """Record what happened and is not known here; answers how many calls or messages that were."""
        ...


class JournalIsAnother(StateRefusal):
    """The journal that this database wrote to is not the one that is here."""


@dataclass(frozen=True, slots=True)
class Witnesses:
    """What remembers besides the database."""

    journal: Journal
    opt_outs: DoNotCallService
    histories: Sequence[ProviderHistory] = ()


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why this database's memory cannot be trusted, and for how long: what was lost, and what to do."""

    cause: PlatformCause
    sentence: str


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay brought back, and whether anything had been held."""

    opt_outs: int
    contacts: int
    was_held: bool


class MemoryService:
    """Compares the database with the journal, keeps the two together, and holds everything while they disagree."""

    def __init__(
        self, database: Database, clock: Clock, holds: HoldService, witnesses: Witnesses, *, machine: str
    ) -> None:
        """`machine` is this machine's name: what one has held for want of a journal, another does not release."""
        self._memory = MemoryRepository(database)
        self._seals = SealRepository(database)
        self._clock = clock
        self._holds = holds
        self._journal = witnesses.journal
        self._opt_outs = witnesses.opt_outs
        self._histories = witnesses.histories
        self._by = f"platform on {machine}"

    async def look(self) -> Doubt | None:
        """Compare, hold everything where there is doubt, and apply opt-outs that only the journal knows.

        Answers why everything is held; None where all is well. Raises what the database raises.
        """
        held = {hold.code: hold for hold in await self._holds.on_platform()}
        if restored := held.get("restored_backup"):
            await self._begin_life(await self._memory.link())
            return Doubt("restored_backup", restored.reason)
        try:
            doubt = await self._compared()
        except JournalError as error:
            doubt = Doubt("journal_missing", str(error))
        if doubt is not None:
            await self._holds.place_on_platform(doubt.cause, reason=doubt.sentence, by=self._by)
        elif (missing := held.get("journal_missing")) and missing.placed_by == self._by:
            await self._holds.lift_from_platform("journal_missing", reason="The journal is here again", by=self._by)
        if doubt is not None and doubt.cause == "restored_backup":
            await self._begin_life(await self._memory.link())
        return doubt

    async def seal(self) -> int:
        """Seal the decisions that are due, and write the chain's new heads to the journal; answers how many.

        Not to be called while there is doubt, since the journal's chain and this one may then be two.
        """
        count = await self._seals.seal(self._clock.now())
        async with self._memory.unjournaled(_HEADS_AT_ONCE) as heads:
            if heads:
                now = self._clock.now()
                await self._journal.append_all([head_entry(number, head, now) for number, head in heads])
        return count

    async def replay(self, say: Say, *, by: str, give_up_journal: bool = False) -> Replayed:
        """Bring back what this database has forgotten, then let contacts go on.

        Raises `JournalIsAnother` where the journal that this database wrote to is not here, unless that one is given up
        for lost; and `JournalError`.
        """
        link, identity = await self._memory.link(), await self._journal.identity()
        if link.journal_id not in (None, identity) and not give_up_journal:
            raise JournalIsAnother(
                f"This database wrote to the journal {link.journal_id}, and the one here is {identity}; bring that one"
                " back, or give it up for lost with --give-up-journal: opt-outs that only it knew are then forgotten."
            )
        found = await self._opt_outs.reconcile(self._journal)
        say(f"{found.read:,} entries of the journal were read; {found.added:,} opt-outs were missing and are in force")
        if found.unknown_tenants:
            say(f"{found.unknown_tenants:,} opt-outs are of organisations that this database does not have")
        contacts = 0
        for history in self._histories:
            contacts += (told := await history.replay())
            say(f"{history.name}: {told:,} contacts were missing and are known again")
        await self._begin_life(link)
        await self._tie(identity, link.journaled if link.journal_id == identity else 0, by)
        return Replayed(found.added, contacts, was_held=await self._release(by))

    async def _compared(self) -> Doubt | None:
        """What the journal says is read before what the database says, which in a healthy one is never behind."""
        link, identity = await self._memory.link(), await self._journal.identity()
        heads, last, opted_out = Heads(), 0, False
        if link.journal_id in (None, identity):
            async for entry in self._journal.read(link.position):
                heads.hear(entry)
                last, opted_out = entry.position.sequence, opted_out or entry.kind == "opt_out"
        doubt = await self._judged(link, identity, heads)
        if doubt is not None:
            return doubt
        if opted_out:
            await self._opt_outs.reconcile(self._journal, after=link.position)
        if link.journal_id is None:
            await self._memory.connect(identity, await self._memory.life(), last, 0, self._clock.now())
        elif last:
            await self._memory.advance(identity, last)
        return None

    async def _judged(self, link: Link, identity: str, heads: Heads) -> Doubt | None:
        end = await self._journal.last()
        if link.journal_id not in (None, identity):
            return _other_journal(link, identity, empty=end is None)
        if link.position > (end.sequence if end else 0):
            return _cut_journal(link, end.sequence if end else 0)
        if link.life is not None and (life := await self._memory.life()) != link.life:
            return _other_life(link.life, life)
        return _forgotten(heads, await self._memory.heads(list(heads.known)), await self._memory.last_seal())

    async def _begin_life(self, link: Link) -> None:
        """Where the database came to life elsewhere or anew, its transactions are counted anew."""
        if link.life is not None and await self._memory.life() != link.life:
            await self._memory.begin_era(self._clock.now())

    async def _tie(self, identity: str, number: int, by: str) -> None:
        """Begin anew with this journal after seal `number`, the last that it surely knows: the rest is told again."""
        now, life = self._clock.now(), await self._memory.life()
        position = await self._journal.append(released_entry(number, life, by, now))
        await self._memory.connect(identity, life, position.sequence, number, now)

    async def _release(self, by: str) -> bool:
        causes: tuple[PlatformCause, ...] = ("restored_backup", "journal_missing")
        reason = "The journal and the providers' histories were replayed"
        lifted = [await self._holds.lift_from_platform(cause, reason=reason, by=by) for cause in causes]
        return any(lifted)


def _other_journal(link: Link, identity: str, *, empty: bool) -> Doubt:
    if empty:
        return Doubt(
            "journal_missing",
            f"The journal {link.journal_id}, which this database writes to, is not here: a new one, {identity}, was"
            " begun in its place. Put the folder journal back, or point every machine to the one journal; if it is"
            f" lost, {_REPLAY} (with --give-up-journal)",
        )
    return Doubt(
        "restored_backup",
        f"This database writes to the journal {link.journal_id}, and the one here is {identity}, with entries of its"
        f" own: one of the two was put back from another installation. Bring the right one, then {_REPLAY}",
    )


def _cut_journal(link: Link, end: int) -> Doubt:
    return Doubt(
        "journal_missing",
        f"The journal {link.journal_id} ends with entry {end}, and this database has seen entry {link.position}: an"
        f" older copy of the journal was put back. Bring the newest one; if it is lost, {_REPLAY}",
    )


def _other_life(known: Life, real: Life) -> Doubt:
    what = (
        "is a copy that was put into another server"
        if known.system_identifier != real.system_identifier
        else f"came back at an earlier moment (timeline {real.timeline} instead of {known.timeline})"
    )
    return Doubt("restored_backup", f"This database {what}; {_REPLAY}")


def _forgotten(heads: Heads, here: dict[int, bytes], last: int) -> Doubt | None:
    """The journal's heads that this database has not, or has otherwise: a later life that it does not know."""
    lost = [number for number, head in heads.known.items() if here.get(number) != head]
    if not lost:
        return None
    return Doubt(
        "restored_backup",
        f"The journal knows {max(heads.known)} seals of decisions and this database {last}, from seal {min(lost)} on"
        f" not the same: the database was put back from an older copy; {_REPLAY}",
    )
