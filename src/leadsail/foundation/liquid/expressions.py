"""What stands between the braces: read by python-liquid's grammar, worked out here, one paid step at a time.

The library could evaluate too, but its ranges, lists and comparisons cannot be stopped once begun. Only the
kinds of expression that `_RULES` knows exist for a template; anything else the grammar may learn is refused.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any

from liquid import Environment
from liquid.builtin.expressions import (
    BooleanExpression,
    FilteredExpression,
    Identifier,
    LoopExpression,
    Nil,
    Path,
    StringLiteral,
    parse_identifier,
    parse_primitive,
    tokenize,
)
from liquid.builtin.expressions.filtered import Filter as FilterCall
from liquid.builtin.expressions.logical import (
    ContainsExpression,
    EqExpression,
    GeExpression,
    GtExpression,
    LeExpression,
    LogicalAndExpression,
    LogicalOrExpression,
    LtExpression,
    NeExpression,
)
from liquid.builtin.expressions.primitive import (
    Blank,
    Empty,
    FalseLiteral,
    FloatLiteral,
    IntegerLiteral,
    RangeLiteral,
    TrueLiteral,
)
from liquid.exceptions import LiquidError
from liquid.expression import Expression
from liquid.stream import TokenStream
from liquid.token import (
    TOKEN_ASSIGN,
    TOKEN_COMMA,
    TOKEN_DOT,
    TOKEN_EXPRESSION,
    TOKEN_FLOAT,
    TOKEN_INTEGER,
    TOKEN_OR,
    TOKEN_WORD,
    Token,
)

from leadsail.foundation.liquid.budget import Budget, TemplateLimits
from leadsail.foundation.liquid.filters import FILTERS
from leadsail.foundation.liquid.values import (
    Absence,
    is_equal,
    is_inside,
    is_less,
    is_true,
    item_of,
    number_of,
)

__all__ = [
    "Expression",
    "Grammar",
    "Identifier",
    "LoopExpression",
    "Path",
    "Values",
    "filter_calls",
    "inner_expressions",
    "is_offered",
    "unfiltered",
    "written_range",
]

_LONGEST_NUMERAL = 16


class Grammar:
    """Reads expressions. Every method raises the library's `LiquidError`, with the place in its token."""

    def __init__(self, limits: TemplateLimits) -> None:
        self.limits = limits
        self._library = Environment()

    def output(self, text: str, start: int) -> Expression:
        """A value with its filters, as in `{{ lead.firstName | default: "there" }}`."""
        return FilteredExpression.parse(self._library, self._symbols(text, start))

    def condition(self, text: str, start: int) -> Expression:
        """What follows `if`, `elsif` and `unless`."""
        return BooleanExpression.parse(self._library, self._symbols(text, start))

    def loop(self, text: str, start: int) -> LoopExpression:
        """What follows `for`."""
        return LoopExpression.parse(self._library, self._symbols(text, start))

    def assignment(self, text: str, start: int) -> tuple[Identifier, Expression]:
        """What follows `assign`: a name, `=` and a value with its filters."""
        symbols = self._symbols(text, start)
        name = parse_identifier(self._library, symbols, allow_trailing_question_mark=False)
        symbols.eat(TOKEN_ASSIGN)
        return name, FilteredExpression.parse(self._library, symbols)

    def name(self, text: str, start: int) -> Identifier:
        """What follows `capture`."""
        symbols = self._symbols(text, start)
        name = parse_identifier(self._library, symbols, allow_trailing_question_mark=False)
        symbols.expect_eos()
        return name

    def choices(self, text: str, start: int) -> tuple[Expression, ...]:
        """What follows `case` (one value) and `when` (values with `,` or `or` between them)."""
        symbols = self._symbols(text, start)
        found = [parse_primitive(self._library, symbols)]
        while symbols.current.kind in (TOKEN_COMMA, TOKEN_OR):
            next(symbols)
            found.append(parse_primitive(self._library, symbols))
        symbols.expect_eos()
        return tuple(found)

    def _symbols(self, text: str, start: int) -> TokenStream:
        whole = Token(TOKEN_EXPRESSION, text, start, "")
        tokens = _with_plain_names(list(islice(tokenize(text, whole), self.limits.symbols + 1)))
        if not tokens:
            raise LiquidError("there is nothing here", token=whole)
        if len(tokens) > self.limits.symbols:
            raise LiquidError(f"this has more than {self.limits.symbols} symbols; divide it", token=whole)
        for token in tokens:
            if token.kind in (TOKEN_INTEGER, TOKEN_FLOAT) and len(token.value) > _LONGEST_NUMERAL:
                raise LiquidError("this number is too long", token=token)
        return TokenStream(iter(tokens))


def _with_plain_names(tokens: list[Token]) -> list[Token]:
    """Words that the library keeps to itself, such as `required`, are names like any other after a dot."""
    return [
        token._replace(kind=TOKEN_WORD) if before.kind == TOKEN_DOT and token.value.isidentifier() else token
        for before, token in zip([TokenStream.eof, *tokens], tokens, strict=False)
    ]


