"""``asbuilt explain``: what a code, a control, a class, a grade or an exit code means."""

import click

from asbuilt.cli.streams import print_text, wants_color, width

FORMATS = ("text", "json")


@click.command("explain", short_help="What a finding's code, a control, a class, a grade or an exit code means.")
@click.argument("code", required=False)
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="On stdout.")
def command(code: str | None, form: str) -> int:
    """Explain CODE, or list every code there is.

    CODE is what stands in a finding (CHG-01), a class of authorship (ai-declared), a grade (stated), a verdict
    (met) or an exit code (3, or exit-3).
    """
    from asbuilt.app.explain import explain, explanations

    found = explain(code) if code else explanations()
    if form == "json":
        from asbuilt.cli.documents import print_json

        print_json(found)
        return 0
    from asbuilt.cli.pages import explanation_page, list_page

    if code:
        print_text("\n\n".join(explanation_page(each, width=width(), color=wants_color()) for each in found))
    else:
        rows = [(each.code, each.title) for each in found]
        print_text(list_page(rows, width=width(), color=wants_color()))
    return 0
