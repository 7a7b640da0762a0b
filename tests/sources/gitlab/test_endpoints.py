"""What is asked of GitLab."""

from asbuilt.app.sync_gitlab import check_project, plan_gitlab
from asbuilt.facts.forge import projectors
from asbuilt.facts.schemas import TABLES
from asbuilt.sources.gitlab.endpoints import load_endpoints, load_rights

BOUND = {"notes", "versions", "approvals", "commits", "pipelines", "approval_state"}
RULES = {"protected_branches", "approval_settings", "approval_rules", "push_rule"}


def test_each_is_read_by_a_projector_and_fills_tables_that_there_are() -> None:
    endpoints = load_endpoints()
    assert endpoints.keys() - BOUND - RULES <= projectors("gitlab").keys()
    assert {table for each in endpoints.values() for table in each.tables} <= TABLES.keys()
    assert {each.permission for each in endpoints.values()} == set(load_rights())


def test_what_a_plan_opens_is_said_with_the_plan() -> None:
    needs = {need.right: {name: why for name, why, _ in need.opens} for need in plan_gitlab()}
    assert needs["read_api, role Maintainer"]["audit_events"].endswith("(plan Premium alone)")
    assert list(needs) == list(load_rights())
    assert check_project("acme/team/shop") == "acme/team/shop"
