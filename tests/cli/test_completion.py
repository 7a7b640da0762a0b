"""Completion scripts are printed for three shells, and the shells that are here can read them."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.commands import asbuilt


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_names_the_variable_that_answers(shell: str, tmp_path: Path) -> None:
    done = asbuilt("completion", shell, cwd=tmp_path)
    assert done.code == 0
    assert f"_ASBUILT_COMPLETE={shell}_complete" in done.text


def test_bash_can_read_it(tmp_path: Path) -> None:
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("no bash here")
    script = asbuilt("completion", "bash", cwd=tmp_path).out
    subprocess.run([bash, "-n"], input=script, check=True)


def test_another_shell_is_2(tmp_path: Path) -> None:
    assert asbuilt("completion", "tcsh", cwd=tmp_path).code == 2
