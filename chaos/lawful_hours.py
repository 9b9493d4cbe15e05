"""Every area code x every zip x every five minutes of a year: what the product allows is lawful by the oracle.

Places repeat, so the product is asked once for each distinct set of them that it comes to; each answer is then held
against every set that the oracle came to for the same people.
"""

import multiprocessing
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from itertools import product

import numpy as np

from leadsail.foundation.geography import Place
from tests.features.contact_gate.oracle.comparison import Finding, Tally, compare, legal_windows, product_places
from tests.features.contact_gate.oracle.places import Situation, Where, area_codes, places_of, regions
from tests.features.contact_gate.oracle.sampling import TOLL_FREE, YEAR, days, edges, zips, zones
from tests.features.contact_gate.oracle.verdict import Verdicts, instant_of, lawful_at, year_of_minutes

_EVERY = 7
"""Of the lawful instants, one in so many is asked about too, to see how much stricter the product is."""

_EDGES = 30
"""How often the whole decision, and not its hours alone, is asked for each set."""

_KEPT_FINDINGS = 3
_PRINTED = 500


@dataclass(slots=True)
class Kind:
    """People of one set of places as the product sees them; for each set of the oracle's, one of them and how many."""

    places: frozenset[Place]
    expected: dict[frozenset[Where], tuple[Situation, int]] = field(default_factory=dict)

    def add(self, situation: Situation) -> None:
        """One more such person."""
        where = places_of(situation)
        example, number = self.expected.get(where, (situation, 0))
        self.expected[where] = (example, number + 1)


def people() -> Iterator[Situation]:
    """Everybody whose place can be told differently: by zip, by address, by stated zone, by exchange."""
    codes = [*sorted(area_codes()), *TOLL_FREE]
    yield from (Situation(code) for code in codes)
    yield from (Situation(code, zip=zip_code) for code, zip_code in product(codes, zips()))
    yield from (Situation(code, region=region) for code, region in product(codes, regions()))
    yield from (Situation(code, zone=zone) for code, zone in product(codes, zones()))
    yield from (Situation(code, exchange=str(exchange)) for code, exchange in product(codes, range(200, 1000)))


def kinds() -> list[Kind]:
    """People by distinct places."""
    found: dict[frozenset[Place], Kind] = {}
    for situation in people():
        places = frozenset(each.place for each in product_places(situation))
        found.setdefault(places, Kind(places)).add(situation)
    return list(found.values())


@cache
def _lawful_all_year(where: Where) -> Verdicts:
    return lawful_at(where, year_of_minutes(YEAR))


def _lawful(places: frozenset[Where]) -> Verdicts:
    verdict: Verdicts = np.logical_and.reduce([_lawful_all_year(where) for where in places])
    return verdict


@cache
def _grid() -> list[datetime]:
    return [instant_of(minute) for minute in year_of_minutes(YEAR).tolist()]


def _at_some_edges(kind: Kind) -> Tally:
    where, (example, _) = next(iter(kind.expected.items()))
    chance = random.Random(example.phone)
    asked = edges(chance.sample(sorted(where), min(3, len(where))), chance.sample(days(), 3))
    return compare(example, np.sort(chance.sample(asked.tolist(), min(_EDGES, len(asked)))))


def check_kind(kind: Kind) -> Tally:
    """Ask the product's hours about all that the oracle forbids and some of the rest, the whole decision at edges."""
    instants = year_of_minutes(YEAR)
    verdicts = {where: _lawful(where) for where in kind.expected}
    asked = ~np.logical_and.reduce(list(verdicts.values()))
    asked[::_EVERY] = True
    allowed = np.zeros(instants.shape, dtype=np.bool_)
    windows, grid = legal_windows(kind.places), _grid()
    for index in np.flatnonzero(asked).tolist():
        allowed[index] = windows.is_open(grid[index])
    tally = _at_some_edges(kind)
    for where, (example, number) in kind.expected.items():
        lawful = verdicts[where]
        tally.asked += number * instants.size
        tally.lawful += int(np.count_nonzero(lawful[::_EVERY]))
        tally.stricter += int(np.count_nonzero(lawful[::_EVERY] & ~allowed[::_EVERY]))
        unlawful = np.flatnonzero(allowed & ~lawful)[:_KEPT_FINDINGS]
        tally.findings += [Finding(example, int(instants[index])) for index in unlawful.tolist()]
    return tally


def check_lawful_hours(processes: int) -> bool:
    """Check everything and print what was found; whether nothing was."""
    started = time.monotonic()
    todo = kinds()
    pairs = sum(len(kind.expected) for kind in todo)
    persons = sum(number for kind in todo for _, number in kind.expected.values())
    print(f"lawful hours: {persons:,} people, {len(todo):,} sets of places, {pairs:,} pairs with the oracle's")
    total = Tally()
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        for done, tally in enumerate(pool.imap_unordered(check_kind, todo, chunksize=4), start=1):
            total.add(tally)
            if done % max(1, len(todo) // 50) == 0 or tally.findings:
                _progress(done, len(todo), total, time.monotonic() - started)
            for finding in tally.findings[: max(0, _PRINTED - len(total.findings) + len(tally.findings))]:
                print(f"  {finding}")
    print(f"lawful hours: {total.asked:,} decisions, {len(total.findings)} unlawful, ", end="")
    print(f"{total.stricter_share:.1%} of the lawful refused, {time.monotonic() - started:,.0f} s")
    return not total.findings


def _progress(done: int, of: int, total: Tally, seconds: float) -> None:
    left = seconds / done * (of - done)
    print(
        f"  {done:,} of {of:,} sets, {len(total.findings)} findings, {seconds:,.0f} s, about {left:,.0f} s left",
        flush=True,
    )
