"""Git, read as history: commits, changes, line origins, squash replay, attribution."""
