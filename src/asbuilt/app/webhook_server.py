"""A small server for webhooks: the standard library's, one thread for each request; nothing but ``app.webhook``."""

import stat
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from asbuilt.app.webhook import Intake
from asbuilt.app.webhook_signature import PREFIX, signing_key
from asbuilt.ledger.ledger import open_ledger
from asbuilt.model.errors import SourceError, UsageError

SHORTEST = 16  # bytes of a secret
_LARGEST = 4_096
_SECONDS = 30  # that a sender may take


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Handler(WSGIRequestHandler):
    """Says nothing of what was asked: a line of a log is no place for what strangers send."""

    timeout = _SECONDS

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that is inherited
        """Nothing."""


def read_secret(file: Path) -> bytes:
    """The secret in a file, without the end of its line.

    Raises:
        UsageError: it is not there, too short, or open to everybody on this machine.
    """
    try:
        mode = file.stat().st_mode
        secret = file.read_bytes()[:_LARGEST].strip()
    except OSError as error:
        raise UsageError(f"The secret cannot be read: {error.strerror}.", where=str(file)) from error
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise UsageError("Others on this machine can read the secret.", fix=f"chmod 600 {file}", where=str(file))
    if len(secret) < SHORTEST:
        raise UsageError(
            f"The secret has {len(secret)} bytes.",
            fix="Make one: python3 -c 'import secrets; print(secrets.token_hex(32))'",
            where=str(file),
        )
    if secret.startswith(PREFIX) and signing_key(secret) is None:
        raise UsageError(
            "What follows whsec_ in the secret is no key in base64.",
            fix="Copy the signing token from GitLab's page of the webhook once more.",
            where=str(file),
        )
    return secret


def open_server(host: str, port: int, folder: Path, secret: bytes) -> WSGIServer:
    """A server that listens, for ``serve_forever``; the ledger is there and can be written.

    Raises:
        UsageError, LedgerError: there is no such ledger.
        SourceError: the address cannot be listened on.
    """
    open_ledger(folder).close()
    try:
        return make_server(host, port, Intake(folder, secret), server_class=_Server, handler_class=_Handler)
    except OSError as error:
        raise SourceError(
            f"Nothing can listen on {host}:{port}: {error.strerror}.",
            fix="Name another address with --host, --port.",
        ) from error
