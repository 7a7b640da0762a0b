"""Each rule refuses, is fulfilled, or is not known; never fulfilled because nobody looked."""

from collections.abc import Mapping
from typing import Any

import msgspec
import pytest

from asbuilt.model.advisory import Advisory, Checked, Evidence, Match, Vex
from asbuilt.model.component import Component
from asbuilt.model.registry_facts import PackageFacts, Suspicion, VersionFacts
from asbuilt.model.supply_policy import Reason, SupplyPolicy
from asbuilt.supply.policy_rules import DAY, RULES, Case

NOW = 20_000 * DAY
GOOD = VersionFacts(released_at=NOW - 100 * DAY, yanked=False, deprecated=False)
COMPONENT = Component(
    ecosystem="npm", name="x", path="package-lock.json", purl="pkg:npm/x@1.0.0", version="1.0.0", licence="MIT"
)


def facts(version: VersionFacts | None = GOOD, **told: Any) -> PackageFacts:
    known: dict[str, Any] = {
        "ecosystem": "npm",
        "name": "x",
        "index": "registry.example",
        "asked_at": NOW,
        "exists": True,
        "latest_released_at": NOW - 50 * DAY,
        "versions": {"0.9.0": GOOD} | ({"1.0.0": version} if version else {}),
    }
    return PackageFacts(**known | told)


CLEAN = Checked("npm", "x", "1.0.0", "pkg:npm/x@1.0.0", "clean", as_of=NOW)


def matched(advisory: Advisory, *, certainty: str = "affected", vex: tuple[Vex, ...] = ()) -> Checked:
    match = Match(
        purl="pkg:npm/x@1.0.0",
        advisories=(advisory,),
        names=(advisory.id,),
        evidence=(Evidence(advisory.id, "versions", "1.0.0"),),
        certainty="affected" if certainty == "affected" else "unknown",
        why="" if certainty == "affected" else "it has no order",
        vex=vex,
    )
    checked = msgspec.structs.replace(CLEAN, coverage="matched", matches=(match,))
    return checked if certainty == "affected" else msgspec.structs.replace(checked, coverage="not_checked")


def reasons(policy: SupplyPolicy | None = None, **told: Any) -> list[Reason]:
    known: Mapping[str, Any] = {"facts": facts(), "suspicions": (), "checked": CLEAN} | told
    component = known.get("component", COMPONENT)
    rest = {name: value for name, value in known.items() if name != "component"}
    case = Case(component, policy or SupplyPolicy(), NOW, **rest)
    return [reason for rule in RULES for reason in rule(case)]


def verdicts(policy: SupplyPolicy | None = None, **told: Any) -> dict[str, bool | None]:
    return {reason.rule: reason.verdict for reason in reasons(policy, **told)}


def test_what_is_known_and_good_is_told_rule_by_rule() -> None:
    assert verdicts(SupplyPolicy(unmaintained_after_days=365)) == {
        "existence": True,
        "advisories": True,
        "maintenance": True,
        "age": True,
        "licence": True,
    }


def test_what_nobody_asked_is_not_known() -> None:
    found = verdicts(facts=None, suspicions=None, checked=None)
    assert found == {"existence": None, "suspicion": None, "advisories": None, "licence": True}


@pytest.mark.parametrize(
    ("told", "rule", "verdict", "says"),
    [
        ({"facts": facts(exists=False)}, "existence", False, "no package of that name"),
        ({"facts": facts(exists=None, unknown={"exists": "503"})}, "existence", None, "503"),
        ({"facts": facts(None)}, "existence", False, "no version 1.0.0"),
        (
            {"facts": facts(VersionFacts(yanked=True, yanked_why="broken", released_at=0))},
            "yanked",
            False,
            "broken",
        ),
        ({"facts": facts(VersionFacts(released_at=0))}, "yanked", None, "whether it was taken back"),
        ({"facts": facts(standing="archived")}, "deprecated", False, "archived"),
        ({"facts": facts(VersionFacts(deprecated=True, deprecated_why="use y"))}, "deprecated", False, "use y"),
        (
            {"facts": facts(VersionFacts(), unknown={"deprecated": "its probe failed"})},
            "deprecated",
            None,
            "its probe failed",
        ),
        ({"facts": facts(VersionFacts(released_at=NOW - 2 * DAY))}, "age", False, "released 2 days before"),
        ({"facts": facts(VersionFacts(), unknown={"released_at": "mirror"})}, "age", None, "mirror"),
        ({"suspicions": (Suspicion(2, "high", "young"),)}, "suspicion", False, "young"),
        ({"suspicions": (Suspicion(4, "medium", "one owner"),)}, "suspicion", True, "one owner"),
        ({"suspicions": (Suspicion(2, "unknown", "no dates"),)}, "suspicion", None, "no dates"),
        ({"checked": matched(Advisory("MAL-1", 0))}, "malicious", False, "MAL-1"),
        ({"checked": matched(Advisory("G-1", 0, level="high"))}, "advisories", False, "G-1 (high)"),
        ({"checked": matched(Advisory("G-1", 0, level="medium"))}, "advisories", True, "G-1 (medium)"),
        ({"checked": matched(Advisory("G-1", 0))}, "advisories", None, "no level"),
        ({"checked": matched(Advisory("G-1", 0), certainty="unknown")}, "advisories", None, "no order"),
    ],
)
def test_what_a_rule_says(told: dict[str, Any], rule: str, verdict: bool | None, says: str) -> None:
    found = [reason for reason in reasons(**told) if reason.rule == rule]
    assert [reason.verdict for reason in found] == [verdict]
    assert says in found[0].text


