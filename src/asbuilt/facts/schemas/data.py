"""Confidential data: where it lies, how it is classed, when it goes, and which AI hosts it reaches."""

from asbuilt.facts.schemas.duties import DUTY
from asbuilt.facts.schemas.table import column, derived, maybe, recorded

DATA_ASSETS_SEEN = recorded(
    "data_assets_seen",
    "One row for each time that a store or flow of data stood on the cloud's or the platform's own list.",
    (
        column("asset", "text", "The store's or flow's id on that list."),
        column("seen_at", "timestamp", "When it stood there."),
        column(
            "kind",
            "text",
            "database, bucket, queue, volume, prompt-log, vector-index, evaluation-set, flow or other.",
        ),
        column("is_production", "bool", "Whether it is of the production environment."),
        maybe("first_seen_at", "timestamp", "When it was made, or first stood there. NULL: then at seen_at."),
        maybe("gone_at", "timestamp", "When it was removed. NULL: it was not."),
    ),
    identity=("asset", "seen_at"),
    occurred="seen_at",
)

DATA_INVENTORY = recorded(
    "data_inventory",
    "One row for each entry, or each review of an entry, in the company's data inventory.",
    (
        column("asset", "text", "The store or flow, by its id on the cloud's list."),
        column("reviewed_at", "timestamp", "When the entry was made or reviewed."),
        maybe("classification", "text", "The class of its data. NULL: not classified."),
        maybe("owner", "text", "The person who answers for it. NULL: nobody is named."),
        maybe("purposes", "text[]", "What personal data in it is used for. NULL: none is in it, or not said."),
        maybe("reviewed_by", "text", "Who reviewed. NULL: not noted."),
    ),
    identity=("asset", "reviewed_at"),
    occurred="reviewed_at",
)

DATA_ASSET_DUTIES = derived(
    "data_asset_duties",
    "One row for each look at the inventory that a store or flow is owed: its entry, then from review to review.",
    (
        *DUTY,
        column("asset", "text", "The store or flow."),
        column("kind", "text", "What it is; `unseen` when only the inventory names it."),
        column("is_first", "bool", "Whether this is its entry, not a review of it."),
        maybe("classification", "text", "The class given then. NULL: none."),
        maybe("owner", "text", "The owner named then. NULL: none."),
    ),
    key="duty",
    covered_by=("data_assets_seen", "data_inventory"),
)

RETENTION_ENDS = recorded(
    "retention_ends",
    "One row for each end of a contract or of a retention time, from the contracts or the data's own clock.",
    (
        column("ending", "text", "Its id."),
        column("ended_at", "timestamp", "When the contract or the retention time was over."),
        column("kind", "text", "contract, retention or request."),
        column("stores", "text[]", "Stores that hold the data: provider logs, fine-tunes and vector copies too."),
        maybe("customer", "text", "Whose data. NULL: not noted."),
        maybe(
            "promised_days", "int", "Days within which it must be gone. NULL: no own promise; the company's holds."
        ),
    ),
    identity=("ending",),
    occurred="ended_at",
)

DISPOSALS = recorded(
    "disposals",
    "One row for each deletion or return of data from one store.",
    (
        column("disposal", "text", "Its id."),
        column("ending", "text", "The end that it answers."),
        column("store", "text", "The store."),
        column("deleted_at", "timestamp", "When it was deleted or returned."),
        maybe("backups_gone_at", "timestamp", "When the last backup that holds it goes. NULL: not known."),
        maybe("has_backups", "bool", "Whether backups hold it. NULL: not known."),
        maybe("verified_at", "timestamp", "When a query looked for what is left. NULL: none did."),
        maybe("rows_left", "int", "Rows that the query found. NULL: none was run."),
        maybe("proof", "text", "The log or the certificate. NULL: none is kept."),
    ),
    identity=("disposal",),
    occurred="deleted_at",
)

DISPOSAL_DUTIES = derived(
    "disposal_duties",
    "One row for each store that holds data whose time is over.",
    (
        *DUTY,
        column("ending", "text", "The end that asks for it."),
        column("store", "text", "The store."),
        column("kind", "text", "contract, retention or request."),
        maybe("promised_days", "int", "Days promised. NULL: the company's own limit holds."),
        maybe("deleted_at", "timestamp", "When it was deleted; done_at waits for the backups. NULL: it was not."),
        maybe("backups_known", "bool", "Whether it is known when backups lose it. NULL: it was not deleted."),
        maybe("rows_left", "int", "Rows that a query found afterwards. NULL: none was run."),
    ),
    key="duty",
    covered_by=("retention_ends",),
)

AI_REQUESTS = recorded(
    "ai_requests",
    "One row for each request, or the equal requests of an hour, that went through the AI gateway.",
    (
        column("request", "text", "Its id in the gateway's log."),
        column("requested_at", "timestamp", "When; of several the first."),
        column("host", "text", "The host that it was for."),
        column("decision", "text", "allowed, redacted or blocked."),
        maybe("data_class", "text", "The class that the gateway found. NULL: it did not look."),
        maybe("requests", "int", "How many the row stands for. NULL: one."),
    ),
    identity=("request",),
    occurred="requested_at",
)

