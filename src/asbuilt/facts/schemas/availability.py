"""Staying up: services and their probes, backups, restores, and the plan for when nothing works."""

from asbuilt.facts.schemas.table import column, derived, maybe, recorded

SERVICES = recorded(
    "services",
    "One row for each production service that customers rely on.",
    (
        column("service", "text", "The service's id."),
        column("in_scope", "bool", "Whether the audit covers it."),
        column("is_critical", "bool", "Whether customers cannot work without it."),
        maybe(
            "committed_uptime",
            "int",
            "Uptime promised for a month, in hundredths of a percent: 9990 is 99.90 %. NULL: nothing is promised.",
        ),
        maybe("zones", "int", "Independent zones that it runs in. NULL: not known."),
        maybe(
            "single_zone_accepted_by",
            "text",
            "The person who accepts that it has one zone only. NULL: nobody does.",
        ),
        maybe("in_use_from", "timestamp", "From when. NULL: before anything recorded."),
        maybe("in_use_until", "timestamp", "Until when, that moment left out. NULL: it still is."),
    ),
    identity=("service",),
    occurred="in_use_from",
)

UPTIME_PROBES = recorded(
    "uptime_probes",
    "One row for each probe of a service, or for the probes of a minute, an hour or a day together.",
    (
        column("service", "text", "The service."),
        column("prober", "text", "Who probed, and from where."),
        column("probed_from", "timestamp", "From when these probes speak."),
        column("probed_until", "timestamp", "Until when, that moment left out."),
        column("answered", "int", "Probes that were answered as they should be."),
        column("failed", "int", "Probes that were not."),
        maybe("is_independent", "bool", "Whether the prober runs outside of what it probes. NULL: not known."),
    ),
    identity=("service", "prober", "probed_from"),
    occurred="probed_from",
)

MAINTENANCE_WINDOWS = recorded(
    "maintenance_windows",
    "One row for each maintenance window of a service that was announced.",
    (
        column("maintenance", "text", "Its id."),
        column("service", "text", "The service."),
        column("starts_at", "timestamp", "When it began."),
        column("ends_at", "timestamp", "When it ended."),
        maybe(
            "announced_at", "timestamp", "When customers were told. NULL: they were not; then it excuses nothing."
        ),
    ),
    identity=("maintenance",),
    occurred="starts_at",
)

AVAILABILITY_REVIEWS = recorded(
    "availability_reviews",
    "One row for each review of availability and capacity.",
    (
        column("review", "text", "The review's id."),
        column("month", "timestamp", "The month looked at: its first moment."),
        column("reviewed_at", "timestamp", "When."),
        column("reviewed_by", "text", "Who."),
        maybe("services", "text[]", "Services looked at. NULL: all of them."),
        maybe(
            "capacity_reviewed",
            "bool",
            "Whether capacity and quotas, those of AI providers too, were looked at. NULL: not noted.",
        ),
    ),
    identity=("review",),
    occurred="reviewed_at",
)

UPTIME_MONTHS = derived(
    "uptime_months",
    "One row for each service in scope and each month (UTC) that it was in use: its uptime, computed again.",
    (
        column("service_month", "text", "`service | month`."),
        column("service", "text", "The service."),
        column("month", "timestamp", "The month's first moment."),
        column("month_end", "timestamp", "The next month's first moment."),
        maybe("committed_uptime", "int", "Hundredths of a percent promised. NULL: nothing is promised."),
        column("expected_seconds", "int", "Seconds in use, announced maintenance left out."),
        column("probed_seconds", "int", "Seconds of these that independent probes speak for."),
        column("uptime_at_least", "int", "Hundredths of a percent when all that was not probed was down."),
        column("uptime_at_most", "int", "Hundredths of a percent when all that was not probed was up."),
        maybe("reviewed_at", "timestamp", "The first review of that month. NULL: none is known."),
        maybe("capacity_reviewed", "bool", "Whether that review looked at capacity too. NULL: none, or not noted."),
        maybe("reviews_seen_until", "timestamp", "Until when reviews were listed since. NULL: not at all."),
    ),
    key="service_month",
    covered_by=("services", "uptime_probes"),
)

PROTECTED_STORES = recorded(
    "protected_stores",
    "One row for each store of production data in the backup plan, or declared rebuildable.",
    (
        column("store", "text", "The store's id, as the cloud's list names it."),
        column("in_plan", "bool", "Whether it is backed up."),
        maybe(
            "rebuildable_by", "text", "Who declares that it can be rebuilt from other stores. NULL: nobody does."
        ),
        maybe("in_use_from", "timestamp", "From when. NULL: before anything recorded."),
        maybe("in_use_until", "timestamp", "Until when, that moment left out. NULL: it still is."),
    ),
    identity=("store",),
    occurred="in_use_from",
)

BACKUPS = recorded(
    "backups",
    "One row for each run of a backup of one store.",
    (
        column("backup", "text", "The run's id."),
        column("store", "text", "The store."),
        column("ran_at", "timestamp", "When it ended."),
        column("succeeded", "bool", "Whether it did."),
        maybe("is_encrypted", "bool", "Whether the copy is encrypted. NULL: not known."),
        maybe("is_replicated", "bool", "Whether it lies in a second place. NULL: not known."),
        maybe("is_delete_protected", "bool", "Whether nobody can delete it early. NULL: not known."),
        maybe("failure_ticket", "text", "The ticket for its failure. NULL: none."),
        maybe("fixed_at", "timestamp", "When the failure was mended. NULL: it was not, or nothing failed."),
    ),
    identity=("backup",),
    occurred="ran_at",
)

