"""Moments as forges write them (RFC 3339), and Unix seconds."""

from datetime import UTC, datetime


def seconds_of(text: object) -> int | None:
    """Unix seconds of a moment with a zone; None of anything else."""
    if not isinstance(text, str) or len(text) > 40:
        return None
    try:
        at = datetime.fromisoformat(text)
        return None if at.tzinfo is None else int(at.timestamp())
    except (ValueError, OverflowError):
        return None


def text_of(seconds: int) -> str:
    """``2026-01-31T12:00:00Z``."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
