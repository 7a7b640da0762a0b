"""Write the reference pages that are made from the program itself: ``make docs``.

``tests/test_docs.py`` fails when one of them is no longer what this would write.
"""

from collections.abc import Callable
from pathlib import Path

import click
from docs.facts import facts_page
from docs.package import package_page

from asbuilt.app.config_keys import KEYS
from asbuilt.app.exit_codes import MEANINGS
from asbuilt.app.explain import Explanation, explanations
from asbuilt.app.signatures import signatures
from asbuilt.catalogue.controls import COMMON_SETTINGS, load_controls
from asbuilt.catalogue.criteria import load_criteria
from asbuilt.cli.main import COMMANDS, group

FOLDER = Path(__file__).parent / "reference"
MADE = "<!-- Made by docs/generate.py: change the program, then run `make docs`. -->\n\n"


def cli_page() -> str:
    """Every command with the help that it prints."""
    context = click.Context(group, info_name="asbuilt", terminal_width=80, **group.context_settings)
    parts = ["# Command line\n", _block(group.get_help(context))]
    for name in COMMANDS:
        command = group.get_command(context, name)
        if command is not None:
            own = click.Context(command, parent=context, info_name=name, terminal_width=80)
            parts.append(f"## asbuilt {name}\n\n{_block(command.get_help(own))}")
            if isinstance(command, click.Group):
                parts += [_subcommand(command, part, own) for part in command.list_commands(own)]
    parts.append(_ENVIRONMENT)
    return "\n".join(parts)


def _subcommand(command: click.Group, name: str, context: click.Context) -> str:
    part = command.get_command(context, name)
    assert part is not None  # noqa: S101 - it was listed
    own = click.Context(part, parent=context, info_name=name, terminal_width=80)
    return f"## {own.command_path}\n\n{_block(part.get_help(own))}"


_ENVIRONMENT = """\
## Environment

| variable | what it does |
|---|---|
| `NO_COLOR` | not empty: no colour, whatever else is set |
| `FORCE_COLOR` | not empty: colour even where standard output is no terminal |
| `TERM` | `dumb`: no colour, no bar |
| `COLUMNS` | the width of text; else the terminal's, else 80 |
| `ASBUILT_CACHE` | where the index of line origins and the facts are kept; else `$XDG_CACHE_HOME`, else `~/.cache` |
| `ASBUILT_LEDGER` | the folder of the ledger; else `.asbuilt/ledger` under the current folder |
| `ASBUILT_BY` | the person who answers for what is recorded |

Results go to standard output, everything else to standard error. A character that the output's encoding does not
have is printed as a plain shape or as an escape; nothing ends in an encoding error.
"""


def exit_codes_page() -> str:
    """Every exit code."""
    rows = "".join(f"| {code} | {title} | {what} | {then} |\n" for code, (title, what, then) in MEANINGS.items())
    return f"# Exit codes\n\n| code | | what it says | what to do |\n|--:|---|---|---|\n{rows}\n{_FAIL_ON}"


_FAIL_ON = """\
## What `inspect --fail-on` changes

"Deviates": at least one blocking finding. "Not checked": at least one finding that is unknown, a gap, or a control
that itself failed.

| | nothing | not checked only | deviates |
|---|--:|--:|--:|
| `--fail-on deviation` (default) | 0 | 3 | 1 |
| `--fail-on unknown` | 0 | 1 | 1 |
| `--fail-on never` | 0 | 3 | 3 where anything was not checked, else 0 |
| `--exit-zero` | 0 | 0 | 0 |

From git alone the forge's approvals and checks are not seen, so an honest inspection ends with 3 or 1 far more often
than with 0. `--exit-zero` is for a job that only makes the report; errors (2, 3 for a repository that cannot be read,
70) stay what they are.

## What other commands end with

| command | |
|---|---|
| `audit` | 1 when a control is not effective or a deviation is in the register, waived or not; else 3 when evidence is \
missing, a control failed to run, no control stands behind a criterion, or there are gaps; else 0. `--exit-zero` is for \
a job that only makes the reports |
| `gate` | 1 when a required control does not hold or the change cannot be merged; else 3 when a required control could \
not be seen; else 0. 0 too when a named person overrode it: that is a record, and every report shows it |
| `verify`, `ledger verify` | 4 when anything does not hold; what only a person can check does not count |
| `record` | 2 when anything in the batch is wrong; nothing of it was recorded |
| `trace` | 1 when `--to` names a release that lacks some of the code; else 3 when there are gaps |
| `doctor` | 3 when a check failed; warnings are 0 |
"""


def configuration_page() -> str:
    """Every key of asbuilt.toml."""
    parts = [_CONFIGURATION]
    for table in dict.fromkeys(key.table for key in KEYS):
        parts.append(f"## `[{table}]`\n")
        parts += [
            f"**`{key.name}`**: {key.type}; default: {key.default}.\n\n{key.doc}\n"
            for key in KEYS
            if key.table == table
        ]
    return "\n".join(parts)


