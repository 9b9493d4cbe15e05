"""A template as a tree, and how each part of it renders. The parser has settled whether it is allowed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from leadsail.foundation.liquid.expressions import Expression, LoopExpression, Values
from leadsail.foundation.liquid.values import is_list, is_true, number_of, text_of

Block = tuple["Node", ...]


class Flow(Enum):
    """How a part ended: on to the next one, or out of this turn, or out of the loop."""

    ON = auto()
    CONTINUE = auto()
    BREAK = auto()


class Page:
    """A text that is being made, never longer than the budget allows."""

    def __init__(self, values: Values) -> None:
        self.values = values
        self._parts: list[str] = []
        self._length = 0

    def write(self, value: object) -> None:
        """Add `value` as text."""
        self.values.budget.pay_for(value)
        text = text_of(value)
        self._length += len(text)
        self.values.budget.allow_length(self._length)
        self._parts.append(text)

    def render(self, block: Block) -> Flow:
        """Add what `block` makes, part by part."""
        for node in block:
            self.values.budget.position = node.at
            self.values.budget.spend()
            flow = node.render(self)
            if flow is not Flow.ON:
                return flow
        return Flow.ON

    def text(self) -> str:
        """All that was added."""
        return "".join(self._parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One part of a template. `at` is its index in the source."""

    at: int

    @property
    def expressions(self) -> Sequence[Expression]:
        """What this part works out, without its blocks."""
        return ()

    @property
    def blocks(self) -> Sequence[Block]:
        """The parts inside this part."""
        return ()

    @property
    def is_silent(self) -> bool:
        """Whether nothing but white space can come of it."""
        return all(node.is_silent for block in self.blocks for node in block)

    def render(self, page: Page) -> Flow:
        """Write this part to `page`."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Node):
    """Text as it stands in the source."""

    text: str

    @property
    def is_silent(self) -> bool:
        """See `Node`."""
        return self.text.isspace()

    def render(self, page: Page) -> Flow:
        """See `Node`."""
        page.write(self.text)
        return Flow.ON


@dataclass(frozen=True, slots=True, kw_only=True)
class Output(Node):
    """`{{ value | filter }}`."""

    value: Expression

    @property
    def expressions(self) -> Sequence[Expression]:
        """See `Node`."""
        return (self.value,)

    @property
    def is_silent(self) -> bool:
        """See `Node`."""
        return False

    def render(self, page: Page) -> Flow:
        """See `Node`."""
        page.write(page.values.of(self.value))
        return Flow.ON


@dataclass(frozen=True, slots=True, kw_only=True)
class Assign(Node):
    """`{% assign name = value | filter %}`."""

    name: str
    value: Expression

    @property
    def expressions(self) -> Sequence[Expression]:
        """See `Node`."""
        return (self.value,)

    def render(self, page: Page) -> Flow:
        """See `Node`."""
        page.values.own[self.name] = page.values.of(self.value)
        return Flow.ON


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture(Node):
    """`{% capture name %}…{% endcapture %}`: what the block makes becomes a value."""

    name: str
    block: Block

    @property
    def blocks(self) -> Sequence[Block]:
        """See `Node`."""
        return (self.block,)

    @property
    def is_silent(self) -> bool:
        """See `Node`."""
        return True

    def render(self, page: Page) -> Flow:
        """See `Node`."""
        aside = Page(page.values)
        flow = aside.render(self.block)
        page.values.own[self.name] = aside.text()
        return flow


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """A block with what must hold for it; no conditions means otherwise."""

    conditions: Sequence[Expression] = ()
    block: Block = ()
    wanted: bool = True
    """False for `unless`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Node):
    """`if`, `unless` and `case`: the first arm that holds is rendered, no other."""

    arms: Sequence[Arm]
    subject: Expression | None = None
    """What `case` compares with; `if` has none."""

    @property
    def expressions(self) -> Sequence[Expression]:
        """See `Node`."""
        conditions = [condition for arm in self.arms for condition in arm.conditions]
        return [self.subject, *conditions] if self.subject else conditions

    @property
    def blocks(self) -> Sequence[Block]:
        """See `Node`."""
        return [arm.block for arm in self.arms]

    def render(self, page: Page) -> Flow:
        """See `Node`."""
        subject = page.values.of(self.subject) if self.subject else None
        for arm in self.arms:
            if not arm.conditions or self._holds(page.values, subject, arm):
                return page.render(arm.block)
        return Flow.ON

    def _holds(self, values: Values, subject: object, arm: Arm) -> bool:
        if self.subject:
            return any(values.equal(subject, values.of(condition)) for condition in arm.conditions)
        return is_true(values.of(arm.conditions[0])) is arm.wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class For(Node):
    """`{% for name in list %}…{% else %}…{% endfor %}`."""

    loop: LoopExpression
    block: Block
    otherwise: Block = field(default=())

    @property
    def expressions(self) -> Sequence[Expression]:
        """See `Node`."""
        return self.loop.children()

    @property
    def blocks(self) -> Sequence[Block]:
        """See `Node`."""
        return (self.block, self.otherwise)

    def render(self, page: Page) -> Flow:
        """See `Node`."""
        items = self._items(page.values)
        if not items:
            return page.render(self.otherwise)
        names: dict[str, object] = {}
        outer = page.values.loops[-1]["forloop"] if page.values.loops else None
        page.values.loops.append(names)
        for index, item in enumerate(items):
            page.values.budget.spend()
            names.update({self.loop.identifier: item, "forloop": _standing(index, len(items), outer)})
            if page.render(self.block) is Flow.BREAK:
                break
        page.values.loops.pop()
        return Flow.ON

    def _items(self, values: Values) -> Sequence[object]:
        items = _as_items(values.of(self.loop.iterable))
        values.budget.spend(len(items))
        first = max(_whole(values, self.loop.offset, 0), 0)
        count = max(_whole(values, self.loop.limit, len(items)), 0)
        kept = items[first : first + count]
        return kept[::-1] if self.loop.reversed else kept


def _as_items(value: object) -> Sequence[object]:
    """What a loop goes through: a list's items, a group's entries as name and value, or a text as one."""
    if isinstance(value, Mapping):
        return [[name, item] for name, item in value.items()]
    if is_list(value):
        return value
    return [value] if isinstance(value, str) and value else []


def _whole(values: Values, expression: Expression | None, otherwise: int) -> int:
    return otherwise if expression is None else int(number_of(values.of(expression)))


def _standing(index: int, length: int, outer: object) -> dict[str, object]:
    """The `forloop` of Liquid for the turn at `index`."""
    return {
        "index": index + 1,
        "index0": index,
        "rindex": length - index,
        "rindex0": length - index - 1,
        "first": index == 0,
        "last": index == length - 1,
        "length": length,
        "parentloop": outer,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave(Node):
    """`{% break %}` and `{% continue %}`."""

    flow: Flow

    def render(self, page: Page) -> Flow:  # noqa: ARG002 - it writes nothing
        """See `Node`."""
        return self.flow


def without_white_space(blocks: Iterable[Block]) -> list[Block]:
    """The blocks of one tag, without text if that is all white space: pure logic leaves no gap."""
    all_blocks = list(blocks)
    if all(node.is_silent for block in all_blocks for node in block):
        return [tuple(node for node in block if not isinstance(node, Text)) for block in all_blocks]
    return all_blocks
