"""A small world of registries for tests: answers by address, requests kept, nothing of it over a network."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx

from asbuilt.app.registry_asking import Way
from asbuilt.app.registry_index import Surroundings

NOW = 1_790_000_000
NPM = "https://npm.example"
Body = bytes | dict[str, Any] | int


def packument(name: str, time: str = "2015-01-01T00:00:00Z", **more: Any) -> dict[str, Any]:
    """An old package of two people."""
    version = {"scripts": {}, "repository": "a/b"}
    return {
        "name": name,
        "versions": {"1.0.0": version, "1.1.0": version, "4.17.21": {**version, **more}},
        "time": {"1.0.0": time, "1.1.0": time, "4.17.21": "2021-02-20T15:42:16Z"},
        "maintainers": [{"name": "a"}, {"name": "b"}],
        "dist-tags": {"latest": "4.17.21"},
    }


def truthful(**packages: Body) -> dict[str, Body]:
    """What an honest npm registry holds: what it is probed with, and these."""
    told: dict[str, Body] = {f"/{name}": body for name, body in packages.items()}
    return {"/request": packument("request", deprecated="gone"), "/lodash": packument("lodash"), **told}


class Network:
    """Registries by host, each with its bodies by path (a number: that status); what is not there is 404."""

    def __init__(self, **hosts: Mapping[str, Body]) -> None:
        self.hosts = {f"{name}.example": bodies for name, bodies in hosts.items()}
        self.seen: list[httpx.Request] = []

    def way(self) -> Way:
        made: Callable[[], httpx.BaseTransport] = lambda: httpx.MockTransport(self._answer)  # noqa: E731
        return Way(transport=made, sleep=lambda _: None)

    def paths(self, host: str) -> list[str]:
        return sorted(own.url.raw_path.decode() for own in self.seen if own.url.host == host)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        body = self.hosts[request.url.host].get(request.url.raw_path.decode(), 404)
        if isinstance(body, int):
            return httpx.Response(body)
        return httpx.Response(200, content=body if isinstance(body, bytes) else json.dumps(body).encode())


def user(folder: Path, **environment: str) -> Surroundings:
    """A user with nothing but a home folder and these variables."""
    (folder / "home").mkdir(exist_ok=True)
    return Surroundings(environment, folder / "home", folder / "etc", (folder / "usr",))


def bom(folder: Path, *purls: str) -> Path:
    file = folder / "bom.json"
    file.write_text(
        json.dumps({"bomFormat": "CycloneDX", "components": [{"name": "x", "purl": each} for each in purls]})
    )
    return file
