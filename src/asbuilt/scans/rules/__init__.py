"""Our own rules, one TOML file each; ``asbuilt.scans.rulebook`` says what a file holds."""
