"""Manifests that are code or inherit: what is not read of them is said, and where a lock file answers it is not."""

import time
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
        ("Cargo.toml", "[dependencies]\na = { git = { b = 1 } }\n", 2, "git of 'a' is no text"),
        ("Pipfile", "[packages]\na = { version = 1 }\n", 2, "version of 'a' is no text"),
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
        ("mix.exs", "a\n", 1, "no project of Mix"),
        ("mix.exs", "defmodule A do\n def project, do: [deps: other()]\nend\n", 1, "computed: by 'other'"),
        ("mix.exs", "defmodule A do\n[deps: deps()]\ndefp deps, do: all() ++ more()\nend\n", 3, "is computed"),
        ("mix.exs", "defmodule A do\n[deps: [{:a, version()}]]\nend\n", 2, "version of 'a' is computed"),
        ("mix.exs", "defmodule A do\n[deps: [{:a, git: url()}]]\nend\n", 2, "comes from is computed"),
        ("mix.exs", "defmodule A do\n[deps: [{:a, only: envs()}]]\nend\n", 2, "What 'a' is for"),
        ("mix.exs", "defmodule A do\n[deps: [one()]]\nend\n", 2, "dependency is computed"),
        ("mix.exs", "defmodule A do\n[deps: [] ++ more()]\nend\n", 2, "added to the list"),
        ("build.gradle", 'dependencies {\n api "g:a:$v"\n}\n', 2, "version of 'g:a' is computed"),
        ("build.gradle", "dependencies {\n api group: 'g', name: 'a', version: v\n}\n", 2, "'g:a' is computed"),
        ("build.gradle", "dependencies {\n api group: g, name: 'a'\n}\n", 2, "group or the name"),
        ("build.gradle", "dependencies {\n api deps.a\n}\n", 2, "computed, or lies in files"),
        ("build.gradle", "dependencies {\n api files('a.jar')\n}\n", 2, "computed, or lies in files"),
        ("build.gradle", "dependencies {\n api libs.a\n}\n", 2, "catalogue that is not in this tree"),
        ("build.gradle", "dependencies {\n special()\n}\n", 2, "computed"),
        ("build.gradle", "apply from: 'other.gradle'\n", 1, "Another script"),
        ("build.gradle", "plugins {\n id 'a' version v\n}\n", 2, "version of the plugin 'a'"),
        ("build.gradle.kts", "plugins {\n id(name)\n}\n", 2, "plugin is computed"),
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
        ("a/mix.exs", "defmodule A do\n[deps: all()]\nend\n", "mix.lock"),
        ("a/build.gradle", "dependencies { api a }\n", "gradle/verification-metadata.xml"),
        ("a/build.gradle", "dependencies { api libs.a }\n", "gradle/libs.versions.toml"),
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


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("mix.exs", "defmodule A do\n" + "[deps: [" * 20_000),
        ("mix.exs", "defmodule A do\n" + "[deps: x]\n" * 20_000 + "def x do [" * 2_000),
        ("build.gradle", "dependencies {\n" * 20_000),
        ("build.gradle", "dependencies { api platform(" + "platform(" * 20_000),
        ("Gemfile", "group :a do\n" * 20_000),
        ("Gemfile", "gem " + "[" * 100_000),
        ("Cargo.toml", "[a]\n" + "a = 1\n" * 20_000),
        ("libs.versions.toml", "[" * 20_000),
    ],
)
def test_what_has_no_end_is_refused_quickly(path: str, text: str) -> None:
    begun = time.process_time()
    assert told(path, text).unread
    assert time.process_time() - begun < 5
