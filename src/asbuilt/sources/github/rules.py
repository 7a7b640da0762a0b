"""Rules of the branch that is released, and who went around them.

1. The rules in force, and the classic protection.
2. Rule sets, each by itself; with the profile ``ruleset-history`` their versions.
3. Rule suites: pushes that were held against the rules.
"""

from collections.abc import Iterator
from urllib.parse import quote

from asbuilt.model.inspection import Gap
from asbuilt.sources.github.endpoints import load_endpoints
from asbuilt.sources.github.reading import Outcome, Reading
from asbuilt.sources.github.rest import Listing, read_listing
from asbuilt.sources.steps import Step

HISTORY = "ruleset-history"


def read_rules(reading: Reading) -> Iterator[Step]:
    """What is asked of whoever changes the branch."""
    endpoints, branch, repository = load_endpoints(), reading.default_branch, reading.repository
    rules = Listing(reading, endpoints["branch/rules"], "rules")
    if branch is None:
        yield Gap(
            "GAP-UNREAD",
            f"The rules of {repository} were not read.",
            "It does not say which branch is its default one.",
            "Look whether it has a branch at all.",
            f"branch/rules {repository}",
        )
    else:
        # (1)
        for name in ("branch/rules", "branch/protection"):
            yield from rules.read(
                endpoints[name],
                Outcome(),
                subject=branch,
                repository=repository,
                branch=quote(branch, safe=""),
            )
    # (2)
    outcome = Outcome()
    yield from rules.read(endpoints["rulesets"], outcome, want=True, repository=repository)
    rule_sets = reading.ids("rulesets", outcome)
    for own in rule_sets:
        yield from rules.read(endpoints["ruleset"], Outcome(), subject=own, repository=repository, ruleset=own)
    yield from rules.conclude()
    if HISTORY in reading.profiles:
        yield from _history(reading, rule_sets)
    # (3)
    yield from read_listing(reading, endpoints["rule-suites"], Outcome(), repository=repository)


def _history(reading: Reading, rule_sets: list[str]) -> Iterator[Step]:
    endpoints, repository = load_endpoints(), reading.repository
    history = Listing(reading, endpoints["ruleset/history"])
    read = reading.part("versions", dict[str, list[str]])
    for own in rule_sets:
        outcome = Outcome()
        yield from history.read(
            endpoints["ruleset/history"], outcome, subject=own, want=True, repository=repository, ruleset=own
        )
        for version in reading.ids(f"versions {own}", outcome, "version_id"):
            if version in read.get(own, []):
                continue  # a version never changes
            told = Outcome()
            yield from history.read(
                endpoints["ruleset/version"],
                told,
                subject=f"{own} | {version}",
                repository=repository,
                ruleset=own,
                version=version,
            )
            if told.is_whole:
                read.setdefault(own, []).append(version)
    yield from history.conclude()
