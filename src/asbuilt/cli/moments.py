"""Dates on the command line: ISO 8601, UTC unless they say otherwise."""

import click


class Moment(click.ParamType[int]):
    """A date (midnight UTC) or a date and time; gives Unix seconds. No relative dates: the clock is never read."""

    name = "date"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Unix seconds."""
        from datetime import UTC, datetime

        if isinstance(value, int):
            return value
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(
                f"{value!r} is no ISO date; write 2026-01-31 or 2026-01-31T12:00:00Z (UTC if it does not say).",
                param,
                ctx,
            )
        return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
