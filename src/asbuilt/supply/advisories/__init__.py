"""Advisories: OSV records in a local store, and components held against them by OSV's own rules."""
