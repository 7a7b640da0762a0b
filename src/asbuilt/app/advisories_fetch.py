"""Fetching an archive of advisories from an address that was named: over TLS, public addresses only, bounded."""

import contextlib
from pathlib import Path
from typing import Final

import httpcore
import httpx

from asbuilt.model.errors import SourceError, UsageError
from asbuilt.model.text import visible
from asbuilt.sources.addresses import GuardedBackend, GuardedTransport, check_base

MOST_BYTES: Final = 4 << 30
_REDIRECTS: Final = 5
_SECONDS: Final = 60.0  # without a byte


def fetched_zip(address: str, file: Path, *, transport: httpx.BaseTransport | None = None) -> None:
    """Stream what lies at an address into a file.

    Args:
        address: ``https://…``, without user, query or fragment.
        file: where the bytes go.
        transport: httpx's way to the network; None: the one that asks checked public addresses alone.

    Raises:
        UsageError: the address may not be asked.
        SourceError: nothing usable came from it.
    """
    guarded = transport or GuardedTransport(GuardedBackend(frozenset()))
    url = check_base(address, frozenset())
    try:
        with httpx.Client(transport=guarded, timeout=_SECONDS, follow_redirects=False) as client:
            for _ in range(_REDIRECTS):
                with client.stream("GET", url) as answer:
                    if answer.is_redirect:
                        url = _next(url, answer.headers.get("location", ""))
                        continue
                    if answer.status_code != httpx.codes.OK:
                        raise _failed(address, f"The answer was {answer.status_code}")
                    _pour(answer, file, address)
                    return
    except (httpx.HTTPError, httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as error:
        raise _failed(address, visible(str(error), 200) or "It did not answer") from error
    raise _failed(address, "It redirects for ever")


def _next(url: httpx.URL, location: str) -> httpx.URL:
    with contextlib.suppress(httpx.InvalidURL):
        target = url.join(location)
        if target.scheme == "https" and target.host and not target.userinfo:
            return target
    raise UsageError(f"{url} redirects to what is not fetched.", fix="Name the address of the archive itself.")


def _pour(answer: httpx.Response, file: Path, address: str) -> None:
    size = 0
    with file.open("wb") as stream:
        for chunk in answer.iter_bytes():
            size += len(chunk)
            if size > MOST_BYTES:
                raise _failed(address, f"It is larger than {MOST_BYTES:,} bytes")
            stream.write(chunk)


def _failed(address: str, why: str) -> SourceError:
    return SourceError(
        "The advisories could not be fetched.",
        why=f"{why}.",
        fix="Try again, or fetch the file by other means and name it.",
        where=visible(address, 200),
    )
