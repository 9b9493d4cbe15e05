"""What the gate decided, kept to the letter, sealed in a chain, and proven again."""

import asyncio
from datetime import timedelta

import orjson
import pytest

from leadsail.features.contact_gate.service.verification import head_of
from leadsail.foundation.encryption import KeyedHash
from leadsail.foundation.ids import new_id
from tests.features.contact_gate.installations import TENANT, Installation
from tests.features.contact_gate.judgements import AT, DENIED, PHONE, judged

EDIT = "update contact_decision set {} where decision_id = $1"


async def sealed(own: Installation, *outcomes: str) -> list[str]:
    """Decisions with their seal, one after the other, and the chain's heads in the journal."""
    await own.memory.look()
    kept = []
    for outcome in outcomes or ("allow",):
        kept += await own.keep(judged() if outcome == "allow" else judged(DENIED))
        await own.memory.seal()
    return kept


async def erase(own: Installation, lead_id: str) -> None:
    """Erase a lead as far as its decisions are concerned."""
    await own.tamper(
        "insert into erasure (tenant_id, lead_id, phone_hash, email_hash, proof, erased_by, lead_created_at, erased_at)"
        " values ($1, $2, '', '', '{}', 'test', now(), now())",
        TENANT,
        lead_id,
    )


class TestADecision:
    async def test_is_kept_with_all_that_was_known(self, own: Installation) -> None:
        async with own.database.work(TENANT, "test") as work:
            entry = own.audit.entry("att_1", "commit", judged(DENIED, interaction_id="int_1"))
            await own.audit.append(work, [entry])
            [kept] = await own.audit.of_attempt(work, "att_1")

        assert (kept.stage, kept.outcome, kept.code, kept.at) == ("commit", "deny", "DO_NOT_CALL", AT)
        assert kept.body is not None
        assert kept.body["decision"]["reasons"][0]["detail"] == "asked by text"
        assert kept.body["rules"] == {"person.do_not_call": "The rule person.do_not_call"}
        assert kept.body["contact"]["consents"][0]["evidence"] == {"text": "Yes, call me", "ip": "::1"}
        assert kept.body["terms"]["tenant"]["allowed_countries"] == ["CA", "US"]
        assert kept.body["scrubAgesInDays"] == {"us_dnc": 12}
        assert kept.body["localTimes"] == {
            "America/Los_Angeles": "2026-11-23T09:30-08:00",
            "America/Chicago": "2026-11-23T11:30-06:00",
        }

    async def test_names_the_persons_other_numbers_as_hashes_alone(self, own: Installation) -> None:
        await own.keep(judged())

        text = await own.database.fetchval("select 1")
        async with own.database.work(TENANT, "test") as work:
            text = await work.fetchval("select body::text from contact_decision")

        assert PHONE in text
        assert "+14155552672" not in text

    async def test_is_found_by_its_interaction(self, own: Installation) -> None:
        async with own.database.work(TENANT, "test") as work:
            planned = own.audit.entry("att_1", "plan", judged(interaction_id="int_1"))
            committed = own.audit.entry("att_1", "commit", judged(interaction_id="int_1"))
            ids = await own.audit.append(work, [planned, committed, own.audit.entry("att_2", "plan", judged())])
            kept = await own.audit.of_interaction(work, "int_1")

        assert [one.decision_id for one in kept] == ids[:2]
        assert [one.stage for one in kept] == ["plan", "commit"]

    async def test_cannot_be_changed_or_removed_by_the_product(self, own: Installation) -> None:
        await own.keep(judged())

        async with own.database.work(TENANT, "test") as work:
            for statement in ("update contact_decision set code = 'x'", "delete from contact_decision"):
                with pytest.raises(Exception, match="permission denied"):
                    async with work.savepoint():
                        await work.execute(statement)

    async def test_commits_and_rolls_back_with_what_it_decided(self, own: Installation) -> None:
        with pytest.raises(ValueError, match="changed my mind"):
            async with own.database.work(TENANT, "test") as work:
                await own.audit.append(work, [own.audit.entry(None, "plan", judged())])
                raise ValueError("changed my mind")

        assert (await own.verify()).decisions == 0

    async def test_of_a_thousand_is_one_statement(self, own: Installation) -> None:
        ids = await own.keep(*(judged() for _ in range(1000)))

        assert len(set(ids)) == 1000
        assert (await own.verify()).decisions == 1000


