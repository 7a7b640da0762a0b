"""Taking in webhooks: a WSGI application that records what a forge sends, and nothing that only claims to be sent.

1. One path, one method; not larger than a forge sends (25 MiB).
2. The signature is checked over the bytes as they came, before anything reads them: HMAC-SHA256 for GitHub (its
   documentation, "Validating webhook deliveries"); for GitLab the specification "Standard Webhooks", where the
   secret is a signing token: then nothing unsigned is taken. Else GitLab sends a shared token: it shows that the
   sender knows it, and nothing about the bytes; such deliveries are recorded as not verified.
3. The bytes are a raw record, and durable, before they are read.
4. Rows are as new as what they tell, not as their arrival: deliveries may come twice, late and in any order.
5. Only then is the delivery accepted; if anything fails before, the forge is told so, and sends it again.
"""

import hashlib
import hmac
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final, Protocol

import msgspec

from asbuilt.app.sync_keeping import INLINE
from asbuilt.app.sync_rows import Encoded, encode_row
from asbuilt.app.webhook_signature import PREFIX, signing_key, why_unsigned
from asbuilt.facts.forge import Row, project_page, projectors
from asbuilt.facts.forge.github import webhooks as of_github
from asbuilt.facts.forge.gitlab import webhooks as of_gitlab
from asbuilt.facts.recording.values import moment_text
from asbuilt.ledger.ledger import Ledger, open_ledger
from asbuilt.ledger.merkle import leaf_hash
from asbuilt.model.errors import AsBuiltError, LedgerError
from asbuilt.model.record import ATTACHED, FACT, JSON, Record, decode_entry, encode_entry
from asbuilt.model.text import visible

COLLECTOR: Final = "asbuilt webhook"
LARGEST: Final = 25 << 20  # bytes; GitHub caps payloads there
_ID: Final = 80  # characters of a delivery's id and of an event's name
Start = Callable[[str, list[tuple[str, str]]], object]


class Words(Protocol):
    """What a forge's deliveries say of themselves (``facts/forge/FORGE/webhooks.py``)."""

    def repository_of(self, document: object) -> str | None:
        """The repository that it is about."""

    def organization_of(self, document: object) -> str | None:
        """The organisation or group that it is about."""

    def action_of(self, document: object) -> str | None:
        """What was done."""

    def subject_of(self, event: str, document: object) -> str | None:
        """What it is about, in the words of ``deliveries``."""

    def told_at(self, document: object) -> str | None:
        """The newest moment that it names."""

    def is_last_word(self, document: object) -> bool:
        """Whether it comes after everything else of the same second."""


_WORDS: Final[Mapping[str, Words]] = {"github": of_github, "gitlab": of_gitlab}


class Refused(Exception):  # noqa: N818 - an answer, not an error
    """Why a delivery is not taken: the status and one sentence."""

    def __init__(self, status: HTTPStatus, why: str) -> None:
        super().__init__(why)
        self.status = status


class Delivery(msgspec.Struct, frozen=True):
    """One delivery as it came: the forge, the event's name, its id, the bytes, and whether a signature holds."""

    forge: str
    event: str
    id: str
    body: bytes
    verified: bool