STORE_DAYS = derived(
    "store_days",
    "One row for each store of production data and each day (UTC) that it was in use.",
    (
        column("store_day", "text", "`store | day`."),
        column("store", "text", "The store."),
        column("day", "timestamp", "The day's first moment, UTC."),
        maybe("in_plan", "bool", "Whether the backup plan has it. NULL: it has not, and the plan is not covered."),
        column("is_rebuildable", "bool", "Whether a named person declares that it can be rebuilt."),
        maybe(
            "backed_up",
            "bool",
            "Whether a backup of that day succeeded. NULL: none is known, and no list covers the day.",
        ),
        maybe(
            "is_protected",
            "bool",
            "Whether one of these is encrypted, replicated and safe from deletion. NULL: none, or not known.",
        ),
        maybe("failure_ticket", "text", "The ticket for a failure of that day. NULL: none."),
        maybe(
            "fixed_after_hours",
            "int",
            "Full hours from that failure to its mending. NULL: it was not mended, or nothing failed.",
        ),
    ),
    key="store_day",
    covered_by=("backups", "protected_stores", "data_assets_seen"),
)

RECOVERY_TESTS = recorded(
    "recovery_tests",
    "One row for each test that restored data or recovered the whole service.",
    (
        column("test", "text", "The test's id."),
        column("kind", "text", "restore or full-recovery."),
        column("held_at", "timestamp", "When."),
        maybe("data_set", "text", "What was restored. NULL: not noted."),
        maybe("succeeded", "bool", "Whether it worked. NULL: not noted."),
        maybe(
            "integrity_checked",
            "bool",
            "Whether what came back was compared with what it should be. NULL: not noted.",
        ),
        maybe("recovery_minutes", "int", "Minutes that it took. NULL: not measured."),
        maybe("recovery_objective_minutes", "int", "Minutes that it may take. NULL: none is set."),
        maybe("lost_minutes", "int", "Minutes of data that were lost. NULL: not measured."),
        maybe("loss_objective_minutes", "int", "Minutes that may be lost. NULL: none is set."),
        maybe("action", "text", "The ticket for what did not work. NULL: none."),
    ),
    identity=("test",),
    occurred="held_at",
)

RECOVERY_RESULTS = derived(
    "recovery_results",
    "One row for each recovery test, with what it measured against its objectives.",
    (
        column("test", "text", "The test."),
        column("kind", "text", "restore or full-recovery."),
        column("held_at", "timestamp", "When."),
        maybe("integrity_checked", "bool", "Whether what came back was checked. NULL: not noted."),
        maybe(
            "objectives_met", "bool", "Whether it worked, in the time and with the loss allowed. NULL: not known."
        ),
        maybe("action", "text", "The ticket for what did not work. NULL: none."),
        maybe(
            "days_since_full_recovery",
            "int",
            "Days since the last full recovery, this one counted. NULL: none is known before it.",
        ),
        column(
            "full_recovery_is_listed",
            "bool",
            "Whether a complete list covers the year before it: an absent full recovery then was not held.",
        ),
    ),
    key="test",
    covered_by=("recovery_tests",),
)

CONTINUITY_PLANS = recorded(
    "continuity_plans",
    "One row for each approval or review of the plan for continuity and recovery.",
    (
        column("plan", "text", "The plan's id and version."),
        column("approved_at", "timestamp", "When it was approved or reviewed."),
        column("approved_by", "text", "Who did."),
        maybe(
            "topics",
            "text[]",
            "What it covers: vendor-loss, zone-failure, insurance, alternative-providers, ai-fallback. NULL: not "
            "noted.",
        ),
        maybe("contacts_tested_at", "timestamp", "When the list of contacts was tried last. NULL: not noted."),
    ),
    identity=("plan", "approved_at"),
    occurred="approved_at",
)

INSURANCES = recorded(
    "insurances",
    "One row for each insurance certificate against cyber incidents and interruption.",
    (
        column("certificate", "text", "The certificate's number."),
        column("insured_from", "timestamp", "From when."),
        column("insured_until", "timestamp", "Until when, that moment left out."),
        maybe("insurer", "text", "Who insures. NULL: not noted."),
    ),
    identity=("certificate",),
    occurred="insured_from",
)

CONTINUITY_APPROVALS = derived(
    "continuity_approvals",
    "One row for each approval of the continuity plan, with the insurance and the zones of that day.",
    (
        column("approval", "text", "`plan | when`."),
        column("plan", "text", "The plan's id and version."),
        column("approved_at", "timestamp", "When it was approved or reviewed."),
        maybe("approved_by_person", "bool", "Whether a known person did. NULL: nobody is known."),
        maybe("topics", "text[]", "What it covers. NULL: nobody looked."),
        maybe("contacts_tested_at", "timestamp", "When its contacts were tried. NULL: not noted."),
        maybe(
            "insured_until",
            "timestamp",
            "Until when certificates cover without a break, from that day on. NULL: no certificate covers it.",
        ),
        maybe("insured", "bool", "Whether one covers that day. NULL: none does, and they are not covered."),
        maybe(
            "single_zone_services",
            "text[]",
            "Critical services in one zone that nobody accepts. NULL: of one it is not known.",
        ),
    ),
    key="approval",
    covered_by=("continuity_plans",),
)

TABLES = (
    SERVICES,
    UPTIME_PROBES,
    MAINTENANCE_WINDOWS,
    AVAILABILITY_REVIEWS,
    UPTIME_MONTHS,
    PROTECTED_STORES,
    BACKUPS,
    STORE_DAYS,
    RECOVERY_TESTS,
    RECOVERY_RESULTS,
    CONTINUITY_PLANS,
    INSURANCES,
    CONTINUITY_APPROVALS,
)
