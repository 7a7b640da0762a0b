"""Signed statements."""
