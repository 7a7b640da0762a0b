"""Rules of the house that no linter knows; every exception is listed with its reason and must still be needed."""

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LONGEST_FILE, LONGEST_FUNCTION = 400, 60

# path -> why it may be longer; the test fails when it no longer is
LONG_FILES: dict[str, str] = {
    "src/asbuilt/reports/package/verify.py": "it leaves the house with the package, as one file that needs no other",
}
LONG_FUNCTIONS: dict[str, str] = {}

# The one place that may catch everything: a control that crashes becomes Unknown, and the run does not end with 0.
BROAD_EXCEPT = "src/asbuilt/engine/crashes.py"

# Parts of one piece of work, tested through its door: test file -> the source files that have none of their own.
TESTED_WITH = {
    "tests/app/test_audit.py": ("app/fact_cache.py",),
    "tests/app/test_gate.py": ("app/gate_change.py", "app/gate_policy.py"),
    "tests/app/test_gate_request.py": ("app/gate_coverings.py", "app/gate_store.py"),
    "tests/app/test_deps.py": ("app/deps_approvals.py",),
    "tests/app/test_package.py": ("app/exhibits.py",),
    "tests/app/test_record_git.py": ("app/git_evidence.py",),
    "tests/cli/test_audit.py": ("cli/audit_reports.py",),
    "tests/reports/test_content_words.py": (
        "reports/html_content.py",
        "reports/markdown_content.py",
        "reports/terminal_content.py",
    ),
    "tests/reports/test_markdown.py": ("reports/markdown_marks.py",),
    "tests/cli/test_record.py": ("cli/record_acts.py",),
    "tests/app/test_sync.py": ("app/sync_writing.py",),
    "tests/app/test_sync_github.py": ("app/sync_asking.py",),
    "tests/cli/test_attest.py": ("cli/attest_write.py",),
    "tests/cli/test_gate.py": ("cli/gate_answer.py",),
    "tests/cli/test_sync.py": ("cli/sync_gitlab.py", "cli/sync_options.py", "cli/sync_text.py"),
    "tests/sources/github/test_pull.py": tuple(
        f"sources/github/{name}.py" for name in ("asking", "deployments", "organization", "rules", "surroundings")
    ),
    "tests/sources/github/test_requests.py": ("sources/github/request_pages.py",),
    "tests/sources/github/test_rest.py": ("sources/github/reading.py",),
    # A whole GitLab is read, and broken off at every request.
    "tests/forge/test_gitlab_reading.py": (
        "app/sync_gitlab.py",
        *(f"sources/gitlab/{name}.py" for name in ("asking", "people", "pull", "requests", "surroundings")),
    ),
    # Every page as it is, and with anything else at every place of it.
    "tests/facts/forge/gitlab/test_hostile.py": tuple(
        f"facts/forge/gitlab/{name}.py"
        for name in ("activity", "answers", "audit_log", "deployments", "heads", "surroundings")
    ),
    "tests/reports/test_audit_html.py": ("reports/audit_html_listed.py", "reports/audit_html_tested.py"),
    "tests/reports/test_html.py": ("reports/html_document.py",),
    "tests/cli/test_ledger.py": tuple(
        f"cli/ledger_{name}.py" for name in ("copies", "entries", "outside", "seals")
    ),
    "tests/facts/test_schemas.py": ("facts/schemas/table.py",),
    "tests/facts/test_changes.py": ("facts/ai_tools.py", "facts/authorship.py"),
    "tests/history/test_changes.py": (
        "history/graph.py",
        "history/guarded.py",
        "history/landings.py",
        "history/pull_proofs.py",
    ),
    "tests/history/test_requests.py": ("history/messages.py",),
    "tests/history/test_squash.py": ("history/pull_refs.py",),
    "tests/history/attribution/test_git_ai.py": ("history/attribution/line_record.py",),
    "tests/history/attribution/test_lines.py": tuple(
        f"history/attribution/{name}.py" for name in ("branch_lines", "line_map", "line_table", "pieces")
    ),
    "tests/history/attribution/test_records.py": tuple(
        f"history/attribution/{name}.py" for name in ("agent_trace", "entire", "notes")
    ),
    "tests/ledger/test_ledger.py": ("ledger/appending.py", "ledger/databases.py", "ledger/tree.py"),
    "tests/ledger/test_store.py": ("ledger/postgres.py",),  # one suite, run on each kind of store
    "tests/ledger/test_verify.py": ("ledger/mark_check.py", "ledger/problems.py", "ledger/tree_check.py"),
    # One table of samples, and the same hostile bytes for all.
    "tests/supply/test_readers.py": tuple(
        f"supply/readers/{name}.py"
        for name in (
            *("actions", "bun", "cargo", "composer", "csproj", "dockerfile", "gemfile", "gomod", "gradle", "mix"),
            *("npm", "nuget", "pdm", "pipfile", "pnpm", "poetry", "pom", "pylock", "pyproject", "requirements"),
            *("manifest", "uv", "yarn", "cargo_manifest", "gradle_catalog", "pipfile_manifest", "gemfile_manifest"),
            *("gradle_build", "mix_manifest"),
        )
    ),
    "tests/app/test_scan.py": ("app/scan_others.py", "app/scan_tree.py", "app/scanners.py"),
    "tests/reports/test_scan_sarif.py": ("reports/scan_json.py",),
    # Python, JavaScript and TypeScript, each read and followed.
    "tests/scans/flow/test_following.py": tuple(
        f"scans/flow/{name}.py"
        for name in ("calls", "conditions", "javascript", "methods", "nodes", "python")
    ),
    # Labelled applications of five frameworks, whole, cut anywhere, and hostile ones.
    "tests/scans/routes/test_table.py": tuple(
        f"scans/routes/{name}.py"
        for name in (
            *("django", "django_views", "express", "fastapi", "flask", "nextjs", "python_code", "python_guards"),
            *("reach", "rest_framework", "routers", "script_code", "script_guards"),
        )
    ),
    "tests/scans/routes/test_guarding.py": tuple(
        f"scans/routes/{name}.py" for name in ("judged", "python_inside", "script_inside")
    ),
    # Line by line against git blame, over every shape of history.
    "tests/history/origins/test_agreement.py": tuple(
        f"history/origins/{name}.py"
        for name in ("blobs", "boundary", "full", "gathered", "lines", "runs", "stored", "table", "worker")
    ),
}  # fmt: skip

