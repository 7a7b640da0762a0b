"""Weaknesses: what is scanned, how often, what was found, and what became of it."""

from asbuilt.facts.schemas.table import column, derived, maybe, recorded

SCAN_TARGETS = recorded(
    "scan_targets",
    "One row for each thing that must be scanned or held to a hardening baseline, from the production inventory.",
    (
        column("target", "text", "The target's id."),
        column("kind", "text", "What it is: repository, image, host, account, cluster or other."),
        column("in_scope", "bool", "Whether production runs on it or is built from it."),
        maybe("baseline", "text", "The hardening baseline that it must follow. NULL: none is named."),
        maybe("owner", "text", "The person who answers for it. NULL: nobody is named."),
        maybe("in_use_from", "timestamp", "From when. NULL: before anything recorded."),
        maybe("in_use_until", "timestamp", "Until when, that moment left out. NULL: it still is."),
    ),
    identity=("target",),
    occurred="in_use_from",
)

SCAN_RUNS = recorded(
    "scan_runs",
    "One row for each run of a scanner over one target.",
    (
        column("run", "text", "The scanner's id of the run; with several targets, one for each of them."),
        column("target", "text", "The target that it scanned."),
        column("scanner", "text", "The scanner."),
        column("ran_at", "timestamp", "When it ended."),
        column("succeeded", "bool", "Whether it ran to its end."),
        maybe("database_at", "timestamp", "The date of its database of weaknesses. NULL: it does not say."),
        maybe("on_change", "bool", "Whether a change started it, not the clock. NULL: not known."),
    ),
    identity=("run",),
    occurred="ran_at",
)

SCAN_DAYS = derived(
    "scan_days",
    "One row for each scanned target in scope and each day (UTC) that it was in use.",
    (
        column("target_day", "text", "`target | day`."),
        column("target", "text", "The target."),
        column("day", "timestamp", "The day's first moment, UTC."),
        column("kind", "text", "What the target is."),
        maybe("runs", "int", "Runs that ended well that day. NULL: none is known, and no list covers the day."),
        maybe(
            "database_age_hours",
            "int",
            "Full hours from the newest database used that day to its run. NULL: no run, or it does not say.",
        ),
    ),
    key="target_day",
    covered_by=("scan_runs", "scan_targets"),
)

FINDINGS_SEEN = recorded(
    "findings_seen",
    "One row for each time that a finding was told: an export of a scanner names all of its findings again.",
    (
        column("finding", "text", "The finding's id: the same whenever it is found again."),
        column("seen_at", "timestamp", "When this was so: the moment of the run or of the export."),
        column("target", "text", "Where it is."),
        column("found_by", "text", "The scanner, the tester or the person."),
        column("severity", "text", "As rated then: critical, high, medium or low."),
        maybe("title", "text", "What it is. NULL: not said."),
        maybe("first_seen_at", "timestamp", "When it was first seen, as its source says. NULL: then at seen_at."),
        maybe("closed_at", "timestamp", "When it was fixed or mitigated. NULL: it was not, at that moment."),
        maybe("fix_commit", "text", "The commit that fixed it. NULL: none is named."),
        maybe("pentest", "text", "The penetration test that found it. NULL: none did."),
        maybe("rule", "text", "The scanner's rule, or the advisory. NULL: not said."),
        maybe("path", "text", "The file. NULL: it is in none, or not said."),
        maybe("line", "int", "The line of the file, from 1. NULL: not said."),
        maybe("commit", "text", "The commit that was scanned. NULL: not said."),
        maybe(
            "package",
            "text",
            "The package with its ecosystem: `npm:left-pad`. NULL: none, or not said.",
        ),
        maybe("package_version", "text", "The version of it. NULL: it is about no package, or not said."),
        maybe("scope", "text", "What of the target was scanned: a folder, an image. NULL: all of it, or not said."),
        maybe(
            "attribution",
            "text",
            "Who wrote the line: ai-tracked, ai-declared, human-tracked, automation or unknown. NULL: it was not "
            "traced.",
        ),
        maybe("written_in", "text", "The commit that wrote the line. NULL: it was not traced."),
    ),
    identity=("finding", "seen_at"),
    occurred="seen_at",
)

FINDING_DECISIONS = recorded(
    "finding_decisions",
    "One row for each decision of a person on a finding: to accept it for a time, to rate it lower, or to state "
    "how far it concerns the product.",
    (
        column("finding", "text", "The finding."),
        column("decided_at", "timestamp", "When."),
        column("decision", "text", "accepted, downgraded or assessed."),
        column("decided_by", "text", "The account or person who decided."),
        maybe("reason", "text", "Why. NULL: no reason is given; then the decision does not count."),
        maybe("accepted_until", "timestamp", "Until when it is accepted. NULL: no end; then it does not count."),
        maybe("severity", "text", "The severity from then on. NULL: it is no downgrade."),
        maybe(
            "vex_status",
            "text",
            "Whether it concerns the product: not_affected, affected, fixed or under_investigation. NULL: no word.",
        ),
        maybe(
            "justification",
            "text",
            "Why not, in a word of OpenVEX: component_not_present, vulnerable_code_not_present, "
            "vulnerable_code_not_in_execute_path, vulnerable_code_cannot_be_controlled_by_adversary or "
            "inline_mitigations_already_exist. NULL: not stated.",
        ),
        maybe("vulnerability", "text", "The advisory that it is about. NULL: the finding's own."),
        maybe("component", "text", "The package URL that it is about. NULL: the finding's own package."),
    ),
    identity=("finding", "decided_at"),
    occurred="decided_at",
)

