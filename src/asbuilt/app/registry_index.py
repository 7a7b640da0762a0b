"""One index that is asked, and the user's files that may name it."""

import base64
import netrc
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

import httpx
import msgspec

from asbuilt.model.errors import UsageError
from asbuilt.sources.credentials import Token

_LARGEST: Final = 1 << 20


class Index(msgspec.Struct, frozen=True):
    """One index to ask: its address without credentials, who configured it, and how it is asked.

    ``scope`` is the npm scope (``@company``) that it alone is asked about. ``is_own`` says that the user's own
    configuration names it, so that it may lie inside a private network. ``patterns`` are names with ``*`` that it
    is asked about, and no others (NuGet's mapping of sources); ``private`` are those that it is never asked about
    (Go's ``GOPRIVATE``).
    """

    ecosystem: str
    address: str
    source: str
    scope: str = ""
    patterns: tuple[str, ...] = ()
    private: tuple[str, ...] = ()
    is_own: bool = True
    token: Token | None = None
    scheme: str = "Bearer"


class Surroundings(msgspec.Struct, frozen=True):
    """Where a user's configuration lies: the environment, the home folder, the machine's, and npm's prefixes."""

    environment: Mapping[str, str]
    home: Path
    machine: Path = Path("/etc")
    prefixes: tuple[Path, ...] = (Path("/usr/local"), Path("/usr"))


def own_surroundings() -> Surroundings:
    """Those of whoever runs this."""
    return Surroundings(os.environ, Path.home())


def index_of(ecosystem: str, address: str, source: str, **more: Any) -> Index:
    """An index out of an address; user and password in it become a credential."""
    try:
        url = httpx.URL(address.strip())
    except (httpx.InvalidURL, UnicodeError):
        url = httpx.URL("")
    if not url.host:
        raise UsageError(f"The index of {ecosystem} in {source} is no address.", fix="Write https://HOST/PATH.")
    token = None
    if url.userinfo:
        told = f"{unquote(url.username)}:{unquote(url.password)}"
        token = Token(base64.b64encode(told.encode()).decode(), source)
        more = {**more, "token": token, "scheme": "Basic"}
    bare = str(url.copy_with(userinfo=b"", query=None, fragment=None)).rstrip("/")
    return Index(ecosystem, bare, source, **more)


def own_text(file: Path) -> str:
    """A file of the user's configuration; empty where there is none that can be read."""
    try:
        with file.open("rb") as stream:
            return stream.read(_LARGEST).decode("utf-8", "replace")
    except OSError:
        return ""


def is_asked(address: str) -> bool:
    """Whether an address is one that can be asked: files and others are not."""
    return address.startswith(("https://", "http://"))


def netrc_secrets(file: Path) -> dict[str, str]:
    """Credentials for Basic authentication by host; a file that others may read is passed over by the library."""
    try:
        hosts = netrc.netrc(str(file)).hosts
    except (OSError, netrc.NetrcParseError, UnicodeDecodeError):
        return {}
    return {
        host: base64.b64encode(f"{told[0]}:{told[2]}".encode()).decode()
        for host, told in hosts.items()
        if host != "default" and told[2]
    }
