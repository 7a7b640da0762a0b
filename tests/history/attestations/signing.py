"""Keys, certificates and signatures made for tests."""

import base64
import hashlib
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import pkcs7

AT = int(datetime(2026, 3, 1, tzinfo=UTC).timestamp())


def pem(key) -> bytes:
    return key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def string(data: bytes) -> bytes:
    return len(data).to_bytes(4) + data


def ssh_blob(key: Ed25519PrivateKey) -> bytes:
    return string(b"ssh-ed25519") + string(key.public_key().public_bytes_raw())


def ssh_line(key: Ed25519PrivateKey) -> str:
    return "ssh-ed25519 " + base64.b64encode(ssh_blob(key)).decode()


def ssh_sign(key: Ed25519PrivateKey, message: bytes, namespace: bytes = b"git") -> str:
    """As PROTOCOL.sshsig describes it."""
    digest = hashlib.sha512(message).digest()
    fields = string(namespace) + string(b"") + string(b"sha512")
    signature = string(b"ssh-ed25519") + string(key.sign(b"SSHSIG" + fields + string(digest)))
    raw = b"SSHSIG" + (1).to_bytes(4) + string(ssh_blob(key)) + fields + string(signature)
    lines = base64.encodebytes(raw).decode()
    return f"-----BEGIN SSH SIGNATURE-----\n{lines}-----END SSH SIGNATURE-----"


def authority() -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    return key, _certificate(key, "Root", key, "Root", ca=True, start=AT - 86_400, days=3_650)


def leaf(root, *, email: str = "ana@example.com", start: int = AT - 300, minutes: int = 10):
    key = ec.generate_private_key(ec.SECP256R1())
    root_key, _ = root
    own = _certificate(key, "leaf", root_key, "Root", ca=False, start=start, days=0, minutes=minutes, email=email)
    return key, own


def _certificate(key, name, issuer_key, issuer, *, ca, start, days, minutes=0, email=None) -> x509.Certificate:
    first = datetime.fromtimestamp(start, UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(first)
        .not_valid_after(first + timedelta(days=days, minutes=minutes))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )
    if email:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.RFC822Name(email)]), critical=True)
    return builder.sign(issuer_key, hashes.SHA256())


def cms_sign(key, certificate: x509.Certificate, message: bytes) -> bytes:
    return (
        pkcs7.PKCS7SignatureBuilder()
        .set_data(message)
        .add_signer(certificate, key, hashes.SHA256())
        .sign(
            serialization.Encoding.DER,
            [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary, pkcs7.PKCS7Options.NoCapabilities],
        )
    )


def commit_bytes(signature: str | None = None) -> bytes:
    """A commit object; with a signature as git writes it in."""
    head = (
        "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n"
        f"author Ana <ana@example.com> {AT} +0000\ncommitter Ana <ana@example.com> {AT} +0000\n"
    )
    signed = "" if signature is None else "gpgsig " + signature.strip().replace("\n", "\n ") + "\n"
    return (head + signed + "\nA change\n").encode()
