"""Reading the simulated forge into a ledger, on a machine whose clock is the forge's."""

from collections.abc import Iterable
from pathlib import Path

from asbuilt.app.sync_asking import Asked, Done, Surroundings
from asbuilt.app.sync_github import sync_github
from asbuilt.facts.schemas import TABLES as ALL
from asbuilt.facts.schemas import forge as schemas
from asbuilt.facts.store import open_facts, table_csv, update_facts
from asbuilt.ledger.ledger import create_ledger, open_ledger
from tests.forge.service import Service
from tests.forge.transports import InMemory

# Recorded tables that pages of the forge fill. Extracts and gaps tell of the reading itself, and are none of them.
TABLES = (
    *(each.name for each in schemas.TABLES),
    *[
        "reviews",
        "checks",
        "deployments",
        "repositories",
        "branch_rules",
        "accounts",
        "privileged_roles",
        "path_rights",
        "credentials",
    ],
    *["mfa_settings", "agent_installations", "findings_seen", "finding_decisions", "secret_alerts", "scan_runs"],
)


def new_ledger(folder: Path) -> Path:
    """An empty one."""
    create_ledger(folder, origin="acme.example/ledger", now=0).close()
    return folder


def sync(service: Service, ledger: Path, token_file: Path, *, subject: str = "acme/harbor", **more: object) -> Done:
    """``asbuilt sync github``, on the forge's own clock: waiting is done by setting it on."""
    around = Surroundings(
        transport=InMemory(service),
        clock=lambda: service.clock,
        ticks=lambda: 0.0,
        sleep=service.sleep,
        draw=lambda: 0.5,
    )
    return sync_github(subject, ledger, Asked(token_file=token_file, **more), around=around)  # type: ignore[arg-type]


def facts(ledger: Path, names: Iterable[str] = TABLES) -> dict[str, list[str]]:
    """Rows of each table as CSV, but for the last column: which record says so depends on which page was read last."""
    tables = {name: ALL[name] for name in names}
    with open_ledger(ledger) as opened, open_facts(None, origin=opened.origin, tables=tables, only=()) as store:
        update_facts(store, opened.entries)
        found = {name: b"".join(table_csv(store, name)).decode().splitlines() for name in names}
    assert all(rows[0].endswith(",record") for rows in found.values())
    return {name: [row.rpartition(",")[0] for row in rows[1:]] for name, rows in found.items()}
