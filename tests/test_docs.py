"""What the program can do is documented, and what is documented is what the program does."""

import ast
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from docs.generate import PAGES, made

from asbuilt.app.company import read_company
from asbuilt.app.config_keys import KEYS
from asbuilt.app.exit_codes import MEANINGS
from asbuilt.app.explain import explanations
from asbuilt.app.signatures import signatures
from asbuilt.catalogue.controls import COMMON_SETTINGS, PERIODS, load_controls
from asbuilt.catalogue.criteria import load_criteria
from asbuilt.catalogue.sampling import load_sizes
from asbuilt.cli.main import COMMANDS, group
from asbuilt.engine.expressions import FUNCTIONS
from asbuilt.facts.schemas import HELD, PROVENANCE, TABLES
from asbuilt.model.origin import LineRun
from asbuilt.model.result import Conclusion
from asbuilt.reports.package.pages import CONTENTS
from asbuilt.reports.schemas import NAMES, make_schema
from tests.audited import make_company
from tests.commands import asbuilt, environment
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
    documented = []

    def check(command: click.Command | None, path: str) -> None:
        assert command is not None
        section = text.split(f"## {path}\n")[1].split("\n## ")[0]
        for parameter in command.params:
            assert [word for word in parameter.opts if word.startswith("-") and word not in section] == []
            assert not isinstance(parameter, click.Option) or parameter.help
        documented.append(path)
        if isinstance(command, click.Group):
            for name in command.list_commands(context):
                check(command.get_command(context, name), f"{path} {name}")

    context = click.Context(group)
    for name in COMMANDS:
        check(group.get_command(context, name), f"asbuilt {name}")
    assert "asbuilt ledger verify" in documented


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


def test_every_table_and_column_is_documented_and_says_what_it_holds() -> None:
    sections = dict(part.split("`\n", 1) for part in page("facts.md").split("\n### `")[1:])
    assert sections.keys() == TABLES.keys()
    for name, table in TABLES.items():
        documented = re.findall(r"^\| `(\w+)` \|", sections[name], re.MULTILINE)
        missing = {column.name for column in table.columns} - set(documented)
        shared = (*PROVENANCE, *HELD) if table.recorded else HELD if table.state else ()
        assert missing <= {column.name for column in shared}, (name, missing)
        assert table.doc
        assert all(column.doc for column in table.columns), name
        named = table.identity if table.recorded else (table.key, *table.covered_by)
        assert set(named) <= set(re.findall(r"`(\w+)`", sections[name])), name
    assert all(f"| `{column.name}` |" in page("facts.md") for column in (*PROVENANCE, *HELD))


def test_every_macro_is_documented() -> None:
    text = (ROOT / "src" / "asbuilt" / "facts" / "macros.sql").read_text("utf-8")
    names = re.findall(r"MACRO (\w+)\(", text)
    assert names
    assert [name for name in names if f"| `{name}(" not in page("facts.md")] == []


def test_every_setting_criterion_period_and_function_of_controls_is_documented() -> None:
    controls, own = page("controls.md"), (ROOT / "docs" / "how-to" / "write-a-control.md").read_text("utf-8")
    for control in load_controls():
        section = controls.split(f"\n## {control.id}: ")[1].split("\n## ")[0]
        assert [name for name in control.settings if f"{name} = " not in section] == []
        assert [key for key in (control.per, control.subjects, control.at) if key and key not in section] == []
    common = {name for settings in COMMON_SETTINGS.values() for name in settings}
    assert [name for name in common if f"`{name} = " not in controls or name not in own] == []
    assert [name for name in PERIODS if f"`{name}`" not in controls] == []
    assert [criterion for criterion in load_criteria() if f"| {criterion} |" not in controls] == []
    assert [name for name in FUNCTIONS if not re.search(rf"\b{name}\b", own)] == []


