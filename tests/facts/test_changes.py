"""Rows of the changes table: columns, three values, and what git alone can say."""

from datetime import datetime
from typing import Any

import pytest

from asbuilt.facts.ai_tools import ai_tool_facts
from asbuilt.facts.chains import build_chain
from asbuilt.facts.changes import FORGE_ONLY, change_facts
from asbuilt.facts.schemas import TABLES, Table
from asbuilt.model.attribution import Attribution, Authorship
from asbuilt.model.change import Change, Landing, Mention
from asbuilt.model.inspection import ToolTotal
from tests.facts.making import BEN, BOT, CEM, MADE, attribution, change, is_bot, name, review, same, single

TYPES: dict[str, type] = {"text": str, "bool": bool, "int": int, "timestamp": datetime, "text[]": list}


def check(table: Table, row: dict[str, Any]) -> None:
    """A row has the columns that are declared, in order, each of its type, NULL only where allowed."""
    assert list(row) == [column.name for column in table.columns]
    for column in table.columns:
        value = row[column.name]
        if value is None:
            assert column.nullable, column.name
        else:
            assert type(value) is TYPES[column.type], column.name


def row_of(
    made: Change, known: dict[str, Attribution] | None = None, *, recorded_in: str = "forge"
) -> dict[str, Any]:
    chain = build_chain(
        made, commits=MADE, attributions=known or {}, replay=None, same_person=same, is_bot=is_bot, forge=None,
        forge_project=None, recorded_in=recorded_in,
    )  # fmt: skip
    (row,) = change_facts(
        [made],
        {made.id: chain},
        known or {},
        same_person=same,
        is_bot=is_bot,
        recorded_in=recorded_in,
        commits=MADE,
    )
    check(TABLES["changes"], row)
    return row


def test_a_plain_merge_says_what_git_says_and_leaves_the_rest_open() -> None:
    row = row_of(change())
    assert row["came_by_pull_request"] is True
    assert row["author"] == "Ben Berg <ben@example.com>"
    open_columns = {name_ for name_, value in row.items() if value is None}
    assert open_columns == {
        "independent_human_approvals", "approvals_given", "approved_at", "approval_covers_merged", "checks_succeeded",
        "request_mentions", "after_reviewed", "after_review_business_days", "ai_tool_named", "guarded_owner_approved",
        *FORGE_ONLY,
    }  # fmt: skip


@pytest.mark.parametrize("landing", [Landing.DIRECT, Landing.BOT, Landing.MERGE, Landing.SQUASH, Landing.INITIAL])
def test_no_number_is_not_known_and_never_no(landing: Landing) -> None:
    assert row_of(single(landing=landing, number=None, number_basis=None))["came_by_pull_request"] is None


@pytest.mark.parametrize(
    ("reviews", "recorded_in", "approvals", "reasons"),
    [
        ((), "forge", None, []),
        ((), "commits", 0, []),
        ((review(CEM),), "forge", 1, []),
        ((review(BEN),), "forge", 0, ["author"]),
        ((review(BOT),), "forge", None, ["bot"]),
        ((review(BOT),), "commits", 0, ["bot"]),
        ((review(CEM, where="a"),), "forge", None, ["covers-part"]),
        ((review(CEM, where="a"),), "commits", 0, ["covers-part"]),
    ],
)
def test_approvals(
    reviews: tuple[Mention, ...], recorded_in: str, approvals: int | None, reasons: list[str]
) -> None:
    row = row_of(change(reviews=reviews), recorded_in=recorded_in)
    assert (row["independent_human_approvals"], row["approvals_rejected_for"]) == (approvals, reasons)


def test_requests_are_counted_without_other_pull_requests() -> None:
    mentions = (Mention("issue", "#1", name("a")), Mention("pull-request", "#2", name("a")))
    assert row_of(change(requests=mentions))["request_mentions"] == 1
    assert row_of(change(requests=mentions[1:]))["request_mentions"] is None


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({}, ("unknown", False, None, False)),
        ({"a": Authorship.AI_DECLARED}, ("ai-declared", False, True, False)),
        ({"a": Authorship.AI_TRACKED, "b": Authorship.HUMAN_TRACKED}, ("ai-tracked", False, True, False)),
        ({"a": Authorship.AUTOMATION}, ("unknown", False, None, False)),
        ({"a": Authorship.AUTOMATION, "b": Authorship.AUTOMATION}, ("automation", True, None, False)),
        ({"a": Authorship.HUMAN_TRACKED, "b": Authorship.HUMAN_TRACKED}, ("human-tracked", False, None, False)),
        ({"m": Authorship.AI_DECLARED}, ("unknown", False, None, False)),
    ],
)
def test_attribution(known: dict[str, Authorship], expected: tuple[Any, ...]) -> None:
    row = row_of(change(), {name(at): attribution(at, kind) for at, kind in known.items()})
    columns = ("attribution", "automation_only", "ai_tool_named", "attribution_conflict")
    assert tuple(row[column] for column in columns) == expected


def test_ai_without_a_name_is_told_from_no_ai() -> None:
    row = row_of(single(), {name("a"): attribution("a", Authorship.AI_DECLARED, tool=None)})
    assert row["ai_tool_named"] is False


def test_guarded_paths_and_emergency_and_import() -> None:
    row = row_of(single(guarded=("CODEOWNERS",), emergency=True, landing=Landing.INITIAL))
    assert row["touches_guarded_paths"] is True
    assert row["guarded_paths"] == ["CODEOWNERS"]
    assert row["emergency"] is True
    assert row["is_initial_import"] is True


def test_ai_tools_approved_only_where_an_inventory_is_declared() -> None:
    seen = ToolTotal("claude_code", "Claude Code", "Anthropic", 3, 40, 1_600_000_000, 1_700_000_000)
    only = ToolTotal("cursor", "Cursor", "Anysphere", 0, 0, None, None, (".cursorrules",))
    rows = ai_tool_facts((seen, only), frozenset({"claude_code"}))
    for row in rows:
        check(TABLES["ai_tools"], row)
    assert [(row["observed"], row["configured"], row["approved"]) for row in rows] == [
        (True, False, True),
        (False, True, False),
    ]
    assert [row["approved"] for row in ai_tool_facts((seen, only), None)] == [None, None]
