"""What every journal promises. A test module inherits from `JournalContract` and says how one is opened."""

import asyncio
from abc import ABC, abstractmethod
from datetime import UTC, datetime, timedelta

import pytest

from leadsail.ports.journal import Entry, Journal, JournalDamaged, NewEntry, Position

NOON = datetime(2026, 1, 2, 12, 0, 0, 123_000, UTC)


def opt_out(number: int = 1) -> NewEntry:
    return NewEntry("opt_out", NOON + timedelta(seconds=number), {"tenant": "org_1", "number": number})


async def entries(journal: Journal, after: int = 0) -> list[Entry]:
    return [entry async for entry in journal.read(after)]


async def numbers(journal: Journal, after: int = 0) -> list[object]:
    return [entry.payload["number"] for entry in await entries(journal, after)]


class JournalContract(ABC):
    """The promises. `open_again` must lead to the same, at first empty, journal, as another process would open it."""

    @abstractmethod
    def open_again(self) -> Journal:
        """The journal, with no memory of what was done through other objects."""

    @abstractmethod
    async def flip(self, entry: int, at: int) -> None:
        """Change one byte of what is kept of an entry."""

    async def test_an_empty_one_has_a_name_and_nothing_else(self) -> None:
        journal = self.open_again()

        assert await journal.last() is None
        assert await entries(journal) == []
        assert (await journal.identity()).startswith("jrn_")

    async def test_the_name_stays(self) -> None:
        name = await self.open_again().identity()
        await self.open_again().append(opt_out())

        assert await self.open_again().identity() == name

    async def test_all_who_begin_at_once_find_one_name(self) -> None:
        names = await asyncio.gather(*(self.open_again().identity() for _ in range(10)))

        assert len(set(names)) == 1

    async def test_what_was_appended_is_read_elsewhere(self) -> None:
        position = await self.open_again().append(opt_out())

        [entry] = await entries(self.open_again())
        assert (entry.kind, entry.at, entry.payload) == ("opt_out", opt_out().at, {"tenant": "org_1", "number": 1})
        assert entry.position == position

    async def test_entries_are_numbered_from_one_in_their_order(self) -> None:
        journal = self.open_again()

        positions = [await journal.append(opt_out(number)) for number in (1, 2, 3)]

        assert [position.sequence for position in positions] == [1, 2, 3]
        assert await numbers(journal) == [1, 2, 3]
        assert await self.open_again().last() == positions[-1]

    async def test_several_are_kept_in_their_order(self) -> None:
        journal = self.open_again()
        await journal.append(opt_out(1))

        positions = await journal.append_all([opt_out(2), opt_out(3)])

        assert [position.sequence for position in positions] == [2, 3]
        assert await numbers(self.open_again()) == [1, 2, 3]
        assert await journal.append_all([]) == []

    @pytest.mark.parametrize("after", [0, 1, 4, 5, 6, 1_000_000])
    async def test_reading_begins_after_any_entry(self, after: int) -> None:
        await self.open_again().append_all([opt_out(number) for number in range(1, 6)])

        assert await numbers(self.open_again(), after) == [number for number in range(1, 6) if number > after]

    async def test_many_who_append_at_once_lose_nothing(self) -> None:
        journals = [self.open_again() for _ in range(4)]

        kept = await asyncio.gather(*(journals[number % 4].append(opt_out(number)) for number in range(40)))

        assert sorted(position.sequence for position in kept) == list(range(1, 41))
        told = {entry.position: entry.payload["number"] for entry in await entries(self.open_again())}
        assert told == {position: number for number, position in enumerate(kept)}

    async def test_each_entry_holds_the_hash_of_the_one_before(self) -> None:
        await self.open_again().append_all([opt_out(1), opt_out(2)])

        first, second = await entries(self.open_again())
        assert second.before == first.position.hash
        assert first.position == Position(1, first.position.hash)

    @pytest.mark.parametrize("damaged", [1, 2, 3])
    @pytest.mark.parametrize("at", [0, 40, 100, -20])
    async def test_a_flipped_byte_is_reported_with_its_entry(self, damaged: int, at: int) -> None:
        await self.open_again().append_all([opt_out(1), opt_out(2), opt_out(3)])

        await self.flip(damaged, at)

        with pytest.raises(JournalDamaged) as told:
            await entries(self.open_again())
        assert told.value.sequence == damaged

    async def test_nothing_is_appended_behind_a_damaged_entry(self) -> None:
        await self.open_again().append_all([opt_out(1), opt_out(2)])
        await self.flip(2, 40)

        with pytest.raises(JournalDamaged):
            await self.open_again().append(opt_out(3))
