"""Bodies that nobody should send, to every operation that takes one: refused line by line, and nothing is stored."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx2
import orjson
import pytest

from leadsail.entrypoints.wiring import Platform
from leadsail.foundation.web.front_door import FrontDoor
from tests.conftest import NewTenant, client_of
from tests.hostile.world import World, Writing, make_world, writings

JSON = {"Content-Type": "application/json"}
WRITINGS = writings()
MEGABYTES = b'{"name":"' + b"a" * 10_000_000 + b'"}'

NEVER_JSON = {
    "broken": b'{"name": ',
    "a trailing comma": b'{"name": "a",}',
    "two values": b"{}{}",
    "not UTF-8": b'{"name": "\xff\xfe"}',
    "a cut-off character": b'{"name": "\xf0\x9f"}',
    "a lone surrogate": rb'{"name": "\ud800"}',
    "NaN": b'{"name": NaN}',
    "Infinity": b'{"name": -Infinity}',
    "a hundred thousand brackets": b"[" * 100_000,
    "an object a thousand deep": b'{"a":' * 1_000 + b"1" + b"}" * 1_000,
    "a number of 5,000 digits": b'{"name": ' + b"9" * 5_000 + b"}",
    "a number beyond 64 bits": b'{"name": 9223372036854775808}',
    "a number beyond floats": b'{"name": 1e400}',
    "a NUL character": rb'{"name": "a\u0000b"}',
    "a NUL in a key": rb'{"na\u0000me": "a"}',
    "nothing": b"",
    "a string": b'"name"',
    "a number": b"7",
    "null": b"null",
    "true": b"true",
    "a list": b"[{}]",
    "a list in a list": b"[[[]]]",
}

OTHER_TYPES = [
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "text/json",
    "",
    "json",
]


@pytest.fixture(scope="session")
async def world(app: FrontDoor, platform: Platform, new_tenant: NewTenant) -> World:
    """One organisation for all these tests, since none of them may change it."""
    tenant = await new_tenant()
    async with client_of(app, tenant.key) as client:
        return await make_world(platform, tenant, client)


@pytest.fixture
async def attacker(app: FrontDoor, world: World) -> AsyncIterator[httpx2.AsyncClient]:
    """A client with the key of the organisation that is attacked."""
    async with client_of(app, world.tenant.key) as client:
        yield client


@pytest.fixture
async def stored(platform: Platform, world: World) -> AsyncIterator[None]:
    """Fails the test if any row of the organisation was added, changed or taken away."""
    before = await rows(platform, world)
    assert len([table for table, content in before.items() if content]) > 10
    yield
    assert await rows(platform, world) == before


async def rows(platform: Platform, world: World) -> dict[str, int]:
    """A sum over the rows of every table with a tenant, as the organisation itself sees them."""
    async with platform.database.work(world.tenant.tenant_id, "test") as work:
        tables = await work.fetch(
            "select c.relname as name from pg_attribute a join pg_class c on c.oid = a.attrelid"
            " where c.relnamespace = 'leadsail'::regnamespace and a.attname = 'tenant_id' and c.relkind in ('r', 'p')"
            " and has_table_privilege(c.oid, 'select')"
        )
        found = {}
        for table in tables:
            name = table["name"]
            content = "select coalesce(sum(hashtextextended(r::text, 0)::numeric), 0) + count(*) from leadsail"
            unchanged = "" if name != "api_key" else " - 'last_used_at'"
            statement = f"{content}.{name} t, lateral (select to_jsonb(t){unchanged} as r) x"
            found[name] = int(await work.fetchval(statement))
    return found


async def send(
    client: httpx2.AsyncClient, world: World, writing: Writing, content: Any, kind: str = "application/json"
) -> httpx2.Response:
    """Send `content` as it is."""
    headers = {"Content-Type": kind} if kind else {}
    return await client.request(writing.method, world.path(writing.path), content=content, headers=headers)


def lines(answer: httpx2.Response) -> list[str]:
    """The lines of a refusal, none of which is empty."""
    error = answer.json()["error"]
    assert error["code"] == "VALIDATION_ERROR"
    found: list[str] = error["details"]
    assert found
    assert all(": " in line for line in found)
    return found


@pytest.mark.usefixtures("stored")
class TestABodyThatIsNoObject:
    @pytest.mark.parametrize("content", NEVER_JSON.values(), ids=NEVER_JSON.keys())
    async def test_is_refused_by_every_operation(
        self, attacker: httpx2.AsyncClient, world: World, content: bytes
    ) -> None:
        for writing in WRITINGS:
            answer = await send(attacker, world, writing, content)

            assert answer.status_code == 400, (writing.name, answer.text)
            assert lines(answer)

    @pytest.mark.parametrize("kind", OTHER_TYPES)
    async def test_is_refused_in_another_media_type(
        self, attacker: httpx2.AsyncClient, world: World, kind: str
    ) -> None:
        for writing in WRITINGS:
            if kind in writing.kinds:
                continue
            answer = await send(attacker, world, writing, orjson.dumps(writing.example), kind)

            assert answer.status_code == 415, (writing.name, kind)
            assert answer.json()["error"]["code"] == "UNSUPPORTED_MEDIA_TYPE"


@pytest.mark.usefixtures("stored")
class TestABodyThatIsTooLarge:
    async def test_is_refused_by_its_announced_length(self, server_url: str, world: World) -> None:
        async with httpx2.AsyncClient(base_url=server_url, headers={"X-API-Key": world.tenant.key}) as client:
            for writing in WRITINGS:
                answer = await send(client, world, writing, MEGABYTES)

                assert answer.status_code == 413, writing.name
                assert answer.json()["error"]["code"] == "PAYLOAD_TOO_LARGE"

    async def test_is_refused_without_an_announced_length(self, server_url: str, world: World) -> None:
        async def chunks() -> AsyncIterator[bytes]:
            for start in range(0, len(MEGABYTES), 100_000):
                yield MEGABYTES[start : start + 100_000]

        async with httpx2.AsyncClient(base_url=server_url, headers={"X-API-Key": world.tenant.key}) as client:
            for writing in WRITINGS:
                answer = await send(client, world, writing, chunks())

                assert answer.status_code == 413, writing.name
                assert answer.json()["error"]["code"] == "PAYLOAD_TOO_LARGE"


def with_wrong(writing: Writing) -> Iterator[tuple[str, bytes]]:
    """The example, each time with one field of a type that it never is."""
    for name, field in writing.shape["properties"].items():
        takes_any_list = {"type": "array", "items": {}}.items() <= field.get("anyOf", [field])[0].items()
        yield name, orjson.dumps(writing.example | {name: 7.5 if takes_any_list else [[[]]]})


@pytest.mark.usefixtures("stored")
class TestAField:
    @pytest.mark.parametrize("writing", WRITINGS, ids=[writing.name for writing in WRITINGS])
    async def test_of_a_wrong_type_is_named(self, attacker: httpx2.AsyncClient, world: World, writing: Writing) -> None:
        for name, content in with_wrong(writing):
            answer = await send(attacker, world, writing, content)

            assert answer.status_code == 400, (name, answer.text)
            assert any(line.split(":")[0].split(".")[0] == name for line in lines(answer)), (name, answer.text)

    @pytest.mark.parametrize(
        "writing",
        [writing for writing in WRITINGS if not writing.drops_unknown_fields],
        ids=[writing.name for writing in WRITINGS if not writing.drops_unknown_fields],
    )
    async def test_that_nobody_knows_is_named(
        self, attacker: httpx2.AsyncClient, world: World, writing: Writing
    ) -> None:
        answer = await send(attacker, world, writing, orjson.dumps(writing.example | {"colour": "red"}))

        assert answer.status_code == 400
        assert "colour: is not a field of this request" in lines(answer)

    @pytest.mark.parametrize("writing", WRITINGS, ids=[writing.name for writing in WRITINGS])
    async def test_in_every_text_refuses_what_cannot_be_kept(
        self, attacker: httpx2.AsyncClient, world: World, writing: Writing
    ) -> None:
        texts = [name for name, value in writing.example.items() if isinstance(value, str)]
        for name in texts:
            answer = await send(attacker, world, writing, orjson.dumps(writing.example | {name: "a\0b"}))

            assert answer.status_code == 400, name
            assert lines(answer) == [f"{name}: must not contain the NUL character"]

    async def test_that_comes_twice_counts_as_it_came_last(self, attacker: httpx2.AsyncClient, world: World) -> None:
        """RFC 8259, section 4, leaves it open; the last one wins, as in most parsers."""
        for writing in WRITINGS:
            name = next(iter(writing.example))
            wrong = orjson.dumps(writing.example)[:-1] + b"," + orjson.dumps(name) + b":[[[]]]}"

            answer = await send(attacker, world, writing, wrong)

            assert answer.status_code == 400, writing.name
            assert any(line.startswith(name) for line in lines(answer)), answer.text