def inner_expressions(expression: Expression) -> Iterator[Expression]:
    """`expression` and everything in it."""
    yield expression
    for child in expression.children():
        yield from inner_expressions(child)


def is_offered(expression: Expression) -> bool:
    """Whether a template may use this kind of expression."""
    return type(expression) in _RULES


def written_range(expression: Expression) -> int:
    """How many items a range has whose ends are written out; 0 if it is anything else."""
    if not isinstance(expression, RangeLiteral):
        return 0
    start, stop = expression.start, expression.stop
    if isinstance(start, IntegerLiteral) and isinstance(stop, IntegerLiteral):
        return stop.value - start.value + 1
    return 0


def filter_calls(expression: Expression) -> list[FilterCall]:
    """The filters applied to `expression`, first to last."""
    return (expression.filters or []) if isinstance(expression, FilteredExpression) else []


def unfiltered(expression: Expression) -> Expression:
    """`expression` before any filter."""
    return expression.left if isinstance(expression, FilteredExpression) else expression


class Values:
    """Works out expressions against the variables of one rendering."""

    def __init__(self, variables: Mapping[str, object], budget: Budget) -> None:
        self.budget = budget
        self.own: dict[str, object] = {}
        """What the template assigned or captured."""
        self.loops: list[dict[str, object]] = []
        """The names of the loops that are running, outermost first."""
        self._variables = variables

    def of(self, expression: Expression) -> object:
        """The value of `expression`; None if it is absent."""
        self.budget.spend()
        return _RULES[type(expression)](self, expression)

    def named(self, name: object) -> object:
        """The value of a single name: of the innermost loop, the template's own, or the caller's."""
        if not isinstance(name, str):
            return None
        places = (*reversed(self.loops), self.own, self._variables)
        return next((names[name] for names in places if name in names), None)

    def equal(self, left: object, right: object) -> bool:
        """`left == right`, paid for."""
        self.budget.pay_for(left)
        self.budget.pay_for(right)
        return is_equal(left, right)


def _path(values: Values, path: Path) -> object:
    keys = [values.of(key) if isinstance(key, Path) else key for key in path.path]
    found = values.named(keys[0])
    for key in keys[1:]:
        values.budget.spend()
        found = item_of(found, key)
    return found


def _range(values: Values, limits: RangeLiteral) -> range:
    first, last = (int(number_of(values.of(limit))) for limit in (limits.start, limits.stop))
    values.budget.allow_range(last - first + 1)
    return range(first, max(last + 1, first))


def _filtered(values: Values, expression: FilteredExpression) -> object:
    value = values.of(expression.left)
    for call in expression.filters or []:
        values.budget.position = call.token.start_index
        arguments = [values.of(argument.value) for argument in call.args]
        value = FILTERS[call.name].apply(values.budget, value, arguments)
    return value


def _equal(values: Values, expression: EqExpression | NeExpression) -> bool:
    return values.equal(values.of(expression.left), values.of(expression.right))


def _less(values: Values, left: Expression, right: Expression) -> bool:
    smaller, greater = values.of(left), values.of(right)
    values.budget.pay_for(smaller)
    values.budget.pay_for(greater)
    return is_less(smaller, greater)


def _at_most(values: Values, left: Expression, right: Expression) -> bool:
    smaller, greater = values.of(left), values.of(right)
    if smaller is None or greater is None:
        return False
    return values.equal(smaller, greater) or is_less(smaller, greater)


def _contains(values: Values, expression: ContainsExpression) -> bool:
    container, item = values.of(expression.left), values.of(expression.right)
    values.budget.pay_for(container)
    values.budget.pay_for(item)
    return is_inside(item, container)


def _literal(_: Values, literal: Any) -> object:
    return literal.value


_RULES: dict[type[Expression], Callable[[Values, Any], object]] = {
    Blank: lambda _, __: Absence.BLANK,
    BooleanExpression: lambda values, it: is_true(values.of(it.expression)),
    ContainsExpression: _contains,
    Empty: lambda _, __: Absence.EMPTY,
    EqExpression: _equal,
    FalseLiteral: _literal,
    FilteredExpression: _filtered,
    FloatLiteral: _literal,
    GeExpression: lambda values, it: _at_most(values, it.right, it.left),
    GtExpression: lambda values, it: _less(values, it.right, it.left),
    IntegerLiteral: _literal,
    LeExpression: lambda values, it: _at_most(values, it.left, it.right),
    LogicalAndExpression: lambda values, it: is_true(values.of(it.left)) and is_true(values.of(it.right)),
    LogicalOrExpression: lambda values, it: is_true(values.of(it.left)) or is_true(values.of(it.right)),
    LtExpression: lambda values, it: _less(values, it.left, it.right),
    NeExpression: lambda values, it: not _equal(values, it),
    Nil: lambda _, __: None,
    Path: _path,
    RangeLiteral: _range,
    StringLiteral: _literal,
    TrueLiteral: _literal,
}
