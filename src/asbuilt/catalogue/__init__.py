"""Data, not code: controls, criteria, AI-tool signatures; one loader per kind."""
