"""The way to production: the branch's rules, who may do what on it, environments, and what went live."""

import msgspec

from asbuilt.facts.schemas.table import HELD, column, derived, maybe, recorded, state

BRANCH_RULES = state(
    "branch_rules",
    "One row for each look at the rules of a protected branch, all rule sets that bind it taken together.",
    (
        column("repository", "text", "The repository, `owner/name`."),
        column("branch", "text", "The branch."),
        maybe(
            "requires_pull_request", "bool", "Whether every change must come by a pull request. NULL: not known."
        ),
        maybe("required_approvals", "int", "Approvals that it asks for. NULL: not known."),
        maybe("required_checks", "text[]", "Checks that must succeed. NULL: not known."),
        maybe("dismisses_stale_approvals", "bool", "Whether a push takes approvals away. NULL: not known."),
        maybe(
            "requires_owner_approval", "bool", "Whether owners of the changed files must approve. NULL: not known."
        ),
        maybe("allows_force_push", "bool", "Whether the branch's history may be replaced. NULL: not known."),
        maybe("allows_deletion", "bool", "Whether the branch may be deleted. NULL: not known."),
        maybe("binds_administrators", "bool", "Whether the rules bind administrators too. NULL: not known."),
        maybe(
            "bypass_actors",
            "text[]",
            "Persons, teams, apps and agents that may go around the rules. NULL: not known.",
        ),
    ),
    identity=("repository", "branch"),
    part="repository",
    parts="repositories",
)

_ASKED = (
    maybe("requires_pull_request", "bool", "Whether every change must come by a pull request. NULL: not told."),
    maybe("required_approvals", "int", "Approvals that it asks for. NULL: not told."),
    maybe("required_checks", "text[]", "Checks that must succeed. NULL: not told."),
    maybe("dismisses_stale_approvals", "bool", "Whether a push takes approvals away. NULL: not told."),
    maybe("requires_owner_approval", "bool", "Whether owners of the changed files must approve. NULL: not told."),
    maybe("allows_force_push", "bool", "Whether it lets the branch's history be replaced. NULL: not told."),
    maybe("allows_deletion", "bool", "Whether it lets the branch be deleted. NULL: not told."),
)

BRANCH_RULE_PARTS = state(
    "branch_rule_parts",
    "One row for each look at one source of the rules that bind a branch: its classic protection, one rule set, or "
    "the list of the rule sets in force. No row tells all of the rules; the derived rule_times does.",
    (
        column("repository", "text", "The repository, `owner/name`."),
        column("branch", "text", "The branch."),
        column("rule", "text", "`protection`, `ruleset ID`, or `rulesets` for the list of those in force."),
        column("in_force", "bool", "Whether there is one, and it binds the branch."),
        maybe("rulesets", "text[]", "Of the list: ids of those in force. NULL: it is no list, or not whole."),
        *_ASKED,
        maybe("binds_administrators", "bool", "Whether it binds administrators too. NULL: not told."),
        maybe("bypass_actors", "text[]", "Who may go around it, administrators left out. NULL: not told."),
    ),
    identity=("repository", "branch", "rule"),
    part="repository",
    parts="repositories",
)

RULE_SETS = state(
    "rule_sets",
    "One row for each look at a rule set, whichever branches it binds. The forge says when it was last edited: it "
    "held since then.",
    (
        column("repository", "text", "The repository that it was read for, `owner/name`."),
        column("ruleset", "text", "Its id."),
        maybe("name", "text", "Its name. NULL: not told."),
        maybe("set_by", "text", "The repository or organisation that set it. NULL: not told."),
        maybe("in_force", "bool", "Whether it is active, not disabled or on trial. NULL: not told."),
        maybe("includes", "text[]", "Branches that it binds, as it names them. NULL: not told."),
        maybe("excludes", "text[]", "Branches that it leaves out. NULL: not told."),
        *_ASKED,
        maybe("bypass_actors", "text[]", "Who may go around it. NULL: hidden from whoever may not change it."),
    ),
    identity=("repository", "ruleset"),
    part="repository",
    parts="repositories",
)

