"""Commits and the people on them, as git stores them."""

from datetime import UTC, datetime
from enum import StrEnum

import msgspec


class Person(msgspec.Struct, frozen=True, order=True):
    """A name and an e-mail address, exactly as one source wrote them.

    Two spellings of one human are joined by ``history.people``, never here.
    """

    name: str
    email: str

    @property
    def key(self) -> str:
        """What identifies the person: the e-mail in lower case, or the name where there is none."""
        return self.email.casefold() or self.name.casefold()


class SignatureKind(StrEnum):
    """Which kind of signature a commit or tag carries; present is not the same as verified."""

    NONE = "none"
    GPG = "gpg"
    SSH = "ssh"
    X509 = "x509"


class Commit(msgspec.Struct, frozen=True):
    """One commit object.

    ``id``, ``tree`` and ``parents`` are lower-case hex (40 digits for sha1, 64 for sha256); ``parents`` are
    those that git uses, after grafts, replace refs and a shallow boundary. Times are Unix seconds, UTC.
    ``author`` and ``committer`` are as written; ``message`` is the whole message, decoded
    (``encoding`` header, else UTF-8, undecodable bytes as U+FFFD).
    """

    id: str
    parents: tuple[str, ...]
    tree: str
    author: Person
    author_time: int
    committer: Person
    commit_time: int
    message: str
    signature: SignatureKind = SignatureKind.NONE

    @property
    def subject(self) -> str:
        """The first line of the message."""
        return self.message.lstrip("\n").split("\n", 1)[0].rstrip()

    @property
    def committed_at(self) -> datetime:
        """When the commit was made, by the committer's clock."""
        return moment(self.commit_time)


def moment(seconds: int) -> datetime:
    """Unix seconds as an aware UTC datetime; seconds that no datetime can hold are clamped to its range."""
    low, high = -62_135_596_800, 253_402_300_799
    return datetime.fromtimestamp(min(max(seconds, low), high), UTC)
