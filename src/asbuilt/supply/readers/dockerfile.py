"""Dockerfiles: the images of ``FROM``, ``COPY --from`` and ``RUN --mount=from=``, with the values of ``ARG``.

Dockerfile reference; a variable has a value in ``FROM`` when an ``ARG`` before the first stage gives it one.
"""

import re
from collections.abc import Iterator
from typing import Final

from asbuilt.supply.formats import read_text
from asbuilt.supply.gathering import Gathering, Reading, gathered
from asbuilt.supply.readers.actions import image

READS: Final = (
    "Dockerfile",
    "Dockerfile.*",
    "*.Dockerfile",
    "*.dockerfile",
    "Containerfile",
    "Containerfile.*",
    "dockerfile",
)
_FROM = re.compile(r"FROM\s+(?:--\w+=\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?\s*\Z", re.IGNORECASE)
_COPIED = re.compile(
    r"(?:\A(?:COPY|ADD)\s(?:--\S+\s+)*?--from=|--mount=(?:[\w=./-]+,)*?from=)([^\s,]+)", re.IGNORECASE
)
_ARG = re.compile(r"ARG\s+(.+)\Z", re.IGNORECASE)
_PAIR = re.compile(r"""([A-Za-z_]\w*)(?:=("[^"]*"|'[^']*'|\S*))?""")
_VARIABLE = re.compile(r"\$(?:\{(\w+)(?::?-([^}]*))?\}|(\w+))")


def read(data: bytes, path: str) -> Reading:
    """The base images of a Dockerfile; stages of its own are none."""
    return gathered("Docker", path, lambda found: _fill(found, read_text(data)))


def _fill(found: Gathering, text: str) -> None:
    values: dict[str, str] = {}
    stages: set[str] = set()
    has_stage = False
    for number, row in _instructions(text):
        if (argument := _ARG.match(row)) and not has_stage:
            values |= {
                match[1]: _filled(match[2].strip("\"'"), values)
                for match in _PAIR.finditer(argument[1])
                if match[2]
            }
        origin = _FROM.match(row)
        for named in [origin[1]] if origin else _COPIED.findall(row):
            told = _filled(named, values)
            if told.lower() in stages or told.lower() == "scratch" or (told.isdigit() and not origin):
                continue
            if "$" in told:
                found.refuse(f"The image {named!r:.120} depends on an argument without a value.", number)
            else:
                name, version = image(told)
                found.add(name, version, line=number, declared=None if version else "latest", direct=True)
        has_stage = has_stage or origin is not None
        if origin and origin[2]:
            stages.add(origin[2].lower())


def _filled(text: str, values: dict[str, str]) -> str:
    return _VARIABLE.sub(lambda match: values.get(match[1] or match[3]) or match[2] or match[0], text)[:2_000]


def _instructions(text: str) -> Iterator[tuple[int, str]]:
    begun, parts = 0, list[str]()
    for number, raw in enumerate(text.splitlines(), 1):
        row = raw.strip()
        if not row or row.startswith("#"):
            continue
        begun = begun or number
        parts.append(row.removesuffix("\\").strip())
        if not row.endswith("\\"):
            yield begun, " ".join(parts)
            begun, parts = 0, []
    if parts:
        yield begun, " ".join(parts)
