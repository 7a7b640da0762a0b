"""``asbuilt scan``: which files, which scanners, what is new, what is told of what was not looked at.

Other scanners are stood in for by small programs on a path of the test's own: they print what the real ones print.
"""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from asbuilt.app.scan import Asked, run_scan
from asbuilt.app.scan_others import copying, find_program, network_off, run_scanner
from asbuilt.app.scan_tree import blob_id
from asbuilt.app.scanners import SCANNERS, environment_of, is_setting
from asbuilt.model.errors import SourceError, UsageError
from asbuilt.model.finding import Scan, ScannerReport
from tests.repos import Repo

SQL = 'cur.execute(f"SELECT a FROM t WHERE b = {c}")\n'
OWN = Asked(only=("own",))
BANDIT = next(each for each in SCANNERS if each.program == "bandit")
GITLEAKS = next(each for each in SCANNERS if each.program == "gitleaks")


def make(tmp_path: Path) -> Repo:
    repo = Repo(tmp_path / "acme")
    repo.write("src/a.py", SQL).write("src/b.rs", "mod b;\n").write("logo.png", b"\0\1")
    repo.write(".gitignore", ".env\n").write("node_modules/x/i.js", "eval(req.query.x)").commit("First")
    return repo


def report(scan: Scan, name: str) -> ScannerReport:
    (own,) = [each for each in scan.scanners if each.name == name]
    return own


def places(scan: Scan) -> list[tuple[str, int, str]]:
    return [(own.path, own.line, own.rule) for own in scan.open]


def program(folder: Path, name: str, script: str) -> None:
    """A program of Python on the path, in the place of a scanner."""
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_text(f"#!{sys.executable}\nimport json, os, sys, time\n{script}\n")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)


