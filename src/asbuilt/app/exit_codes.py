"""The exit codes of every command, and what each says; the one place where they are named."""

from typing import Final

CLEAN: Final = 0
DEVIATIONS: Final = 1
USAGE: Final = 2
CANNOT_READ: Final = 3
INTEGRITY: Final = 4
INTERNAL: Final = 70  # EX_SOFTWARE of sysexits.h
INTERRUPTED: Final = 130  # 128 + SIGINT
PIPE_CLOSED: Final = 141  # 128 + SIGPIPE
TERMINATED: Final = 143  # 128 + SIGTERM

# code -> (title, meaning, what to do)
MEANINGS: Final[dict[int, tuple[str, str, str]]] = {
    CLEAN: (
        "Clean",
        "Everything that was asked could be checked, and nothing deviates; or the command only shows something.",
        "Nothing to do.",
    ),
    DEVIATIONS: (
        "Deviations",
        "At least one item deviates from a control; of `trace --to`: some of the code is not in that release.",
        "Read the findings; `asbuilt explain CODE` says what each means and what mends it.",
    ),
    USAGE: (
        "Usage or configuration",
        "The command, asbuilt.toml or a catalogue file says what cannot be followed; nothing was checked.",
        "Mend what the message names, then run the command again.",
    ),
    CANNOT_READ: (
        "Could not read or check",
        "A source could not be read, or nothing deviates but something could not be checked: that is never 0.",
        "Open what the gaps and findings name: fetch the missing history, grant access, or connect the forge.",
    ),
    INTEGRITY: (
        "Integrity failure",
        "A ledger or an index does not agree with its own seals; nothing that it says can be relied on.",
        "Stop, keep a copy of it, and find out why.",
    ),
    INTERNAL: (
        "Mistake in AsBuilt",
        "AsBuilt itself failed; nothing was checked.",
        "Run it as `asbuilt --debug ...` and report the traceback.",
    ),
    INTERRUPTED: ("Interrupted", "Ctrl-C; what was written is whole or absent.", "Run the command again."),
    PIPE_CLOSED: ("Pipe closed", "The reader of standard output went away first.", "Nothing to do."),
    TERMINATED: ("Terminated", "SIGTERM; what was written is whole or absent.", "Run the command again."),
}
