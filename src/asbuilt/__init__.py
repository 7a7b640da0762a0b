"""AsBuilt: the as-built record of a software product.

Importing this package loads nothing heavy; the typed functions below load what they need when called.
"""

__version__ = "0.1.0.dev0"
