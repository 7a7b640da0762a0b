"""What a REST route is given and may give back."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.forge.state import Forge, Organization, Repository, Request


class RefusedError(Exception):
    """An answer that is not a 200."""

    def __init__(self, status: int, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status, self.message, self.headers = status, message, headers or {}


@dataclass
class Asking:
    """A GET: the path's words are in ``words`` once a route has matched."""

    forge: Forge
    path: str
    query: dict[str, str]
    permissions: dict[str, str] | None
    login: str
    words: dict[str, str] = field(default_factory=dict)
    accepted: str = ""

    def need(self, permission: str, level: str = "read") -> None:
        """Refuse a token that lacks a permission; the answer names it."""
        self.accepted = f"{permission}={level}"
        if self.permissions is None:
            return
        have = self.permissions.get(permission)
        if have is None or (level == "write" and have != "write"):
            raise RefusedError(
                403,
                "Resource not accessible by personal access token",
                {"X-Accepted-GitHub-Permissions": self.accepted},
            )

    @property
    def repository(self) -> Repository:
        """The one in the path; 404 where it is not, or where the token may see nothing of it."""
        full = f"{self.words['owner']}/{self.words['repo']}".lower()
        for name, each in self.forge.repositories.items():
            if name.lower() == full and (self.permissions is None or "metadata" in self.permissions):
                return each
        raise RefusedError(404, "Not Found")

    @property
    def organization(self) -> Organization:
        found = self.forge.organizations.get(self.words["org"])
        if found is None:
            raise RefusedError(404, "Not Found")
        return found

    @property
    def request(self) -> Request:
        found = self.repository.requests.get(int(self.words["number"]))
        if found is None:
            raise RefusedError(404, "Not Found")
        return found


@dataclass
class Listing:
    """A listing to be paged: ``cursor`` is the parameter where it goes by cursor; ``inside`` the array's name."""

    items: Sequence[Any]
    render: Callable[[Any], Any] = lambda each: each
    cursor: str | None = None
    inside: str | None = None
    beside: dict[str, Any] = field(default_factory=dict)
    size: int = 30


Route = Callable[[Asking], Any]


def compiled(pattern: str) -> re.Pattern[str]:
    """``/repos/{owner}/{repo}``; ``{name...}`` also takes slashes."""
    pattern = re.sub(r"\{(\w+)\.\.\.\}", r"(?P<\1>.+)", pattern)
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", pattern))


def table(routes: Iterable[tuple[str, Route]]) -> list[tuple[re.Pattern[str], Route]]:
    return [(compiled(pattern), route) for pattern, route in routes]
