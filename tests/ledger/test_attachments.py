"""Attachments stand under their digests: once, whole, and only as long as they are what they were."""

import hashlib
import resource
from pathlib import Path

import pytest

from asbuilt.ledger.attachments import (
    attachment_path,
    kept_files,
    put_attachment,
    put_attachment_parts,
    read_attachment,
)
from asbuilt.model.errors import LedgerError, SourceError, UsageError


def test_what_is_kept_is_read_again(tmp_path: Path) -> None:
    for data in (b"", b"minutes", bytes(range(256)) * 4000):
        digest = put_attachment(tmp_path, data)
        assert digest == hashlib.sha256(data).hexdigest() == put_attachment(tmp_path, data)
        assert read_attachment(tmp_path, digest) == data
        assert attachment_path(tmp_path, digest) == tmp_path / "attachments" / digest[:2] / digest
    assert len(list(kept_files(tmp_path))) == 3


def test_one_that_was_changed_is_neither_read_nor_kept_again(tmp_path: Path) -> None:
    digest = put_attachment(tmp_path, b"minutes")
    attachment_path(tmp_path, digest).write_bytes(b"minuteS")
    with pytest.raises(LedgerError, match="was changed"):
        read_attachment(tmp_path, digest)
    with pytest.raises(LedgerError, match="was changed"):
        put_attachment(tmp_path, b"minutes")


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", "a" * 63, "A" * 64, "a" * 64 + "\n"])
def test_what_is_no_digest_is_no_path(tmp_path: Path, digest: str) -> None:
    with pytest.raises(UsageError, match="no SHA-256"):
        read_attachment(tmp_path, digest)


def test_one_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no attachment"):
        read_attachment(tmp_path, "a" * 64)


def test_a_full_disk_leaves_nothing_half_written(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        with pytest.raises(SourceError, match="cannot be kept"):
            put_attachment(tmp_path, b"x" * 5000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_what_a_crash_left_is_no_attachment(tmp_path: Path) -> None:
    digest = put_attachment(tmp_path, b"minutes")
    attachment_path(tmp_path, digest).with_name(f".{digest}.17.part").write_bytes(b"min")
    assert list(kept_files(tmp_path)) == [attachment_path(tmp_path, digest)]


def test_one_that_comes_in_parts_is_kept_as_if_it_came_whole(tmp_path: Path) -> None:
    digest = hashlib.sha256(b"minutes").hexdigest()
    put_attachment_parts(tmp_path, digest, iter((b"min", b"", b"utes")))
    assert read_attachment(tmp_path, digest) == b"minutes"
    put_attachment_parts(tmp_path, digest, iter((b"never read again",)))
    attachment_path(tmp_path, digest).write_bytes(b"minuteS")
    with pytest.raises(LedgerError, match="was changed"):
        put_attachment_parts(tmp_path, digest, iter((b"minutes",)))


def test_parts_that_changed_since_their_digest_was_made_leave_nothing(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="changed while it was recorded"):
        put_attachment_parts(tmp_path, hashlib.sha256(b"minutes").hexdigest(), iter((b"minuteS",)))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
