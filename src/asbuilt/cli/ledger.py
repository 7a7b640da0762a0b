"""``asbuilt ledger``: keep the ledger, seal it, prove from it, copy it."""

import importlib

import click

# In the order in which a newcomer needs them -> the module that holds them. Each is brought when it is named.
PARTS = {
    "init": "ledger_entries",
    "append": "ledger_entries",
    "show": "ledger_entries",
    "checkpoint": "ledger_seals",
    "verify": "ledger_seals",
    "prove": "ledger_seals",
    "rotate": "ledger_seals",
    "witness": "ledger_outside",
    "timestamp": "ledger_outside",
    "export": "ledger_copies",
    "backup": "ledger_copies",
    "restore": "ledger_copies",
}


class Parts(click.Group):
    """A group that imports a command's module when that command is named, or all of them for help."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The commands, in the order of ``PARTS``."""
        return list(PARTS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's
        """The command of that name, or None."""
        if cmd_name not in PARTS:
            return None
        command = getattr(importlib.import_module(f"asbuilt.cli.{PARTS[cmd_name]}"), cmd_name)
        return command if isinstance(command, click.Command) else None


@click.group("ledger", cls=Parts, short_help="The append-only record: keep it, seal it, prove from it.")
def command() -> None:
    """Keep the ledger: an append-only sequence of records under a Merkle tree.

    Every record keeps its place and its bytes for good. A checkpoint is a signed head of the ledger; whoever has an
    older one can name what was changed since (`asbuilt ledger verify --against FILE`).

    The ledger is a folder: --ledger, else ASBUILT_LEDGER, else .asbuilt/ledger here.

    Exit codes: 0 done, 2 usage, 3 something could not be read or checked, 4 integrity failure.
    """
