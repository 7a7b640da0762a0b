"""``asbuilt verify``: an evidence package, checked offline."""

from pathlib import Path

import click

from asbuilt.cli.documents import print_json
from asbuilt.cli.ledger_options import format_option
from asbuilt.cli.streams import print_text


@click.command("verify", short_help="Verify an evidence package offline.")
@click.argument("package", type=click.Path(path_type=Path), metavar="FILE.zip|FOLDER")
@click.option("--key", metavar="VKEY|FILE|FINGERPRINT", help="The company's key, as it came by another channel.")
@format_option
def command(*, package: Path, key: str | None, form: str) -> int:
    """Verify an evidence package that `asbuilt audit --package` wrote; exit 4 when anything does not hold.

    The script verify.py in the package does the same with nothing but Python. What no file can prove about itself
    is listed last, with how to check it.
    """
    from asbuilt.app.verify_package import verify_package
    from asbuilt.cli.exit_status import package_status
    from asbuilt.model.text import visible

    found = verify_package(package, key=key)
    if form == "json":
        print_json(found)
    else:
        words = {True: "holds", False: "FAILS", None: "not checked here"}
        print_text("\n".join(f"{step.number}. {words[step.holds]}: {visible(step.text)}" for step in found.steps))
    return package_status(found)