def test_a_rule_that_could_not_weigh_enough_may_stay_unknown() -> None:
    assert "suspicion" not in verdicts(suspicions=(Suspicion(4, "unknown", "no owners told"),))
    strict = SupplyPolicy(suspicions_refused_from="medium")
    assert verdicts(strict, suspicions=(Suspicion(4, "unknown", "no owners told"),))["suspicion"] is None


def test_what_is_stated_not_to_concern_it_does_not_refuse() -> None:
    stated = Vex("not_affected", "ana@example.com", "code_not_reachable")
    assert verdicts(checked=matched(Advisory("G-1", 0, level="high"), vex=(stated,)))["advisories"] is True


def test_a_harmful_package_is_refused_whatever_is_stated_of_it() -> None:
    stated = Vex("not_affected", "ana@example.com", "code_not_reachable")
    assert verdicts(checked=matched(Advisory("MAL-1", 0), vex=(stated,)))["malicious"] is False


def test_an_old_release_is_unmaintained_only_where_that_is_asked() -> None:
    old = facts(latest_released_at=NOW - 800 * DAY)
    assert "maintenance" not in verdicts(facts=old)
    assert verdicts(SupplyPolicy(unmaintained_after_days=730), facts=old)["maintenance"] is False
    untold = facts(latest_released_at=None)
    assert verdicts(SupplyPolicy(unmaintained_after_days=730), facts=untold)["maintenance"] is None


def test_a_package_that_an_advisory_calls_unmaintained_is_no_weak_one() -> None:
    told = matched(Advisory("RUSTSEC-1", 0, informational="unmaintained"))
    assert "advisories" not in verdicts(checked=told)
    assert verdicts(checked=told)["maintenance"] is False
    assert verdicts(SupplyPolicy(refuse_unmaintained=False), checked=told)["maintenance"] is True
    unsound = matched(Advisory("RUSTSEC-2", 0, informational="unsound"))
    assert verdicts(checked=unsound)["advisories"] is None


def test_a_weakness_that_is_exploited_is_refused_at_every_threshold() -> None:
    used = matched(Advisory("G-1", 0, level="low", kev_since="2026-01-01"))
    found = reasons(SupplyPolicy(advisories_refused_from="critical"), checked=used)
    assert [reason.verdict for reason in found if reason.rule == "advisories"] == [False]


@pytest.mark.parametrize(
    ("licence", "at_registry", "verdict"),
    [
        ("MIT", None, True),
        (None, "MIT OR AGPL-3.0-only", True),
        ("AGPL-3.0-only", "MIT", False),
        (None, None, False),
        ("do as you like", None, None),
    ],
)
def test_a_licence(licence: str | None, at_registry: str | None, verdict: bool | None) -> None:
    component = Component(
        ecosystem="npm", name="x", path="p", purl="pkg:npm/x@1.0.0", version="1.0.0", licence=licence
    )
    assert verdicts(component=component, facts=facts(licence=at_registry))["licence"] is verdict


def test_a_licence_that_could_not_be_seen_is_not_missing() -> None:
    component = Component(ecosystem="npm", name="x", path="p", purl="pkg:npm/x@1.0.0", version="1.0.0")
    assert verdicts(component=component, facts=None)["licence"] is None
    assert verdicts(component=component, facts=facts(unknown={"licence": "not told"}))["licence"] is None
    assert "licence" not in verdicts(SupplyPolicy(licence_required=False), component=component, facts=None)


def test_a_version_is_found_by_another_spelling() -> None:
    component = Component(
        ecosystem="PyPI", name="x", path="p", purl="pkg:pypi/x@1.0.0", version="1.0.0", licence="MIT"
    )
    assert verdicts(component=component, facts=facts(None, versions={"1.0": GOOD}))["existence"] is True
