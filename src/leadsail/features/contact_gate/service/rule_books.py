"""The rule book in force: read once, when first needed, from the folder that the operator named or the shipped one."""

import threading
from datetime import datetime
from pathlib import Path

from leadsail.features.contact_gate.errors import RulesUnavailableError
from leadsail.features.contact_gate.repository.rule_book import read_rule_files
from leadsail.features.contact_gate.rules.reading import read
from leadsail.features.contact_gate.rules.rule import Rule
from leadsail.features.contact_gate.rules.rule_book import RuleBook


class RuleBooks:
    """Holds the book of this process. A book that cannot be read is none, and then nobody is contacted."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._book: RuleBook | None = None
        self._problems: tuple[str, ...] = ()
        self._was_read = False

    def current(self) -> RuleBook | None:
        """The book, or None where it is broken or missing; `problems` says why."""
        if not self._was_read:
            with self._lock:
                if not self._was_read:
                    self._read()
        return self._book

    def problems(self) -> tuple[str, ...]:
        """One line for each thing that keeps the book from being used."""
        self.current()
        return self._problems

    def warnings(self, now: datetime) -> tuple[str, ...]:
        """One line for each rule that nobody checked for more than 90 days."""
        book = self.current()
        return book.stale(now) if book else ()

    def rules(self) -> tuple[Rule, ...]:
        """All rules of the book; none where it cannot be used."""
        book = self.current()
        return book.rules if book else ()

    def rule(self, rule_id: str) -> Rule | None:
        """A rule of the book; rules of the house are in none."""
        book = self.current()
        return book.rule(rule_id) if book else None

    def text(self, rule_id: str) -> str:
        """The words in which a rule is explained; empty for an unknown one."""
        book = self.current()
        return book.text(rule_id) if book else ""

    def _read(self) -> None:
        try:
            self._book = read(read_rule_files(self._folder))
        except RulesUnavailableError as error:
            self._problems = tuple(error.problems)
        self._was_read = True
