"""Finds every variable of a template that its vocabulary does not know, before anybody is called with it."""

from collections.abc import Sequence

from leadsail.foundation.liquid.errors import FaultList
from leadsail.foundation.liquid.expressions import (
    Expression,
    Identifier,
    Path,
    filter_calls,
    inner_expressions,
    unfiltered,
)
from leadsail.foundation.liquid.tree import Assign, Block, Capture, For, Node, Output
from leadsail.foundation.liquid.vocabulary import (
    AnyKey,
    Group,
    Key,
    Leaf,
    ListOf,
    Shape,
    UnknownName,
    Vocabulary,
)

_FORLOOP = Group.of("index", "index0", "rindex", "rindex0", "first", "last", "length", parentloop=Leaf.ANYTHING)


class Checker:
    """Reads a tree in the order of its text, remembering the names the template gives itself."""

    def __init__(self, vocabulary: Vocabulary, faults: FaultList) -> None:
        self._vocabulary, self._faults = vocabulary, faults
        self._own: dict[str, Shape] = {}
        self._loops: list[dict[str, Shape]] = []

    def check(self, block: Block) -> None:
        """Note every fault of `block` and what is in it."""
        for node in block:
            for expression in node.expressions:
                self._check_paths(expression)
            self._check_node(node)

    def _check_node(self, node: Node) -> None:
        match node:
            case Output(value=value):
                self._check_printable(value)
            case Assign(name=name, value=value):
                self._own[self._free(name, node.at)] = self._shape(value)
            case Capture(name=name, block=block):
                self.check(block)
                self._own[self._free(name, node.at)] = Leaf.SINGLE
            case For():
                self._check_loop(node)
            case _:
                for block in node.blocks:
                    self.check(block)

    def _check_loop(self, node: For) -> None:
        name = self._free(node.loop.identifier, node.at)
        self._loops.append({name: _item(self._shape(node.loop.iterable)), "forloop": _FORLOOP})
        self.check(node.block)
        self._loops.pop()
        self.check(node.otherwise)

    def _check_paths(self, expression: Expression) -> None:
        for inner in inner_expressions(expression):
            if isinstance(inner, Path):
                self._shape(inner, report=True)

    def _check_printable(self, value: Expression) -> None:
        shape = self._shape(value)
        whole = unfiltered(value)
        if isinstance(shape, Group):
            part = next(iter(shape.names))
            self._faults.add(value.token.start_index, f"`{whole}` is a group; name one part, such as `{whole}.{part}`")
        elif isinstance(shape, ListOf) and isinstance(shape.item, Group):
            self._faults.add(value.token.start_index, f"`{whole}` is a list; go through it with `for`, or add `| json`")

    def _free(self, name: str, at: int) -> str:
        """`name`, noted as a fault if the template may not give it away."""
        if name in self._vocabulary.root.names or name == "forloop":
            at = name.token.start_index if isinstance(name, Identifier) else at
            self._faults.add(at, f"`{name}` is already a variable; choose another name")
        return name

    def _shape(self, expression: Expression, *, report: bool = False) -> Shape:
        """The shape of a value as far as it is known in advance."""
        path = unfiltered(expression)
        if filter_calls(expression) or not isinstance(path, Path):
            return Leaf.ANYTHING
        local = {**self._own, **{name: shape for names in self._loops for name, shape in names.items()}}
        try:
            return self._vocabulary.shape_at(_keys(path), local)
        except UnknownName as unknown:
            if report:
                self._faults.add(path.token.start_index, str(unknown))
            return Leaf.ANYTHING


def _keys(path: Path) -> Sequence[Key]:
    return [None if isinstance(key, Path) else key for key in path.path]


def _item(shape: Shape) -> Shape:
    """What a loop over `shape` gives each turn: an item, or name and value of an entry."""
    if isinstance(shape, ListOf):
        return shape.item
    return ListOf(Leaf.ANYTHING) if isinstance(shape, Group | AnyKey) else Leaf.ANYTHING
