"""The journal in a file keeps the contract, over several processes and through crashes."""

import asyncio
import stat
import sys
from pathlib import Path

import orjson
import pytest

from leadsail.ports.journal import JournalDamaged, JournalUnavailable
from leadsail.providers.journal import FileJournal
from tests.ports.journal_contract import JournalContract, entries, numbers, opt_out

APPENDING = """
import asyncio, sys
from datetime import UTC, datetime
from pathlib import Path
from leadsail.ports.journal import NewEntry
from leadsail.providers.journal import FileJournal

async def main():
    journal = FileJournal(Path(sys.argv[1]))
    for number in range(int(sys.argv[2])):
        position = await journal.append(NewEntry("opt_out", datetime.now(UTC), {"number": number}))
        print(position.sequence, flush=True)

asyncio.run(main())
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "journal"


def modes(folder: Path) -> dict[str, int]:
    """Who may do what with the folder and with each file in it."""
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.iterdir())}


def file_of(folder: Path) -> Path:
    return folder / "journal.jsonl"


class TestFileJournal(JournalContract):
    """The contract."""

    @pytest.fixture(autouse=True)
    def _place(self, folder: Path) -> None:
        self.folder = folder

    def open_again(self) -> FileJournal:
        return FileJournal(self.folder)

    async def flip(self, entry: int, at: int) -> None:
        lines = file_of(self.folder).read_bytes().splitlines(keepends=True)
        line = bytearray(lines[entry])
        line[at] ^= 1
        file_of(self.folder).write_bytes(b"".join([*lines[:entry], bytes(line), *lines[entry + 1 :]]))


class TestTheFile:
    async def test_belongs_to_the_platform_alone(self, folder: Path) -> None:
        await FileJournal(folder).append(opt_out())

        assert modes(folder) == {"journal": 0o700, "journal.jsonl": 0o600}

    async def test_holds_one_json_line_an_entry(self, folder: Path) -> None:
        await FileJournal(folder).append_all([opt_out(1), opt_out(2)])

        named, first, second = map(orjson.loads, file_of(folder).read_bytes().splitlines())
        assert named["journal"] == await FileJournal(folder).identity()
        assert (first["sequence"], first["kind"], second["before"]) == (1, "opt_out", first["hash"])

    async def test_tells_the_line_of_a_damaged_entry(self, folder: Path) -> None:
        await FileJournal(folder).append_all([opt_out(1), opt_out(2)])
        file_of(folder).write_bytes(file_of(folder).read_bytes().replace(b'"number":2', b'"number":3'))

        with pytest.raises(JournalDamaged, match="line 3"):
            await entries(FileJournal(folder))

    async def test_with_a_line_taken_out_is_damaged_there(self, folder: Path) -> None:
        await FileJournal(folder).append_all([opt_out(number) for number in range(1, 5)])
        lines = file_of(folder).read_bytes().splitlines(keepends=True)
        file_of(folder).write_bytes(b"".join(lines[:2] + lines[3:]))

        with pytest.raises(JournalDamaged) as told:
            await entries(FileJournal(folder))
        assert told.value.sequence == 2

    async def test_under_another_name_is_damaged_from_its_first_entry(self, folder: Path) -> None:
        await FileJournal(folder).append(opt_out())
        name = (await FileJournal(folder).identity()).encode()
        file_of(folder).write_bytes(file_of(folder).read_bytes().replace(name, b"jrn_" + b"0" * 32))

        with pytest.raises(JournalDamaged) as told:
            await entries(FileJournal(folder))
        assert told.value.sequence == 1

    async def test_without_a_name_is_no_journal(self, folder: Path) -> None:
        await FileJournal(folder).identity()
        file_of(folder).write_bytes(b"")

        with pytest.raises(JournalDamaged):
            await FileJournal(folder).append(opt_out())

    async def test_is_found_from_any_line_of_a_long_one(self, folder: Path) -> None:
        """Longer than what is read at once, so that halving is at work."""
        journal = FileJournal(folder)
        await journal.append_all([opt_out(number) for number in range(1, 3_001)])
        assert file_of(folder).stat().st_size > 8 * 65_536

        for after in (1, 2, 500, 1_499, 1_500, 2_998, 2_999):
            assert await numbers(journal, after) == list(range(after + 1, 3_001))

    async def test_damaged_on_the_way_to_a_line_is_reported_still(self, folder: Path) -> None:
        await FileJournal(folder).append_all([opt_out(number) for number in range(1, 3_001)])
        lines = file_of(folder).read_bytes().splitlines(keepends=True)
        changed = [line.replace(b'"kind":"opt_out"', b'"kind":"opt_ouT"') for line in lines[1_000:2_000]]
        file_of(folder).write_bytes(b"".join([*lines[:1_000], *changed, *lines[2_000:]]))

        with pytest.raises(JournalDamaged) as told:
            await entries(FileJournal(folder), 2_500)
        assert told.value.sequence == 1_000


class TestACrash:
    @pytest.mark.parametrize("left", [1, 50, -1])
    async def test_in_a_write_leaves_a_torn_line_that_is_cut(self, folder: Path, left: int) -> None:
        said: list[str] = []
        await FileJournal(folder).append(opt_out(1))
        whole = file_of(folder).read_bytes()
        await FileJournal(folder).append(opt_out(2))
        torn = file_of(folder).read_bytes()[len(whole) :][:left]
        file_of(folder).write_bytes(whole + torn)

        before = await numbers(FileJournal(folder))
        position = await FileJournal(folder, said.append).append(opt_out(3))

        assert before == [1]
        assert position.sequence == 2
        assert await numbers(FileJournal(folder)) == [1, 3]
        assert [f"torn line of {len(torn)} bytes" in line for line in said] == [True]

    async def test_in_a_long_write_leaves_nothing_behind_the_next_line(self, folder: Path) -> None:
        await FileJournal(folder).append(opt_out(1))
        whole = file_of(folder).read_bytes()
        file_of(folder).write_bytes(whole + b'{"sequence":2,' * 1_000)

        await FileJournal(folder).append(opt_out(2))

        assert await numbers(FileJournal(folder)) == [1, 2]
        assert file_of(folder).read_bytes().endswith(b'"}\n')

    async def test_of_any_of_several_processes_loses_nothing_that_was_told(self, folder: Path) -> None:
        command = [sys.executable, "-c", APPENDING, str(folder), "100000"]
        writers = [await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE) for _ in range(3)]
        told: list[int] = []
        for writer in writers:
            assert writer.stdout is not None
            told += [int(await writer.stdout.readline()) for _ in range(20)]
        for writer in writers:
            writer.kill()
            assert writer.stdout is not None
            told += [int(line) for line in (await writer.stdout.read()).splitlines(keepends=True) if b"\n" in line]
            await writer.wait()

        position = await FileJournal(folder).append(opt_out())

        kept = {entry.position.sequence for entry in await entries(FileJournal(folder))}
        assert len(set(told)) == len(told)
        assert set(told) <= kept
        assert kept == set(range(1, position.sequence + 1))


class TestTheDisk:
    async def test_where_nothing_can_be_written_is_told_in_words(self, tmp_path: Path) -> None:
        (tmp_path / "journal").write_text("a file in the way")

        with pytest.raises(JournalUnavailable, match="cannot be used"):
            await FileJournal(tmp_path / "journal").append(opt_out())

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
    async def test_that_is_full_keeps_what_was_there(self, folder: Path) -> None:
        """A limit on the size of files fails like a disk without room."""
        script = (
            "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
            "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096));" + APPENDING
        )
        command = [sys.executable, "-c", script, str(folder), "1000"]
        writer = await asyncio.create_subprocess_exec(
            *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
        )
        said, error = await writer.communicate()

        told = [int(line) for line in said.splitlines()]
        assert b"JournalUnavailable" in error
        assert [entry.position.sequence for entry in await entries(FileJournal(folder))] == told
        assert len(file_of(folder).read_bytes()) <= 4096
