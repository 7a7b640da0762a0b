"""Which reader reads which file, and what becomes of what is not read."""

from collections.abc import Callable

import pytest

from asbuilt.supply.reading import LARGEST, MOST_FILES, TreeFile, list_readers, read_file, read_tree, reader_of
from tests.supply.lock_files import FILES


def file(path: str, text: str = "", size: int | None = None) -> TreeFile:
    load: Callable[[], bytes] = text.encode
    return path, len(text) if size is None else size, load


@pytest.mark.parametrize(
    ("path", "reader"),
    [
        ("package-lock.json", "npm"),
        ("a/b/package-lock.json", "npm"),
        ("my-package-lock.json", None),
        ("a/requirements-dev.txt", "requirements"),
        ("requirements/base.txt", "requirements"),
        ("a/requirements/base.txt", "requirements"),
        ("notes/base.txt", None),
        (".github/workflows/ci.yml", "actions"),
        ("a/.github/workflows/ci.yml", "actions"),
        ("workflows/ci.yml", None),
        ("a/action.yml", "actions"),
        ("App.csproj", "csproj"),
        ("api.Dockerfile", "dockerfile"),
        ("buildscript-gradle.lockfile", "gradle"),
        ("go.sum", None),
        ("README.md", None),
    ],
)
def test_a_file_is_read_by_its_name(path: str, reader: str | None) -> None:
    assert reader_of(path) == reader


def test_readers_are_found_by_listing_and_say_what_they_read() -> None:
    assert len(list_readers()) >= 20
    assert all(module.READS and callable(module.read) for module in list_readers().values())


def test_what_is_not_read_is_said() -> None:
    tree = [
        file("Podfile.lock", "PODS:"),
        file("package-lock.json", size=LARGEST + 1),
        file("web/bun.lockb", "x"),
        file("src/main.py", "import os"),
    ]
    told = read_tree(tree)
    assert told.components == ()
    assert [(each.path, each.why.split(" ")[-3]) for each in told.unread] == [
        ("Podfile.lock", "are"),
        ("package-lock.json", "bytes;"),
        ("web/bun.lockb", "which"),
    ] or {each.path for each in told.unread} == {"Podfile.lock", "package-lock.json", "web/bun.lockb"}
    assert told.files == ("web/bun.lockb",)


def test_a_file_that_cannot_be_opened_is_said() -> None:
    def refuse() -> bytes:
        raise PermissionError(13, "Permission denied")

    (unread,) = read_tree([("go.mod", 10, refuse)]).unread
    assert "Permission denied" in unread.why


def test_installed_packages_are_no_files_of_the_product() -> None:
    assert (
        read_tree([file("node_modules/a/package-lock.json", "{"), file("vendor/a/go.mod", "nonsense")]).files == ()
    )


def test_an_included_file_is_read_once_and_names_itself() -> None:
    tree = [
        file("requirements.txt", "-r base.txt\na==1\n"),
        file("base.txt", "b==2\n"),
        file("requirements-dev.txt", "-r requirements.txt\nc==3\n"),
    ]
    told = read_tree(tree)
    assert [(own.path, own.name) for own in told.components] == [
        ("base.txt", "b"),
        ("requirements-dev.txt", "c"),
        ("requirements.txt", "a"),
    ]


def test_too_many_files_are_said() -> None:
    told = read_tree(file(f"{number}/mix.lock", "%{}") for number in range(MOST_FILES + 1))
    assert [each.path for each in told.unread] == ["9999/mix.lock"]


def test_a_manifest_that_is_not_read_needs_a_lock_file_beside_or_above_it() -> None:
    tree = [
        file("app/setup.py"),
        file("lib/sub/setup.py"),
        file("lib/uv.lock", "version = 1\n"),
        file("app/build.gradle"),
    ]
    assert [(each.path, each.remedy) for each in read_tree(tree).unread] == [
        ("app/setup.py", "Commit requirements.txt.")
    ]


@pytest.mark.parametrize("path", [path for path in FILES if not path.endswith(".xml")])
def test_a_file_with_a_conflict_in_it_names_nothing(path: str) -> None:
    text = FILES[path][0]
    rows = text.splitlines(keepends=True)
    half = len(rows) // 2
    told = "".join([*rows[:half], "<<<<<<< HEAD\n", *rows[half:], "=======\n", *rows[half:], ">>>>>>> other\n"])
    reading = read_file(told.encode(), path, lambda _: None)
    assert reading.components == ()
    assert [(own.line, own.why.partition(":")[0]) for own in reading.unread] == [
        (half + 1, "A conflict of a merge stands in it")
    ]


@pytest.mark.parametrize("path", FILES)
def test_a_pointer_of_git_lfs_is_no_file(path: str) -> None:
    told = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'ab' * 32}\nsize 12345\n"
    reading = read_file(told.encode(), path, lambda _: None)
    assert reading.components == ()
    assert [own.why for own in reading.unread] == ["It is kept in Git LFS: only a pointer to it is here."]


def test_marks_of_a_conflict_that_are_none_are_let_be() -> None:
    text = "# ======= \na==1 # <<<<<<< HEAD\n# >>>>>>> x\n"
    assert [own.name for own in read_file(text.encode(), "requirements.txt", lambda _: None).components] == ["a"]


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("Package.json", "But for the case of letters it is called package.json: tools may read it, or not."),
        ("a/cargo.lock", "But for the case of letters it is called Cargo.lock: tools may read it, or not."),
        ("gemfile", "But for the case of letters it is called Gemfile: tools may read it, or not."),
        ("Podfile.Lock", "But for the case of letters it is called Podfile.lock: tools may read it, or not."),
    ],
)
def test_a_name_in_other_letters_is_said(path: str, why: str) -> None:
    assert [(own.path, own.why) for own in read_tree([file(path, "{}")]).unread] == [(path, why)]


