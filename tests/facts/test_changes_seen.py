"""Rows that git alone can tell: bounded, safe to show, and NULL where only a forge knows."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from asbuilt.facts.changes_seen import bounded, seen_change, seen_tools, written
from asbuilt.facts.recording.rows import RawRow, check_rows
from asbuilt.facts.schemas import TABLES
from asbuilt.model.attribution import Attribution, Authorship, Replay, SquashReplay
from asbuilt.model.change import Change, Landing
from asbuilt.model.commit import Commit, Person
from asbuilt.model.evidence import Problems
from asbuilt.model.inspection import ToolTotal

ANA, BEN, CY = Person("Ana", "ana@example.com"), Person("Ben", "ben@example.com"), Person("Cy", "cy@example.com")
HEAD, SQUASH = "b" * 40, "a" * 40
JUDGED: dict[str, Any] = {
    "change_id": SQUASH, "number": 7, "landing": "squash", "attribution": "ai-declared", "came_by_pull_request": True,
    "request_mentions": None, "emergency": False, "ai_tool_named": True, "attribution_conflict": False,
    "independent_human_approvals": None, "approvals_rejected_for": [],
}  # fmt: skip


def commit(own: str, author: Person) -> Commit:
    return Commit(own, (), "t" * 40, author, 1, author, 1, "x")


def row(replay: Replay = Replay.IDENTITY, **more: Any) -> dict[str, object]:
    fields: dict[str, Any] = {
        "id": SQUASH, "parent": None, "landing": Landing.SQUASH, "commits": (SQUASH,), "subject": "One\x1b[2J",
        "landed_at": 1_700_000_000, "authors": (ANA,), "landed_by": ANA,
    }  # fmt: skip
    return seen_change(
        Change(**(fields | more)),
        JUDGED,
        repository="o/n",
        attributions={HEAD: Attribution(HEAD, Authorship.AI_DECLARED, answers=CY)},
        commits={HEAD: commit(HEAD, BEN), SQUASH: commit(SQUASH, ANA)},
        replay=SquashReplay(SQUASH, 7, replay, head=HEAD, commits=(HEAD,)),
        touched=frozenset({"migrations"}),
    )


def test_everybody_who_had_a_part_is_a_participant() -> None:
    found = row()
    assert found["participants"] == ["Ana <ana@example.com>", "Cy <cy@example.com>", "Ben <ben@example.com>"]
    assert found["subject"] == "One\\x1b[2J"
    assert (found["touches_migrations"], found["touches_prompts"]) == (True, False)
    assert (found["stated_approvals"], found["stated_rejections"], found["guarded_paths"]) == (None, None, None)


def test_a_head_that_was_pushed_to_after_the_merge_is_not_what_was_merged() -> None:
    assert row(Replay.IDENTITY)["head_commit"] == HEAD
    assert row(Replay.RESIDUAL)["head_commit"] is None


@given(
    names=st.lists(st.text(max_size=400), min_size=1, max_size=40),
    subject=st.text(max_size=400),
    paths=st.lists(st.text(min_size=1, max_size=400), max_size=200),
)
def test_any_history_can_be_recorded(names: list[str], subject: str, paths: list[str]) -> None:
    people = tuple(Person(name, f"{number}@x") for number, name in enumerate(names))
    found = row(authors=people, subject=subject, guarded=tuple(path for path in paths if path.strip()))
    problems = Problems()
    check_rows(
        TABLES["changes_seen"], [RawRow(0, found)], name="g", observed=2_000_000_000, problems=problems, typed=True
    )
    problems.refuse()


def test_lists_are_bounded_and_say_how_much_is_left_out() -> None:
    assert bounded(["ab", "cd"], 10) == ["ab", "cd"]
    assert bounded(["ab", "cd", "ef"], 10) == ["ab", "cd", "(and 1 more)"]


def test_a_tool_in_history_and_one_that_is_only_configured() -> None:
    used = ToolTotal("t", "T", "V", 3, 5, 10, 20, configured=("AGENTS.md",), branch_commits=1)
    idle = ToolTotal("u", "U", "", 0, 0, None, None, configured=("u.toml",))
    assert seen_tools([used, idle], tip_at=30) == [
        {
            "tool": "t", "name": "T", "vendor": "V", "seen_in": "git", "seen_at": written(20),
            "first_seen_at": written(10), "commits": 4, "lines": 5,
        },
        {"tool": "t", "name": "T", "vendor": "V", "seen_in": "configuration", "seen_at": written(30)},
        {"tool": "u", "name": "U", "vendor": None, "seen_in": "configuration", "seen_at": written(30)},
    ]  # fmt: skip