RULE_TIMES = msgspec.structs.replace(
    derived(
        "rule_times",
        "One row for each stretch of time over which a branch's rules are proved to have asked the same: looks, "
        "rule sets' own times, and the audit log taken together.",
        (
            column("stretch", "text", "Repository, branch, begin, and how it is known."),
            column("repository", "text", "The repository, `owner/name`."),
            column("branch", "text", "The branch."),
            column(
                "is_whole",
                "bool",
                "Whether every source of rules was seen. FALSE: at least this is asked, and maybe more.",
            ),
            column("known_by", "text", "told (a whole look), or the sources that were taken together."),
            *_ASKED,
            maybe(
                "binds_administrators",
                "bool",
                "Whether all that is asked binds administrators too. NULL: not known, or nothing is asked.",
            ),
            maybe(
                "bypass_actors",
                "text[]",
                "Who may go around any of it, unless what nobody may go around asks as much. NULL: not known.",
            ),
            *HELD,
            column("observed_at", "timestamp", "When it was read."),
        ),
        key="stretch",
        covered_by=("branch_rules",),
    ),
    state=True,
    identity=("repository", "branch"),
)

PATH_RIGHTS = state(
    "path_rights",
    "One row for each look at what an account may do on the way to production.",
    (
        column("repository", "text", "The repository, `owner/name`."),
        column("account", "text", "The account, app or agent."),
        maybe("can_merge", "bool", "Whether it may merge. NULL: not known."),
        maybe("can_bypass", "bool", "Whether it may go around the branch's rules. NULL: not known."),
        maybe("can_deploy", "bool", "Whether it may deploy to production. NULL: not known."),
    ),
    identity=("repository", "account"),
    part="repository",
    parts="repositories",
)

ENVIRONMENTS = state(
    "environments",
    "One row for each look at an environment: where it runs, by which credentials, with whose data.",
    (
        column("environment", "text", "The environment's name."),
        column("is_production", "bool", "Whether customers use it."),
        maybe("cloud_account", "text", "The account, subscription or project that it runs in. NULL: not known."),
        maybe("credentials", "text[]", "Names of the credentials that are valid in it. NULL: not known."),
        maybe("holds_production_data", "bool", "Whether data of customers was found in it. NULL: nobody looked."),
        maybe("agents", "text[]", "Agents that can act in it. NULL: not known."),
    ),
    identity=("environment",),
)

TENANT_ENDPOINTS = recorded(
    "tenant_endpoints",
    "One row for each endpoint that serves one customer's data, as the suite of authorisation tests lists it.",
    (
        column("repository", "text", "The repository, `owner/name`."),
        column("endpoint", "text", "Method and route."),
        column("added_at", "timestamp", "When it came to the branch."),
        maybe("added_in", "text", "The change that brought it. NULL: not known."),
        maybe(
            "is_tested",
            "bool",
            "Whether a test asks for another customer's data through it and is refused. NULL: not known.",
        ),
    ),
    identity=("repository", "endpoint"),
    part="repository",
    parts="repositories",
    occurred="added_at",
)

ENVIRONMENT_SEPARATION = msgspec.structs.replace(
    derived(
        "environment_separation",
        "One row for each look at an environment, held against all others that stood at that time.",
        (
            column("look", "text", "Environment and the look it comes from."),
            column("environment", "text", "The environment's name."),
            column("is_production", "bool", "Whether customers use it."),
            maybe(
                "shares_account_with", "text[]", "Environments of the other kind in its account. NULL: not known."
            ),
            maybe("shares_credentials_with", "text[]", "Environments where its credentials work. NULL: not known."),
            maybe(
                "holds_production_data", "bool", "Whether data of customers was found in it. NULL: nobody looked."
            ),
            maybe("agents", "text[]", "Agents that can act in it. NULL: not known."),
            *HELD,
            column("observed_at", "timestamp", "When it was read."),
        ),
        key="look",
        covered_by=("environments",),
    ),
    state=True,
)

