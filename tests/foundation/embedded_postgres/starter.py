"""A LeadSail of a few lines: starts the server in the folder it is given, under uvloop, says "ready" and waits.

With the word `insert` it also stores numbers one by one and prints each once it is acknowledged. With `uid=65534` it
first becomes that user for good; imports come before, since that user may not be able to read them.
"""

import os
import sys
from itertools import count
from pathlib import Path

import asyncpg
import uvloop

from leadsail.foundation.embedded_postgres import EmbeddedPostgres, EmbeddedPostgresError


def say(what: object) -> None:
    """Tell the test, at once."""
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


def become(uid: int) -> None:
    """Give up being root."""
    os.setgroups([])
    os.setgid(uid)
    os.setuid(uid)


async def insert_for_ever(url: str) -> None:
    """Store number after number, each in a transaction of its own."""
    connection = await asyncpg.connect(url)
    await connection.execute("drop table if exists number")
    await connection.execute("create table number (n int primary key)")
    for n in count():
        await connection.execute("insert into number values ($1)", n)
        say(n)


async def main(data_dir: Path, *, inserting: bool) -> None:
    """Run until killed, or until the server ends."""
    server = EmbeddedPostgres(data_dir)
    await server.start()
    say("ready")
    if inserting:
        await insert_for_ever(server.url("leadsail_owner"))
    await server.wait()


if __name__ == "__main__":
    folder, *words = sys.argv[1:]
    for word in words:
        if word.startswith("uid="):
            become(int(word.removeprefix("uid=")))
    try:
        uvloop.run(main(Path(folder), inserting="insert" in words))
    except EmbeddedPostgresError as refusal:
        say(refusal)
        sys.exit(1)