FINDINGS = derived(
    "findings",
    "One row for each finding, with the one clock that runs for it: from the first time it was seen.",
    (
        column("finding", "text", "The finding."),
        column("target", "text", "Where it is."),
        column("found_by", "text", "Who or what found it first."),
        column(
            "severity",
            "text",
            "The highest severity that it ever had, unless a person rated it lower, with reason.",
        ),
        column("severity_told", "text", "The severity as it was told last."),
        maybe(
            "downgrade_justified",
            "bool",
            "Whether a person gave a reason for the lower severity. NULL: it is not lower, or not known.",
        ),
        column(
            "first_seen_at",
            "timestamp",
            "The earliest moment at which any source saw it; finding it again changes nothing.",
        ),
        maybe(
            "closed_at", "timestamp", "When it was closed for good. NULL: it was not, or it was seen again later."
        ),
        maybe(
            "reopened_at", "timestamp", "When it was first seen again after it had been closed. NULL: it was not."
        ),
        maybe(
            "accepted", "bool", "Whether a person accepted it, with reason and end. NULL: decisions are not seen."
        ),
        maybe("accepted_at", "timestamp", "When it was first accepted. NULL: it was not."),
        maybe("accepted_by", "text", "Who did, at last. NULL: nobody."),
        maybe("accepted_until", "timestamp", "Until when, without a break. NULL: it was not."),
        maybe("decisions_seen_until", "timestamp", "Until when decisions were listed since. NULL: not at all."),
        maybe("pentest", "text", "The penetration test that found it. NULL: none did."),
        column(
            "attribution",
            "text",
            "Who wrote the line where it was seen first, or the newest change that brought the package in that "
            "version: ai-tracked, ai-declared, human-tracked, automation or unknown.",
        ),
        maybe("days_to_fix", "int", "Full days from the first sight to the closing. NULL: it is open."),
        column(
            "is_of_package", "bool", "Whether it is a known weakness of a package, and not one in a line of code."
        ),
    ),
    key="finding",
    covered_by=("findings_seen",),
)

PENTESTS = recorded(
    "pentests",
    "One row for each penetration test, from its report.",
    (
        column("pentest", "text", "The report's id."),
        column("ended_at", "timestamp", "When the testing ended."),
        column("tester", "text", "Who tested."),
        maybe("started_at", "timestamp", "When it began. NULL: the report does not say."),
        maybe(
            "is_independent", "bool", "Whether the tester had no part in building what was tested. NULL: not known."
        ),
        maybe("scope", "text[]", "What was tested. NULL: the report does not say."),
        maybe(
            "covers_production",
            "bool",
            "Whether that is the production application and its interfaces. NULL: not known.",
        ),
        maybe(
            "covers_ai_features", "bool", "Whether it holds prompt injection and abuse of tools. NULL: not known."
        ),
        maybe("has_ai_features", "bool", "Whether the product had AI features then. NULL: not known."),
        maybe("finding_count", "int", "Findings that the report lists. NULL: not noted."),
    ),
    identity=("pentest",),
    occurred="ended_at",
)

PENETRATION_TESTS = derived(
    "penetration_tests",
    "One row for each penetration test, with whether its findings are tracked like all others.",
    (
        column("pentest", "text", "The report's id."),
        column("ended_at", "timestamp", "When the testing ended."),
        column("tester", "text", "Who tested."),
        maybe("is_independent", "bool", "Whether the tester had no part in building it. NULL: not known."),
        maybe("covers_production", "bool", "Whether it covers the production application. NULL: not known."),
        maybe(
            "covers_ai_features", "bool", "Whether AI features, where there are any, were tested. NULL: not known."
        ),
        maybe("finding_count", "int", "Findings that the report lists. NULL: not noted."),
        maybe(
            "tracked_findings", "int", "Findings of it that are tracked. NULL: none, and the list is not covered."
        ),
    ),
    key="pentest",
    covered_by=("pentests",),
)

BASELINE_RUNS = recorded(
    "baseline_runs",
    "One row for each check of one target against its hardening baseline.",
    (
        column("run", "text", "The run's id."),
        column("target", "text", "The target."),
        column("ran_at", "timestamp", "When it ended."),
        column("succeeded", "bool", "Whether it ran to its end."),
        maybe("baseline", "text", "The baseline and its version. NULL: not noted."),
        maybe("failures", "text[]", "Rules that failed and have no exception. NULL: not noted."),
        maybe("excepted", "text[]", "Rules that failed and have an approved exception. NULL: none, or not noted."),
    ),
    identity=("run",),
    occurred="ran_at",
)

BASELINE_DAYS = derived(
    "baseline_days",
    "One row for each target with a baseline and each day (UTC) that it was in use.",
    (
        column("target_day", "text", "`target | day`."),
        column("target", "text", "The target."),
        column("day", "timestamp", "The day's first moment, UTC."),
        column("kind", "text", "What the target is."),
        maybe("runs", "int", "Runs that ended well that day. NULL: none is known, and no list covers the day."),
        maybe("failures", "text[]", "Rules that the last of them found failing. NULL: no run, or it does not say."),
        maybe(
            "oldest_failure_days",
            "int",
            "Days since the oldest of these rules began to fail without a break; 0: none fails. NULL: as above.",
        ),
    ),
    key="target_day",
    covered_by=("baseline_runs", "scan_targets"),
)

TABLES = (
    SCAN_TARGETS,
    SCAN_RUNS,
    SCAN_DAYS,
    FINDINGS_SEEN,
    FINDING_DECISIONS,
    FINDINGS,
    PENTESTS,
    PENETRATION_TESTS,
    BASELINE_RUNS,
    BASELINE_DAYS,
)
