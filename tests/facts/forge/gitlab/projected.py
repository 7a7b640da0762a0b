"""Projecting a page as the ledger does: from its bytes."""

import json
from typing import Any

from asbuilt.facts.forge import Projection, project_page
from tests.facts.forge.gitlab.payloads import NOW, bind


def project(name: str, key: str, document: Any) -> Projection:
    body = json.dumps(document).encode()
    return project_page("gitlab", name, key, body, repository="a/b", organization="a", observed=NOW)


def project_request(answers: dict[str, Any]) -> Projection:
    return project("merge_request", "17", bind(answers))


def rows(found: Projection, table: str) -> list[dict[str, Any]]:
    return [row.told for row in found.rows if row.table == table]
