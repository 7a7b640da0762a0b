"""What runs, beside the code: changes in the cloud, drift, database writes, openings to the network, premises."""

from asbuilt.facts.schemas.table import column, derived, maybe, recorded, state

INFRASTRUCTURE_EVENTS = recorded(
    "infrastructure_events",
    "One row for each change to infrastructure, feature flags or security settings, from the cloud's own audit "
    "log.",
    (
        column("event", "text", "The event's id in that log."),
        column("system", "text", "The system that was changed."),
        column("changed_at", "timestamp", "When."),
        column("actor", "text", "The account that did it."),
        maybe("what", "text", "The call and the resource. NULL: the log does not say."),
        maybe("by_pipeline", "bool", "Whether the pipeline did it, not a console or a terminal. NULL: not known."),
        maybe("commit", "text", "The commit that the pipeline applied. NULL: none is named."),
    ),
    identity=("system", "event"),
    part="system",
    occurred="changed_at",
)

DRIFTS = recorded(
    "drifts",
    "One row for each difference between the code and what runs, as the daily comparison finds it.",
    (
        column("drift", "text", "Its id."),
        column("system", "text", "The system."),
        column("found_at", "timestamp", "When it was first found."),
        maybe("closed_at", "timestamp", "When code and system were the same again. NULL: they are not."),
    ),
    identity=("system", "drift"),
    part="system",
    occurred="found_at",
)

DATABASE_WRITES = recorded(
    "database_writes",
    "One row for each migration that was executed, and each direct write to production data, from the database's "
    "log.",
    (
        column("system", "text", "The database."),
        column("write_id", "text", "The migration's or the statement's id in the log."),
        column("executed_at", "timestamp", "When."),
        column("kind", "text", "migration or manual."),
        column("executed_by", "text", "The account."),
        maybe("change_id", "text", "The change that brought the migration. NULL: none, or not known."),
        maybe("ticket", "text", "The ticket. NULL: none is named."),
        maybe("approved_by", "text", "The second person. NULL: nobody."),
        maybe("approved_at", "timestamp", "When. NULL: nobody approved it."),
        maybe("backed_up_at", "timestamp", "The backup that would undo it. NULL: not known."),
        maybe("tested_at", "timestamp", "When it was tried elsewhere before. NULL: not known."),
        maybe("is_destructive", "bool", "Whether it deletes or drops. NULL: not known."),
    ),
    identity=("system", "write_id"),
    part="system",
    occurred="executed_at",
)

NETWORK_OPENINGS = state(
    "network_openings",
    "One row for each look at a rule that lets traffic in: each security group, firewall rule, public address or "
    "preview.",
    (
        column("system", "text", "The system that it lets into."),
        column("rule", "text", "The rule's id."),
        column("port", "text", "The port, the range `from-to`, or `all`."),
        maybe("open_to_all", "bool", "Whether anybody on the internet gets through. NULL: not known."),
        maybe("behind_gateway", "bool", "Whether one passes a VPN or a zero-trust gateway first. NULL: not known."),
        maybe("commit", "text", "The change that made it. NULL: none is named."),
    ),
    identity=("system", "rule"),
    part="system",
)

INFRASTRUCTURE_CHANGES = derived(
    "infrastructure_changes",
    "One row for each change to infrastructure, and each difference between code and what runs.",
    (
        column("infrastructure_change", "text", "Kind, system and id."),
        column("kind", "text", "event or drift."),
        column("system", "text", "The system."),
        column("happened_at", "timestamp", "When it was changed, or the difference was found."),
        maybe("actor", "text", "The account that did it. NULL: it is a drift."),
        maybe("by_pipeline", "bool", "Whether the pipeline did it. NULL: not known, or it is a drift."),
        maybe(
            "is_reviewed_change",
            "bool",
            "Whether what was applied is a change on the protected branch that an independent person approved "
            "before. "
            "NULL: not known, or it is a drift.",
        ),
        maybe("closed_at", "timestamp", "When the difference was closed. NULL: it is open, or it is an event."),
        maybe(
            "seen_until", "timestamp", "Until when drifts were read since. NULL: they were not, or it is an event."
        ),
    ),
    key="infrastructure_change",
    covered_by=("infrastructure_events", "drifts"),
)

DATABASE_CHANGES = derived(
    "database_changes",
    "One row for each migration and each direct write to production data, with what stands behind it.",
    (
        column("database_change", "text", "Database and id."),
        column("kind", "text", "migration or manual."),
        column("executed_at", "timestamp", "When."),
        column("executed_by", "text", "The account."),
        maybe("by_agent", "bool", "Whether an agent did it. NULL: who is an agent could not be seen."),
        maybe("is_destructive", "bool", "Whether it deletes or drops. NULL: not known."),
        maybe(
            "is_reviewed_change",
            "bool",
            "Whether a change brought it that landed before and that an independent person approved. NULL: not "
            "known.",
        ),
        maybe("has_ticket", "bool", "Whether a ticket is named. NULL: the log of fixes was not complete then."),
        maybe(
            "second_person_approved",
            "bool",
            "Whether another person, at work then, approved it before it ran. NULL: not known.",
        ),
        maybe("was_backed_up", "bool", "Whether a backup was taken before. NULL: not known."),
        maybe("was_tested", "bool", "Whether it was tried elsewhere before. NULL: not known."),
    ),
    key="database_change",
    covered_by=("database_writes",),
)

