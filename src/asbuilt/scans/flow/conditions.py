"""Conditions after which a value is harmless: one of a list of constants, made of digits, or looked into at all."""

import re
from typing import Final

from asbuilt.scans.flow.code import Binary, Call, Constant, Expression, Item, Many, Member, Name, Not, Pairs

CONSTANT_NAME: Final = re.compile(r"(?:\w+\.)*_?[A-Z][A-Z0-9_]+")
_ALLOWED: Final = re.compile(r"allow|valid|permit|safe", re.IGNORECASE)
_CHECKING: Final = re.compile(r"valid|(?:^|_)(?:is_)?(?:safe|allowed|permitted)|allowed_host", re.IGNORECASE)
_PARTS_OF_AN_ADDRESS: Final = frozenset({"netloc", "hostname", "host", "origin", "scheme", "protocol"})


def tested(test: Expression) -> tuple[tuple[str, ...], tuple[str, ...]]:  # noqa: PLR0911 - one table of tests
    """The names that are harmless where a condition holds, and those where it does not."""
    match test:
        case Binary("in", Name(name), allowed) if _is_list(allowed):
            return (name,), ()
        case Binary("not in", Name(name), allowed) if _is_list(allowed):
            return (), (name,)
        case Binary("==" | "===", Name(name), Constant()):
            return (name,), ()
        case Binary("!=" | "!==", Name(name), Constant()):
            return (), (name,)
        case Not(value):
            yes, no = tested(value)
            return no, yes
        case Binary("and" | "&&", one, other):
            return (*tested(one)[0], *tested(other)[0]), ()
        case Binary("or" | "||", one, other):
            return (), (*tested(one)[1], *tested(other)[1])
        case Call(Member(Name(name), "isdigit" | "isnumeric" | "isalnum" | "isidentifier" | "isalpha"), ()):
            return (name,), ()
        case Call(Member(allowed, "includes" | "has" | "hasOwnProperty"), (Name(name),)) if _is_list(allowed):
            return (name,), ()
        case Call(Member(_, "fullmatch"), (*_, Name(name))) | Call(Member(Constant(), "test"), (Name(name),)):
            return (name,), ()
    return (), ()


def _is_list(allowed: Expression) -> bool:
    """Whether something is a list of constants, by what it is or by its name."""
    match allowed:
        case Many(items):
            return all(isinstance(each, Constant) for each in items)
        case Pairs():
            return True
        case Name(name) | Member(_, name):
            return CONSTANT_NAME.fullmatch(name) is not None or _ALLOWED.search(name) is not None
    return False


def looked_into(test: Expression) -> tuple[Expression, ...]:  # noqa: PLR0911 - one table of tests
    """What a condition looks into: the text of it is held against a pattern, a beginning, a list of constants."""
    match test:
        case Not(value):
            return looked_into(value)
        case Binary("and" | "or" | "&&" | "||", one, other):
            return (*looked_into(one), *looked_into(other))
        case Binary("in" | "not in", Constant(str()), (Name() | Member() | Item() | Call(_, ())) as value):
            return (value,)
        case Binary("in" | "not in", value, allowed) if _is_list(allowed):
            return (value,)
        case Binary("==" | "!=" | "===" | "!==", Member(Call(_, (value, *_)), part), _) if (
            part in _PARTS_OF_AN_ADDRESS
        ):
            return (value,)
        case Binary("==" | "!=" | "===" | "!==", Member(value, part), _) if part in _PARTS_OF_AN_ADDRESS:
            return (value,)
        case Member(Call(_, (value, *_)), part) if part in _PARTS_OF_AN_ADDRESS:
            return (value,)
        case Call(Member(allowed, "includes" | "has"), arguments) if _is_list(allowed):
            return arguments
        case Call(Member(value, "startswith" | "endswith" | "startsWith" | "endsWith" | "includes"), _):
            return (value,)
        case Call(Member(_, "match" | "fullmatch" | "search" | "test"), arguments):
            return tuple(each for each in arguments if not isinstance(each, Constant))
        case Call(Name(name) | Member(_, name), arguments) if _CHECKING.search(name):
            return arguments
    return ()
