"""What a V3 source of NuGet says: its service index, registrations, pages."""

from typing import Any

import pytest

from asbuilt.model.registry_facts import DATES, DEPRECATED, OWNERS, REPOSITORY
from asbuilt.supply.registry.answers import Answer
from asbuilt.supply.registry.probing import probe_index
from asbuilt.supply.registry.readers import nuget
from tests.supply.registry.written import INDEX, answer, read

NAME = "Acme.Thing"
PLACE = f"{INDEX}/registration-semver2"
SERVICE = {
    "version": "3.0.0",
    "resources": [
        {"@id": f"{INDEX}/registration/", "@type": "RegistrationsBaseUrl"},
        {"@id": f"{PLACE}/", "@type": ["RegistrationsBaseUrl/3.6.0", "x"]},
        {"@id": "https://other.example/search", "@type": "SearchQueryService"},
    ],
}


def leaf(version: str, published: str = "2019-11-09T01:27:30.723+00:00", **more: Any) -> dict[str, Any]:
    return {"catalogEntry": {"id": NAME, "version": version, "published": published, **more}}


def index(*pages: dict[str, Any]) -> dict[str, Any]:
    return {"count": len(pages), "items": list(pages)}


def page(*leaves: dict[str, Any]) -> dict[str, Any]:
    return {"@id": f"{PLACE}/acme.thing/page/1.json", "items": list(leaves)}


def test_versions_with_dates_what_is_unlisted_and_what_is_deprecated() -> None:
    old = leaf("1.0.0", "1900-01-01T00:00:00+00:00", listed=False)
    gone = leaf(
        "2.0.0+build.5",
        licenseExpression="MIT",
        projectUrl="https://github.com/acme/thing",
        deprecation={"reasons": ["Legacy"], "message": "old", "alternatePackage": {"id": "Acme.New"}},
    )
    facts = read("NuGet", NAME, SERVICE, index(page(old, gone)))
    assert (facts.exists, facts.releases, facts.latest, facts.licence) == (True, 2, "2.0.0", "MIT")
    assert (facts.standing, facts.standing_why) == ("deprecated", "Legacy; old; Acme.New instead")
    assert facts.versions["1.0.0"].yanked is True
    assert facts.versions["1.0.0"].released_at is None
    assert facts.versions["2.0.0"].released_at == 1_573_262_850
    assert facts.repository_url == "https://github.com/acme/thing"
    assert facts.why(OWNERS)
    assert facts.why(DATES)  # what is unlisted has lost its date


def test_a_project_page_is_no_repository_and_that_is_not_known() -> None:
    facts = read("NuGet", NAME, SERVICE, index(page(leaf("1.0.0", projectUrl="https://acme.example"))))
    assert (facts.repository_url, bool(facts.why(REPOSITORY))) == (None, True)


def test_the_registration_is_asked_for_where_the_service_says_and_pages_that_lie_beside_it() -> None:
    base = f"{INDEX}/v3/index.json"
    service = answer(SERVICE)
    assert nuget.asks(base, NAME) == (base,)
    assert nuget.asks_more(base, NAME, [service]) == (f"{PLACE}/acme.thing/index.json",)
    beside = [{"@id": f"{PLACE}/acme.thing/page/{number}.json"} for number in range(20)]
    asked = nuget.asks_more(base, NAME, [service, answer(index(*beside))])
    assert len(asked) == 8
    assert asked[-1].endswith("/19.json")
    assert nuget.asks_more(base, NAME, [service, answer(index(page(leaf("1.0.0"))))]) == ()
    elsewhere = [{"@id": "https://other.example/page.json"}]
    assert nuget.asks_more(base, NAME, [service, answer(index(*elsewhere))]) == ()
    assert nuget.asks_more(base, NAME, [service, Answer(404)]) == ()


def test_pages_that_were_not_read_leave_the_dates_unknown() -> None:
    beside = {"@id": f"{PLACE}/acme.thing/page/1.json"}
    facts = read("NuGet", NAME, SERVICE, index(beside, beside), Answer(404), page(leaf("1.0.0")))
    assert (facts.exists, facts.releases) == (True, 1)
    assert "1 of 2 pages" in facts.why(DATES)


@pytest.mark.parametrize(
    ("service", "why"),
    [
        (Answer(404), "answers 404"),
        (Answer(None, why="no answer came"), "no answer came"),
        ({"resources": []}, "no V3"),
        ({"resources": [{"@id": "https://other.example/r/", "@type": "RegistrationsBaseUrl"}]}, "another host"),
        ({"resources": [{"@id": "http://[", "@type": "RegistrationsBaseUrl"}]}, "another host"),
        (b"<feed/>", "cannot be read"),
    ],
)
def test_a_service_that_is_none_or_leads_elsewhere_is_never_absent(service: Any, why: str) -> None:
    facts = read("NuGet", NAME, service, Answer(404))
    assert facts.exists is None
    assert why in facts.why("exists")


def test_absent_is_a_plain_no_of_the_registration() -> None:
    assert read("NuGet", NAME, SERVICE, Answer(404)).exists is False
    assert read("NuGet", NAME, SERVICE, Answer(503)).exists is None


@pytest.mark.parametrize(
    "told", [{}, index({"items": "x"}), index(page({"catalogEntry": {"id": "Other", "version": "1"}}))]
)
def test_a_registration_of_nothing_or_of_another_is_not_seen(told: Any) -> None:
    assert read("NuGet", NAME, SERVICE, told).exists is None


def test_a_source_that_dates_by_its_copy_or_leaves_deprecation_out_is_not_believed() -> None:
    def told(name: str, version: str, **more: Any) -> Any:
        own = leaf(version, **more)
        own["catalogEntry"]["id"] = name
        return read("NuGet", name, SERVICE, index(page(own)))

    names = ("Newtonsoft.Json", "12.0.3"), ("WindowsAzure.Storage", "9.3.3")
    honest = {name: told(name, version, deprecation={"reasons": ["Legacy"]}) for name, version in names}
    assert probe_index(nuget.PROBES, honest) == {}
    liar = {name: told(name, version, published="2026-01-01T00:00:00Z") for name, version in names}
    assert set(probe_index(nuget.PROBES, liar)) == {DATES, DEPRECATED}
