"""The whole reference, attacked by Schemathesis on real sockets: no 500, and no answer outside the reference.

All its checks are on but `positive_data_acceptance`: a body may fit its schema and still name a record that is not
there. What it finds can be repeated by hand: every failure comes with its curl line and the seed.
"""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.hostile.world import World

SEED = 20_260_101

CONFIG = """\
seed = {seed}
color = false
continue-on-failure = true
headers = {{ X-API-Key = "{key}" }}
# Without a key that opens, every answer would be a documented 401.
warnings = {{ display = ["missing_auth"], fail-on = ["missing_auth"] }}

[generation]
max-examples = {examples}
database = "none"

# One method that no path offers, and one that looks for what is offered.
[phases.coverage]
unexpected-methods = ["put", "options"]

[checks]
enabled = true
positive_data_acceptance.enabled = false
# A body that is too large is refused as such before anything else is looked at.
negative_data_rejection.expected-statuses = [400, 401, 403, 404, 409, 413, 415, 422]
"""

REAL_IDS = """
[parameters]
{ids}

[[operations]]
include-path-regex = "^/api/v1/sms-agents"
parameters = {{ "path.agentId" = "{sms_agent_id}" }}
"""


async def attack(url: str, config: Path, *options: str) -> tuple[int, str]:
    """Run Schemathesis against the platform at `url`; its exit code and what it says."""
    base = url.removesuffix("/api/v1")
    command = [str(Path(sys.executable).with_name("st")), "--config-file", str(config), "run", f"{base}/openapi.json"]
    process = await asyncio.create_subprocess_exec(
        *command, "--url", base, *options,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, cwd=config.parent,
    )  # fmt: skip
    said, _ = await process.communicate()
    return process.returncode or 0, said.decode()


def shortened(said: str) -> str:
    """What it said, with bodies of megabytes cut."""
    return "\n".join(line[:2_000] for line in said.splitlines())


@pytest.mark.parametrize(
    "tags",
    [
        ["Leads", "Interactions", "Consents", "Do not call", "Campaigns", "Health", "Clients and offers"],
        [
            "Agents and phone numbers",
            "Prompt templates and flows",
            "Fields and value sets",
            "Tenant and API keys",
            "Contact policy",
            "Holds",
        ],
    ],
    ids=["leads", "settings"],
)
async def test_every_edge_of_every_input_is_answered_as_documented(
    server_url: str, world: World, tmp_path: Path, tags: Sequence[str]
) -> None:
    config = tmp_path / "edges.toml"
    config.write_text(CONFIG.format(seed=SEED, key=world.tenant.key, examples=10))
    chosen = [option for tag in tags for option in ("--include-tag", tag)]

    # Revoking is left out here, since the key in use would be revoked; below it meets a key that may go.
    code, said = await attack(
        server_url, config, *chosen, "--exclude-operation-id", "revokeKey", "--phases", "coverage"
    )

    assert code == 0, shortened(said)
    assert f"Seed: {SEED}" in said


async def test_random_input_to_records_that_exist_is_answered_as_documented(
    server_url: str, world: World, tmp_path: Path
) -> None:
    ids = "\n".join(f'"path.{name}" = "{value}"' for name, value in world.ids.items())
    config = tmp_path / "records.toml"
    text = CONFIG + REAL_IDS
    config.write_text(
        text.format(seed=SEED, key=world.tenant.key, examples=6, ids=ids, sms_agent_id=world.sms_agent_id)
    )

    code, said = await attack(server_url, config, "--phases", "examples,fuzzing")

    assert code == 0, shortened(said)
    assert f"Seed: {SEED}" in said


async def test_chains_of_operations_are_answered_as_documented(server_url: str, world: World, tmp_path: Path) -> None:
    config = tmp_path / "chains.toml"
    config.write_text(CONFIG.format(seed=SEED, key=world.tenant.key, examples=10))

    code, said = await attack(server_url, config, "--exclude-operation-id", "revokeKey", "--phases", "stateful")

    assert code == 0, shortened(said)
    assert f"Seed: {SEED}" in said
