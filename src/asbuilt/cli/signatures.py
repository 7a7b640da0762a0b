"""``asbuilt signatures``: how each AI tool shows itself in a history."""

import click

from asbuilt.cli.streams import print_text, wants_color, width

FORMATS = ("text", "json")


@click.command(
    "signatures", short_help="How each AI tool shows itself in a history, and how disclosure is switched off."
)
@click.argument("tool", required=False)
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="On stdout.")
def command(tool: str | None, form: str) -> int:
    """List the tools of the catalogue, or show one TOOL: its rules, what they match, what they must not."""
    from asbuilt.app.signatures import signature, signatures

    found = (signature(tool),) if tool else signatures()
    if form == "json":
        from asbuilt.cli.documents import print_json

        print_json(found)
        return 0
    from asbuilt.cli.pages import list_page, signature_page

    if tool:
        print_text(signature_page(found[0], width=width(), color=wants_color()))
    else:
        rows = [(each.id, f"{each.name}, {each.vendor} ({each.kind}, rules: {len(each.rules)})") for each in found]
        print_text(list_page(rows, width=width(), color=wants_color()))
    return 0
