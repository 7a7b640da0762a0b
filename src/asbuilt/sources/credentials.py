"""The token that a forge is asked with: read from the environment or a file, shown to nobody, written nowhere."""

import os
import re
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Never

from asbuilt.model.errors import UsageError

_PLAIN = re.compile(r"[\x21-\x7e]{8,1024}")
_LARGEST = 4096  # bytes of a file that holds a token and nothing else


class Token:
    """A secret that cannot be printed, compared by its looks, or pickled; ``reveal`` is for the header alone."""

    __slots__ = ("_secret",)

    def __init__(self, secret: str, place: str) -> None:
        """Take a secret from ``place``.

        Raises:
            UsageError: it cannot be one; the error does not show it.
        """
        if not _PLAIN.fullmatch(secret):
            raise UsageError(
                f"What {place} holds is no token.",
                why="A token is one word of at least eight plain characters.",
                fix="Put the token there and nothing else.",
            )
        self._secret = secret

    def reveal(self) -> str:
        """The secret."""
        return self._secret

    def __repr__(self) -> str:
        return "Token(not shown)"

    def __reduce__(self) -> Never:
        raise TypeError("a token is not written anywhere")


def read_token(file: Path | None, names: Sequence[str], environment: Mapping[str, str] = os.environ) -> Token:
    """The token of a file, else of the first of these variables of the environment that is set.

    Raises:
        UsageError: there is none, or others than its owner may read the file.
    """
    if file is not None:
        return Token(_read(file), str(file))
    for name in names:
        if environment.get(name):
            return Token(environment[name].strip(), name)
    raise UsageError(
        "There is no token to ask the forge with.",
        fix=f"Set {names[0]}, or name a file that only you can read with --token-file; --plan lists the rights.",
    )


def _read(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            mode = os.fstat(opened.fileno()).st_mode
            if not stat.S_ISREG(mode):
                raise UsageError(f"{str(file)!r} is no plain file.", fix="Name a file that holds the token.")
            if stat.S_IMODE(mode) & 0o077:
                raise UsageError(
                    f"Others than its owner may read {str(file)!r}.",
                    why="Whoever reads the token can act in its name.",
                    fix=f"chmod 600 {file}; if others had the chance to read it, make a new token.",
                )
            return opened.read(_LARGEST).decode("ascii", "replace").strip()
    except OSError as error:
        raise UsageError(
            f"{str(file)!r} cannot be read.", why=f"{error.strerror}.", fix="Name a file that holds the token."
        ) from error
