"""How data is guarded: encryption where it lies and on its way, and secrets that come into code."""

import msgspec

from asbuilt.facts.schemas.table import HELD, column, derived, maybe, recorded, state

ENCRYPTION_SETTINGS = state(
    "encryption_settings",
    "One row for each look at the encryption of a store of data, or of its backups, by the cloud's own settings.",
    (
        column("store", "text", "The store's id, as the cloud's own list names it."),
        column("copy", "text", "live: the store itself; backup: where its backups lie."),
        maybe("is_encrypted", "bool", "Whether what lies there is encrypted. NULL: not known."),
        maybe("key_managed", "bool", "Whether the key lies in a key management of ours. NULL: not known."),
        maybe("key_name", "text", "That key's name. NULL: not noted."),
    ),
    identity=("store", "copy"),
)

ENCRYPTION_AT_REST = msgspec.structs.replace(
    derived(
        "encryption_at_rest",
        "One row for each look at the encryption of a store, its backups or a device, for each backup that was not "
        "encrypted, and for the time from a store's making to the first look at it.",
        (
            column("look", "text", "What was looked at, from when, and the record it comes from."),
            column("place", "text", "The store, `store | backup`, or the device."),
            maybe("is_encrypted", "bool", "Whether what lies there is encrypted. NULL: not known."),
            maybe(
                "key_managed",
                "bool",
                "Whether the key lies in a key management of ours; of a device, whether we keep its recovery key. "
                "NULL: not known.",
            ),
            maybe(
                "unchecked_hours",
                "int",
                "Full hours from a store's making to the first look at it, or to the end of the list that shows "
                "none. NULL: the row is a look.",
            ),
            *HELD,
            column("observed_at", "timestamp", "When it was read."),
        ),
        key="look",
        covered_by=("encryption_settings", "device_postures", "data_assets_seen", "backups"),
    ),
    state=True,
)

PLACES_AT_REST = derived(
    "places_at_rest",
    "One row for each store of data on the cloud's own list, each store that has backups, and each device.",
    (
        column("place", "text", "The store, `store | backup`, or the device."),
        column("kind", "text", "What the list says a store is; backup; or device."),
        maybe("is_production", "bool", "Whether a store is of production. NULL: it is no store."),
        maybe("in_use_from", "timestamp", "From when. NULL: before anything recorded, or not known."),
        maybe("in_use_until", "timestamp", "Until when, that moment left out. NULL: it still is, or not known."),
    ),
    key="place",
    covered_by=("data_assets_seen", "backups", "assets", "device_postures"),
)

DATA_LINKS = recorded(
    "data_links",
    "One row for each public endpoint, and each link between our own services or to a provider that is declared.",
    (
        column("link", "text", "Host and port, or `from > to` of an internal link."),
        column("kind", "text", "public, internal or provider."),
        column("in_scope", "bool", "Whether customers' data passes through it."),
        maybe("system", "text", "The system that answers. NULL: not noted."),
        maybe("in_use_from", "timestamp", "From when. NULL: before anything recorded."),
        maybe("in_use_until", "timestamp", "Until when, that moment left out. NULL: it still is."),
    ),
    identity=("link",),
    occurred="in_use_from",
)

TLS_SCANS = state(
    "tls_scans",
    "One row for each scan of an endpoint or a link, or each stretch of a load balancer's policy.",
    (
        column("link", "text", "The endpoint or link."),
        maybe(
            "lowest_version",
            "text",
            "The oldest protocol that it still accepts: `TLS 1.3`, `TLS 1.2`, `TLS 1.1`, `TLS 1.0`, `SSL 3.0` or "
            "`none` for plain text. NULL: the scan did not get that far.",
        ),
        maybe(
            "certificate_valid",
            "bool",
            "Whether the certificate was in date, for that name, and signed by an authority that clients trust. "
            "NULL: not looked at.",
        ),
        maybe("certificate_until", "timestamp", "Until when the certificate is valid. NULL: not noted."),
    ),
    identity=("link",),
)

