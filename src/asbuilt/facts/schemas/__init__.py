"""The fact tables, declared once: what a control may ask, and what a missing value means.

Values are three-valued. NULL in a nullable column means *could not see*, never *no*: an expression over it is NULL,
and the verdict Unknown. Each module of this folder declares the tables of one part of the company in ``TABLES``;
they are found by listing the folder.
"""

import importlib
import pkgutil

from asbuilt.facts.schemas.table import HELD, PROVENANCE, Column, Table, Type

__all__ = ["HELD", "PROVENANCE", "TABLES", "Column", "Table", "Type"]


def _found() -> dict[str, Table]:
    tables: dict[str, Table] = {}
    for module in sorted(info.name for info in pkgutil.iter_modules(__path__)):
        for table in getattr(importlib.import_module(f"{__name__}.{module}"), "TABLES", ()):
            if table.name in tables:
                raise ValueError(f"Two fact tables are called {table.name!r}.")
            tables[table.name] = table
    return tables


TABLES: dict[str, Table] = _found()
