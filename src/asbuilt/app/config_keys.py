"""Every key of ``asbuilt.toml`` that may be set: its table, its type, its default, and what it does.

``docs/reference/configuration.md`` is made of them.
"""

import msgspec


class Key(msgspec.Struct, frozen=True):
    """One key that may be set: its table, its name, the type and default as text, and what it does."""

    table: str
    name: str
    type: str
    default: str
    doc: str


# Every key there is; docs/reference/configuration.md is checked against it.
KEYS = (
    Key(
        "ai_tools",
        "approved",
        "list of tool ids",
        "not set: no inventory is declared, and VEN-05 is unknown",
        "The AI tools that the company has approved, by the ids that `asbuilt signatures` lists. An empty list "
        "approves none.",
    ),
    Key(
        "review",
        "recorded_in",
        '"forge" or "commits"',
        '"forge"',
        "Where reviews are recorded. With `commits`, a change without a `Reviewed-by:` kind of trailer was not "
        "reviewed; with `forge`, git alone cannot tell, and the review is unknown.",
    ),
    Key(
        'controls."ID"',
        "SETTING",
        "as the control declares it",
        "the control's own",
        "A threshold of one control, for example `required_approvals` of CHG-01. `asbuilt explain ID` lists them.",
    ),
    Key(
        'controls."ID"',
        "not_applicable",
        'table of "reason", "by" and "on"',
        "not set: the control is tested",
        "Why a control does not apply here, which person says so, and since which day: "
        '`{ reason = "no offices", by = "Ana Lima", on = "2026-01-05" }`. It is shown with its reason.',
    ),
    Key(
        'controls."ID"',
        "retired",
        'table of "reason", "by" and "on"',
        "not set: the control is in use",
        "Why a control was taken out of use, by whom and when. It is no longer tested, and every report lists it.",
    ),
    Key("audit", "company", "text", '""', "The company's name, as reports print it."),
    Key("audit", "system", "text", '""', "The system that the audit is about."),
    Key(
        "audit",
        "categories",
        "list of categories",
        '["security"]',
        "Trust Services categories in scope: security (always), availability, processing_integrity, "
        "confidentiality, privacy.",
    ),
    Key(
        "audit",
        "controls",
        "list of folders",
        "[]",
        "Folders with the company's own controls, one Markdown file each, relative to this file.",
    ),
    Key(
        "audit",
        "risk",
        '"lower", "moderate" or "higher"',
        '"lower"',
        "How large the samples for the auditor are; see the page on sampling.",
    ),
    Key(
        "audit",
        "seed",
        "text",
        '""',
        "The seed of the samples. Agree on it with the auditor before the window ends.",
    ),
    Key(
        "audit",
        "look_back_days",
        "whole number",
        "365",
        "How many days back from its date a Type I audit looks for the newest item of each control.",
    ),
    Key(
        "audit",
        "void",
        "table of control ids, each a table of item = reason",
        "{}",
        "Drawn items that are no occurrences (a test record), and why; the next item takes their place.",
    ),
    Key(
        "people",
        "same",
        "list of lists of e-mail addresses",
        "[]",
        "Addresses of one person, where neither .mailmap nor the forge's own addresses join them.",
    ),
    Key(
        "gate",
        "require",
        "list of control ids",
        '["CHG-01", "CHG-02", "CHG-05", "CHG-17"]',
        "The controls that decide whether a change may land. Every other control over changes is reported. The "
        "gate reads this table from the base branch, never from the change.",
    ),
    Key(
        "gate", "report", "list of control ids", "[]", "Controls that are reported only, though they would decide."
    ),
    Key(
        "gate",
        "checks",
        "list of texts",
        "[]",
        "Names of the checks that must have succeeded on the head. Empty: every check that ran, and at least one.",
    ),
    Key("gate", "own_checks", "list of texts", "[]", "Names under which the gate itself runs: not waited for."),
    Key(
        "gate",
        "findings",
        '"critical", "high", "medium", "low" or "never"',
        '"high"',
        "From which severity on a finding of our own rules in the lines that a change adds keeps it from landing.",
    ),
    Key(
        "gate",
        "dependencies",
        "list of rules of `[supply]`",
        '["malicious", "existence", "advisories", "licence", "approval"]',
        "By which rules a package that a change brings in is refused at the gate, where `[supply]` refuses it; "
        "what the others say is reported. Rules: `malicious`, `existence`, `suspicion`, `advisories`, `yanked`, "
        "`deprecated`, `maintenance`, `age`, `licence`, `approval`.",
    ),
    Key(
        "gate",
        "undecided_dependencies",
        '"report" or "refuse"',
        '"report"',
        "What becomes of a package about which one of these rules could not be decided: it is always said; with "
        "`refuse` it keeps the change from landing.",
    ),
    Key(
        "gate",
        "unread",
        '"refuse" or "report"',
        '"refuse"',
        "What becomes of a changed file that the gate could not look at: too large, minified, of no text that can "
        "be read, a lock file that is none, a link, another repository. It is always said; with `refuse` it keeps "
        "the change from landing. Pictures, fonts, sound and films that are what their names say do not.",
    ),
    Key(
        "gate",
        "unread_paths",
        "list of globs",
        "[]",
        "Changed files that may stay unread, such as `static/vendor/**`: they are named, and do not refuse. The "
        "globs of `exclude`.",
    ),
    Key("gate", "unknown", '"refuse"', '"refuse"', "What could not be seen is refused; there is no other choice."),
    Key(
        "supply",
        "licences_allowed",
        "list of SPDX identifiers",
        "[]",
        "Licences that a package may have; of `A OR B` one is enough, of `A AND B` both are needed. Empty: every "
        "one that is not refused. `GPL-2.0-only WITH Classpath-exception-2.0` names a licence with its exception.",
    ),
    Key(
        "supply",
        "licences_refused",
        "list of SPDX identifiers",
        '["AGPL-3.0-only", "AGPL-3.0-or-later", "SSPL-1.0"]',
        "Licences that no package may have, unless its `OR` leaves another.",
    ),
    Key("supply", "licence_required", "true or false", "true", "Whether a package without a licence is refused."),
    Key(
        "supply",
        "at_least_days_old",
        "whole number",
        "7",
        "How many days ago a version must have been released when it comes in. 0: not asked.",
    ),
    Key(
        "supply",
        "unmaintained_after_days",
        "whole number",
        "not set: not asked",
        "From how many days after its newest release a package counts as unmaintained, and is refused.",
    ),
    Key(
        "supply",
        "refuse_unmaintained",
        "true or false",
        "true",
        "Whether a package is refused that an advisory calls unmaintained (RustSec).",
    ),
    Key(
        "supply",
        "refuse_deprecated",
        "true or false",
        "true",
        "Whether a package or version is refused that its registry calls deprecated, archived or quarantined. One "
        "that was taken back (yanked) always is.",
    ),
    Key(
        "supply",
        "advisories",
        "table of `older_than_days` and `refused_from`",
        '{ older_than_days = 7, refused_from = "high" }',
        "From which age on the store of advisories calls nothing clean, and the lowest level of a weakness that "
        "refuses a package: critical, high, medium or low. One known to be exploited (KEV) is critical. A harmful "
        "package is always refused, one without a level is never let through as low.",
    ),
    Key(
        "supply",
        "suspicions_refused_from",
        '"block", "high", "medium" or "low"',
        '"high"',
        "The lightest weight of a suspicion about a name or its history that refuses a package.",
    ),
    Key(
        "supply",
        "registries",
        "table of ecosystem = list of addresses",
        "{}: the indexes of the user's own configuration",
        "The indexes that `asbuilt registry fetch` asks, for example "
        '`{ PyPI = ["https://packages.example/simple"] }`. Without user and password: those stay in the files of '
        "the user.",
    ),
    Key(
        "supply",
        "approval",
        '"change" or "package"',
        '"change"',
        "Who must have agreed to a new package: whoever approves the change, or a person for the package itself, "
        "recorded as a `dependency_approvals` row. Only such a row can except a package from a rule, with a reason "
        "and an end.",
    ),
    Key(
        "inspect",
        "exclude",
        "list of globs",
        "[]",
        "Paths left out of the line totals: generated or vendored files. `*` stays within a folder, `**` crosses "
        "folders, a trailing `/` means everything below. What is excluded is counted and shown, never silent.",
    ),
    Key(
        "scan",
        "guards",
        "list of names",
        "[]",
        "Names of decorators, dependencies, mixins, permissions and middlewares of the company's own that refuse "
        "who is not signed in, where `asbuilt scan` cannot see it: `require_shop`, `tenant.guard`.",
    ),
    Key(
        "scan",
        "public",
        "list of routes",
        "[]",
        "Routes that are meant to be open to anybody: `/newsletter/*`, `POST /feedback`, or the name of a handler.",
    ),
    Key(
        "sync",
        "allow_private_hosts",
        "list of host names",
        "[]",
        "Forges of the company's own that lie inside a private network; no other private address is asked.",
    ),
)
