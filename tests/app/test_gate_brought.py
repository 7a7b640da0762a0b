"""What a change brings in: packages and findings, judged by the base, and never "nothing" where nobody looked."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from asbuilt.app.gate_brought import names_packages, rule_words
from asbuilt.model.gate import Answer, Gate, Standing
from asbuilt.scans.rulebook import load_rules
from asbuilt.supply.reading import list_readers
from tests.app.test_gate import NOW, asked, proposed
from tests.repos import Repo

OPEN = "[gate]\nrequire = []\n"


@pytest.fixture(autouse=True)
def _stores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No store of whoever runs the tests."""
    monkeypatch.setenv("ASBUILT_ADVISORIES", str(tmp_path / "advisories.sqlite"))
    monkeypatch.setenv("ASBUILT_REGISTRY", str(tmp_path / "registry.sqlite"))


def brought(repo: Repo, policy: str = OPEN, **files: str) -> Gate:
    return asked(proposed(repo, policy=policy, **files))


def test_a_change_of_words_brings_nothing_in_and_says_what_was_searched(repo: Repo) -> None:
    found = brought(repo)
    assert (found.answer, found.brought) == (Answer.MAY_LAND, ())
    assert (found.looked.files, found.looked.dependency_files) == (1, 0)
    assert found.looked.rules > 30
    assert found.not_seen[-1].code == "GAP-REQUEST"


def test_a_change_without_packages_or_words_of_rules_loads_neither(repo: Repo) -> None:
    proposed(repo)
    code = (
        "import sys; from asbuilt.app.gate import Asked, gate;"
        f"gate(Asked(path={str(repo.path)!r}, base='main', head='topic', now={NOW}));"
        "print([own for own in ('asbuilt.supply.reading', 'asbuilt.scans.scanning') if own in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_file_that_a_reader_reads_is_known_by_its_path() -> None:
    patterns = [pattern for reader in list_readers().values() for pattern in reader.READS]
    unknown = [pattern for pattern in patterns if not names_packages(f"sub/{pattern.replace('*', 'x')}")]
    assert unknown == []
    assert not any(names_packages(path) for path in ("src/app.py", "docs/requirements.md", "lib/docker.go"))


def test_a_package_that_is_new_is_not_known_where_nobody_was_asked(repo: Repo) -> None:
    found = brought(repo, **{"requirements.txt": "left-pad==1.0\n"})
    (own,) = found.brought
    assert (own.name, own.what, own.standing, own.blocks) == ("PyPI left-pad 1.0", "new", Standing.UNKNOWN, False)
    assert (own.path, own.line) == ("requirements.txt", 1)
    assert [gap.code for gap in found.not_seen] == ["GAP-REQUEST", "GAP-DEPENDENCY", "GAP-DEPENDENCY"]
    assert found.answer is Answer.MAY_LAND  # the base does not say that what is not known is refused
    assert found.verdict.endswith("Not everything is known of 1 package that it brings in.")


def test_the_base_may_refuse_what_is_not_known(repo: Repo) -> None:
    policy = f'{OPEN}undecided_dependencies = "refuse"\n'
    found = brought(repo, policy, **{"requirements.txt": "left-pad==1.0\n"})
    assert found.answer is Answer.NOT_SEEN
    assert found.refusing[0].name == "PyPI left-pad 1.0"
    assert "left-pad" in found.verdict


def test_the_changes_own_policy_is_not_believed(repo: Repo) -> None:
    files = {"app.py": 'import requests\nrequests.get("https://x", verify=False)\n'}
    found = brought(repo, **files, **{"asbuilt.toml": '[gate]\nrequire = []\nfindings = "never"\n'})
    assert found.answer is Answer.REFUSED
    assert [own.name for own in found.refusing] == ["py-tls-off"]


def test_without_the_engine_it_is_said_that_nothing_was_searched(repo: Repo) -> None:
    proposed(repo, policy=OPEN, **{"app.py": 'import requests\nrequests.get("https://x", verify=False)\n'})
    code = (
        "import sys; sys.modules['ast_grep_py'] = None; from asbuilt.app.gate import Asked, gate;"
        f"found = gate(Asked(path={str(repo.path)!r}, base='main', head='topic', now={NOW}));"
        "print(found.brought, found.looked.files, [gap.what for gap in found.not_seen])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("() 0 ")
    assert "the engine of our own rules is not installed" in done.stdout


def test_what_holds_no_text_is_named_and_not_counted_as_searched(repo: Repo) -> None:
    proposed(repo, policy=OPEN).checkout("topic")
    repo.write("tool.bin", b"\x7fELF\0\0").write(
        "wide.txt",
        ("token: glpat-" + "q7RmX2vK9pLw4TzB8nYc").encode("utf-16"),
    )
    repo.commit("Add a tool")
    found = asked(repo)
    assert found.looked.files == 2
    assert ["tool.bin" in gap.what for gap in found.not_seen if gap.code == "GAP-CONTENT"] == [True]
    assert [own.path for own in found.refusing] == ["wide.txt", "tool.bin"]


def test_hostile_names_of_packages_are_shown_as_they_are_written(repo: Repo) -> None:
    name = "\x1b[31mevil\n::error::x"
    lock = json.dumps({"lockfileVersion": 3, "packages": {"": {}, f"node_modules/{name}": {"version": "1.0.0"}}})
    found = brought(repo, **{"package-lock.json": lock})
    assert found.brought or found.not_seen
    assert not any("\x1b" in f"{own.name}{own.message}{own.path}" for own in found.brought)
    assert "\n" not in "".join(own.name for own in found.brought)


def test_the_words_that_are_looked_for_first_are_those_of_the_rules() -> None:
    rules = load_rules()
    words = {word.casefold().encode() for rule in rules for word in rule.words}
    assert rule_words() == (len(rules), words)
