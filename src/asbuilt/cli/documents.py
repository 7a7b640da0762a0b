"""JSON for the commands that show the catalogue or the machine."""

from asbuilt.cli.streams import print_bytes


def print_json(value: object) -> None:
    """Write a value of ours to standard output as indented JSON in which no character can act on a terminal."""
    import msgspec

    from asbuilt.reports.json import escape_active

    print_bytes(escape_active(msgspec.json.format(msgspec.json.encode(value), indent=2)) + b"\n")
