"""The table of what packages may come in: each key is read, and a mistake is named."""

from typing import Any

import pytest

from asbuilt.app.supply_config import read_registries, read_supply, settings_of_controls
from asbuilt.model.errors import ConfigError
from asbuilt.model.supply_policy import SupplyPolicy


def refuse(path: tuple[str, ...], what: str, *, fix: str) -> Any:
    raise ConfigError(what, fix=fix, where=".".join(path))


def test_nothing_said_is_the_default() -> None:
    assert read_supply({}, refuse) == SupplyPolicy()


def test_every_key_is_read() -> None:
    told = {
        "licences_allowed": ["MIT", "apache-2.0", "GPL-2.0-only WITH Classpath-exception-2.0"],
        "licences_refused": ["AGPL-3.0"],
        "licence_required": False,
        "at_least_days_old": 0,
        "unmaintained_after_days": 730,
        "refuse_unmaintained": False,
        "refuse_deprecated": False,
        "advisories": {"older_than_days": 2, "refused_from": "low"},
        "suspicions_refused_from": "medium",
        "approval": "package",
    }
    assert read_supply(told, refuse) == SupplyPolicy(
        licences_allowed=("MIT", "Apache-2.0", "GPL-2.0-only WITH Classpath-exception-2.0"),
        licences_refused=("AGPL-3.0-only",),
        licence_required=False,
        at_least_days_old=0,
        unmaintained_after_days=730,
        refuse_unmaintained=False,
        refuse_deprecated=False,
        advisories_refused_from="low",
        advisories_older_than_days=2,
        suspicions_refused_from="medium",
        approval="package",
    )


@pytest.mark.parametrize(
    ("told", "where"),
    [
        ({"licences_allowed": "MIT"}, "supply.licences_allowed"),
        ({"licences_allowed": ["MITT"]}, "supply.licences_allowed"),
        ({"licences_refused": ["MIT OR ISC"]}, "supply.licences_refused"),
        ({"licences_refused": ["MIT"], "licences_allowed": ["MIT"]}, "supply.licences_refused"),
        ({"licence_required": 1}, "supply.licence_required"),
        ({"at_least_days_old": True}, "supply.at_least_days_old"),
        ({"at_least_days_old": -1}, "supply.at_least_days_old"),
        ({"unmaintained_after_days": 0}, "supply.unmaintained_after_days"),
        ({"advisories": 7}, "supply.advisories"),
        ({"advisories": {"older": 7}}, "supply.advisories.older"),
        ({"advisories": {"older_than_days": "7"}}, "supply.advisories.older_than_days"),
        ({"advisories": {"refused_from": "severe"}}, "supply.advisories.refused_from"),
        ({"suspicions_refused_from": "unknown"}, "supply.suspicions_refused_from"),
        ({"approval": "nobody"}, "supply.approval"),
    ],
)
def test_a_mistake_is_named(told: dict[str, Any], where: str) -> None:
    with pytest.raises(ConfigError) as failed:
        read_supply(told, refuse)
    assert failed.value.where == where
    assert failed.value.fix


def test_the_registries_are_read_by_ecosystem_and_are_no_part_of_the_policy() -> None:
    told = {"registries": {"PyPI": ["https://a.example/simple"], "npm": "https://b.example"}}
    assert read_registries(told, refuse) == {"PyPI": ("https://a.example/simple",), "npm": ("https://b.example",)}
    assert read_supply(told, refuse) == SupplyPolicy()
    assert read_registries({}, refuse) == {}


@pytest.mark.parametrize(
    "told", [3, {"npm": 3}, {"npm": ["file:///x"]}, {"npm": ["https://ana:hunter22@b.example"]}]
)
def test_a_registry_is_an_address_without_credentials(told: Any) -> None:
    with pytest.raises(ConfigError) as found:
        read_registries({"registries": told}, refuse)
    assert found.value.where == "supply.registries"
    assert "hunter22" not in str(found.value)


def settings(said: dict[str, Any], controls: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return settings_of_controls(said, read_supply(said, refuse), controls, refuse)


def test_what_the_gate_asks_the_audit_asks_too() -> None:
    said = {"at_least_days_old": 14, "licences_refused": ["AGPL-3.0-only"], "advisories": {"older_than_days": 1}}
    told = {"at_least_days_old": 14, "licences_refused": ["agpl-3.0-only"]}
    assert settings(said, {"CHG-01": {"required_approvals": 2}}) == {
        "CHG-01": {"required_approvals": 2},
        "CHG-14": told,
    }
    assert settings({}, {}) == {}
    assert settings(said, {"CHG-14": {"at_least_days_old": 14, "licence_required": False}})["CHG-14"] == {
        **told,
        "licence_required": False,
    }


def test_a_setting_that_is_told_in_two_ways_is_refused() -> None:
    with pytest.raises(ConfigError, match="differently"):
        settings({"at_least_days_old": 14}, {"CHG-14": {"at_least_days_old": 7}})
