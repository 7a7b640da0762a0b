"""What functions and methods give, that are the same everywhere: numbers, texts, lists, tables of keys."""

from typing import Final

import msgspec

from asbuilt.scans.flow.values import (
    FIXED,
    HOLE,
    IN_BROWSER,
    LOOKED_UP,
    OUTSIDE,
    OWN_ADDRESS,
    Key,
    Value,
    constant,
    contents,
    holding,
    joined,
    mixed,
)

# Their result is a number, a digest or a yes or no: whatever goes in, nothing of it comes out as text.
_HARMLESS: Final = frozenset({
    "int", "float", "bool", "len", "ord", "hash", "id", "abs", "round", "sum", "isinstance", "hasattr", "callable",
    "any", "all", "UUID", "uuid4", "uuid1", "Decimal", "find", "index", "count", "startswith", "endswith",
    "isdigit", "isnumeric", "isalnum", "isalpha", "time", "time_ns", "hexdigest", "randint", "token_hex",
    "token_urlsafe", "parseInt", "parseFloat", "Number", "Boolean", "indexOf", "includes", "startsWith",
    "endsWith", "test",
    "BigInt", "getTime", "now", "isInteger", "toFixed", "fromisoformat", "strptime", "crypt", "pbkdf2_hmac",
})  # fmt: skip
# Parts of a request that the server made, or that are no text.
_NOT_OUTSIDE: Final = frozenset({
    "method", "user", "session", "app", "state", "scope", "endpoint", "url_rule", "log", "logger", "id", "auth",
    "is_ajax", "is_secure", "tenant", "db", "current_user", "ip", "route", "blueprint", "registry", "dbsession",
    "filepath", "tempFilePath", "buffer",
})  # fmt: skip
_REQUEST_PARTS: Final = frozenset({"request", "query", "params", "searchParams", "queryStringParameters"})
# Parts of a request that say where it was sent, and parts that are the sender's again.
_OWN_ADDRESS: Final = frozenset({
    "url", "nextUrl", "originalUrl", "path", "pathname", "full_path", "base_url", "url_root", "host_url",
    "path_info",
})  # fmt: skip
SENT: Final = frozenset({
    "searchParams", "query", "args", "params", "GET", "POST", "values", "query_params", "form", "body", "cookies",
    "headers",
})  # fmt: skip
# What the person who made a link chose of the address of a page.
_ADDRESS_BAR: Final = frozenset(
    f"{of}location.{part}" for of in ("", "window.", "document.") for part in ("search", "hash", "href")
)
_NAMES_OF_TABLES: Final = frozenset({"__tablename__", "db_table", "__name__"})  # fixed where a class is written
_LOOKUPS: Final = frozenset(
    {"get", "pop", "find", "first", "values", "items", "next", "list", "form", "json", "text"}
)
_INPUT: Final = frozenset({"input", "raw_input", "builtins.input"})
_LONGEST_LIST: Final = 50


def member_result(base: Value, name: str, *, is_request: bool) -> Value:
    """``base.name``: a part of it; of a request, what the sender wrote."""
    full = f"{base.name}.{name}" if base.name else ""
    if is_request or full in _ADDRESS_BAR:
        through = frozenset({IN_BROWSER} if full in _ADDRESS_BAR else ())
        return msgspec.structs.replace(OUTSIDE, name=full, through=through)
    if base.outside and name in _NOT_OUTSIDE:
        return Value(varies=True, name=full)
    if base.outside and (name in SENT or (name in _OWN_ADDRESS and base.name and "." not in base.name)):
        through = frozenset[str]() if name in SENT else base.through | {OWN_ADDRESS}
        return msgspec.structs.replace(OUTSIDE, name=full, through=through, origins=base.origins)
    if (
        name in _REQUEST_PARTS
        and f"{base.name}.{name}" != "event.request"
        and base.name in {"ctx", "context", "event", "c"}
    ):
        return msgspec.structs.replace(OUTSIDE, name=full)
    if (name.isupper() or name in _NAMES_OF_TABLES) and not base.outside:
        return Value(name=full)  # a constant, by its name
    varies = base.varies or bool(base.name)
    return Value(
        varies=varies, outside=base.outside, text=HOLE, name=full, through=base.through, origins=base.origins
    )


