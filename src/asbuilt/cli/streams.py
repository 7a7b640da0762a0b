"""Standard output and error: never an encoding error, colour only where it is wanted, a known width."""

import codecs
import os
import sys
from io import TextIOWrapper

NARROWEST, PIPED = 40, 80

# What to print instead where the encoding has no such character; anything else is shown as an escape.
_PLAIN = dict(
    zip("─━│┃├└┌┐┘┤┬┴┼╭╮╯╰█▓▒░■□●○◐✓✔✗✘‘’“”—–·•▶×", "-=||+`+++++++++++##=.#.*o~vvxx''\"\"--.*>x", strict=True)
) | {
    "…": "...",
    "→": "->",
    "←": "<-",
    "≥": ">=",
    "≤": "<=",
}


def make_safe() -> None:
    """Let both streams print any text in any encoding: what it cannot hold becomes ASCII or an escape."""
    codecs.register_error("asbuilt.plain", _plain)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="asbuilt.plain")


def _plain(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end]
    return "".join(_PLAIN.get(char) or ascii(char)[1:-1] for char in text), error.end


def wants_color() -> bool:
    """Whether standard output gets colour: NO_COLOR, then FORCE_COLOR, then TERM=dumb, then a terminal."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return os.environ.get("TERM") != "dumb" and sys.stdout.isatty()


def width() -> int:
    """Columns to fill: COLUMNS, else the terminal's, else 80; never fewer than 40."""
    said = os.environ.get("COLUMNS", "")
    if said.isdecimal() and int(said) > 0:
        return max(int(said), NARROWEST)
    if not sys.stdout.isatty():
        return PIPED
    return max(os.get_terminal_size(sys.stdout.fileno()).columns or PIPED, NARROWEST)


def print_text(text: str) -> None:
    """Write text to standard output, ending in one newline."""
    sys.stdout.write(text if text.endswith("\n") else text + "\n")
    sys.stdout.flush()


def print_bytes(data: bytes) -> None:
    """Write bytes to standard output as they are."""
    sys.stdout.flush()
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    else:
        sys.stdout.write(data.decode("utf-8"))
