"""Exports in folders: what is read, in which order, what it covers, and what is left out by name."""

import os
from pathlib import Path
from typing import Any

import pytest

from asbuilt.model.errors import SourceError, UsageError
from asbuilt.model.inspection import Gap
from asbuilt.sources.github import export
from asbuilt.sources.github.export import BLIND, BLIND_CODE, ExportSource, FolderTree, refusal
from asbuilt.sources.steps import Expected, Listed, Page, Source, Step
from tests.exports import MADE, REPOSITORY, request, write_export

NOW = 1_800_000_000
MADE_AT = 1_773_993_609
FIRST = 1_772_442_000  # 2026-03-02T09:00:00Z


def steps(folder: Path, now: int = NOW) -> list[Step]:
    """What the source yields for a folder."""
    source: Source = ExportSource(FolderTree(folder), REPOSITORY, now=now)
    assert source.name == "export:acme/shop"
    return [step for step in source.pull({}) if not isinstance(step, Expected)]


def listed(found: list[Step]) -> Listed:
    """The one listing."""
    (only,) = (step for step in found if isinstance(step, Listed))
    return only


def faults(found: list[Step]) -> list[tuple[str | None, str]]:
    """What was not read: where, and why."""
    return [(step.path, step.why) for step in found if isinstance(step, Gap) and step.code != BLIND_CODE]


def test_pages_come_by_number_requests_first_and_all_is_covered(tmp_path: Path) -> None:
    write_export(tmp_path, request(10), request(2), request(9))
    found = steps(tmp_path)
    pages = [step for step in found if isinstance(step, Page)]
    assert [(page.name, page.key) for page in pages] == [
        ("export/pull", "2"),
        ("export/pull", "9"),
        ("export/pull", "10"),
        ("export/issue", "99"),
    ]
    assert {page.observed for page in pages} == {MADE_AT}
    assert pages[0].body == (tmp_path / "pulls" / "2.json").read_bytes()
    assert [page.listing for page in pages] == ["export"] * 3 + [None]
    assert listed(found).covers == (FIRST, MADE_AT)
    assert listed(found).complete
    assert listed(found).part == REPOSITORY
    assert [step for step in found if isinstance(step, Gap)][: len(BLIND)] == list(BLIND)


@pytest.mark.parametrize(
    "state",
    [
        {"last_backup": None},
        {"last_backup": "soon"},
        {"last_backup": 5},
        {"last_backup": "2026-03-20T08:00:09+02:00"},
    ],
)
def test_without_a_date_of_its_own_it_holds_what_it_held_when_something_last_changed(
    tmp_path: Path, state: dict[str, Any]
) -> None:
    write_export(tmp_path, request(2), request(9), state=state)
    assert listed(steps(tmp_path)).covers == (FIRST, 1_773_061_200)  # 2026-03-09T13:00:00Z
    (tmp_path / "state.json").write_bytes(b"[" * 100_000)
    assert listed(steps(tmp_path)).covers == (FIRST, 1_773_061_200)
    (tmp_path / "state.json").unlink()
    assert listed(steps(tmp_path)).covers == (FIRST, 1_773_061_200)


def test_nothing_was_taken_in_the_future(tmp_path: Path) -> None:
    write_export(tmp_path, request(2), state={"last_backup": "2999-01-01T00:00:00Z"})
    assert listed(steps(tmp_path, now=FIRST + 5)).covers == (FIRST, FIRST + 5)
    assert MADE.startswith("2026")


def test_links_odd_names_and_folders_are_named_and_not_read(tmp_path: Path) -> None:
    folder = write_export(tmp_path / "export", request(2), request(3))
    secret = tmp_path / "secret.json"
    secret.write_text("{}")
    (folder / "pulls" / "4.json").symlink_to(secret)
    (folder / "pulls" / "5.json").mkdir()
    os.mkfifo(folder / "pulls" / "6.json")
    for name in ("007.json", "8.JSON", "9.json.bak", "\x1b[2J.json", "-1.json", "1٢.json"):
        (folder / "pulls" / name).write_text("{}")
    found = steps(folder)
    assert [page.key for page in found if isinstance(page, Page)] == ["2", "3", "99"]
    assert dict(faults(found)) == {
        "pulls/4.json": "It is a link.",
        "pulls/5.json": "It is no file.",
        "pulls/6.json": "It is no file.",
        **dict.fromkeys(
            (
                "pulls/007.json",
                "pulls/8.JSON",
                "pulls/9.json.bak",
                "pulls/\\x1b[2J.json",
                "pulls/-1.json",
                "pulls/1٢.json",
            ),
            "Its name is no NUMBER.json.",
        ),
    }
    assert not listed(found).complete


