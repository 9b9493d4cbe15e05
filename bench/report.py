"""Writes `docs/benchmarks.md` from what was measured."""

from dataclasses import dataclass

from bench.gate import GateFigures
from bench.loads import CLIENTS, Comparison, Round
from bench.reads import Breakdown
from bench.seeding import TURNS
from bench.starts import Starts
from bench.wording import Hearing


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything one run measured."""

    machine: str
    postgres: str
    small: int
    large: int
    small_reads: Comparison
    large_reads: Comparison
    parts: Breakdown
    live: Round
    writes: Comparison
    append_10th: float
    append_1000th: float
    starts: Starts
    gate: GateFigures
    holdout: Hearing
    practice: Hearing


def render(figures: Figures) -> str:
    """The page."""
    f = figures
    memory = sum(f.starts.memory.values())
    each = ", ".join(f"{name} {size:.0f}" for name, size in sorted(f.starts.memory.items()))
    drift = f.large_reads.ratio / f.small_reads.ratio - 1
    ours = f.large_reads.api.per_second / f.small_reads.api.per_second - 1
    theirs = f.large_reads.pgbench.per_second / f.small_reads.pgbench.per_second - 1
    growth = f.append_1000th / f.append_10th - 1
    server, door = f.parts.whole - f.parts.application, f.parts.application - f.parts.database
    return f"""# Benchmarks

Measured by `make bench` on {f.machine}, PostgreSQL {f.postgres} (embedded). Load generator, api and PostgreSQL share the
machine. Each pair was measured side by side in one run, alternating, medians of the rounds; read the ratios, since
absolute figures swing with the machine.

| What | Measured | Goal |
|---|---|---|
| `GET /interactions/{{id}}`, finished, {TURNS} turns, {f.large:,} stored | **{f.large_reads.ratio:.3f}** of pgbench | at least 0.13 |
| the same ratio with {f.small:,} and with {f.large:,} stored | {f.small_reads.ratio:.3f} and {f.large_reads.ratio:.3f}: **{drift:+.0%}** (the api's own rate {ours:+.0%}, pgbench's {theirs:+.0%}) | within 15 % |
| `POST /leads` | **{f.writes.ratio:.3f}** of pgbench | at least 0.30 |
| appending the 1,000th turn against the 10th | {f.append_1000th:.0f} and {f.append_10th:.0f} µs: **{growth:+.0%}** | within 20 % |
| one decision of the contact gate, warm | **{f.gate.decide_us:.0f} µs** ({f.gate.decide_unknown_us:.0f} µs where the place is unknown) | at most 100 µs |
| a thousand leads planned, decisions kept and committed | **{f.gate.plan_seconds:.2f} s** | at most 0.5 s |
| an opt-out in force in another process, both channels | **{f.gate.in_effect_ms:.0f} ms** (worst {f.gate.in_effect_worst_ms:.0f} ms; acknowledged after {f.gate.acknowledged_ms:.0f} ms) | at most 1 s |
| `leadsail up` from nothing, until `/readyz` | **{f.starts.from_nothing:.1f} s** | at most 6 s |
| `leadsail up` again | **{f.starts.again:.1f} s** (importing the application alone: {f.starts.import_only:.1f} s) | at most 2 s |
| idle memory of everything (PSS) | **{memory:.0f} MB** ({each}) | at most 350 MB |

## Reads and writes

{CLIENTS} clients. pgbench reads or writes the same random rows with prepared statements over the Unix socket as a
superuser, which no row-level security holds back. The api is one `leadsail api` process with every default: keys,
rate limits, request ids, log lines and metrics on.

| Load | per second | api µs | PostgreSQL µs |
|---|---|---|---|
{_row(f"pgbench, read, {f.small:,} stored", f.small_reads.pgbench)}
{_row(f"api, read, {f.small:,} stored", f.small_reads.api)}
{_row(f"pgbench, read, {f.large:,} stored", f.large_reads.pgbench)}
{_row(f"api, read, {f.large:,} stored", f.large_reads.api)}
{_row(f"api, read of a live call, {TURNS} turns", f.live)}
{_row("pgbench, insert lead and submission", f.writes.pgbench)}
{_row("api, `POST /leads`", f.writes.api)}

The ratio grows with what is stored: pgbench, which does nothing else, pays for the larger table and index, while the api
is bound by its own processor time and keeps its rate.

"µs" is processor time a request. Of the api's {f.parts.whole:.0f} µs for a finished interaction, about {f.parts.database:.0f} are the read itself
(asyncpg, over a lane that keeps it prepared), {door:.0f} everything that the platform adds to it (request id, key, rate limit,
headers, log line, metrics, envelope), and {server:.0f} the HTTP server and the sockets. The first two were taken by calling the
application and the service inside the benchmark's own process, the last is what remains.
The stored documents were written by the product's own sealing code; their turns are not stored a second time as rows,
since a finished read does not touch them.

## Hearing opt-outs

| Phrases | Whole-message words | Free wording | False alarms |
|---|---|---|---|
| hold-out, {f.holdout.number:,} phrases, never used for tuning | {f.holdout.per_se:.1%} | {f.holdout.free:.1%} | {f.holdout.false_alarms:.1%} |
| practice, {f.practice.number:,} phrases | {f.practice.per_se:.1%} | {f.practice.free:.1%} | {f.practice.false_alarms:.1%} |
| goal for the hold-out | 100 % | at least 99 % | at most 1 % |

English, Spanish and French, texted and spoken. What takes hours is in [long checks](long-checks.md).
"""


def _row(name: str, load: Round) -> str:
    api = f"{load.api_us:.0f}" if load.api_us else ""
    return f"| {name} | {load.per_second:,.0f} | {api} | {load.postgres_us:.0f} |"
