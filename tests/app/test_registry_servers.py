"""Registries of four kinds as servers of this machine, asked over real connections through the guarded way."""

import gzip
import json
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from asbuilt.app.registry import Fetched, fetch_registry, registry_facts
from asbuilt.model.registry_facts import DATES, PackageFacts
from tests.app.registries import NOW, bom, user

pytestmark = pytest.mark.enable_socket

MOD = b"// Deprecated: use another\nmodule m\nretract [v2.0.0, v2.0.9] // a mistake\n"


class Server:
    """Bodies by path; what is not there is 404. Keeps what was asked, with its headers."""

    def __init__(self) -> None:
        self.bodies: dict[str, tuple[bytes, Mapping[str, str]]] = {}
        self.seen: list[tuple[str, str | None]] = []
        world = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                world.seen.append((self.path, self.headers.get("Authorization")))
                body, headers = world.bodies.get(self.path, (None, {}))
                self.send_response(404 if body is None else 200)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body or b"")))
                self.end_headers()
                self.wfile.write(body or b"")

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"

    def put(self, path: str, body: Any, **headers: str) -> None:
        told = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.bodies[path] = told, {name.replace("_", "-"): value for name, value in headers.items()}


@pytest.fixture
def server() -> Iterator[Server]:
    own = Server()
    thread = threading.Thread(target=own.server.serve_forever)
    thread.start()
    yield own
    own.server.shutdown()
    own.server.server_close()
    thread.join()


def fetched(folder: Path, index: str, *purls: str) -> Fetched:
    return fetch_registry(
        bom(folder, *purls), store=folder / "store", indexes=[index], now=NOW, around=user(folder)
    )


def shown(folder: Path, purl: str) -> PackageFacts:
    return registry_facts(purl, folder / "store")


def test_a_module_proxy(server: Server, tmp_path: Path) -> None:
    for module in ("github.com/golang/protobuf", "github.com/mattn/go-sqlite3", "example.com/!acme/thing"):
        server.put(f"/{module}/@v/list", b"v1.0.0\nv1.2.0\nv2.0.3\n")
        server.put(f"/{module}/@latest", {"Version": "v1.2.0", "Time": "2024-01-01T00:00:00Z"})
        server.put(f"/{module}/@v/v2.0.3.mod", MOD)
        server.put(f"/{module}/@v/v1.0.0.info", {"Version": "v1.0.0", "Time": "2014-01-01T00:00:00Z"})
    done = fetched(
        tmp_path, f"Go={server.address}", "pkg:golang/example.com/Acme/thing@v2.0.3", "pkg:golang/no.where/x@v1.0.0"
    )
    assert (done.present, done.absent, done.doubtful) == (1, ("Go:no.where/x",), ())
    facts = shown(tmp_path, "pkg:golang/example.com/Acme/thing")
    assert (facts.standing, facts.versions["v2.0.3"].yanked_why) == ("deprecated", "a mistake")


def test_a_nuget_source_with_compressed_registrations_and_a_credential(server: Server, tmp_path: Path) -> None:
    place = f"{server.address}/r"
    resources = [{"@id": f"{place}/", "@type": "RegistrationsBaseUrl/3.6.0"}]
    server.put("/v3/index.json", {"version": "3.0.0", "resources": resources})
    for name, version in (
        ("Newtonsoft.Json", "12.0.3"),
        ("WindowsAzure.Storage", "9.3.3"),
        ("Acme.Thing", "1.0.0"),
    ):
        entry = {
            "id": name,
            "version": version,
            "published": "2019-11-09T01:27:30Z",
            "deprecation": {"reasons": ["Legacy"]},
        }
        page = {"items": [{"@id": "x", "items": [{"catalogEntry": entry}]}]}
        server.put(
            f"/r/{name.lower()}/index.json", gzip.compress(json.dumps(page).encode()), Content_Encoding="gzip"
        )
    index = f"NuGet={server.address.replace('//', '//ana:word@')}/v3/index.json"
    done = fetched(tmp_path, index, "pkg:nuget/Acme.Thing@1.0.0", "pkg:nuget/No.Where@1.0.0")
    assert (done.present, done.absent, done.doubtful) == (1, ("NuGet:No.Where",), ())
    assert shown(tmp_path, "pkg:nuget/acme.thing").versions["1.0.0"].deprecated is True
    # What the source says of itself is asked for once; the credential goes along, and is kept nowhere.
    assert sum(path == "/v3/index.json" for path, _ in server.seen) <= 2
    assert {word for _, word in server.seen} == {"Basic YW5hOndvcmQ="}
    assert b"word" not in (tmp_path / "store").read_bytes()


def test_a_repository_of_maven_and_a_mirror_that_dates_by_its_copy(server: Server, tmp_path: Path) -> None:
    def put(group: str, name: str, version: str, **headers: str) -> None:
        listed = f"<artifactId>{name}</artifactId><versioning><versions><version>{version}</version></versions></versioning>"
        server.put(f"/m2/{group}/{name}/maven-metadata.xml", f"<metadata>{listed}</metadata>".encode())
        server.put(f"/m2/{group}/{name}/{version}/{name}-{version}.pom", b"<project/>", **headers)

    put("junit", "junit", "4.12", Last_Modified="Thu, 04 Dec 2014 16:17:29 GMT")
    put("org/acme", "thing", "1.0", Last_Modified="Fri, 18 Sep 2026 00:00:00 GMT")
    purls = "pkg:maven/org.acme/thing@1.0", "pkg:maven/org.acme/none@1.0"
    done = fetched(tmp_path, f"Maven={server.address}/m2", *purls)
    assert (done.present, done.absent, done.doubtful) == (1, ("Maven:org.acme:none",), ())
    assert shown(tmp_path, "pkg:maven/org.acme/thing").first_released_at == 1_789_689_600
    put("junit", "junit", "4.12", Last_Modified="Fri, 18 Sep 2026 00:00:00 GMT")
    (tmp_path / "store").unlink()
    (told,) = fetched(tmp_path, f"Maven={server.address}/m2", *purls).doubtful
    assert set(told.doubted) == {DATES}
    assert shown(tmp_path, "pkg:maven/org.acme/thing").first_released_at is None


def test_hex_by_its_api(server: Server, tmp_path: Path) -> None:
    for name in ("phoenix", "thing"):
        release = {"version": "1.0.0", "inserted_at": "2015-08-28T16:00:00Z"}
        server.put(f"/api/packages/{name}", {"name": name, "releases": [release], "owners": [{"username": "a"}]})
    done = fetched(tmp_path, f"Hex={server.address}/api", "pkg:hex/thing@1.0.0", "pkg:hex/none@1.0.0")
    assert (done.present, done.absent, done.doubtful) == (1, ("Hex:none",), ())
    assert shown(tmp_path, "pkg:hex/thing").owners == 1


def test_a_name_that_leads_out_of_the_registry_is_not_asked(server: Server, tmp_path: Path) -> None:
    server.put("/api/packages/phoenix", {"name": "phoenix", "releases": []})
    done = fetched(tmp_path, f"Go={server.address}/go", "pkg:golang/a/..%2f..%2fsecret@v1.0.0")
    assert [why for _, why in done.unknown] == ["no package can have such a name"]
    assert all(path.startswith("/go/") for path, _ in server.seen)
