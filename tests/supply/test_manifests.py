"""Manifests that are code or inherit: what is not read of them is said, and where a lock file answers it is not."""

from collections.abc import Mapping

import pytest

from asbuilt.supply.gathering import Reading
from asbuilt.supply.reading import read_file


def told(path: str, text: str, others: Mapping[str, bytes] | None = None) -> Reading:
    return read_file(text.encode(), path, (others or {}).get)


@pytest.mark.parametrize(
    ("path", "text", "line", "why"),
    [
        ("Cargo.toml", "[dependencies]\na = 1\n", 2, "neither a version nor a table"),
        ("Cargo.toml", "[dependencies]\na.workspace = true\n", 2, "inherited from a workspace"),
        ("Cargo.toml", "[patch.crates-io]\na = { path = 'a' }\n", 1, "is not followed"),
        ("Cargo.toml", "dependencies = 1\n", None, "no mapping"),
        ("Pipfile", "[packages]\na = 1\n", 2, "neither a version nor a table"),
        ("a.versions.toml", "[libraries]\na = { module = 'g:a', version.ref = 'x' }\n", 2, "does not have"),
        ("a.versions.toml", "[libraries]\na = 'g'\n", 2, "no group and name"),
        ("a.versions.toml", "[plugins]\na = { version = '1' }\n", 2, "no id"),
        ("Gemfile", "\ngem name\n", 2, "name of a gem is computed"),
        ("Gemfile", "gem 'a', version\n", 1, "version of 'a' is computed"),
        ("Gemfile", 'gem "a", "~> #{version}"\n', 1, "version of 'a' is computed"),
        ("Gemfile", "gem 'a', git: address\n", 1, "comes from is computed"),
        ("Gemfile", "gemspec\n", 1, "a gemspec beside it"),
        ("Gemfile", "eval_gemfile 'other'\n", 1, "code that is not executed"),
        ("Gemfile", "%w[a b].each do |x|\n  gem x\nend\n", 1, "code that is not executed"),
        ("Gemfile", "group name do\n  gem 'a'\nend\n", 1, "group is computed"),
    ],
)
def test_what_is_not_read_is_said(path: str, text: str, line: int | None, why: str) -> None:
    own = told(path, text).unread[0]
    assert own.line == line
    assert why in own.why


@pytest.mark.parametrize(
    ("path", "text", "lock"),
    [
        ("a/Cargo.toml", "[patch.crates-io]\na = { path = 'a' }\n", "Cargo.lock"),
        ("a/Gemfile", "gemspec\ngem name\n", "a/Gemfile.lock"),
    ],
)
def test_what_a_lock_file_answers_is_no_gap(path: str, text: str, lock: str) -> None:
    assert told(path, text).unread
    assert told(path, text, {lock: b""}).unread == ()


def test_a_workspace_hands_on_where_it_says_so_and_not_beyond_the_tree() -> None:
    member = "[package]\nworkspace = '../root'\n[dependencies]\na = { workspace = true, optional = true }\n"
    root = b"[workspace.dependencies]\na = { git = 'https://example.com/a', rev = '01' }\n"
    (own,) = told("m/Cargo.toml", member, {"root/Cargo.toml": root}).components
    assert (own.declared, own.source, own.scope) == ("01", "git", "optional")
    assert told("m/Cargo.toml", member.replace("../root", "../../etc"), {"../etc/Cargo.toml": root}).unread
    assert told("m/Cargo.toml", member, {"root/Cargo.toml": b"[["}).unread
