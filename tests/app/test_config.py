"""The configuration comes from the inspected tree, and a mistake in it is named by file and line."""

import subprocess

import pytest

from asbuilt.app.config import LIMIT, Config, read_config
from asbuilt.history.git import open_repository
from asbuilt.model.errors import ConfigError
from tests.repos import Repo

WHOLE = """\
[ai_tools]
approved = ["claude_code", "aider"]

[review]
recorded_in = "commits"

[controls."CHG-01"]
required_approvals = 2

[people]
same = [["ana@example.com", "ana@home.example"]]

[inspect]
exclude = ["vendor/", "*.min.js"]
"""


def told(repo: Repo, text: str | bytes, file: str = "asbuilt.toml") -> Config:
    commit = repo.write(file, text).commit()
    with open_repository(repo.path) as repository:
        return read_config(repository, commit)


def test_nothing_said_is_the_defaults(repo: Repo) -> None:
    assert told(repo, "x", "a.txt") == Config()
    assert Config().approved_tools is None
    assert Config().reviews_recorded_in == "forge"


def test_every_key_is_read(repo: Repo) -> None:
    config = told(repo, WHOLE)
    assert config == Config(
        source="asbuilt.toml",
        approved_tools=frozenset({"claude_code", "aider"}),
        reviews_recorded_in="commits",
        controls={"CHG-01": {"required_approvals": 2}},
        same_people=(("ana@example.com", "ana@home.example"),),
        exclude=("vendor/", "*.min.js"),
    )


def test_pyproject_holds_it_as_well(repo: Repo) -> None:
    config = told(repo, '[project]\nname = "x"\n[tool.asbuilt.review]\nrecorded_in = "commits"\n', "pyproject.toml")
    assert (config.source, config.reviews_recorded_in) == ("pyproject.toml", "commits")


def test_another_programs_pyproject_is_left_alone(repo: Repo) -> None:
    assert told(repo, "[tool.black]\nline-length = = 3", "pyproject.toml") == Config()
    assert told(repo, '[project]\ndependencies = ["asbuilt"]', "pyproject.toml") == Config()


def test_an_empty_list_of_tools_approves_none(repo: Repo) -> None:
    assert told(repo, "[ai_tools]\napproved = []\n").approved_tools == frozenset()


def test_the_work_tree_is_not_asked(repo: Repo) -> None:
    commit = repo.write("a.txt", "x").commit()
    (repo.path / "asbuilt.toml").write_text(WHOLE)
    with open_repository(repo.path) as repository:
        assert read_config(repository, commit) == Config()


def test_an_older_revision_has_its_own(repo: Repo) -> None:
    old = repo.write("asbuilt.toml", '[review]\nrecorded_in = "commits"\n').commit()
    new = repo.write("asbuilt.toml", "").commit()
    with open_repository(repo.path) as repository:
        assert read_config(repository, old).reviews_recorded_in == "commits"
        assert read_config(repository, new).reviews_recorded_in == "forge"


@pytest.mark.parametrize(
    ("text", "where", "says"),
    [
        ("[reveiw]\n", "asbuilt.toml:1", "Did you mean 'review'?"),
        ("\n[review]\nrecorded-in = 'forge'\n", "asbuilt.toml:3", "Did you mean 'recorded_in'?"),
        ("[review]\nrecorded_in = 'git'\n", "asbuilt.toml:2", "forge, commits"),
        ("review = 3\n", "asbuilt.toml:1", "is not a table"),
        ("[ai_tools]\napproved = 'aider'\n", "asbuilt.toml:2", "not a list of texts"),
        ("[ai_tools]\napproved = ['aidr']\n", "asbuilt.toml:2", "Did you mean 'aider'?"),
        ("[people]\nsame = [['ana@x']]\n", "asbuilt.toml:2", "list of lists"),
        ("[inspect]\nexclude = [1]\n", "asbuilt.toml:2", "not a list of texts"),
        ('# rules\n[controls."CHG-1"]\n', "asbuilt.toml:2", "'CHG-01'"),
        ("[controls.CHG-01]\nrequired_aprovals = 1\n", "asbuilt.toml:2", "Did you mean 'required_approvals'"),
        ("[controls]\nCHG-01.required_approvals = '1'\n", "asbuilt.toml:2", "Write a value like 1."),
        ("[controls.CHG-01]\nrequired_approvals = true\n", "asbuilt.toml:2", "Write a value like 1."),
        ("a = 1\nb = = 2\n", "asbuilt.toml:2", "not valid TOML"),
        (b"[review]\n# \xff\n", "asbuilt.toml:2", "not UTF-8"),
        ("a = " + "[" * 5000, "asbuilt.toml", "not valid TOML"),
        ("#" * (LIMIT + 1), "asbuilt.toml", "larger than"),
    ],
)
def test_a_mistake_is_named_by_line_with_what_was_meant(
    repo: Repo, text: str | bytes, where: str, says: str
) -> None:
    with pytest.raises(ConfigError) as failed:
        told(repo, text)
    assert failed.value.where == where
    assert says in f"{failed.value.what} {failed.value.fix}"
    assert failed.value.fix


def test_a_line_in_pyproject_counts_from_its_top(repo: Repo) -> None:
    with pytest.raises(ConfigError) as failed:
        told(repo, "[project]\n[tool.asbuilt]\n[tool.asbuilt.inspect]\nexlude = []\n", "pyproject.toml")
    assert failed.value.where == "pyproject.toml:4"


def test_two_places_at_once_are_an_error(repo: Repo) -> None:
    repo.write("pyproject.toml", "[tool.asbuilt]\n")
    with pytest.raises(ConfigError, match="Both"):
        told(repo, "")


def test_a_symbolic_link_is_not_followed(repo: Repo) -> None:
    (repo.path / "asbuilt.toml").symlink_to("/etc/hostname")
    repo.git("add", "asbuilt.toml")
    commit = repo.commit()
    with open_repository(repo.path) as repository, pytest.raises(ConfigError, match="not a plain file"):
        read_config(repository, commit)


def test_a_bare_repository_has_its_configuration_too(repo: Repo) -> None:
    commit = repo.write("asbuilt.toml", WHOLE).commit()
    bare = repo.path.parent / "bare.git"
    subprocess.run(["git", "clone", "-q", "--bare", str(repo.path), str(bare)], check=True)
    with open_repository(bare) as repository:
        assert read_config(repository, commit).reviews_recorded_in == "commits"
