"""Commands are found lazily, and every way to fail has its sentence and its exit code."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest

from asbuilt.cli.main import COMMANDS, group
from asbuilt.facts.chains import open_command
from tests.commands import asbuilt, environment

HEAVY = {"msgspec", "numpy", "duckdb", "rich", "tomllib", "sqlglot", "pygit2", "subprocess", "asbuilt.history.git"}


def test_help_lists_every_command_with_its_first_sentence(tmp_path: Path) -> None:
    done = asbuilt("--help", cwd=tmp_path)
    assert done.code == 0
    for name in COMMANDS:
        assert f"\n  {name} " in done.text


def test_every_command_has_a_file_and_every_file_that_holds_a_command_is_one() -> None:
    folder = Path(sys.modules["asbuilt.cli"].__file__ or "").parent
    holding = {file.stem for file in folder.glob("*.py") if "\ndef command(" in file.read_text("utf-8")}
    assert holding == set(COMMANDS)


def test_a_command_file_is_short() -> None:
    folder = Path(sys.modules["asbuilt.cli"].__file__ or "").parent
    assert {
        name: count for name in COMMANDS if (count := len((folder / f"{name}.py").read_text().splitlines())) > 120
    } == {}


def test_showing_help_loads_nothing_heavy() -> None:
    code = (
        "import sys\nfrom asbuilt.cli.main import group\n"
        "try: group.main(['--help'])\nexcept SystemExit: pass\n"
        f"print(sorted({HEAVY!r} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stderr.strip() == b"[]"


def test_version_names_asbuilt_python_and_git(tmp_path: Path) -> None:
    done = asbuilt("--version", cwd=tmp_path)
    assert done.code == 0
    assert done.text.startswith("asbuilt 0.")
    assert f"Python {sys.version_info.major}.{sys.version_info.minor}." in done.text
    assert "git 2." in done.text


def test_version_without_git_still_answers(tmp_path: Path) -> None:
    done = asbuilt("--version", cwd=tmp_path, PATH=str(tmp_path))
    assert (done.code, "git not found" in done.text) == (0, True)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["inspct"], "Did you mean 'inspect'?"),
        (["inspect", "--formt", "json"], "--format"),
        (["inspect", "--format", "yaml"], "'yaml' is not one of"),
        (["inspect", "--since", "last week"], "is no ISO date"),
        (["inspect", "--output", "pdf=x"], "FMT=PATH"),
        (["trace"], "Missing argument"),
    ],
)
def test_a_mistyped_command_is_2_and_says_what_to_type(words: list[str], says: str, tmp_path: Path) -> None:
    done = asbuilt(*words, cwd=tmp_path)
    assert done.code == 2
    assert done.out == b""
    assert done.said.startswith("asbuilt: ")
    assert says in done.said
    assert "Traceback" not in done.said


def test_no_words_at_all_show_the_help_and_are_2(tmp_path: Path) -> None:
    done = asbuilt(cwd=tmp_path)
    assert done.code == 2
    assert "Commands:" in done.said


def test_a_mistake_of_ours_is_70_with_one_sentence_and_the_traceback_only_when_asked(tmp_path: Path) -> None:
    code = (
        "import sys, click\nfrom asbuilt.cli import main\nfrom asbuilt.cli.explain import command\n"
        "command.callback = lambda **_: 1 // 0\nsys.argv = ['asbuilt', *sys.argv[1:]]\nsys.exit(main.run())"
    )
    plain = subprocess.run([sys.executable, "-c", code, "explain"], capture_output=True, check=False)
    assert plain.returncode == 70
    assert b"AsBuilt itself failed: ZeroDivisionError" in plain.stderr
    assert b"Traceback" not in plain.stderr
    debug = subprocess.run([sys.executable, "-c", code, "--debug", "explain"], capture_output=True, check=False)
    assert debug.returncode == 70
    assert b"Traceback" in debug.stderr


def _endless(tmp_path: Path) -> "subprocess.Popen[bytes]":
    """A command that works until it is stopped, with a private git directory open."""
    code = (
        "import sys, time\nfrom asbuilt.cli import main\nfrom asbuilt.cli.explain import command\n"
        "from asbuilt.history.git import open_repository\n"
        "def endless(**_):\n"
        "    with open_repository('.') as repository:\n"
        "        print(repository.private_dir, flush=True)\n"
        "        time.sleep(60)\n"
        "command.callback = endless\nsys.argv = ['asbuilt', 'explain']\nsys.exit(main.run())"
    )
    subprocess.run(["git", "init", "-q", str(tmp_path / "r")], check=True, env=environment(tmp_path))
    return subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=tmp_path / "r",
        env=environment(tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_command_is_quiet_and_cleans_up(sent: signal.Signals, code: int, tmp_path: Path) -> None:
    process = _endless(tmp_path)
    with process:
        assert process.stdout is not None
        private = Path(os.fsdecode(process.stdout.readline().strip()))
        assert private.is_dir()
        process.send_signal(sent)
        _, said = process.communicate(timeout=20)
    assert process.returncode == code
    assert said == b""
    for _ in range(50):
        if not private.exists():
            break
        time.sleep(0.05)
    assert not private.exists()


def test_a_reader_that_leaves_ends_the_command_quietly(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "asbuilt", "--help"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path
    )
    with process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        said = process.stderr.read()
    assert process.returncode == 141
    assert said == b""


def test_completion_offers_commands_and_options(tmp_path: Path) -> None:
    more = {"_ASBUILT_COMPLETE": "bash_complete", "COMP_WORDS": "asbuilt ins", "COMP_CWORD": "1"}
    assert "plain,inspect" in asbuilt(cwd=tmp_path, **more).text
    more = {"_ASBUILT_COMPLETE": "bash_complete", "COMP_WORDS": "asbuilt inspect --fail", "COMP_CWORD": "2"}
    assert "plain,--fail-on" in asbuilt(cwd=tmp_path, **more).text


def test_the_group_refuses_a_name_that_is_no_command() -> None:
    context = group.make_context("asbuilt", ["--debug", "explain"])
    assert group.get_command(context, "main") is None


@pytest.mark.parametrize("forge", [None, "github", "gitea", "bitbucket"])
def test_the_command_that_reports_name_as_what_opens_a_link_is_one(forge: str | None) -> None:
    words = open_command(forge, "acme/rocket").split()
    assert words[0] == "asbuilt"
    command = group.get_command(click.Context(group), words[1])
    if isinstance(command, click.Group):
        assert words[2:] == [forge or "github", "acme/rocket"]
        assert words[2] in command.list_commands(click.Context(command))
    else:
        assert command is not None
        assert words[3] in {name for parameter in command.params for name in parameter.opts}
