"""The people, the systems and the repositories."""

from collections.abc import Iterator

from asbuilt.model.record import Record
from tests.company_year.world import FOUNDED, Plant, World, whole


def records(world: World) -> Iterator[Record]:
    """The lists of people, systems and repositories."""
    yield from whole(
        "people",
        (
            {
                "person": own.id,
                "name": own.name,
                "starts_at": own.starts,
                "ends_at": own.ends,
                "role": own.role,
                "team": own.team,
                "manager": own.manager,
                "is_engineer": own.is_engineer,
                "is_contractor": own.is_contractor,
                "identities": [own.login, own.address],
            }
            for own in world.people
        ),
    )
    yield from whole(
        "systems",
        (
            {
                "system": own.id,
                "name": own.name,
                "kind": own.kind,
                "in_scope": True,
                "holds_customer_data": own.holds_customer_data,
                "uses_single_sign_on": True,
                "owner": own.owner,
                "in_use_from": own.since or FOUNDED,
            }
            for own in world.systems
        ),
    )
    yield from whole(
        "repositories",
        (
            {
                "repository": own.id,
                "in_scope": True,
                "protected_branch": "main",
                "owner": own.owner,
                "in_use_from": own.since or FOUNDED,
            }
            for own in world.repositories
        ),
    )


PLANTS: dict[str, Plant] = {}
