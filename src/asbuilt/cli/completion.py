"""``asbuilt completion``: the script that lets a shell complete commands and options."""

import click

SHELLS = ("bash", "zsh", "fish")


@click.command("completion", short_help="The script that completes asbuilt's commands in your shell.")
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def command(ctx: click.Context, shell: str) -> int:
    r"""Print the completion script of SHELL.

    \b
    bash: asbuilt completion bash > ~/.local/share/bash-completion/completions/asbuilt
    zsh:  asbuilt completion zsh > "${fpath[1]}/_asbuilt"
    fish: asbuilt completion fish > ~/.config/fish/completions/asbuilt.fish
    """
    from click.shell_completion import get_completion_class

    from asbuilt.cli.main import COMPLETE_VARIABLE

    kind = get_completion_class(shell)
    if kind is None:  # pragma: no cover - click.Choice allows only shells that click knows
        raise click.UsageError(f"No completion for {shell}.")
    script = kind(ctx.find_root().command, {}, "asbuilt", COMPLETE_VARIABLE)
    # Not script.source(): for bash that starts a bash to ask its version.
    click.echo(script.source_template % script.source_vars())
    return 0
