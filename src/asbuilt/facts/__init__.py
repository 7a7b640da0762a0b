"""Typed fact tables, derived from what history and sources tell; rebuildable at will."""
