"""The syntax tree of a query. Nodes are immutable, and equal when they say the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal as OneOf
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal value; `text` is its spelling, which keeps true apart from 1."""

    value: object
    text: str


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str


@dataclass(frozen=True, slots=True)
class Name:
    """An alias introduced by FROM or JOIN."""

    name: str


@dataclass(frozen=True, slots=True)
class Property:
    """`target.key` or `target["key"]`."""

    target: Expression
    key: str


@dataclass(frozen=True, slots=True)
class Index:
    """`target[position]`."""

    target: Expression
    position: int


@dataclass(frozen=True, slots=True)
class Call:
    """A function of one row; `name` is in upper case."""

    name: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Aggregate:
    """COUNT, SUM, AVG, MIN or MAX over the rows of a group."""

    name: str
    argument: Expression


@dataclass(frozen=True, slots=True)
class Logical:
    """AND or OR over two or more operands."""

    operator: OneOf["AND", "OR"]
    operands: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Not:
    operand: Expression


@dataclass(frozen=True, slots=True)
class Compare:
    operator: OneOf["=", "!=", "<", "<=", ">", ">="]
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Membership:
    """`needle IN (…)`."""

    needle: Expression
    values: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Like:
    text: Expression
    pattern: Expression
    escape: str | None


@dataclass(frozen=True, slots=True)
class Arithmetic:
    operator: OneOf["+", "-", "*", "/", "%"]
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Signed:
    operator: OneOf["+", "-"]
    operand: Expression


@dataclass(frozen=True, slots=True)
class Concatenation:
    operands: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Coalesce:
    operands: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Conditional:
    condition: Expression
    chosen: Expression
    otherwise: Expression


@dataclass(frozen=True, slots=True)
class ArrayOf:
    """`[a, b]`."""

    elements: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class ObjectOf:
    """`{"a": b}`."""

    members: tuple[tuple[str, Expression], ...]


@dataclass(frozen=True, slots=True)
class Subquery:
    """EXISTS(…), ARRAY(…) or a query in parentheses that stands for one value."""

    kind: OneOf["EXISTS", "ARRAY", "SCALAR"]
    query: Query


Expression: TypeAlias = (
    Constant
    | Parameter
    | Name
    | Property
    | Index
    | Call
    | Aggregate
    | Logical
    | Not
    | Compare
    | Membership
    | Like
    | Arithmetic
    | Signed
    | Concatenation
    | Coalesce
    | Conditional
    | ArrayOf
    | ObjectOf
    | Subquery
)

Path: TypeAlias = Name | Property | Index


@dataclass(frozen=True, slots=True)
class Source:
    """One entry of FROM or JOIN.

    `whole`: the alias is bound to what `origin` names (a container's items, or a value in sight);
    `each`: to the elements of the array at `origin`; `rows`: to the rows of the subquery `origin`.
    """

    kind: OneOf["whole", "each", "rows"]
    alias: str
    origin: Path | Query


@dataclass(frozen=True, slots=True)
class SelectItem:
    expression: Expression
    alias: str | None


@dataclass(frozen=True, slots=True)
class SelectAll:
    """`SELECT *`."""


@dataclass(frozen=True, slots=True)
class SelectValue:
    """`SELECT VALUE expression`."""

    expression: Expression


@dataclass(frozen=True, slots=True)
class SelectList:
    items: tuple[SelectItem, ...]


@dataclass(frozen=True, slots=True)
class OrderItem:
    expression: Expression
    descending: bool


Count: TypeAlias = int | Parameter


@dataclass(frozen=True, slots=True)
class Query:
    selection: SelectAll | SelectValue | SelectList
    distinct: bool = False
    top: Count | None = None
    sources: tuple[Source, ...] = ()
    where: Expression | None = None
    groups: tuple[Expression, ...] = ()
    order: tuple[OrderItem, ...] = ()
    offset: Count | None = None
    limit: Count | None = None


def children(expression: Expression) -> tuple[Expression, ...]:
    """The direct operands of an expression; a subquery counts as a leaf, for it has its own scope."""
    match expression:
        case Property(target=one) | Index(target=one) | Not(operand=one) | Signed(operand=one):
            return (one,)
        case Aggregate(argument=one):
            return (one,)
        case Call(arguments=many) | Logical(operands=many) | Concatenation(operands=many) | Coalesce(operands=many):
            return many
        case ArrayOf(elements=many):
            return many
        case Compare(left=left, right=right) | Arithmetic(left=left, right=right):
            return (left, right)
        case Membership(needle=needle, values=values):
            return (needle, *values)
        case Like(text=text, pattern=pattern):
            return (text, pattern)
        case Conditional(condition=condition, chosen=chosen, otherwise=otherwise):
            return (condition, chosen, otherwise)
        case ObjectOf(members=members):
            return tuple(value for _, value in members)
        case _:
            return ()


def path_of(expression: Expression) -> tuple[str, tuple[str | int, ...]] | None:
    """The alias and the steps of a plain property path such as `c.a["b"][0]`; None for anything else."""
    steps: list[str | int] = []
    while isinstance(expression, Property | Index):
        steps.append(expression.key if isinstance(expression, Property) else expression.position)
        expression = expression.target
    if not isinstance(expression, Name):
        return None
    return expression.name, tuple(reversed(steps))