def test_a_folder_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    other = write_export(tmp_path / "other", request(2))
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "pulls").symlink_to(other / "pulls")
    with pytest.raises(UsageError, match="no export"):
        steps(folder)


def test_a_file_that_is_too_large_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_export(tmp_path, request(2), request(3))
    monkeypatch.setattr(export, "LARGEST_FILE", 4000)
    (tmp_path / "pulls" / "3.json").write_bytes(b" " * 4001)
    found = steps(tmp_path)
    assert faults(found) == [("pulls/3.json", "It has 4,001 bytes or more, and at most 4,000 are read.")]
    assert not listed(found).complete
    assert refusal(0o100644, 4000) is None


def test_a_file_that_goes_away_or_becomes_a_link_meanwhile_is_named(tmp_path: Path) -> None:
    folder = write_export(tmp_path / "export", request(2), request(3))
    tree = FolderTree(folder)
    entries = sorted(entry for entry in tree.entries() if entry.path.startswith("pulls"))
    (folder / "pulls" / "2.json").unlink()
    (folder / "pulls" / "2.json").symlink_to(folder / "pulls" / "3.json")
    (folder / "pulls" / "3.json").unlink()
    assert [content.body for content in tree.read(entries)] == [None, None]


def test_what_its_maker_could_not_get_leaves_it_incomplete(tmp_path: Path) -> None:
    write_export(tmp_path, request(2), state={"failed_pulls": [3, 4], "failed_issues": [5]})
    found = steps(tmp_path)
    assert [path for path, _ in faults(found)] == ["pulls", "issues"]
    assert not listed(found).complete
    write_export(tmp_path, request(2), state={"failed_issues": [5]})
    assert listed(steps(tmp_path)).complete


def test_an_issue_that_cannot_be_read_takes_nothing_from_the_requests(tmp_path: Path) -> None:
    write_export(tmp_path, request(2))
    (tmp_path / "issues" / "x.json").write_text("{}")
    found = steps(tmp_path)
    assert len(faults(found)) == 1
    assert listed(found).complete


def test_a_request_without_a_date_is_passed_over_for_the_beginning(tmp_path: Path) -> None:
    odd = request(2)
    odd["pull"]["created_at"] = None
    write_export(tmp_path, odd, request(3))
    assert listed(steps(tmp_path)).covers == (FIRST + 86_400, MADE_AT)


def test_nothing_of_the_layout_is_no_export(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no export"):
        steps(tmp_path)
    write_export(tmp_path)
    with pytest.raises(UsageError, match="no export"):
        steps(tmp_path)


def test_too_many_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_export(tmp_path, request(2), request(3))
    monkeypatch.setattr(export, "MOST_FILES", 2)
    with pytest.raises(SourceError, match="3 files"):
        steps(tmp_path)


def test_the_identity_changes_with_every_byte_and_name(tmp_path: Path) -> None:
    tree = FolderTree(write_export(tmp_path, request(2)))
    seen = {tree.identity(), tree.identity()}
    assert len(seen) == 1
    (tmp_path / "pulls" / "2.json").write_text("{} ")
    seen.add(tree.identity())
    (tmp_path / "pulls" / "2.json").rename(tmp_path / "pulls" / "3.json")
    seen.add(tree.identity())
    (tmp_path / "pulls" / "4.json").symlink_to("3.json")
    seen.add(tree.identity())
    assert len(seen) == 4


def test_numbers_that_no_file_has_are_counted_and_some_are_named(tmp_path: Path) -> None:
    write_export(tmp_path, request(1), request(3))
    gap = next(step for step in steps(tmp_path) if isinstance(step, Gap) and step.path == "numbers")
    assert gap.what.startswith(
        "96 numbers below 99 are neither in pulls nor in issues: 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, …"
    )
    assert gap.count == 96
    (tmp_path / "issues" / "99.json").unlink()
    (tmp_path / "pulls" / "2.json").symlink_to("1.json")  # not read, and named as such
    assert [step.path for step in steps(tmp_path) if isinstance(step, Gap) and step.path == "numbers"] == []
    (tmp_path / "issues" / "9999999999.json").write_text("{}")
    gap = next(step for step in steps(tmp_path) if isinstance(step, Gap) and step.path == "numbers")
    assert gap.count == 9_999_999_995
