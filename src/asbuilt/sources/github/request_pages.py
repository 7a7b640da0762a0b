"""What is read in a page of requests, to know how to go on: all else in it is left to projectors."""

from typing import Final

import msgspec

from asbuilt.sources.github.asking import Answer

_UNFINISHED: Final = frozenset({"PENDING", "EXPECTED"})


class PageInfo(msgspec.Struct, frozen=True, rename="camel"):
    """Whether a list goes on, and where."""

    has_next_page: bool = False
    end_cursor: str | None = None


class _Context(msgspec.Struct, frozen=True, rename="camel"):
    status: str | None = None  # of a check run
    state: str | None = None  # of a status


class _List(msgspec.Struct, frozen=True, rename="camel"):
    page_info: PageInfo = PageInfo()


class Contexts(msgspec.Struct, frozen=True, rename="camel"):
    """Checks and statuses of a commit."""

    page_info: PageInfo = PageInfo()
    nodes: list[_Context | None] | None = None


class _Rollup(msgspec.Struct, frozen=True):
    contexts: Contexts = Contexts()


class _Commit(msgspec.Struct, frozen=True, rename="camel"):
    oid: str = ""
    status_check_rollup: _Rollup | None = None


class _HeadNode(msgspec.Struct, frozen=True):
    commit: _Commit = _Commit()


class _Head(msgspec.Struct, frozen=True):
    nodes: list[_HeadNode | None] | None = None


class Request(msgspec.Struct, frozen=True, rename="camel"):
    """One request, and how far each of its lists came."""

    id: str
    number: int
    updated_at: str = ""
    head_commit: _Head | None = None
    merge_commit: _Commit | None = None
    reviews: _List | None = None
    commits: _List | None = None
    timeline_items: _List | None = None


class Requests(msgspec.Struct, frozen=True, rename="camel"):
    """A page of them; each is read by itself, so that one that is odd spoils no other."""

    nodes: list[msgspec.Raw]
    page_info: PageInfo
    total_count: int | None = None


class _Repository(msgspec.Struct, frozen=True, rename="camel"):
    pull_requests: Requests | None = None


class _Bulk(msgspec.Struct, frozen=True):
    repository: _Repository | None = None


class Node(msgspec.Struct, frozen=True):
    """A further page of one request."""

    node: Request | None = None


def requests_of(answer: Answer) -> Requests | None:
    """The page that an answer holds; None where it holds none."""
    try:
        told = msgspec.json.decode(answer.data, type=_Bulk)
    except (msgspec.MsgspecError, RecursionError):
        return None
    return None if told.repository is None else told.repository.pull_requests


def info_of(request: Request, kind: str) -> PageInfo | None:
    """Whether one of its lists goes on."""
    if kind != "checks":
        inner: _List | None = getattr(request, kind)
        return None if inner is None else inner.page_info
    contexts = contexts_of(request)
    return None if contexts is None else contexts.page_info


def contexts_of(request: Request) -> Contexts | None:
    """The checks of its head."""
    for node in (request.head_commit.nodes or []) if request.head_commit is not None else []:
        if node is not None and node.commit.status_check_rollup is not None:
            return node.commit.status_check_rollup.contexts
    return None


def is_unfinished(request: Request) -> bool:
    """Whether a check of its head has not ended."""
    contexts = contexts_of(request)
    return contexts is not None and run_on(contexts)


def run_on(contexts: Contexts) -> bool:
    """Whether one of them has not ended."""
    return any(
        node.state in _UNFINISHED if node.state is not None else node.status not in {None, "COMPLETED"}
        for node in contexts.nodes or []
        if node is not None
    )