SITES = recorded(
    "sites",
    "One row for each place in scope: an office, a data centre, or the statement that there is no office.",
    (
        column("site", "text", "The place."),
        column("kind", "text", "office, data-centre or fully-remote."),
        maybe("operator", "text", "Of a data centre: the vendor that runs it. NULL: not said."),
        maybe("entry_controlled", "bool", "Whether one needs a badge or a key. NULL: not known."),
        maybe("visitors_logged", "bool", "Whether visitors are written down and accompanied. NULL: not known."),
        maybe("stated_by", "text", "Of a fully remote company: who states it. NULL: nobody."),
        maybe("in_use_from", "timestamp", "From when. NULL: before anything recorded."),
        maybe("in_use_until", "timestamp", "Until when, that moment left out. NULL: it still is."),
    ),
    identity=("site",),
    occurred="in_use_from",
)

SITE_REVIEWS = recorded(
    "site_reviews",
    "One row for each review of who may enter a place, and each renewal of the statement that there is none.",
    (
        column("site", "text", "The place."),
        column("reviewed_at", "timestamp", "When."),
        column("reviewed_by", "text", "Who."),
    ),
    identity=("site", "reviewed_at"),
    occurred="reviewed_at",
)

PREMISES = derived(
    "premises",
    "One row for each review of a place, and each look at the report of the provider that runs it.",
    (
        column("premise", "text", "The place and the review."),
        column("site", "text", "The place."),
        column("kind", "text", "office, data-centre or fully-remote."),
        column("reviewed_at", "timestamp", "When it was reviewed, or the provider's report was."),
        maybe("entry_controlled", "bool", "Whether one needs a badge or a key. NULL: not known."),
        maybe("visitors_logged", "bool", "Whether visitors are written down. NULL: not known."),
        maybe("stated_by", "text", "Who states that there is no office. NULL: nobody."),
        maybe("report_from", "timestamp", "From when the report covers. NULL: it is no data centre."),
        maybe("report_until", "timestamp", "Until when report or bridge letter cover. NULL: there is none."),
        maybe(
            "report_gap_days",
            "int",
            "Days before the report that neither the one before nor a bridge letter covers; 0 for the first. "
            "NULL: there is no report.",
        ),
        maybe("user_controls_mapped", "bool", "Whether the controls it expects of us are mapped. NULL: not said."),
    ),
    key="premise",
    covered_by=("sites", "site_reviews", "vendor_reviews"),
)

ASSETS = recorded(
    "assets",
    "One row for each device, disk or store of data, from the register of assets.",
    (
        column("asset", "text", "Serial number, or the store's name."),
        column("kind", "text", "device, media or storage."),
        maybe("retired_at", "timestamp", "When it was taken out of use. NULL: it is in use."),
        maybe(
            "handed_over_at",
            "timestamp",
            "When it left our hands or went to the next user: sold, returned, scrapped, deleted. NULL: it did not.",
        ),
    ),
    identity=("asset",),
)

WIPES = recorded(
    "wipes",
    "One row for each time that a device, disk or store was wiped or destroyed.",
    (
        column("asset", "text", "The asset."),
        column("wiped_at", "timestamp", "When."),
        maybe("how", "text", "overwritten, crypto-erased, destroyed or by-provider. NULL: not said."),
        maybe("certificate", "text", "The certificate or the log that shows it. NULL: none is kept."),
    ),
    identity=("asset", "wiped_at"),
    occurred="wiped_at",
)

ASSET_RETIREMENTS = derived(
    "asset_retirements",
    "One row for each device, disk or store that was taken out of use.",
    (
        column("asset", "text", "The asset."),
        column("kind", "text", "device, media or storage."),
        maybe("retired_at", "timestamp", "When it was taken out of use. NULL: not noted."),
        maybe("handed_over_at", "timestamp", "When it left our hands or went to the next user. NULL: it did not."),
        maybe("wiped_at", "timestamp", "When it was last wiped before that. NULL: it was not, or not known."),
        maybe("was_wiped", "bool", "Whether it was wiped before it was handed over. NULL: not known."),
        maybe("has_certificate", "bool", "Whether certificate or log shows it. NULL: not known."),
    ),
    key="asset",
    covered_by=("assets", "wipes"),
)

TABLES = (
    INFRASTRUCTURE_EVENTS,
    DRIFTS,
    DATABASE_WRITES,
    NETWORK_OPENINGS,
    INFRASTRUCTURE_CHANGES,
    DATABASE_CHANGES,
    SITES,
    SITE_REVIEWS,
    PREMISES,
    ASSETS,
    WIPES,
    ASSET_RETIREMENTS,
)
