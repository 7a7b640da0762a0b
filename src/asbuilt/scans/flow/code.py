"""Code of any language, as far as values are followed through it: expressions and statements, without their syntax.

Each language has a module that reads its syntax tree into these; ``following`` follows values through them.
"""

from typing import NamedTuple, TypeAlias

import msgspec

Known: TypeAlias = str | int | float | bool | None


class Place(NamedTuple):
    """Where something stands: lines and columns from 1, the end column after the last character."""

    line: int
    column: int
    end_line: int
    end_column: int


class Constant(msgspec.Struct, frozen=True, gc=False):
    """A literal; the escapes of a text stay as they are written."""

    value: Known


class Name(msgspec.Struct, frozen=True, gc=False):
    """A name."""

    name: str


class Member(msgspec.Struct, frozen=True):
    """``base.name``."""

    base: "Expression"
    name: str


class Item(msgspec.Struct, frozen=True):
    """``base[key]``; key None: a slice."""

    base: "Expression"
    key: "Expression | None"


class Joined(msgspec.Struct, frozen=True):
    """A text put together of parts, whatever the language writes for it."""

    parts: tuple["Expression", ...]


class Call(msgspec.Struct, frozen=True):
    """A call, or the making of an object; ``named`` arguments by name, ``**`` for those that are spread."""

    callee: "Expression"
    arguments: tuple["Expression", ...]
    named: tuple[tuple[str, "Expression"], ...]
    place: Place


class Binary(msgspec.Struct, frozen=True):
    """Two values and an operator as Python writes it: ``+``, ``in``, ``not in``, ``==``, ``and``, ``is not``."""

    operator: str
    left: "Expression"
    right: "Expression"


class Not(msgspec.Struct, frozen=True):
    """The contrary of a condition."""

    value: "Expression"


class Choice(msgspec.Struct, frozen=True):
    """One of two values."""

    test: "Expression"
    yes: "Expression"
    no: "Expression"


class Many(msgspec.Struct, frozen=True):
    """A list, a tuple, a set."""

    items: tuple["Expression", ...]


class Pairs(msgspec.Struct, frozen=True):
    """Keys and values; a key of None: what is spread into it."""

    items: tuple[tuple["Expression | None", "Expression"], ...]


class Each(msgspec.Struct, frozen=True):
    """An expression for every member of something."""

    target: "Expression"
    over: "Expression"
    element: "Expression"


class Closure(msgspec.Struct, frozen=True):
    """A function as a value."""

    function: "Function"


class Mixed(msgspec.Struct, frozen=True):
    """Anything else, made of these."""

    parts: tuple["Expression", ...]


Expression: TypeAlias = (
    Constant | Name | Member | Item | Joined | Call | Binary | Not | Choice | Many | Pairs | Each | Closure | Mixed
)


class Assign(msgspec.Struct, frozen=True):
    """A value to some targets."""

    targets: tuple[Expression, ...]
    value: Expression


class Import(msgspec.Struct, frozen=True):
    """A name for something of another module, by its full name."""

    name: str
    of: str


class Do(msgspec.Struct, frozen=True):
    """An expression for what it does."""

    value: Expression


class Branch(msgspec.Struct, frozen=True):
    """One of two blocks."""

    test: Expression
    yes: tuple["Statement", ...]
    no: tuple["Statement", ...] = ()


class Cases(msgspec.Struct, frozen=True):
    """One of several blocks, by a value; no patterns: it is for every other value."""

    subject: Expression
    cases: tuple[tuple[tuple[Expression, ...], tuple["Statement", ...]], ...]


class Loop(msgspec.Struct, frozen=True):
    """A block, none or many times."""

    body: tuple["Statement", ...]
    target: Expression | None = None
    over: Expression | None = None


class Leave(msgspec.Struct, frozen=True):
    """The end of a block: return, raise; ``of_loop``: break, continue, with which the loop may end."""

    value: Expression | None = None
    of_loop: bool = False


class Function(msgspec.Struct, frozen=True):
    """A function; ``answers``: it has a route; ``given`` are parameters whose values come from outside then."""

    name: str
    parameters: tuple[str, ...]
    body: tuple["Statement", ...]
    given: frozenset[str] = frozenset()
    answers: bool = False


class Define(msgspec.Struct, frozen=True):
    """The definition of functions: of one, or those of a class."""

    functions: tuple[Function, ...]


Statement: TypeAlias = Assign | Import | Do | Branch | Cases | Loop | Leave | Define
Block: TypeAlias = tuple[Statement, ...]
