"""Any text prints in any encoding, and colour appears only where it is wanted."""

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asbuilt.cli import streams
from tests.commands import environment

SHOW = "import sys; from asbuilt.cli import streams; streams.make_safe(); streams.print_text(sys.argv[1])"


def show(text: str, tmp_path: Path, **more: str) -> bytes:
    return subprocess.run(
        [sys.executable, "-c", SHOW, text], capture_output=True, check=True, env=environment(tmp_path, **more)
    ).stdout


def test_ascii_output_gets_plain_shapes_and_escapes(tmp_path: Path) -> None:
    shown = show("─│█ … é 漢", tmp_path, PYTHONIOENCODING="ascii")
    assert shown == b"-|# ... \\xe9 \\u6f22\n"
    assert show("┏▁▬", tmp_path, PYTHONIOENCODING="ascii") == b"+#=\n"


def test_the_c_locale_prints_everything(tmp_path: Path) -> None:
    shown = show("é 漢", tmp_path, LC_ALL="C")
    assert shown.decode("utf-8", "strict").strip() in {"é 漢", "\\xe9 \\u6f22"}


def test_latin_1_output_keeps_what_it_can_hold(tmp_path: Path) -> None:
    assert show("é漢", tmp_path, PYTHONIOENCODING="latin-1") == b"\xe9\\u6f22\n"


@given(st.text(st.characters(codec="utf-8")))
def test_the_error_handler_gives_ascii_for_any_text(text: str) -> None:
    streams.make_safe()
    text.encode("ascii", "asbuilt.plain").decode("ascii")


@pytest.mark.parametrize(
    ("environ", "color"),
    [
        ({}, False),  # no terminal
        ({"FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ({"NO_COLOR": "1"}, False),
        ({"FORCE_COLOR": "", "NO_COLOR": ""}, False),
    ],
)
def test_colour(environ: dict[str, str], color: bool, tmp_path: Path) -> None:
    code = "from asbuilt.cli.streams import wants_color; print(wants_color())"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, env=environment(tmp_path, **environ)
    )
    assert done.stdout.decode().strip() == str(color)


@pytest.mark.parametrize(("columns", "width"), [("", 80), ("120", 120), ("7", 40), ("wide", 80), ("0", 80)])
def test_width(columns: str, width: int, tmp_path: Path) -> None:
    code = "from asbuilt.cli.streams import width; print(width())"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, env=environment(tmp_path, COLUMNS=columns)
    )
    assert int(done.stdout) == width


def test_a_terminal_gets_colour_and_its_own_width(tmp_path: Path) -> None:
    code = "from asbuilt.cli.streams import wants_color, width; print(wants_color(), width())"
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 97, 0, 0))
    subprocess.run([sys.executable, "-c", code], stdout=theirs, check=True, env=environment(tmp_path, TERM="xterm"))
    with os.fdopen(ours, "rb", buffering=0) as screen:
        assert screen.read(100).split() == [b"True", b"97"]
    os.close(theirs)


def test_bytes_are_printed_as_they_are(tmp_path: Path) -> None:
    code = "from asbuilt.cli.streams import print_bytes, print_text; print_text('a'); print_bytes(b'\\xff\\n')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout == b"a\n\xff\n"
