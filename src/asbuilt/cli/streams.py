"""Standard output and error: never an encoding error, colour only where it is wanted, a known width."""

import codecs
import os
import sys
from io import TextIOWrapper

NARROWEST, PIPED = 40, 80

# What to print instead where the encoding has no such character; anything else is shown as an escape.
_PLAIN = dict(zip("─━│┃═║‘’“”—–·•▶→←×✓✔✗✘●○◐█▓▒░", "-=||=|''\"\"--.*>><xvvxx*o~#X=.", strict=True)) | {
    "…": "...",
    "≥": ">=",
    "≤": "<=",
}
# Boxes, blocks and shapes of Unicode's own charts: any of a kind will do.
_SHAPES = ((0x2500, 0x257F, "+"), (0x2580, 0x259F, "#"), (0x25A0, 0x25FF, "="))


def make_safe() -> None:
    """Let both streams print any text in any encoding: what it cannot hold becomes ASCII or an escape."""
    codecs.register_error("asbuilt.plain", _plain)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="asbuilt.plain")


def _plain(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_stand_in, error.object[error.start : error.end])), error.end


def _stand_in(char: str) -> str:
    if char in _PLAIN:
        return _PLAIN[char]
    shape = next((plain for low, high, plain in _SHAPES if low <= ord(char) <= high), None)
    return shape or ascii(char)[1:-1]


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
