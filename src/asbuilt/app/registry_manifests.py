"""Asking the repositories that packages claim for their manifests, through addresses that the user names (rule 4).

1. Only of packages on which it depends: those with few releases, or one owner.
2. A host is asked where somebody has said how: ``github.com=https://HOST/{repository}/HEAD/{file}``.
3. No credential is sent; what cannot be had is not known.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from typing import Final
from urllib.parse import quote, urlsplit

import httpx

from asbuilt import __version__
from asbuilt.app.registry_asking import Way
from asbuilt.model.errors import SourceError, UsageError
from asbuilt.model.registry_facts import PackageFacts
from asbuilt.model.text import visible
from asbuilt.sources.http import Client
from asbuilt.supply.registry.answers import Answer
from asbuilt.supply.registry.manifests import manifests_of, with_manifests

_MOST: Final = 500  # packages of one fetch
_SECONDS: Final = 20.0
_FIX: Final = "Write --manifests HOST=https://HOST/{repository}/HEAD/{file}."


def manifest_addresses(named: Sequence[str]) -> dict[str, str]:
    """The addresses by the host of repositories.

    Raises:
        UsageError: one of them is no host and address with both places in it.
    """
    found = {}
    for each in named:
        host, _, address = each.partition("=")
        whole = "{repository}" in address and "{file}" in address and urlsplit(address).hostname
        if not host or not whole or "{" in (urlsplit(address).hostname or ""):
            raise UsageError(f"{visible(each, 120)!r} says not where manifests are.", fix=_FIX)
        found[host.lower()] = address
    return found


def read_manifests(told: Sequence[PackageFacts], addresses: Mapping[str, str], way: Way) -> list[PackageFacts]:
    """The facts with what the claimed repositories name, where it decides anything.

    Raises:
        UsageError: an address may not be asked.
    """
    left = _MOST
    found = []
    with ExitStack() as stack:
        clients: dict[str, Client] = {}
        for facts in told:
            host = urlsplit(facts.repository_url or "").hostname or ""
            repository, files = manifests_of(facts)
            # (1), (2)
            if host not in addresses or not files or not _is_decided_by_it(facts) or left <= 0:
                found.append(facts)
                continue
            left -= 1
            if host not in clients:
                clients[host] = stack.enter_context(_client(addresses[host], way))
            place = addresses[host].replace("{repository}", quote(repository, safe="/"))
            found.append(with_manifests(facts, dict(_answers(clients[host], place, files))))
    return found


def _is_decided_by_it(facts: PackageFacts) -> bool:
    """Whether it has one of the other signs of rule 4, so that its repository is the second."""
    few = facts.releases is not None and facts.releases <= 2
    return bool(facts.exists) and (few or (facts.owners is not None and facts.owners <= 1))


def _client(address: str, way: Way) -> Client:
    url = httpx.URL(address.partition("{")[0])
    return Client(
        str(url.copy_with(path="/")),
        None,
        headers={"User-Agent": f"asbuilt/{__version__}"},
        private_hosts=way.private_hosts,
        max_wait=60,
        transport=None if way.transport is None else way.transport(),
        timeout=_SECONDS,
        sleep=way.sleep,
    )


def _answers(client: Client, place: str, files: Sequence[str]) -> Iterator[tuple[str, Answer]]:
    for file in files:
        # (3)
        try:
            reply = client.get(place.replace("{file}", quote(file)))
            yield file, Answer(reply.status, reply.body)
        except UsageError:
            raise
        except SourceError as error:
            yield file, Answer(None, why=f"{error.what} {error.why}".strip().rstrip("."))
