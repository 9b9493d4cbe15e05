"""`python -m bench [--interactions N] [--seconds S] [--rounds R]`: measures, prints, and rewrites the page."""

import argparse
import shutil
import sys
from pathlib import Path

import uvloop

from bench.gate import measure_gate
from bench.installation import installation
from bench.live import measure_appends, measure_live_reads
from bench.loads import compare
from bench.machine import description
from bench.reads import breakdown, reads_of
from bench.report import Figures, render
from bench.seeding import seed_interactions, seed_tenants
from bench.starts import measure_starts
from bench.wording import measure_hearing
from bench.writes import compare_writes

_PAGE = Path(__file__).parent.parent / "docs" / "benchmarks.md"
_SMALL = 10_000
_SETTLE_SECONDS = 40
"""Until every connection has touched the shared memory that it reads; measured: half a minute."""


async def measure(large: int, seconds: int, rounds: int) -> Figures:
    """Everything, in one run."""
    print("starts and memory")
    starts = await measure_starts()
    async with installation() as few, installation() as it, it.platform() as platform:
        print("seeding")
        async with few.platform() as other:
            few_keys = await seed_tenants(few, other)
        keys = await seed_tenants(it, platform)
        await seed_interactions(few, _SMALL)
        await seed_interactions(it, large)
        with few.api() as few_api, it.api() as api:
            await few_api.ready()
            await api.ready()
            print(f"reads, {_SMALL:,} and {large:,} stored")
            sizes = [reads_of(few, few_api, few_keys, _SMALL), reads_of(it, api, keys, large)]
            small_reads, large_reads = compare(sizes, seconds=seconds, rounds=rounds, settle=_SETTLE_SECONDS)
        with it.api() as api:
            await api.ready()
            parts = await breakdown(it, keys, large_reads.api)
            live = await measure_live_reads(it, api, platform, keys, seconds=seconds)
            print("writes and appends")
            writes = compare_writes(it, api, keys, seconds=seconds, rounds=rounds)
            append_10th, append_1000th = await measure_appends(platform)
            print("the contact gate")
            gate = await measure_gate(platform, api, keys[1])
        return Figures(
            machine=description(),
            postgres=it.server.version,
            small=_SMALL,
            large=large,
            small_reads=small_reads,
            large_reads=large_reads,
            parts=parts,
            live=live,
            writes=writes,
            append_10th=append_10th,
            append_1000th=append_1000th,
            starts=starts,
            gate=gate,
            holdout=measure_hearing("holdout"),
            practice=measure_hearing("practice"),
        )


def main() -> None:
    """Parse, measure, write."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure and rewrite docs/benchmarks.md")
    parser.add_argument("--interactions", type=int, default=1_000_000, help="how many are stored for the large read")
    parser.add_argument("--seconds", type=int, default=8, help="length of a round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--print", action="store_true", help="print the page instead of writing it")
    options = parser.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("The benchmarks need the load generator wrk; install it (on Debian: apt-get install wrk) and repeat.")
    page = render(uvloop.run(measure(options.interactions, options.seconds, options.rounds)))
    if options.print:
        print(page)
    else:
        _PAGE.write_text(page)
        print(f"wrote {_PAGE.name}")


if __name__ == "__main__":
    main()