def call_result(
    base: Value, written: str, full: str, arguments: tuple[Value, ...], named: dict[str, Value]
) -> tuple[Value, Value | None]:
    """What a call gives, and what becomes of the object whose method it is (None: it stays)."""
    last = written.rpartition(".")[2]
    made = f"{full}()" if full else ""
    if last in _HARMLESS:
        return FIXED, None
    if full in _INPUT or last == "useSearchParams":
        return msgspec.structs.replace(OUTSIDE, through=frozenset(() if full in _INPUT else {IN_BROWSER})), None
    made_text = _text_method(last, base, arguments, named)
    if made_text is not None:
        return made_text, None
    kept = _keyed_method(last, base, arguments)
    if kept is not None:
        return kept
    if base.items is not None:
        held = _list_method(last, base, arguments) or _table_method(last, base, arguments)
        if held is not None:
            return held
    given = (*arguments, *named.values())
    is_thing = bool(base.name) and not base.outside and not base.built
    whole = mixed(given if is_thing and given else (base, *given))
    shown = whole.text if whole.built else HOLE
    gone = last if not is_thing or last not in _LOOKUPS else LOOKED_UP
    return msgspec.structs.replace(whole, varies=True, name=made, text=shown, through=whole.through | {gone}), None


def _text_method(  # noqa: PLR0911 - one table of methods
    last: str, base: Value, arguments: tuple[Value, ...], named: dict[str, Value]
) -> Value | None:
    if last == "format" and (base.is_known or base.built or base.text.strip(HOLE)):
        return joined((base, *(contents(each) if each.items else each for each in (*arguments, *named.values()))))
    if last in {"join", "resolve"} and base.name in {"path", "os.path"}:
        return joined(part for each in arguments for part in (constant("/"), each))
    if last == "join" and len(arguments) == 1:
        return mixed((base, contents(arguments[0]))) if not base.items else mixed((contents(base), *arguments))
    if last == "concat" and base.items is None:
        return joined((base, *arguments))
    if last in {"strip", "lower", "upper", "trim", "encode", "decode", "replace", "toString", "toLowerCase"}:
        if isinstance(base.known, str) and not arguments:
            return constant(base.known)
        whole = mixed((base, *arguments[1:]))
        through = whole.through | {last} if last == "replace" else whole.through
        return msgspec.structs.replace(whole, through=through)
    if last in {"str", "String", "repr", "unicode"} and len(arguments) == 1:
        return msgspec.structs.replace(arguments[0], name="")
    return None


def _list_method(last: str, base: Value, arguments: tuple[Value, ...]) -> tuple[Value, Value | None] | None:
    items: dict[Key, Value] = dict(base.items or {})
    if sorted(map(str, items)) != sorted(map(str, range(len(items)))) or len(items) > _LONGEST_LIST:
        return None
    held = [items[place] for place in range(len(items)) if place in items]
    if last in {"append", "push", "add"} and len(arguments) == 1:
        return FIXED, holding(dict(enumerate([*held, *arguments])))
    if last in {"pop", "shift"} and held:
        at = arguments[0].known if arguments else (0 if last == "shift" else -1)
        if isinstance(at, int) and -len(held) <= at < len(held):
            taken = held.pop(at)
            return taken, holding(dict(enumerate(held)))
    if last == "extend" and arguments:
        return FIXED, holding({**items, len(items): contents(arguments[0])})
    return None


def _table_method(last: str, base: Value, arguments: tuple[Value, ...]) -> tuple[Value, Value | None] | None:
    items = base.items or {}
    if last in {"get", "pop", "setdefault"} and arguments:
        key = arguments[0].known
        if isinstance(key, str | int) and key in items:
            return items[key], None
        return mixed((contents(base), *arguments[1:])), None
    if last in {"keys", "entries"}:
        return Value(varies=base.varies, outside=base.outside, text=HOLE), None
    return None


def _keyed_method(last: str, base: Value, arguments: tuple[Value, ...]) -> tuple[Value, Value | None] | None:
    """``set`` and ``get`` of settings and tables: by constant keys, each value by itself."""
    keys = [each.known for each in (arguments[:-1] if last == "set" else arguments)]
    if last not in {"set", "get"} or not keys or not all(isinstance(key, str) for key in keys) or base.outside:
        return None
    key = "\0".join(str(own) for own in keys)
    items: dict[Key, Value] = {own: value for own, value in (base.items or {}).items() if isinstance(own, str)}
    if last == "set":
        return FIXED, Value(varies=base.varies, name=base.name, items={**items, key: arguments[-1]})
    return (items[key], None) if key in items else None