_CONFIGURATION = """\
# Configuration

None is needed. What a company wants to say about its own rules stands in `asbuilt.toml` at the top of the repository,
or in `[tool.asbuilt]` of `pyproject.toml`; both at once are an error.

`inspect`, `trace` and `lines` read it **from the tree of the inspected revision**, never from the work tree: a revision
is judged by the rules that it carries, and the same commit gives the same answer everywhere. `audit` and `controls` are
about the company and not about one revision: they read the file that `--config` names, else the one in this folder or
the nearest folder above it that has one, up to the top of the repository.

It is data; nothing in it is run. A key that is not listed here is an error that names the line and the nearest key
there is. At most 1 MiB; a plain file.

```toml
[ai_tools]
approved = ["claude_code", "copilot_cli"]

[review]
recorded_in = "commits"

[controls."CHG-01"]
required_approvals = 2

[people]
same = [["ana@example.com", "ana@home.example"]]

[inspect]
exclude = ["vendor/", "*.min.js"]

[audit]
company = "Acme"
system = "Acme Cloud"
categories = ["security", "availability"]
controls = ["controls"]
seed = "agreed with the auditor on 12 May"

[controls."ACC-13"]
not_applicable = { reason = "No offices", by = "Ana Lima", on = "2026-01-05" }

[audit.void."CHG-01"]
1f94742d49b5c7e2aa3e6f51c1b7898e773a2eef = "made by a test of the pipeline"
```
"""


def controls_page() -> str:
    """Every control and every other code, as ``asbuilt explain`` shows them."""
    found = explanations()
    controls = [each for each in found if each.kind.endswith("control")]
    codes = [each for each in found if each.kind == "code"]
    words = [each for each in found if each not in controls and each not in codes and each.kind != "exit code"]
    return "\n".join(
        [
            "# Controls and codes\n",
            _CONTROLS.format(common=_common()),
            _criteria(),
            *map(_entry, controls),
            "# Codes that are no controls\n",
            *map(_entry, codes),
            "# Words\n",
            *map(_entry, words),
        ]
    )


_CONTROLS = """\
A control states an expectation; every item of its population is tested. Met, deviation and unknown are SQL's TRUE,
FALSE and NULL of the expression under *Expects*. `asbuilt explain CODE` prints the same; `asbuilt controls ID` prints
it with the company's own settings, the columns of the population and the query.

| kind | what is tested | settings that every one has |
|---|---|---|
{common}
An **item** control tests every row of its population; *when it happened* says to which window a row belongs, and
without it a row stands in every window. A **state** control tests for how much of the window a setting held; *named by*
is the column that says of whom or what, *must hold for* the table that lists all of these. A **cadence** control tests
whether something happened every so often: `every` is `day`, `week`, `month`, `quarter`, `half-year` or `year` (calendar
periods, UTC; weeks begin on Monday), or a text like `365 days`, counted from the last one. How each is judged is in
[audit](audit.md); the tables are in [facts](facts.md); a control of one's own is in
[how to write one](../how-to/write-a-control.md).

"""


_TESTED = {
    "item": "every occurrence in the window",
    "state": "time: every moment of the window, of each subject",
    "cadence": "every occurrence that the window expects of each subject",
}


def _common() -> str:
    """The settings that every control of a kind has."""
    return "".join(
        f"| {kind.value} | {_TESTED[kind.value]} | "
        + ", ".join(f"`{name} = {value}`" for name, value in settings.items())
        + (", `every`" if kind.value == "cadence" else "")
        + " |\n"
        for kind, settings in COMMON_SETTINGS.items()
    )


def _criteria() -> str:
    """The 61 criteria, and the controls that name each."""
    controls = load_controls()
    rows = "".join(
        f"| {own} | {each.category.replace('_', ' ')} | {each.title} | "
        f"{' '.join(control.id for control in controls if own in control.criteria) or 'none'} |\n"
        for own, each in load_criteria().items()
    )
    return (
        "## Criteria, and the controls behind each\n\nThe titles are our own words; the criteria are the AICPA's.\n\n"
        f"| criterion | category | about | controls |\n|---|---|---|---|\n{rows}"
    )


def _entry(found: Explanation) -> str:
    quoted = {"Expects", "Population", "Settings", "When it happened", "Must hold for", "Named by"}
    body = "\n\n".join(f"**{head}.** {f'`{text}`' if head in quoted else text}" for head, text in found.parts)
    supports = "; ".join(f"{own} {title}" for own, title in found.criteria)
    return f"## {found.code}: {found.title}\n\n{body}\n" + (f"\n**Supports.** {supports}\n" if supports else "")


def signatures_page() -> str:
    """Every tool of the catalogue."""
    rows = []
    for tool in signatures():
        marks = {None: "not known", True: "yes", False: "no"}[tool.default_on]
        rows.append(
            f"| `{tool.id}` | {tool.name} | {tool.vendor} | {tool.kind} | {len(tool.rules)} | {marks} |"
            f" {_cell(tool.opt_out)} |\n"
        )
    head = "| id | tool | vendor | kind | rules | marks its work by default | how that is switched off |\n"
    rules = sum(len(tool.rules) for tool in signatures())
    return (
        f"# Signatures of AI tools\n\n{len(rows)} tools, {rules} rules. `asbuilt signatures TOOL` shows the rules of one "
        "with what they match and what they must not\nmatch. A signature found is evidence; a signature that is not "
        f"there proves nothing.\n\n{head}|---|---|---|---|--:|---|---|\n{''.join(rows)}"
    )


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")


def _block(text: str) -> str:
    return f"```text\n{text.rstrip()}\n```\n"


PAGES: dict[str, Callable[[], str]] = {
    "cli.md": cli_page,
    "exit-codes.md": exit_codes_page,
    "configuration.md": configuration_page,
    "controls.md": controls_page,
    "signatures.md": signatures_page,
    "facts.md": facts_page,
    "package.md": package_page,
}


def made(name: str) -> str:
    """The page of that name, as it should stand."""
    return MADE + PAGES[name]().rstrip() + "\n"


if __name__ == "__main__":
    for page in PAGES:
        (FOLDER / page).write_text(made(page), "utf-8")
