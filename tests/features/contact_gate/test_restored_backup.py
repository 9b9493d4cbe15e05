"""A database that has forgotten something is told by its journal, and held until it remembers."""

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from leadsail.features.contact_gate.models import Allow
from leadsail.features.contact_gate.service.gate import ContactGate
from leadsail.features.contact_gate.service.memory import JournalIsAnother
from leadsail.features.contact_gate.service.requests import ContactRequest, Judgement, Refused
from leadsail.features.do_not_call.models import OptOut
from leadsail.providers.journal import FileJournal
from tests.features.contact_gate.installations import TENANT, Installation, NewInstallation
from tests.features.contact_gate.judgements import judged

ANN, BEN, SANDBOX = "+14155552671", "+14155552672", "+15002550100"
STOP = OptOut(ANN, "sms", "sms", {"words": "STOP"})


async def used(installation: Installation, times: int = 1) -> None:
    """Let an installation decide and seal."""
    assert await installation.memory.look() is None
    for _ in range(times):
        await installation.keep(judged())
        await installation.memory.seal()


@dataclass
class CarrierHistory:
    """A carrier that knows of calls which the database has forgotten."""

    calls: int
    name: str = "carrier"
    asked: int = 0

    async def replay(self) -> int:
        self.asked += 1
        return self.calls


def codes(judgement: Judgement) -> set[str]:
    """Every reason against a contact."""
    return {reason.code for reason in judgement.decision.reasons if reason.code}


def quiet(_: str) -> None:
    """Nobody listens."""


class TestAnInstallationThatIsWell:
    async def test_begins_clean_from_nothing(self, own: Installation) -> None:
        assert await own.memory.look() is None
        assert await own.held() == []

    async def test_stays_clean_over_restarts(self, own: Installation) -> None:
        await used(own, 3)
        await own.opt_out(ANN)

        doubts = [await own.memory.look() for _ in range(3)]

        assert doubts == [None, None, None]

    async def test_that_moved_with_its_journal_begins_clean(self, own: Installation, tmp_path: Path) -> None:
        await used(own)
        await own.opt_out(ANN)

        moved = replace(own, journal=FileJournal((tmp_path / "journal").rename(tmp_path / "elsewhere")), machine="new")

        assert await moved.memory.look() is None

    async def test_takes_no_alarm_while_others_seal(self, own: Installation) -> None:
        """The journal is read before the database, so that what is sealed in between cannot look forgotten."""
        await used(own)

        async def seal() -> None:
            for _ in range(20):
                await own.keep(judged())
                await own.memory.seal()

        async def look() -> list[object]:
            return [await own.memory.look() for _ in range(40)]

        _, *doubts = await asyncio.gather(seal(), look(), look())

        assert {doubt for looked in doubts for doubt in looked} == {None}


class TestACrashBetweenJournalAndCommit:
    async def test_is_no_restored_copy_and_the_opt_out_is_applied(self, own: Installation) -> None:
        await used(own)
        with pytest.raises(ConnectionError):
            async with own.database.work(TENANT, "test") as work:
                await own.do_not_call.opt_out(work, STOP)
                raise ConnectionError("killed before the commit")
        before = await own.suppressed(ANN)

        doubt = await own.memory.look()

        assert before is False
        assert doubt is None
        assert await own.suppressed(ANN)

    async def test_before_the_very_first_start_is_healed_too(self, own: Installation) -> None:
        with pytest.raises(ConnectionError):
            async with own.database.work(TENANT, "test") as work:
                await own.do_not_call.opt_out(work, STOP)
                raise ConnectionError("killed before the commit")

        assert await own.memory.look() is None
        assert await own.suppressed(ANN)

    async def test_of_an_opt_out_still_under_way_is_waited_for(self, own: Installation) -> None:
        await used(own)
        async with own.database.work(TENANT, "test") as work:
            await own.do_not_call.opt_out(work, STOP)
            looking = asyncio.create_task(own.memory.look())
            await asyncio.wait([looking], timeout=0.2)
            waits = not looking.done()

        assert waits
        assert await looking is None
        assert await own.suppressed(ANN)


