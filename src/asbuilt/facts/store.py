"""The store of facts: every part's one door to it.

``open_facts`` gives a store, ``update_facts`` (or ``project``) brings it up to its ledger, ``table_csv``,
``table_digest`` and ``snapshot_parquet`` freeze what is in it. The tables are declared in ``facts.schemas``; the
derived ones are filled by ``facts/derived/NAME.sql``, which may use the macros of ``facts/macros.sql``.
"""

from asbuilt.facts.database import FactStore, open_facts
from asbuilt.facts.frozen import snapshot_parquet, table_csv, table_digest
from asbuilt.facts.projection import Projected, project, update_facts

__all__ = [
    "FactStore",
    "Projected",
    "open_facts",
    "project",
    "snapshot_parquet",
    "table_csv",
    "table_digest",
    "update_facts",
]
