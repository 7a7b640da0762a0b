"""Each reader on a small file of its kind: what it names, where, where from and for what; and hostile bytes."""

import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asbuilt.model.component import Component
from asbuilt.supply.gathering import Reading
from asbuilt.supply.reading import list_readers, read_file, reader_of
from tests.supply.lock_files import FILES, TREE


def none(_: str) -> bytes | None:
    return None


def tree(path: str) -> bytes | None:
    told = TREE.get(path) or FILES.get(path, (None,))[0]
    return told.encode() if told is not None else None


def shown(own: Component) -> tuple[Any, ...]:
    return own.name, own.version or f"? {own.declared}", own.line, own.source, own.scope


@pytest.mark.parametrize("path", FILES)
def test_a_file_names_these_components(path: str) -> None:
    text, expected = FILES[path]
    reading = read_file(text.encode(), path, tree)
    assert [shown(own) for own in reading.components if own.path == path] == expected
    assert reading.unread == ()
    assert {own.path for own in reading.components} <= {path, *TREE}


@pytest.mark.parametrize(
    "entry", ["resolution: 5", "resolution: {integrity: 5}", "resolution: {type: git, commit: 1}", "dev: true"]
)
def test_a_file_that_is_read_again_says_the_same_again(entry: str) -> None:
    text = f"lockfileVersion: '6.0'\npackages:\n\n  /a@1.0.0:\n    {entry}\n\n  b:\n    {entry}\n"
    first = read_file(text.encode(), "pnpm-lock.yaml", none)
    assert first == read_file(text.encode(), "pnpm-lock.yaml", none)
    assert first.unread


def test_every_reader_has_a_sample() -> None:
    assert {reader_of(path) for path in FILES} == set(list_readers())


@pytest.mark.parametrize("path", FILES)
def test_line_ends_of_windows_and_a_mark_change_nothing(path: str) -> None:
    text, expected = FILES[path]
    told = b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()
    assert [shown(own) for own in read_file(told, path, tree).components if own.path == path] == expected


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("package-lock.json", '{"lockfileVersion": 4, "packages": {}}'),
        ("pnpm-lock.yaml", "lockfileVersion: '10.0'\npackages: {}\n"),
        ("yarn.lock", '__metadata:\n  version: 99\n\n"a@npm:1":\n  version: 1.0.0\n  resolution: "a@npm:1.0.0"\n'),
        ("yarn.lock", "some: thing\nelse: here\n"),
        ("bun.lock", '{"lockfileVersion": 9, "packages": {}}'),
        ("bun.lockb", "#!/usr/bin/env bun\nbun-lockfile-format-v0\n\x00\x01"),
        ("Pipfile.lock", '{"_meta": {"pipfile-spec": 7}, "default": {}}'),
        ("poetry.lock", '[metadata]\nlock-version = "3.0"\n'),
        ("pdm.lock", '[metadata]\nlock_version = "9.0"\n'),
        ("uv.lock", "version = 2\n"),
        ("pylock.toml", 'lock-version = "2.0"\n'),
        ("Cargo.lock", "version = 5\n"),
        ("packages.lock.json", '{"version": 3, "dependencies": {}}'),
    ],
)
def test_an_unknown_version_is_said_and_not_guessed(path: str, text: str) -> None:
    reading = read_file(text.encode(), path, none)
    assert reading.components == ()
    (unread,) = reading.unread
    assert unread.path == path
    assert "known" in unread.why or "binary" in unread.why


@pytest.mark.parametrize("path", FILES)
def test_something_else_under_that_name_is_said(path: str) -> None:
    other = b"\x80\xfe no text" if "ockerfile" in path or path.endswith((".txt", "gradle.lockfile")) else b"[[<\x00"
    assert read_file(other, path, none).unread


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("package-lock.json", '{"packages":' * 50_000),
        ("package-lock.json", '{"lockfileVersion": 1, "dependencies": ' + '{"a": {"version": "1", "dependencies": ' * 200 + "{}" + "}}" * 200 + "}"),
        ("pnpm-lock.yaml", "a: &a [1]\nb: [*a, *a]\n"),
        ("pnpm-lock.yaml", "[" * 5_000),
        ("poetry.lock", "a = " + "[" * 20_000),
        ("pom.xml", '<!DOCTYPE a [<!ENTITY x "y"><!ENTITY z "&x;&x;">]><project>&z;</project>'),
        ("pom.xml", "<project>" * 10_000),
        ("packages.config", '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><packages>&x;</packages>'),
    ],
)  # fmt: skip
def test_a_bomb_is_refused_quickly(path: str, text: str) -> None:
    reading = read_file(text.encode(), path, none)
    assert reading.unread
    assert len(reading.components) < 100


