"""Turns the text of rule files into a rule book, or says in every place what is wrong. No file is opened here."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeAlias

import yaml
from phonenumbers import SUPPORTED_REGIONS
from pydantic import TypeAdapter, ValidationError

from leadsail.features.contact_gate.errors import RulesUnavailableError
from leadsail.features.contact_gate.models import Channel, Purpose
from leadsail.features.contact_gate.rules.rule import (
    AnyRule,
    CallingHours,
    Confirmation,
    ConsentRule,
    Destination,
    FrequencyCap,
    Margin,
    Pause,
    RegistryRule,
    Rule,
    Sandbox,
    Suppression,
)
from leadsail.features.contact_gate.rules.rule_book import ELSEWHERE, SANDBOX, RuleBook
from leadsail.foundation.geography import states_of

REQUIRED_FILES = (
    "us_federal.yaml", "us_states.yaml", "canada.yaml", "united_kingdom.yaml", "european_union.yaml", "elsewhere.yaml",
    "destinations.yaml", "sandbox.yaml",
)  # fmt: skip
"""A book without one of these is none. Other files of the folder are read too."""

Path: TypeAlias = tuple[str | int, ...]

_FIRST: tuple[Purpose, ...] = ("marketing", "informational", "callback")
_SUPPRESSED: tuple[Purpose, ...] = (*_FIRST, "reply")
_BOTH: tuple[Channel, ...] = ("call", "sms")
_OF_THE_SANDBOX = (Sandbox, Suppression, Confirmation)


@dataclass(slots=True)
class _File:
    """One file as it was read: plain data, the line on which each part of it stands, and what is wrong with it."""

    name: str
    data: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    rules: list[tuple[Rule, int]] = field(default_factory=list)

    def line(self, path: Path) -> int:
        """The line of a part, or of the nearest part around it that is there."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def complain(self, line: int, what: str) -> None:
        """Note one problem; the reading goes on, so that all of them are told at once."""
        self.problems.append(f"{self.name}:{line}: {what}")


def read(texts: Mapping[str, str]) -> RuleBook:
    """The book that these files (name to text) make. Raises `RulesUnavailableError` with every problem there is."""
    files = [_read_file(name, text) for name, text in sorted(texts.items())]
    problems = [f"{name}:1: the file is missing; without it the book is not whole" for name in _missing(texts)]
    groups = {country: union for file in files for union, country in _groups(file)}
    _check_together(files, frozenset(groups.values()))
    problems += [problem for file in files for problem in file.problems]
    rules = tuple(rule for file in files for rule, _ in file.rules)
    if not problems:
        problems = list(_gaps(RuleBook("", rules, groups)))
    if problems:
        raise RulesUnavailableError(problems)
    return RuleBook(_version(texts, rules), rules, groups)


def _missing(texts: Mapping[str, str]) -> list[str]:
    return [name for name in REQUIRED_FILES if name not in texts]


def _version(texts: Mapping[str, str], rules: Iterable[Rule]) -> str:
    digest = hashlib.sha256()
    for name, text in sorted(texts.items()):
        digest.update(f"{name}\0{text}\0".encode())
    return f"{max(rule.last_verified for rule in rules)}-{digest.hexdigest()[:12]}"


# One file


def _read_file(name: str, text: str) -> _File:
    file = _File(name)
    try:
        node = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        file.complain(mark.line + 1 if mark else 1, f"this is no YAML: {getattr(error, 'problem', None) or error}")
        return file
    if not isinstance(node, yaml.MappingNode):
        file.complain(1, "a rule file has the keys `rules` and, where it needs them, `groups`")
        return file
    file.data = _plain(file, node, (), set())
    for key in set(file.data) - {"rules", "groups"}:
        file.complain(file.line((key,)), f"unknown key `{key}`; a rule file has `rules` and `groups`")
    _read_rules(file)
    return file


