"""Which variables a template may name, as a value the caller makes; the words themselves are the features'.

A vocabulary is a group of shapes. It answers, for a name written in a template, what stands there, or says in
a sentence why nothing does and what was probably meant.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import Enum, auto

_LONGEST_NAME_TO_GUESS = 80


class Leaf(Enum):
    """Shapes without names of their own."""

    SINGLE = auto()
    """One text, number, date, or yes and no."""
    ANYTHING = auto()
    """Not known until the template is rendered."""


@dataclass(frozen=True, slots=True)
class Group:
    """Exactly these names, each with its shape."""

    names: Mapping[str, "Shape"]

    @classmethod
    def of(cls, *single: str, **shaped: "Shape") -> "Group":
        """A group of `single` values and of names with a shape of their own."""
        return cls({**dict.fromkeys(single, Leaf.SINGLE), **shaped})


@dataclass(frozen=True, slots=True)
class AnyKey:
    """A group in which every name is good, because its names are chosen by the tenant."""


@dataclass(frozen=True, slots=True)
class ListOf:
    """Any number of items of one shape."""

    item: "Shape" = Leaf.SINGLE


Shape = Leaf | Group | AnyKey | ListOf
Key = str | int | None
"""One step of a path: a name, a number, or None where it is only known when the template is rendered."""


class UnknownName(Exception):
    """There is no such variable; the text says so and what may have been meant."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The variables of a template, for example `Vocabulary(Group.of("now", lead=Group.of("firstName")))`."""

    root: Group
    full_names: Sequence[str] = field(init=False)
    """Every variable that can be named in advance, as written in a template; for pickers and for guesses."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "full_names", tuple(_full_names(self.root)))

    def shape_at(self, path: Sequence[Key], local: Mapping[str, Shape]) -> Shape:
        """What stands at `path`, seeing the template's own `local` names too, or `UnknownName`."""
        start = path[0]
        if not isinstance(start, str):
            raise UnknownName("a variable begins with a name, such as `lead.firstName`")
        names = {**self.root.names, **local}
        if start not in names:
            raise UnknownName(f"there is no variable `{written(path)}`{self._guess(path, names)}")
        shape = names[start]
        for length, key in enumerate(path[1:], start=1):
            inner = _inner(shape, key)
            if inner is None:
                raise UnknownName(self._no_such_part(shape, path, length))
            shape = inner
        return shape

    def _no_such_part(self, shape: Shape, path: Sequence[Key], length: int) -> str:
        whole, part = written(path[:length]), path[length]
        if isinstance(shape, Group) and part is None:
            return f"write out which part of `{whole}` is meant, such as `{whole}.{next(iter(shape.names))}`"
        if isinstance(shape, Group):
            return f"`{whole}` has no `{part}`{self._guess(path, _full_names(shape, f'{whole}.'))}"
        if isinstance(shape, ListOf):
            return f"`{whole}` is a list and has no `{part}`; go through it with `for`"
        return f"`{whole}` is a single value and has no `{'…' if part is None else part}`"

    def _guess(self, path: Sequence[Key], near: Iterable[str]) -> str:
        name = written(path)
        if len(name) > _LONGEST_NAME_TO_GUESS:
            return ""
        known = [*near, *self.full_names]
        same_ending = [full for full in known if full.endswith(f".{name}")]
        guesses = same_ending or get_close_matches(name, known, n=1, cutoff=0.7)
        return f"; did you mean `{guesses[0]}`?" if guesses else ""


def written(path: Sequence[Key]) -> str:
    """A path as it is written in a template."""
    first, *others = ("…" if key is None else str(key) for key in path)
    return first + "".join(f".{key}" if key.isidentifier() else f"[{key}]" for key in others)


def _full_names(group: Group, before: str = "") -> Iterator[str]:
    for name, shape in group.names.items():
        if isinstance(shape, Group):
            yield from _full_names(shape, f"{before}{name}.")
        else:
            yield before + name


def _inner(shape: Shape, key: Key) -> Shape | None:
    match shape:
        case Leaf.ANYTHING | AnyKey():
            return Leaf.ANYTHING
        case Group(names):
            return names.get(key) if isinstance(key, str) else None
        case ListOf(item) if not isinstance(key, str) or key in {"first", "last"}:
            return item
    return Leaf.SINGLE if key == "size" else None
