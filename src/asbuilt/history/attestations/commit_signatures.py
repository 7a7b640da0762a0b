"""Signatures of commits: what they are over, and how they stand under the keys that were given.

Source: git, Documentation/gitformat-signature.adoc: what is signed is the commit object without the headers of its
signatures.
"""

import os
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from shutil import which
from typing import Final

import msgspec

from asbuilt.history.attestations.cms import verify_cms
from asbuilt.history.attestations.envelope import decode_base64
from asbuilt.history.attestations.sshsig import verify_ssh
from asbuilt.history.attestations.trusted import Trusted
from asbuilt.history.git import Repository
from asbuilt.model.attestation import Standing, Verification
from asbuilt.model.commit import SignatureKind
from asbuilt.model.text import visible

_MARKS: Final = (
    ("-----BEGIN SSH SIGNATURE-----", SignatureKind.SSH),
    ("-----BEGIN SIGNED MESSAGE-----", SignatureKind.X509),
    ("-----BEGIN PGP ", SignatureKind.GPG),
)
_SECONDS: Final = 60  # after which gpg is given up


class CommitSignature(msgspec.Struct, frozen=True):
    """The signature of a commit, its kind, what it is over, and the committer's time in Unix seconds."""

    kind: SignatureKind
    armored: str
    message: bytes
    at: int


def read_signature(raw: bytes) -> CommitSignature | None:
    """The signature in a commit object; None where it has none."""
    head, gap, body = raw.partition(b"\n\n")
    kept: list[bytes] = []
    signature: list[bytes] = []
    at = 0
    reading: list[bytes] | None = None
    for line in head.split(b"\n"):
        if line.startswith(b" ") and reading is not None:
            reading.append(line[1:])
            continue
        reading = None
        name, _, value = line.partition(b" ")
        if name.startswith(b"gpgsig"):
            # Of a repository in both formats the signature over the other form of the object is passed over.
            reading = [value]
            signature = signature or reading
            continue
        if name == b"committer":
            at = _seconds(value)
        if line.startswith(b" ") and kept:
            kept[-1] += b"\n" + line
        else:
            kept.append(line)
    if not signature:
        return None
    armored = b"\n".join(signature).decode("utf-8", "replace")
    kind = next((own for mark, own in _MARKS if armored.lstrip().startswith(mark)), SignatureKind.NONE)
    return CommitSignature(kind, armored, b"\n".join(kept) + gap + body, at)


def verify_commit(repository: Repository, commit: str, trusted: Trusted) -> Verification:
    """How the signature of a commit stands under the keys that were given.

    Raises:
        SourceError: the commit is not here.
    """
    told = read_signature(repository.run("cat-file", "commit", commit))
    if told is None:
        return Verification(Standing.NONE, None, "The commit bears no signature.")
    return verify_signature(told, trusted)


def read_raw_commits(repository: Repository, commits: Sequence[str]) -> dict[str, bytes]:
    """The objects of commits that are here, as they are kept; memory grows with all of them.

    Raises:
        SourceError: git failed.
    """
    told = repository.run("cat-file", "--batch", stdin="".join(f"{own}\n" for own in commits).encode())
    found: dict[str, bytes] = {}
    at = 0
    for own in commits:
        end = told.index(b"\n", at)
        words = told[at:end].split()
        at = end + 1
        if len(words) == 3:  # id, type, size; of an absent one: id, "missing"
            found[own] = told[at : at + int(words[2])]
            at += int(words[2]) + 1
    return found


def verify_signature(told: CommitSignature, trusted: Trusted) -> Verification:
    """How a commit's signature stands: by ssh, in CMS (gitsign, S/MIME) or by OpenPGP."""
    if told.kind is SignatureKind.SSH:
        return verify_ssh(told.armored, told.message, trusted.keys, at=told.at)
    if told.kind is SignatureKind.X509:
        lines = [line for line in told.armored.strip().splitlines() if not line.startswith("-----")]
        try:
            der = decode_base64("".join(lines))
        except ValueError as error:
            return Verification(Standing.NOT_VERIFIED, None, f"The signature cannot be read: {error}.")
        return verify_cms(der, told.message, trusted.authorities, at=told.at)
    if told.kind is SignatureKind.GPG:
        return verify_openpgp(told.armored.encode(), told.message, trusted.openpgp)
    return Verification(Standing.NOT_VERIFIED, None, "The signature is of a kind that is not read.")


def verify_openpgp(signature: bytes, message: bytes, keys: Sequence[bytes]) -> Verification:
    """How an OpenPGP signature stands, asked of gpg, in a home that holds nothing but the given keys."""
    if not keys:
        return Verification(Standing.NOT_VERIFIED, None, "No OpenPGP key was given.")
    if which("gpg") is None:
        return Verification(Standing.NOT_VERIFIED, None, "gpg is not on this machine.")
    with tempfile.TemporaryDirectory(prefix="asbuilt-gpg-") as place:
        home = Path(place)
        (home / "keys").write_bytes(b"\n".join(keys))
        (home / "signature").write_bytes(signature)
        (home / "message").write_bytes(message)
        _gpg(home, "--import", "keys")
        status = _gpg(home, "--status-fd", "1", "--verify", "signature", "message")
    return _read_status(status)


def _read_status(status: str) -> Verification:
    """What gpg's status lines say (GnuPG, doc/DETAILS)."""
    told = [line.split()[1:] for line in status.splitlines() if line.startswith("[GNUPG:]")]
    words = {line[0]: line[1:] for line in told if line}
    for word, why in (("REVKEYSIG", "revoked"), ("EXPKEYSIG", "expired"), ("EXPSIG", "expired")):
        if word in words:
            return Verification(Standing.NOT_VERIFIED, _signer(words[word]), f"The key or signature is {why}.")
    if "BADSIG" in words:
        return Verification(Standing.BROKEN, _signer(words["BADSIG"]), "The OpenPGP signature does not hold.")
    if "VALIDSIG" in words and "GOODSIG" in words:
        print_of = words["VALIDSIG"][0]
        return Verification(Standing.VERIFIED, _signer(words["GOODSIG"]), f"Signed with {visible(print_of, 60)}.")
    if "NO_PUBKEY" in words:
        key = visible(words["NO_PUBKEY"][0], 60)
        return Verification(Standing.NOT_VERIFIED, key, f"The key {key} was not given.")
    return Verification(Standing.NOT_VERIFIED, None, "gpg could not read the signature.")


def _gpg(home: Path, *words: str) -> str:
    """What gpg says; nothing of the user's own keys or settings is read, and no daemon is left behind."""
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "TMPDIR"}}
    try:
        done = subprocess.run(
            ["gpg", "--batch", "--no-tty", "--no-options", "--no-autostart", "--trust-model", "always", *words],
            cwd=home,
            env=kept | {"GNUPGHOME": str(home), "HOME": str(home), "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=_SECONDS,
        )
    except subprocess.TimeoutExpired:
        return ""
    return done.stdout.decode("utf-8", "replace")


def _signer(words: Sequence[str]) -> str:
    return visible(" ".join(words[1:]) or " ".join(words), 300)


def _seconds(committer: bytes) -> int:
    parts = committer.rsplit(b" ", 2)
    try:
        return int(parts[1])
    except (IndexError, ValueError):
        return 0