class Intake:
    """Takes deliveries into a ledger, one at a time; ``secret`` is shared with the forge and never shown."""

    def __init__(self, folder: Path, secret: bytes, *, clock: Callable[[], float] = time.time) -> None:
        if len(secret) < 16:
            raise ValueError("A secret needs 16 bytes at least.")
        if secret.startswith(PREFIX) and signing_key(secret) is None:
            raise ValueError("What follows whsec_ in the secret is no key in base64.")
        self._folder, self._secret, self._clock = folder, secret, clock
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"Intake({str(self._folder)!r})"

    def __call__(self, environ: Mapping[str, Any], start: Start) -> Iterable[bytes]:
        """The WSGI application (PEP 3333)."""
        try:
            new = self.take(self._read(environ))
            status, told = HTTPStatus.ACCEPTED, {"recorded": "new" if new else "known"}
        except Refused as refused:
            status, told = refused.status, {"error": str(refused)}
        except AsBuiltError as error:
            # The forge tries again; what is wrong here is nobody's business outside.
            status, told = HTTPStatus.SERVICE_UNAVAILABLE, {"error": "It could not be recorded; send it again."}
            print(f"{error}", file=environ["wsgi.errors"])
        body = msgspec.json.encode(told)
        start(
            f"{status.value} {status.phrase}",
            [("Content-Type", "application/json"), ("Content-Length", str(len(body)))],
        )
        return [body]

    def _read(self, environ: Mapping[str, Any]) -> Delivery:
        # (1)
        forge = str(environ.get("PATH_INFO", "")).strip("/")
        if forge not in {"github", "gitlab"}:
            raise Refused(HTTPStatus.NOT_FOUND, "Webhooks are taken at /github and /gitlab.")
        if environ.get("REQUEST_METHOD") != "POST":
            raise Refused(HTTPStatus.METHOD_NOT_ALLOWED, "Webhooks are posted.")
        length = str(environ.get("CONTENT_LENGTH") or "")
        if not length.isascii() or not length.isdigit():
            raise Refused(HTTPStatus.LENGTH_REQUIRED, "It is not said how long it is.")
        if int(length) > LARGEST:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"It is longer than {LARGEST:,} bytes.")
        body = environ["wsgi.input"].read(int(length))
        if len(body) != int(length):
            raise Refused(HTTPStatus.BAD_REQUEST, "It is cut off.")
        # (2)
        return self._github(environ, body) if forge == "github" else self._gitlab(environ, body)

    def _github(self, environ: Mapping[str, Any], body: bytes) -> Delivery:
        given = str(environ.get("HTTP_X_HUB_SIGNATURE_256", ""))
        if not signature_holds(self._secret, body, given):
            raise Refused(HTTPStatus.UNAUTHORIZED, "The signature does not hold.")
        event, own = environ.get("HTTP_X_GITHUB_EVENT"), environ.get("HTTP_X_GITHUB_DELIVERY")
        return Delivery("github", _word(event, "event"), _word(own, "delivery"), body, verified=True)

    def _gitlab(self, environ: Mapping[str, Any], body: bytes) -> Delivery:
        key, event = signing_key(self._secret), environ.get("HTTP_X_GITLAB_EVENT")
        if key is not None:
            signed = [str(environ.get(f"HTTP_WEBHOOK_{name}", "")) for name in ("ID", "TIMESTAMP", "SIGNATURE")]
            own, moment, given = signed
            if why := why_unsigned(key, own, moment, body, given, now=self._clock()):
                raise Refused(HTTPStatus.UNAUTHORIZED, why)
            return Delivery("gitlab", _word(event, "event"), _word(own, "delivery"), body, verified=True)
        token = str(environ.get("HTTP_X_GITLAB_TOKEN", "")).encode("latin-1", "replace")
        if not hmac.compare_digest(token, self._secret):
            raise Refused(HTTPStatus.UNAUTHORIZED, "The token is another.")
        # Deliveries that one event caused share the event's id; the key is each delivery's own, also sent again.
        named = environ.get("HTTP_IDEMPOTENCY_KEY") or environ.get("HTTP_X_GITLAB_EVENT_UUID")
        return Delivery("gitlab", _word(event, "event"), _word(named, "delivery"), body, verified=False)

    def take(self, delivery: Delivery) -> bool:
        """Record a delivery; whether it is new.

        Raises:
            Refused: it is about nothing, or no JSON.
            SourceError, LedgerError: see ``ledger.ledger``.
        """
        now = int(self._clock())
        with self._lock, open_ledger(self._folder) as ledger:
            return take_delivery(ledger, delivery, now)