@pytest.fixture
def on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is first on the path, and the only one with scanners."""
    folder = tmp_path / "bin"
    folder.mkdir()
    system = [each for each in ("/usr/bin", "/bin") if os.path.isdir(each)]
    monkeypatch.setenv("PATH", os.pathsep.join([str(folder), *system]))
    return folder


def test_a_work_tree_is_what_git_has_or_would_take(tmp_path: Path) -> None:
    repo = make(tmp_path)
    (repo.path / "new.py").write_text(SQL)
    (repo.path / ".env").write_text("JWT_SECRET=9fK2mXq7Rt4Lw8Zv\n")
    (repo.path / "link.py").symlink_to("src/a.py")
    scan = run_scan(repo.path, OWN)
    assert places(scan) == [("new.py", 1, "py-sql-built"), ("src/a.py", 1, "py-sql-built")]
    assert scan.is_work_tree
    assert (scan.uncovered, scan.no_text, scan.excluded) == ((("Rust", 1),), 1, (("node_modules/", 1),))
    assert [own.standing for own in scan.scanners[:2]] == ["ran", "ran"]


def test_a_revision_comes_from_git_and_a_folder_is_a_part(tmp_path: Path) -> None:
    repo = make(tmp_path)
    first = repo.git("rev-parse", "HEAD").decode().strip()
    repo.write("src/a.py", "x = 1\n").write("lib/c.py", SQL).commit("Second")
    assert places(run_scan(repo.path, Asked(only=("own",), rev=first))) == [("src/a.py", 1, "py-sql-built")]
    assert run_scan(repo.path, Asked(only=("own",), rev=first)).commit == first
    assert places(run_scan(repo.path, OWN)) == [("lib/c.py", 1, "py-sql-built")]
    assert places(run_scan(repo.path / "src", OWN)) == []


def test_a_folder_in_no_repository(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(SQL)
    (tmp_path / "venv").mkdir()
    (tmp_path / "venv" / "b.py").write_text(SQL)
    scan = run_scan(tmp_path, OWN)
    assert (scan.commit, places(scan)) == (None, [("a.py", 1, "py-sql-built")])
    with pytest.raises(SourceError):
        run_scan(tmp_path, Asked(rev="HEAD"))
    with pytest.raises(UsageError):
        run_scan(tmp_path / "none", OWN)


def test_what_is_left_out_is_counted(tmp_path: Path) -> None:
    repo = make(tmp_path)
    scan = run_scan(repo.path, Asked(only=("own",), exclude=("src/",)))
    assert scan.open == ()
    assert dict(scan.excluded)["--exclude"] == 2


def test_only_what_is_new_counts(tmp_path: Path) -> None:
    repo = make(tmp_path)
    repo.git("branch", "base")
    repo.write("src/a.py", f"import x\n\n{SQL}{SQL}").write("src/n.py", SQL).commit("More")
    scan = run_scan(repo.path, Asked(only=("own",), against="base"))
    assert [(own.path, own.line, own.is_new) for own in scan.findings] == [
        ("src/a.py", 3, False),  # the same line, moved
        ("src/a.py", 4, True),
        ("src/n.py", 1, True),
    ]
    assert len(scan.open) == 2
    (repo.path / "src" / "n.py").write_text("x = 1\n")
    (repo.path / "src" / "a.py").write_text(SQL)
    assert run_scan(repo.path, Asked(only=("own",), against="base")).open == ()
    repo.git("checkout", "-q", "-f", "base")
    repo.write("late.py", SQL).commit("Meanwhile")
    repo.git("checkout", "-q", "main")
    told = run_scan(repo.path, Asked(only=("own",), rev="main", against="base"))
    assert told.against == repo.git("merge-base", "main", "base").decode().strip()


def test_the_id_of_a_file_is_git_s(tmp_path: Path) -> None:
    repo = make(tmp_path)
    assert blob_id(SQL.encode()) == repo.git("rev-parse", "HEAD:src/a.py").decode().strip()
    other = Repo(tmp_path / "sha256", object_format="sha256")
    other.write("a.py", SQL).commit("First")
    assert blob_id(SQL.encode(), length=64) == other.git("rev-parse", "HEAD:a.py").decode().strip()
    assert run_scan(other.path, Asked(only=("own",), against="HEAD")).open == ()


def test_what_is_not_installed_says_so(tmp_path: Path, on_path: Path) -> None:
    repo = make(tmp_path)
    scan = run_scan(repo.path, Asked())
    assert [(own.name, own.standing) for own in scan.scanners] == [
        ("AsBuilt", "ran"),
        ("AsBuilt secret scan", "ran"),
        *((own.name, "not run") for own in SCANNERS),
    ]
    assert "not installed" in str(report(scan, "Bandit").why)


TELL = """
if "--version" in sys.argv: print("bandit 1.9.4"); sys.exit()
if "--help" in sys.argv: print("\\tB602\\tsubprocess_popen_with_shell_equals_true\\n\\tB608\\thardcoded_sql"); sys.exit()
root = sys.argv[sys.argv.index("-r") + 1]
found = sorted(os.path.join(f, n) for f, _, names in os.walk(root) for n in names)
print(json.dumps({"errors": [], "generated_at": "2026-01-01T00:00:00Z",
    "metrics": {"_totals": {}, **{name: {} for name in found if name.endswith(".py")}},
    "results": [{"test_id": "B608", "test_name": "hardcoded_sql", "filename": root + "/src/a.py", "line_number": 1,
        "line_range": [1], "issue_severity": "MEDIUM", "issue_text": "SQL in " + root + "/src/a.py", "issue_cwe": {"id": 89},
        "code": "1 x"}], "seen": found, "environment": dict(os.environ), "words": sys.argv}))
