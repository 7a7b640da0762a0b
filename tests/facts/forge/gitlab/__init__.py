"""From pages of GitLab to rows."""
