"""What decides of a component: one refusal, else what is not known; only an approval that names a rule lifts it."""

from typing import Any

import msgspec
import pytest

from asbuilt.model.advisory import Advisory
from asbuilt.model.component import Component
from asbuilt.model.registry_facts import PackageFacts, VersionFacts
from asbuilt.model.supply_policy import Approval, SupplyPolicy
from asbuilt.supply.policy import is_about, judge, package_id
from tests.supply.test_policy_rules import CLEAN, COMPONENT, NOW, facts, matched

AGPL = msgspec.structs.replace(COMPONENT, licence="AGPL-3.0-only")
EXCEPTED = Approval(
    package="npm:x",
    version="1.0.0",
    approved_by="bo@example.com",
    approved_at=NOW - 10,
    reason="only its tests are used",
    expires_at=NOW + 10,
    excepts=("licence",),
    by_another=True,
)
KNOWN: dict[str, Any] = {"facts": facts(), "suspicions": (), "checked": CLEAN, "now": NOW}


def verdict(component: Component, *approvals: Approval, policy: SupplyPolicy | None = None) -> bool | None:
    return judge(component, policy or SupplyPolicy(), approvals=approvals, **KNOWN).verdict


def test_what_is_good_may_come_in() -> None:
    assert verdict(COMPONENT) is True


def test_a_refusal_is_heavier_than_what_is_not_known() -> None:
    found = judge(AGPL, SupplyPolicy(), now=NOW)
    assert found.verdict is False
    assert {reason.rule for reason in found.against} == {"existence", "suspicion", "advisories", "licence"}
    assert judge(COMPONENT, SupplyPolicy(), now=NOW).verdict is None


def test_an_approval_lifts_the_rule_that_it_names() -> None:
    found = judge(AGPL, SupplyPolicy(), approvals=[EXCEPTED], **KNOWN)
    assert found.verdict is True
    lifted = next(reason for reason in found.reasons if reason.rule == "licence")
    assert (lifted.verdict, lifted.excepted_by) == (False, "bo@example.com")


@pytest.mark.parametrize(
    "changed",
    [
        {"excepts": ("age",)},
        {"excepts": ()},
        {"reason": None},
        {"reason": " "},
        {"expires_at": None},
        {"expires_at": NOW},
        {"approved_at": NOW + 1},
        {"by_another": False},
        {"version": "1.0.1"},
        {"package": "pypi:x"},
        {"package": "npm:y"},
    ],
)
def test_an_approval_that_lifts_nothing(changed: dict[str, Any]) -> None:
    assert verdict(AGPL, msgspec.structs.replace(EXCEPTED, **changed)) is False


def test_whether_another_person_gave_it_is_not_known() -> None:
    assert verdict(AGPL, msgspec.structs.replace(EXCEPTED, by_another=None)) is None


def test_nothing_lifts_that_a_package_harms_or_is_not_there() -> None:
    every = msgspec.structs.replace(EXCEPTED, excepts=("malicious", "existence", "licence"))
    harmful = matched(Advisory("MAL-2026-1", 0))
    assert judge(AGPL, SupplyPolicy(), approvals=[every], **KNOWN | {"checked": harmful}).verdict is False
    absent: dict[str, Any] = KNOWN | {"facts": facts(exists=False, versions={})}
    assert judge(COMPONENT, SupplyPolicy(), approvals=[every], **absent).verdict is False


def test_each_package_may_need_an_approval_of_its_own() -> None:
    own = SupplyPolicy(approval="package")
    plain = msgspec.structs.replace(EXCEPTED, excepts=(), expires_at=None, version=None)
    assert verdict(COMPONENT, policy=own) is False
    assert verdict(COMPONENT, plain, policy=own) is True
    assert verdict(COMPONENT, msgspec.structs.replace(plain, by_another=None), policy=own) is None
    assert judge(COMPONENT, own, approvals=None, **KNOWN).verdict is None


def test_a_part_of_the_product_is_no_dependency() -> None:
    part = msgspec.structs.replace(COMPONENT, source="workspace")
    assert judge(part, SupplyPolicy(approval="package"), now=NOW).verdict is True


def test_how_a_package_is_named() -> None:
    assert package_id("PyPI", "Flask_Login") == "pypi:flask-login"
    assert package_id("npm", "@scope/Name") == "npm:@scope/Name"
    flask = Component(ecosystem="PyPI", name="flask-login", path="p", purl="", version="1.0")
    named = Approval(package="PyPI:Flask_Login", approved_by="a", approved_at=0)
    assert is_about(named, flask)
    assert is_about(msgspec.structs.replace(named, version="1.0.0"), flask)
    assert not is_about(msgspec.structs.replace(named, version="1.0.1"), flask)
    assert not is_about(msgspec.structs.replace(named, version="1.0"), msgspec.structs.replace(flask, version=None))


def test_the_facts_are_as_they_were_told() -> None:
    told = PackageFacts(
        ecosystem="npm", name="x", index="i", asked_at=0, exists=True, versions={"2": VersionFacts()}
    )
    assert judge(COMPONENT, SupplyPolicy(), facts=told, now=NOW).verdict is False
