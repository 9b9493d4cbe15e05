"""The gate's own refusals.

StateRefusal
└── AttemptNotPlanned   409  this attempt was committed, canceled or blocked before

RulesUnavailableError        the rule book cannot be read: nobody is dialed until it is mended
"""

from collections.abc import Sequence

from leadsail.foundation.errors import Conflict


class AttemptNotPlanned(Conflict):
    """An attempt goes ahead at most once."""

    def __init__(self, attempt_id: str, state: str) -> None:
        super().__init__(f"The attempt {attempt_id} cannot go ahead: it is {state}; plan another one")


class RulesUnavailableError(Exception):
    """The rule book is broken or missing; `problems` has one line a fault, beginning with file and line."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("The rule book cannot be used: " + "; ".join(self.problems))
