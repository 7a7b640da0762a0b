"""What is known of a value: its constant text, whether something of it is not constant, or came from outside."""

import operator
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import msgspec

from asbuilt.scans.flow.code import Known

_LONGEST: Final = 2_000  # characters of a text that are remembered
_LARGEST: Final = 1 << 62
HOLE: Final = "\N{REPLACEMENT CHARACTER}"  # stands in a text for what is not constant
_OURS: Final = (
    "\N{OBJECT REPLACEMENT CHARACTER}"  # ... where a text begins with it, which then goes on from outside
)


class Unknown:
    """The kind of ``UNKNOWN``: no constant."""


UNKNOWN: Final = Unknown()
Key = str | int


class Value(msgspec.Struct, frozen=True, gc=False):
    """What is known of one value.

    ``known`` is its constant value. ``text`` are its constant parts with holes between them. ``varies``: something
    of it is not constant; ``outside``: that came from a request; ``built``: constant text and something that varies
    are put together in it. ``items`` are what it holds, by key, where that is known. ``name`` is its full name,
    where it is a thing of a module and no value of ours. ``through`` are functions that all went through which
    varies in it, by the last part of their names. ``origins`` are the names that it was made of.
    """

    known: Known | Unknown = UNKNOWN
    text: str = ""
    varies: bool = False
    outside: bool = False
    built: bool = False
    items: Mapping[Key, "Value"] | None = None
    name: str = ""
    through: frozenset[str] = frozenset()
    origins: frozenset[str] = frozenset()

    @property
    def is_known(self) -> bool:
        """Whether it is a constant."""
        return not isinstance(self.known, Unknown)


FIXED: Final = Value()  # constant, or harmless, though nobody knows what
VARIES: Final = Value(varies=True, text=HOLE)
OUTSIDE: Final = Value(varies=True, outside=True, text=HOLE)


# What stands among ``through`` of a value whose text was looked into before the function went on with it.
CHECKED: Final = "\0checked"
# ... and of the address that a request was sent to: it is our own.
LOOKED_UP: Final = "\0looked up"  # ... of what a value was only the key to
IN_BROWSER: Final = "\0in a browser"  # ... and of the address of a page, where no server is asked
OWN_ADDRESS: Final = "\0own address"


def constant(value: Known) -> Value:
    """A constant."""
    return Value(known=value, text=value[:_LONGEST] if isinstance(value, str) else "")


def mixed(parts: Iterable[Value]) -> Value:
    """Something made of some values, in a way that is not looked at."""
    varies = outside = built = False
    text = ""
    through: frozenset[str] | None = None
    origins: frozenset[str] = frozenset()
    for part in parts:
        if part.varies:
            through = _narrowed(through, part, outside=outside)
            origins |= part.origins
        varies |= part.varies
        outside |= part.outside
        built |= part.built
        if len(part.text) > len(text):
            text = part.text
    if not varies:
        return Value(text=text) if text else FIXED
    return Value(
        varies=True,
        outside=outside,
        built=built,
        text=text or HOLE,
        through=through or frozenset(),
        origins=origins,
    )


def _narrowed(through: frozenset[str] | None, part: Value, *, outside: bool) -> frozenset[str]:
    """What all parts went through so far; once one is from outside, only such parts count."""
    if through is None or (part.outside and not outside):
        return part.through
    return through if outside and not part.outside else through & part.through


def joined(parts: Iterable[Value]) -> Value:
    """A text put together of some values."""
    known: list[str] | None = []
    text: list[str] = []
    varies = outside = built = False
    through: frozenset[str] | None = None
    origins: frozenset[str] = frozenset()
    leading: Value | None = None
    for part in parts:
        leading = leading or part
        if part.varies:
            through = _narrowed(through, part, outside=outside)
            origins |= part.origins
        if known is not None and isinstance(part.known, str | int) and not isinstance(part.known, bool):
            known.append(str(part.known))
        else:
            known = None
        text.append(str(part.known) if isinstance(part.known, int) else part.text or HOLE)
        varies |= part.varies
        outside |= part.outside
        built |= part.built
    whole = "".join(text)[:_LONGEST]
    if known is not None:
        return Value(known="".join(known)[: _LONGEST * 10], text=whole)
    has_text = any(each.strip(HOLE) for each in text)
    if outside and whole.startswith(HOLE) and leading is not None and not leading.outside:
        whole = _OURS + whole[1:]
    return Value(
        text=whole,
        varies=varies,
        outside=outside,
        built=built or (varies and has_text),
        through=through or frozenset(),
        origins=origins,
    )


def either(one: Value, other: Value) -> Value:
    """One of two values."""
    if one is other or one == other:
        return one
    text = max(one.text, other.text, key=lambda text: (HOLE in text, len(text)))
    return Value(
        text=text,
        varies=one.varies or other.varies,
        outside=one.outside or other.outside,
        built=one.built or other.built,
        items=_shared(one.items, other.items),
        name=one.name if one.name == other.name else "",
        through=_through(one, other),
        origins=one.origins | other.origins,
    )


def _through(one: Value, other: Value) -> frozenset[str]:
    """What all went through that varies in one of two values; if only one is from outside, that one decides."""
    if one.outside != other.outside:
        return one.through if one.outside else other.through
    return one.through & other.through if one.varies and other.varies else one.through | other.through


def _shared(one: Mapping[Key, Value] | None, other: Mapping[Key, Value] | None) -> Mapping[Key, Value] | None:
    if one is None or other is None or len(one) > 50:
        return None
    return {key: either(value, other[key]) if key in other else value for key, value in one.items()} | {
        key: value for key, value in other.items() if key not in one
    }


def holding(items: Mapping[Key, Value]) -> Value:
    """A container of some values."""
    return msgspec.structs.replace(mixed(items.values()), items=items)


def contents(value: Value) -> Value:
    """Any member of a container."""
    if value.items is not None:
        return mixed(value.items.values())
    text = HOLE if value.varies else ""
    return Value(
        varies=value.varies,
        outside=value.outside,
        text=text,
        built=value.built,
        through=value.through,
        origins=value.origins,
    )


_OPERATORS: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "//": operator.floordiv, "/": operator.truediv,
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
    "===": operator.eq, "!==": operator.ne, "in": lambda one, other: one in other,
    "not in": lambda one, other: one not in other, "is": operator.eq, "is not": operator.ne,
}  # fmt: skip


def computed(sign: str, one: Value, other: Value) -> Known | Unknown:
    """What two constants make; unknown where one is none, or the result is large."""
    left, right = one.known, other.known
    if isinstance(left, Unknown) or isinstance(right, Unknown) or sign not in _OPERATORS:
        return UNKNOWN
    if sign == "*" and not (isinstance(left, int | float) and isinstance(right, int | float)):
        return UNKNOWN
    try:
        made = _OPERATORS[sign](left, right)
    except (TypeError, ValueError, ArithmeticError):
        return UNKNOWN
    if isinstance(made, bool):
        return made
    if isinstance(made, str):
        return made if len(made) <= _LONGEST * 10 else UNKNOWN
    return made if isinstance(made, int | float) and -_LARGEST < made < _LARGEST else UNKNOWN


def truth(value: Value) -> bool | None:
    """Whether a condition holds; None: it is not known."""
    return None if isinstance(value.known, Unknown) else bool(value.known)
