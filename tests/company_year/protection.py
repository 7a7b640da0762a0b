"""How data is guarded: encryption where it lies and on its way, and secrets that come into code."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from asbuilt.model.record import Record
from tests.company_year.data import ASSETS, Asset
from tests.company_year.landings import change_id, head_of, landed_at, repository_of
from tests.company_year.world import (
    DAY,
    FOUNDED,
    HOUR,
    TAKEN,
    Plant,
    World,
    added,
    at,
    changed,
    quarters,
    whole,
    without,
)

Row = Mapping[str, Any]

# Link: kind, the system that answers, and since when it is there.
LINKS = {
    "app.example.com:443": ("public", "production", FOUNDED),
    "api.example.com:443": ("public", "production", FOUNDED),
    "checkout > orders-db": ("internal", "orders-db", FOUNDED),
    "web > ledger": ("internal", "production", FOUNDED),
    "assistant > api.anthropic.com:443": ("provider", None, at("2026-01-12T09:00")),
    "orders-db > warehouse": ("internal", "warehouse", at("2026-03-02T09:00")),
}
# Alert: the change that brought the secret, what kind it was, and how it ended.
ALERTS = {
    "A-1": (9, "cloud-key", {"revoked_at": 3 * HOUR, "resolution": "revoked"}),
    "A-2": (
        21,
        "test-token",
        {"resolution": "false-positive", "resolved_by": "tess-laurent", "reason": "an example of the manual"},
    ),
    "A-3": (34, "model-key", {"revoked_at": HOUR, "resolution": "revoked"}),
    "A-4": (58, "webhook-secret", {"revoked_at": 20 * HOUR, "resolution": "revoked"}),
}


def records(world: World) -> Iterator[Record]:
    """Everything about how data is guarded."""
    yield from whole("encryption_settings", _encryption())
    yield from whole(
        "data_links",
        (
            {"link": link, "kind": kind, "in_scope": True, "system": system, "in_use_from": since}
            for link, (kind, system, since) in LINKS.items()
        ),
    )
    yield from whole("tls_scans", _scans())
    yield from whole(
        "secret_protection",
        (
            {
                "repository": own.id,
                "blocks_pushes": True,
                "scans_history": True,
                "scans_agent_files": True,
                "held_from": own.since or FOUNDED,
                "held_until": TAKEN,
            }
            for own in world.repositories
        ),
    )
    yield from whole("secret_alerts", map(_alert, ALERTS))
    yield from whole("secret_bypasses", BYPASSES)


def _encryption() -> Iterator[Row]:
    """From the platform's history of settings; of what was made in the year, since some hours after."""
    for own in ASSETS:
        if own.kind == "flow":
            continue
        looked = own.since if own.since == FOUNDED else own.since + 5 * HOUR
        yield _encrypted(own, copy="live", held_from=looked, held_until=own.until or TAKEN)
        if own.is_production and not own.is_rebuildable:
            yield _encrypted(own, copy="backup", held_from=own.since, held_until=TAKEN)


def _encrypted(own: Asset, **columns: Any) -> Row:
    told = {"is_encrypted": True, "key_managed": True, "key_name": f"key of {own.id}"}
    return {"store": own.id, **told, **columns}


def _scans() -> Iterator[Row]:
    """Scanned each day; what stayed the same is one row, and the certificate is renewed each quarter."""
    for link, (kind, _, since) in LINKS.items():
        cuts = [since, *(first for first in quarters(FOUNDED, TAKEN) if first > since), TAKEN]
        for begins, ends in pairwise(cuts):
            yield {
                "link": link,
                "lowest_version": "TLS 1.3" if kind == "internal" else "TLS 1.2",
                "certificate_valid": True,
                "certificate_until": ends + 20 * DAY,
                "held_from": begins,
                "held_until": ends,
            }


def _alert(name: str) -> Row:
    number, kind, ended = ALERTS[name]
    opened = landed_at(number) + HOUR
    told: dict[str, Any] = {
        "repository": repository_of(number, landed_at(number)),
        "alert": name,
        "opened_at": opened,
        "kind": kind,
        "commit": change_id(number),
        "resolved_at": opened + 21 * HOUR,
        **ended,
    }
    if "revoked_at" in told:
        told["revoked_at"] += opened
    return told


_PUSHED = at("2026-05-19T15:20")
BYPASSES: tuple[Row, ...] = (
    {
        "repository": "acme/web",
        "bypass": "P-1",
        "pushed_at": _PUSHED,
        "pushed_by": "chloe-martin",
        "reason": "a public key of the sandbox of the payment provider",
        "approved_by": "tess-laurent",
    },
)

