"""What lies beside a manifest or above it."""

from asbuilt.supply.beside import MOST_FOLDERS, folders_above, is_locked


def test_folders_are_told_from_the_nearest_to_the_top() -> None:
    assert list(folders_above("a/b/c")) == ["a/b", "a", ""]
    assert list(folders_above("c")) == [""]
    assert len(list(folders_above("a/" * 1_000 + "c"))) == MOST_FOLDERS


def test_a_lock_file_beside_or_above_locks() -> None:
    files = {"a/x.lock": b""}
    assert is_locked("a/b/manifest", ("y.lock", "x.lock"), files.get)
    assert is_locked("a/manifest", ("x.lock",), files.get)
    assert not is_locked("manifest", ("x.lock",), files.get)
    assert not is_locked("a/manifest", ("y.lock",), files.get)
