"""GitLab as a source."""
