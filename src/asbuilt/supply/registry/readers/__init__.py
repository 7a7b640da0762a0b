"""One reader for each kind of registry, found by listing.

Each has ``ECOSYSTEM``, ``ACCEPT`` (the header to ask with), ``PROBES``, ``asks(base, name)`` (the addresses to ask,
the deciding one first) and ``read(answers, asked)``: pure, bounded, safe with hostile bytes.
"""