class TestSealing:
    async def test_chains_what_was_committed(self, own: Installation) -> None:
        await sealed(own, "allow", "deny")

        first, second = await own.seals.after(0, 10)
        assert (first["number"], second["number"]) == (1, 2)
        assert first["head"] == head_of(b"", first["decisions"], first["digests"])
        assert second["head"] == head_of(first["head"], second["decisions"], second["digests"])

    async def test_writes_each_head_to_the_journal_once(self, own: Installation) -> None:
        await sealed(own, "allow", "deny")
        await own.memory.seal()

        entries = [entry async for entry in own.journal.read()]
        seals = await own.seals.after(0, 10)
        assert [entry.kind for entry in entries] == ["head", "head"]
        assert [entry.payload["head"] for entry in entries] == [seal["head"].hex() for seal in seals]

    async def test_waits_for_a_transaction_that_began_before(self, own: Installation) -> None:
        """Else its decision could take a place in the chain that was already sealed."""
        async with own.database.work(TENANT, "slow") as slow:
            await own.audit.append(slow, [own.audit.entry(None, "plan", judged())])
            await own.keep(judged(DENIED))
            during = await own.seals.seal(own.clock.now())

        assert during == 0
        assert await own.seals.seal(own.clock.now()) == 2

    async def test_never_makes_a_decision_wait(self, own: Installation) -> None:
        await own.keep(judged())
        async with own.database.pool.acquire() as connection, connection.transaction():
            await connection.execute("select seal_decisions(now())")

            async with asyncio.timeout(5):
                await own.keep(judged())

    async def test_by_many_at_once_seals_each_decision_once(self, own: Installation) -> None:
        await own.memory.look()
        for _ in range(20):
            await own.keep(*(judged() for _ in range(5)))
            await asyncio.gather(*(own.memory.seal() for _ in range(3)))
        await own.memory.seal()

        seals = await own.seals.after(0, 100)
        names = [name for seal in seals for name in seal["decisions"]]
        assert len(names) == len(set(names)) == 100
        assert (await own.verify()).findings == []

    async def test_after_a_crash_before_the_journal_is_completed_by_the_next(self, own: Installation) -> None:
        await own.memory.look()
        await own.keep(judged())
        await own.seals.seal(own.clock.now())
        before = await own.verify()

        await own.memory.seal()

        assert (before.seals, before.unjournaled, before.findings) == (1, 1, [])
        assert (await own.verify()).unjournaled == 0

    async def test_after_a_crash_that_wrote_a_head_but_not_that_it_did_repeats_it_harmlessly(
        self, own: Installation
    ) -> None:
        await sealed(own)
        await own.tamper("update journal_link set journaled = 0")

        await own.memory.seal()

        assert len([entry async for entry in own.journal.read()]) == 2
        assert await own.memory.look() is None
        assert (await own.verify()).findings == []


