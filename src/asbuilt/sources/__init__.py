"""Outside systems, each read with the least permission, into pages as they came and gaps; nothing is judged."""
