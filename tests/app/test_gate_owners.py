"""Whoever owns a guarded path by the base's CODEOWNERS must have approved; what cannot be told is unknown."""

import pytest

from asbuilt.app.gate_owners import owner_approved, parse_owners, read_owners
from asbuilt.history.git import open_repository
from tests.repos import Repo

FILE = """
# comment
*            @ana
/docs/       @dora   # with a comment
*.yml        @ops-lead ben@example.com
/.github/    @acme/platform
/build/logs/ @logs
apps/*       @apps
**/secret/*  @keys
/free/
a\\ b.txt    @spaced
"""


@pytest.mark.parametrize(
    ("path", "owners"),
    [
        ("readme.md", {"@ana"}),
        ("docs/a/b.md", {"@dora"}),
        ("src/docs/a.md", {"@ana"}),
        ("x/y.yml", {"@ops-lead", "ben@example.com"}),
        (".github/workflows/ci.yml", {"@acme/platform"}),
        ("build/logs/x", {"@logs"}),
        ("deep/build/logs/x", {"@ana"}),
        ("apps/one", {"@apps"}),
        ("apps/one/two", {"@ana"}),
        ("x/y/secret/z", {"@keys"}),
        ("free/x", set()),
        ("a b.txt", {"@spaced"}),
    ],
)
def test_the_last_line_that_fits_names_the_owners(path: str, owners: set[str]) -> None:
    rules = parse_owners(FILE)
    found = next((rule.owners for rule in reversed(rules) if rule.pattern.fullmatch(path)), frozenset())
    assert found == owners


@pytest.mark.parametrize(
    ("paths", "approvers", "expected"),
    [
        (["x.yml"], ["ops-lead"], True),
        (["x.yml"], ["Ben Berg <BEN@example.com>"], True),
        (["x.yml"], ["dora"], False),
        (["x.yml"], [], False),
        (["x.yml"], None, None),
        (["x.yml", "docs/a"], ["ops-lead"], False),
        (["x.yml", "docs/a"], ["ops-lead", "dora"], True),
        ([".github/x"], ["ana"], None),
        (["free/x"], ["ana"], None),
        ([".github/x", "docs/a"], ["ana"], False),
        ([], ["ana"], True),
    ],
)
def test_every_path_needs_an_owner(paths: list[str], approvers: list[str] | None, expected: bool | None) -> None:
    assert owner_approved(paths, parse_owners(FILE), approvers) is expected


def test_the_first_place_that_has_a_file_counts(repo: Repo) -> None:
    repo.write("CODEOWNERS", "* @second\n").write("docs/CODEOWNERS", "* @third\n")
    first = repo.commit()
    repo.write(".github/CODEOWNERS", "* @first\n")
    second = repo.commit()

    with open_repository(repo.path) as opened:
        assert [rule.owners for rule in read_owners(opened, first)] == [{"@second"}]
        assert [rule.owners for rule in read_owners(opened, second)] == [{"@first"}]


def test_no_file_and_no_plain_file_name_nobody(repo: Repo) -> None:

    repo.write("a", "a").commit()
    blob = repo.git("hash-object", "-w", "--stdin", stdin=b"elsewhere").decode().strip()
    repo.git("update-index", "--add", "--cacheinfo", f"120000,{blob},CODEOWNERS")
    link = repo.commit("a link")
    with open_repository(repo.path) as opened:
        assert read_owners(opened, f"{link}~1") == ()
        assert read_owners(opened, link) == ()
