"""A run of the tests in a few lines: it starts a server and a program in its folder, and waits to be killed."""

import asyncio
import subprocess
import sys
from pathlib import Path

from leadsail.foundation.embedded_postgres import EmbeddedPostgres
from tests.run_folder import run_folder

IDLE = "import time; time.sleep(600)"


async def main(folder: Path) -> None:
    """Start both, name the folder, and wait."""
    server = EmbeddedPostgres(folder / "data")
    await server.start()
    with subprocess.Popen([sys.executable, "-c", IDLE, folder]):  # noqa: S603, ASYNC220 - starts at once
        sys.stdout.write(f"{folder}\n")
        sys.stdout.flush()
        await server.wait()


if __name__ == "__main__":
    with run_folder(Path(sys.argv[1])) as own:
        asyncio.run(main(own))
