"""The S3 bucket keeps the contract against a service that checks signatures, and stands up to its failures."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from leadsail.ports.object_store import (
    ObjectDamaged,
    ObjectNotFound,
    ObjectStore,
    ObjectStoreRefused,
    ObjectStoreUnavailable,
    object_key,
    object_prefix,
)
from leadsail.providers.object_store import S3Settings, open_object_store
from leadsail.providers.object_store.s3 import bucket_address
from tests.ports.object_store_contract import KEY, LARGE, BrokenSourceError, ObjectStoreContract, breaking, listed, read
from tests.simulators.s3 import Fault, S3Simulator

TENANT = object_prefix("ten_1")


@pytest.fixture
async def service() -> AsyncIterator[S3Simulator]:
    async with S3Simulator(bucket="leadsail", access_key_id="AKTEST", secret="not-a-secret") as service:
        yield service


@pytest.fixture
def settings(service: S3Simulator) -> S3Settings:
    return S3Settings(
        endpoint=service.endpoint,
        bucket=service.bucket,
        region=service.region,
        access_key_id=service.access_key_id,
        secret_access_key=service.secret,
        max_retries=2,
        first_retry_after=timedelta(milliseconds=1),
    )


@pytest.fixture
def store(settings: S3Settings) -> ObjectStore:
    return open_object_store(settings)


class TestS3Bucket(ObjectStoreContract):
    """The contract, over HTTP."""


class TestSending:
    async def test_a_large_object_goes_up_in_parts(self, store: ObjectStore, service: S3Simulator) -> None:
        await store.put(KEY, LARGE, "audio/wav")

        parts = [entry for entry in service.asked("PUT") if "partNumber" in entry.query]
        assert len(parts) > 1
        assert service.objects[KEY].content == LARGE

    async def test_a_broken_source_sends_nothing_at_all(self, store: ObjectStore, service: S3Simulator) -> None:
        with pytest.raises(BrokenSourceError):
            await store.put(KEY, breaking(LARGE), "audio/wav")

        assert service.ledger == []

    async def test_type_and_hash_travel_with_the_object(self, store: ObjectStore, service: S3Simulator) -> None:
        stored = await store.put(KEY, b"hello", "audio/wav")

        assert service.objects[KEY].headers == {
            "content-type": "audio/wav",
            "x-amz-meta-sha256": stored.sha256,
        }

    async def test_a_listing_of_many_pages_is_complete(self, store: ObjectStore, service: S3Simulator) -> None:
        service.page_size = 3
        for number in range(10):
            await store.put(object_key("ten_1", "recording", f"rec_{number}"), b"x", "audio/wav")

        assert len(await listed(store, TENANT)) == 10
        assert await store.delete_prefix(TENANT) == 10

    async def test_a_service_may_call_a_deleted_object_missing(self, store: ObjectStore, service: S3Simulator) -> None:
        service.strict_delete = True
        await store.put(KEY, b"hello", "audio/wav")

        await store.delete(KEY)
        await store.delete(KEY)

        assert service.objects == {}

    async def test_foreign_objects_are_not_listed_but_deleted(self, store: ObjectStore, service: S3Simulator) -> None:
        await store.put(KEY, b"hello", "audio/wav")
        service.objects["ten_1/Notes.txt"] = service.objects[KEY]

        assert set(await listed(store, TENANT)) == {KEY}
        assert await store.delete_prefix(TENANT) == 2

    async def test_an_object_without_our_hash_is_damaged(self, store: ObjectStore, service: S3Simulator) -> None:
        await store.put(KEY, b"hello", "audio/wav")
        del service.objects[KEY].headers["x-amz-meta-sha256"]

        for ask in (store.get(KEY), store.head(KEY)):
            with pytest.raises(ObjectDamaged):
                await ask


class TestPassingTrouble:
    @pytest.mark.parametrize("fault", [Fault.UNAVAILABLE, Fault.CUT_BEFORE_ANSWER, Fault.CUT_AFTER_DOING])
    async def test_a_short_failure_is_not_noticed(self, store: ObjectStore, service: S3Simulator, fault: Fault) -> None:
        service.fail(fault)
        await store.put(KEY, b"hello", "audio/wav")
        service.fail(fault)

        assert await store.get(KEY) == b"hello"

    async def test_a_download_cut_once_goes_on_where_it_was(self, store: ObjectStore, service: S3Simulator) -> None:
        await store.put(KEY, LARGE, "audio/wav")
        service.fail(Fault.CUT_IN_BODY, method="GET")

        assert await store.get(KEY) == LARGE

    @pytest.mark.parametrize("content", [b"hello", LARGE])
    @pytest.mark.parametrize("method", ["PUT", "POST"])
    async def test_parts_that_fail_for_a_while_are_sent_again(
        self, store: ObjectStore, service: S3Simulator, content: bytes, method: str
    ) -> None:
        service.fail(Fault.UNAVAILABLE, times=2, method=method)

        await store.put(KEY, content, "audio/wav")

        assert await store.get(KEY) == content


class TestLastingTrouble:
    @pytest.mark.parametrize("fault", [Fault.UNAVAILABLE, Fault.CUT_BEFORE_ANSWER])
    async def test_every_request_fails_as_retryable(
        self, store: ObjectStore, service: S3Simulator, fault: Fault
    ) -> None:
        service.fail(fault, times=1000)

        for ask in (
            store.put(KEY, b"x", "audio/wav"),
            store.get(KEY),
            store.head(KEY),
            store.delete(KEY),
            store.delete_prefix(TENANT),
            listed(store, TENANT),
        ):
            with pytest.raises(ObjectStoreUnavailable) as failure:
                await ask
            assert failure.value.retryable

    async def test_a_service_that_is_down_is_well_again_later(self, store: ObjectStore, service: S3Simulator) -> None:
        await store.put(KEY, b"hello", "audio/wav")
        await service.stop()
        with pytest.raises(ObjectStoreUnavailable):
            await store.get(KEY)

        await service.start()

        assert await store.get(KEY) == b"hello"

    async def test_a_truncated_download_is_never_taken_for_whole(
        self, store: ObjectStore, service: S3Simulator
    ) -> None:
        await store.put(KEY, LARGE, "audio/wav")
        service.fail(Fault.CUT_IN_BODY, times=1000, method="GET")

        with pytest.raises(ObjectStoreUnavailable):
            await store.get(KEY)

    async def test_a_changed_download_is_noticed(self, store: ObjectStore, service: S3Simulator) -> None:
        await store.put(KEY, b"hello", "audio/wav")
        service.fail(Fault.WRONG_BYTE, method="GET")

        with pytest.raises(ObjectDamaged):
            await store.get(KEY)

    @pytest.mark.parametrize("fault", [Fault.UNAVAILABLE, Fault.CUT_BEFORE_ANSWER, Fault.WRONG_ETAG])
    async def test_an_upload_that_fails_half_way_shows_nothing(
        self, store: ObjectStore, service: S3Simulator, fault: Fault
    ) -> None:
        """With a wrong ETag the parts arrive, but the service cannot put them together."""
        service.fail(fault, times=100, method="PUT")

        with pytest.raises(ObjectStoreUnavailable):
            await store.put(KEY, LARGE, "audio/wav")

        assert service.objects == {}
        assert service.uploads == {}

    async def test_an_upload_that_fails_leaves_the_old_object(self, store: ObjectStore, service: S3Simulator) -> None:
        await store.put(KEY, b"old", "audio/wav")
        service.fail(Fault.UNAVAILABLE, times=100, method="PUT")

        with pytest.raises(ObjectStoreUnavailable):
            await store.put(KEY, LARGE, "audio/wav")

        assert await store.get(KEY) == b"old"

    async def test_a_failure_never_shows_the_secret(self, store: ObjectStore, service: S3Simulator) -> None:
        service.fail(Fault.UNAVAILABLE, times=1000)

        with pytest.raises(ObjectStoreUnavailable) as failure:
            await store.get(KEY)

        assert service.secret not in f"{failure.value!r} {failure.value.__cause__!r}"


class TestWrongSetUp:
    @pytest.mark.parametrize(
        "wrong",
        [{"secret_access_key": "wrong"}, {"access_key_id": "WRONG"}, {"region": "elsewhere-1"}, {"bucket": "absent"}],
    )
    async def test_a_wrong_setting_is_refused_not_retried(self, settings: S3Settings, wrong: dict[str, str]) -> None:
        store = open_object_store(replace(settings, **wrong))  # type: ignore[arg-type]  # all four are text

        for ask in (
            store.put(KEY, b"x", "audio/wav"),
            store.put(KEY, LARGE, "audio/wav"),
            store.get(KEY),
            store.delete(KEY),
            store.delete_prefix(TENANT),
            listed(store, TENANT),
        ):
            with pytest.raises(ObjectStoreRefused) as failure:
                await ask
            assert not failure.value.retryable

    @pytest.mark.parametrize(
        "endpoint",
        [
            "",
            "storage.test",
            "ftp://storage.test",
            "http://",
            "https://a:b@storage.test",
            "https://storage.test/bucket",
            "https://storage.test?query",
            "https://storage.test:port",
            "https://storage.test:0",
            "https://[::1",
        ],
    )
    def test_an_endpoint_that_is_none_is_refused(self, settings: S3Settings, endpoint: str) -> None:
        with pytest.raises(ObjectStoreRefused, match="https://host"):
            open_object_store(replace(settings, endpoint=endpoint))

    async def test_a_bucket_in_another_region_is_refused(self, store: ObjectStore, service: S3Simulator) -> None:
        service.fail(Fault.MOVED)

        with pytest.raises(ObjectStoreRefused, match="check region"):
            await store.get(KEY)

    async def test_a_key_that_reads_like_a_refusal_is_none(self, store: ObjectStore, service: S3Simulator) -> None:
        """The library's errors hold the key as well as the answer."""
        service.fail(Fault.UNAVAILABLE, times=100)

        with pytest.raises(ObjectStoreUnavailable):
            await store.get(object_key("ten_1", "received-redirect", "nosuchbucket-403"))

    async def test_the_environment_changes_nothing(self, settings: S3Settings, monkeypatch: pytest.MonkeyPatch) -> None:
        """A server often carries somebody's cloud credentials; recordings must not follow them."""
        for name, value in {
            "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
            "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:9",
            "AWS_ACCESS_KEY_ID": "SOMEBODY",
            "AWS_SECRET_ACCESS_KEY": "else",
            "AWS_SESSION_TOKEN": "token",
            "AWS_REGION": "elsewhere-1",
            "AWS_DEFAULT_REGION": "elsewhere-1",
            "AWS_BUCKET": "another",
            "AWS_SKIP_SIGNATURE": "true",
            "AWS_UNSIGNED_PAYLOAD": "true",
            "AWS_VIRTUAL_HOSTED_STYLE_REQUEST": "true",
        }.items():
            monkeypatch.setenv(name, value)

        store = open_object_store(settings)
        await store.put(KEY, b"hello", "audio/wav")

        assert await store.get(KEY) == b"hello"

    def test_printed_settings_show_no_secret(self, settings: S3Settings) -> None:
        assert settings.secret_access_key not in repr(settings)

    @pytest.mark.parametrize("bucket", ["", "a", "Upper", "with space", "../up", "a/b", "-a-", "x" * 64, "a\nb"])
    def test_a_name_that_is_no_bucket_is_refused(self, settings: S3Settings, bucket: str) -> None:
        with pytest.raises(ObjectStoreRefused, match="not a bucket name"):
            open_object_store(replace(settings, bucket=bucket))

    def test_with_path_style_the_bucket_is_not_in_the_host(self, settings: S3Settings) -> None:
        configured = replace(settings, endpoint="https://storage.test:9000/", path_style=True)

        assert bucket_address(configured) == "https://storage.test:9000"

    def test_without_path_style_the_bucket_is_in_the_host(self, settings: S3Settings) -> None:
        configured = replace(settings, endpoint="https://storage.test:9000", path_style=False)

        assert bucket_address(configured) == "https://leadsail.storage.test:9000"

    @pytest.mark.parametrize("host", ["127.0.0.1:9000", "10.1", "[::1]:9000"])
    def test_a_bucket_before_an_address_is_refused(self, settings: S3Settings, host: str) -> None:
        with pytest.raises(ObjectStoreRefused, match="set path_style"):
            open_object_store(replace(settings, endpoint=f"http://{host}", path_style=False))


class TestTheSimulator:
    """The judge must be able to say no, or the tests above prove nothing."""

    async def test_it_keeps_nothing_it_did_not_accept(self, settings: S3Settings, service: S3Simulator) -> None:
        with pytest.raises(ObjectStoreRefused):
            await open_object_store(replace(settings, secret_access_key="wrong")).put(KEY, b"x", "audio/wav")

        assert service.objects == {}
        assert [entry.status for entry in service.ledger] == [403]

    async def test_its_ledger_tells_what_was_asked(self, store: ObjectStore, service: S3Simulator) -> None:
        await store.put(KEY, b"hello", "audio/wav")
        await read(store, KEY)
        with pytest.raises(ObjectNotFound):
            await store.get(object_key("ten_1", "recording", "none"))

        assert [(entry.method, entry.path, entry.status) for entry in service.ledger] == [
            ("PUT", f"/leadsail/{KEY}", 200),
            ("GET", f"/leadsail/{KEY}", 200),
            ("GET", "/leadsail/ten_1/recording/none", 404),
        ]
