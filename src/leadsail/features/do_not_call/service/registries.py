"""The use cases of registries: taking a file in, and saying how old what we have is."""

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import TypeAlias, get_args

import asyncpg

from leadsail.features.do_not_call.models import Answer, FaultyLine, NewRegistryFile, RegistryName
from leadsail.features.do_not_call.repository import RegistryRepository
from leadsail.features.do_not_call.rules.ages import drawn_at, expires_at, state_of
from leadsail.features.do_not_call.rules.lines import RegistryLine, fault, registry_lines
from leadsail.features.do_not_call.schemas import ImportedRegistryFile, ImportFault, RegistryFile, RegistryState
from leadsail.features.do_not_call.service.numbers import SecretNumbers
from leadsail.features.do_not_call.service.transfer import MOST_FAULTS
from leadsail.foundation.clock import Clock
from leadsail.foundation.database import Database, Work
from leadsail.foundation.errors import InvalidInput
from leadsail.foundation.ids import new_id

_AT_ONCE = 50_000
_DROPPED_AT_ONCE = 100_000
_WARNINGS = {
    "missing": "no file was imported; numbers of its country cannot be checked",
    "ageing": "import a newer file soon: this one may not be relied on much longer",
    "expired": "too old to be relied on; import a newer file",
}

Told: TypeAlias = tuple[int, str, RegistryLine | str]
"""A line's number, its text and its meaning, which is a message where it has none."""
Works: TypeAlias = Callable[[], AbstractAsyncContextManager[Work]]


@dataclass(slots=True)
class _Tally:
    lines: int = 0
    numbers: int = 0
    faulty: int = 0
    faults: list[FaultyLine] = field(default_factory=list)