SECRET_PROTECTION = state(
    "secret_protection",
    "One row for each look at how a repository is guarded against secrets.",
    (
        column("repository", "text", "The repository, `owner/name`."),
        maybe("blocks_pushes", "bool", "Whether a push that holds a secret is refused. NULL: not known."),
        maybe("scans_history", "bool", "Whether all of its history was scanned. NULL: not known."),
        maybe(
            "scans_agent_files",
            "bool",
            "Whether transcripts and instruction files of agents are scanned too. NULL: not known.",
        ),
    ),
    identity=("repository",),
    part="repository",
    parts="repositories",
)

SECRET_ALERTS = recorded(
    "secret_alerts",
    "One row for each alert of the scanner for secrets, with what became of it.",
    (
        column("repository", "text", "The repository, `owner/name`."),
        column("alert", "text", "The alert's id."),
        column("opened_at", "timestamp", "When it was opened."),
        maybe("kind", "text", "What kind of secret. NULL: not said."),
        maybe("commit", "text", "The commit that brought it. NULL: not known."),
        maybe("revoked_at", "timestamp", "When the secret was made worthless at its issuer. NULL: it was not."),
        maybe("resolution", "text", "revoked, false-positive or test-value. NULL: it is open."),
        maybe("resolved_at", "timestamp", "When it was closed. NULL: it is open."),
        maybe("resolved_by", "text", "The account that closed it. NULL: not known."),
        maybe("reason", "text", "Why it is none, where it is closed as none. NULL: no reason is given."),
    ),
    identity=("repository", "alert"),
    part="repository",
    parts="repositories",
    occurred="opened_at",
)

SECRET_BYPASSES = recorded(
    "secret_bypasses",
    "One row for each push with a secret in it that was let through the block.",
    (
        column("repository", "text", "The repository, `owner/name`."),
        column("bypass", "text", "Its id in the forge's log."),
        column("pushed_at", "timestamp", "When."),
        column("pushed_by", "text", "The account that pushed."),
        maybe("reason", "text", "Why, as that account said. NULL: no reason is given."),
        maybe("approved_by", "text", "Who let it through. NULL: nobody is named."),
        maybe("commit", "text", "The commit that was pushed. NULL: not known."),
    ),
    identity=("repository", "bypass"),
    part="repository",
    parts="repositories",
    occurred="pushed_at",
)

SECRET_CHECKS = derived(
    "secret_checks",
    "One row for each change of a repository in scope, each alert about a secret, and each push that was let "
    "through the block.",
    (
        column("change_id", "text", "The change; `alert | repository | id`; or `bypass | repository | id`."),
        column("kind", "text", "change, alert or bypass."),
        column("repository", "text", "The repository, `owner/name`; one on no list counts as in scope."),
        column("attribution", "text", "Who wrote the change, or the change that brought the secret."),
        column("owed_from", "timestamp", "When it landed, the alert was opened, or it was pushed."),
        maybe(
            "done_at",
            "timestamp",
            "When its head was first scanned to the end; of an alert, when the secret was revoked, or a person "
            "closed it as none, with a reason. NULL: nothing shows that it was, or it is a bypass.",
        ),
        maybe(
            "seen_until",
            "timestamp",
            "Until when scans or alerts were read without a break since; scans for seven days at most, so that a "
            "longer limit stays open. NULL: they were not, or who closed the alert cannot be placed, or it is a "
            "bypass.",
        ),
        maybe("blocks_pushes", "bool", "Of a change: whether pushes with secrets were refused. NULL: not known."),
        maybe("scans_history", "bool", "Of a change: whether all of the history was scanned. NULL: not known."),
        maybe("scans_agent_files", "bool", "Of a change: whether agents' files were scanned. NULL: not known."),
        maybe("has_reason", "bool", "Of a bypass: whether a reason is given. NULL: it is none."),
        maybe(
            "approved_by_another",
            "bool",
            "Of a bypass: whether a person at work then, who did not push it, let it through. NULL: not known.",
        ),
    ),
    key="change_id",
    covered_by=("changes_seen", "checks", "secret_protection", "secret_alerts", "secret_bypasses"),
)

TABLES = (
    ENCRYPTION_SETTINGS,
    ENCRYPTION_AT_REST,
    PLACES_AT_REST,
    DATA_LINKS,
    TLS_SCANS,
    SECRET_PROTECTION,
    SECRET_ALERTS,
    SECRET_BYPASSES,
    SECRET_CHECKS,
)
