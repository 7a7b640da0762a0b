"""What source files import, held against what manifests and lock files declare; nothing is imported or run."""
