"""Progress goes to standard error: a bar on a terminal, plain lines when asked for, otherwise nothing."""

import subprocess
import sys
from pathlib import Path

import pytest

from asbuilt.cli.progress import progress
from tests.commands import environment


def test_quiet_and_piped_say_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    for quiet in (True, False):
        with progress(quiet=quiet, verbose=False) as heard:
            heard("Reading", 1, 2)
    assert capsys.readouterr().err == ""


def test_verbose_says_each_stage_once(capsys: pytest.CaptureFixture[str]) -> None:
    with progress(quiet=False, verbose=True) as heard:
        heard("Reading", 0, 2000)
        heard("Reading", 1, 2000)
        heard("Testing", 0, None)
    assert capsys.readouterr().err == "Reading (2,000)\nTesting\n"


def test_a_terminal_gets_a_bar_that_leaves_no_trace(tmp_path: Path) -> None:
    code = (
        "import os, pty, sys\n"
        "pid, fd = pty.fork()\n"
        "if pid == 0:\n"
        "    from asbuilt.cli.progress import progress\n"
        "    with progress(quiet=False, verbose=False) as heard:\n"
        "        import time\n"
        "        for done in range(1500, 3000, 500): heard('Reading', done, 3000); time.sleep(0.15)\n"
        "        heard('Testing', 0, None)\n"
        "    os._exit(0)\n"
        "out = b''\n"
        "try:\n"
        "    while part := os.read(fd, 4096): out += part\n"
        "except OSError: pass\n"
        "os.waitpid(pid, 0); sys.stdout.buffer.write(out)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, env=environment(tmp_path, TERM="xterm")
    )
    assert b"Testing" in done.stdout
    assert b"2,000 of 3,000" in done.stdout
    assert b"0:00:" in done.stdout  # the time it has taken, and the time left
    assert done.stdout.rstrip().endswith(b"\x1b[2K")  # the line is erased
