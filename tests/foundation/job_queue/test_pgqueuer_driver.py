"""The order that the driver imposes: first listen, then notify."""

import asyncio

import asyncpg

from leadsail.foundation.job_queue.pgqueuer_driver import ListeningFirst


class TestAsking:
    async def test_waits_until_somebody_listens(self, url: str) -> None:
        """Else the question is gone before anybody could hear it, and the worker takes itself for deaf."""
        async with asyncpg.create_pool(url, min_size=2, max_size=2) as pool, ListeningFirst(pool) as driver:
            heard: asyncio.Queue[str | bytes | bytearray] = asyncio.Queue()
            asking = asyncio.create_task(driver.notify("channel", "do you hear?"))
            # Ample time on the same server for a question that does not wait.
            await pool.fetchval("select pg_sleep(0.2)")

            await driver.add_listener("channel", heard.put_nowait)

            async with asyncio.timeout(10):
                assert await heard.get() == "do you hear?"
            await asking
            await driver.remove_listener("channel", heard.put_nowait)