PATHS = sorted({*FILES, "bun.lockb"})


@given(st.sampled_from(PATHS), st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(path: str, data: bytes) -> None:
    assert isinstance(read_file(data, path, none), Reading)


@given(st.sampled_from(sorted(FILES)), st.data())
@settings(max_examples=300)
def test_a_damaged_file_is_read_or_refused(path: str, data: st.DataObject) -> None:
    text = FILES[path][0].encode()
    begin = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(begin, min(len(text), begin + 40)))
    put = data.draw(
        st.one_of(
            st.binary(max_size=8), st.sampled_from([b"{", b"[", b'"', b"1", b"null", b"\n", b": ", b"@", b"\0"])
        )
    )
    reading = read_file(text[:begin] + put + text[end:], path, tree)
    assert all(own.purl.startswith("pkg:") and own.name for own in reading.components)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 5) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "version", "resolved", "a", "", "node_modules/a", "license", "source", "dist", "dependencies"]), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@given(st.sampled_from(["package-lock.json", "bun.lock", "Pipfile.lock", "composer.lock", "packages.lock.json", "pnpm-lock.yaml"]), st.sampled_from(["packages", "dependencies", "default", "packages-dev", "snapshots", "importers"]), JSON)  # fmt: skip
def test_values_of_the_wrong_kind_are_refused(path: str, section: str, value: Any) -> None:
    for version in (0, 1, 2, 3, "9.0", value):
        told = {"lockfileVersion": version, "version": version, section: value}
        assert isinstance(read_file(json.dumps(told).encode(), path, none), Reading)


def test_what_git_names_is_no_package_of_a_registry() -> None:
    found = [own for path in FILES for own in read_file(FILES[path][0].encode(), path, tree).components]
    assert {own.source for own in found} == {"registry", "git", "url", "file", "workspace"}
    assert all("vcs_url=" in own.purl for own in found if own.source == "git")


def test_hashes_and_licences_come_with_the_component() -> None:
    (first, *_) = read_file(FILES["package-lock.json"][0].encode(), "package-lock.json", none).components
    assert (first.hashes, first.licence, first.direct) == (("sha512:AAAA",), "MIT", True)
    (first, *_) = read_file(FILES["composer.lock"][0].encode(), "composer.lock", none).components
    assert first.licence == "MIT OR GPL-2.0-only"


def test_an_included_file_that_is_not_there_is_said() -> None:
    reading = read_file(
        b"-r other.txt\n-r ../../etc/passwd\n-r https://example.com/a.txt\n", "requirements.txt", none
    )
    assert [(each.line, "not in the tree" in each.why or "outside" in each.why) for each in reading.unread] == [
        (3, True),
        (1, True),
        (2, True),
    ]


def test_a_file_for_an_old_go_says_that_it_is_not_whole() -> None:
    (unread,) = read_file(b"module a\ngo 1.16\nrequire b.example/c v1.0.0\n", "go.mod", none).unread
    assert unread.line == 2
    assert "indirectly" in unread.why


def test_a_version_without_its_property_is_said() -> None:
    text = b"<project><dependencies><dependency><groupId>g</groupId><artifactId>a</artifactId><version>${x}</version></dependency></dependencies></project>"
    reading = read_file(text, "pom.xml", none)
    assert reading.components[0].version is None
    assert "property" in reading.unread[0].why


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("bun.lock", "{" + "/* " * 100_000),
        ("package-lock.json", '"' * 300_000),
        ("package-lock.json", '{"lockfileVersion": 3, "packages": {"node_modules/a": {"version": "1", "resolved": "h' + "/-/a" * 100_000 + '"}}}'),
        ("requirements.txt", "a" + "==1," * 30_000),
        ("pyproject.toml", "[project]\ndependencies = [" + ",".join(f'"a{number}"' for number in range(20_000)) + "]"),
        ("pom.xml", "<project><dependencies><dependency><groupId>" + "${" * 100_000 + "</groupId></dependency></dependencies></project>"),
    ],
)  # fmt: skip
def test_what_is_long_is_read_in_one_pass(path: str, text: str) -> None:
    begun = time.process_time()
    read_file(text.encode(), path, none)
    assert time.process_time() - begun < 5


@given(st.text(st.sampled_from("a#\\ \n\n\r\x0b\x85\0-r="), max_size=24))
def test_logical_lines_of_requirements_are_those_of_the_plain_way(text: str) -> None:
    module = list_readers()["requirements"]
    assert list(module._rows(text)) == list(module._rows_of(text, 1))