ENVIRONMENTS_IN_USE = derived(
    "environments_in_use",
    "One row for each environment that was looked at, or that something was deployed to.",
    (
        column("environment", "text", "The environment's name."),
        maybe("in_use_from", "timestamp", "From when. NULL: before anything recorded, or not known."),
        maybe("in_use_until", "timestamp", "Until when, that moment left out. NULL: it still is, or not known."),
    ),
    key="environment",
    covered_by=("environments",),
)

DEPLOYED_CHANGES = derived(
    "deployed_changes",
    "One row for each change that reached production, with the deployment that first carried it, and who stood "
    "behind it.",
    (
        column("change_id", "text", "The commit on the branch."),
        column("repository", "text", "The repository, `owner/name`."),
        column(
            "attribution", "text", "Who wrote it: ai-tracked, ai-declared, human-tracked, automation or unknown."
        ),
        column("is_initial_import", "bool", "Whether it is the first commit."),
        column("landed_at", "timestamp", "When it landed."),
        column("deployment_id", "text", "The first deployment that carried it."),
        column("deployed_at", "timestamp", "When it first reached production."),
        column(
            "persons",
            "text[]",
            "Persons among its authors, those who drove the agent, approvers and the deployer; an agent that wrote "
            "it with no person counts as the one who answers for it.",
        ),
        column("humans", "int", "How many they are."),
        column(
            "unplaced_accounts", "text[]", "Accounts that had a part and that are nobody's, and no known bot's."
        ),
        column("reviews_seen", "bool", "Whether reviews were read at that time."),
        maybe(
            "could_act_alone",
            "text[]",
            "Who, with the agents they drive, could then both go around the branch's rules and deploy. NULL: "
            "rights could "
            "not be seen.",
        ),
        maybe(
            "isolation_tests_succeeded",
            "bool",
            "Whether tests of the separation of customers ran on it and succeeded. NULL: not known.",
        ),
        maybe("untested_endpoints", "text[]", "Endpoints that it brought without such a test. NULL: not known."),
    ),
    key="change_id",
    covered_by=("deployments", "changes_seen", "reviews"),
)

DEPLOYMENT_CHECKS = derived(
    "deployment_checks",
    "One row for each deployment to production, with the changes that it first carried.",
    (
        column("deployment_id", "text", "The platform's own id."),
        column("repository", "text", "The repository, `owner/name`."),
        column("environment", "text", "Where to."),
        column("deployed_at", "timestamp", "When."),
        maybe("commit", "text", "The commit that was deployed. NULL: the platform does not say."),
        maybe("deployed_by", "text", "The account or pipeline. NULL: not known."),
        maybe("by_pipeline", "bool", "Whether the pipeline deployed it. NULL: not known."),
        maybe(
            "deployer_may",
            "bool",
            "Whether that account had the right to deploy then. NULL: rights could not be seen.",
        ),
        maybe("is_known_change", "bool", "Whether the commit is a change that landed before. NULL: not known."),
        column("changes", "int", "Changes that it was the first to carry."),
        maybe(
            "fewest_approvals",
            "int",
            "Approvals of the least approved of them; the initial import and emergencies that were reviewed "
            "afterwards are "
            "left out. NULL: none is left, or not known.",
        ),
        maybe(
            "changes_approved_known", "bool", "Whether approvals of all of them are known. NULL: it carried none."
        ),
        maybe("checks_succeeded", "bool", "Whether the required checks of all of them succeeded. NULL: not known."),
        maybe(
            "digest_matches",
            "bool",
            "Whether what was deployed is what the build's provenance names. FALSE: there is none, or it names "
            "something "
            "else. NULL: the platform does not say what was deployed.",
        ),
    ),
    key="deployment_id",
    covered_by=("deployments", "changes_seen", "reviews", "checks"),
)

TABLES = (
    BRANCH_RULES,
    BRANCH_RULE_PARTS,
    RULE_SETS,
    RULE_TIMES,
    PATH_RIGHTS,
    ENVIRONMENTS,
    TENANT_ENDPOINTS,
    ENVIRONMENT_SEPARATION,
    ENVIRONMENTS_IN_USE,
    DEPLOYED_CHANGES,
    DEPLOYMENT_CHECKS,
)
