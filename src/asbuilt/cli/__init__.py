"""The command line: each command parses, calls one use case and renders; nothing heavy is loaded to show help."""