class RegistryService:
    """National do-not-call registries and the reassigned-numbers database, as files of the organisation's own."""

    def __init__(self, database: Database, clock: Clock, numbers: SecretNumbers) -> None:
        self._database = database
        self._clock = clock
        self._numbers = numbers

    async def take_in(self, work: Work, new: NewRegistryFile, lines: Iterable[str]) -> ImportedRegistryFile:
        """Import a file in the caller's unit of work. Raises `InvalidInput` for a day or an area that cannot be."""

        @asynccontextmanager
        async def same() -> AsyncIterator[Work]:
            yield work

        return await self._take_in(same, new, lines, lambda _: None)

    async def take_in_large(
        self, tenant_id: str, actor: str, new: NewRegistryFile, lines: Iterable[str], progress: Callable[[int], None]
    ) -> ImportedRegistryFile:
        """Import a file of any size, in units of work of its own; nothing of it counts before all of it is there.

        `progress` is told now and then how many lines are done. Raises as `take_in`.
        """
        return await self._take_in(lambda: self._database.work(tenant_id, actor), new, lines, progress)

    async def all(self, work: Work) -> list[RegistryState]:
        """Every registry with the files in force."""
        repository = RegistryRepository(work)
        rows, answers = await repository.in_force(), await repository.count_answers()
        return [
            self._state(registry, [row for row in rows if row["registry"] == registry], answers)
            for registry in get_args(RegistryName)
        ]

    async def _take_in(
        self, works: Works, new: NewRegistryFile, lines: Iterable[str], progress: Callable[[int], None]
    ) -> ImportedRegistryFile:
        self._check(new)
        file_id, tally = new_id("reg"), _Tally()
        async with works() as work:
            await RegistryRepository(work).begin(file_id, new, self._clock.now())
        told = registry_lines(new.registry, lines)
        while batch := list(islice(told, _AT_ONCE)):
            async with works() as work:
                await self._add(RegistryRepository(work), file_id, new, batch, tally)
            progress(tally.lines)
        async with works() as work:
            totals = {"lines": tally.lines, "numbers": tally.numbers, "faults": tally.faulty}
            await RegistryRepository(work).complete(file_id, **totals, now=self._clock.now())
        await self._drop_outdated(works)
        return _imported(file_id, new, tally)

    def _check(self, new: NewRegistryFile) -> None:
        faults = []
        if drawn_at(new.as_of) > self._clock.now():
            faults.append("asOf: lies in the future")
        if new.area_codes is not None and not all(_is_area(code) for code in new.area_codes):
            faults.append("areaCodes: must be area codes of three digits, such as 415,628")
        if new.area_codes is not None and new.registry in ("gb_tps", "us_reassigned"):
            faults.append("areaCodes: this registry is not drawn by area")
        if faults:
            raise InvalidInput(*faults)

    async def _add(
        self, repository: RegistryRepository, file_id: str, new: NewRegistryFile, batch: Sequence[Told], tally: _Tally
    ) -> None:
        tally.lines += len(batch)
        good = list(_good(batch, new, tally))
        if new.registry == "us_reassigned":
            tally.numbers += await repository.add_answers(file_id, [self._answer(new, line) for line in good])
        else:
            tally.numbers += await repository.add_numbers(file_id, [line.number for line in good])

    def _answer(self, new: NewRegistryFile, line: RegistryLine) -> tuple[bytes, Answer, datetime]:
        answer: Answer = line.answer or "no_data"
        return self._numbers.hash_of(f"+{line.number}"), answer, drawn_at(line.asked_on or new.as_of)

    async def _drop_outdated(self, works: Works) -> None:
        """Delete numbers that nothing asks for any more, so that a year of imports takes the room of one."""
        while True:
            async with works() as work:
                if await RegistryRepository(work).drop_outdated(_DROPPED_AT_ONCE) < _DROPPED_AT_ONCE:
                    return

    def _state(self, registry: RegistryName, rows: Sequence[asyncpg.Record], answers: int) -> RegistryState:
        files = [_file(row) for row in rows]
        # The oldest file in force tells how far the whole may be relied on; answers age one by one.
        as_of = min((row["as_of"] for row in rows), default=None)
        state = state_of(registry, as_of, self._clock.now())
        return RegistryState(
            registry=registry,
            state=state,
            as_of=as_of,
            expires_at=expires_at(registry, as_of) if as_of else None,
            numbers=answers if registry == "us_reassigned" else sum(file.numbers for file in files),
            warning=_WARNINGS.get(state),
            files=files,
        )


def _good(batch: Iterable[Told], new: NewRegistryFile, tally: _Tally) -> Iterator[RegistryLine]:
    """The lines that can be used; the others are noted."""
    areas = None if new.area_codes is None else {int(code) for code in new.area_codes}
    for number, text, told in batch:
        if not isinstance(told, str) and (areas is None or told.number // 10_000_000 % 1_000 in areas):
            yield told
            continue
        message = told if isinstance(told, str) else "not in the area codes that the file is said to cover"
        tally.faulty += 1
        if len(tally.faults) < MOST_FAULTS:
            tally.faults.append(fault(number, text, message))


def _is_area(code: str) -> bool:
    return len(code) == 3 and code.isascii() and code.isdigit()


def _imported(file_id: str, new: NewRegistryFile, tally: _Tally) -> ImportedRegistryFile:
    return ImportedRegistryFile(
        file_id=file_id,
        registry=new.registry,
        as_of=new.as_of,
        area_codes=None if new.area_codes is None else list(new.area_codes),
        lines=tally.lines,
        numbers=tally.numbers,
        faulty=tally.faulty,
        faults=[ImportFault(line=found.line, value=found.value, message=found.message) for found in tally.faults],
    )


def _file(row: asyncpg.Record) -> RegistryFile:
    return RegistryFile(
        file_id=row["file_id"],
        as_of=row["as_of"],
        area_codes=row["area_codes"],
        numbers=row["numbers"],
        imported_by=row["imported_by"],
        created_at=row["created_at"],
        expires_at=expires_at(row["registry"], row["as_of"]),
    )
