"""Pages that are kept as they came and make no row: they lead to others, or git tells the same with proof."""

from collections.abc import Iterator

from asbuilt.facts.forge.github.answers import graphql_error
from asbuilt.facts.forge.page import ForgePage, Row


def project_nothing(page: ForgePage) -> Iterator[Row | str]:
    """No row; an answer that holds an error is said to."""
    error = graphql_error(page)
    if error:
        yield error


PAGES = dict.fromkeys(
    (
        "graphql/branch-history",  # commits of the branch: git proves them
        "commits",
        "commit/pulls",  # which requests a commit belongs to: they are read themselves
        "workflow-runs",  # which runs may have waited for an approval
        "rulesets",  # each is read itself
        "ruleset/history",  # each version is read itself
        "teams",  # what a team gives its members stands among the collaborators
        "org/teams",
        "team/members",
        "org/repositories",  # which of them the audit covers is the company's word
    ),
    project_nothing,
)
