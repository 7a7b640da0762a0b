"""Which forge a repository lives on: named by what is known, never guessed."""

import pytest

from asbuilt.history.forge import name_forge, read_remote
from asbuilt.model.commit import Commit, Person


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://github.com/octo/project.git", ("github", "octo/project")),
        ("https://user:secret@github.com/octo/project", ("github", "octo/project")),
        ("git@github.com:octo/project.git", ("github", "octo/project")),
        ("github.com:octo/project", ("github", "octo/project")),
        ("ssh://git@ssh.github.com:443/octo/project.git", ("github", "octo/project")),
        ("git://github.com/octo/project/", ("github", "octo/project")),
        ("https://gitlab.com/group/sub/project.git", ("gitlab", "group/sub/project")),
        ("git@bitbucket.org:octo/project.git", ("bitbucket", "octo/project")),
        ("https://org@dev.azure.com/org/proj/_git/repo", ("azure", "org/proj/repo")),
        ("git@ssh.dev.azure.com:v3/org/proj/repo", ("azure", "org/proj/repo")),
        ("https://codeberg.org/octo/project", ("forgejo", "octo/project")),
        ("https://github.com/octo", ("github", None)),
        ("https://github.com/octo/project/extra", ("github", None)),
        ("https://github.com/octo/pro;ject", ("github", None)),
        ("https://github.com.evil.example/octo/project", None),
        ("https://evil.example/github.com/octo/project", None),
        ("https://git.example.com/octo/project", None),
        ("https://gitlab.example.com/octo/project", None),
        ("/srv/git/project.git", None),
        ("file:///srv/git/project.git", None),
        ("ext::sh -c id", None),
        ("", None),
    ],
)
def test_a_remote(url: str, expected: tuple[str, str | None] | None) -> None:
    assert read_remote(url) == expected


def commit(message: str, *, parents: int = 2, email: str = "ana@example.com") -> Commit:
    person = Person("Ana", email)
    return Commit("0" * 40, ("1" * 40, "2" * 40)[:parents], "", person, 0, person, 0, message)


def test_origin_is_asked_first_then_upstream() -> None:
    remotes = {
        "fork": "git@gitlab.com:a/b.git",
        "upstream": "https://bitbucket.org/c/d",
        "origin": "https://github.com/e/f",
    }
    assert name_forge(remotes, []) == ("github", "e/f")
    del remotes["origin"]
    assert name_forge(remotes, []) == ("bitbucket", "c/d")


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        ([commit("Merge pull request #1 from octo/fix")], ("github", None)),
        ([commit("Merge branch 'x'\n\nSee merge request a/b!1")], ("gitlab", None)),
        ([commit("Merged in x (pull request #1)")], ("bitbucket", None)),
        ([commit("Fix it (#1)", parents=1, email="noreply@github.com")], ("github", None)),
        ([commit("Fix it (#1)", parents=1)], (None, None)),
        ([commit("Merge branch 'x'")], (None, None)),
        ([], (None, None)),
    ],
)
def test_the_words_of_merges_name_the_kind_only(made: list[Commit], expected: tuple[str | None, None]) -> None:
    assert name_forge({"origin": "https://git.example.com/o/p"}, made) == expected
