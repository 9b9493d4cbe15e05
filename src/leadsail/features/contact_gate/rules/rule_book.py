"""The rule book in force: every rule, found by kind and place. How it is read from files stands in `reading`."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import TypeVar

from leadsail.features.contact_gate.models import Channel, Purpose
from leadsail.features.contact_gate.rules.house import HOUSE_RULES
from leadsail.features.contact_gate.rules.rule import Rule
from leadsail.foundation.geography import Place

RuleT = TypeVar("RuleT", bound=Rule)

ELSEWHERE = "*"
SANDBOX = "sandbox"
_FRESH = timedelta(days=90)


@dataclass(frozen=True, eq=False)
class RuleBook:
    """All rules of one reading. `version` names them in every decision; two readings of the same text share it."""

    version: str
    rules: tuple[Rule, ...]
    groups: Mapping[str, str] = field(default_factory=dict)
    """The union whose rows hold for a country that has none of its own: {"DE": "EU", ...}."""

    def rows(self, kind: type[RuleT], places: Iterable[Place], channel: Channel, purpose: Purpose) -> tuple[RuleT, ...]:
        """Every rule of one kind that has a say at one of these places, country before state, each once."""
        found: dict[str, RuleT] = {}
        for country, region in sorted({(place.country, place.region or "") for place in places}):
            for rule in self._governing(kind, country, channel, purpose) + self._regional(kind, country, region):
                if rule.concerns(channel, purpose):
                    found.setdefault(rule.id, rule)
        return tuple(found.values())

    def at_home(self, kind: type[RuleT], name: str) -> tuple[RuleT, ...]:
        """The rules of one kind that were written for exactly this place: a country, `US-FL`, `EU`, `*`, `sandbox`."""
        return tuple(rule for rule in self._index.get(name, ()) if isinstance(rule, kind))

    def rule(self, rule_id: str) -> Rule | None:
        """The rule of this id, if the book has it. Rules of the house are in no book."""
        return self._by_id.get(rule_id)

    def text(self, rule_id: str) -> str:
        """The words in which a rule is explained, of the law's as of the house's own; empty for an unknown id."""
        rule = self.rule(rule_id)
        return rule.text if rule else HOUSE_RULES.get(rule_id, "")

    def stale(self, now: datetime) -> tuple[str, ...]:
        """One warning for each rule that nobody checked against the law for more than 90 days."""
        return tuple(
            f"{rule.id}: last checked on {rule.last_verified}, more than {_FRESH.days} days ago; check it again"
            for rule in self.rules
            if now.date() - rule.last_verified > _FRESH
        )

    def _governing(self, kind: type[RuleT], country: str, channel: Channel, purpose: Purpose) -> tuple[RuleT, ...]:
        """A country's own rows; where it has none for this sort of contact its union's, then everybody's."""
        for name in (country, self.groups.get(country, country), ELSEWHERE):
            own = tuple(rule for rule in self.at_home(kind, name) if rule.concerns(channel, purpose))
            if own:
                return own
        return ()

    def _regional(self, kind: type[RuleT], country: str, region: str) -> tuple[RuleT, ...]:
        """A state's rows; those of every state where it is not known which one it is."""
        if region:
            return self.at_home(kind, f"{country}-{region}")
        names = [name for name in self._index if name.startswith(f"{country}-")]
        return tuple(rule for name in names for rule in self.at_home(kind, name))

    @cached_property
    def _index(self) -> Mapping[str, list[Rule]]:
        index: dict[str, list[Rule]] = defaultdict(list)
        for rule in self.rules:
            index[rule.place].append(rule)
        return dict(index)

    @cached_property
    def _by_id(self) -> Mapping[str, Rule]:
        return {rule.id: rule for rule in self.rules}
