"""The page about the client: its programs run as they are printed, in their order."""

import asyncio
import os
import re
import subprocess
import sys
from pathlib import Path

from tests.conftest import TestTenant

_PAGE = Path(__file__).parents[2] / "docs" / "client.md"


async def test_every_program_of_the_page_runs(server_url: str, tenant: TestTenant) -> None:
    programs = re.findall(r"```python\n(.*?)```", _PAGE.read_text(), re.DOTALL)
    environment = os.environ | {"LEADSAIL_API_KEY": tenant.key, "LEADSAIL_BASE_URL": server_url, "NO_PROXY": "*"}

    ran = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", "\n".join(programs)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.stderr == ""
    assert ran.stdout.startswith("+14155552671 ")
    assert ran.stdout.endswith("Test Ann Gutters\nTest Ann Rooftop solar\n")
