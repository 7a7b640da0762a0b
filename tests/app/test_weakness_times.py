"""How long weaknesses of dependencies stood, by who brought them: laws of the clock."""

from collections.abc import Sequence

from asbuilt.app.weakness_times import DAY, Event, Open, Package, Span, days_between, spans_of, summed
from asbuilt.model.advisory import Advisory, Certainty, Match
from asbuilt.model.component import Component
from tests.supply.advisories.written import component

AI, BOT = "ai-declared", "automation"


def came(version: str, day: int | None, who: str = AI, previous: str | None = None) -> Event:
    return Event(
        component("npm", "a", version, source="registry"), None if day is None else day * DAY, who, previous
    )


def went(day: int) -> Event:
    return Event(component("npm", "a", "9", source="registry"), day * DAY, BOT, gone=True)


def weak(*versions: str, name: str = "GHSA-1", published: int | None = 10, certainty: Certainty = "affected"):
    told = Advisory(id=name, modified=0, published=None if published is None else published * DAY)

    def matches(own: Component) -> list[Match]:
        found = Match(purl="p", advisories=(told,), names=(name,), evidence=(), certainty=certainty)
        return [found] if own.version in versions else []

    return matches


def stood(events: Sequence[Event], standing: set[str], matches: object) -> list[tuple[object, ...]]:
    spans = spans_of(Package(events, frozenset(standing)), matches)  # type: ignore[arg-type]
    return [
        (own.attribution, own.is_open, days_between(own.owed, own.until), own.owed and own.owed // DAY)
        for own in spans
    ]


def test_from_when_it_landed_or_was_published_to_the_change_that_took_it_out() -> None:
    events = [came("1", 20), came("2", 27, BOT, "1")]
    assert stood(events, {"2"}, weak("1")) == [(AI, False, 7, 20)]
    assert stood(events, {"2"}, weak("1", published=25)) == [(AI, False, 2, 25)]
    assert stood([came("1", 20), went(30)], set(), weak("1")) == [(AI, False, 10, 20)]


def test_what_was_gone_before_it_was_known_never_counted() -> None:
    assert stood([came("1", 1), came("2", 9, previous="1")], {"2"}, weak("1")) == []
    assert stood([came("1", 1), came("2", 10, previous="1")], {"2"}, weak("1")) == []


def test_from_a_version_that_has_it_to_another_it_goes_on() -> None:
    events = [came("1", 20), came("1.1", 25, BOT, "1"), came("2", 30, BOT, "1.1")]
    assert stood(events, {"2"}, weak("1", "1.1")) == [(AI, False, 10, 20)]
    assert stood(events[:2], {"1.1"}, weak("1", "1.1")) == [(AI, True, None, 20)]


def test_what_came_back_is_told_twice() -> None:
    events = [came("1", 20), came("2", 21, BOT, "1"), came("1", 30, BOT, "2")]
    assert stood(events, {"1"}, weak("1")) == [(AI, False, 1, 20), (BOT, True, None, 30)]


def test_of_one_of_several_versions_it_is_not_told_when_it_went() -> None:
    events = [came("1", 20), came("3", 21, previous="0")]  # one of two versions went, and no commit is told for it
    assert stood(events, {"3"}, weak("1")) == [(AI, False, None, None)]


def test_what_is_not_known_makes_no_days() -> None:
    assert stood([came("1", None)], {"1"}, weak("1")) == [(AI, True, None, None)]
    assert stood([came("1", 20), went(30)], set(), weak("1", published=None)) == [(AI, False, None, None)]
    assert stood([came("1", 20)], {"1"}, weak("1", certainty="unknown")) == []


def test_advisories_with_a_name_in_common_are_one_weakness() -> None:
    def matches(own: Component) -> list[Match]:
        names = {"1": ("CVE-1", "GHSA-1"), "2": ("CVE-1", "PYSEC-1")}.get(own.version or "", ())
        told = (Advisory(id=names[-1], modified=0, published=0),) if names else ()
        return [Match(purl="p", advisories=told, names=names, evidence=(), certainty="affected")] if names else []

    events = [came("1", 20), came("2", 25, previous="1"), came("3", 29, previous="2")]
    assert stood(events, {"3"}, matches) == [(AI, False, 9, 20)]


def test_sums_by_class() -> None:
    def span(days: int | None, who: str = AI, *, is_open: bool = False) -> Span:
        owed = None if days is None else 0
        return Span(frozenset("x"), who, owed, None if days is None else days * DAY, is_open)

    told = summed([span(1), span(9), span(4), span(None), span(0, is_open=True)], (AI, BOT), now=12 * DAY)
    own = told[AI]
    assert (own.open, own.fixed, own.timed) == (1, 4, 3)
    assert (own.median_days, own.worst_days, own.oldest_open_days) == (4, 9, 12)
    assert (told[BOT].open, told[BOT].fixed, told[BOT].median_days) == (0, 0, None)


def test_how_long_one_has_been_open_is_found_by_any_of_its_names() -> None:
    days = Open({(("npm", "a"), "CVE-1"): 3})
    assert days.of(("npm", "a"), ("GHSA-1", "CVE-1")) == 3
    assert days.of(("npm", "b"), ("CVE-1",)) is None
