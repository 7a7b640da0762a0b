"""The rights of a token, least first."""

from asbuilt.app.sync_plan import plan_github
from asbuilt.sources.github.endpoints import load_endpoints, load_rights


def test_every_right_stands_with_what_it_opens_least_first() -> None:
    needs = plan_github(organization=True)
    order = list(load_rights())
    base = [need.right for need in needs if need.profile == "base"]
    assert base == sorted(base, key=order.index)
    assert base[0] == "Metadata: read"
    assert not any("write" in right for right in base)
    assert {name for need in needs for name, *_ in need.opens} == load_endpoints().keys()


def test_a_repository_needs_no_right_of_an_organisation() -> None:
    needs = plan_github(organization=False)
    assert not any("organisation" in need.right for need in needs)
    assert needs[-1].profile == "ruleset-history"
    assert needs[-1].right == "Administration: write"


def test_a_plan_that_github_sells_is_named() -> None:
    said = [
        why for need in plan_github(organization=True) for name, why, _ in need.opens if name == "org/audit-log"
    ]
    assert "Enterprise Cloud" in said[0]