"""


def test_another_scanner_runs_on_a_copy_without_settings_tokens_and_home(
    tmp_path: Path, on_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(
        on_path,
        "bandit",
        f"open({str(tmp_path / 'seen')!r}, 'w').write(json.dumps([sys.argv, dict(os.environ), os.getcwd()]))\n{TELL}",
    )
    monkeypatch.setenv("GITHUB_TOKEN", "not for you")
    repo = make(tmp_path)
    repo.write(".bandit", "[bandit]\nskips: B608\n").write("src/c.py", "x()  # asbuilt: accept B602 because of x\n")
    scan = run_scan(repo.path, Asked(only=("bandit",)))
    own = report(scan, "Bandit")
    assert (own.standing, own.version, own.files) == ("ran", "1.9.4", ("src/a.py", "src/c.py"))
    assert (own.left_out, [rule.id for rule in own.rules]) == ((".bandit",), ["B602", "B608"])
    (found,) = scan.findings
    assert (found.path, found.line, found.rule, found.severity) == ("src/a.py", 1, "B608", "medium")
    assert (found.snippet, found.message) == (SQL.strip(), "SQL in src/a.py")
    words, environment, folder = json.loads((tmp_path / "seen").read_text())
    assert str(repo.path) not in " ".join(words)
    assert "GITHUB_TOKEN" not in environment
    assert environment["HOME"] not in {os.environ.get("HOME"), ""}
    assert not folder.startswith(str(repo.path))
    assert not Path(folder).exists()


def test_what_another_scanner_finds_is_accepted_and_old_as_ours_is(tmp_path: Path, on_path: Path) -> None:
    program(on_path, "bandit", TELL)
    repo = make(tmp_path)
    assert len(run_scan(repo.path, Asked(only=("bandit",), against="HEAD")).findings) == 1
    assert run_scan(repo.path, Asked(only=("bandit",), against="HEAD")).open == ()
    repo.write("src/a.py", SQL.strip() + "  # asbuilt: accept B608 because the names are ours\n")
    (found,) = run_scan(repo.path, Asked(only=("bandit",))).findings
    assert found.accepted is not None
    assert found.accepted.reason == "the names are ours"


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("sys.exit(3)", "exit code 3"),
        ("print('no report')", "cannot be read"),
        ("print('[')", "cannot be read"),
        ("print(json.dumps({'errors': [], 'metrics': {}, 'results': []})); sys.exit(2)", "exit code 2"),
        ("time.sleep(60)", "within 1 seconds"),
    ],
)
def test_a_scanner_that_fails_is_never_one_that_found_nothing(
    script: str, why: str, tmp_path: Path, on_path: Path
) -> None:
    quick = "if '--version' in sys.argv or '--help' in sys.argv: sys.exit()\n"
    program(on_path, "bandit", quick + script)
    own = report(run_scan(make(tmp_path).path, Asked(only=("bandit",), seconds=1)), "Bandit")
    assert own.standing == "failed"
    assert why in str(own.why)


def test_a_secret_that_another_scanner_tells_is_nowhere(tmp_path: Path, on_path: Path) -> None:
    secret = "n7Kq2vXw9zP4rT6yB8mD"
    leak = {"RuleID": "generic-api-key", "Description": "A key", "StartLine": 1, "EndLine": 1, "Secret": secret, "Match": f"k={secret}"}  # fmt: skip
    program(
        on_path,
        "gitleaks",
        f"if sys.argv[1] == 'version': print('8.24.0'); sys.exit()\n"
        f"leak = {leak!r} | {{'File': sys.argv[2] + '/k.txt'}}\n"
        "open(sys.argv[sys.argv.index('--report-path') + 1], 'w').write(json.dumps([leak]))",
    )
    repo = Repo(tmp_path / "acme")
    repo.write("k.txt", f"k={secret}\n").commit("First")
    scan = run_scan(repo.path, Asked(only=("gitleaks",)))
    (found,) = scan.findings
    assert (found.path, found.is_secret, found.snippet) == ("k.txt", True, None)
    assert secret not in repr(scan)
    assert report(scan, "gitleaks").files == ("k.txt",)


def test_semgrep_needs_rules_of_the_user(tmp_path: Path, on_path: Path) -> None:
    told = {"results": [], "errors": [], "paths": {"scanned": []}, "version": "1.1.0"}
    program(
        on_path,
        "semgrep",
        f"assert '--metrics=off' in sys.argv or '--version' in sys.argv\nprint({json.dumps(told)!r})",
    )
    repo = make(tmp_path)
    assert "--semgrep-rules" in str(report(run_scan(repo.path, Asked(only=("semgrep",))), "Semgrep").why)
    rules = tmp_path / "rules.yml"
    rules.write_text("rules: []\n")
    asked = Asked(only=("semgrep",), semgrep_rules=rules)
    assert report(run_scan(repo.path, asked), "Semgrep").standing == "ran"
    with pytest.raises(UsageError):
        run_scan(repo.path, Asked(semgrep_rules=Path("p/security-audit")))


def test_a_program_of_what_is_scanned_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repo = make(tmp_path)
    program(repo.path / "tools", "bandit", "print('hostile')")
    repo.git("add", "-A")
    repo.commit("A scanner of its own")
    monkeypatch.setenv("PATH", f"{repo.path / 'tools'}{os.pathsep}tools{os.pathsep}/usr/bin:/bin")
    own = report(run_scan(repo.path, Asked(only=("bandit",))), "Bandit")
    assert own.standing == "not run"
    assert "belongs to what is scanned" in str(own.why)
    assert isinstance(find_program(BANDIT, repo.path, frozenset()), Path)


def test_a_copy_holds_what_scanners_look_at_and_nothing_that_sets_them() -> None:
    with copying([BANDIT]) as copy:
        for path in ("a.py", "b.txt", "x/.bandit", "x/.Gitleaks.toml", "a.py/b.py"):
            copy.put(path, b"x")
        assert copy.paths == ["a.py"]
        assert copy.settings == ["x/.bandit", "x/.Gitleaks.toml"]
        assert [own.path for own in copy.unread] == ["a.py/b.py"]
        root = copy.root
    assert not root.exists()
    with copying([GITLEAKS]) as copy:
        (own,) = run_scanner(GITLEAKS, Path("/nowhere"), copy, rules=None, seconds=1).reports
        assert (own.standing, own.files) == ("ran", ())


def test_settings_are_known_by_name_and_the_network_leads_nowhere(tmp_path: Path) -> None:
    assert is_setting("a/b/.semgrepignore")
    assert not is_setting("semgrepignore.py")
    given = environment_of(BANDIT, "/usr/bin", tmp_path)
    assert given["HTTPS_PROXY"].startswith("http://127.0.0.1")
    assert network_off() == () or network_off()[0].endswith("unshare")


def test_hostile_names_in_a_tree_are_named_and_not_followed(tmp_path: Path) -> None:
    repo = make(tmp_path)
    blob = repo.git("rev-parse", "HEAD:src/a.py").decode().strip()
    inner = repo.git("mktree", stdin=f"100644 blob {blob}\tconfig.py\n".encode()).decode().strip()
    tree = (
        repo.git("mktree", stdin=f"040000 tree {inner}\t..\n100644 blob {blob}\tok.py\n".encode()).decode().strip()
    )
    who = {f"GIT_{role}_{part}": "a@example.com" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}
    commit = repo.git("commit-tree", tree, "-m", "x", env=who).decode().strip()
    scan = run_scan(repo.path, Asked(only=("own",), rev=commit))
    assert places(scan) == [("ok.py", 1, "py-sql-built")]
    assert [own.path for own in report(scan, "AsBuilt").unread] == ["../config.py"]
    assert report(scan, "AsBuilt").standing == "in part"


ROUTE = "from flask import Flask\napp = Flask(__name__)\n\n@app.post('/pay')\n@our_gate\ndef pay():\n    return charge()\n"


def test_a_route_that_nothing_stands_before_is_found_unless_the_company_names_its_guard(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "acme")
    repo.write("app.py", ROUTE).commit("First")
    assert places(run_scan(repo.path, OWN)) == [("app.py", 6, "missing-authentication")]
    repo.write("asbuilt.toml", '[scan]\nguards = ["our_gate"]\n').commit("Guards")
    scan = run_scan(repo.path, OWN)
    assert places(scan) == []
    assert "missing-authentication" in [own.id for own in report(scan, "AsBuilt").rules]


def test_a_route_is_new_when_its_guard_goes_from_another_file(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "acme")
    guard = "from flask import abort\ndef our_gate(f):\n    if not session.get('user'):\n        abort(401)\n    return f\n"
    repo.write("gate.py", guard).write("app.py", "from gate import our_gate\n" + ROUTE).commit("First")
    repo.write("asbuilt.toml", '[scan]\nguards = ["our_gate"]\n').commit("Guards")
    assert places(run_scan(repo.path, Asked(only=("own",), against="HEAD"))) == []
    repo.git("branch", "base")
    repo.write("asbuilt.toml", "[scan]\nguards = []\n").write("gate.py", "def our_gate(f):\n    return f\n").commit(
        "No guard"
    )
    told = run_scan(repo.path, Asked(only=("own",), against="base"))
    assert places(told) == [("app.py", 7, "missing-authentication")]
    repo.git("branch", "-f", "base")
    assert places(run_scan(repo.path, Asked(only=("own",), against="base"))) == []


def test_without_the_engine_our_rules_do_not_run_and_that_is_told(tmp_path: Path) -> None:
    repo = make(tmp_path)
    code = (
        "import sys; sys.modules.update({'ast_grep_py': None, 're2': None})\n"
        "from asbuilt.app.scan import Asked, run_scan\n"
        "scan = run_scan('.', Asked(only=('own',), against='HEAD'))\n"
        "print([own.standing for own in scan.scanners], scan.scanners[0].why)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=repo.path, capture_output=True, check=True, text=True)
    assert "['not run', 'not run']" in done.stdout
    assert "asbuilt[scans]" in done.stdout