class TestVerifying:
    async def test_finds_nothing_where_nothing_was_done(self, own: Installation) -> None:
        await sealed(own, "allow", "deny")
        await own.keep(judged())

        seen = await own.verify()

        assert (seen.decisions, seen.seals, seen.unsealed, seen.findings) == (3, 2, 1, [])

    @pytest.mark.parametrize(
        "change",
        [
            "code = 'CONSENT_MISSING'", "outcome = 'hold'", "stage = 'commit'", "at = at + interval '1 second'",
            "lead_id = 'lead_2'", "attempt_id = 'att_9'", "interaction_id = 'int_9'", "phone_hash = 'x'",
            "created_at = created_at - interval '1 day'", "body_digest = 'x'",
        ],
    )  # fmt: skip
    async def test_names_the_decision_whose_column_was_edited(self, own: Installation, change: str) -> None:
        _, edited = await sealed(own, "allow", "deny")

        await own.tamper(EDIT.format(change), edited)

        findings = (await own.verify()).findings
        assert findings
        assert all(f"{TENANT}/{edited} was changed" in finding for finding in findings)

    async def test_names_the_decision_whose_evidence_was_edited(self, own: Installation) -> None:
        [edited] = await sealed(own)

        await own.tamper(EDIT.format("body = replace(body::text, 'Yes, call me', 'Yes, call us')::json"), edited)

        [finding] = (await own.verify()).findings
        assert f"{TENANT}/{edited} was changed after it was made: what it rests on" in finding

    async def test_names_the_decision_that_was_taken_away(self, own: Installation) -> None:
        _, gone, _ = await sealed(own, "allow", "deny", "allow")

        await own.tamper("delete from contact_decision where decision_id = $1", gone)

        assert (await own.verify()).findings == [
            f"The decision {TENANT}/{gone} is missing: seal 2 has it, the table has not"
        ]

    async def test_names_the_decision_that_was_slipped_in(self, own: Installation) -> None:
        """Somebody with all our programs and keys copies a denied decision into an allowed one, back in time."""
        [model] = await sealed(own)
        await own.keep(judged())
        planted = new_id("dec")

        await own.tamper(
            "insert into contact_decision select (d).* from (select jsonb_populate_record(c, jsonb_build_object("
            "'decision_id', $1::text)) as d from contact_decision c where decision_id = $2)",
            planted,
            model,
        )

        findings = (await own.verify()).findings
        assert f"The decision {TENANT}/{planted} was slipped in: seal 1 should have it, and has not" in findings

    async def test_sees_a_changed_decision_whose_digest_was_made_anew(
        self, own: Installation, master_key: object
    ) -> None:
        """Whoever holds the master key can make digests, but not the seal that was made over the old one."""
        assert master_key is own.key
        [edited] = await sealed(own)
        forged = KeyedHash(own.key).of("decision", b"whatever")

        await own.tamper(EDIT.format("digest = $2"), edited, forged)

        assert (
            f"The decision {TENANT}/{edited} was changed after seal 1 was made over it" in (await own.verify()).findings
        )

    async def test_sees_a_seal_that_was_rewritten(self, own: Installation) -> None:
        await sealed(own, "allow", "deny")

        await own.tamper("update decision_seal set digests[1] = 'x' where number = 1")

        assert "Seal 1 was rewritten: its head does not follow from the last" in (await own.verify()).findings

    async def test_sees_a_whole_chain_that_was_rewritten(self, own: Installation) -> None:
        """All in the database agrees with itself again; the journal does not."""
        _, gone = await sealed(own, "allow", "deny")
        await own.tamper("delete from contact_decision where decision_id = $1", gone)
        await own.tamper("delete from decision_seal where number = 2")

        findings = (await own.verify()).findings

        assert findings == ["Seal 2 is in the journal and not in the database, which is an older copy"]

    async def test_sees_a_seal_that_is_missing_in_the_middle(self, own: Installation) -> None:
        await sealed(own, "allow", "deny", "allow")

        await own.tamper("delete from decision_seal where number = 2")

        findings = (await own.verify()).findings
        assert "Seal 2 is missing from the chain" in findings
        assert "Seal 2 is in the journal and not in the database, which is an older copy" in findings

    async def test_says_that_the_journal_was_changed(self, own: Installation) -> None:
        await sealed(own, "allow", "deny")
        folder = next(iter(own.journal._folder.glob("*.jsonl")))
        folder.write_bytes(folder.read_bytes().replace(b'"number":1', b'"number":7'))

        [finding] = (await own.verify()).findings

        assert "Entry 1 of the journal" in finding

    async def test_goes_over_more_than_one_page(self, own: Installation) -> None:
        await own.memory.look()
        await own.keep(*(judged() for _ in range(1203)))
        await own.memory.seal()

        seen = await own.verify()

        assert (seen.decisions, seen.seals, seen.findings) == (1203, 1, [])


class TestAnErasedLead:
    async def test_leaves_decisions_that_still_prove_themselves(self, own: Installation) -> None:
        [kept] = await sealed(own)

        await erase(own, "lead_1")
        async with own.database.work(TENANT, "test") as work:
            await work.execute("select empty_decisions('lead_1')")
            body = await work.fetchval("select body from contact_decision where decision_id = $1", kept)

        seen = await own.verify()
        assert body is None
        assert (seen.decisions, seen.erased, seen.findings) == (1, 1, [])

    async def test_can_still_be_told_from_an_edited_one(self, own: Installation) -> None:
        [kept] = await sealed(own)
        await erase(own, "lead_1")
        async with own.database.work(TENANT, "test") as work:
            await work.execute("select empty_decisions('lead_1')")

        await own.tamper(EDIT.format("code = 'DO_NOT_CALL', outcome = 'deny'"), kept)

        assert [kept in finding for finding in (await own.verify()).findings] == [True]

    async def test_that_was_not_erased_may_not_be_emptied(self, own: Installation) -> None:
        [kept] = await sealed(own)

        await own.tamper(EDIT.format("body = null"), kept)

        assert (await own.verify()).findings == [
            f"The decision {TENANT}/{kept} was emptied, although its lead was not erased"
        ]

    async def test_empties_what_was_under_way_when_it_was_erased(self, own: Installation) -> None:
        await own.memory.look()
        async with own.database.work(TENANT, "slow") as slow:
            await own.audit.append(slow, [own.audit.entry(None, "plan", judged())])
            await erase(own, "lead_1")

        await own.memory.seal()

        async with own.database.work(TENANT, "test") as work:
            assert await work.fetchval("select body from contact_decision") is None
        assert (await own.verify()).findings == []

    async def test_empties_nothing_of_another_tenant(self, own: Installation) -> None:
        await sealed(own)

        async with own.database.work("org_stranger", "test") as work:
            await work.execute("select empty_decisions('lead_1')")

        async with own.database.work(TENANT, "test") as work:
            body = orjson.loads(await work.fetchval("select body::text from contact_decision"))
        assert body["intent"]["at"] == (AT + timedelta(0)).isoformat()