class TestACopyThatWasPutBack:
    async def test_is_held_with_a_sentence_that_helps(self, own: Installation) -> None:
        await used(own)
        await own.back_up()
        await used(own)

        await own.put_back()
        doubt = await own.memory.look()

        assert doubt is not None
        assert doubt.cause == "restored_backup"
        assert doubt.sentence == (
            "The journal knows 2 seals of decisions and this database 1, from seal 2 on not the same: the database was"
            " put back from an older copy; run leadsail journal replay, which applies the opt-outs that it has"
            " forgotten and then lets contacts go on"
        )
        assert await own.held() == ["restored_backup"]
        async with own.database.work(TENANT, "test") as work:
            assert await own.holds.in_force(work, None) == (f"restored_backup: {doubt.sentence}",)

    async def test_is_told_even_when_it_has_decided_as_often_since(self, own: Installation) -> None:
        await used(own)
        await own.back_up()
        await used(own)
        await own.put_back()
        await own.keep(judged(), judged())
        await own.seals.seal(own.clock.now())

        doubt = await own.memory.look()

        assert doubt is not None
        assert "knows 2 seals of decisions and this database 2, from seal 2 on not the same" in doubt.sentence

    async def test_has_its_opt_outs_again_after_the_replay(self, own: Installation) -> None:
        await used(own)
        await own.opt_out(ANN)
        await own.back_up()
        await own.opt_out(BEN)
        await used(own)
        await own.put_back()
        await own.memory.look()
        before = await own.suppressed(BEN)

        said: list[str] = []
        replayed = await own.memory.replay(said.append, by="cli")

        assert before is False
        assert (replayed.opt_outs, replayed.was_held) == (1, True)
        assert said == ["4 entries of the journal were read; 1 opt-outs were missing and are in force"]
        assert [await own.suppressed(phone) for phone in (ANN, BEN)] == [True, True]
        assert await own.held() == []
        assert await own.memory.look() is None

    async def test_asks_the_carriers_before_anybody_is_called(self, own: Installation) -> None:
        await used(own)
        await own.back_up()
        await used(own)
        carrier = CarrierHistory(calls=3)
        await own.put_back()
        asking = replace(own, histories=(carrier,))

        replayed = await asking.memory.replay(quiet, by="cli")

        assert (replayed.contacts, carrier.asked) == (3, 1)

    async def test_goes_on_with_the_chain_where_the_copy_ended(self, own: Installation) -> None:
        await used(own)
        await own.back_up()
        await used(own, 2)
        await own.put_back()
        await own.memory.look()
        await own.memory.replay(quiet, by="cli")

        await used(own, 2)

        seen = await own.verify()
        assert (seen.seals, seen.unjournaled, seen.findings) == (3, 0, [])

    async def test_stays_held_until_it_was_replayed(self, own: Installation) -> None:
        await used(own)
        await own.back_up()
        await used(own)
        await own.put_back()

        causes = [doubt.cause if (doubt := await own.memory.look()) else None for _ in range(3)]

        assert causes == ["restored_backup"] * 3
        assert await own.held() == ["restored_backup"]

    async def test_beside_the_original_holds_the_original(
        self, own: Installation, new_installation: NewInstallation
    ) -> None:
        """Both write to one journal; each would call people whom the other has just called."""
        await used(own)
        await own.database.close()
        copy = replace(await new_installation(copy_of=own.name), journal=own.journal)
        await own.database.open()
        await used(own)
        await copy.memory.replay(quiet, by="cli")
        await used(copy, 2)

        doubt = await own.memory.look()

        assert doubt is not None
        assert doubt.cause == "restored_backup"

    @pytest.mark.parametrize(
        ("change", "what"),
        [
            ("system_identifier = 1", "is a copy that was put into another server"),
            ("timeline = 7", "came back at an earlier moment (timeline 1 instead of 7)"),
        ],
    )
    async def test_in_another_server_or_at_another_moment_is_held(
        self, own: Installation, change: str, what: str
    ) -> None:
        await used(own)
        await own.tamper(f"update journal_link set {change}")  # noqa: S608 - one of the changes above

        doubt = await own.memory.look()

        assert doubt is not None
        assert doubt.cause == "restored_backup"
        assert what in doubt.sentence

    async def test_in_another_server_counts_transactions_anew(self, own: Installation) -> None:
        """A fresh server begins with low numbers again, which were long sealed where the copy came from."""
        await used(own)
        await own.keep(judged())
        await own.tamper("update contact_decision set transaction = (transaction::text::bigint + 1000000)::text::xid8")
        await own.tamper(
            "update decision_seal set up_to_transaction = (up_to_transaction::text::bigint + 1000000)::text::xid8"
        )
        await own.tamper("update journal_link set system_identifier = 1")
        await own.memory.look()
        await own.memory.replay(quiet, by="cli")

        await used(own)

        seen = await own.verify()
        assert (seen.decisions, seen.unsealed, seen.findings) == (3, 0, [])