NAMELESS_ROOMS = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "misc",
    "manager",
    "managers",
    "shared",
    "base",
    "core",
}
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
FORBIDDEN_WORDS = re.compile(r"\b(certified|compliant|passed soc ?2|soc ?2 passed)\b", re.IGNORECASE)
MACHINE = re.compile(r"/(?:work|tmp/venv|home/[a-z]+|Users/[A-Za-z]+|root)/")

# file -> why such a word or path stands in it
MAY_SAY: dict[str, str] = {
    "tests/test_house_rules.py": "it names what is forbidden",
    "AGENTS.md": "it says which words are never printed",
    "src/asbuilt/catalogue/change_words.toml": "words of messages that look like ticket ids and are none",
}


@cache
def tracked() -> tuple[str, ...]:
    """Files that are, or would be, committed."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout
    return tuple(sorted(name for name in listing.decode().split("\0") if name and (ROOT / name).is_file()))


@cache
def parsed(name: str) -> ast.Module:
    return ast.parse((ROOT / name).read_text("utf-8"))


def sources() -> list[str]:
    return [name for name in tracked() if name.startswith("src/asbuilt/") and name.endswith(".py")]


def functions(name: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(parsed(name)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_there_is_something_to_look_at() -> None:
    assert len(sources()) > 30


def test_no_file_is_too_long() -> None:
    long = {name for name in sources() if len((ROOT / name).read_text("utf-8").splitlines()) > LONGEST_FILE}
    assert long == set(LONG_FILES), "split it, or take a needless exception off the list"


def test_no_function_is_too_long() -> None:
    long = {
        f"{name}:{node.name}" for name in sources() for node in functions(name) if length(node) > LONGEST_FUNCTION
    }
    assert long == set(LONG_FUNCTIONS), "split it, or take a needless exception off the list"


def test_exactly_one_place_catches_everything() -> None:
    broad = [
        name
        for name in sources()
        for node in ast.walk(parsed(name))
        if isinstance(node, ast.ExceptHandler) and _catches_everything(node.type) and not _goes_on(node)
    ]
    assert broad == [BROAD_EXCEPT]


def _goes_on(handler: ast.ExceptHandler) -> bool:
    """Whether it only tidies up: the error goes on as it came."""
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def _catches_everything(caught: ast.expr | None) -> bool:
    if isinstance(caught, ast.Tuple):
        return any(_catches_everything(each) for each in caught.elts)
    return caught is None or (isinstance(caught, ast.Name) and caught.id in {"Exception", "BaseException"})


def test_imports_stand_at_the_top_except_where_help_must_be_quick() -> None:
    inside = {
        name
        for name in sources()
        for function in functions(name)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert [name for name in inside if not name.startswith("src/asbuilt/cli/")] == []


def test_folders_and_files_are_named_after_nouns_of_ours() -> None:
    rooms = {part.removesuffix(".py") for name in tracked() if name.endswith(".py") for part in Path(name).parts}
    assert rooms & NAMELESS_ROOMS == set()


def test_no_mock_library_is_used() -> None:
    mocked = [
        name
        for name in tracked()
        if name.endswith(".py")
        for node in ast.walk(parsed(name))
        if (isinstance(node, ast.ImportFrom) and (node.module or "").startswith("unittest"))
        or (isinstance(node, ast.Import) and any(each.name.startswith(("unittest", "mock")) for each in node.names))
    ]
    assert mocked == []


@pytest.mark.parametrize(
    ("pattern", "what"),
    [(FORBIDDEN_WORDS, "a word we never print"), (UNFINISHED, "unfinished"), (MACHINE, "a path of one machine")],
)
def test_no_forbidden_text_stands_anywhere(pattern: re.Pattern[str], what: str) -> None:
    found = [
        f"{name}:{number}: {match[0]}"
        for name in tracked()
        if name not in MAY_SAY
        and not (
            pattern is FORBIDDEN_WORDS and name.startswith("tests/")
        )  # where it is tested that nobody says them
        and (text := _text(name)) is not None
        for number, line in enumerate(text.splitlines(), 1)
        if (match := pattern.search(line))
    ]
    assert found == [], what


def test_who_may_say_forbidden_text_still_does() -> None:
    needless = [
        name
        for name in MAY_SAY
        if not any(
            pattern.search((ROOT / name).read_text("utf-8")) for pattern in (FORBIDDEN_WORDS, UNFINISHED, MACHINE)
        )
    ]
    assert needless == []


def _text(name: str) -> str | None:
    try:
        return (ROOT / name).read_text("utf-8")
    except UnicodeDecodeError:
        return None


def test_every_source_file_has_a_test_of_its_own_or_is_tested_with_its_piece() -> None:
    doing = [name for name in sources() if any(functions(name))]  # a file of declarations alone has nothing to test
    lonely = {name for name in doing if not name.endswith("/__init__.py") and not _twin(name).is_file()}
    with_others = {f"src/asbuilt/{name}" for names in TESTED_WITH.values() for name in names}
    assert lonely == with_others, "write tests/ROOM/test_MODULE.py, or take a needless exception off the list"
    assert [name for name in TESTED_WITH if not (ROOT / name).is_file()] == []


def _twin(name: str) -> Path:
    inner = Path(name).relative_to("src/asbuilt")
    return ROOT / "tests" / inner.with_name(f"test_{inner.name}")


def test_every_package_says_what_it_is() -> None:
    assert [name for name in sources() if not ast.get_docstring(parsed(name))] == []


def test_commands_are_thin() -> None:
    """A face parses, calls a use case and renders: it asks nothing of a verdict, a grade or a control."""
    judging = re.compile(r"\b(Outcome|Severity|Grade|Conclusion)\.")
    faces = [name for name in sources() if name.startswith("src/asbuilt/cli/")]
    assert [name for name in faces if judging.search((ROOT / name).read_text("utf-8"))] == []
