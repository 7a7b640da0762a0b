"""The ledger: the append-only, Merkle-sealed sequence of records."""