class TestAJournalThatIsNotTheOne:
    async def test_because_it_is_gone_holds_everything(self, own: Installation, tmp_path: Path) -> None:
        await used(own)

        lost = replace(own, journal=FileJournal(tmp_path / "empty"))
        doubt = await lost.memory.look()

        assert doubt is not None
        assert doubt.cause == "journal_missing"
        assert "is not here: a new one" in doubt.sentence
        assert await own.held() == ["journal_missing"]

    async def test_is_fine_again_once_it_is_put_back(self, own: Installation, tmp_path: Path) -> None:
        await used(own)
        await replace(own, journal=FileJournal(tmp_path / "empty")).memory.look()

        doubt = await own.memory.look()

        assert doubt is None
        assert await own.held() == []

    async def test_on_one_machine_is_not_released_by_another(self, own: Installation, tmp_path: Path) -> None:
        await used(own)
        await replace(own, journal=FileJournal(tmp_path / "empty")).memory.look()

        await replace(own, machine="there").memory.look()

        assert await own.held() == ["journal_missing"]

    async def test_because_it_is_another_installations_is_a_restored_copy(
        self, own: Installation, new_installation: NewInstallation
    ) -> None:
        other = await new_installation(journal="other")
        await used(other)
        await used(own)

        doubt = await replace(own, journal=other.journal).memory.look()

        assert doubt is not None
        assert doubt.cause == "restored_backup"
        assert "with entries of its own" in doubt.sentence

    async def test_because_it_is_older_holds_everything(self, own: Installation, tmp_path: Path) -> None:
        await used(own)
        file = tmp_path / "journal" / "journal.jsonl"
        older = file.read_bytes()
        await used(own)
        await own.memory.look()
        file.write_bytes(older)

        doubt = await own.memory.look()

        assert doubt is not None
        assert doubt.cause == "journal_missing"
        assert "ends with entry 1, and this database has seen entry 2" in doubt.sentence

    async def test_because_it_was_changed_holds_everything(self, own: Installation, tmp_path: Path) -> None:
        await used(own)
        file = tmp_path / "journal" / "journal.jsonl"
        file.write_bytes(file.read_bytes().replace(b'"number":1', b'"number":3'))

        doubt = await own.memory.look()

        assert doubt is not None
        assert doubt.cause == "journal_missing"
        assert "was changed: its hash is of something else" in doubt.sentence

    async def test_with_seals_that_a_new_database_never_made_is_a_restored_copy(
        self, own: Installation, new_installation: NewInstallation
    ) -> None:
        """The database was made anew, or put back from before its first start, and the journal is as it was."""
        await used(own)

        doubt = await (await new_installation()).memory.look()

        assert doubt is not None
        assert doubt.cause == "restored_backup"

    async def test_is_replayed_only_when_it_is_given_up(self, own: Installation, tmp_path: Path) -> None:
        await used(own)
        lost = replace(own, journal=FileJournal(tmp_path / "empty"))
        await lost.memory.look()

        with pytest.raises(JournalIsAnother, match="--give-up-journal"):
            await lost.memory.replay(quiet, by="cli")
        await lost.memory.replay(quiet, by="cli", give_up_journal=True)

        assert await lost.held() == []
        await used(lost)
        seen = await lost.verify()
        assert (seen.seals, seen.findings) == (2, [])


class TestTheGateOfARestoredCopy:
    async def test_refuses_plan_and_commit_until_the_replay(self, own: Installation) -> None:
        gate = own.platform.service(ContactGate)
        await used(own)
        async with own.database.work(TENANT, "test") as work:
            earlier = await gate.plan(work, ContactRequest("sms", phone=SANDBOX))
        await own.back_up()
        await used(own)
        await own.opt_out(SANDBOX)
        await own.put_back()
        await own.memory.look()

        async with own.database.work(TENANT, "test") as work:
            planned = await gate.plan(work, ContactRequest("sms", phone=SANDBOX))
            committed = await gate.commit(work, earlier.attempt_id)
        await own.memory.replay(quiet, by="cli")
        async with own.database.work(TENANT, "test") as work:
            after = await gate.plan(work, ContactRequest("sms", phone=SANDBOX))

        assert isinstance(earlier.judgement.decision, Allow)
        assert codes(planned.judgement) == {"PLATFORM_ON_HOLD"}
        assert isinstance(committed, Refused)
        assert codes(committed.judgement) == {"PLATFORM_ON_HOLD"}
        assert codes(after.judgement) == {"DO_NOT_CALL"}
