"""A LeadSail of a few lines: starts the server in the folder it is given, under uvloop, says "ready" and waits.

With a second word, `insert`, it also stores numbers one by one and prints each once it is acknowledged.
"""

import sys
from itertools import count
from pathlib import Path

import asyncpg
import uvloop

from leadsail.foundation.embedded_postgres import EmbeddedPostgres, EmbeddedPostgresError


def say(what: object) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


async def insert_for_ever(url: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute("create table number (n int primary key)")
    for n in count():
        await connection.execute("insert into number values ($1)", n)
        say(n)


async def main(data_dir: Path, *, inserting: bool) -> None:
    server = EmbeddedPostgres(data_dir)
    await server.start()
    say("ready")
    if inserting:
        await insert_for_ever(server.url("leadsail_owner"))
    await server.wait()


if __name__ == "__main__":
    try:
        uvloop.run(main(Path(sys.argv[1]), inserting="insert" in sys.argv))
    except EmbeddedPostgresError as refusal:
        say(refusal)
        sys.exit(1)
