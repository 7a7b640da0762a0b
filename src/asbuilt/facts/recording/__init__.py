"""From what a person hands in (words, CSV, JSON Lines, YAML) to the payloads of records, or errors with places."""
