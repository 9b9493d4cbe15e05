"""The check that every run of the tests affords: each distinct place at each edge, and some contradictory people."""

import random
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from leadsail.features.contact_gate.models import Channel, Purpose
from tests.features.contact_gate.oracle.comparison import Tally, compare, product_places
from tests.features.contact_gate.oracle.places import Situation, places_of
from tests.features.contact_gate.oracle.sampling import CLOCK_CHANGES, alone, days, edges, mixed, some_instants
from tests.features.contact_gate.oracle.verdict import Minutes

SEED = 20271107
"""Only this rotates the sample: the same questions are asked in every run."""

_MIXED = 90
_MOST_INSTANTS = 900


class Question(NamedTuple):
    """One person and the instants asked about."""

    situation: Situation
    instants: Minutes
    channel: Channel
    purpose: Purpose


def questions(seed: int = SEED) -> Iterator[Question]:
    """Everything asked, in an order that comes early to every kind of person and place."""
    chance = random.Random(seed)  # noqa: S311 - a sample, not a secret
    people = distinct(alone()) + mixed(chance, _MIXED)
    chance.shuffle(people)
    purposes: tuple[Purpose, ...] = ("marketing", "informational", "callback")
    for number, situation in enumerate(people):
        countries = {where.country for where in places_of(situation)}
        channel: Channel = "sms" if number % 5 == 0 and countries == {"US"} else "call"
        yield Question(situation, _instants(situation, chance), channel, purposes[number % 3])


def distinct(people: list[Situation]) -> list[Situation]:
    """One person for each pair of places, the product's and the oracle's."""
    kinds = {(frozenset(each.place for each in product_places(one)), places_of(one)): one for one in people}
    return list(kinds.values())


def _instants(situation: Situation, chance: random.Random) -> Minutes:
    known = situation.zip or situation.region or situation.zone
    chosen = [*CLOCK_CHANGES, *chance.sample(days(), 5)] if known else days()
    asked = edges(places_of(situation), chosen)
    if len(asked) > _MOST_INSTANTS:
        asked = np.sort(chance.sample(asked.tolist(), _MOST_INSTANTS))
    return np.union1d(asked, some_instants(chance, 40))


def ordinary_questions(seed: int = SEED) -> Iterator[Question]:
    """The same kinds of people at any moments of the year, to see how often the product refuses what is lawful."""
    chance = random.Random(seed)  # noqa: S311 - a sample, not a secret
    for situation in distinct(alone()) + mixed(chance, 20):
        yield Question(situation, some_instants(chance, 60), "call", "marketing")


def answer(asked: Iterator[Question]) -> Tally:
    """Put all questions to the product."""
    tally = Tally()
    for one in asked:
        tally.add(compare(one.situation, one.instants, channel=one.channel, purpose=one.purpose))
    return tally
