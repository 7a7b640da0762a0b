"""Pages that are kept as they came and make no row: they lead to others, or git tells the same with proof."""

from collections.abc import Iterator

from asbuilt.facts.forge.page import ForgePage, Row


def project_nothing(_: ForgePage) -> Iterator[Row | str]:
    """No row."""
    return iter(())


PAGES = dict.fromkeys(
    (
        "merge_requests",  # each is read itself
        "environments",  # deployments name theirs
    ),
    project_nothing,
)
