"""Timestamps (RFC 3161) of an authority of the test's own: openssl signs, we ask and verify."""

import shutil
import subprocess
from pathlib import Path

import pytest

from asbuilt.ledger.checkpoints import Checkpoint, parse_checkpoint, sign_checkpoint
from asbuilt.ledger.timestamps import (
    ROOTS,
    keep_timestamp,
    read_roots,
    timestamp_path,
    timestamp_request,
    verify_timestamp,
)
from asbuilt.model.errors import LedgerError, UsageError
from tests.ledger.sealing import NOW, made, record

pytest.importorskip("rfc3161_client")
OPENSSL = shutil.which("openssl") or ""
needs_openssl = pytest.mark.skipif(not OPENSSL, reason="openssl is not installed")

CONFIGURATION = """
[req]
distinguished_name = name
prompt = no
x509_extensions = ca
[name]
CN = Test root
[ca]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[stamping]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[signing]
basicConstraints = critical, CA:false
extendedKeyUsage = codeSigning
[tsa]
default_tsa = tsa_here
[tsa_here]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
"""


class Authority:
    """A root, and a certificate for timestamping under it."""

    def __init__(self, folder: Path, *, extensions: str = "stamping") -> None:
        folder.mkdir()
        self.folder = folder
        (folder / "conf").write_text(CONFIGURATION.format(folder=folder))
        (folder / "serial").write_text("01\n")
        curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
        self.run(
            "req", "-x509", *curve, "-keyout", "root.key", "-out", "root.pem", "-days", "30", "-config", "conf"
        )
        self.run("req", *curve, "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=Test TSA", "-config", "conf")
        signed_by = ("-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial")
        extended = ("-extfile", "conf", "-extensions", extensions)
        self.run("x509", "-req", "-in", "tsa.csr", *signed_by, "-days", "30", "-out", "tsa.pem", *extended)
        self.roots = (folder / "root.pem").read_bytes()

    def run(self, *words: str) -> None:
        done = subprocess.run([OPENSSL, *words], cwd=self.folder, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()

    def answer(self, request: bytes) -> bytes:
        (self.folder / "q").write_bytes(request)
        self.run("ts", "-reply", "-config", "conf", "-queryfile", "q", "-out", "a")
        return (self.folder / "a").read_bytes()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tsa") / "authority")


def signed(folder: Path) -> Checkpoint:
    with made(folder, entries=3) as ledger:
        return parse_checkpoint(sign_checkpoint(ledger, NOW))


@needs_openssl
def test_a_checkpoint_is_stamped_and_the_stamp_kept(tmp_path: Path, authority: Authority) -> None:
    checkpoint = signed(tmp_path / "ledger")
    answer = authority.answer(timestamp_request(checkpoint))
    found = keep_timestamp(tmp_path / "ledger", checkpoint, answer, authority.roots)
    assert (found.size, found.policy) == (3, "1.2.3.4.1")
    assert found.at > NOW
    assert timestamp_path(tmp_path / "ledger", 3).read_bytes() == answer
    keep_timestamp(tmp_path / "ledger", checkpoint, answer, authority.roots)
    assert (tmp_path / "ledger" / ROOTS).read_bytes() == authority.roots.strip() + b"\n"


@needs_openssl
def test_openssl_alone_verifies_it_over_the_first_five_lines(tmp_path: Path, authority: Authority) -> None:
    checkpoint = signed(tmp_path / "ledger")
    (authority.folder / "r").write_bytes(authority.answer(timestamp_request(checkpoint)))
    (authority.folder / "five").write_bytes(b"".join(checkpoint.encode().splitlines(keepends=True)[:5]))
    authority.run("ts", "-verify", "-in", "r", "-data", "five", "-CAfile", "root.pem")


@needs_openssl
def test_a_stamp_of_something_else_or_somebody_else_is_refused(tmp_path: Path, authority: Authority) -> None:
    checkpoint = signed(tmp_path / "ledger")
    with made(tmp_path / "other", entries=[record(7)]) as ledger:
        other = parse_checkpoint(sign_checkpoint(ledger, NOW))
    answer = authority.answer(timestamp_request(other))
    with pytest.raises(LedgerError, match="not accepted") as caught:
        keep_timestamp(tmp_path / "ledger", checkpoint, answer, authority.roots)
    assert "Mismatch between messages" in caught.value.why
    assert not (tmp_path / "ledger" / ROOTS).exists()
    stranger = Authority(tmp_path / "stranger")
    with pytest.raises(LedgerError, match="not accepted"):
        verify_timestamp(checkpoint, stranger.answer(timestamp_request(checkpoint)), authority.roots)


@needs_openssl
def test_bytes_of_a_stamp_that_matter_cannot_be_changed(tmp_path: Path, authority: Authority) -> None:
    checkpoint = signed(tmp_path / "ledger")
    answer = authority.answer(timestamp_request(checkpoint))
    assert verify_timestamp(checkpoint, answer, authority.roots)
    for at in range(0, len(answer), 7):
        changed = answer[:at] + bytes([answer[at] ^ 1]) + answer[at + 1 :]
        try:
            found = verify_timestamp(checkpoint, changed, authority.roots)
        except LedgerError:
            continue
        # What is not signed (a status text, an unneeded certificate's bytes) may differ; what it says may not.
        assert found == verify_timestamp(checkpoint, answer, authority.roots)


@pytest.mark.parametrize("data", [b"", b"nothing", bytes(100)])
def test_what_is_no_answer_is_refused(tmp_path: Path, data: bytes) -> None:
    checkpoint = signed(tmp_path / "ledger")
    with pytest.raises(LedgerError, match="not accepted"):
        verify_timestamp(checkpoint, data, b"")


@pytest.mark.parametrize("pem", [b"", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
def test_a_file_without_certificates_is_refused(pem: bytes) -> None:
    with pytest.raises(UsageError, match="holds none"):
        read_roots(pem)
