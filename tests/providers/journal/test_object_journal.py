"""The journal in an object store keeps the contract, over a folder and over S3, and through lost answers."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from leadsail.ports.journal import JournalUnavailable
from leadsail.ports.object_store import ObjectStore, object_key
from leadsail.providers.journal import ObjectJournal
from leadsail.providers.object_store import LocalFolderSettings, S3Settings, open_object_store
from tests.ports.journal_contract import JournalContract, numbers, opt_out
from tests.simulators.s3 import Fault, S3Simulator


@pytest.fixture
async def service() -> AsyncIterator[S3Simulator]:
    async with S3Simulator(bucket="leadsail", access_key_id="AKTEST", secret="not-a-secret") as service:
        yield service


def bucket(service: S3Simulator) -> ObjectStore:
    settings = S3Settings(
        endpoint=service.endpoint,
        bucket=service.bucket,
        region=service.region,
        access_key_id=service.access_key_id,
        secret_access_key=service.secret,
        max_retries=2,
        first_retry_after=timedelta(milliseconds=1),
    )
    return open_object_store(settings)


class Objects(JournalContract):
    """The contract, over any store."""

    store: ObjectStore

    def open_again(self) -> ObjectJournal:
        return ObjectJournal(self.store)

    async def flip(self, entry: int, at: int) -> None:
        """As somebody would who may write to the store."""
        key = object_key("journal", "entry", f"{entry:016d}")
        content = bytearray(await self.store.get(key))
        content[at if at >= 0 else content.index(b"\n") + at] ^= 1
        await self.store.put(key, bytes(content), "application/json")


class TestInAFolder(Objects):
    @pytest.fixture(autouse=True)
    def _place(self, tmp_path: Path) -> None:
        self.store = open_object_store(LocalFolderSettings(tmp_path / "objects"))


class TestInABucket(Objects):
    @pytest.fixture(autouse=True)
    def _place(self, service: S3Simulator) -> None:
        self.store = bucket(service)


class TestALostAnswer:
    async def test_is_found_to_be_our_own_entry(self, service: S3Simulator) -> None:
        journal = ObjectJournal(bucket(service))
        await journal.append(opt_out(1))
        service.fail(Fault.CUT_AFTER_DOING, method="PUT")

        position = await journal.append(opt_out(2))

        assert position.sequence == 2
        assert await numbers(ObjectJournal(bucket(service))) == [1, 2]

    async def test_that_stays_lost_says_that_nothing_is_known(self, service: S3Simulator) -> None:
        journal = ObjectJournal(bucket(service))
        await journal.append(opt_out(1))
        service.fail(Fault.UNAVAILABLE, times=100)

        with pytest.raises(JournalUnavailable, match="nothing is known to be kept"):
            await journal.append(opt_out(2))
