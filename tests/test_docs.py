"""What the program can do is documented, and what is documented is what the program does."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from docs.generate import PAGES, made

from asbuilt.app.config import KEYS
from asbuilt.app.exit_codes import MEANINGS
from asbuilt.app.explain import explanations
from asbuilt.app.signatures import signatures
from asbuilt.cli.main import COMMANDS, group
from asbuilt.model.origin import LineRun
from tests.commands import environment
from tests.repos import Repo

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT / "docs" / "reference"


def page(name: str) -> str:
    return (REFERENCE / name).read_text("utf-8")


@pytest.mark.parametrize("name", PAGES)
def test_a_generated_page_is_what_would_be_generated_now(name: str) -> None:
    standing, now = page(name), made(name)
    if name == "cli.md":  # releases of click break lines and pad columns in their own ways
        standing, now = " ".join(standing.split()), " ".join(now.split())
    assert standing == now, "run `make docs`"


def test_every_page_of_the_reference_is_reached_from_the_readme() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert [
        each.name for each in sorted(REFERENCE.glob("*.md")) if f"docs/reference/{each.name}" not in readme
    ] == []


def test_every_command_and_option_is_documented() -> None:
    text = page("cli.md")
    context = click.Context(group)
    for name in COMMANDS:
        command = group.get_command(context, name)
        assert command is not None
        section = text.split(f"## asbuilt {name}\n")[1].split("\n## ")[0]
        for parameter in command.params:
            assert [word for word in parameter.opts if word.startswith("-") and word not in section] == []
            assert not isinstance(parameter, click.Option) or parameter.help


def test_every_configuration_key_control_code_and_tool_is_documented() -> None:
    configuration = page("configuration.md")
    assert [
        key for key in KEYS if f"`[{key.table}]`" not in configuration or f"`{key.name}`" not in configuration
    ] == []
    assert [
        each.code
        for each in explanations()
        if f"## {each.code}: " not in page("controls.md") and not each.code.startswith("exit-")
    ] == []
    assert [tool.id for tool in signatures() if f"| `{tool.id}` |" not in page("signatures.md")] == []
    assert [code for code in MEANINGS if f"\n| {code} |" not in page("exit-codes.md")] == []


def test_the_columns_of_lines_are_documented_in_their_order() -> None:
    documented = re.findall(r"^\| `(\w+)` \|", page("lines.md"), re.MULTILINE)
    assert documented == list(LineRun.__struct_fields__)


def test_links_in_the_documentation_lead_somewhere() -> None:
    targets = [
        (file, target)
        for file in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", file.read_text("utf-8"))
        if not re.match(r"[a-z]+:", target)
    ]
    assert targets
    assert [(file.name, target) for file, target in targets if not (file.parent / target).exists()] == []


def test_the_readme_shows_commands_that_exist() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    named = set(re.findall(r"^\s*(?:\$ )?asbuilt ([a-z]+)", text, re.MULTILINE))
    assert named
    assert named <= set(COMMANDS)


def test_make_lists_every_target() -> None:
    done = subprocess.run(["make", "-s", "help"], cwd=ROOT, capture_output=True, check=True)
    for verb in ("inspect", "test", "quick", "check", "bench", "docs", "clean"):
        assert f"make {verb}" in done.stdout.decode()


def test_the_example_of_the_library_runs(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "how-to" / "use-as-a-library.md").read_text("utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    repo = Repo(tmp_path / "repo")
    repo.write("app.py", "one\ntwo\n").commit("Start\n\nCo-Authored-By: Claude <noreply@anthropic.com>\n")
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=repo.path,
        env=environment(tmp_path),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert b"ai-declared" in done.stdout


def codes_in(call: ast.Call) -> Iterator[ast.expr]:
    """The expression for ``code`` where a Gap or a Finding is made."""
    if isinstance(call.func, ast.Name) and call.func.id in {"Gap", "Finding"}:
        yield from call.args[:1]
        yield from (word.value for word in call.keywords if word.arg == "code")


def test_every_code_that_the_program_can_give_is_explained() -> None:
    given = {
        str(code.value)
        for file in (ROOT / "src").rglob("*.py")
        for call in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(call, ast.Call)
        for code in codes_in(call)
        if isinstance(code, ast.Constant)
    }
    assert len(given) > 5
    assert sorted(given - {each.code for each in explanations()}) == []