def _plain(file: _File, node: yaml.Node, path: Path, seen: set[int]) -> Any:
    """Plain data of a node. Every scalar stays text, so that `no` is Norway and 8:00 is a time."""
    file.lines[path] = node.start_mark.line + 1
    if id(node) in seen:
        file.complain(node.start_mark.line + 1, "aliases are not read; write the value out")
        return None
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        return [_plain(file, child, (*path, index), seen) for index, child in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        return _plain_mapping(file, node, path, seen)
    return node.value


def _plain_mapping(file: _File, node: yaml.MappingNode, path: Path, seen: set[int]) -> dict[str, Any]:
    mapping: dict[str, Any] = {}
    for key, value in node.value:
        name = str(key.value)
        if name in mapping:
            file.complain(key.start_mark.line + 1, f"the key `{name}` stands here twice")
        mapping[name] = _plain(file, value, (*path, name), seen)
        file.lines[(*path, name)] = key.start_mark.line + 1
    return mapping


@cache
def _shape_of_a_row() -> TypeAdapter[Rule]:
    return TypeAdapter(AnyRule)


def _read_rules(file: _File) -> None:
    rows = file.data.get("rules")
    if not isinstance(rows, list) or not rows:
        file.complain(1, "`rules` must be a list of at least one rule")
        return
    for index, row in enumerate(rows):
        line = file.line(("rules", index))
        name = row.get("id", "a rule without id") if isinstance(row, dict) else "a rule"
        try:
            file.rules.append((_shape_of_a_row().validate_python(row), line))
        except ValidationError as error:
            for fault in error.errors():
                path = tuple(fault["loc"][1:])  # the first part is the kind, by which the shape was chosen
                where = f" {'.'.join(str(part) for part in path)}:" if path else ""
                file.complain(file.line(("rules", index, *path)), f"{name}:{where} {fault['msg']}")


def _groups(file: _File) -> Iterator[tuple[str, str]]:
    """Every (union, member) that a file names."""
    groups = file.data.get("groups", {}) if isinstance(file.data, dict) else {}
    if not isinstance(groups, dict) or not all(isinstance(members, list) for members in groups.values()):
        file.complain(file.line(("groups",)), "`groups` names unions with a list of countries each")
        return
    for union, members in groups.items():
        for index, country in enumerate(members):
            if country in SUPPORTED_REGIONS:
                yield union, country
            else:
                file.complain(file.line(("groups", union, index)), f"{country!r} is no country")


# All files together


def _check_together(files: Sequence[_File], unions: frozenset[str]) -> None:
    count = Counter(rule.id for file in files for rule, _ in file.rules)
    for file in files:
        for rule, line in file.rules:
            if count[rule.id] > 1:
                file.complain(line, f"{rule.id}: the id stands in the book {count[rule.id]} times")
            if not _is_place(rule.place, unions):
                file.complain(line, f"{rule.id}: place: {rule.place!r} is no place that is known")
            if not _may_stand(rule):
                file.complain(line, f"{rule.id}: place: a {rule.kind} rule has nothing to say of {rule.place!r}")


def _may_stand(rule: Rule) -> bool:
    if rule.place == SANDBOX:
        return isinstance(rule, _OF_THE_SANDBOX)
    return not isinstance(rule, Sandbox)


def _is_place(name: str, unions: frozenset[str]) -> bool:
    country, _, region = name.partition("-")
    if region:
        return region in states_of(country)
    return name in {ELSEWHERE, SANDBOX} or name in unions or name in SUPPORTED_REGIONS


_Need: TypeAlias = tuple[type[Rule], tuple[Channel, ...], tuple[Purpose, ...]]

_EVERYWHERE: tuple[_Need, ...] = (
    (CallingHours, _BOTH, _FIRST),
    (Margin, _BOTH, _FIRST),
    (FrequencyCap, _BOTH, _FIRST),
    (ConsentRule, _BOTH, _FIRST),
    (Suppression, _BOTH, _SUPPRESSED),
    (Confirmation, ("sms",), ("opt_out_confirmation",)),
)
_OF_ITS_OWN: Mapping[str, tuple[_Need, ...]] = {
    "US": (*_EVERYWHERE, (RegistryRule, _BOTH, ("marketing",))),
    "CA": (*_EVERYWHERE, (RegistryRule, _BOTH, ("marketing",))),
    "GB": (*_EVERYWHERE, (RegistryRule, ("call",), ("marketing",))),
    "EU": _EVERYWHERE,
    "FR": ((CallingHours, _BOTH, _FIRST), (ConsentRule, _BOTH, _FIRST), (Pause, _BOTH, _FIRST)),
    "DE": ((CallingHours, _BOTH, _FIRST), (ConsentRule, _BOTH, _FIRST)),
    ELSEWHERE: (*_EVERYWHERE, (Destination, _BOTH, (*_SUPPRESSED, "opt_out_confirmation"))),
    SANDBOX: ((Sandbox, _BOTH, (*_SUPPRESSED, "opt_out_confirmation")), *_EVERYWHERE[-2:]),
}
"""Which kinds of rules must stand for which place, for every channel and purpose named: a gap would be a permission."""


def _gaps(book: RuleBook) -> Iterator[str]:
    for place, needs in _OF_ITS_OWN.items():
        for kind, channels, purposes in needs:
            rows = book.at_home(kind, place)
            for channel in channels:
                for purpose in purposes:
                    if not any(row.concerns(channel, purpose) for row in rows):
                        yield f"{place}: no rule of the kind {_kind(kind)} for {channel} and {purpose}"


def _kind(kind: type[Rule]) -> str:
    return str(kind.model_fields["kind"].annotation).split("'")[1]