AI_EGRESS = recorded(
    "ai_egress",
    "One row for each connection, or the connections of a day, to a known AI host as the network or device saw it.",
    (
        column("egress", "text", "Its id in that log."),
        column("seen_at", "timestamp", "When; of several the first."),
        column("host", "text", "The host."),
        column("through_gateway", "bool", "Whether it came from the gateway."),
        maybe("origin", "text", "The device, network or service. NULL: not noted."),
        maybe("connections", "int", "How many the row stands for. NULL: one."),
    ),
    identity=("egress",),
    occurred="seen_at",
)

AI_TRAFFIC = derived(
    "ai_traffic",
    "One row for each request through the AI gateway and each connection to an AI host that was seen outside.",
    (
        column("traffic", "text", "`gateway | request` or `egress | id`."),
        column("happened_at", "timestamp", "When."),
        column("host", "text", "The AI host."),
        column("through_gateway", "bool", "Whether the gateway saw it."),
        maybe("provider", "text", "The provider behind the host. NULL: no provider on the register has that host."),
        maybe(
            "provider_known",
            "bool",
            "Whether a provider on the register has that host. NULL: none has, and it is not covered.",
        ),
        maybe("data_class", "text", "The class that the gateway found. NULL: it did not look, or did not see it."),
        maybe("decision", "text", "allowed, redacted or blocked. NULL: the gateway did not see it."),
        maybe("class_allowed", "bool", "Whether that class may go to that provider. NULL: not known."),
    ),
    key="traffic",
    covered_by=("ai_requests", "ai_egress"),
)

DATA_MARKER_SCANS = recorded(
    "data_marker_scans",
    "One row for each search of a store for planted markers or the shape of customers' data.",
    (
        column("scan", "text", "Its id."),
        column("asset", "text", "The store."),
        column("scanned_at", "timestamp", "When."),
        column("markers_found", "int", "Hits."),
    ),
    identity=("scan",),
    occurred="scanned_at",
)

DATASETS = recorded(
    "datasets",
    "One row for each set of data used to test, evaluate, train or tune.",
    (
        column("dataset", "text", "Its id."),
        column("purpose", "text", "test, evaluation, training or tuning."),
        column("first_used_at", "timestamp", "When it was first used."),
        maybe("origin", "text", "Where it comes from. NULL: not said."),
        maybe("from_production", "bool", "Whether it comes from production data of customers. NULL: not known."),
        maybe("is_masked", "bool", "Whether what names customers is masked. NULL: not known."),
        maybe("approved_by", "text", "Who approved the source. NULL: nobody did."),
        maybe("approved_at", "timestamp", "When. NULL: it was not approved."),
    ),
    identity=("dataset",),
    occurred="first_used_at",
)

TRAINING_SWITCHES = recorded(
    "training_switches",
    "One row for each look at the switch of an AI workspace that lets its provider train on our data.",
    (
        column("workspace", "text", "The workspace or account."),
        column("looked_at", "timestamp", "When."),
        column("training_off", "bool", "Whether training is switched off."),
        maybe("provider", "text", "The provider. NULL: not noted."),
    ),
    identity=("workspace", "looked_at"),
    occurred="looked_at",
)

NON_PRODUCTION_DATA = derived(
    "non_production_data",
    "One row for each store outside production and month, each data set, and each look at a training switch.",
    (
        column("use", "text", "`store | id | month`, `dataset | id` or `workspace | id | when`."),
        column("kind", "text", "store, dataset or workspace."),
        column("subject", "text", "The store, data set or workspace."),
        column("happened_at", "timestamp", "The month's last moment but one second, the first use, or the look."),
        maybe(
            "looked",
            "bool",
            "Whether it was searched that month; true for data sets and switches. NULL: no search is known, and "
            "no list covers it.",
        ),
        maybe(
            "is_clean",
            "bool",
            "Whether it holds no production data of customers, or the provider trains on none. NULL: not known.",
        ),
        maybe(
            "is_approved",
            "bool",
            "Whether its source was approved before; true for stores and switches. NULL: not known.",
        ),
    ),
    key="use",
    covered_by=("data_assets_seen", "data_marker_scans", "datasets", "training_switches"),
)

TABLES = (
    DATA_ASSETS_SEEN,
    DATA_INVENTORY,
    DATA_ASSET_DUTIES,
    RETENTION_ENDS,
    DISPOSALS,
    DISPOSAL_DUTIES,
    AI_REQUESTS,
    AI_EGRESS,
    AI_TRAFFIC,
    DATA_MARKER_SCANS,
    DATASETS,
    TRAINING_SWITCHES,
    NON_PRODUCTION_DATA,
)