def test_every_conclusion_size_and_schema_is_documented() -> None:
    assert [own for own in Conclusion if own.value not in page("audit.md")] == []
    sizes = load_sizes()
    for row in sizes.by_count[:-1]:
        told = " | ".join(str(getattr(row, risk) or "all") for risk in ("lower", "moderate", "higher"))
        assert f"| up to {row.up_to} | {told} |" in page("sampling.md")
    last = sizes.by_count[-1]
    assert f"| more | {last.lower} | {last.moderate} | {last.higher} |" in page("sampling.md")
    for name, own in sizes.by_frequency.items():
        assert f"| `{name}` | {own.lower} | {own.moderate} | {own.higher} |" in page("sampling.md")
    for name in NAMES:
        assert f"`{make_schema(name)['$id']}`" in page("reports.md")
        assert f"`asbuilt/reports/schemas/{name}.json`" in page("reports.md")


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package of a small company, unpacked."""
    folder = tmp_path_factory.mktemp("packaged") / "company"
    make_company(folder)
    done = asbuilt(
        "audit",
        "--type",
        "2",
        "--from",
        "2026-01-01",
        "--to",
        "2026-07-01",
        "--package",
        "audit.zip",
        "-q",
        cwd=folder,
    )
    assert done.code == 1, done.said
    with zipfile.ZipFile(folder / "audit.zip") as opened:
        opened.extractall(folder / "unpacked")
    return folder / "unpacked"


@pytest.mark.slow
def test_every_file_of_a_package_is_documented(package: Path) -> None:
    text = page("package.md")
    assert [name for name, _ in CONTENTS if f"| `{name}` |" not in text] == []
    names = [file.relative_to(package).as_posix() for file in package.rglob("*") if file.is_file()]
    known = {name for name, _ in CONTENTS}
    assert [name for name in names if name not in known and f"{name.split('/')[0]}/" not in known] == []
    single = [name for name in names if name.startswith(("lists/", "drafts/"))]
    assert single
    assert [name for name in single if f"| `{name}` |" not in text] == []


@pytest.mark.slow
def test_digests_are_recomputed_by_hand_as_the_page_says(package: Path) -> None:
    (script,) = re.findall(r"```bash\n(.*?)```", page("audit.md"), re.DOTALL)
    done = subprocess.run(["bash", "-eu", "-c", script], cwd=package, capture_output=True, check=True, text=True)
    population, digest = done.stdout.split()
    (row,) = [
        line for line in (package / "lists/controls.csv").read_text().splitlines() if line.startswith("CHG-01,")
    ]
    assert row.endswith(f",{digest},{population}")


@pytest.mark.slow
def test_a_sample_is_drawn_by_hand_as_the_page_says(package: Path) -> None:
    (script,) = re.findall(r"```python\n(.*?)```", page("sampling.md"), re.DOTALL)
    words = [sys.executable, "-I", "-c", script, "CHG-01", "agreed in May", "5"]
    done = subprocess.run(words, cwd=package, capture_output=True, check=True, text=True)
    rows = [line.split(",") for line in (package / "lists/samples.csv").read_text().splitlines()]
    drawn = [item for item in done.stdout.split() if any(row[0] == "CHG-01" and item in row for row in rows)]
    assert len(drawn) == sum(row[0] == "CHG-01" for row in rows) == 5


def test_the_configuration_shown_is_one(tmp_path: Path) -> None:
    (shown,) = re.findall(r"```toml\n(.*?)```", page("configuration.md"), re.DOTALL)
    (tmp_path / "asbuilt.toml").write_text(shown)
    config = read_company(None, tmp_path).config
    assert (config.audit.company, list(config.audit.void)) == ("Acme", ["CHG-01"])


@pytest.mark.slow
def test_the_control_shown_is_one_and_its_mistake_is_named_so(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "how-to" / "write-a-control.md").read_text("utf-8")
    (config,), (control,), (told,) = (
        re.findall(rf"```{kind}\n(.*?)```", text, re.DOTALL) for kind in ("toml", "markdown", "text")
    )
    (tmp_path / "controls").mkdir()
    (tmp_path / "asbuilt.toml").write_text(config)
    file = tmp_path / "controls" / "ACME-01.md"
    file.write_text(control)
    words = ("controls", "ACME-01", "--from", "2026-01-01", "--to", "2026-07-01")
    done = asbuilt(*words, cwd=tmp_path)
    assert done.code == 0, done.said
    assert "independent_human_approvals >= 2" in done.text
    file.write_text(control.replace("independent_human_approvals >=", "independent_approvals >="))
    done = asbuilt(*words, cwd=tmp_path)
    assert done.code == 2
    assert shows(done.said, told)


def shows(told: str, shown: str) -> bool:
    """Whether what is shown stands in what was told, in its order; … stands for anything."""
    parts = [re.escape(" ".join(part.split())) for part in shown.split("…") if part.strip()]
    return re.search(".*".join(parts), " ".join(told.split())) is not None


@pytest.mark.slow
def test_from_inspection_to_an_audit_as_the_readme_shows_it(tmp_path: Path) -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    (block,) = [each for each in re.findall(r"```console\n(.*?)```", text, re.DOTALL) if "ledger init" in each]
    repo = Repo(tmp_path / "acme")
    by_ai = "\n\nCo-Authored-By: Claude <noreply@anthropic.com>\nReviewed-by: Ben Ito <ben@example.com>\n"
    for number in range(7):
        repo.write("app.py", "line\n" * (number + 1)).commit(f"Step {number}{by_ai if number else ''}")
    repo.write("evidence/people.yaml", PEOPLE)
    repo.write("asbuilt.toml", '[audit]\ncompany = "Acme"\nsystem = "Acme Cloud"\n').commit("Evidence")
    steps = [part.partition("\n") for part in block.split("$ asbuilt ")[1:]]
    codes = []
    for command, _, shown in steps:
        done = asbuilt(*command.split(), cwd=repo.path)
        codes.append(done.code)
        assert shows(done.said + done.text, shown), (command, done.said, done.text[:2000])
    assert codes[:3] == [0, 0, 0]
    assert codes[3] in {1, 3}
    assert codes[4:] == [0]


PEOPLE = """\
table: people
source: HR list
taken_at: 2026-07-01T08:00:00Z
taken_by: ana
covers: {from: 2026-01-01, until: 2026-07-01}
second_source: {name: payroll run of June, count: 2}
rows:
  - {person: ana, name: Ana Lima, starts_at: 2024-03-01, is_engineer: yes, identities: ana@example.com}
  - {person: ben, name: Ben Ito, starts_at: 2026-02-01, is_engineer: yes, identities: ben@example.com}
"""


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
