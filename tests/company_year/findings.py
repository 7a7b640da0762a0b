"""Weaknesses: targets scanned and held to their baseline each day, what was found, decided, and tested by others."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from asbuilt.model.record import Record
from tests.company_year.daily import KEPT_FROM, Row, kept_days, volume
from tests.company_year.world import (
    DAY,
    END,
    FOUNDED,
    HOUR,
    SEEN_UNTIL,
    START,
    Plant,
    World,
    all_of,
    at,
    changed,
    whole,
    without,
)

NODES_FROM = 200 * DAY + FOUNDED
RETIRED = {"node-01": at("2026-03-20T15:00")}
NEW = {"node-02": at("2026-01-08T11:00")}
# Severity: the days allowed, and within how many this company fixes.
ALLOWED = {"critical": (7, 5), "high": (30, 24), "medium": (90, 75), "low": (180, 160)}
PENTESTS = {"pentest-2024": at("2024-06-14"), "pentest-2025": at("2025-05-30"), "pentest-2026": at("2026-05-20")}
FOUND_BY_TEST = 4


@dataclass(frozen=True)
class Target:
    """One thing that is scanned, held to a baseline, or both."""

    id: str
    kind: str
    owner: str
    baseline: str | None
    since: datetime
    until: datetime | None = None


def targets(world: World) -> list[Target]:
    """Everything that production is built from or runs on."""
    found = [Target(own.id, "repository", own.owner, None, own.since or FOUNDED) for own in world.repositories]
    found += [
        Target(f"image-{own.id.split('/')[1]}", "image", own.owner, None, own.since or FOUNDED)
        for own in world.repositories
        if own.id != "acme/infrastructure"
    ]
    names = [f"node-{number:02}" for number in range(1, volume(world, 1000, 3) + 1)]
    found += [
        Target(own, "host", "uri", "hardened-linux-2.1", NEW.get(own, NODES_FROM), RETIRED.get(own))
        for own in names
    ]
    found.append(Target("cloud-account", "account", "uri", "cloud-foundations-3.0", FOUNDED))
    found.append(Target("production-cluster", "cluster", "uri", "cluster-1.9", FOUNDED))
    return found


def records(world: World) -> Iterator[Record]:
    """Everything about weaknesses."""
    yield from whole(
        "scan_targets",
        (
            {
                "target": own.id,
                "kind": own.kind,
                "in_scope": True,
                "baseline": own.baseline,
                "owner": own.owner,
                "in_use_from": own.since,
                "in_use_until": own.until,
            }
            for own in targets(world)
        ),
    )
    yield from whole("scan_runs", _scan_runs(world), since=KEPT_FROM)
    yield from whole("baseline_runs", _baseline_runs(world), since=KEPT_FROM)
    yield from whole("findings_seen", _findings_seen(world))
    yield from whole("finding_decisions", _finding_decisions(world))
    yield from whole("pentests", _pentests())


def _scan_runs(world: World) -> Iterator[Row]:
    for own in targets(world):
        if own.kind not in {"repository", "image", "host"}:
            continue
        for day in kept_days(own.since, own.until or SEEN_UNTIL):
            ran = day + 2 * HOUR
            yield {
                "run": f"{own.id} {day:%Y-%m-%d}",
                "target": own.id,
                "scanner": "code-scanner" if own.kind == "repository" else "image-scanner",
                "ran_at": ran,
                "succeeded": True,
                "database_at": ran - 5 * HOUR,
                "on_change": False,
            }


def _baseline_runs(world: World) -> Iterator[Row]:
    for own in targets(world):
        if own.baseline is None:
            continue
        for day in kept_days(own.since, own.until or SEEN_UNTIL):
            # A port was open for three days in November; the cluster lives with one exception.
            is_open = own.id == "cloud-account" and at("2025-11-12") <= day < at("2025-11-15")
            yield {
                "run": f"{own.id} {day:%Y-%m-%d}",
                "target": own.id,
                "ran_at": day + 3 * HOUR,
                "succeeded": True,
                "baseline": own.baseline,
                "failures": ["open-port"] if is_open else [],
                "excepted": ["privileged-agent"] if own.id == "production-cluster" else [],
            }


@dataclass(frozen=True)
class Finding:
    """One weakness: when it was first seen, and fixed (None: it is still open)."""

    id: str
    target: str
    severity: str
    found_by: str
    first: datetime
    closed: datetime | None
    fate: str  # fixed, accepted or downgraded
    pentest: str | None = None

    @property
    def told_lower(self) -> str:
        """The severity as the scanner told it last."""
        return "low" if self.fate == "downgraded" else self.severity


def findings(world: World) -> list[Finding]:
    """Every weakness that was found: by scanners since 200 days before the year, and by those who tested."""
    chance = world.random("findings")
    places = [own.id for own in world.repositories if own.since is None]
    found = []
    for number in range(volume(world, 5, 60)):
        severity = chance.choices(list(ALLOWED), weights=[3, 15, 50, 32])[0]
        first = START - 200 * DAY + chance.randrange((END - START).days + 200) * DAY + 2 * HOUR
        share = chance.uniform(0.1, 1)
        fate = ("fixed", "accepted", "downgraded")[(number % 40 == 7) + 2 * (number % 40 == 23)]
        within = ALLOWED["low" if fate == "downgraded" else severity][1]
        days = timedelta(days=1 + round((within - 1) * share)) if fate != "accepted" else 250 * DAY
        found.append(_finding(f"F-{number:05}", places[number % len(places)], severity, first, days, fate))
    # One of each kind at a known time.
    found += [
        _finding(f"F-{severity}", "acme/web", severity, at("2026-01-15T02:00"), allowed[1] * DAY, "fixed")
        for severity, allowed in ALLOWED.items()
    ]
    found.append(_finding("F-accepted", "acme/ledger", "high", at("2026-02-03T02:00"), 200 * DAY, "accepted"))
    found.append(_finding("F-downgraded", "acme/checkout", "high", at("2026-01-07T02:00"), 90 * DAY, "downgraded"))
    for test, ended in PENTESTS.items():
        found += [
            Finding(
                f"{test}-{number}",
                "acme/checkout",
                "medium",
                "outside testers",
                ended,
                ended + (20 + number) * DAY,
                "fixed",
                test,
            )
            for number in range(1, FOUND_BY_TEST + 1)
        ]
    return found


def _finding(own: str, target: str, severity: str, first: datetime, fixed_after: timedelta, fate: str) -> Finding:
    closed = first + fixed_after
    return Finding(own, target, severity, "code-scanner", first, closed if closed < SEEN_UNTIL else None, fate)


def _findings_seen(world: World) -> Iterator[Row]:
    for own in findings(world):
        told = {
            "finding": own.id,
            "target": own.target,
            "found_by": own.found_by,
            "title": f"weakness {own.id}",
            "first_seen_at": own.first,
            "pentest": own.pentest,
        }
        yield told | {"seen_at": own.first, "severity": own.severity}
        if own.closed is not None:
            yield told | {"seen_at": own.closed, "severity": own.told_lower, "closed_at": own.closed}


def _finding_decisions(world: World) -> Iterator[Row]:
    for own in findings(world):
        if own.fate == "fixed":
            continue
        decided = {"finding": own.id, "decided_at": own.first + DAY, "decided_by": "tess-laurent"}
        if own.fate == "accepted":
            until = own.first + 300 * DAY
            yield decided | {"decision": "accepted", "reason": "not reachable", "accepted_until": until}
        else:
            yield decided | {"decision": "downgraded", "reason": "in a tool of tests alone", "severity": "low"}


def _pentests() -> Iterator[Row]:
    for test, ended in PENTESTS.items():
        yield {
            "pentest": test,
            "started_at": ended - 10 * DAY,
            "ended_at": ended,
            "tester": "Harbour Testing",
            "is_independent": True,
            "scope": ["the application", "its interfaces", "the assistant"],
            "covers_production": True,
            "covers_ai_features": True,
            "has_ai_features": ended > at("2026-01-12"),
            "finding_count": FOUND_BY_TEST,
        }


CRITICAL_FIXED = at("2026-01-20T02:00")
PLANTS = {
    "a repository is not scanned on a day": Plant(
        "VUL-01", "acme/web | 2026-03-04", without("scan_runs", run="acme/web 2026-03-04")
    ),
    "a scan ends badly": Plant(
        "VUL-01",
        "image-ledger | 2026-06-30",
        changed("scan_runs", {"run": "image-ledger 2026-06-30"}, succeeded=False),
    ),
    "a scanner works with an old database": Plant(
        "VUL-01",
        "node-02 | 2026-02-11",
        changed("scan_runs", {"run": "node-02 2026-02-11"}, database_at=at("2026-02-09T01:00")),
    ),
    "a critical weakness is fixed a day too late": Plant(
        "VUL-02",
        "F-critical",
        changed(
            "findings_seen",
            {"finding": "F-critical", "seen_at": CRITICAL_FIXED},
            seen_at=CRITICAL_FIXED + 3 * DAY,
            closed_at=CRITICAL_FIXED + 3 * DAY,
        ),
    ),
    "a weakness is never fixed": Plant(
        "VUL-02", "F-medium", without("findings_seen", finding="F-medium", seen_at=at("2026-03-31T02:00"))
    ),
    "an acceptance ends before the fix": Plant(
        "VUL-02",
        "F-accepted",
        changed("finding_decisions", {"finding": "F-accepted"}, accepted_until=at("2026-06-01")),
    ),
    "a weakness is accepted without a reason": Plant(
        "VUL-02", "F-accepted", changed("finding_decisions", {"finding": "F-accepted"}, reason=None)
    ),
    "a tool accepts a weakness": Plant(
        "VUL-02",
        "F-accepted",
        changed("finding_decisions", {"finding": "F-accepted"}, decided_by="code-scanner[bot]"),
    ),
    "a rating sinks and nobody says why": Plant(
        "VUL-02", "F-downgraded", without("finding_decisions", finding="F-downgraded")
    ),
    "those who built it test it": Plant(
        "VUL-04", "due 2026-05-30", changed("pentests", {"pentest": "pentest-2026"}, is_independent=False)
    ),
    "the test leaves AI out": Plant(
        "VUL-04", "due 2026-05-30", changed("pentests", {"pentest": "pentest-2026"}, covers_ai_features=False)
    ),
    "nobody tests this year": Plant("VUL-04", "due 2026-05-30", without("pentests", pentest="pentest-2026")),
    "a finding of the test is not tracked": Plant(
        "VUL-04", "due 2026-05-30", without("findings_seen", finding="pentest-2026-4")
    ),
    "nobody looks at the cluster's settings for a day": Plant(
        "VUL-05",
        "production-cluster | 2026-04-02",
        without("baseline_runs", run="production-cluster 2026-04-02"),
    ),
    "a port stays open for longer than allowed": Plant(
        "VUL-05",
        "cloud-account | 2026-07-02",
        all_of(
            *(
                changed("baseline_runs", {"run": f"cloud-account {day:%Y-%m-%d}"}, failures=["open-port"])
                for day in kept_days(at("2026-06-01"), at("2026-07-03"))
            )
        ),
    ),
}
