"""The machines that people work with, and the software that runs on them, in pipelines and in production."""

from asbuilt.facts.schemas.table import column, derived, maybe, recorded, state

DEVICE_SIGN_INS = recorded(
    "device_sign_ins",
    "One row for each sign-in of a person to a system, or the sign-ins of a day from one device to one system.",
    (
        column("sign_in", "text", "Its id in the sign-in log."),
        column("signed_in_at", "timestamp", "When; of several the first."),
        column("system", "text", "The system that was signed in to."),
        column("account", "text", "The account."),
        maybe("device", "text", "The device's serial number or id. NULL: the log does not name it."),
    ),
    identity=("system", "sign_in"),
    part="system",
    parts="systems",
    occurred="signed_in_at",
)

DEVICE_POSTURES = state(
    "device_postures",
    "One row for each look at a device by the device management: a device that is not enrolled has none.",
    (
        column("device", "text", "The device's serial number or id."),
        maybe("is_encrypted", "bool", "Whether its disk is encrypted. NULL: not known."),
        maybe("recovery_key_kept", "bool", "Whether the company keeps its recovery key. NULL: not known."),
        maybe(
            "patch_delay_days",
            "int",
            "Days since the oldest security update that it lacks came out; 0: it lacks none. NULL: not known.",
        ),
        maybe("screen_lock_minutes", "int", "Idle minutes until its screen locks; 0: never. NULL: not known."),
        maybe("malware_protected", "bool", "Whether protection against malware runs on it. NULL: not known."),
        maybe(
            "unconfined_agents",
            "text[]",
            "Coding agents on it that run without a sandbox, or without the policy file that the device "
            "management puts there. NULL: nobody looked.",
        ),
    ),
    identity=("device",),
)

DEVICE_DAYS = derived(
    "device_days",
    "One row for each device and day (UTC) on which it signed in to a system in scope. Of several looks that "
    "touch the day the worst counts.",
    (
        column("device_day", "text", "`device | day`; without a device `(no device) | account | day`."),
        column("day", "timestamp", "The day's first moment, UTC."),
        maybe("device", "text", "The device. NULL: the log does not name it."),
        column("accounts", "text[]", "Accounts that signed in from it."),
        column("systems", "text[]", "Systems that they signed in to; one on no list counts as in scope."),
        maybe(
            "is_enrolled",
            "bool",
            "Whether the device management knew it that day. NULL: the device is not named, or no list covers the "
            "day.",
        ),
        maybe("is_encrypted", "bool", "Whether its disk was encrypted. NULL: not known."),
        maybe("patch_delay_days", "int", "Days since the oldest update that it lacked came out. NULL: not known."),
        maybe(
            "screen_lock_minutes", "int", "Idle minutes until its screen locked; 0: it did not. NULL: not known."
        ),
        maybe("malware_protected", "bool", "Whether protection against malware ran. NULL: not known."),
        maybe("unconfined_agents", "text[]", "Coding agents without sandbox or policy. NULL: nobody looked."),
    ),
    key="device_day",
    covered_by=("device_sign_ins", "device_postures"),
)

SOFTWARE_SEEN = recorded(
    "software_seen",
    "One row for each time that a list showed a piece of software that runs: the cluster's images, the pipelines' "
    "actions, the extensions, skills and MCP servers on devices.",
    (
        column("sighting", "text", "Its id: what names list, place, software and version."),
        column("software", "text", "Its name: `registry/image`, `owner/action`, `publisher.extension`."),
        column("kind", "text", "image, package, action, extension, mcp-server, skill, connector or other."),
        column("place", "text", "Where it runs: the cluster, the pipeline's file, the device."),
        column("seen_at", "timestamp", "When the list showed it."),
        maybe("version", "text", "The version or digest that ran. NULL: the list does not say."),
        maybe(
            "is_pinned",
            "bool",
            "Whether its place names it by digest, commit or locked version, so that nobody can put another in its "
            "stead. NULL: not known.",
        ),
        maybe("first_seen_at", "timestamp", "When it came there. NULL: then at seen_at."),
        maybe("gone_at", "timestamp", "When it was taken away. NULL: it was not, at that moment."),
    ),
    identity=("sighting",),
    occurred="seen_at",
)

SOFTWARE_ALLOWED = recorded(
    "software_allowed",
    "One row for each entry of the list of approved software.",
    (
        column("entry", "text", "The entry's id."),
        column("software", "text", "The software's name, as the lists of what runs show it."),
        column("kind", "text", "image, package, action, extension, mcp-server, skill, connector or other."),
        maybe("versions", "text[]", "The versions or digests that it allows. NULL: every one."),
        maybe("approved_by", "text", "Who approved it. NULL: nobody did."),
        maybe("approved_at", "timestamp", "When. NULL: it was not approved."),
        maybe("withdrawn_at", "timestamp", "When the approval was taken back. NULL: it was not."),
    ),
    identity=("entry",),
    occurred="approved_at",
)

SOFTWARE_USES = derived(
    "software_uses",
    "One row for each version of a piece of software in each place where a list showed it.",
    (
        column("use", "text", "Kind, software, version and place, joined by ' | '."),
        column("kind", "text", "image, package, action, extension, mcp-server, skill, connector or other."),
        column("software", "text", "Its name."),
        column("place", "text", "Where it runs."),
        maybe("version", "text", "The version or digest. NULL: the lists do not say."),
        column("first_seen_at", "timestamp", "When it came there."),
        maybe("gone_at", "timestamp", "When it was taken away. NULL: it was not, as far as the lists tell."),
        maybe("is_pinned", "bool", "Whether every list showed it pinned. NULL: not known."),
        maybe(
            "is_listed",
            "bool",
            "Whether the list of approved software holds it, in that version, approved by a person at work then. "
            "NULL: not known.",
        ),
        maybe("approved_by", "text", "Who approved it. NULL: nobody did."),
        maybe("approved_at", "timestamp", "When. NULL: it was not approved."),
        maybe("withdrawn_at", "timestamp", "When the approval was taken back. NULL: it was not."),
    ),
    key="use",
    covered_by=("software_seen", "software_allowed"),
)

TABLES = (
    DEVICE_SIGN_INS,
    DEVICE_POSTURES,
    DEVICE_DAYS,
    SOFTWARE_SEEN,
    SOFTWARE_ALLOWED,
    SOFTWARE_USES,
)
