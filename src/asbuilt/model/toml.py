"""TOML of others, read in a time that its length bounds.

The standard reader takes quadratic time for a key of many parts (``a.a.a.…``): forty kilobytes keep it busy half
a minute. Nobody writes such a key, so that it is refused before it is read.
"""

import re
import tomllib
from typing import Any, Final

MOST_PARTS: Final = 32  # of one key
# Only where a word begins, and never back into it: the time is linear in the text.
_PART: Final = r"(?:[\w-]++|\"[^\"\n]{0,200}+\"|'[^'\n]{0,200}+')[ \t]*+\.[ \t]*+"
_LONG: Final = re.compile(rf"(?<![\w.\"'-])(?:{_PART}){{{MOST_PARTS}}}")


def read_toml_text(text: str) -> dict[str, Any]:
    """The tables of a TOML text.

    Raises:
        TOMLDecodeError: it is none, a key has more parts than are read, or a number more digits.
        RecursionError: it is nested too deep.
    """
    long = _LONG.search(text)
    if long is not None:
        line = text.count("\n", 0, long.start()) + 1
        raise tomllib.TOMLDecodeError(f"A key has more than {MOST_PARTS} parts (at line {line})")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise
    except ValueError as error:  # a whole number of thousands of digits
        raise tomllib.TOMLDecodeError(str(error)) from error
