"""What every part of the company refers to: people, their accounts' names, systems, and how complete a list is."""

from asbuilt.facts.schemas.table import column, maybe, recorded

PEOPLE = recorded(
    "people",
    "One row for each person who works for the company: employees and contractors, from the HR list.",
    (
        column("person", "text", "The person's id: the one name under which every other table knows them."),
        column("name", "text", "The person's name."),
        column("starts_at", "timestamp", "First day."),
        maybe("ends_at", "timestamp", "The moment after which the person works here no more. NULL: no end is set."),
        maybe("role", "text", "The job. NULL: the list does not say."),
        maybe("team", "text", "The team. NULL: the list does not say."),
        maybe("manager", "text", "The manager's id. NULL: none, or the list does not say."),
        maybe("is_engineer", "bool", "Whether the role writes or reviews code. NULL: the list does not say."),
        maybe("is_contractor", "bool", "Whether on a contract. NULL: the list does not say."),
        maybe(
            "identities", "text[]", "Logins and addresses by which systems know the person. NULL: none is listed."
        ),
    ),
    identity=("person",),
    occurred="starts_at",
)

SYSTEMS = recorded(
    "systems",
    "One row for each system that the company uses or runs: identity provider, forge, cloud, database, console.",
    (
        column("system", "text", "The system's id."),
        column("name", "text", "Its name."),
        column(
            "kind",
            "text",
            "What it is: identity-provider, forge, cloud, database, production, ai-console, device-management, "
            "ticketing or other.",
        ),
        column("in_scope", "bool", "Whether the audit covers it."),
        maybe("holds_customer_data", "bool", "Whether customers' data is in it. NULL: not known."),
        maybe(
            "uses_single_sign_on", "bool", "Whether people sign in through the identity provider. NULL: not known."
        ),
        maybe("owner", "text", "The person who answers for it. NULL: nobody is named."),
        maybe("in_use_from", "timestamp", "From when. NULL: before anything recorded."),
        maybe("in_use_until", "timestamp", "Until when, that moment left out. NULL: it still is."),
    ),
    identity=("system",),
    occurred="in_use_from",
)

REPOSITORIES = recorded(
    "repositories",
    "One row for each repository.",
    (
        column("repository", "text", "`owner/name`."),
        column("in_scope", "bool", "Whether what it builds reaches production."),
        maybe("protected_branch", "text", "The branch that is released. NULL: not known."),
        maybe("owner", "text", "The person who answers for it. NULL: nobody is named."),
        maybe("in_use_from", "timestamp", "From when. NULL: before anything recorded."),
        maybe("in_use_until", "timestamp", "Until when, that moment left out. NULL: it still is."),
    ),
    identity=("repository",),
    occurred="in_use_from",
)

EXTRACTS = recorded(
    "extracts",
    "One row for each extract of a population: what was asked of which source, what came, and what it ties to.",
    (
        column("extract", "text", "The extract's id."),
        column("population", "text", "The recorded table that its rows went to."),
        column("source", "text", "The system it was taken from, for example `Personio HR list`."),
        maybe(
            "part",
            "text",
            "The part of the population that it covers, as the table's own column names it: a repository, a "
            "system. NULL: all of it.",
        ),
        maybe("covers_from", "timestamp", "From when it holds every occurrence. NULL: it does not say."),
        maybe("covers_until", "timestamp", "Until when, that moment left out. NULL: it does not say."),
        maybe("query", "text", "The query or the request. NULL: it was not noted."),
        maybe("parameters", "text", "Its parameters. NULL: none, or not noted."),
        maybe("taken_by", "text", "The identity that asked. NULL: it was not noted."),
        maybe("scopes", "text[]", "What that identity may read. NULL: it was not noted."),
        maybe("started_at", "timestamp", "When the extract began. NULL: it was not noted."),
        maybe("ended_at", "timestamp", "When it ended. NULL: it was not noted."),
        maybe("pages", "int", "Pages fetched. NULL: it came in one, or it was not noted."),
        column("truncated", "bool", "Whether a limit cut it off."),
        column("row_count", "int", "Rows it brought."),
        maybe("reported_total", "int", "The total that the source itself names. NULL: it names none."),
        maybe(
            "sha256",
            "text",
            "Digest of the extract as it came, or of the rows that a collector made. NULL: none was taken.",
        ),
        maybe("second_source", "text", "The source it was reconciled with. NULL: none."),
        maybe("second_count", "int", "Rows of that source. NULL: none."),
        maybe("differences", "text[]", "Every difference between the two, with its reason. NULL: none is listed."),
    ),
    identity=("extract",),
    occurred="ended_at",
)

WAIVERS = recorded(
    "waivers",
    "One row for each waiver: a named person accepts a deviation until a date, for a reason.",
    (
        column("control", "text", "The control's id."),
        column("item", "text", "The item that deviates."),
        column("granted_by", "text", "The person who accepts it."),
        column("reason", "text", "Why."),
        column("granted_at", "timestamp", "When."),
        column("expires_at", "timestamp", "Until when."),
    ),
    identity=("control", "item", "granted_at"),
    occurred="granted_at",
)

DEVIATION_NOTES = recorded(
    "deviation_notes",
    "One row for each note on a deviation: cause, effect, what compensates for it, what management answers.",
    (
        column("control", "text", "The control's id."),
        column("item", "text", "The item that deviates."),
        column("noted_by", "text", "The person who writes this."),
        column("noted_at", "timestamp", "When."),
        maybe("nature", "text", "What kind of deviation it is. NULL: not said."),
        maybe("cause", "text", "Why it came about. NULL: not said."),
        maybe("isolated", "bool", "Whether it stands alone; false: it is systematic. NULL: not judged."),
        maybe("effect", "text", "What came of it. NULL: not said."),
        maybe("compensating_control", "text", "What did the same work meanwhile. NULL: nothing is named."),
        maybe("answer", "text", "Management's answer. NULL: none."),
    ),
    identity=("control", "item", "noted_at"),
    occurred="noted_at",
)

GAPS = recorded(
    "gaps",
    "One row for each thing that a source could not show.",
    (
        column("gap", "text", "The gap's id: its code, and where it is."),
        column("code", "text", "Its code; `asbuilt explain CODE` says what it means."),
        column("what", "text", "What could not be seen."),
        maybe("why", "text", "Why. NULL: the source does not say."),
        maybe("remedy", "text", "What would open it. NULL: nothing is known to."),
        maybe("place", "text", "Where. NULL: nowhere in particular."),
        maybe("item_count", "int", "How many things it is about. NULL: one."),
        maybe("seen_at", "timestamp", "When it was found. NULL: when the source was read."),
    ),
    identity=("gap",),
    occurred="seen_at",
)

TABLES = (PEOPLE, SYSTEMS, REPOSITORIES, EXTRACTS, WAIVERS, DEVIATION_NOTES, GAPS)
