"""Commits of a request: REST (``pull/commits``), GraphQL and the events of an export tell the same rows.

Co-authors and AI tools are read from the message's own lines at column 0, as ``history`` reads those of git.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from asbuilt.catalogue.signatures import load_signatures
from asbuilt.facts.forge.accounts import account_of, named_tools
from asbuilt.facts.forge.github.answers import inner_nodes
from asbuilt.facts.forge.page import ForgePage, Row
from asbuilt.facts.forge.values import (
    commit_id,
    dig,
    fields,
    flag,
    items,
    moment,
    nodes,
    not_ahead,
    text,
    texts,
)
from asbuilt.history.attribution.classify import standing
from asbuilt.history.attribution.signals import Matcher
from asbuilt.history.messages import read_person, read_trailers
from asbuilt.model.commit import Commit, Person

_LONGEST_MESSAGE = 1 << 18  # characters of a message that are read for co-authors and tools


def project_commits(page: ForgePage) -> Iterator[Row | str]:
    """``pull/commits``: the list of one request's commits."""
    if not isinstance(page.document, list):
        yield "it is no list of commits."
    for each in items(page.document):
        told = fields(each)
        yield from commit_row(page, page.number, told.get("sha"), told.get("commit"), told)


def project_inner(page: ForgePage) -> Iterator[Row | str]:
    """``graphql/request-commits``: a further page of one request's commits."""
    for number, node in inner_nodes(page, "commits"):
        yield from graphql_commits(page, number, node)


def graphql_commits(page: ForgePage, number: int | None, node: object) -> Iterator[Row | str]:
    """The commits that a request's GraphQL node holds."""
    for each in nodes(dig(node, "commits")):
        told = fields(dig(each, "commit"))
        yield from commit_row(page, number, told.get("oid"), told, {})


def commit_row(
    page: ForgePage, number: int | None, own: object, commit: object, accounts: object
) -> Iterator[Row | str]:
    """One commit of a request as a row.

    Args:
        page: where it stands.
        number: the request.
        own: its id.
        commit: the git commit: GraphQL's, or REST's with ``author``, ``committer``, ``message`` …
        accounts: where REST tells the accounts of author and committer.
    """
    told = fields(commit)
    commit_hash = commit_id(own)
    if commit_hash is None or number is None:
        yield "a commit of a request has no id that can be read." if number else "a commit tells no request."
        return
    authors = nodes(told.get("authors"))
    first = told.get("author") or (authors[0] if authors else None)
    login = account_of(dig(accounts, "author")).login or account_of(dig(first, "user")).login
    message = _message(told.get("message"))
    committed = moment(told.get("committedDate")) or moment(dig(told, "committer", "date"))
    yield Row(
        "request_commits",
        {
            "repository": page.repository,
            "number": number,
            "commit": commit_hash,
            "author": _person(first),
            "author_login": login,
            "committer": _person(told.get("committer")),
            "committer_login": account_of(dig(accounts, "committer")).login
            or account_of(dig(told, "committer", "user")).login,
            "co_authors": _co_authors(message, authors, told.get("authors")),
            "agents": _agents(first, told.get("committer"), message, login, committed),
            "committed_at": not_ahead(page.observed, committed),
            "tree": commit_id(dig(told, "tree", "sha")) or commit_id(dig(told, "tree", "oid")),
            "parents": _parents(told, accounts),
            "is_verified": _verified(told),
        },
    )


def _message(value: object) -> str | None:
    return value[:_LONGEST_MESSAGE] if isinstance(value, str) else None


def _person(value: object) -> str | None:
    name, address = text(dig(value, "name")), text(dig(value, "email"))
    return f"{name or ''} <{address}>".strip() if address else name


def _co_authors(message: str | None, authors: list[Any], connection: object) -> list[str] | None:
    """Those whom the message names, and those whom the forge lists beside the first author."""
    if message is None and not isinstance(connection, dict):
        return None
    return texts(iter([*_named(message or ""), *map(_person, authors[1:])]))


@lru_cache(1 << 8)
def _named(message: str) -> tuple[str | None, ...]:
    persons = (read_person(value) for key, value in read_trailers(message) if key == "co-authored-by")
    return tuple(_person({"name": person.name, "email": person.email}) for person in persons if person)


def _agents(
    author: object, committer: object, message: str | None, login: str | None, committed: str | None
) -> list[str] | None:
    by_message = _tools(_git_person(author), _git_person(committer), message or "", committed or "1970")
    return sorted({*by_message, *(named_tools(login) if login and login.endswith("[bot]") else ())}) or None


def _git_person(value: object) -> Person:
    return Person(text(dig(value, "name")) or "", text(dig(value, "email")) or "")


@lru_cache(1 << 8)
def _tools(author: Person, committer: Person, message: str, committed: str) -> tuple[str, ...]:
    seconds = _seconds(committed)
    commit = Commit("", (), "", author, seconds, committer, seconds, message)
    return tuple(dict.fromkeys(signal.tool for signal in _matcher().signals(commit) if standing(signal)))


def _seconds(moment_text: str) -> int:
    return int(datetime.fromisoformat(moment_text).timestamp()) if len(moment_text) > 4 else 0


@cache
def _matcher() -> Matcher:
    return Matcher(load_signatures())


def _parents(told: object, accounts: object) -> list[str] | None:
    """REST tells parents beside the commit, an export's event inside it; GraphQL as a connection."""
    found = dig(accounts, "parents") if isinstance(dig(accounts, "parents"), list) else dig(told, "parents")
    if isinstance(found, list):
        listed, name = found, "sha"
    elif isinstance(found, dict):
        listed, name = nodes(found), "oid"
    else:
        return None
    parents = [commit_id(dig(parent, name)) for parent in listed]
    return None if None in parents else [parent for parent in parents if parent]


def _verified(told: object) -> bool | None:
    """Whether the forge verified a signature; one that it does not see is not verified."""
    found = fields(told)
    if isinstance(found.get("verification"), dict):
        return flag(found["verification"].get("verified"))
    if "signature" in found:
        return False if found["signature"] is None else flag(dig(found["signature"], "isValid"))
    return None


PAGES = {"pull/commits": project_commits, "graphql/request-commits": project_inner}
