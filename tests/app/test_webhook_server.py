"""The small server for webhooks."""

import hashlib
import hmac
import http.client
import threading
from pathlib import Path

import pytest

from asbuilt.app.webhook_server import open_server, read_secret
from asbuilt.ledger.ledger import create_ledger, open_ledger
from asbuilt.model.errors import SourceError, UsageError

SECRET = b"a secret of more than sixteen bytes"


def secret_file(tmp_path: Path, content: bytes = SECRET + b"\n", mode: int = 0o600) -> Path:
    file = tmp_path / "secret"
    file.write_bytes(content)
    file.chmod(mode)
    return file


def test_a_secret_is_read_without_the_end_of_its_line(tmp_path: Path) -> None:
    assert read_secret(secret_file(tmp_path)) == SECRET


@pytest.mark.parametrize(
    ("content", "mode"), [(b"short", 0o600), (SECRET, 0o644), (b"", 0o600), (b"whsec_" + SECRET, 0o600)]
)
def test_a_secret_that_is_none_is_refused(tmp_path: Path, content: bytes, mode: int) -> None:
    with pytest.raises(UsageError) as raised:
        read_secret(secret_file(tmp_path, content, mode))
    assert SECRET.decode() not in str(raised.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read_secret(tmp_path / "none")


@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_delivery_over_a_real_connection(tmp_path: Path) -> None:
    folder = tmp_path / "ledger"
    create_ledger(folder, origin="example.com/log", now=0).close()
    body = b'{"zen":"x","repository":{"full_name":"o/n"}}'
    with open_server("127.0.0.1", 0, folder, SECRET) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
        signature = "sha256=" + hmac.new(SECRET, body, hashlib.sha256).hexdigest()
        headers = {"X-Hub-Signature-256": signature, "X-GitHub-Event": "ping", "X-GitHub-Delivery": "d-1"}
        connection.request("POST", "/github", body, headers)
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (202, b'{"recorded":"new"}')
        with pytest.raises(SourceError, match="Nothing can listen"):
            open_server("127.0.0.1", server.server_port, folder, SECRET)
        connection.close()
        server.shutdown()
        thread.join(10)
    with open_ledger(folder, read_only=True) as opened:
        assert opened.size == 2
