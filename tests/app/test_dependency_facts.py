"""Columns from the stores: what they tell of the version that came, and nothing where they do not."""

import json
from pathlib import Path

import pytest

from asbuilt.app.advisories import import_advisories
from asbuilt.app.dependency_facts import facts_columns
from asbuilt.model.component import Component
from asbuilt.model.introduction import Introduction
from asbuilt.model.registry_facts import EXISTS, PackageFacts, VersionFacts
from asbuilt.model.supply_policy import SupplyPolicy
from asbuilt.supply.registry.store import keep_facts

DAY = 86_400
CAME = 1_780_000_000
POLICY = SupplyPolicy()


def brought(name: str, version: str | None = "1.0.0", licence: str | None = None) -> tuple[int, Introduction]:
    own = Component(
        ecosystem="npm", name=name, path="package-lock.json", purl=f"pkg:npm/{name}@{version}", version=version,
        licence=licence,
    )  # fmt: skip
    return CAME, Introduction(
        component=own, kind="new", previous=None, commit="a" * 40, landed=None, at=CAME, path=own.path
    )


def facts(
    name: str, *, exists: bool | None = True, first: int = CAME - 400 * DAY, releases: int = 9
) -> PackageFacts:
    return PackageFacts(
        ecosystem="npm",
        name=name,
        index="https://r.example",
        asked_at=CAME,
        exists=exists,
        first_released_at=first if exists else None,
        latest_released_at=CAME if exists else None,
        releases=releases if exists else None,
        versions={"1.0.0": VersionFacts(released_at=first)} if exists else {},
        owners=3,
        repository_url="https://code.example/x",
        licence="ISC",
        unknown={EXISTS: "down"} if exists is None else {},
    )


@pytest.fixture(autouse=True)
def stores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASBUILT_REGISTRY", str(tmp_path / "registry"))
    monkeypatch.setenv("ASBUILT_ADVISORIES", str(tmp_path / "advisories"))


def test_without_stores_only_what_needs_none_is_told() -> None:
    (columns,), notes = facts_columns([brought("quite-unlike-any-of-them", licence="MIT")], POLICY, CAME)
    assert columns["licence"] == "MIT"
    assert columns.keys() <= {"licence", "looks_like"}
    assert len(notes) == 2


def test_what_the_index_told_of_this_version(tmp_path: Path) -> None:
    young = facts("expres", first=CAME - DAY, releases=1)
    keep_facts(
        tmp_path / "registry", [facts("plain"), facts("gone", exists=False), facts("down", exists=None), young], []
    )
    asked = [brought("plain"), brought("plain", "9.9.9"), brought("gone"), brought("down"), brought("expres")]
    (plain, other, gone, down, like), notes = facts_columns(asked, POLICY, CAME)
    assert (plain["exists_in_registry"], plain["published_at"], plain["licence"]) == (
        True,
        "2025-04-23T20:26:40Z",
        "ISC",
    )
    assert other["exists_in_registry"] is False
    assert gone["exists_in_registry"] is False
    assert "exists_in_registry" not in down
    assert (plain["looks_like"], like["looks_like"]) == ("none", "express")
    assert len(notes) == 1


def test_findings_that_were_published_when_it_came_and_are_grave_enough(tmp_path: Path) -> None:
    folder = tmp_path / "records"
    folder.mkdir()
    for number, (level, published) in enumerate(
        (("HIGH", "2024-01-01"), ("LOW", "2024-01-01"), ("HIGH", "2030-01-01"))
    ):
        told = {
            "schema_version": "1.7.0", "id": f"X-{number}", "modified": "2026-05-28T00:00:00Z",
            "published": f"{published}T00:00:00Z", "database_specific": {"severity": level},
            "affected": [
                {
                    "package": {"ecosystem": "npm", "name": "weak"},
                    "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}]}],
                }
            ],
        }  # fmt: skip
        (folder / f"X-{number}.json").write_text(json.dumps(told))
    import_advisories([str(folder)], store=tmp_path / "advisories", covers=("npm",), now=CAME)
    (weak, clean, loose), _ = facts_columns([brought("weak"), brought("fine"), brought("weak", None)], POLICY, CAME)
    assert weak["blocking_findings"] == 1
    assert clean["blocking_findings"] == 0
    assert "blocking_findings" not in loose
