"""From pages of a forge to rows."""
