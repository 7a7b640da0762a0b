"""The nouns of AsBuilt: frozen values, verdicts, windows and errors; nothing here does I/O."""
