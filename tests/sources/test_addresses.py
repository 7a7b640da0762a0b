"""Which address is asked: public ones, the one that was checked, and no other."""

import ipaddress
import socketserver
import threading
from collections.abc import Iterator

import httpcore
import httpx
import pytest

from asbuilt.model.errors import SourceError, UsageError
from asbuilt.sources.addresses import GuardedBackend, GuardedTransport, check_base, is_public, look_up

NOBODY: frozenset[str] = frozenset()
PRIVATE = [
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fc00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::",
    "2002:a9fe:a9fe::1",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_not_on_the_public_internet(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))
    backend = GuardedBackend(NOBODY, lambda _, __: ["140.82.112.3", address])
    with pytest.raises(UsageError, match="not on the public internet"):
        backend.connect_tcp("forge.example", 443)


@pytest.mark.parametrize("address", ["140.82.112.3", "2606:50c0:8000::64", "64:ff9b::8c52:7003"])
def test_what_is(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("base", ["https://127.0.0.1/api", "https://[::1]", "https://169.254.169.254"])
def test_a_private_address_is_asked_only_when_it_is_named(base: str) -> None:
    with pytest.raises(UsageError, match="allow-private-host"):
        check_base(base, NOBODY)
    host = httpx.URL(base).host
    assert check_base(base, frozenset({host})).host == host


def test_plain_http_is_for_this_machine_alone() -> None:
    named = frozenset({"127.0.0.1", "localhost", "10.0.0.1", "forge.local"})
    assert check_base("http://127.0.0.1:8080/", named).port == 8080
    assert check_base("http://localhost", named).host == "localhost"
    for base in ("http://10.0.0.1", "http://forge.local", "http://github.com"):
        with pytest.raises(UsageError, match="not encrypted"):
            check_base(base, named)
    with pytest.raises(UsageError, match="not encrypted"):
        check_base("http://127.0.0.1", NOBODY)


def test_credentials_in_an_address_are_refused_and_not_shown() -> None:
    with pytest.raises(UsageError) as caught:
        check_base("https://ana:secret-word@api.forge.example", NOBODY)
    assert "secret-word" not in str(caught.value)


def test_a_name_that_is_not_known_or_has_no_address() -> None:
    def unknown(_: str, __: int) -> Iterator[str]:
        raise OSError("no such name")

    with pytest.raises(httpcore.ConnectError):
        GuardedBackend(NOBODY, unknown).connect_tcp("forge.example", 443)
    with pytest.raises(httpcore.ConnectError):
        GuardedBackend(NOBODY, lambda _, __: []).connect_tcp("forge.example", 443)
    with pytest.raises(SourceError):
        GuardedBackend(NOBODY).connect_unix_socket("/run/x")


class _Greeter(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.rfile.readline()
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello")


@pytest.fixture
def port() -> Iterator[int]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Greeter) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


@pytest.mark.enable_socket
def test_the_connection_goes_to_the_address_that_was_checked(port: int) -> None:
    asked: list[str] = []

    def resolve(host: str, _: int) -> list[str]:
        asked.append(host)
        # The second time the name would lead elsewhere (DNS rebinding): it is not asked a second time.
        return ["127.0.0.1"] if len(asked) == 1 else ["203.0.113.1"]

    transport = GuardedTransport(GuardedBackend(frozenset({"forge.example"}), resolve))
    with httpx.Client(transport=transport) as client:
        reply = client.get(f"http://forge.example:{port}/x")
    assert (reply.status_code, reply.text, asked) == (200, "hello", ["forge.example"])


@pytest.mark.enable_socket
def test_a_name_that_leads_inside_is_not_connected_to(port: int) -> None:
    transport = GuardedTransport(GuardedBackend(NOBODY, lambda _, __: ["127.0.0.1"]))
    with httpx.Client(transport=transport) as client, pytest.raises(UsageError):
        client.get(f"http://forge.example:{port}/x")


@pytest.mark.enable_socket
def test_the_system_looks_names_up() -> None:
    assert list(look_up("127.0.0.1", 80)) == ["127.0.0.1"]