_REQUIRED = {
    "CHG-05": "the scan for secrets is a required check",
    "CHG-08": "the deployment carried a change whose checks had not succeeded",
}
_SCANNED, _LATE = 12, 44  # of the first changes two that landed by a pull request
_OFF = landed_at(_LATE)
_REPOSITORY = repository_of(_LATE, _OFF)


def _alert_item(name: str) -> str:
    return f"alert | {_alert(name)['repository']} | {name}"


PLANTS: dict[str, Plant] = {
    "a bucket is not encrypted": Plant(
        "DAT-01",
        "uploads",
        changed("encryption_settings", {"store": "uploads", "copy": "live"}, is_encrypted=False),
    ),
    "the vectors lie under the cloud's own key": Plant(
        "DAT-01",
        "assistant-vectors",
        changed("encryption_settings", {"store": "assistant-vectors", "copy": "live"}, key_managed=False),
    ),
    "nobody looks at a new store for a week": Plant(
        "DAT-01",
        "warehouse",
        changed("encryption_settings", {"store": "warehouse", "copy": "live"}, held_from=at("2026-03-09T09:00")),
    ),
    "a store that the settings do not show": Plant(
        "DAT-01", "evaluation-set", without("encryption_settings", store="evaluation-set")
    ),
    "a backup is not encrypted": Plant(
        "DAT-01",
        "ledger-db | backup",
        changed("backups", {"backup": "ledger-db 2026-04-07"}, is_encrypted=False),
        also={"AVL-02": "a backup must be encrypted to count"},
    ),
    "the old protocol is back for a night": Plant(
        "DAT-02",
        "app.example.com:443",
        added(
            "tls_scans",
            link="app.example.com:443",
            lowest_version="TLS 1.0",
            certificate_valid=True,
            held_from=at("2026-06-02T20:00"),
            held_until=at("2026-06-03T07:00"),
        ),
    ),
    "a certificate runs out": Plant(
        "DAT-02",
        "api.example.com:443",
        changed(
            "tls_scans",
            {"link": "api.example.com:443", "held_from": at("2026-04-01")},
            certificate_valid=False,
        ),
    ),
    "plain text inside": Plant(
        "DAT-02",
        "orders-db > warehouse",
        changed(
            "tls_scans",
            {"link": "orders-db > warehouse", "held_from": at("2026-03-02T09:00")},
            lowest_version="none",
            certificate_valid=None,
        ),
    ),
    "no scan for secrets": Plant(
        "DAT-04", change_id(_SCANNED), without("checks", check_id=f"C-{_SCANNED}-secrets"), also=_REQUIRED
    ),
    "the scan did not run to its end": Plant(
        "DAT-04",
        change_id(_SCANNED),
        changed("checks", {"check_id": f"C-{_SCANNED}-secrets"}, conclusion="cancelled"),
        also=_REQUIRED,
    ),
    "the scan came days later": Plant(
        "DAT-04",
        change_id(_LATE),
        changed(
            "checks", {"check_id": f"C-{_LATE}-secrets", "commit": head_of(_LATE)}, completed_at=_OFF + 2 * DAY
        ),
        also={"CHG-05": _REQUIRED["CHG-05"]},
    ),
    "the block was off for an hour": Plant(
        "DAT-04",
        change_id(_LATE),
        added(
            "secret_protection",
            repository=_REPOSITORY,
            blocks_pushes=False,
            scans_history=True,
            scans_agent_files=True,
            held_from=_OFF - HOUR / 2,
            held_until=_OFF + HOUR / 2,
        ),
    ),
    "agents' files were not scanned": Plant(
        "DAT-04",
        change_id(_LATE),
        changed("secret_protection", {"repository": _REPOSITORY}, scans_agent_files=False),
    ),
    "a secret was revoked too late": Plant(
        "DAT-04",
        _alert_item("A-1"),
        changed("secret_alerts", {"alert": "A-1"}, revoked_at=landed_at(9) + 3 * DAY),
    ),
    "a secret that works to this day": Plant(
        "DAT-04",
        _alert_item("A-3"),
        changed("secret_alerts", {"alert": "A-3"}, revoked_at=None, resolved_at=None, resolution=None),
    ),
    "closed as none without a reason": Plant(
        "DAT-04", _alert_item("A-2"), changed("secret_alerts", {"alert": "A-2"}, reason=None)
    ),
    "closed as none by an agent": Plant(
        "DAT-04", _alert_item("A-2"), changed("secret_alerts", {"alert": "A-2"}, resolved_by="coding-agent")
    ),
    "who pushed let it through": Plant(
        "DAT-04",
        "bypass | acme/web | P-1",
        changed("secret_bypasses", {"bypass": "P-1"}, approved_by="chloe-martin"),
    ),
    "nobody says why it was let through": Plant(
        "DAT-04", "bypass | acme/web | P-1", changed("secret_bypasses", {"bypass": "P-1"}, reason=None)
    ),
}
