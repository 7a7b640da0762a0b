"""Which address a request may go to: the one that was named, on the public internet unless the company says else.

1. The address names one host, without credentials, over TLS; plain HTTP is for this very machine, when allowed.
2. The name is looked up when the connection is made, and every answer is checked then: a name that leads elsewhere
   a moment later (DNS rebinding) leads nowhere.
3. The connection goes to the address that was checked, never to the name again.
"""

import ipaddress
import socket
from collections.abc import Callable, Iterable, Iterator

import httpcore
import httpx

from asbuilt.model.errors import SourceError, UsageError
from asbuilt.model.text import visible

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# All the addresses that a name stands for.
Resolver = Callable[[str, int], Iterable[str]]
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: an IPv4 address in its last 32 bits


def check_base(base: str, private_hosts: frozenset[str]) -> httpx.URL:
    """The base address of a forge's interface, without a trailing slash.

    Args:
        base: as it was typed.
        private_hosts: names of hosts that may lie inside the company's own network.

    Raises:
        UsageError: it cannot be asked, or may not be.
    """
    try:
        url = httpx.URL(base.rstrip("/"))
    except (httpx.InvalidURL, UnicodeError):
        url = httpx.URL("")
    plain = url.scheme in {"https", "http"} and url.host and not url.userinfo and not url.query and not url.fragment
    if not plain:
        raise UsageError(
            f"'{visible(_without_secrets(base), 200)}' is no address of a forge.",
            fix="Write it as https://HOST/PATH, without user, query or fragment.",
        )
    if url.scheme == "http" and not (url.host in private_hosts and _is_loopback(url.host)):
        raise UsageError(
            f"{url} is not encrypted: the token would be read on the way.",
            fix="Use https; plain http is for this machine alone (with --allow-private-host).",
        )
    literal = _literal(url.host)
    if literal is not None and url.host not in private_hosts and not is_public(literal):
        raise _inside(url.host, url.host)
    return url


def _without_secrets(base: str) -> str:
    return base.rpartition("@")[2] if "@" in base else base


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _is_loopback(host: str) -> bool:
    literal = _literal(host)
    return host == "localhost" if literal is None else literal.is_loopback


def is_public(address: Address) -> bool:
    """Whether an address lies on the public internet; what it carries inside of it counts too."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and address.teredo is not None:
            inner = address.teredo[1]
        if inner is None and address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast and not address.is_reserved


def _inside(host: str, address: str) -> UsageError:
    shown = host if host == address else f"{visible(host, 200)} ({address})"
    return UsageError(
        f"{shown} is not on the public internet.",
        why="An address inside a network is asked only when somebody says that it is the forge.",
        fix=f'--allow-private-host {visible(host, 200)}, or in asbuilt.toml: [sync] allow_private_hosts = ["…"].',
    )


def look_up(host: str, port: int) -> Iterator[str]:
    """The addresses that the system's resolver gives, in its order."""
    for *_, place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        yield str(place[0])


class GuardedBackend(httpcore.NetworkBackend):
    """Opens connections to checked addresses alone."""

    def __init__(self, private_hosts: frozenset[str], resolve: Resolver = look_up) -> None:
        self._private, self._resolve = private_hosts, resolve
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of a host that answers, all of them checked.

        Raises:
            UsageError: the name leads into a private network, and nobody said that it may.
            httpcore.ConnectError: no address answers.
        """
        # (2)
        try:
            found = list(dict.fromkeys(self._resolve(host, port)))
        except OSError as error:
            raise httpcore.ConnectError(f"{host} is not known") from error
        for address in found:
            if host not in self._private and not is_public(ipaddress.ip_address(address.partition("%")[0])):
                raise _inside(host, address)
        # (3)
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in found:
            try:
                return self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ARG002 - httpcore's signature
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002 - httpcore's signature
    ) -> httpcore.NetworkStream:
        """Never: a forge is asked over the network.

        Raises:
            SourceError: always.
        """
        raise SourceError(f"A forge is not asked through {path}.")

    def sleep(self, seconds: float) -> None:
        """Wait."""
        self._inner.sleep(seconds)


class _Stream(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


class GuardedTransport(httpx.BaseTransport):
    """httpx's way to the network, over one pool of guarded connections; no proxy is asked."""

    def __init__(self, backend: httpcore.NetworkBackend, *, connections: int = 4) -> None:
        self._backend, self._connections = backend, connections
        self._pool: httpcore.ConnectionPool | None = None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request."""
        if self._pool is None:
            context = httpx.create_ssl_context() if request.url.scheme == "https" else None
            self._pool = httpcore.ConnectionPool(
                ssl_context=context, max_connections=self._connections, network_backend=self._backend
            )
        answer = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=request.url.raw_path,
                ),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(
            status_code=answer.status,
            headers=answer.headers,
            stream=_Stream(answer),
            extensions=answer.extensions,
        )

    def close(self) -> None:
        """Let go of the connections."""
        if self._pool is not None:
            self._pool.close()
