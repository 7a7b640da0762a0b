"""From pages of GitHub to rows."""