def take_delivery(ledger: Ledger, delivery: Delivery, now: int) -> bool:
    """Record a delivery in an open ledger; whether it is new. See ``Intake.take``."""
    try:
        document = msgspec.json.decode(delivery.body)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise Refused(HTTPStatus.BAD_REQUEST, "It is no JSON.") from error
    words = _WORDS[delivery.forge]
    repository, organization = words.repository_of(document), words.organization_of(document)
    about = repository or organization
    if about is None:
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "It names no repository and no organisation.")
    source = f"{delivery.forge}:{about}"
    # (3)
    raw = _raw(ledger, delivery, source, now)
    (placed,) = ledger.append([raw])
    entry = encode_entry(raw) if placed.is_new else ledger.entry(placed.index)
    first = decode_entry(entry).observed  # of one that comes again: when it first came
    how = f"page {leaf_hash(entry).hex()}"
    # (4)
    rows: tuple[Row, ...] = ()
    refused: list[str] = []
    name = f"webhook/{delivery.event}"
    if name in projectors(delivery.forge):
        found = project_page(
            delivery.forge,
            name,
            delivery.id,
            delivery.body,
            repository=repository,
            organization=organization,
            observed=first,
        )
        rows, refused = found.rows, list(found.refused)
    told, late = words.told_at(document), words.is_last_word(document)
    records = []
    for row in rows:
        # A forge counts seconds: what ends a thing is newer than what began it in the same one.
        observed = _newest(row, told, first) + late
        encoded = encode_row(row.table, row.told, observed)
        if isinstance(encoded, str):
            refused.append(encoded)
        else:
            records.append(_fact(raw, row.table, encoded, observed, how))
    if refused:
        gap = encode_row("gaps", _gap(delivery, source, refused, first), first)
        if isinstance(gap, str):
            raise LedgerError(f"A gap cannot be written: {gap}")
        records.append(_fact(raw, "gaps", gap, first, how))
    if repository is not None:
        seen = encode_row("deliveries", _delivery(delivery, document, repository, first), first)
        if not isinstance(seen, str):
            records.append(_fact(raw, "deliveries", seen, first, how))
    ledger.append(records)
    # (5)
    return placed.is_new


def signature_holds(secret: bytes, body: bytes, given: str) -> bool:
    """Whether ``sha256=HEX`` is the HMAC of the body, compared in constant time."""
    own = "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(own.encode(), given.encode("utf-8", "replace"))


def _raw(ledger: Ledger, delivery: Delivery, source: str, now: int) -> Record:
    payload, media = delivery.body, JSON
    if len(payload) > INLINE:
        digest = ledger.put_attachment(payload)
        payload = msgspec.json.encode({"sha256": digest, "size": len(payload)}, order="sorted")
        media = ATTACHED
    return Record(
        source=source,
        event=f"webhook/{delivery.event} | {delivery.id}",
        kind=f"raw/webhook/{delivery.event}",
        payload=payload,
        observed=now,
        recorded=now,
        by=COLLECTOR,
        how=f"webhook {delivery.forge} {'signed' if delivery.verified else 'token'}",
        media=media,
    )


def _delivery(delivery: Delivery, document: object, repository: str, now: int) -> dict[str, object]:
    words = _WORDS[delivery.forge]
    action = words.action_of(document)
    return {
        "repository": repository,
        "delivery": delivery.id,
        "event": delivery.event,
        "received_at": moment_text(now),
        "action": visible(action, _ID) if action else None,
        "is_verified": delivery.verified,
        "subject": words.subject_of(delivery.event, document),
    }


def _gap(delivery: Delivery, source: str, refused: Sequence[str], first: int) -> dict[str, object]:
    """Something of a delivery became no row: it is kept as it came, and that is said."""
    place = f"webhook/{delivery.event} {delivery.id}"
    return {
        "gap": f"{source}: GAP-PAGE {place}",
        "code": "GAP-PAGE",
        "what": f"Something of the delivery {place} became no row.",
        "why": visible(refused[0], 500),
        "remedy": "The delivery was kept as it came; a later version may read it.",
        "place": place,
        "item_count": len(refused),
        "seen_at": moment_text(first),
    }


def _newest(row: Row, told: str | None, now: int) -> int:
    """As when a row is the word about its event: the newest moment that it tells, never later than its arrival."""
    times = [own for own in (told, *row.told.values()) if isinstance(own, str) and _is_moment(own)]
    newest = max(times, default=None)
    return now if newest is None else min(now, int(datetime.fromisoformat(newest).timestamp()))


def _is_moment(text: str) -> bool:
    if len(text) != 20 or text[10] != "T" or text[-1] != "Z":
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _fact(raw: Record, table: str, encoded: Encoded, observed: int, how: str) -> Record:
    return msgspec.structs.replace(
        raw,
        event=encoded.event,
        kind=f"{FACT}{table}",
        payload=encoded.payload,
        observed=observed,
        recorded=max(raw.recorded, observed),
        how=how,
        occurred=encoded.occurred,
        media=JSON,
    )


def _word(value: object, what: str) -> str:
    text = str(value or "")
    if not 0 < len(text) <= _ID or not text.replace("-", "").replace("_", "").replace(" ", "").isalnum():
        raise Refused(HTTPStatus.BAD_REQUEST, f"It does not name its {what}.")
    return text
