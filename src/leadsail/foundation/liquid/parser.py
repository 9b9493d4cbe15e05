"""Builds the tree of a template and refuses, with line and column, whatever a prompt may not use.

The list of tags is here, the list of filters in `filters.py`. Which variables exist is not asked here.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import TypeVar

from liquid.builtin.expressions import Nil
from liquid.exceptions import LiquidError
from liquid.token import TOKEN_EXPRESSION, Token

from leadsail.foundation.liquid.errors import FaultList, TemplateInvalid
from leadsail.foundation.liquid.expressions import (
    Expression,
    Grammar,
    filter_calls,
    inner_expressions,
    is_offered,
    written_range,
)
from leadsail.foundation.liquid.filters import FILTERS
from leadsail.foundation.liquid.scanner import Kind, Piece, Scanner
from leadsail.foundation.liquid.tree import (
    Arm,
    Assign,
    Block,
    Capture,
    Choice,
    Flow,
    For,
    Leave,
    Node,
    Output,
    Text,
    without_white_space,
)

T = TypeVar("T")

_END_OF = {name: f"end{name}" for name in ("if", "unless", "case", "for", "capture")}
_MIDDLES = {"elsif", "else", "when"}
_OTHER_TAGS = {"assign", "break", "continue", "comment", "raw"}
TAGS = frozenset({*_END_OF, *_END_OF.values(), *_MIDDLES, *_OTHER_TAGS})
"""Every tag of a prompt. Nothing that reads from elsewhere, counts across templates or makes tables."""

_ARITHMETIC = {"*": "times", "+": "plus", "-": "minus", "/": "divided_by"}


def parse(source: str, grammar: Grammar, faults: FaultList) -> Block:
    """The tree of `source`; what is wrong goes to `faults`, and then the tree is of no use."""
    limits = grammar.limits
    if len(source) > limits.source:
        faults.add(0, f"a template has at most {limits.source:,} characters, this one has {len(source):,}")
        return ()
    unprintable = next((index for index, sign in enumerate(source) if sign == "\0" or "\ud800" <= sign <= "\udfff"), -1)
    if unprintable >= 0:
        faults.add(unprintable, "this character cannot be stored or sent; delete it")
        return ()
    return Parser(source, grammar, faults).template()


class Parser:
    """Goes through the pieces of one source; a wrong piece becomes a fault and the rest is still read."""

    def __init__(self, source: str, grammar: Grammar, faults: FaultList) -> None:
        self._grammar, self._limits, self._faults = grammar, grammar.limits, faults
        self._pieces = list(Scanner(source, grammar.limits, faults).pieces())
        self._next = 0
        self._open: list[str] = []
        self._tags: Mapping[str, Callable[[Piece], Node | None]] = {
            "if": self._if,
            "unless": self._if,
            "case": self._case,
            "for": self._for,
            "capture": self._capture,
            "assign": self._assign,
            "break": self._leave,
            "continue": self._leave,
        }

    def template(self) -> Block:
        """The whole tree."""
        marked = [piece for piece in self._pieces if piece.kind is not Kind.TEXT]
        if len(marked) > self._limits.tags:
            self._faults.add(marked[-1].at, f"a template has at most {self._limits.tags:,} tags and outputs")
            return ()
        return self._block(())

    def _block(self, ends: Collection[str]) -> Block:
        """Parts up to, and without, a tag that ends this block or one around it."""
        nodes: list[Node] = []
        while self._next < len(self._pieces) and not self._ends_here(ends):
            piece = self._pieces[self._next]
            self._next += 1
            node = self._node(piece)
            if node:
                nodes.append(node)
        return tuple(nodes)

    def _ends_here(self, ends: Collection[str]) -> bool:
        name = self._pieces[self._next].name
        return name in ends or name in self._open

    def _node(self, piece: Piece) -> Node | None:
        if piece.kind is Kind.TEXT:
            return Text(at=piece.at, text=piece.content)
        if piece.kind is Kind.OUTPUT:
            return Output(at=piece.at, value=self._expression(self._grammar.output, piece))
        if piece.name in self._tags:
            return self._tags[piece.name](piece)
        self._faults.add(piece.at, _unknown_tag(piece.name))
        return None

    def _if(self, piece: Piece) -> Choice:
        arms = []
        current: Piece | None = piece
        while current:
            conditions = () if current.name == "else" else (self._expression(self._grammar.condition, current),)
            block = self._inside(piece, {"elsif", "else"})
            arms.append(Arm(conditions=conditions, block=block, wanted=current.name != "unless"))
            current = self._take({"elsif", "else"})
        self._close(piece)
        return Choice(at=piece.at, arms=_tidy(arms))

    def _case(self, piece: Piece) -> Choice:
        subject = self._read(self._grammar.choices, piece)
        if subject and len(subject) > 1:
            self._faults.add(piece.at, "`case` compares one value")
        junk = self._inside(piece, {"when", "else"})
        for node in junk:
            if not node.is_silent:
                self._faults.add(node.at, "nothing may stand between `case` and its first `when`")
        arms = []
        while current := self._take({"when", "else"}):
            values = self._read(self._grammar.choices, current) if current.name == "when" else ()
            arms.append(Arm(conditions=values or (), block=self._inside(piece, {"when", "else"})))
        self._close(piece)
        return Choice(at=piece.at, subject=(subject or (_nothing(piece),))[0], arms=_tidy(arms))

    def _for(self, piece: Piece) -> For | None:
        loop = self._read(self._grammar.loop, piece)
        block = self._inside(piece, {"else"})
        otherwise = self._inside(piece, ()) if self._take({"else"}) else ()
        self._close(piece)
        if not loop:
            return None
        if loop.cols or str(loop.offset) == "'continue'":
            self._faults.add(piece.at, "a loop takes `limit`, `offset` and `reversed`, each with a value of its own")
        self._offer(loop.children(), piece)
        block, otherwise = without_white_space((block, otherwise))
        return For(at=piece.at, loop=loop, block=block, otherwise=otherwise)

    def _capture(self, piece: Piece) -> Capture:
        name = self._read(self._grammar.name, piece)
        block = self._inside(piece, ())
        self._close(piece)
        return Capture(at=piece.at, name=name or "", block=block)

    def _assign(self, piece: Piece) -> Assign | None:
        read = self._read(self._grammar.assignment, piece)
        if not read:
            return None
        self._offer([read[1]], piece)
        return Assign(at=piece.at, name=read[0], value=read[1])

    def _leave(self, piece: Piece) -> Leave:
        if "endfor" not in self._open:
            self._faults.add(piece.at, f"`{piece.name}` is only good inside a `for`")
        return Leave(at=piece.at, flow=Flow.BREAK if piece.name == "break" else Flow.CONTINUE)

    def _inside(self, opener: Piece, middles: Collection[str]) -> Block:
        """The block after a tag that is closed later."""
        if len(self._open) == self._limits.nesting:
            self._faults.add(opener.at, f"tags are nested more than {self._limits.nesting} deep")
            raise TemplateInvalid(*self._faults.faults)
        self._open.append(_END_OF[opener.name])
        block = self._block(middles)
        self._open.pop()
        return block

    def _take(self, names: Collection[str]) -> Piece | None:
        """The next piece if it is one of these tags."""
        if self._next < len(self._pieces) and self._pieces[self._next].name in names:
            self._next += 1
            return self._pieces[self._next - 1]
        return None

    def _close(self, opener: Piece) -> None:
        if not self._take({_END_OF[opener.name]}):
            self._faults.add(opener.at, f"`{opener.name}` is never closed with `{_END_OF[opener.name]}`")

    def _expression(self, read: Callable[[str, int], Expression], piece: Piece) -> Expression:
        expression = self._read(read, piece) or _nothing(piece)
        self._offer([expression], piece)
        return expression

    def _read(self, read: Callable[[str, int], T], piece: Piece) -> T | None:
        """What the library reads in a piece; what it cannot read becomes a fault."""
        try:
            return read(piece.content, piece.start)
        except LiquidError as error:
            index = error.token.start_index if error.token else -1
            at = index if index >= 0 else piece.start + len(piece.content.rstrip())
            self._faults.add(at, _readable(str(error.message)))
            return None

    def _offer(self, expressions: Iterable[Expression], piece: Piece) -> None:
        """Refuse expressions and filters that prompts do not have."""
        for whole in expressions:
            for expression in inner_expressions(whole):
                if not is_offered(expression):
                    self._faults.add(piece.at, "this kind of expression is not available in prompts")
                if written_range(expression) > self._limits.range_items:
                    self._faults.add(piece.at, f"a range has at most {self._limits.range_items:,} items")
                for call in filter_calls(expression):
                    self._offer_filter(call.name, call.args, call.token.start_index)

    def _offer_filter(self, name: str, arguments: Sequence[object], at: int) -> None:
        offered = FILTERS.get(name)
        if not offered:
            self._faults.add(at, f"there is no filter `{name}`{_guess(name, FILTERS)}")
        elif any(hasattr(argument, "name") for argument in arguments):
            self._faults.add(at, f"the filter `{name}` takes no named arguments")
        elif not offered.least <= len(arguments) <= offered.most:
            self._faults.add(
                at, f"the filter `{name}` takes {_count(offered.least, offered.most)}, not {len(arguments)}"
            )


def _nothing(piece: Piece) -> Expression:
    return Nil(Token(TOKEN_EXPRESSION, piece.content, piece.start, ""))


def _tidy(arms: list[Arm]) -> list[Arm]:
    blocks = without_white_space(arm.block for arm in arms)
    return [
        Arm(conditions=arm.conditions, block=block, wanted=arm.wanted) for arm, block in zip(arms, blocks, strict=True)
    ]


def _count(least: int, most: int) -> str:
    if most == 0:
        return "no value"
    return str(most) + (" value" if most == 1 else " values") if least == most else f"{least} to {most} values"


def _unknown_tag(name: str) -> str:
    if name in TAGS:
        return f"`{name}` stands where nothing is open for it"
    return f"there is no tag `{name}` in prompts{_guess(name, TAGS)}" if name else "a tag begins with its name"


def _guess(name: str, known: Iterable[str]) -> str:
    guesses = get_close_matches(name[:40], known, n=1, cutoff=0.7)
    return f"; did you mean `{guesses[0]}`?" if guesses else ""


def _readable(complaint: str) -> str:
    """The library's complaint, with what to do where a writer expected another language."""
    sign = complaint.removeprefix("unexpected '").removesuffix("'")
    if sign in _ARITHMETIC:
        return f"{complaint}; Liquid calculates with filters, such as `| {_ARITHMETIC[sign]}: 7`"
    plain = complaint.replace("a primitive expression", "a value").replace("end of expression", "the end")
    return f"this cannot be read: {plain}"
