"""The demo's text files as values: who the people are, what was said, and when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any, NamedTuple, cast
from zoneinfo import ZoneInfo

import yaml

from leadsail.features.contact_gate.models import Channel, Purpose
from leadsail.foundation.time_zones import known_zone

_WORDS_PER_SECOND = 2.6
_PAUSE_SECONDS = 1.1
_LIVE_BEFORE = timedelta(seconds=75)
_CAME_BEFORE_LIVE = timedelta(minutes=40)


class Said(NamedTuple):
    """One turn: "A" the agent, "L" the lead, "H" a person; `wait` is the pause before it."""

    who: str
    text: str
    wait: timedelta
    cut_off: bool


@dataclass(frozen=True, slots=True)
class Conversation:
    """A call or a text thread: `facts` are its entries in the file besides the turns."""

    facts: Mapping[str, Any]
    turns: tuple[Said, ...]

    @property
    def is_call(self) -> bool:
        """A call, rather than a text thread."""
        return self.channel == "call"

    @property
    def is_ours(self) -> bool:
        """Begun by us, rather than by the lead."""
        return bool(self.facts.get("direction", "outbound") == "outbound")

    @property
    def channel(self) -> Channel:
        """By which way it was held."""
        return cast(Channel, self.facts["type"])

    @property
    def purpose(self) -> Purpose:
        """Why we began it."""
        return cast(Purpose, self.facts.get("purpose", "marketing"))

    @property
    def last_word(self) -> int:
        """The place of the lead's last turn; -1 where the lead said nothing."""
        return max((place for place, turn in enumerate(self.turns) if turn.who == "L"), default=-1)


@dataclass(frozen=True, slots=True)
class Person:
    """A lead: its entries in the file, when it came, and its conversations with their beginnings."""

    facts: Mapping[str, Any]
    came: datetime
    talks: tuple[tuple[datetime, str], ...]

    @property
    def first(self) -> str:
        """The first name."""
        return str(self.facts["name"]).split(" ", 1)[0]

    @property
    def last(self) -> str:
        """The last name."""
        return str(self.facts["name"]).split(" ", 1)[1]

    def fill(self, text: str) -> str:
        """`text` with this person's name and city in it."""
        return text.format(first=self.first, last=self.last, city=self.facts["city"])


def business() -> dict[str, dict[str, dict[str, Any]]]:
    """What the agency has set up: kind, name, wire form."""
    return _read("business.yaml")  # type: ignore[no-any-return] # the file has this shape


def conversations() -> dict[str, Conversation]:
    """What was said, by name."""
    return {
        name: Conversation(facts, tuple(_said(line, facts["type"]) for line in facts.get("turns", ())))
        for name, facts in _read("conversations.yaml").items()
    }


def people(now: datetime) -> list[Person]:
    """Everybody, as seen at `now`."""
    return [_person(facts, now) for facts in _read("people.yaml")]


def _person(facts: dict[str, Any], now: datetime) -> Person:
    zone = known_zone(facts["zone"])
    talks = []
    for entry in facts["conversations"]:
        when, _, name = entry.rpartition(" ")
        talks.append((now - _LIVE_BEFORE if when == "now" else _instant(when, now, zone), name))
    came = now - _CAME_BEFORE_LIVE if facts["came"] == "now" else _instant(facts["came"], now, zone)
    return Person(facts, came, tuple(talks))


def _instant(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    """`13 17:05`: thirteen days ago at five past five, where the lead lives."""
    days, _, clock = text.partition(" ")
    day = now.astimezone(zone).date() - timedelta(days=int(days))
    return datetime.combine(day, time.fromisoformat(clock), zone)


def _said(line: str, kind: str) -> Said:
    mark, _, text = line.partition(": ")
    minutes = mark[1:].rstrip("!")
    wait = timedelta(minutes=int(minutes)) if minutes else timedelta(0)
    if kind == "call":
        wait = timedelta(seconds=_PAUSE_SECONDS + len(text.split()) / _WORDS_PER_SECOND)
    return Said(mark[0], text, wait, mark.endswith("!"))


def _read(name: str) -> Any:
    return yaml.safe_load((Path(__file__).parent / name).read_text())
