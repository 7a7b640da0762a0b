"""Which rights a token needs for what, least first: told before anything is asked of the forge."""

import msgspec

from asbuilt.sources.github.endpoints import BASE, Endpoint, load_endpoints, load_rights


class Need(msgspec.Struct, frozen=True):
    """One right, of one profile, and what it opens: name of the endpoint, why it is read, the tables it fills."""

    profile: str
    right: str
    opens: tuple[tuple[str, str, tuple[str, ...]], ...]


def plan_github(*, organization: bool) -> tuple[Need, ...]:
    """The rights for a repository, or for an organisation and its repositories; the base profile first."""
    found = [each for each in load_endpoints().values() if organization or each.scope == "repository"]
    profiles = dict.fromkeys((BASE, *(each.profile for each in found)))
    return tuple(
        Need(profile, right, tuple(_opened(each, right) for each in opened))
        for profile in profiles
        for right in load_rights()
        if (
            opened := [each for each in found if each.profile == profile and right in {each.permission, *each.also}]
        )
    )


def _opened(endpoint: Endpoint, right: str) -> tuple[str, str, tuple[str, ...]]:
    why = endpoint.also.get(right, endpoint.why) + (f" (plan {endpoint.plan} alone)" if endpoint.plan else "")
    return endpoint.name, why, endpoint.tables
