"""Which reader reads which file, and what becomes of what is not read."""

from collections.abc import Callable

import pytest

from asbuilt.supply.reading import LARGEST, MOST_FILES, TreeFile, list_readers, read_tree, reader_of


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
        file("app/build.gradle"),
        file("lib/Cargo.toml"),
        file("Cargo.lock", "version = 4\n"),
        file("java/sub/build.gradle.kts"),
        file("java/gradle/verification-metadata.xml", "<verification-metadata/>"),
    ]
    assert [(each.path, each.remedy) for each in read_tree(tree).unread] == [
        ("app/build.gradle", "Commit gradle.lockfile.")
    ]
