"""GraphQL documents (``queries.graphql``): each operation with the fragments that it needs, and none besides."""

import re
from functools import cache
from importlib.resources import files

_SPREAD = re.compile(r"\.\.\.(\w+)\b(?<!\.\.\.on)")


@cache
def document(name: str) -> str:
    """The whole document of one operation.

    Raises:
        KeyError: there is no such operation.
    """
    parts = _parts()
    needed, waiting = [f"query {name}"], [f"query {name}"]
    while waiting:
        for spread in _SPREAD.findall(parts[waiting.pop()]):
            own = f"fragment {spread}"
            if own not in needed:
                needed.append(own)
                waiting.append(own)
    return re.sub(r"\s+", " ", " ".join(parts[own] for own in needed))


@cache
def _parts() -> dict[str, str]:
    text = (files(__package__) / "queries.graphql").read_text("utf-8")
    plain = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    starts = [match.start() for match in re.finditer(r"^(?:query|fragment) ", plain, re.MULTILINE)]
    found = {}
    for start, end in zip(starts, [*starts[1:], len(plain)], strict=True):
        part = plain[start:end].strip()
        kind, own = re.split(r"[\s(]", part, maxsplit=2)[:2]
        found[f"{kind} {own}"] = part
    return found
