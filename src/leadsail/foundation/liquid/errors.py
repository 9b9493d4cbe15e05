"""What can be wrong with a template, always said with line and column; the other modules find it.

TemplateError
├── TemplateInvalid        the text cannot be used as a template; found when it is saved
├── TemplateTooExpensive   rendering was stopped: too many steps or too much time
└── TemplateTooLong        rendering was stopped: a text grew beyond the limit
"""

from dataclasses import dataclass


@dataclass(frozen=True, order=True, slots=True)
class TemplateFault:
    """One thing that is wrong, where it stands (line and column count from 1) and what to do about it."""

    line: int
    column: int
    sentence: str

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: {self.sentence}"


class TemplateError(Exception):
    """A template cannot be used or finished; `faults` say where and why."""

    def __init__(self, *faults: TemplateFault) -> None:
        self.faults = list(faults)
        super().__init__("\n".join(str(fault) for fault in faults))


class TemplateInvalid(TemplateError):
    """The text cannot be used as a template: its syntax is wrong, or it uses what prompts do not offer."""


class TemplateTooExpensive(TemplateError):
    """Rendering took more steps or more time than a prompt may."""


class TemplateTooLong(TemplateError):
    """Rendering made a text longer than a prompt may be."""


class FaultList:
    """Collects the faults of one source; gives up with `TemplateInvalid` when there are too many to help."""

    most = 50

    def __init__(self, source: str) -> None:
        self.source = source
        self.faults: list[TemplateFault] = []

    def add(self, index: int, sentence: str) -> None:
        """Note what is wrong at `index` of the source."""
        self.faults.append(fault_at(self.source, index, sentence))
        if len(self.faults) >= self.most:
            raise TemplateInvalid(*self.faults)


def fault_at(source: str, index: int, sentence: str) -> TemplateFault:
    """The fault at `index` of `source`, with the index turned into line and column."""
    line_start = source.rfind("\n", 0, index) + 1
    return TemplateFault(source.count("\n", 0, index) + 1, index - line_start + 1, sentence)
