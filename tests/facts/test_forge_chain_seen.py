"""The chain that git stated when a history was recorded."""

from typing import Any

import pytest

from asbuilt.facts.forge_chain_seen import seen_chain
from asbuilt.model.chain import Grade, LinkName
from tests.facts.told import CHANGE, NOON, row

SYNC = "asbuilt sync github o/n"


def seen(**columns: Any) -> dict[str, Any]:
    usual = {
        "change_id": CHANGE, "subject": "Fix it", "author": "Ana Alves <ana@example.com>", "landed_at": NOON,
        "landing": "merge", "number": None, "attribution": "unknown", "attribution_conflict": False,
        "came_by_pull_request": None, "request_mentions": None, "stated_approvals": None, "stated_rejections": None,
    }  # fmt: skip
    return row(**(usual | columns))


@pytest.mark.parametrize(
    ("columns", "name", "grade"),
    [
        ({}, LinkName.REQUEST, Grade.UNKNOWN),
        ({"request_mentions": 2}, LinkName.REQUEST, Grade.STATED),
        ({}, LinkName.SUGGESTION, Grade.UNKNOWN),
        ({"attribution": "ai-tracked"}, LinkName.SUGGESTION, Grade.PROVED),
        ({"attribution": "ai-declared"}, LinkName.SUGGESTION, Grade.STATED),
        ({"attribution": "ai-declared", "attribution_conflict": True}, LinkName.SUGGESTION, Grade.CONTRADICTED),
        ({}, LinkName.COMMIT, Grade.STATED),
        ({}, LinkName.CHANGE, Grade.UNKNOWN),
        ({"number": 7}, LinkName.CHANGE, Grade.STATED),
        ({"came_by_pull_request": True}, LinkName.CHANGE, Grade.STATED),
        ({"landing": "initial"}, LinkName.CHANGE, Grade.STATED),
        ({}, LinkName.REVIEW, Grade.UNKNOWN),
        ({"stated_approvals": 1}, LinkName.REVIEW, Grade.STATED),
        ({"stated_approvals": 0}, LinkName.REVIEW, Grade.MISSING),
        ({"stated_approvals": 0, "stated_rejections": ["author"]}, LinkName.REVIEW, Grade.CONTRADICTED),
        ({"stated_rejections": ["covers-part"]}, LinkName.REVIEW, Grade.UNKNOWN),
        ({}, LinkName.CHECKS, Grade.UNKNOWN),
        ({}, LinkName.MERGE, Grade.STATED),
    ],
)
def test_links(columns: dict[str, Any], name: LinkName, grade: Grade) -> None:
    assert seen_chain(seen(**columns), SYNC).link(name).grade is grade


def test_all_ten_stand_in_order_and_what_git_does_not_hold_names_the_command() -> None:
    chain = seen_chain(seen(), SYNC)
    assert [link.name for link in chain.links] == list(LinkName)
    assert chain.link(LinkName.DEPLOYMENT).remedy == SYNC
    assert chain.link(LinkName.COMMIT).people[0].email == "ana@example.com"
    assert not chain.unbroken
