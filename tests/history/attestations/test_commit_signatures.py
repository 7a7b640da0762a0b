"""Signatures of commits."""

import base64
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from asbuilt.history.attestations.commit_signatures import read_signature, verify_commit, verify_signature
from asbuilt.history.attestations.trusted import Trusted, load_trusted
from asbuilt.history.git import open_repository
from asbuilt.model.attestation import Standing
from asbuilt.model.commit import SignatureKind
from tests.history.attestations.signing import AT, authority, cms_sign, commit_bytes, leaf, ssh_line, ssh_sign

PLAIN = commit_bytes()


def test_what_is_signed_is_the_commit_without_its_signature() -> None:
    told = read_signature(commit_bytes("-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----"))
    assert told is not None
    assert (told.kind, told.message, told.at) == (SignatureKind.SSH, PLAIN, AT)
    assert read_signature(PLAIN) is None


def test_both_signature_headers_are_left_out_of_what_is_signed() -> None:
    raw = commit_bytes("-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----")
    both = raw.replace(b"\n\nA change", b"\ngpgsig-sha256 x\n y\n\nA change")
    told = read_signature(both)
    assert told is not None
    assert told.message == PLAIN


def test_ssh() -> None:
    key = Ed25519PrivateKey.generate()
    told = read_signature(commit_bytes(ssh_sign(key, PLAIN)))
    trusted = load_trusted([("allowed", f"ana {ssh_line(key)}".encode())])
    assert told is not None
    assert verify_signature(told, trusted).standing is Standing.VERIFIED
    assert verify_signature(told, Trusted()).standing is Standing.NOT_VERIFIED


def test_gitsign() -> None:
    root = authority()
    key, own = leaf(root)
    body = base64.encodebytes(cms_sign(key, own, PLAIN)).decode()
    told = read_signature(commit_bytes(f"-----BEGIN SIGNED MESSAGE-----\n{body}-----END SIGNED MESSAGE-----"))
    assert told is not None
    assert told.kind is SignatureKind.X509
    assert verify_signature(told, Trusted(authorities=(root[1],))).standing is Standing.VERIFIED
    assert verify_signature(told, Trusted()).standing is Standing.NOT_VERIFIED


def git(place: Path, *words: str, **more: str) -> str:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    own = kept | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", **more}
    return subprocess.run(
        ["git", *words], cwd=place, env=own, check=True, capture_output=True, text=True
    ).stdout.strip()


@pytest.mark.skipif(shutil.which("gpg") is None, reason="GnuPG is not here")
def test_a_commit_that_git_signed_with_openpgp(tmp_path: Path) -> None:
    home = tmp_path / "g"
    home.mkdir(mode=0o700)
    gpg = ["gpg", "--homedir", str(home), "--batch", "--pinentry-mode", "loopback", "--passphrase", ""]
    subprocess.run([*gpg, "--quick-gen-key", "Ana <ana@example.com>", "ed25519"], check=True, capture_output=True)
    public = subprocess.run([*gpg, "--armor", "--export"], check=True, capture_output=True).stdout
    repository = tmp_path / "r"
    repository.mkdir()
    git(repository, "init", "-q")
    words = ("-c", "user.name=Ana", "-c", "user.email=ana@example.com", "commit", "-q", "--allow-empty", "-m", "x")
    git(repository, *words, "-S", GNUPGHOME=str(home))
    subprocess.run(["gpgconf", "--homedir", str(home), "--kill", "all"], check=True, capture_output=True)
    other_home = tmp_path / "o"
    other_home.mkdir(mode=0o700)
    with open_repository(repository) as opened:
        commit = opened.resolve("HEAD")
        found = verify_commit(opened, commit, load_trusted([("ana.asc", public)]))
        assert (found.standing, found.signer) == (Standing.VERIFIED, "Ana <ana@example.com>")
        assert verify_commit(opened, commit, Trusted()).standing is Standing.NOT_VERIFIED
        told = read_signature(opened.run("cat-file", "commit", commit))
    assert told is not None
    changed = type(told)(told.kind, told.armored, told.message + b"y", told.at)
    assert verify_signature(changed, load_trusted([("ana.asc", public)])).standing is Standing.BROKEN


def test_a_commit_without_a_signature(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    git(tmp_path, "-c", "user.name=A", "-c", "user.email=a@b.c", "commit", "-q", "--allow-empty", "-m", "x")
    with open_repository(tmp_path) as opened:
        assert verify_commit(opened, opened.resolve("HEAD"), Trusted()).standing is Standing.NONE
