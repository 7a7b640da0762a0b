"""What the gate looks at of a change's content: which files differ, and what of them could not be read."""

from asbuilt.app.gate_content import is_code, touched_files, unread_gap
from asbuilt.model.component import Unread


def test_a_linked_repository_is_named_and_not_looked_into() -> None:
    raw = b":000000 160000 " + b"0" * 40 + b" " + b"a" * 40 + b" A\0vendored\0"
    (own,) = touched_files(raw)
    assert (own.path, own.before, own.after, own.is_link) == ("vendored", None, None, True)


def test_a_symbolic_link_is_no_file_to_search() -> None:
    raw = b":000000 120000 " + b"0" * 40 + b" " + b"a" * 40 + b" A\0link\0"
    (own,) = touched_files(raw)
    assert (own.after, own.is_link) == (None, False)


def test_what_cannot_be_read_is_one_gap_that_names_the_first() -> None:
    unread = [Unread(path="a.lock", why="It is no JSON."), Unread(path="b.lock", why="It is too long.")]
    gap = unread_gap(unread, "Not searched:")
    assert (gap.path, gap.count) == ("a.lock", 2)
    assert gap.what == "Not searched: a.lock: It is no JSON. And 1 more."


def test_code_is_told_by_its_name() -> None:
    assert is_code("app/Main.TSX")
    assert not is_code("notes.md")