@pytest.mark.parametrize("path", ["Requirements.txt", "REQUIREMENTS-dev.txt"])
def test_requirements_are_read_in_the_letters_that_pip_is_given(path: str) -> None:
    assert [own.name for own in read_tree([file(path, "a==1\n")]).components] == ["a"]


def test_what_was_copied_in_is_said_where_nothing_beside_it_names_it() -> None:
    copies = [
        file("node_modules/a/package.json", "{}"),
        file("node_modules/a/node_modules/b/package.json", "{}"),
        file("web/vendor/c/composer.json", "{}"),
        file("go/vendor/d/go.mod", ""),
        file("assets/vendor/jquery.js", ""),
        file(".git/package.json", ""),
    ]
    told = read_tree([*copies, file("go/go.mod", "module x\n\ngo 1.22\n")])
    assert [(own.path, own.why.partition(": ")[2]) for own in told.unread] == [
        ("node_modules", "2 files of dependencies in it are not read."),
        ("web/vendor", "1 file of dependencies in it is not read."),
    ]


def test_locks_side_by_side_are_both_told() -> None:
    npm = '{"lockfileVersion": 3, "packages": {"node_modules/a": {"version": "1.0.0"}}}'
    yarn = '# yarn lockfile v1\n\n\na@^1:\n  version "1.0.1"\n'
    told = read_tree([file("package-lock.json", npm), file("yarn.lock", yarn)])
    assert [(own.path, own.version) for own in told.components] == [
        ("package-lock.json", "1.0.0"),
        ("yarn.lock", "1.0.1"),
    ]
    assert told.unread == ()


WORKSPACES = {
    "package-lock.json": (
        """{"lockfileVersion": 3, "packages": {
            "": {"workspaces": ["packages/*"], "devDependencies": {"t": "1"}},
            "packages/own": {"version": "0.1.0", "dependencies": {"a": "1", "b": "2", "gone": "1"}},
            "node_modules/own": {"resolved": "packages/own", "link": true},
            "node_modules/a": {"version": "1.0.0"}, "node_modules/b": {"version": "1.0.0"},
            "packages/own/node_modules/b": {"version": "2.0.0"}, "node_modules/t": {"version": "1.0.0"}}}""",
        {("own", "workspace", True), ("a", "registry", True), ("b", "registry", False), ("b", "registry", True)}
        | {("t", "registry", True)},
    ),
    "pnpm-lock.yaml": (
        (
            "lockfileVersion: '9.0'\nimporters:\n  .: {}\n  packages/own:\n    dependencies:\n      a:\n"
            "        specifier: ^1\n        version: 1.0.0\n      other:\n        specifier: workspace:*\n"
            "        version: link:../other\npackages:\n  a@1.0.0: {}\n  b@1.0.0: {}\nsnapshots:\n"
            "  a@1.0.0:\n    dependencies:\n      b: 1.0.0\n  b@1.0.0: {}\n"
        ),
        {("a", "registry", None), ("b", "registry", False)},
    ),
    "yarn.lock": (
        (
            "__metadata:\n  version: 8\n\n'own@workspace:packages/own':\n  version: 0.0.0-use.local\n"
            "  resolution: 'own@workspace:packages/own'\n\n'a@npm:^1':\n  version: 1.0.0\n  resolution: 'a@npm:1.0.0'\n"
        ),
        {("own", "workspace", None), ("a", "registry", None)},
    ),
    "uv.lock": (
        (
            'version = 1\n\n[[package]]\nname = "root"\nversion = "1"\nsource = { virtual = "." }\n\n[[package]]\n'
            'name = "own"\nversion = "1"\nsource = { editable = "packages/own" }\ndependencies = [{ name = "a" }]\n\n'
            '[[package]]\nname = "a"\nversion = "1.0"\nsource = { registry = "https://example.com" }\n'
        ),
        {("own", "workspace", False), ("a", "registry", True)},
    ),
    "Cargo.lock": (
        (
            'version = 4\n\n[[package]]\nname = "own"\nversion = "0.1.0"\ndependencies = ["a"]\n\n[[package]]\n'
            'name = "a"\nversion = "1.0.0"\nsource = "registry+https://github.com/rust-lang/crates.io-index"\n'
        ),
        {("own", "workspace", None), ("a", "registry", None)},
    ),
    "go.mod": (
        (
            "module example.com/own\n\ngo 1.22\n\nrequire (\n\texample.com/other v0.0.0\n\texample.com/a v1.0.0\n)\n\n"
            "replace example.com/other => ../other\n"
        ),
        {("stdlib", "registry", True), ("example.com/other", "file", True), ("example.com/a", "registry", True)},
    ),
}


@pytest.mark.parametrize("path", WORKSPACES)
def test_parts_of_the_product_are_no_packages_and_what_they_ask_for_is_direct(path: str) -> None:
    text, expected = WORKSPACES[path]
    told = read_tree([file(path, text)])
    assert {(own.name, own.source, own.direct) for own in told.components} == expected
    assert told.unread == ()
